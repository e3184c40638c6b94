"""Pictures of the studio for docs/guides/studio.md, of the seeds, in a wide window and a narrow one.

    python bench/screenshots.py [FOLDER]

Each has 48 colours, so that all together stay below a megabyte. Needs Debian's chromium, and pillow.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PIL import Image

from corpus import Corpus
from tests.corpus.web.serving import browsing, serving

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "guides" / "images"
WIDE, NARROW = (1100, 760), (360, 680)
EMPTY = (("start", "/", WIDE, "light", "en"),)
PICTURES = (
    ("search", "/search?q=local+industry", WIDE, "light", "en"),
    ("document", "/document/003", WIDE, "light", "en"),
    ("document-narrow", "/document/003", NARROW, "light", "en"),
    ("review", "/review", WIDE, "light", "en"),
    ("review-narrow", "/review", NARROW, "dark", "zh"),
    ("concordance", "/concordance?pattern=local+industry", WIDE, "dark", "zh"),
    ("timeline", "/timeline?pattern=local+industry", WIDE, "light", "en"),
    ("timeline-narrow", "/timeline?pattern=local+industry", NARROW, "light", "en"),
)


def take(space: Path, pictures: tuple[tuple[str, str, tuple[int, int], str, str], ...], folder: Path) -> None:
    """Take pictures of pages of a workspace."""
    with serving(space) as opened, browsing() as browser:
        if opened.studio.holds_documents:
            opened.studio.prepare(60)
        for name, path, (width, height), scheme, language in pictures:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, locale=language
            )
            page = context.new_page()
            page.goto(opened.address)
            page.goto(opened.address.split("/?")[0] + path)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(48)
            picture.save(folder / f"studio-{name}.png", optimize=True)
            print(f"studio-{name}.png {(folder / f'studio-{name}.png').stat().st_size:,} bytes", flush=True)
            context.close()


def main() -> None:
    """Take all of them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as away:
        take(Path(away) / "archive" / ".corpus", EMPTY, folder)
        corpus = Corpus(Path(away) / "archive" / ".corpus")
        corpus.use_seeds()
        corpus.refresh()
        take(corpus.workspace.path, PICTURES, folder)


if __name__ == "__main__":
    main()
