"""What a workspace is aligned with: the encoder and the weights it was last told, which it remembers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from corpus.alignment.weights import parse_weights, shipped_weights, weights_digest, weights_text
from corpus.base.errors import CorpusError, WorkspaceError
from corpus.encoders import load_encoder

if TYPE_CHECKING:
    import align
    from align.encoder import Encoder
    from corpus.store.workspace import Workspace

_WEIGHTS = "weights"  # what a workspace calls the file of weights it keeps
_ALIGNER = "aligner"  # and the note that names the encoder it is aligned with


_MONOTONE = " monotone"  # after the id of an aligner that looks for nothing moved


def aligner_name(encoder: str, weights: align.Weights) -> str:
    """Return the aligner's id as stored with beads: encoder, digest of weights."""
    return f"{encoder} {weights_digest(weights)}"


def looks_across(*, moved: bool) -> str:
    """Return what an aligner's id ends in: whether passages that were moved are looked for."""
    return "" if moved else _MONOTONE


def finds_moved(workspace: Workspace) -> bool:
    """Whether a workspace's alignments hold passages that were moved; so unless it was told otherwise."""
    return bool(workspace.state().about.get(_ALIGNER, {}).get("moved", True))


def workspace_weights(workspace: Workspace) -> align.Weights:
    """Return the weights a workspace was last told to align with, those that ship if never.

    Raises
    ------
    WorkspaceError
        If the file of weights in the workspace is damaged, or was and is gone.
    """
    about = workspace.state().about.get(_WEIGHTS, {})
    file = workspace.file(_WEIGHTS)
    if about.get("lost"):
        raise WorkspaceError(
            "the workspace's weights were damaged and are lost; name weights again: `align(weights=FILE)`"
        )
    if file is None or about.get("shipped"):
        return shipped_weights()
    try:
        workspace.whole_file(_WEIGHTS)
        return parse_weights(file.read_text("utf-8"))
    except WorkspaceError as error:
        raise WorkspaceError(f"{error}; name weights again: `align(weights=FILE)`") from None
    except (OSError, ValueError) as error:
        raise WorkspaceError(
            f"{file}: damaged or unreadable ({error}); name weights again: `align(weights=FILE)`"
        ) from None


def workspace_encoder(workspace: Workspace, weights: align.Weights | None = None) -> str:
    """Return the name of the encoder that a workspace is aligned with where none is named.

    Parameters
    ----------
    workspace
        Its last one; if none was ever named, that of the weights that ship.
    weights
        Of the aligner, if any are named: to name those that ship goes back to their encoder.
    """
    shipped = shipped_weights()
    if weights == shipped:
        return shipped.encoder
    noted = workspace.state().about.get(_ALIGNER)
    return shipped.encoder if noted is None else str(noted["encoder"])


def workspace_aligner(workspace: Workspace, encoder: str | None = None) -> str:
    """Return the id of the aligner that a workspace uses now."""
    encoder = workspace_encoder(workspace) if encoder is None else encoder
    return aligner_name(encoder, workspace_scorer(workspace, encoder)) + looks_across(
        moved=finds_moved(workspace)
    )


def workspace_scorer(workspace: Workspace, encoder: str | None = None) -> align.Weights:
    """Return the weights that score a workspace's beads, made with its own encoder unless one is named.

    They are those it keeps; for another encoder than theirs those that ship, which serve any.

    Raises
    ------
    WorkspaceError
        If the file of weights in the workspace is damaged.
    """
    encoder = workspace_encoder(workspace) if encoder is None else encoder
    kept = workspace_weights(workspace)
    return kept if kept.encoder == encoder else shipped_weights()


def check_encoder(weights: align.Weights, encoder: str) -> None:
    """Refuse weights that are another encoder's (CorpusError)."""
    if weights.encoder != encoder:
        raise CorpusError(
            f"these weights are for the encoder {weights.encoder}, not {encoder}: "
            f"say `encoder={weights.encoder!r}`, or train weights for {encoder}: `train_aligner()`"
        )


def keep_aligner(
    workspace: Workspace, encoder: str, weights: align.Weights | None, *, moved: bool | None = None
) -> None:
    """Note in a workspace what it is aligned with from now on.

    Weights, and whether passages that were moved are looked for, stay as they are unless given.
    """
    with suppress(WorkspaceError):  # what is damaged is replaced
        if weights is not None and weights == workspace_weights(workspace):
            weights = None
    before = finds_moved(workspace)
    moved = before if moved is None else moved
    if weights is None and encoder == workspace_encoder(workspace) and moved == before:
        return
    with workspace.change() as change:
        change.note(_ALIGNER, {"encoder": encoder} if moved else {"encoder": encoder, "moved": False})
        if weights is not None:
            about = {"shipped": weights == shipped_weights()}
            change.put_file(_WEIGHTS, "json", weights_text(weights).encode(), about)


def load_kept(name: str) -> Encoder:
    """Load the encoder that a workspace is aligned with, which may be gone since (CorpusError)."""
    try:
        return load_encoder(name)
    except CorpusError as error:
        raise CorpusError(
            f"the workspace is aligned with {name}: {error}; to go back to use: `align(encoder='use')`"
        ) from None
