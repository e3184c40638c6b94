"""Journeys in a real browser; what needs none is asked without one in the other modules."""

from __future__ import annotations

import http.server
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpus import Corpus
from tests.corpus.web.serving import browsing, serving
from tests.corpus.web.test_work import EN, ZH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from corpus.web.server import Opened

AXE = Path(__file__).resolve().parents[3] / ".cache" / "axe-core" / "package" / "axe.min.js"
PAGES = (
    "/", "/search?q=local+industry", "/search?q=zzzzqqq", "/documents", "/document/003?dropped=1", "/document/001",
    "/review", "/pair", "/mine", "/concordance?pattern=local+industry", "/words", "/collocates?pattern=factories", "/terms",
    "/timeline?pattern=local+industry", "/trace?pattern=local+industry", "/jobs", "/nope",
)  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as opened:
        yield opened


@pytest.fixture(scope="module")
def opened(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    folder = tmp_path_factory.mktemp("browser") / ".corpus"
    with serving(shutil.copytree(built, folder)) as opened:
        opened.studio.prepare(60)
        yield opened


@pytest.fixture
def page(browser: Browser, opened: Opened) -> Iterator[Page]:
    """A page of a browser that was let in; what it asks elsewhere, and what goes wrong in it, fails the test."""
    yield from admitted(browser, opened)


def admitted(browser: Browser, opened: Opened, **options: Any) -> Iterator[Page]:  # noqa: ANN401 - the browser's
    context = browser.new_context(viewport={"width": 1100, "height": 800}, locale="en-GB", **options)
    shown = context.new_page()
    shown.set_default_timeout(60_000)
    wrong: list[str] = []
    own = opened.address.split("?")[0]
    shown.on("request", lambda request: None if request.url.startswith(own) else wrong.append(request.url))
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    shown.on("dialog", lambda dialog: wrong.append(dialog.message))
    shown.on("console", lambda said: wrong.append(said.text) if "Content Security" in said.text else None)
    shown.goto(opened.address)
    assert "token" not in shown.url
    yield shown
    context.close()
    assert wrong == []


def go(page: Page, opened: Opened, path: str) -> None:
    page.goto(opened.address.split("/?")[0] + path)


def test_two_texts_are_pasted_aligned_and_kept(browser: Browser, tmp_path: Path) -> None:
    evil = "<img src=x onerror=alert(1) "
    with serving(tmp_path / ".corpus") as opened:
        for page in admitted(browser, opened):
            page.fill("[name=src]", ZH)
            page.fill("[name=tgt]", EN + f" It said {evil} and no more.")
            page.click("form[action='/paste'] button.main")
            page.wait_for_selector(".bead")
            assert page.locator(".bead").count() in (4, 5)
            assert evil.strip() in page.inner_text(".beads")
            page.fill("[name=name]", "A leader")
            page.click("text=Keep in the workspace")
            page.wait_for_url("**/document/**")
            assert "八千五百三十三" in page.inner_text(".beads")
        assert Corpus(tmp_path / ".corpus").links().height == 1


def test_a_passage_is_found_opened_and_its_words_looked_up(page: Page, opened: Opened) -> None:
    page.fill("[name=q]", "地方工业")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hit")
    page.click(".facets a:text-is('zh')")
    page.wait_for_selector(".given")
    page.click(".hit .place a >> nth=0")
    page.wait_for_selector(".sentence.here")
    page.click(".bead:has(.here) .src")
    word = page.locator(".bead .word", has_text="工厂").first
    word.click()
    page.wait_for_selector(".card .gloss")
    assert "factory" in page.inner_text("#card")
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.click("#card >> text=Concordance")
    page.wait_for_selector(".kwic")


def test_beads_are_judged_by_keys_and_seen_by_the_library(page: Page, opened: Opened) -> None:
    corpus = opened.studio.corpus
    go(page, opened, "/review")
    for key, count in (("w", 1), ("r", 2), ("z", 1), ("n", 1), ("d", 2), ("z", 1), ("z", 0)):
        before = page.url
        with page.expect_navigation():
            page.keyboard.press(key)
        assert len(corpus.reviews()) == count, (key, before)
    page.fill("[name=note]", "rw")  # keys typed into a box judge nothing
    assert len(corpus.reviews()) == 0


def test_documents_are_linked_by_hand(page: Page, opened: Opened) -> None:
    go(page, opened, "/pair")
    page.fill("[name=a]", "000_099c89f81d734f0f")
    page.fill("[name=b]", "002_734a1c537eab83d1")
    page.click("button:text-is('Link')")
    page.wait_for_selector("table >> text=Modernization")
    assert len(opened.studio.corpus.links()) == 1
    page.click("text=take back")
    page.wait_for_selector("text=None yet")
    assert opened.studio.corpus.links().is_empty()


def test_a_page_of_another_origin_sees_nothing_and_changes_nothing(browser: Browser, opened: Opened) -> None:
    own = opened.address.split("/?")[0]
    attack = f"""<!DOCTYPE html><title>evil</title><form id=f method=post action="{own}/jobs/align"><input name=a></form>
    <iframe id=frame src="{own}/documents"></iframe><img src="{own}/document/003" onerror="window.noimg=1">
    <script src="{own}/search.json?q=a" onerror="window.noscript_=1"></script>
    <script>
    window.seen = [];
    const tries = [["GET", "/documents"], ["POST", "/jobs/align"], ["POST", "/pair/link"], ["GET", "/jobs/events"]];
    window.done = Promise.all(tries.flatMap(([method, path]) => ["cors", "no-cors"].map(async (mode) => {{
      try {{
        const response = await fetch("{own}" + path, {{method, mode, credentials: "include"}});
        window.seen.push([response.type, (await response.text()).length]);
      }} catch (error) {{ window.seen.push(["failed", 0]); }}
    }})));
    </script>"""

    class Evil(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(attack.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context()
    try:
        shown = context.new_page()
        shown.goto(opened.address)  # the victim is logged in
        before = opened.studio.change, len(opened.studio.jobs.all())
        # localhost is another site than 127.0.0.1, and another port another origin of the same site
        for host in ("localhost", "127.0.0.1"):
            shown.goto(f"http://{host}:{server.server_port}/")
            shown.evaluate("window.done")
            assert {length for _, length in shown.evaluate("window.seen")} == {0}
            assert shown.evaluate("[window.noimg, window.noscript_]") == [1, 1]
            with shown.expect_navigation():
                shown.evaluate("document.getElementById('f').submit()")
            assert "another site" in shown.content()
        assert (opened.studio.change, len(opened.studio.jobs.all())) == before
    finally:
        context.close()
        server.shutdown()
        server.server_close()


def test_no_page_is_wider_than_a_telephone(page: Page, opened: Opened) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for path in PAGES:
        go(page, opened, path)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, opened: Opened, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not here: bench/accessibility.py fetches it")
    for page in admitted(browser, opened, color_scheme=scheme, bypass_csp=True):
        for path in PAGES:
            go(page, opened, path)
            page.add_script_tag(path=str(AXE))
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            told = [
                (one["id"], one["impact"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found
            ]
            assert [one for one in told if one[1] in ("serious", "critical")] == [], path
