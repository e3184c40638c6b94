"""Options of a sentence-transformers encoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Precision: TypeAlias = Literal["float32", "float16", "bfloat16"]
Backend: TypeAlias = Literal["torch", "onnx", "openvino"]


@dataclass(frozen=True)
class HubOptions:
    """How a sentence-transformers model is run.

    Attributes
    ----------
    device
        ``cpu``, ``cuda``, ``mps`` …; empty for the best there is.
    batch_size
        Texts encoded at a time.
    precision
        Of the weights; vectors are float32 in any case.
    backend
        sentence-transformers' own: ``onnx`` and ``openvino`` need its extras of that name.
    query_prompt, passage_prompt
        Put before every query or passage, instead of the model's own prompts.
    """

    device: str = ""
    batch_size: int = 32
    precision: Precision = "float32"
    backend: Backend = "torch"
    query_prompt: str = ""
    passage_prompt: str = ""

    def prompts(self) -> dict[str, str] | None:
        """Return prompts by sentence-transformers' names for them; None leaves the model its own."""
        if not self.query_prompt and not self.passage_prompt:
            return None
        return {"query": self.query_prompt, "document": self.passage_prompt}

    def signature(self) -> str:
        """Return the options that change vectors, for the version; empty for defaults."""
        changed = {
            "precision": (self.precision, "float32"),
            "backend": (self.backend, "torch"),
            "query": (self.query_prompt, ""),
            "passage": (self.passage_prompt, ""),
        }
        return "".join(f"+{name}={value!r}" for name, (value, usual) in changed.items() if value != usual)
