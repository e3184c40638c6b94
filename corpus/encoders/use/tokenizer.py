"""Texts to the piece numbers of Universal Sentence Encoder's vocabulary."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock, Thread
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import sentencepiece

from corpus.text.joining import well_formed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Ids = npt.NDArray[np.int32]

UNKNOWN, BEGIN, END = 0, 1, 2

# Protocol buffers merge a repeated message field by field, so these bytes, appended to the model, say
# `normalizer_spec { precompiled_charsmap: "" add_dummy_prefix: false remove_extra_whitespaces: false
# escape_whitespaces: false }`: a text is cut as it is.
_AS_IT_IS = bytes([0x1A, 0x08, 0x12, 0x00, 0x18, 0x00, 0x20, 0x00, 0x28, 0x00])


@dataclass(frozen=True)
class UseTokenizer:
    """SentencePiece with the model that comes with the weights.

    The reference implementation gives one unknown piece for a run of unknown characters; the package that
    carries the weights gives one for each, and so do we (a run of four rare characters is four tokens
    long to the network, not one).

    Texts are normalized apart, with a space before them or without, so that one processor cuts both: to make
    one takes a quarter of a second.
    """

    model: bytes = field(repr=False)
    _loading: Lock = field(default_factory=Lock, init=False, repr=False, compare=False)

    @classmethod
    def read(cls, path: Path) -> UseTokenizer:
        """Read a SentencePiece model file.

        A processor is made of it without Python's lock: it goes on in a thread, beside what the caller does
        before there are texts to cut. A process that ends meanwhile waits for it: killed at that point (as a
        daemon is) it would take the process down with an abort.
        """
        tokenizer = cls(path.read_bytes())
        Thread(target=tokenizer._begin).start()
        return tokenizer

    def _begin(self) -> None:
        with suppress(Exception):  # whoever needs the tokenizer meets it again
            _ = self._processor

    @property
    def _processor(self) -> sentencepiece.SentencePieceProcessor:
        with self._loading:
            return self._loaded

    @cached_property
    def _loaded(self) -> sentencepiece.SentencePieceProcessor:
        return sentencepiece.SentencePieceProcessor(model_proto=self.model + _AS_IT_IS)

    @cached_property
    def _normalizer(self) -> sentencepiece.SentencePieceNormalizer:
        return sentencepiece.SentencePieceNormalizer(model_proto=self.model)

    @cached_property
    def _no_leading_space(self) -> sentencepiece.SentencePieceNormalizer:
        spec = self._normalizer.serialized_normalizer_spec()
        return sentencepiece.SentencePieceNormalizer(normalizer_spec=spec, add_dummy_prefix=False)

    def isolated(self, texts: Sequence[str]) -> list[Ids]:
        """Return the pieces of texts that stand alone, without begin and end marks.

        A text of white space only has none.
        """
        return self._pieces(texts, self._normalizer)

    def running(self, texts: Sequence[str]) -> list[Ids]:
        """Return the pieces of texts that follow other text without a space between."""
        return self._pieces(texts, self._no_leading_space)

    def _pieces(self, texts: Sequence[str], normalizer: sentencepiece.SentencePieceNormalizer) -> list[Ids]:
        normal = normalizer.normalize([well_formed(text) for text in texts])
        processor = self._processor
        rows = [np.asarray(ids, dtype=np.int32) for ids in processor.encode(normal, out_type=int)]
        for i, ids in enumerate(rows):
            unknown = ids == UNKNOWN
            if unknown.any():
                surfaces = processor.encode(normal[i], out_type=str)
                widths = np.fromiter((len(surface) for surface in surfaces), dtype=np.int64, count=len(ids))
                rows[i] = np.repeat(ids, np.where(unknown, widths, 1))
        return rows
