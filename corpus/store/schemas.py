"""The tables of a workspace: one polars schema each, and how documents become rows.

The schemas are those of `corpus.store.state.FORMAT`, which `workspace.json` notes. A column that was added
since a file was written is null there.

documents
    One row a document. `doc_id` is the stem of the file's name (with a suffix where two files share
    it); `file` is where the file was found, null where another document's text is there now; `part` names the
    document among several of one file, and `format` is the file's (`corpus.readers.registry`), null for plain
    text; `fingerprint` changes when the file, what its manifest says, or the reader does; `stated` is what
    options and ``--manifest`` said of it, as JSON; `content` is the SHA-256 of the file's bytes, by which a
    file that was moved is known again (null where a repair could not tell it); `seed` marks the documents
    that ship with the toolkit; `translated` is true where a marker line or a manifest says that its versions
    are translations of each other, else null.
versions
    One row a version: a document in one language. `version` numbers the versions of a document in the
    order of the file; `date` is ISO 8601 with the precision that is known, `date_basis` says where it
    is from (``stated``, ``manifest``, ``option``, ``inferred``, ``metadata``), and `date_first`, `date_last`
    bound the interval it stands for. `relation` is ``original``, ``translation`` or ``unknown``. Null is
    unknown.
paragraphs
    One row a paragraph or heading of a version (`kind`), made of its sentences (`corpus.store.paragraphs`).
    `paragraph` numbers them, `sentence` is the first of its sentences and `sentences` how many there are;
    `line`, `start` and `end` say where it is in the file.
sentences
    One row a sentence. `sentence` numbers the sentences of a version, `paragraph` is the one it is in,
    `start` and `end` are code-point offsets into the untouched file, or into the text that was taken from it
    if it is not plain text, and `place` is then where it stands in the file, in the file's own terms, such as
    ``page 3``; `line` is one-based, and `text_id` is equal for texts that are one (`text_id`). `quoted` is
    the language of a passage that is in another one than its version, null where it is in the version's.
dropped
    One row a stretch of a file that was left out, with its reason.
beads
    One row a bead of an aligned pair of versions. `src_ids` and `tgt_ids` are sentence numbers, `score`
    is in 0..1 (null of beads that came in without one), `aligner` names encoder and weights, or is
    ``imported``. `tgt_doc` is the document of the target side where that is another one than `doc_id`, which
    is linked with it; else null (`corpus.store.beads`).
imported
    One row a bead of a pair of versions as the file states it that they were read from, which holds aligned
    segments; `score` is null where it states none. Every sentence of both versions is in one. `beads` has
    these, with the aligner ``imported``, until a person sets others or the document is aligned anew.
links
    One row a user's word that two documents are one work (`corpus.documents.links`). `a` and `b` are their
    ids, `a_lang` and `b_lang` the language of the version meant (null: whichever fits), `original` the one of
    the two that the other translates, if that is said; `a_text` and `b_text` digests of what they held then.
    Nothing can make it again: it stays when its documents go.
reviews
    One row a user's judgement of a bead (`corpus.quality.reviews`), tied to the document and the texts that
    were judged. Nothing can make it again: it goes neither with its document nor with its bead. `places` says
    of a bead that a person set where it stands (`corpus.alignment.constraints.place_of`), and is null for one
    that was judged only.
minhashes
    One row a different text that was looked at for reprints (`corpus.reuse.reprints`). `bands` is its banded
    signature, null for one too short to compare.
counts
    One row what of a version is in one language (`quoted`, null for the version's own), with how many
    `sentences` and `words` that is, and which word forms it holds how often: `forms` and `times`, of one
    length. It holds for the document with this `fingerprint`; another one's is none, and is counted anew
    (`corpus.documents.word_counts`).
reprints
    One row a pair of different texts that are near duplicates: `text_id` and `other`, and how similar they
    are, 0.5 to 1. Texts that are equal have one `text_id` and need no row.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from corpus.text.normalization import wording

if TYPE_CHECKING:
    from collections.abc import Sequence


DataType: TypeAlias = pl.DataType | type[pl.DataType]


_ABOUT: dict[str, DataType] = dict.fromkeys(
    ("relation", "title", "author", "source", "relay", "page", "url"), pl.String
)
PLACE: dict[str, DataType] = {
    "file": pl.String,
    "line": pl.Int32,
    "start": pl.Int64,
    "end": pl.Int64,
    "place": pl.String,
}
"""Where in which file a text stands: `line` is one-based, `start` and `end` are code-point offsets, and
`place` is in the file's own terms, null of plain text (see `sentences` above)."""

PROVENANCE: dict[str, DataType] = {"date": pl.String, "date_basis": pl.String} | _ABOUT | PLACE
"""What is known of a text, and where it stands; every table of results has these columns.

`date` is the version's, or of a translation without one its original's: `date_basis` is ``original`` then."""

KEYS = ["doc_id", "version"]
SENTENCE = [*KEYS, "sentence"]
PART = [*KEYS, "quoted"]
"""What of a version is in one language: its own text (`quoted` is null), or what it quotes in another.

To be joined with `nulls_equal`."""

TO = " – "
"""Between the places of the start and the end of a sentence that goes on from one to the other."""

BANDS = 20
"""Numbers in a row of `minhashes`."""

_TABLES: dict[str, dict[str, DataType]] = {
    "documents": {
        "doc_id": pl.String,
        "file": pl.String,
        "fingerprint": pl.String,
        "encoding": pl.String,
        "stated": pl.String,
        "content": pl.String,
        "captured": pl.String,
        "rights": pl.String,
        "notes": pl.List(pl.String),
        "seed": pl.Boolean,
        "translated": pl.Boolean,
        "part": pl.String,
        "format": pl.String,
    },
    "versions": {
        "doc_id": pl.String,
        "version": pl.Int32,
        "lang": pl.String,
        **_ABOUT,
        "date": pl.String,
        "date_basis": pl.String,
        "date_first": pl.Date,
        "date_last": pl.Date,
    },
    "paragraphs": {
        "doc_id": pl.String,
        "version": pl.Int32,
        "paragraph": pl.Int32,
        "kind": pl.String,
        "line": pl.Int32,
        "start": pl.Int64,
        "end": pl.Int64,
        "sentence": pl.Int32,
        "sentences": pl.Int32,
    },
    "sentences": {
        "doc_id": pl.String,
        "version": pl.Int32,
        "sentence": pl.Int32,
        "paragraph": pl.Int32,
        "kind": pl.String,
        "text": pl.String,
        "line": pl.Int32,
        "start": pl.Int64,
        "end": pl.Int64,
        "text_id": pl.Int64,
        "quoted": pl.String,
        "place": pl.String,
    },
    "dropped": {
        "doc_id": pl.String,
        "version": pl.Int32,
        "line": pl.Int32,
        "start": pl.Int64,
        "end": pl.Int64,
        "reason": pl.String,
        "text": pl.String,
    },
    "beads": {
        "doc_id": pl.String,
        "bead": pl.Int32,
        "src_version": pl.Int32,
        "tgt_version": pl.Int32,
        "src_ids": pl.List(pl.Int32),
        "tgt_ids": pl.List(pl.Int32),
        "score": pl.Float64,
        "flags": pl.List(pl.String),
        "aligner": pl.String,
        "tgt_doc": pl.String,
    },
    "imported": {
        "doc_id": pl.String,
        "bead": pl.Int32,
        "src_version": pl.Int32,
        "tgt_version": pl.Int32,
        "src_ids": pl.List(pl.Int32),
        "tgt_ids": pl.List(pl.Int32),
        "score": pl.Float64,
    },
    "links": {
        "link": pl.String,
        "a": pl.String,
        "b": pl.String,
        "a_lang": pl.String,
        "b_lang": pl.String,
        "original": pl.String,
        "a_text": pl.String,
        "b_text": pl.String,
        "note": pl.String,
        "by": pl.String,
        "date": pl.String,
    },
    "reviews": {
        "review": pl.String,
        "doc_id": pl.String,
        "src": pl.String,
        "tgt": pl.String,
        "right": pl.Boolean,
        "note": pl.String,
        "by": pl.String,
        "date": pl.String,
        "places": pl.List(pl.String),
    },
    "counts": {
        "doc_id": pl.String,
        "version": pl.Int32,
        "quoted": pl.String,
        "fingerprint": pl.String,
        "sentences": pl.UInt32,
        "words": pl.UInt64,
        "forms": pl.List(pl.String),
        "times": pl.List(pl.UInt32),
    },
    "minhashes": {"text_id": pl.Int64, "bands": pl.Array(pl.UInt32, BANDS)},
    "reprints": {"text_id": pl.Int64, "other": pl.Int64, "similarity": pl.Float64},
}

SCHEMAS = {name: pl.Schema(columns) for name, columns in _TABLES.items()}

OF_DOCUMENTS = tuple(name for name, columns in SCHEMAS.items() if "doc_id" in columns and name != "reviews")
"""The tables whose rows each belong to a document, and go with it. Reviews are the user's, and stay."""


def empty(name: str) -> pl.DataFrame:
    """Return a table without rows."""
    return pl.DataFrame(schema=SCHEMAS[name])


def frame(name: str, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """Return a table of these rows; a key missing from a row is null."""
    return pl.DataFrame(rows, schema=SCHEMAS[name]) if rows else empty(name)


def text_id(lang: str, text: str) -> int:
    """Return a 63-bit id that is equal for texts of a language that are printed in two ways, but one.

    What counts as one is `corpus.text.normalization.wording`'s to say. A workspace holds the ids that its
    texts were given when they were read; those of other rules must never be equal to these, or an index would
    take one text for another: the number of the rules is part of what is hashed.
    """
    key = wording(text) or text
    data = f"{_RULES}\0{lang}\0{key}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big") >> 1


# those of version 0.1 had no number; with others, `corpus.ingestion.reading.loading.READER` is another, too
_RULES = 2
