"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("search", "match", "fullmatch", "split", "findall", "finditer", "sub", "subn")


def lazy_pattern(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression that is compiled when one of its methods is first asked for.

    A hundred and fifty expressions at the head of modules, of names of months or of all Chinese characters,
    took a tenth of a second of every command, and most texts need few of them.

    Parameters
    ----------
    pattern, flags
        As `re.compile` takes them; an error in the expression shows when it is first used.

    Returns
    -------
    re.Pattern
        What has a pattern's methods, and its `pattern`; functions of `re` do not take it for one.
    """
    return cast("re.Pattern[str]", _Lazy(pattern, flags))


class _Lazy:
    """Becomes a pattern's methods when the first of them is looked for."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a method of a pattern, or what else it has
        if name.startswith("__"):  # asked for by copies and the like, not by who has something to match
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)
