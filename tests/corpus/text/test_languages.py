"""Scripts and languages."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import py3langid
import pytest

from corpus.base.errors import InputError
from corpus.text.chinese import load_jieba
from corpus.text.languages import _identifier, detect_language, language_code, main_script
from tests.conftest import seed_text

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("朝鲜地方工业犹如雨后春笋", "zh"),
        ("這些工廠包括一百七十六個食品工廠", "zh"),
        ("이것은 평양시의 지방공업공장이다", "ko"),
        ("이것은 平壤市의 地方工業工場이다", "ko"),
        ("これは平壌市の鉄工場である", "ja"),
        ("The modernization of local-industry factories is vigorously pushed ahead.", "en"),
        ("Die Besteigung der Nordostwand war schwer und dauerte zwei Tage.", "de"),
        ("La face nord-est du sommet est difficile et longue.", "fr"),
        ("Это фотография рабочих местного завода.", "ru"),
        ("27.5％", "und"),
        ("Hi", "und"),
        ("", "und"),
    ],
)
def test_languages(text: str, lang: str) -> None:
    assert detect_language(text) == lang


def test_a_chinese_line_that_names_an_english_product_is_chinese() -> None:
    assert main_script("工人们在制造Kumsongchon肥皂") == "cjk"


@pytest.mark.parametrize(
    ("code", "lang"), [("zh", "zh"), ("EN", "en"), ("vi", "vi"), ("yue", "yue"), ("und", "und")]
)
def test_a_code_of_a_language_is_taken(code: str, lang: str) -> None:
    assert language_code(code) == lang


@pytest.mark.parametrize(
    ("code", "meant"),
    [("zh_", "zh"), ("zh-CN", "zh"), ("English", "en"), ("eng", "en"), ("xx", None), ("", None), ("e", None)],
)
def test_what_is_no_code_is_refused_and_what_may_be_meant_is_named(code: str, meant: str | None) -> None:
    with pytest.raises(InputError, match="not the code of a language") as error:
        language_code(code)
    assert ("did you mean" in str(error.value)) == (meant is not None)
    assert meant is None or f"did you mean {meant}?" in str(error.value)


def run_jieba(cache: Path, temporary: Path) -> subprocess.CompletedProcess[str]:
    temporary.mkdir(exist_ok=True)
    code = (
        "from corpus.text.chinese import load_jieba; print('/'.join(load_jieba().cut('地方工业', HMM=False)))"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "CORPUS_CACHE": str(cache), "TMPDIR": str(temporary), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )


def test_jieba_keeps_its_cache_in_the_users_folder_and_nowhere_else(tmp_path: Path) -> None:
    ran = run_jieba(tmp_path / "cache", tmp_path / "temporary")
    assert (ran.stdout.strip(), ran.stderr) == ("地方/工业", "")
    (kept,) = (tmp_path / "cache" / "models").glob("[!.]*")
    assert kept.name.startswith("jieba-")
    assert kept.stat().st_mode & 0o077 == 0
    assert list((tmp_path / "temporary").iterdir()) == []


def test_jieba_does_without_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder would be")
    ran = run_jieba(tmp_path / "cache", tmp_path / "temporary")
    assert (ran.stdout.strip(), ran.stderr) == ("地方/工业", "")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_words_are_cut_as_with_the_whole_dictionary_read() -> None:
    """Frequencies are looked up where they are kept; jieba finds the same words, with its model and without."""
    jieba = load_jieba()
    text = seed_text("003")
    plain = jieba.Tokenizer()
    plain.FREQ, plain.total = jieba.Tokenizer.gen_pfdict(plain.get_dict_file())
    plain.initialized = True
    for guessed in (False, True):
        assert list(jieba.cut(text, HMM=guessed)) == list(plain.cut(text, HMM=guessed))
    asked = jieba.dt.FREQ
    assert asked.get("地方") == plain.FREQ["地方"]
    assert "地方工" not in asked
    assert asked.get("地方工", 7) == 7


@pytest.mark.parametrize("number", ["000", "001", "002"])
def test_a_language_is_told_by_the_statistics_as_they_ship(number: str) -> None:
    """Mapped from the cache, they say of a text, and of each of its lines, what the library itself says."""
    for text in (seed_text(number), *seed_text(number).splitlines()):
        assert _identifier().classify(text) == py3langid.classify(text)
