"""A studio that a browser can open, in a thread of the tests; and the browser."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from corpus import Corpus
from corpus.web.server import Opened, open_studio

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@contextmanager
def browsing() -> Iterator[Browser]:
    """Open Debian's Chromium; tests are skipped where it is missing."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser to test with: {CHROMIUM} is missing (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def serving(folder: Path) -> Iterator[Opened]:
    """Serve a studio on any port until the block ends."""
    opened = open_studio(Corpus(folder), port=0)
    server = uvicorn.Server(
        uvicorn.Config(opened.app, log_level="error", ws="none", timeout_graceful_shutdown=1, lifespan="on")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened.socket]}, daemon=True)
    thread.start()
    try:
        yield opened
    finally:
        server.should_exit = True
        thread.join(20)
