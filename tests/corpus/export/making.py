"""Invented bilingual documents, put into a workspace aligned sentence by sentence, without an encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.store.schemas import frame, text_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpus.store.workspace import Workspace

_NOUNS = [
    "harbour",
    "bridge",
    "orchard",
    "tunnel",
    "granary",
    "signal",
    "quarry",
    "ferry",
    "archive",
    "turbine",
    "kiln",
    "levee",
]
_VERBS = [
    "inspected",
    "repaired",
    "painted",
    "measured",
    "closed",
    "opened",
    "flooded",
    "mapped",
    "drained",
    "extended",
]


def bilingual(seed: int, count: int = 6) -> list[tuple[str, str]]:
    """Return pairs of sentences that no other seed has, long enough to be compared."""
    made = []
    for k in range(count):
        one, other = _NOUNS[(seed * 5 + k) % 12], _NOUNS[(seed + 7 * k + 3) % 12]
        verb = _VERBS[(seed * 3 + k) % 10]
        number = 1000 + 37 * seed + 911 * k
        made.append((
            f"In the first week of year {number} the {one} no. {seed * k + seed} was {verb} by crew {number * 7 % 89}, "
            f"and {number * 13 % 977} visitors of the {other} saw it.",
            f"第{number}年头一周，{seed * k + seed}号设施{chr(0x4E00 + 31 * seed + k)}由第{number * 7 % 89}队"
            f"{chr(0x5E00 + 17 * k + seed)}过，有{number * 13 % 977}名来客看见{chr(0x6A00 + 97 * k + 13 * seed)}了。",
        ))  # fmt: skip
    return made


def put(workspace: Workspace, texts: Sequence[Iterable[tuple[str, str]]], *, score: float = 0.9) -> None:
    """Put documents d00, d01 … into a workspace, each a text and its translation, and their beads."""
    documents, versions, sentences, beads = [], [], [], []
    for at, text in enumerate(texts):
        doc_id, pairs = f"d{at:02}", [*text]
        documents.append(
            {
                "doc_id": doc_id,
                "file": f"{doc_id}.txt",
                "fingerprint": doc_id,
                "content": doc_id,
                "seed": False,
            }
        )
        for version, lang in enumerate(("en", "zh")):
            relation = "translation" if version else "original"
            versions.append({"doc_id": doc_id, "version": version, "lang": lang, "relation": relation})
            start = 0
            for k, pair in enumerate(pairs):
                end = start + len(pair[version])
                sentences.append({
                    "doc_id": doc_id, "version": version, "sentence": k, "paragraph": k // 3, "kind": "paragraph",
                    "text": pair[version], "line": k + 1, "start": start, "end": end,
                    "text_id": text_id(lang, pair[version]),
                })  # fmt: skip
                start = end + 1
        beads += [
            {
                "doc_id": doc_id, "bead": k, "src_version": 0, "tgt_version": 1, "src_ids": [k], "tgt_ids": [k],
                "score": score, "flags": [], "aligner": "made",
            }
            for k in range(len(pairs))
        ]  # fmt: skip
    rows = {"documents": documents, "versions": versions, "sentences": sentences, "beads": beads}
    with workspace.change() as change:
        for name, made in rows.items():
            change.add(name, frame(name, made))
