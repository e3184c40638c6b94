"""What was found out about texts when they were paired: kept, so that only what is new is looked at again.

In a workspace, for each pair of languages, the file ``pairing-en-zh``: neighbours of sentences, the evidence
of pairs and how much an alignment pairs. All of it goes by what the texts say, and can be made again.
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

import numpy as np

from corpus.base.errors import WorkspaceError
from corpus.base.version import __version__
from corpus.mining.evidence.documents import Evidence
from corpus.mining.neighbours import Known, Lookups

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace

_LAYOUT = 1  # of the file; goes up, too, when neighbours or evidence are found in another way
_Pair = tuple[str, str]


@dataclass(slots=True)
class Memory:
    """What is known of the texts of two languages.

    Attributes
    ----------
    lookups
        Of the sentences of either language among those of the other; empty before the first time.
    evidence
        Of pairs of texts, by their `Text.digest` and a digest of their sentences' density.
    shares
        What an alignment pairs of two texts, by their `Text.digest`.
    changed
        Whether anything was found out since it was recalled.
    """

    lookups: tuple[Known, ...] = ()
    evidence: dict[tuple[str, str, str], Evidence] = field(default_factory=dict)
    shares: dict[_Pair, float] = field(default_factory=dict)
    changed: bool = False


def recall(workspace: Workspace, langs: _Pair, made_by: str) -> Memory:
    """Return what a workspace keeps of two languages; nothing if it is damaged, or was made in another way.

    Parameters
    ----------
    workspace, langs
        Where, and of what.
    made_by
        What says how it is made: encoder and aligner.
    """
    name = _name(langs)
    about = workspace.state().about.get(name, {})
    if about != _about(langs, made_by):
        return Memory()
    with suppress(OSError, WorkspaceError, BadZipFile, KeyError, ValueError):
        path = workspace.whole_file(name)
        if path is not None:
            with np.load(path, allow_pickle=False) as arrays:
                return _read(arrays)
    return Memory()


def keep(workspace: Workspace, langs: _Pair, made_by: str, memory: Memory) -> None:
    """Keep it in a workspace; where that cannot be written, it is found out again the next time."""
    data = io.BytesIO()
    arrays: dict[str, Any] = dict(_arrays(memory))
    np.savez(data, **arrays)
    current = type(workspace)(workspace.path)  # what is read may be pinned, which is not to be changed from
    with suppress(WorkspaceError), current.change() as change:
        change.put_file(_name(langs), "npz", data.getvalue(), _about(langs, made_by))


def _name(langs: _Pair) -> str:
    return f"pairing-{'-'.join(langs)}"


def _about(langs: _Pair, made_by: str) -> dict[str, Any]:
    return {"langs": list(langs), "made_by": f"{made_by} {__version__} {_LAYOUT}"}


def _arrays(memory: Memory) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {}
    for number, known in enumerate(memory.lookups):
        for side in ("asked", "held"):
            arrays[f"{side} {number}"] = _texts(getattr(known, side))
        for one in fields(Lookups):
            arrays[f"{one.name} {number}"] = getattr(known.lookups, one.name)
    arrays["evidence of"] = _texts([" ".join(key) for key in memory.evidence])
    arrays["evidence"] = np.array([_numbers(one) for one in memory.evidence.values()], np.float64)
    arrays["shares of"] = _texts([" ".join(key) for key in memory.shares])
    arrays["shares"] = np.array([*memory.shares.values()], np.float64)
    return arrays


def _read(arrays: Any) -> Memory:  # noqa: ANN401 - numpy's reader
    lookups = tuple(
        Known(
            _lines(arrays[f"asked {number}"]),
            _lines(arrays[f"held {number}"]),
            Lookups(**{one.name: arrays[f"{one.name} {number}"] for one in fields(Lookups)}),
        )
        for number in range(2)
        if f"asked {number}" in arrays
    )
    of = (line.split(" ") for line in _lines(arrays["evidence of"]))
    evidence = {
        (a, b, density): _evidence(numbers)
        for (a, b, density), numbers in zip(of, arrays["evidence"].tolist(), strict=True)
    }
    pairs = ((a, b) for a, b in (line.split(" ") for line in _lines(arrays["shares of"])))
    return Memory(lookups, evidence, dict(zip(pairs, arrays["shares"].tolist(), strict=True)))


def _texts(lines: Any) -> np.ndarray:  # noqa: ANN401 - a sequence of str
    """Return lines of text as bytes: numpy's own strings take four for each character of the longest."""
    return np.frombuffer("\0".join(lines).encode("utf-8", "surrogatepass"), np.uint8)


def _lines(data: np.ndarray) -> list[str]:
    text = data.tobytes().decode("utf-8", "surrogatepass")
    return text.split("\0") if text else []


def _numbers(one: Evidence) -> list[float]:
    nothing = float("nan")
    spans = [place for span in one.spans for place in (span or (nothing, nothing))]
    rest = [nothing if value is None else value for value in (one.figures, one.names)]
    return [*one.close, *one.matched, one.order, *rest, one.length, *spans]


def _evidence(numbers: list[float]) -> Evidence:
    """Make evidence of its numbers; dates are not kept: they may be corrected."""
    known = [None if value != value else value for value in numbers]  # noqa: PLR0124 - not a number
    spans = [
        None if first is None or last is None else (int(first), int(last))
        for first, last in (known[8:10], known[10:12])
    ]
    return Evidence(
        close=(numbers[0], numbers[1]),
        matched=(numbers[2], numbers[3]),
        order=numbers[4],
        figures=known[5],
        names=known[6],
        length=numbers[7],
        days=None,
        spans=(spans[0], spans[1]),
    )
