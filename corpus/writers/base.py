"""The formats that aligned pairs are written in, by the ending of the file; one module each.

A writer is a function of batches of pairs (`Writer`): it sees one batch at a time, so that an export needs as
much memory for a million beads as for a thousand. A package may bring more: an entry point of the group
``duizhao.writers`` that is called like the format and names a `Format`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from corpus.base.errors import CorpusError
from corpus.base.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpus.documents.pairs import PairBatch
    from corpus.writers.output import Output

GROUP = "duizhao.writers"
"""The group of entry points under which packages bring formats."""


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """What is asked of a writer, and what it may say of what it writes.

    Attributes
    ----------
    columns
        Which columns, and in which order; none for the format's own. A format of fixed content passes them
        over.
    header
        Whether the first line names the columns, where the format has such a line.
    nulls
        Whether to write null beads: sentences without a counterpart.
    text
        Whether the texts may be written; otherwise only where they are (`Format.textless`).
    title
        What to call the whole.
    tool
        Name and version of what wrote it.
    about
        What the pairs rest on, by name: ``aligner``, ``snapshot``, ``filters``. To be repeated where the
        format has a place for it.
    """

    columns: tuple[str, ...] = ()
    header: bool = True
    nulls: bool = False
    text: bool = True
    title: str = "Aligned texts"
    tool: str = f"duizhao {__version__}"
    about: dict[str, str] = field(default_factory=dict)


class Writer(Protocol):
    """Writes pairs, batch by batch."""

    def __call__(self, batches: Iterable[PairBatch], out: Output, options: WriteOptions, /) -> None:
        """Write all batches.

        Parameters
        ----------
        batches
            What to write, to be read once; null beads are among the pairs, whether or not they are wanted
            (`WriteOptions.nulls`).
        out
            Where to. A file that is not open any more is not in its place yet: that is done when all is
            written.
        options
            What is asked.

        Raises
        ------
        CorpusError
            If there is no such column, or one is named twice; or something cannot be told in this format.
        """
        ...


class Format(NamedTuple):
    """A format: what it is called, and what writes it.

    Attributes
    ----------
    name
        As ``--format`` has it.
    endings
        Of files, without the first dot; the first is the usual one. None where only `name` asks for it.
    module, function
        A `Writer`.
    about
        A line about it.
    shape
        ``file``; ``files``, several with one name; or ``folder``.
    extra
        The extra of this package that it needs besides what is always there; None for nothing.
    binary
        Whether it is no text, so that no terminal can show it.
    textless
        Whether it can be written without the texts.
    xml
        Whether it is XML, which cannot hold every character (`corpus.writers.output.xml_text`).
    """

    name: str
    endings: tuple[str, ...]
    module: str
    function: str
    about: str
    shape: str = "file"
    extra: str | None = None
    binary: bool = False
    textless: bool = False
    xml: bool = False


_W = "corpus.writers."
_B = "corpus.writers.bitext."
_ROWS = (
    Format("tsv", ("tsv",), _W + "tsv", "write_tsv", "tab-separated, no quoting", textless=True),
    Format("csv", ("csv",), _W + "delimited", "write_csv", "comma-separated, guarded", textless=True),
    Format("json", ("json",), _W + "records", "write_json", "an array of objects, one a pair", textless=True),
    Format("jsonl", ("jsonl", "ndjson"), _W + "records", "write_jsonl", "an object a line", textless=True),
    Format(
        "beads",
        ("beads",),
        _W + "beads",
        "write_beads",
        "[0, 1]:[2] a line, as gold files",
        textless=True,
    ),
    Format("parquet", ("parquet",), _W + "parquet", "write_parquet", "columns", binary=True, textless=True),
    Format(
        "dataset", (), _W + "parquet", "write_dataset", "and a card", "folder", binary=True, textless=True
    ),
    Format("xlsx", ("xlsx",), _W + "xlsx", "write_xlsx", "a sheet for reviewers", binary=True),
    Format("docx", ("docx",), _W + "pages.docx", "write_docx", "two columns", extra="office", binary=True),
    Format("html", ("html", "htm"), _W + "pages.html", "write_html", "one page to read in a browser"),
    Format("tei", ("tei.xml", "tei"), _W + "corpora.tei", "write_tei", "TEI P5, stand-off", textless=True),
    Format("vertical", ("vert",), _W + "corpora.vertical", "write_vertical", "for Sketch Engine", "files"),
    Format("texts", (), _W + "corpora.texts", "write_texts", "a text a document, for AntConc", "folder"),
    # aligned texts for translation tools and corpus tools
    Format("tmx", ("tmx",), _B + "tmx", "write_tmx", "translation memory, TMX 1.4b", xml=True),
    Format(
        "xliff", ("xlf", "xliff"), _B + "xliff", "write_xliff", "XLIFF 2.1, one pair of languages", xml=True
    ),
    Format("xliff12", (), _B + "xliff", "write_xliff12", "XLIFF 1.2", xml=True),
    Format(
        "moses", ("moses",), _B + "moses", "write_moses", "BASE.zh, BASE.en, BASE.ids, a line a pair", "files"
    ),
    Format("xces", (), _B + "links", "write_xces", "OPUS: links, and a text each", "folder", xml=True),
    Format("intertext", (), _B + "links", "write_intertext", "InterText: links, texts", "folder", xml=True),
    Format("ids", ("ids",), _W + "tsv", "write_ids", "places and scores only, no texts", textless=True),
)


@cache
def formats() -> dict[str, Format]:
    """Return the formats by name: ours, and those that installed packages bring (`GROUP`)."""
    from importlib.metadata import entry_points

    found = {row.name: row for row in _ROWS}
    for point in entry_points(group=GROUP):
        if point.name not in found:  # a package adds; it does not replace
            brought: Any = point.load()
            found[point.name] = brought._replace(name=point.name)
    return found


def format_of(file: Path | str, default: str = "tsv", *, name: str | None = None) -> str:
    """Return the format that a file's ending names; `default` for standard output and where there is none.

    Parameters
    ----------
    file
        Where the export goes.
    default
        For a name without an ending.
    name
        The format, if it is said; then the ending is of no account.

    Raises
    ------
    CorpusError
        If there is no such format, or none for the ending: another format under it would be taken for what
        it says.
    """
    known = formats()
    if name is not None:
        if name not in known:
            raise CorpusError(f"no format {name!r}; there are {', '.join(known)}")
        return name
    called = Path(file).name.lower()
    endings = {f".{ending}": row.name for row in known.values() for ending in row.endings}
    fitting = [ending for ending in endings if called.endswith(ending)]
    if fitting:
        return endings[max(fitting, key=len)]
    ending = "" if str(file) == "-" else Path(file).suffix.lower()
    if ending:
        raise CorpusError(f"{file}: there is no writer for {ending}; there are {', '.join(sorted(endings))}")
    return default


def base_of(file: Path | str, form: Format) -> Path:
    """Return what the files of an export are called after: its name, of several files without the ending."""
    path = Path(file)
    if form.shape != "files":
        return path
    fitting = [ending for ending in form.endings if path.name.lower().endswith(f".{ending}")]
    return path.with_name(path.name[: -len(max(fitting, key=len)) - 1]) if fitting else path


def writer(name: str) -> Writer:
    """Return what writes a format of `formats`.

    Raises
    ------
    CorpusError
        If it needs something that is not installed.
    """
    found = formats()[name]
    try:
        write: Writer = getattr(import_module(found.module), found.function)
    except ImportError as error:
        raise missing(name, error) from None
    return write


def missing(name: str, error: ImportError) -> CorpusError:
    """Return the error that says what to install for a format."""
    extra = formats()[name].extra if name in formats() else None
    what = f"pip install 'duizhao[{extra}]'" if extra else f"pip install {error.name}"
    return CorpusError(f"the format {name} needs {error.name}: {what}")


def write_pairs(
    batches: Iterable[PairBatch], target: Path | str, form: str, options: WriteOptions | None = None
) -> None:
    """Write pairs to a file, several or a folder: all of it, or nothing.

    Parameters
    ----------
    batches
        See `Writer`.
    target
        See `corpus.writers.output.output_to`; of several files, a name with the format's ending will do.
    form
        Name of the format.
    options
        What is asked of the writer.

    Raises
    ------
    CorpusError
        If the format needs what is not installed, cannot do what is asked, or the place cannot be written.
    """
    from corpus.writers.output import output_to

    options = WriteOptions() if options is None else options
    found = formats()[form]
    check_textless(form, options)
    write = writer(form)
    place = target if str(target) == "-" else base_of(target, found)
    with output_to(place, found.shape, binary=found.binary) as out:
        try:
            write(batches, out, options)
        except ImportError as error:
            raise missing(form, error) from None


def check_textless(form: str, options: WriteOptions) -> None:
    """Raise CorpusError if texts may not be written, and a format is nothing without them."""
    if not options.text and not formats()[form].textless:
        able = ", ".join(row.name for row in formats().values() if row.textless)
        raise CorpusError(f"{form} holds texts; without them there are {able}")
