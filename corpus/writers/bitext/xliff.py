"""XLIFF 2.1 and 1.2: a unit a pair of texts, a file a document, for translation tools."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

from corpus.readers.bitext.xliff import OWN, UNKNOWN
from corpus.writers.bitext.texts import number, one_pair, wanted_rows, xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = "urn:oasis:names:tc:xliff:document"
_ROOT_1 = f'{_XML}<xliff xmlns="{_SPACE}:1.2" xmlns:dz="{OWN}" version="1.2">\n'
_ROOT_2 = f'{_XML}<xliff xmlns="{_SPACE}:2.0" xmlns:dz="{OWN}" version="2.1"'


def write_xliff(batches: Iterable[PairBatch], out: Output, options: WriteOptions, /) -> None:
    """Write pairs as XLIFF 2.1, which holds one pair of languages.

    Scores, dates and the places where sentences part are attributes of a namespace of our own
    (`corpus.readers.bitext.xliff.OWN`). A unit that was judged right is in the state ``reviewed``.

    Raises
    ------
    CorpusError
        If the pairs are in several pairs of languages.
    """
    with out.open() as file:
        langs: tuple[str, str] | None = None
        for count, bitext in enumerate(_bitexts(batches), start=1):
            begun, langs = langs is not None, one_pair(langs, bitext, "XLIFF 2")
            if not begun:
                _put(file, f'{_ROOT_2} srcLang="{xml(langs[0])}" trgLang="{xml(langs[1])}">\n')
            rows = list(wanted_rows(bitext, nulls=options.nulls))
            if rows:  # a file without units is none
                _put(file, f'<file id="f{count}" {_about(bitext)}>\n')
                _put_rows(file, rows, _unit)
                _put(file, "</file>\n")
        if langs is None:
            _put(file, f'{_ROOT_2} srcLang="und">\n')
        _put(file, "</xliff>\n")


def write_xliff12(batches: Iterable[PairBatch], out: Output, options: WriteOptions, /) -> None:
    """Write pairs as XLIFF 1.2, which may hold several pairs of languages; see `write_xliff`."""
    with out.open() as file:
        _put(file, _ROOT_1)
        for bitext in _bitexts(batches):
            langs = f'source-language="{xml(bitext.src.lang)}" target-language="{xml(bitext.tgt.lang)}"'
            _put(file, f'<file datatype="plaintext" {langs} {_about(bitext)}>\n<body>\n')
            _put_rows(file, wanted_rows(bitext, nulls=options.nulls), _trans_unit)
            _put(file, "</body>\n</file>\n")
        _put(file, "</xliff>\n")


def _bitexts(batches: Iterable[PairBatch]) -> Iterable[Bitext]:
    return (bitext for batch in batches for bitext in batch.bitexts())


def _put(file: IO[bytes], text: str) -> None:
    file.write(text.encode())


def _put_rows(
    file: IO[bytes], rows: Iterable[dict[str, Any]], unit: Callable[[dict[str, Any], str], str]
) -> None:
    for row in rows:
        facts = {"score": number(row["score"]), "source": row["src_segments"], "target": row["tgt_segments"]}
        own = "".join(f' dz:{name}="{value}"' for name, value in facts.items() if value)
        _put(file, unit(row, own))


def _about(bitext: Bitext) -> str:
    date = next((date for date in bitext.pairs["date"] if date), None)
    original = bitext.src.lang if bitext.src.about.get("relation") == "original" else UNKNOWN
    dated = f' dz:date="{xml(date)}"' if date else ""
    return f'original="{xml(bitext.doc_id)}" dz:original="{xml(original)}"{dated}'


def _unit(row: dict[str, Any], own: str) -> str:
    state = "reviewed" if row.get("review") == "right" else "translated"
    target = f"<target>{xml(row['tgt'])}</target>" if row["tgt_ids"] else ""
    return (
        f'<unit id="u{row["number"]}"{own}><segment state="{state if target else "initial"}">'
        f"<source>{xml(row['src'])}</source>{target}</segment></unit>\n"
    )


def _trans_unit(row: dict[str, Any], own: str) -> str:
    state = "signed-off" if row.get("review") == "right" else "translated"
    target = f'<target state="{state}">{xml(row["tgt"])}</target>' if row["tgt_ids"] else ""
    return f'<trans-unit id="{row["number"]}"{own}><source>{xml(row["src"])}</source>{target}</trans-unit>\n'
