"""The shipped encoders as a module of sentence-transformers.

    SentenceTransformer(modules=[ShippedEncoder("use")])

encodes, saves, loads, and works in that library's mining and evaluators. It cannot be trained.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from sentence_transformers.base.modules import InputModule

from corpus.encoders.loading import load_encoder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from align.encoder import Role


class ShippedEncoder(InputModule):
    """An encoder of this toolkit, by name.

    Parameters
    ----------
    name
        As for `corpus.load_encoder`.
    lang
        Language of all texts, to be corrected for; None does not correct.

    Raises
    ------
    EncoderError
        If the encoder cannot be loaded.
    """

    config_keys: list[str] = ["name", "lang"]  # noqa: RUF012 - a class attribute of the base
    save_in_root = False

    def __init__(self, name: str = "use", lang: str | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call, unused-ignore]
        self.name = name
        self.lang = lang
        self._encoder = load_encoder(name)

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **kwargs: object
    ) -> dict[str, torch.Tensor | Any]:
        """Take the texts as they are; a prompt is put before them, as by other modules."""
        texts = [f"{prompt or ''}{text}" for text in inputs]
        return {"texts": texts, "role": "query" if kwargs.get("task") == "query" else "passage"}

    def forward(
        self, features: dict[str, torch.Tensor | Any], **kwargs: object
    ) -> dict[str, torch.Tensor | Any]:
        """Embed the texts: adds ``sentence_embedding``, float32, shape (n, dim)."""
        del kwargs
        texts, role = cast("list[str]", features["texts"]), cast("Role", features["role"])
        vectors = self._encoder.encode(texts, role=role, lang=self.lang)
        features["sentence_embedding"] = torch.from_numpy(vectors)
        return features

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return self._encoder.dim

    def save(
        self, output_path: str, *args: object, safe_serialization: bool = True, **kwargs: object
    ) -> None:
        """Write which encoder it is; the weights stay where they are installed."""
        del args, safe_serialization, kwargs
        self.save_config(output_path)
