"""What axe-core finds on every page of the studio, light and dark, wide and narrow.

    python bench/accessibility.py

axe-core (MPL 2.0) is fetched by `npm pack` into .cache/axe-core, where the tests look for it, too; it is no part of this
repository. Needs npm once, and Debian's chromium.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from corpus import Corpus
from tests.corpus.web.serving import browsing, serving
from tests.corpus.web.test_browser import AXE, PAGES

RUN = "axe.run(document, {resultTypes: ['violations', 'passes']})"


def fetch() -> None:
    """Fetch axe-core, unless it is there."""
    folder = AXE.parent.parent
    if AXE.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as away:
        subprocess.run(["npm", "pack", "axe-core@4"], cwd=away, check=True, capture_output=True)
        (packed,) = Path(away).glob("*.tgz")
        with tarfile.open(packed) as archive:
            archive.extractall(folder, filter="data")


def main() -> None:
    """Print the violations of each page by impact, and where they are."""
    fetch()
    with tempfile.TemporaryDirectory() as folder:
        space = Path(folder) / ".corpus"
        corpus = Corpus(space)
        corpus.use_seeds()
        corpus.refresh()
        with serving(space) as opened, browsing() as browser:
            opened.studio.prepare(60)
            for scheme in ("light", "dark"):
                for width in (1100, 360):
                    context = browser.new_context(
                        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
                    )
                    page = context.new_page()
                    page.goto(opened.address)
                    counts: Counter[str] = Counter()
                    for path in PAGES:
                        page.goto(opened.address.split("/?")[0] + path)
                        page.add_script_tag(path=str(AXE))
                        found = page.evaluate(RUN)
                        counts["passes"] += len(found["passes"])
                        for one in found["violations"]:
                            counts[one["impact"]] += len(one["nodes"])
                            where = one["nodes"][0]["html"][:150]
                            print(f"  {path}: {one['impact']}: {one['id']} ({len(one['nodes'])}): {where}")
                    print(f"{scheme}, {width} px, {len(PAGES)} pages: {dict(counts)}", flush=True)
                    context.close()
        shutil.rmtree(space, ignore_errors=True)


if __name__ == "__main__":
    main()
