"""What a dictionary may have a word under, where it has it under no stem: verbs, plurals, German compounds.

Stemmers leave what German puts before a stem or changes in it: aufzusteigen is aufsteigen, the ge of
gestiegen is no part of the verb, gäbe is gab; and some endings of French: roulent is rouler, tuyaux tuyau.
German compounds are written together: a dictionary has Alpen and Reise, if not Alpenreise. Only forms that
a dictionary knows are taken, so the rules may be broad.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PREFIX = (
    r"(?P<prefix>ab|an|auf|aus|bei|durch|ein|empor|entgegen|fest|fort|frei|her|hin|her(?:ab|an|auf|aus|ein|unter|über)"
    r"|hin(?:ab|an|auf|aus|ein|unter|über)|los|mit|nach|nieder|um|vor|voran|vorbei|weg|weiter|wieder|zu|zurück|zusammen)"
)
_GERMAN = (
    (rf"{_PREFIX}zu(?P<verb>\w{{2,}}e?n)", r"\g<prefix>\g<verb>"),
    (rf"{_PREFIX}?ge(?P<verb>\w{{3,}}?)e?t(?:e[nmrs]?)?", r"\g<prefix>\g<verb>en"),
    (rf"{_PREFIX}?ge(?P<verb>\w{{2,}}en)(?:e[nmrs]?)?", r"\g<prefix>\g<verb>"),
    (r"(?P<verb>\w{3,}?)(?:e?test|e?tet|e?ten|e?te|et|t)", r"\g<verb>en"),
    (r"(?P<verb>\w{3,}?)e?st", r"\g<verb>en"),
    (r"(?P<verb>\w{3,}?)e?nd(?:e[nmrs]?)?", r"\g<verb>en"),
    (r"(?P<verb>\w{3,}e?n)(?:e[nmrs]|[ns])", r"\g<verb>"),
)
_FRENCH = (
    (r"(\w{2,})[sx]", r"\1"),
    (r"(\w+)aux", r"\1al"),
    (r"(\w{2,}?)(?:issons|issez|issent|issaient|issait|issais|issant)", r"\1ir"),
    (r"(\w{2,}?)e?(?:ons|ez|ent|ions|iez|aient|ait|ais|ant|ante?s?|èrent|a|ai|as|âmes)", r"\1er"),
    (r"(\w{2,}?)(?:é|ée|és|ées)", r"\1er"),
    (r"(\w{2,}?)(?:ons|ez|ent|ions|iez|aient|ait|ais|ant|it|irent|i|ie|is|ies)", r"\1ir"),
    (r"(\w{2,}?)(?:ons|ez|ent|ions|iez|aient|ait|ais|ant|it|irent|u|ue|us|ues)", r"\1re"),
    (r"(\w{2,}?)(?:erai|eras|era|erons|erez|eront|erais|erait|eraient)", r"\1er"),
)
_RULES = {
    lang: tuple((re.compile(pattern), replacement) for pattern, replacement in rules)
    for lang, rules in (("de", _GERMAN), ("fr", _FRENCH))
}
_AFTER_L = re.compile(r"(e[lr])en$")  # wechseln, fordern
_UMLAUTS = str.maketrans("äöü", "aou")
_SHORTEST = 4  # letters of a part of a compound
_LINKS = ("", "s", "es", "n", "en", "e", "er")


def base_forms(word: str, lang: str, known: Callable[[str], bool]) -> list[str]:
    """Return the forms that a dictionary may have a word under.

    Parameters
    ----------
    word
        That it has not as it is.
    lang
        ISO 639-1 code; German and French have rules.
    known
        Whether the dictionary has a form.
    """
    if lang not in _RULES:
        return []
    plain = word.casefold()
    return list(dict.fromkeys(form for form in _forms(plain, lang) if form != plain and known(form)))


def _forms(word: str, lang: str) -> Iterator[str]:
    for form in (word, word.translate(_UMLAUTS)) if lang == "de" else (word,):
        for pattern, replacement in _RULES[lang]:
            match = pattern.fullmatch(form)
            if match is not None:
                verb = match.expand(replacement)
                yield verb
                yield _AFTER_L.sub(r"\1n", verb)
        yield form


def compound(word: str, lang: str, known: Callable[[str], bool]) -> tuple[str, str] | None:
    """Return the two words that a word is put together of; None where there is no such way to cut it.

    Of several the one with the longest last part is taken, which is what the whole is a kind of.

    Parameters
    ----------
    word, lang, known
        As in `base_forms`.
    """
    if lang != "de":
        return None
    plain = word.casefold()
    for place in range(_SHORTEST, len(plain) - _SHORTEST + 1):
        last = plain[place:]
        if not known(last):
            continue
        for link in _LINKS:
            first = plain[:place].removesuffix(link) if link else plain[:place]
            if (not link or first != plain[:place]) and len(first) >= _SHORTEST - 1 and known(first):
                return first, last
    return None
