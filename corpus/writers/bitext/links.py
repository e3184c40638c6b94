"""Texts as XML and links between their sentences: OPUS XCES, and InterText."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import groupby
from typing import IO, TYPE_CHECKING, Any

from corpus.writers.bitext.texts import Names, number, wanted_rows, xml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from corpus.documents.bitext import Side
    from corpus.documents.pairs import Bitext, PairBatch
    from corpus.writers.base import WriteOptions
    from corpus.writers.output import Output

_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def write_xces(batches: Iterable[PairBatch], out: Output, options: WriteOptions, /) -> None:
    """Write a folder as OPUS has them: ``zh-en.xml`` with the links, ``xml/zh/DOC.xml`` with the texts.

    The texts are whole, with the sentences that are in no pair. Scores are the ``certainty`` of a link.
    """
    names = Names()
    with ExitStack() as stack:
        files: dict[tuple[str, str], IO[bytes]] = {}
        for bitext in (bitext for batch in batches for bitext in batch.bitexts()):
            src, tgt = _put_texts(bitext, names, out, lambda name, lang: f"xml/{lang}/{name}.xml", _plain_id)
            langs = bitext.src.lang, bitext.tgt.lang
            if langs not in files:
                files[langs] = stack.enter_context(out.open(f"{'-'.join(langs)}.xml"))
                _put(
                    files[langs],
                    f'{_XML}<!DOCTYPE cesAlign PUBLIC "-//CES//DTD XML cesAlign//EN" "">\n'
                    '<cesAlign version="1.0">\n',
                )
            docs = [xml(f"{lang}/{name}.xml") for lang, name in zip(langs, (src, tgt), strict=True)]
            _put(files[langs], f'<linkGrp targType="s" fromDoc="{docs[0]}" toDoc="{docs[1]}">\n')
            for row in wanted_rows(bitext, nulls=options.nulls):
                ids = ";".join(" ".join(str(k + 1) for k in row[f"{side}_ids"]) for side in ("src", "tgt"))
                score = number(row["score"])
                certainty = f' certainty="{score}"' if score else ""
                _put(files[langs], f'<link id="SL{row["number"]}" xtargets="{ids}"{certainty} />\n')
            _put(files[langs], "</linkGrp>\n")
        for file in files.values():
            _put(file, "</cesAlign>\n")


def write_intertext(batches: Iterable[PairBatch], out: Output, options: WriteOptions, /) -> None:
    """Write a folder of what InterText imports: ``DOC.zh.xml``, ``DOC.en.xml``, ``DOC.zh.en.alignment.xml``.

    InterText wants every sentence in a link: those of pairs that are left out are linked with nothing. A bead
    that was judged right has the status ``man``, others ``auto``; there is no place for scores.
    """
    del options
    names = Names()
    for bitext in (bitext for batch in batches for bitext in batch.bitexts()):
        src, tgt = _put_texts(bitext, names, out, lambda name, lang: f"{name}.{lang}.xml", _intertext_id)
        codes = bitext.src.lang, bitext.tgt.lang
        base = src if src == tgt else f"{src}+{tgt}"
        with out.open(f"{base}.{codes[0]}.{codes[1]}.alignment.xml") as file:
            docs = f"toDoc='{xml(f'{tgt}.{codes[1]}.xml')}' fromDoc='{xml(f'{src}.{codes[0]}.xml')}'"
            _put(file, f"<?xml version='1.0' encoding='utf-8'?>\n<linkGrp {docs}>\n")
            ids = [list(_ids(side, _intertext_id)) for side in (bitext.src, bitext.tgt)]
            for src_ids, tgt_ids, status in _complete(bitext):
                ends = [
                    " ".join(own[k] for k in one) for own, one in zip(ids, (src_ids, tgt_ids), strict=True)
                ]
                _put(
                    file,
                    f"<link type='{len(tgt_ids)}-{len(src_ids)}' xtargets='{ends[1]};{ends[0]}' "
                    f"status='{status}'/>\n",
                )
            _put(file, "</linkGrp>\n")


def _complete(bitext: Bitext) -> Iterator[tuple[Sequence[int], Sequence[int], str]]:
    """Yield the beads in order, with a null bead for each sentence that is in none."""
    rows = list(bitext.pairs.select("src_ids", "tgt_ids", *_review(bitext)).iter_rows())
    used = [{k for row in rows for k in row[side]} for side in (0, 1)]
    left = [
        [k for k in range(len(side.sentences)) if k not in taken]
        for side, taken in zip((bitext.src, bitext.tgt), used, strict=True)
    ]
    for row in rows:
        for side in (0, 1):
            while row[side] and left[side] and left[side][0] < row[side][0]:
                yield _alone(side, left[side].pop(0))
        yield row[0], row[1], "man" if row[2:] == ("right",) else "auto"
    for side in (0, 1):
        for k in left[side]:
            yield _alone(side, k)


def _review(bitext: Bitext) -> list[str]:
    return ["review"] if "review" in bitext.pairs.columns else []


def _alone(side: int, sentence: int) -> tuple[Sequence[int], Sequence[int], str]:
    return ([sentence], [], "auto") if side == 0 else ([], [sentence], "auto")


def _put_texts(
    bitext: Bitext,
    names: Names,
    out: Output,
    place: Callable[[str, str], str],
    called: Callable[[int, int, int], str],
) -> tuple[str, str]:
    """Write the texts of two versions that are not written yet, and return their names."""
    found = []
    for doc_id, version, side in (
        (bitext.doc_id, bitext.src_version, bitext.src), (bitext.tgt_doc, bitext.tgt_version, bitext.tgt),
    ):  # fmt: skip
        name, new = names.of((doc_id, version), side.lang)
        found.append(name)
        if new:
            with out.open(place(name, side.lang)) as file:
                _put_text(file, doc_id, side, called)
    return found[0], found[1]


def _put_text(file: IO[bytes], doc_id: str, side: Side, called: Callable[[int, int, int], str]) -> None:
    facts: dict[str, Any] = {"id": doc_id, "xml:lang": side.lang, "date": side.about.get("date")}
    about = "".join(f' {name}="{xml(str(value))}"' for name, value in facts.items() if value)
    _put(file, f"{_XML}<text{about}>\n")
    ids = _ids(side, called)
    for paragraph, numbers in groupby(range(len(side.sentences)), key=lambda k: side.paragraphs[k]):
        _put(file, f'<p id="p{paragraph + 1}">\n')
        for k in numbers:
            _put(file, f'<s id="{next(ids)}">{xml(side.sentences[k])}</s>\n')
        _put(file, "</p>\n")
    _put(file, "</text>\n")


def _ids(side: Side, called: Callable[[int, int, int], str]) -> Iterator[str]:
    """Yield the ids of a version's sentences."""
    at = 0
    for k, paragraph in enumerate(side.paragraphs):
        at = at + 1 if k and paragraph == side.paragraphs[k - 1] else 1
        yield called(k, paragraph, at)


def _plain_id(k: int, _paragraph: int, _at: int) -> str:
    return str(k + 1)


def _intertext_id(_k: int, paragraph: int, at: int) -> str:
    return f"{paragraph + 1}:{at}"


def _put(file: IO[bytes], text: str) -> None:
    file.write(text.encode())
