"""The first page: what is in the workspace, and how to put something there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from corpus.base.errors import CorpusError
from corpus.base.limits import MAX_TEXT
from corpus.text.languages import known_lang
from corpus.web.jobs import Outcome
from corpus.web.paths import shown_notes
from corpus.web.tables import paged
from corpus.web.views import Asked, View

if TYPE_CHECKING:
    from corpus.api.corpus import Corpus
    from corpus.api.tables import Table

_SOON = 4.0  # seconds that a short pair of texts is waited for
_FEW = 20


def start(asked: Asked) -> View:
    """Show what is in the workspace, or how to begin."""
    studio = asked.studio
    if not studio.holds_documents:
        return View("start.html", {"status": None, "spread": []}, {"documents": 0})
    status = studio.kept("status", {}, studio.corpus.status)
    kept = status.to_dict()
    kept.pop("workspace")
    most = max(status.counts["sentences"].to_list(), default=1) or 1
    spread = [row | {"share": round(100 * row["sentences"] / most)} for row in status.counts.to_dicts()]
    return View("start.html", {"status": status, "spread": spread}, kept)


def upload(asked: Asked) -> Response:
    """Take files, and read them in the background."""
    assert asked.form is not None
    texts: dict[str, bytes | str] = {}
    for item in asked.form.getlist("files"):
        if isinstance(item, UploadFile) and item.filename:
            name = item.filename
            while name in texts:
                name = f"_{name}"
            texts[name] = item.file.read(MAX_TEXT + 1)
    if not texts:
        raise CorpusError(asked.told("No file was chosen."))
    stated = {name: asked.text(name) or None for name in ("date", "source", "lang")}

    def run(corpus: Corpus) -> Outcome:
        report = corpus.add_texts(texts, **stated)
        corpus.refresh(files=False)
        notes = [*(f"{one.file}: {one.reason}" for one in report.skipped), *report.notes]
        return Outcome(
            "{new} documents are new, {changed} changed, {same} were there; {skipped} files were not read.",
            {"new": len(report.new), "changed": len(report.changed), "same": len(report.unchanged),
             "skipped": len(report.skipped)},
            shown_notes(notes[:_FEW], corpus.workspace.path),
            "/documents" if len(report.new) != 1 else f"/document/{report.new[0]}",
        )  # fmt: skip

    studio = asked.studio
    return RedirectResponse(f"/jobs#job-{studio.jobs.start('ingest', run).number}", 303)


def seeds(asked: Asked) -> Response:
    """Put the seed documents into an empty workspace."""

    def run(corpus: Corpus) -> Outcome:
        corpus.use_seeds()
        corpus.refresh(files=False)
        return Outcome("The seed documents are here to try things with.", href="/")

    job = asked.studio.jobs.start("ingest", run)
    job.over.wait(_SOON)
    return RedirectResponse("/" if job.state == "done" else f"/jobs#job-{job.number}", 303)


@dataclass(frozen=True, slots=True)
class Pasted:
    """Two texts that were pasted, and how they are aligned."""

    src: str
    tgt: str
    src_lang: str | None
    tgt_lang: str | None
    pairs: Table


def paste(asked: Asked) -> Response:
    """Align two texts that were pasted; nothing is kept."""
    src, tgt = asked.text("src"), asked.text("tgt")
    langs = asked.text("src_lang") or None, asked.text("tgt_lang") or None
    if not src or not tgt:
        raise CorpusError(asked.told("Paste a text into both boxes."))

    def run(_corpus: Corpus) -> Outcome:
        from corpus.api.desk import align_written

        pairs = align_written(src, tgt, src_lang=langs[0], tgt_lang=langs[1], nulls=True)
        made = Pasted(src, tgt, *langs, pairs)
        return Outcome("The two texts are aligned.", href=f"/pasted/{job.number}", value=made)

    job = asked.studio.jobs.start("paste", run)
    job.over.wait(_SOON)
    return RedirectResponse(f"/pasted/{job.number}", 303)


def pasted(asked: Asked) -> View:
    """Show the two texts side by side."""
    job = asked.studio.jobs.get(int(asked.params["number"]))
    if job is None or job.kind != "paste":
        raise HTTPException(404)
    if not job.over.is_set():
        return View("waiting.html", {"job": job}, job.to_dict())
    if job.outcome is None:
        raise CorpusError(job.error or asked.told("The job was cancelled."))
    made: Pasted = job.outcome.value
    columns = ["src_lang", "tgt_lang", "src", "tgt", "score", "bead", "flags"]
    table = made.pairs.select(columns)
    data = {"job": job, "pasted": made, "shown": paged(table, asked, rows=200), "langs": _langs(table)}
    twin = {"unlike": made.pairs.about["unlike"], "beads": table.to_dicts()}
    return View("pasted.html", data, twin, table, name="aligned")


def _langs(table: Any) -> tuple[str, str]:  # noqa: ANN401 - a frame
    return (table["src_lang"][0], table["tgt_lang"][0]) if len(table) else ("", "")


def keep(asked: Asked) -> Response:
    """Put two texts that were pasted into the workspace."""
    job = asked.studio.jobs.get(int(asked.params["number"]))
    if job is None or job.outcome is None or not isinstance(job.outcome.value, Pasted):
        raise HTTPException(404)
    made = job.outcome.value
    name = asked.text("name") or asked.told("Pasted texts")
    langs = _langs(made.pairs)

    def run(corpus: Corpus) -> Outcome:
        doc_id = corpus.add_pair(
            (f"{name}.{langs[0]}.txt", made.src), (f"{name}.{langs[1]}.txt", made.tgt),
            src_lang=known_lang(langs[0]), tgt_lang=known_lang(langs[1]),
        )  # fmt: skip
        corpus.refresh(files=False)
        return Outcome("The two texts are kept, linked and aligned.", href=f"/document/{doc_id}")

    new = asked.studio.jobs.start("ingest", run)
    new.over.wait(_SOON)
    href = new.outcome.href if new.outcome and new.outcome.href else f"/jobs#job-{new.number}"
    return RedirectResponse(href, 303)
