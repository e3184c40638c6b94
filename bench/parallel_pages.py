"""Make a file of passages and their translations of a manual's pages in two languages.

    python bench/parallel_pages.py FOLDER OTHER LANG OTHER_LANG > FILE

FOLDER and OTHER hold HTML pages of the same names, one language each, as translated manuals of Debian's packages do:
gimp-help-ko and gimp-help-en (usr/share/gimp/2.0/help/ko, …/en), debian-handbook
(usr/share/doc/debian-handbook/html/zh-CN, …/en-US). Pages with the same number of paragraphs are taken, and of these
the paragraphs that are translated. The texts are the packages' (GFDL, GPL): for measuring, not for this repository.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path

from corpus.text.languages import main_script

LEAST, MOST = 30, 400  # characters of a passage
OF = {"zh": "cjk", "ja": "cjk", "ko": "hangul", "ru": "cyrillic"}


class Paragraphs(HTMLParser):
    """Gathers the text of paragraphs."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a paragraph."""
        if tag == "p":
            self.found.append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag == "p":
            self.inside = False

    def handle_data(self, data: str) -> None:
        """Add to it."""
        if self.inside:
            self.found[-1] += data


def paragraphs(path: Path) -> list[str]:
    """Return the paragraphs of a page, white space made plain."""
    parser = Paragraphs()
    parser.feed(path.read_text("utf-8", "replace"))
    return [" ".join(text.split()) for text in parser.found]


def in_script(text: str, lang: str) -> bool:
    """Whether a text is in its language's script, rather than left as it was."""
    return main_script(text) == OF.get(lang, "latin")


def main() -> None:
    """Read the arguments and print."""
    folder, other, lang, other_lang = sys.argv[1:]
    seen: set[str] = set()
    for page in sorted(Path(folder).rglob("*.html")):
        translated = Path(other) / page.relative_to(folder)
        if not translated.exists():
            continue
        one, two = paragraphs(page), paragraphs(translated)
        for a, b in zip(one, two, strict=True) if len(one) == len(two) else ():
            usable = LEAST <= len(b) < MOST and a != b and a not in seen
            if usable and in_script(a, lang) and in_script(b, other_lang):
                seen.add(a)
                sys.stdout.write(f"{a}\t{b}\n")


if __name__ == "__main__":
    main()
