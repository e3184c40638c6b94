"""Any sentence-transformers model as an encoder: the only module here that imports torch.

The name is ``st:`` and a hub name or a local folder; options follow a question mark, as in
``st:intfloat/multilingual-e5-base?batch_size=64&query_prompt=query: &passage_prompt=passage: ``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args
from urllib.parse import parse_qsl, urlencode

import numpy as np

from corpus.base.errors import EncoderError
from corpus.encoders.blocks import BaseEncoder
from corpus.encoders.loading import SENTENCE_TRANSFORMERS
from corpus.text.joining import well_formed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sentence_transformers import SentenceTransformer

    from align.encoder import Role, Vectors


_SECONDS = 10.0

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

    def written(self) -> str:
        """Return the options that are not as usual, as `parse_options` reads them."""
        usual = HubOptions()
        named = [(field.name, getattr(self, field.name)) for field in fields(self)]
        return urlencode([(name, value) for name, value in named if value != getattr(usual, name)])

    def signature(self) -> str:
        """Return the options that change vectors, for the version; empty for defaults."""
        changed = {
            "precision": (self.precision, "float32"),
            "backend": (self.backend, "torch"),
            "query": (self.query_prompt, ""),
            "passage": (self.passage_prompt, ""),
        }
        return "".join(f"+{name}={value!r}" for name, (value, usual) in changed.items() if value != usual)


def open_model(spec: str) -> HubEncoder:
    """Open the model that a name describes, without its ``st:``.

    Parameters
    ----------
    spec
        A hub name or a local folder, perhaps with options: see `HubOptions` for which.

    Raises
    ------
    EncoderError
        If an option is wrong, sentence-transformers is not installed, or the model cannot be had: it does
        not exist, or there is no network and no local copy.
    """
    model, _, query = spec.partition("?")
    return open_with(model, parse_options(query))


def parse_options(query: str) -> HubOptions:
    """Read ``name=value&name=value``.

    Raises
    ------
    EncoderError
        If an option is unknown or its value is not one it can have.
    """
    known = [field.name for field in fields(HubOptions)]
    values: dict[str, Any] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        choices = {"precision": get_args(Precision), "backend": get_args(Backend)}.get(name)
        if name not in known:
            raise EncoderError(
                f"a sentence-transformers encoder has no option {name!r}; it has {', '.join(known)}"
            )
        if choices and value not in choices:
            raise EncoderError(f"{name} is one of {', '.join(choices)}, not {value!r}")
        if name == "batch_size" and not (value.isascii() and value.isdigit() and int(value) > 0):
            raise EncoderError(f"batch_size is a whole number from 1, not {value!r}")
        values[name] = int(value) if name == "batch_size" else value
    return HubOptions(**values)


def open_with(model: str, options: HubOptions) -> HubEncoder:
    """Open a sentence-transformers model.

    Parameters
    ----------
    model
        A hub name or a local folder.
    options
        How to run it.

    Raises
    ------
    EncoderError
        If sentence-transformers is not installed, or the model cannot be had.
    """
    if not model:
        raise EncoderError(
            "'st:' needs the name of a model: st:sentence-transformers/LaBSE, say, or st:./folder"
        )
    folder = Path(model).expanduser()
    if not folder.is_dir() and (model[0] in "./~" or folder.is_absolute()):
        raise EncoderError(f"there is no folder {model!r} with a sentence-transformers model")
    try:
        library = import_module("sentence_transformers")
    except ImportError as error:
        raise EncoderError(
            f"'st:{model}' needs sentence-transformers: pip install sentence-transformers; "
            "the encoder 'use' needs nothing more"
        ) from error
    arguments: dict[str, Any] = {
        "device": options.device or None,
        "backend": options.backend,
        "prompts": options.prompts(),
    }
    if options.precision != "float32":
        arguments["model_kwargs"] = {"dtype": options.precision}
    try:
        loaded = _load(library, model, arguments)
    except ImportError as error:
        raise EncoderError(
            f"the back end {options.backend!r} is not installed: {_first_line(error)}"
        ) from error
    except Exception as error:
        # Hub, transformers and safetensors each raise their own kind, from ValueError to requests' errors.
        raise EncoderError(_not_to_be_had(model, folder.is_dir(), error)) from error
    return HubEncoder.of(model, options, loaded)


def _load(library: Any, model: str, arguments: dict[str, Any]) -> SentenceTransformer:  # noqa: ANN401 - a module
    folder = Path(model).expanduser()
    loaded: SentenceTransformer
    if folder.is_dir():
        loaded = library.SentenceTransformer(str(folder), **arguments)
        return loaded
    try:
        # What is on this computer is used as it is, with a network or without.
        loaded = library.SentenceTransformer(model, local_files_only=True, **arguments)
    except ImportError:
        raise
    except Exception:
        # One request that fails at once, where the loader would try each file for minutes.
        import_module("huggingface_hub").HfApi().model_info(model, timeout=_SECONDS)
        loaded = library.SentenceTransformer(model, **arguments)
    return loaded


def _not_to_be_had(model: str, local: bool, error: Exception) -> str:  # noqa: FBT001
    if local:
        return f"the folder {model!r} holds no sentence-transformers model that loads: {_first_line(error)}"
    return (
        f"the model {model!r} is neither on this computer nor could it be fetched ({_first_line(error)}). "
        f"If the name is right, fetch it once where there is a network: hf download {model}. "
        "The encoder 'use' works now, without a network: `encoder='use'`"
    )


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)


@dataclass(frozen=True)
class HubEncoder(BaseEncoder):
    """A sentence-transformers model behind the protocol of the shipped encoders.

    A text's vector depends on its batch only by the rounding of padded matrix products: less than 1e-5 in
    each number at float32, 1e-2 at half precision. There is no correction for language.
    """

    options: HubOptions
    model: SentenceTransformer

    @property
    def loaded_by(self) -> str:
        """What loads the same anywhere: the name with its options, and of a folder the whole path."""
        model = self.name.removeprefix(SENTENCE_TRANSFORMERS)
        folder = Path(model).expanduser()
        options = self.options.written()
        named = str(folder.resolve()) if folder.is_dir() else model
        return f"{SENTENCE_TRANSFORMERS}{named}{f'?{options}' if options else ''}"

    @classmethod
    def of(cls, model: str, options: HubOptions, loaded: SentenceTransformer) -> HubEncoder:
        """Wrap a loaded model."""
        card = loaded.model_card_data
        languages = card.language or ()
        # Asked of the model, since not every first module knows it.
        dim = int(np.asarray(loaded.encode(["."], show_progress_bar=False)).shape[1])
        return cls(
            name=f"st:{model}",
            version=f"{_version(model, loaded)}{options.signature()}",
            dim=dim,
            languages=(languages,) if isinstance(languages, str) else tuple(languages),
            licence=card.license or "",
            options=options,
            model=loaded,
        )

    def encode(self, texts: Sequence[str], *, role: Role = "passage", lang: str | None = None) -> Vectors:
        """Embed texts, in input order.

        Parameters
        ----------
        texts
            n texts; one of white space only has a zero row. What is beyond the model's longest input is
            cut off.
        role
            Chooses the model's prompt for queries or for passages, where it has one.
        lang
            Makes no difference.

        Returns
        -------
        Vectors
            Shape (n, dim), float32, unit rows.
        """
        del lang
        out = np.zeros((len(texts), self.dim), dtype=np.float32)
        filled = [i for i, text in enumerate(texts) if text.strip()]
        if filled:
            encode = self.model.encode_query if role == "query" else self.model.encode_document
            vectors = encode(
                [well_formed(texts[i]) for i in filled],
                batch_size=self.options.batch_size,
                show_progress_bar=False,
                normalize_embeddings=True,
            )
            out[filled] = np.asarray(vectors, dtype=np.float32)
        return out


def _version(model: str, loaded: SentenceTransformer) -> str:
    """Tell one state of a model from another: the hub's revision, or the files of a folder."""
    folder = Path(model).expanduser()
    if folder.is_dir():
        digest = blake2b(digest_size=6)
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                status = path.stat()
                line = f"{path.relative_to(folder).as_posix()} {status.st_size} {status.st_mtime_ns}\n"
                digest.update(line.encode())
        return digest.hexdigest()
    config = getattr(getattr(loaded[0], "auto_model", None), "config", None)
    return getattr(config, "_commit_hash", None) or "unknown"
