"""Give every parser of outside data what it is not made for: nothing but the documented errors may come out.

    python bench/fuzz.py --minutes 10
    python bench/fuzz.py --only manifest --minutes 1 --seed 5

What a parser gets is a good file that was changed (bytes turned, cut out, doubled, put in from elsewhere, cut off,
hostile pieces put in), or what hypothesis makes up. It prints how many inputs each parser was given; an input that
brings another error out is made as small as it can be, and shown.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from align.beads import parse_beads
from corpus.alignment.journal import NAME as RECORD
from corpus.alignment.journal import read_record
from corpus.alignment.sources import read_side
from corpus.alignment.weights import read_weights
from corpus.base.errors import CorpusError
from corpus.base.files import json_digest
from corpus.base.resources import models_dir, seeds_dir
from corpus.ingestion.discovery import FoundFile
from corpus.ingestion.manifest import Entry, load_manifest
from corpus.ingestion.reading.loading import read_file
from corpus.maintenance.saved_queries import read_queries
from corpus.quality.calibration import read_marked
from corpus.quality.gold import read_beads
from corpus.quality.judgement_tables import read_rows
from corpus.quality.review_store import read_copy, review_id
from corpus.quality.reviews import read_reviews
from corpus.readers.extraction import extract
from corpus.store.state import FORMAT, NAME, read_state
from corpus.store.workspace import Workspace
from corpus.text.tokens import tokenise
from corpus.text.variants import load_variants
from tests.conftest import SEEDS
from tests.corpus.ingestion.test_broken_files import WHOLE
from tests.corpus.readers.bitext.test_broken import TMX, XLIFF_2
from tests.corpus.readers.making import MAKERS, make_srt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypothesis.strategies import SearchStrategy

_SEGMENT = {"file": "documents-000001-0.parquet", "bytes": 5, "checksum": "ab"}
_CONTENT = {
    "change": 3,
    "tables": {"documents": [{"stored": _SEGMENT, "rows": 5, "gone": _SEGMENT, "gone_rows": 1}]},
    "files": {"removed": _SEGMENT},
    "about": {"removed": {"sentences": 4}},
    "retired": {"documents-000001-0.parquet": 5.5},
    "format": FORMAT,
}
_STATE = json.dumps(_CONTENT | {"digest": json_digest(_CONTENT)}).encode()
_MANIFEST = b"""[[document]]
file = "a.txt"
date = "1959-05-20"
title = "T"
lang = "zh"
[document.versions.en]
date = "1960"
source = "KCNA"
"""
_VARIANTS = b"""[[variant]]
name = "place"
forms = ["Kimhwa", "\xe9\x87\x91\xe5\x8c\x96", "Kim-hwa*"]
"""
_QUERY = b"""command = ["similar", "local industry", "-k", "3"]
saved = 2024-05-01T10:00:00Z
[rests_on]
texts = "66a18e41c7a8"
"""
_JUDGED = (
    "doc_id\tsrc_ids\ttgt_ids\tsrc\ttgt\tscore\tright\tnote\n"
    "003\t0\t0 1\t工厂。\tA factory.\t0.93\t1\tsure\n003\t1\t2\t桥。\tA bridge.\t0.23\t0\t\n"
)
_REVIEW = {
    "doc_id": "003",
    "src": "桥。",
    "tgt": "A bridge.",
    "right": True,
    "note": None,
    "by": "A",
    "date": "2024-05-01",
}
_COPY = (json.dumps({"review": review_id("003", "桥。", "A bridge."), **_REVIEW}) + "\n").encode() * 2
_HTML = b"<!DOCTYPE html><html><body><p>Some text &amp; more.</p><script>x</script></body></html>"
_MARKDOWN = "# 标题\n\n1959年5月20日 新华社平壤电\n\n| a | b |\n|---|---|\n| c | d |\n\n* It has 176 factories.\n".encode()
_PIECES = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1b[2J", b"\xc2\x9b", b"\r", b"\n\n", b"\t", b'"', b"'''", b"[" * 90,
    b"{" * 90, b'{"a":' * 90, b"9" * 5000, b"-1", b"1e999", b"NaN", b"Infinity", b"null", b"true", b"[]", b"{}", b"../../etc", b"/",
    "兆".encode() * 30, "²".encode(), "\u202e".encode(), "\u2028".encode(), "１９５９年".encode(), "三百万五千".encode(), b"hundred " * 160,
    b"0000-00-00", b"1959-13-45", b"9999999-01-01", b"[0]:[", b"]:[", b"#" * 70, b"---\n", b"<b>", b"&#xD800;", b"a" * 300, b"=1+1",
)  # fmt: skip


@dataclass(frozen=True)
class Parser:
    """What reads data from outside: good examples of it, and a call with the bytes and an empty folder."""

    good: Sequence[bytes]
    read: Callable[[bytes, Path], object]
    documents_value_errors: bool = False


def _in_file(name: str, read: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
    def reading(data: bytes, folder: Path) -> object:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        return read(folder / name)

    return reading


def _document(data: bytes, folder: Path) -> object:
    return read_file(FoundFile(folder / "a.txt", "a.txt", Entry(), named=True), data, [], "{}")


def _of_format(form: str) -> Callable[[bytes, Path], object]:
    return lambda data, folder: list(extract(data, folder / "file", form=form))


_PARAGRAPHS = (seeds_dir() / SEEDS["003"]).read_text("utf-8").splitlines()[:8]
_FILES: dict[str, bytes] = {
    **{form: data for form, data in WHOLE.items() if form not in ("text", "markdown")},
    **{form: make(_PARAGRAPHS) for form, make in MAKERS.items()},
    "subtitles": make_srt(_PARAGRAPHS),
    "tmx": TMX.encode(),
    "xliff": XLIFF_2.encode(),
}
"""A good file of each format but plain text; a PDF is read in a process of its own (tests/corpus/readers/test_pdf.py)."""

PARSERS: dict[str, Parser] = {
    **{f"file: {form}": Parser([data], _of_format(form)) for form, data in _FILES.items()},
    "text": Parser([path.read_bytes()[:3000] for path in sorted(seeds_dir().glob("*.txt"))] + [_HTML, _MARKDOWN], _document),
    "side": Parser([_MARKDOWN, _HTML], lambda data, _: [read_side(data, "a", lang="zh", lines=lines) for lines in (True, False)]),
    "manifest": Parser([_MANIFEST, (seeds_dir() / "manifest.toml").read_bytes()], _in_file("m.toml", load_manifest)),
    "variants": Parser([_VARIANTS], _in_file("v.toml", load_variants)),
    "query": Parser([_QUERY], _in_file("queries/q.toml", lambda path: read_queries(Workspace(path.parents[1])))),
    "dictionary": Parser(
        ["工厂 5 n\n地方工业\n".encode()], _in_file("d.txt", lambda path: tokenise("地方工业的工厂", "zh", dictionary=path))
    ),
    "weights": Parser([(models_dir() / "aligner" / "default.json").read_bytes()], _in_file("w.json", read_weights)),
    "gold": Parser([b"[0]:[0, 1]\n[1, 2]:[]\n"], _in_file("a.gold", read_beads)),
    "beads": Parser([b"[0]:[0, 1]:0.5\n[]:[2]\n"], lambda data, _: parse_beads(data.decode("utf-8", "replace")), documents_value_errors=True),
    "reviews": Parser(
        [_JUDGED.encode(), _COPY], lambda data, folder: read_reviews(Workspace(folder / "w"), data, "reviews.tsv")
    ),
    "copy of reviews": Parser([_COPY], lambda data, _: read_copy(data, "reviews.jsonl")),
    "marked beads": Parser([_JUDGED.encode(), _JUDGED.replace("\t", ";").encode()], lambda data, _: read_marked(data, "m.tsv")),
    "table": Parser([_JUDGED.encode()], lambda data, _: read_rows(data, "t.tsv", ["right"])),
    "state": Parser([_STATE], _in_file(NAME, lambda path: read_state(path.parent))),
    "record of a folder": Parser(
        [b'{"format": 1, "made": {"a.tsv": {"how": "h", "src": "x", "tgt": "y"}}}'],
        _in_file(RECORD, lambda path: read_record(path.parent)),
    ),
}  # fmt: skip


@st.composite
def changed(draw: st.DrawFn, good: Sequence[bytes]) -> bytes:
    """Return one of some good files, changed in some places."""
    data = draw(st.sampled_from(good))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        part = draw(
            st.sampled_from(
                (b"", data[start:end] * 3, data[start : start + 1].swapcase(), bytes(end - start))
            )
            | st.sampled_from(_PIECES)
            | st.binary(max_size=8)
            | st.text(max_size=8).map(lambda text: text.encode("utf-8", "surrogatepass"))
        )
        data = data[:start] + part if draw(st.integers(0, 9)) == 0 else data[:start] + part + data[end:]
    return data


def inputs(good: Sequence[bytes]) -> SearchStrategy[bytes]:
    """Return a strategy for what a parser is given."""
    made_up = st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    return st.one_of(
        changed(good),
        changed(good),
        changed(good),
        made_up,
        st.binary(max_size=200),
        st.sampled_from(_PIECES),
    )


def try_one(parser: Parser, data: bytes, folder: Path) -> bool:
    """Let a parser read something; return whether it refused it, and let any other error out."""
    try:
        parser.read(data, folder)
    except CorpusError as error:
        if not str(error):
            raise RuntimeError("an error that says nothing") from error
        return True
    except ValueError as error:
        if parser.documents_value_errors and not isinstance(error, UnicodeError):
            return True  # as it is documented
        raise
    return False


def fuzz(name: str, examples: int, first: int) -> tuple[int, int]:
    """Give a parser so many inputs; return how many it was given, and how many of them it refused."""
    parser = PARSERS[name]
    tried = refused = 0

    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")

        @seed(first)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(inputs(parser.good))
        def run(data: bytes) -> None:
            nonlocal tried, refused
            tried += 1
            refused += try_one(parser, data, Path(folder))

        run()
    return tried, refused


def main() -> None:
    """Fuzz the parsers that the command line names, each for so long."""
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--minutes", type=float, default=10.0, help="for each parser")
    arguments.add_argument("--only", action="append", choices=list(PARSERS))
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    failed = False
    for name in chosen.only or PARSERS:
        tried = refused = 0
        first, until = chosen.seed, time.monotonic() + 60 * chosen.minutes
        while time.monotonic() < until:
            try:
                counts = fuzz(name, 300, first)
            except Exception as error:
                failed = True
                notes = "\n".join(getattr(error, "__notes__", []))
                print(f"{name}, seed {first}: {type(error).__name__}: {error}\n{notes}", flush=True)
                break
            tried, refused, first = tried + counts[0], refused + counts[1], first + 1
        print(f"{name}: {tried:,} inputs, {refused:,} refused", flush=True)
    sys.exit(failed)


if __name__ == "__main__":
    main()
