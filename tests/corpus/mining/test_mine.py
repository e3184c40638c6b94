"""Sentences are mined from documents that are no translations of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus import Corpus
from corpus.base.errors import CorpusError
from corpus.mining.mine import COLUMNS, MINED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Ran

CHINESE = {
    "rmrb-1.txt": """江城三月三日电　江城新纱厂今天开工，第一批纱锭有一万二千枚。
参加建设的有八百名工人，其中一半是附近农村的妇女。
工厂门口挂着红旗，礼堂里坐满了来宾。
市长在会上讲了话，他说轻工业要为农村服务。
北岸三个县的棉花去年比前年多收了两成。
""",
    "rmrb-2.txt": """长江上的第二座大桥昨天通车，桥长一千六百四十米。
桥上有两条铁路和四条公路，每天可以通过三百列火车。
许多老人站在岸边，看着第一列火车开过去。
参加建设的有八百名工人，其中一半是附近农村的妇女。
参加建设的有九百名工人，其中一半是附近农村的妇女。
""",
}
ENGLISH = {
    "cable-7.txt": """Weavers in small towns had to wait for weeks, and yarn was dear last winter.
Eight hundred workers took part in the construction, half of them women from the villages nearby.
Officials hope that prices will fall before the harvest.
""",
    "cable-8.txt": """Traffic on the river was stopped for an hour.
The second bridge over the Yangtze, 1,640 metres long, was opened to traffic yesterday.
Every day 500 trains will be able to cross the bridge, which has two railway lines and four roads.
Reporters were not allowed to take photographs.
""",
}


@pytest.fixture
def press(tmp_path: Path) -> Corpus:
    for name, text in (CHINESE | ENGLISH).items():
        (tmp_path / name).write_text(text, "utf-8")
    made = Corpus(tmp_path / ".corpus")
    made.ingest([tmp_path / name for name in CHINESE | ENGLISH])
    return made


def test_what_translates_is_found_once_with_both_places(press: Corpus, tmp_path: Path) -> None:
    found = press.mine(langs="zh-en")
    assert found.schema == MINED
    first = {row["src"][:8]: row for row in found.iter_rows(named=True)}
    assert set(first) == {"参加建设的有八百", "长江上的第二座大"}
    women = first["参加建设的有八百"]
    assert women["tgt"].startswith("Eight hundred workers")
    assert (women["doc_id"], women["tgt_doc"], women["src_places"], women["tgt_places"]) == (
        "rmrb-1",
        "cable-7",
        2,
        1,
    )
    for row in found.iter_rows(named=True):
        for side in ("src", "tgt"):
            text = (tmp_path / row[f"{side}_file"]).read_text("utf-8")
            assert text[row[f"{side}_start"] : row[f"{side}_end"]] == row[side]
    # 300 trains are not 500, and 900 workers not 800: told by the figures, though the vectors are near.
    every = press.mine(langs="zh-en", min_score=0.0)
    trains = every.filter(every["tgt"].str.starts_with("Every day 500"))
    assert trains["score"].max() < 0.5  # type: ignore[operator]
    assert any(flag.startswith("numbers: 300") for flags in trains["flags"] for flag in flags)
    assert every["score"].is_sorted(descending=True)
    assert every["src"].n_unique() == every["tgt"].n_unique() == len(every)


def test_other_languages_first_and_what_is_linked_is_left_out(press: Corpus) -> None:
    turned = press.mine(langs="en-zh")
    assert turned["src_lang"].unique().to_list() == ["en"]
    assert len(turned) == 2
    straight = press.mine(langs="zh-en,en-zh")
    assert straight["score"].to_list() == pytest.approx(turned["score"].to_list())
    press.link("rmrb-1", "cable-7")
    left = press.mine(langs="zh-en")
    # The sentence stands in another document, too, but its translation is known from the alignment.
    assert left["src"].str.slice(0, 6).to_list() == ["长江上的第二"]
    assert len(press.mine(langs="zh-en", aligned=True)) == 2
    assert press.mine().schema == MINED


def test_what_cannot_be_mined_is_said(press: Corpus, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no text in ko here; languages are en, zh"):
        press.mine(langs="zh-ko")
    with pytest.raises(CorpusError, match="zh-zh: two languages"):
        press.mine(langs="zh-zh")
    with pytest.raises(CorpusError, match="from 0 to 1"):
        press.mine(min_score=2)
    one = Corpus(tmp_path / "one")
    one.ingest(tmp_path / "rmrb-1.txt")
    with pytest.raises(CorpusError, match="one language"):
        one.mine()


def test_the_command_writes_what_was_found(press: Corpus, cli: Callable[..., Ran], tmp_path: Path) -> None:
    ran = cli("mine", "--langs", "zh-en")
    assert "2 pairs with a score of 0.5 or more" in ran.err
    lines = ran.out.splitlines()
    assert lines[0].split("\t") == [*COLUMNS]
    assert len(lines) == 3
    ran = cli(
        "mine", "--langs", "zh-en", "-o", "mined.tsv", "--columns", "src,tgt,score,margin", "--no-header"
    )
    assert ran.code == 0
    assert (tmp_path / "mined.tsv").read_text("utf-8").count("\t") == 6
    assert '"src_places": 2' in cli("mine", "--json", "--langs", "zh-en").out
    assert "no writer for .doc" in cli("mine", "-o", "mined.doc").err
    assert "like zh-en" in cli("mine", "--langs", "zh").err
    assert "languages are en, zh" in cli("mine", "--langs", "zh-ko").err
    assert "no column" in cli("mine", "--columns", "nothing").err


def test_where_all_is_linked_nothing_is_left(press: Corpus) -> None:
    press.link("rmrb-1", "rmrb-2", "cable-7", "cable-8")
    assert press.mine(min_score=0.0).is_empty()
