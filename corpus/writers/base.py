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


def _own(
    name: str,
    endings: str,
    module: str,
    about: str,
    shape: str = "file",
    extra: str | None = None,
    *,
    binary: bool = False,
    textless: bool = False,
    xml: bool = False,
) -> Format:
    """Return a format of ours: written by ``write_NAME`` of a module in this folder."""
    where, function = f"corpus.writers.{module}", f"write_{name}"
    return Format(name, tuple(endings.split()), where, function, about, shape, extra, binary, textless, xml)


_ROWS = (
    _own("tsv", "tsv", "tsv", "tab-separated values, no quoting", textless=True),
    _own("csv", "csv", "delimited", "comma-separated values; no cell is run as a formula", textless=True),
    _own("json", "json", "records", "an array of objects, one a pair", textless=True),
    _own("jsonl", "jsonl ndjson", "records", "an object a line, one a pair", textless=True),
    _own("parquet", "parquet", "parquet", "columns, for data frames", binary=True, textless=True),
    _own("dataset", "", "parquet", "Parquet with a data set's card", "folder", binary=True, textless=True),
    _own("xlsx", "xlsx", "xlsx", "a sheet for reviewers, which `review` reads again", binary=True),
    _own("docx", "docx", "pages.docx", "side by side in a table", extra="office", binary=True),
    _own("html", "html htm", "pages.html", "one page to read and search in a browser"),
    _own("tei", "tei.xml tei", "corpora.tei", "TEI P5, beads in stand-off", textless=True, xml=True),
    _own("vertical", "vert", "corpora.vertical", "Sketch Engine: BASE.zh.vert, BASE.en.vert", "files"),
    _own("texts", "", "corpora.texts", "a text a document, and metadata.csv (AntConc, Voyant)", "folder"),
    _own("tmx", "tmx", "bitext.tmx", "translation memory, TMX 1.4b", xml=True),
    _own("xliff", "xlf xliff", "bitext.xliff", "XLIFF 2.1, one pair of languages", xml=True),
    _own("xliff12", "", "bitext.xliff", "XLIFF 1.2", xml=True),
    _own("moses", "moses", "bitext.moses", "BASE.zh, BASE.en, BASE.ids, a line a pair", "files"),
    _own("xces", "", "bitext.links", "OPUS: links, and a text each", "folder", xml=True),
    _own("intertext", "", "bitext.links", "InterText: links, and a text each", "folder", xml=True),
    _own("beads", "beads", "beads", "beads as gold files have them, [0, 1]:[2] a line", textless=True),
    _own("ids", "ids", "tsv", "places and scores only, where texts may not be passed on", textless=True),
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
        it says; or a folder is named without a format.
    """
    known = formats()
    if name is not None:
        if name not in known:
            raise CorpusError(f"no format {name!r}; there are {', '.join(known)}")
        return name
    if str(file).endswith(("/", "\\")) or Path(file).is_dir():
        able = ", ".join(row.name for row in known.values() if row.shape == "folder")
        raise CorpusError(f"{file}: a folder; which format? {able}: `form='texts'`")
    called = Path(file).name.lower()
    endings = {f".{ending}": row.name for row in known.values() for ending in row.endings}
    fitting = [ending for ending in endings if called.endswith(ending)]
    if fitting:
        return endings[max(fitting, key=len)]
    ending = "" if str(file) == "-" else Path(file).suffix.lower()
    if ending:
        raise CorpusError(f"{file}: there is no writer for {ending}; there are {', '.join(sorted(endings))}")
    return default


def matched_ending(file: Path | str, form: Format) -> str:
    """Return the ending of a name that is the format's own, with its dot; empty if it has none of these."""
    name = Path(file).name
    fitting = [ending for ending in form.endings if name.lower().endswith(f".{ending}")]
    return name[-len(max(fitting, key=len)) - 1 :] if fitting else ""


def base_of(file: Path | str, form: Format) -> Path:
    """Return what the files of an export are called after: its name, of several files without the ending."""
    path = Path(file)
    ending = matched_ending(path, form) if form.shape == "files" else ""
    return path.with_name(path.name.removesuffix(ending)) if ending else path


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
    check_options(form, options)
    found = formats()[form]
    place = target if str(target) == "-" else base_of(target, found)
    with output_to(place, found.shape, binary=found.binary) as out:
        write_into(batches, out, form, options)


def write_into(batches: Iterable[PairBatch], out: Output, form: str, options: WriteOptions) -> None:
    """Write pairs to a place that is open; see `write_pairs`."""
    try:
        writer(form)(batches, out, options)
    except ImportError as error:
        raise missing(form, error) from None


def check_options(form: str, options: WriteOptions) -> None:
    """Raise CorpusError if a format needs what is not installed, or texts that may not be written."""
    writer(form)
    if not options.text and not formats()[form].textless:
        able = ", ".join(row.name for row in formats().values() if row.textless)
        raise CorpusError(f"{form} holds texts; without them there are {able}")
