"""What is exported comes back as it was: texts, beads and scores, in every format that can carry them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import align
from corpus.documents.bitext import Side
from corpus.documents.pairs import PairBatch, pair_batch
from corpus.ingestion.manifest import Entry
from corpus.ingestion.reading.imported import imported_document
from corpus.readers.extraction import extract
from corpus.writers.base import WriteOptions, write_pairs
from corpus.writers.output import Illegal

if TYPE_CHECKING:
    from collections.abc import Callable

    from corpus.ingestion.reading.document import Document
    from corpus.readers.base import AlignedSegments
    from tests.conftest import Ran

ALPHABET = "ab ,.Zé&<>\"'=+-@;:/\\{}%|]]>0雨雪。！？　「』한😀\u00a0\u200b"
BREAKS = "\n\r\t\u2028\x85"
COLUMNS = ["src", "tgt", "score", "bead", "src_ids", "tgt_ids"]


def texts(alphabet: str) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=1, max_size=12).filter(lambda text: text == text.strip())


@st.composite
def batches(draw: st.DrawFn, alphabet: str = ALPHABET) -> PairBatch:
    """Draw two texts and the beads between them, as an aligner makes them."""
    sizes = draw(
        st.lists(
            st.sampled_from([(1, 1), (2, 1), (1, 2), (3, 2), (1, 0), (0, 1)]), min_size=1, max_size=6
        ).filter(lambda found: any(src for src, _ in found) and any(tgt for _, tgt in found))
    )
    beads, at = [], [0, 0]
    for src, tgt in sizes:
        score = draw(st.none() | st.floats(0, 1))
        beads.append(
            align.Bead(tuple(range(at[0], at[0] + src)), tuple(range(at[1], at[1] + tgt)), score)  # type: ignore[arg-type]
        )
        at = [at[0] + src, at[1] + tgt]
    langs = draw(st.sampled_from([("zh", "en"), ("de", "ja"), ("en", "ko")]))
    sides: list[Side] = []
    for lang, count in zip(langs, at, strict=True):
        breaks = draw(st.lists(st.booleans(), min_size=count, max_size=count))
        paragraphs = [sum(breaks[1 : k + 1]) for k in range(count)]
        own = draw(st.lists(texts(alphabet), min_size=count, max_size=count))
        sides.append(side(lang, own, paragraphs))
    return pair_batch("d", sides[0], sides[1], beads)


def side(lang: str, sentences: list[str], paragraphs: list[int]) -> Side:
    count = len(sentences)
    return Side(lang, sentences, [(1, 0, 0)] * count, paragraphs, [False] * count, {"lang": lang})


def written(batch: PairBatch, form: str, name: str, folder: Path, columns: tuple[str, ...] = ()) -> Path:
    write_pairs([batch], folder / name, form, WriteOptions(columns, nulls=True))
    return folder / name


def read_back(file: Path) -> pl.DataFrame:
    """Read a file as `corpus ingest` does, and return its pairs."""
    (aligned,) = extract(file.read_bytes(), file)
    _, document = imported_document(aligned, "f", "f", Entry(), Entry())  # type: ignore[arg-type]
    assert not [note for note in document.notes if "edited" in note]
    return pairs_of(document)


def pairs_of(document: Document) -> pl.DataFrame:
    sides = [
        side(
            version.lang,
            [one.text for one in version.sentences],
            [one.paragraph for one in version.sentences],
        )
        for version in document.versions
    ]
    beads = [align.Bead(bead.src_ids, bead.tgt_ids, bead.score) for bead in document.beads]  # type: ignore[arg-type]
    return pair_batch("d", sides[0], sides[1], beads).pairs


def check(batch: PairBatch, file: Path, columns: list[str], digits: int | None = None) -> None:
    score = pl.col("score") if digits is None else pl.col("score").round(digits)
    before, after = (
        frame.with_columns(score).select(columns).sort("src_ids", "tgt_ids").to_dicts()
        for frame in (batch.pairs, read_back(file))
    )
    assert after == before


XML = [("tmx", "a.tmx"), ("xliff", "a.xlf"), ("xliff12", "a.xlf")]


@pytest.mark.parametrize(("form", "name"), XML)
@given(batch=batches(ALPHABET + BREAKS))
@settings(max_examples=25)
def test_memories_come_back_exactly(form: str, name: str, batch: PairBatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        check(batch, written(batch, form, name, Path(folder)), COLUMNS)


@given(batch=batches())
@settings(max_examples=25)
def test_moses_pairs_come_back_exactly(batch: PairBatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written(batch, "moses", "a.moses", Path(folder))
        check(batch, Path(folder) / f"a.{batch.pairs['tgt_lang'][0]}", COLUMNS)


@given(batch=batches(ALPHABET + BREAKS))
@settings(max_examples=25)
def test_xces_comes_back_exactly(batch: PairBatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = written(batch, "xces", "out", Path(folder))
        check(batch, next(place.glob("*.xml")), COLUMNS)


@given(batch=batches(ALPHABET + BREAKS))
@settings(max_examples=20)
def test_intertext_comes_back_but_for_scores(batch: PairBatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = written(batch, "intertext", "out", Path(folder))
        check(batch, next(place.glob("*.alignment.xml")), [name for name in COLUMNS if name != "score"])


@pytest.mark.parametrize("form", ["tsv", "csv"])
@given(batch=batches())
@settings(max_examples=25)
def test_tables_come_back_exactly_with_the_columns_that_say_where_sentences_part(
    form: str, batch: PairBatch
) -> None:
    columns = ("src_lang", "tgt_lang", "src", "tgt", "score", "src_segments", "tgt_segments")
    with tempfile.TemporaryDirectory() as folder:
        check(batch, written(batch, form, f"a.{form}", Path(folder), columns), COLUMNS, digits=4)


@given(batch=batches())
@settings(max_examples=15)
def test_the_usual_columns_keep_texts_and_scores(batch: PairBatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        back = read_back(written(batch, "tsv", "a.tsv", Path(folder)))
    rows = [
        {*frame.with_columns(pl.col("score").round(4)).select("src", "tgt", "score").rows()}
        for frame in (batch.pairs, back)
    ]
    assert rows[0] == rows[1]


@pytest.mark.parametrize(("form", "name"), [*XML, ("xces", "out")])
def test_what_xml_cannot_hold_is_replaced(form: str, name: str, tmp_path: Path) -> None:
    batch = pair_batch(
        "d", side("zh", ["雨\x01雪"], [0]), side("en", ["a\x02b\ufffe\x1b"], [0]), [align.Bead((0,), (0,))]
    )
    place = written(batch, form, name, tmp_path)
    file = next(place.glob("*.xml")) if place.is_dir() else place
    assert read_back(file).select("src", "tgt").row(0) == ("雨\ufffd雪", "a\ufffdb\ufffd\ufffd")


FORMATS = {
    "a.tmx": ((), "a.tmx"),
    "a.xlf": ((), "a.xlf"),
    "a.xliff": (("--format", "xliff12"), "a.xliff"),
    "news.moses": ((), "news.en"),
    "opus": (("--format", "xces"), "opus"),
    "a.csv": (
        ("--columns", "doc_id,date,src_lang,tgt_lang,src,tgt,score,src_segments,tgt_segments"),
        "a.csv",
    ),
}


@pytest.mark.parametrize("name", FORMATS)
def test_commands_bring_the_seeds_back(
    cli: Callable[..., Ran], built: Path, tmp_path: Path, name: str
) -> None:
    options, back = FORMATS[name]
    columns = ("--columns", "src,tgt,score,bead,src_ids,tgt_ids", "--nulls")
    first, other = ("--workspace", built), ("--workspace", tmp_path / "other")
    before = cli("export", "-", *columns, *first).out
    ran = cli("export", name, "--nulls", *options, *first)
    assert ran.code == 0, ran.err
    assert cli("ingest", back, *other).code == 0
    assert cli("export", "-", *columns, *other).out == before


def test_a_reviewers_sheet_comes_back_with_its_beads(
    cli: Callable[..., Ran], built: Path, tmp_path: Path
) -> None:
    assert cli("export", "a.xlsx", "--workspace", built).code == 0
    assert cli("ingest", "a.xlsx", "--workspace", tmp_path / "other").code == 0
    columns = ("--columns", "bead,score,tgt")
    found = [cli("export", "-", *columns, "--workspace", place).out for place in (built, tmp_path / "other")]
    assert found[0] == found[1]


def test_what_xml_cannot_hold_is_counted_and_said(cli: Callable[..., Ran], tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("zh\ten\n雨\tRain\n", encoding="utf-8")
    cli("ingest", "a.tsv")
    assert "XML cannot hold" not in cli("export", "a.tmx").err
    counter = Illegal(nulls=False)
    made = pair_batch(
        "d", side("zh", ["雨\x01"], [0]), side("en", ["a\ufffeb\x0b"], [0]), [align.Bead((0,), (0,))]
    )
    assert list(counter.counted([made])) == [made]
    assert counter.count == 3


def test_a_document_is_its_own_again_if_several_are_in_one_file(tmp_path: Path) -> None:
    made = [
        pair_batch(f"d{k}", side("zh", [f"雨{k}"], [0]), side("en", ["Rain"], [0]), [align.Bead((0,), (0,))])
        for k in (1, 2)
    ]
    write_pairs(made, tmp_path / "a.tmx", "tmx")
    found: list[AlignedSegments] = list(extract((tmp_path / "a.tmx").read_bytes(), tmp_path / "a.tmx"))  # type: ignore[arg-type]
    assert [one.part for one in found] == ["d1", "d2"]
