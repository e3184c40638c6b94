"""What pairing documents and mining sentences both check before they begin."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from corpus.alignment.settings import load_kept, workspace_encoder
from corpus.base.errors import CorpusError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from align.encoder import Encoder
    from corpus.mining.model import PairingModel
    from corpus.store.workspace import Workspace

_UNKNOWN = "und"


def load_for(workspace: Workspace, model: PairingModel) -> Encoder:
    """Load the encoder that a workspace is aligned with.

    Raises
    ------
    CorpusError
        If it cannot be loaded, or is one that the weights are not for.
    """
    if (name := workspace_encoder(workspace)) != model.encoder:
        raise CorpusError(
            f"pairs are told with the encoder {model.encoder}, and this workspace is aligned with {name}; to "
            f"go back: `align(encoder={model.encoder!r})`"
        )
    return load_kept(name)


def pairs_of_languages(
    present: Iterable[str], langs: Sequence[tuple[str, str]] | None
) -> list[tuple[str, str]]:
    """Return the pairs of languages to look at: those named, else all that there are.

    Raises
    ------
    CorpusError
        If there is no text in a language that is named, one is paired with itself, or all texts are in one.
    """
    there = sorted(set(present))
    chosen = list(langs) if langs is not None else list(combinations(sorted({*there} - {_UNKNOWN}), 2))
    if missing := sorted({lang for pair in chosen for lang in pair} - set(there)):
        raise CorpusError(f"no text in {', '.join(missing)} here; languages are {', '.join(there)}")
    if twice := next((one for one, other in chosen if one == other), None):
        raise CorpusError(f"{twice}-{twice}: two languages, not one twice")
    firsts: dict[frozenset[str], tuple[str, str]] = {}
    for pair in chosen:
        firsts.setdefault(frozenset(pair), pair)  # zh-en and en-zh are one
    chosen = [*firsts.values()]
    if not chosen:
        raise CorpusError(f"all texts are in one language ({', '.join(there)}): nothing to pair")
    return chosen
