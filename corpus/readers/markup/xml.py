"""Parse XML that comes from anyone: nothing outside it is looked up, and nothing in it grows."""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING, Any

from corpus.base.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

# A document type is passed over where it only names one; what declares entities is refused: they are text
# that is not there until it is put together, and may be of any size. In UTF-16 nulls are between the letters.
_ENTITY = re.compile(rb"<\x00?!\x00?E\x00?N\x00?T\x00?I\x00?T\x00?Y")


def parse_xml(data: bytes, path: Path) -> Any:  # noqa: ANN401 - an element of lxml, which is not typed
    """Return the root element of an XML file.

    Raises
    ------
    InputError
        If it is not well formed, declares entities, or is nested or long beyond what libxml2 takes for sane.
    """
    from lxml import etree

    if (found := _ENTITY.search(data)) is not None:
        line = data.count(b"\n", 0, found.start()) + 1
        raise InputError(
            f"{path}: declares entities (line {line}), which are not read; write out what they stand for"
        )
    # Not with `collect_ids`: that makes lxml look for the document type, in files too.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        root = etree.fromstring(_REFERENCE.sub(lambda found: _character(found, path), data), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"{path}: not well-formed XML: {str(error)[:_LONGEST]}") from None
    if (entity := next(root.iter(etree.Entity), None)) is not None:  # in an encoding of two bytes a letter
        raise InputError(f"{path}: {entity.text} is declared nowhere; write it out")
    return root


_LONGEST = 300  # letters of a reason: it may quote what is wrong, however long that is
_REFERENCE = re.compile(rb"&([A-Za-z]\w{0,31});")
_OWN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def _character(found: re.Match[bytes], path: Path) -> bytes:
    """Return a named character as a number: those of HTML are used where no document type declares them."""
    if found[1] in _OWN:
        return found[0]
    known = html5.get(f"{found[1].decode('latin-1')};")
    if known is None:
        line = found.string.count(b"\n", 0, found.start()) + 1
        raise InputError(
            f"{path}: {found[0].decode('latin-1')} (line {line}) is declared nowhere; write it out"
        )
    return "".join(f"&#{ord(one)};" for one in known).encode()


def local_name(element: Any) -> str:  # noqa: ANN401
    """Return the name of an element without its namespace; empty of a comment or an instruction."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
