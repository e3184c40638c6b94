"""Files that are marked up rather than plain text: their tags would be words, their menus sentences."""

from __future__ import annotations

import re

from corpus.base.errors import InputError

_FRAME = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(<(?:!doctype\s+html|html(?=[\s>])))",
    re.IGNORECASE | re.DOTALL,
)
_BLOCK = (
    "p|div|h[1-6]|ul|ol|li|dl|table|tr|td|th|title|head|body|script|style|nav|header|footer|main|article"
    "|section"
)
_CLOSED = re.compile(rf"</(?:{_BLOCK})\s*>", re.IGNORECASE)
_LINE = re.compile(rf"^[ \t]*(</?(?:{_BLOCK})(?=[\s/>]))", re.IGNORECASE | re.MULTILINE)

_FEWEST_CLOSED = 3
_LEAST_SHARE = 1 / 3  # of the lines with text on them; prose that quotes tags seldom begins a line with one


def refuse_markup(text: str, name: str) -> None:
    """Refuse a page of HTML, or text marked up like one.

    A text may hold tags: one that was left in it (``<hr>``, ``<b>``), a table, tags it speaks of. A page
    opens with its frame, or has closed blocks, and a third of its lines begin with a block's tag.

    Parameters
    ----------
    text
        The file.
    name
        What to call it in an error.

    Raises
    ------
    InputError
        If it is marked up; the message says by what tag, on which line, and what to do.
    """
    if "<" not in text:
        return
    tag = _FRAME.match(text)
    if tag is None and len(_CLOSED.findall(text)) >= _FEWEST_CLOSED:
        lines = sum(1 for line in text.splitlines() if line.strip())
        marked = list(_LINE.finditer(text))
        tag = marked[0] if len(marked) >= _LEAST_SHARE * lines else None
    if tag is not None:
        line, shown = text.count("\n", 0, tag.start(1)) + 1, " ".join(tag[1].split())
        msg = (
            f"{name}: an HTML page or the like, not plain text ({shown}> on line {line}); extract its text "
            "first: pandoc -f html -t plain FILE -o NEW, or copy it from a browser"
        )
        raise InputError(msg)
