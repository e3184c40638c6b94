"""XML from outside, read element by element: nothing is fetched, expanded or held longer than needed."""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from lxml import etree

from corpus.base.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_DECLARED = re.compile(
    rb"""\A(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*?\?>"""
)
_KNOWN = {"utf-8", "utf-16", "ascii", "iso8859-1"}  # to the parser that looks at the prolog
_WIDER = dict.fromkeys(("gb2312", "gbk"), "gb18030")  # what is called so often holds more
_CHUNK = 1 << 16
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class _Begun(Exception):  # noqa: N818 - no error: the first element is there
    """The prolog is over."""


def check_prolog(data: bytes, name: str, doctypes: Collection[str] = ()) -> str:
    """Look at what stands before the first element, and return that element's name, without its namespace.

    Parameters
    ----------
    data, name
        The file, and what to call it in an error.
    doctypes
        The document types that it may state; they are passed over, and never fetched.

    Raises
    ------
    InputError
        If there is no element, the file states another document type, or defines entities: a few lines of
        these can stand for more text than any memory holds.
    """
    parser = expat.ParserCreate()
    found: list[str] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        found.append(tag.rpartition(":")[2])
        raise _Begun

    def doctype(root: str, *_rest: object) -> None:
        if root not in doctypes:
            raise InputError(
                f"{name}: line {parser.CurrentLineNumber}: a document type ({root}) where none is expected; "
                "delete the line <!DOCTYPE …>"
            )

    def entity(called: str, *_rest: object) -> None:
        raise InputError(
            f"{name}: line {parser.CurrentLineNumber}: it defines an entity (&{called};), which is never "
            "expanded; write the text itself in its place"
        )

    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = entity
    try:
        for at in range(0, max(len(data), 1), _CHUNK):
            parser.Parse(data[at : at + _CHUNK], at + _CHUNK >= len(data))
    except _Begun:
        return found[0]
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise InputError(f"{name}: not XML: {error}") from None
    raise InputError(f"{name}: not XML: there is no element in it")


def as_unicode(data: bytes, name: str) -> bytes:
    """Return a file of XML in an encoding that every parser knows: of others, such as GB18030, as UTF-8.

    Raises
    ------
    InputError
        If the encoding that it declares is none, or not the one it is in.
    """
    declared = _DECLARED.match(data[:1024])
    if declared is None:
        return data
    if data.startswith(codecs.BOM_UTF8):  # whatever else it may say
        return data[declared.end() :]
    try:
        called = declared[1].decode().lower()
        codec = codecs.lookup(_WIDER.get(called, called))
        if codec.name in _KNOWN:
            return data
        return codec.decode(data[declared.end() :])[0].encode()
    except (LookupError, UnicodeError, TypeError) as error:
        raise InputError(f"{name}: it declares the encoding {declared[1].decode()}: {error}") from None


def elements(data: bytes, name: str, tags: Collection[str]) -> Iterator[tuple[str, etree._Element]]:
    """Yield the elements of some names as they end, and forget each with what was before it.

    Parameters
    ----------
    data, name
        A file that `check_prolog` was content with, and what to call it.
    tags
        Names without namespaces.

    Yields
    ------
    tuple
        ``start`` or ``end``, and the element; at its start only its attributes are sure to be there.

    Raises
    ------
    InputError
        If it is not well-formed.
    """
    events = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), tag=[f"{{*}}{tag}" for tag in tags],
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        for event, element in events:
            yield event, element
            if event == "end":
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        reason = " ".join(str(error.msg).split())
        raise InputError(f"{name}: not well-formed XML: {reason}") from None


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; empty for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def inner_text(element: etree._Element, name: str, skipped: Collection[str] = ()) -> str:
    """Return the text in an element, with that of the elements in it but for those of some names.

    Raises
    ------
    InputError
        If an entity is in it that is not defined in XML itself.
    """
    parts: list[str] = [element.text or ""]
    for child in element:
        if child.tag is etree.Entity:
            raise InputError(
                f"{name}: line {child.sourceline}: the entity {child.text} is not defined; write its text"
            )
        if isinstance(child.tag, str) and local(child) not in skipped:
            parts.append(inner_text(child, name, skipped))
        parts.append(child.tail or "")
    return "".join(parts)
