"""The page in a browser: what it shows and does, that nothing in a text runs, and that it asks for nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from lxml import etree
from playwright.sync_api import expect, sync_playwright

from corpus.documents.pairs import PairBatch, all_pairs
from corpus.writers.base import WriteOptions, write_pairs
from tests.corpus.writers.making import TARGET, hostile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from corpus.store.workspace import Workspace

SHOWN = ".bead:not([hidden])"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def written(path: Path, batches: list[PairBatch], **options: object) -> Path:
    write_pairs(batches, path, "html", WriteOptions(**options))  # type: ignore[arg-type]
    return path


def parsed(file: Path) -> etree._Element:
    return etree.fromstring(file.read_bytes(), etree.HTMLParser())


def found(root: etree._Element, path: str) -> list[Any]:
    return cast("list[Any]", root.xpath(path))


@pytest.fixture
def file(seeded: Workspace, tmp_path: Path) -> Path:
    about = {"aligner": "use <1>", "snapshot": "texts 1"}
    batches = [all_pairs(seeded), hostile(), hostile()]
    return written(tmp_path / "p.html", batches, nulls=True, title="A <title> {body}", about=about)


def test_it_names_nothing_outside_itself(file: Path) -> None:
    root = parsed(file)
    assert not found(root, "//img | //link | //iframe | //object | //embed | //base | //form")
    assert len(found(root, "//script")) == len(found(root, "//style")) == 1
    assert {href[0] for href in found(root, "//@href")} == {"#"}
    assert not found(root, "//@src | //@style | //@*[starts-with(name(), 'on')]")
    code = "".join(found(root, "//script/text() | //style/text()"))
    assert not re.search(r"https?:|url\(|@import|fetch\(|innerHTML|eval\(", code)
    (policy,) = found(root, "//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_ids_are_of_one_thing_each_and_links_lead_somewhere(file: Path) -> None:
    root = parsed(file)
    ids = found(root, "//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in found(root, "//@href")} <= set(ids)
    assert {"a_b_c-0", "a_b_c.en-0"} <= set(ids)


def test_sides_are_in_their_languages(file: Path) -> None:
    root = parsed(file)
    langs = {
        name: set(found(root, f"//p[contains(@class, '{name}') and not(contains(@class, 'none'))]/@lang"))
        for name in ("src", "tgt")
    }
    assert langs == {"src": {"zh"}, "tgt": {"en"}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"there is no browser at {CHROMIUM}; Debian's package is called chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, file: Path) -> Iterator[Page]:
    """Return the page on a telephone, which must neither complain nor ask for anything."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    opened = context.new_page()
    told: list[str] = []
    opened.on("console", lambda message: told.append(message.text))
    opened.on("pageerror", lambda error: told.append(str(error)))
    opened.on("dialog", lambda dialog: told.append(dialog.message))
    opened.on("request", lambda request: told.append(request.url) if request.url != file.as_uri() else None)
    opened.goto(file.as_uri())
    yield opened
    context.close()
    assert told == []


def shown(page: Page) -> list[str]:
    return [str(one.get_attribute("id")) for one in page.locator(".bead:visible").all()]


def test_texts_are_shown_and_never_run(page: Page) -> None:
    assert page.title() == "A <title> {body}"
    assert page.locator("#a_b_c-0 .tgt").text_content() == TARGET[0]
    assert page.locator("#a_b_c-3 .tgt").text_content() == TARGET[3]
    assert page.locator("main script").count() == 0


def test_it_fits_a_telephone_and_stands_side_by_side_on_a_desk(page: Page) -> None:
    def left(which: str) -> float:
        box = page.locator(f"#a_b_c-2 .{which}").bounding_box()
        assert box is not None
        return box["x"]

    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert left("src") == left("tgt")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert left("tgt") > left("src") + 300


def test_a_search_shows_what_has_it_in_either_language(page: Page) -> None:
    everything = len(shown(page))
    page.fill("#query", "QUOTED comment")
    expect(page.locator(SHOWN)).to_have_count(2)
    assert shown(page) == ["a_b_c-4", "a_b_c.en-4"]
    assert page.locator("#status").inner_text() == f"2 of {everything} pairs"
    page.fill("#query", "第二句")
    expect(page.locator("#a_b_c-2")).to_be_visible()
    assert shown(page) == ["a_b_c-2", "a_b_c.en-2"]
    page.fill("#query", "nowhere at all")
    expect(page.locator(SHOWN)).to_have_count(0)
    assert page.locator("#status").inner_text().endswith("nothing fits")
    page.press("#query", "Escape")
    assert len(shown(page)) == everything


def test_pairs_are_filtered_by_score_flag_and_document(page: Page) -> None:
    page.click("#filters-button")
    assert page.get_attribute("#filters-button", "aria-expanded") == "true"
    page.check("#flagged")
    expect(page.locator(SHOWN)).to_have_count(4)
    page.locator("#least").evaluate("field => { field.value = .5; field.dispatchEvent(new Event('input')); }")
    expect(page.locator(SHOWN)).to_have_count(2)
    page.select_option("#document", "a_b_c.en")
    expect(page.locator(SHOWN)).to_have_count(1)
    assert shown(page) == ["a_b_c.en-2"]


def test_a_link_leads_to_its_pair_even_where_it_is_filtered_away(page: Page, file: Path) -> None:
    page.fill("#query", "nowhere at all")
    expect(page.locator(SHOWN)).to_have_count(0)
    page.evaluate("location.hash = 'a_b_c.en-4'")
    expect(page.locator("#a_b_c\\.en-4")).to_be_in_viewport()


def test_a_tap_lights_both_sides_and_another_puts_them_out(page: Page) -> None:
    page.tap("#a_b_c-2 .tgt")
    assert page.locator(".bead.on").evaluate_all("all => all.map((one) => one.id)") == ["a_b_c-2"]
    page.tap("#a_b_c-3 .src")
    assert page.locator(".bead.on").evaluate_all("all => all.map((one) => one.id)") == ["a_b_c-3"]
    page.tap("#a_b_c-3 .src")
    assert page.locator(".bead.on").count() == 0


def test_keys_go_from_pair_to_pair(page: Page) -> None:
    page.locator("#a_b_c-0 .num a").focus()
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('.bead').id") == "a_b_c-2"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.closest('.bead').id") == "a_b_c-1"
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.closest('.bead').id") == "a_b_c.en-6"
    page.keyboard.press("Home")
    assert page.locator(".num a[tabindex='0']").count() == 1


def test_it_is_dark_where_the_system_is(browser: Browser, file: Path) -> None:
    def paper(scheme: str) -> int:
        context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
        opened = context.new_page()
        opened.goto(file.as_uri())
        colour = opened.evaluate("getComputedStyle(document.body).backgroundColor")
        context.close()
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    assert paper("dark") < 150
    assert paper("light") > 600
