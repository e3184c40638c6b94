"""Foreign names in Chinese, by sound."""

from __future__ import annotations

import pytest

from corpus.lexicons.sounds import han_keys, latin_keys, plain, sound_alike

NAMES = {
    "卡瓦诺": "Kavanaugh", "特朗普": "Trump", "肯尼迪": "Kennedy", "华盛顿": "Washington",
    "斯大林": "Stalin", "赫鲁晓夫": "Khrushchev", "杜鲁门": "Truman", "艾森豪威尔": "Eisenhower",
    "尼克松": "Nixon", "希特勒": "Hitler", "卡斯特罗": "Castro", "苏加诺": "Sukarno", "阿登纳": "Adenauer",
    "戈尔巴乔夫": "Gorbachev", "默克尔": "Merkel", "马克龙": "Macron", "爱因斯坦": "Einstein",
}  # fmt: skip


@pytest.mark.parametrize(("han", "latin"), NAMES.items())
def test_a_name_is_told_among_others(han: str, latin: str) -> None:
    words = "\n".join(plain(name) for name in [*NAMES.values(), "coffin", "trumpet", "stale", "kennel"])
    assert sound_alike(han, lambda: words)[0] == latin.casefold()


def test_the_nearest_of_many_that_sound_alike_comes_first() -> None:
    decoys = ["cacafina", "cafan", "gavin", "hohofen", "kaphenu", "covina", "given", "govan", "havana"]
    assert sound_alike("卡瓦诺", lambda: "\n".join(sorted([*decoys, "kavanaugh"])))[0] in (
        "kavanaugh",
        "govan",
        "covina",
    )
    assert "kavanaugh" in sound_alike("卡瓦诺", lambda: "\n".join([*decoys, "kavanaugh"]))[:6]


def test_diacritics_make_no_difference() -> None:
    assert sound_alike("厄扎尔古", lambda: plain("Özalgo")) == ["ozalgo"]


def test_too_few_sounds_tell_nothing() -> None:
    assert not han_keys("李")
    assert not han_keys("训犬")
    assert not latin_keys("Tito")
    assert sound_alike("铁托", lambda: "tito\ntata\ndata") == []


@pytest.mark.parametrize("word", ["", "27.5", "工厂", "a b", "x" * 40])
def test_what_is_no_name_has_no_sounds(word: str) -> None:
    assert not latin_keys(word)
