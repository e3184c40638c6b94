"""A short digest of what a workspace holds, so that a figure can be checked against the texts it is of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from typing import Any

    from corpus.store.workspace import Workspace

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What results rest on. Equal digests, equal content; how the tables are stored does not count.

    Nor does the order of ingestion, but where files of one name in several folders get their ids by it.

    Attributes
    ----------
    texts
        Digest of the documents: of each its id and its fingerprint, which holds the file's bytes, the
        version of the reader, and all that manifests and options say; and of what is linked.
    beads
        Digest of which versions are aligned with which by which aligner (encoder and weights); None
        where nothing is aligned.
    encoder
        The encoder that made the index, and its version; None where there is no index.
    """

    texts: str
    beads: str | None
    encoder: str | None

    @property
    def digest(self) -> str:
        """One digest of all three."""
        parts = json.dumps([self.texts, self.beads, self.encoder])
        return hashlib.sha256(parts.encode()).hexdigest()[:_DIGITS]

    def to_dict(self) -> dict[str, Any]:
        """Return the parts and the digest of them all, for JSON."""
        return {"digest": self.digest, **asdict(self)}


def snapshot(workspace: Workspace) -> Snapshot:
    """Return the snapshot of a workspace; one without documents has one, too."""
    workspace = workspace.pin()
    documents = workspace.scan("documents").select("doc_id", "fingerprint").collect()
    if workspace.state().rows("links"):  # the original's date is the translation's
        links = workspace.scan("links").select(
            doc_id=pl.concat_str("a", pl.lit(" "), "b"), fingerprint="original"
        )
        documents = pl.concat([documents, links.collect()])
    # Of a document's own versions, the digest is what it was when there were no links.
    other = pl.concat_str("tgt_doc", pl.lit(":"), "tgt_version")
    aligned = (
        workspace.scan("beads")
        .select("doc_id", "src_version", pl.coalesce(other, pl.col("tgt_version").cast(pl.String)), "aligner")
        .unique()
        .collect()
    )
    encoders = {
        f"{about['encoder']} {about['version']}"
        for name, about in workspace.state().about.items()
        if name.startswith("index") and "encoder" in about
    }
    return Snapshot(
        texts=table_digest(documents),
        beads=table_digest(aligned) if len(aligned) else None,
        encoder=", ".join(sorted(encoders)) or None,
    )


def table_digest(table: pl.DataFrame) -> str:
    """Return a digest of a table's rows, whatever their order."""
    parts = pl.concat_str(pl.all().cast(pl.String).fill_null(""), separator="\x1f")
    lines = table.select(line=parts)["line"].sort()
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:_DIGITS]
