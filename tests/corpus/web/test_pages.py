from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from python_calamine import CalamineWorkbook

from corpus import Corpus
from corpus.web.pages.search import _LOOKED_AT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.corpus.web.conftest import Asking

PAGES = [
    "/", "/search?q=local+industry", "/search?q=zzzzqqq", "/documents", "/document/003", "/document/001?dropped=1",
    "/review", "/pair", "/mine", "/concordance?pattern=local+industry", "/words", "/collocates?pattern=factories", "/terms",
    "/timeline?pattern=local+industry", "/timeline?pattern=industry&dense=1", "/trace?pattern=local+industry", "/jobs",
]  # fmt: skip
TWINS = [page.replace("?", ".json?", 1) if "?" in page else f"{page}.json" for page in PAGES[1:]] + [
    "/index.json"
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_shown_in_both_languages_and_nothing_in_it_is_inline(seeds: Asking, page: str) -> None:
    for language, word in (("en", "Documents"), ("zh", "文献")):
        response = seeds.get(page, **{"accept-language": language})
        assert response.status_code == 200
        assert f'<html lang="{language}">' in response.text
        assert word in response.text
        assert not re.search(r"<[^>]+\son\w+=|<style|\sstyle=|javascript:", response.text)
        assert re.findall(r"<script[^>]*>(?!</script>)", response.text) == []
        assert (
            re.findall(r'(?:src|href|action)="(?!/|#|[a-z]+\?|\?)', response.text) == []
        )  # nothing from elsewhere


@pytest.mark.parametrize("page", TWINS)
def test_every_page_has_a_json_twin_without_a_folder_of_this_computer(seeds: Asking, page: str) -> None:
    response = seeds.get(page)
    assert response.status_code == 200
    assert isinstance(response.json(), dict)
    assert str(seeds.studio.corpus.workspace.path.parent) not in response.text


def test_search_finds_what_the_library_finds_with_facets_of_it(seeds: Asking) -> None:
    corpus = seeds.studio.corpus
    found = corpus.search("local industry", k=_LOOKED_AT, refresh=False)
    twin = seeds.json("/search.json?q=local+industry")
    assert [hit["doc_id"] for hit in twin["hits"]] == found["doc_id"].to_list()
    counted = {(row["facet"], row["value"]): row["hits"] for row in twin["facets"]}
    close = found.head(found.about["close"])
    for lang, count in close.group_by("lang").len().iter_rows():
        assert counted["lang", lang] == count
    only = seeds.json("/search.json?q=local+industry&lang=zh&until=1959")
    assert {hit["lang"] for hit in only["hits"]} == {"zh"}
    page = seeds.get("/search?q=local+industry&lang=zh").text
    assert 'lang="zh"' in page
    assert "?line=" in page


def test_what_is_not_there_is_said_to_be_not_there_and_why(seeds: Asking) -> None:
    page = seeds.get("/search?q=zzzzqqq").text
    assert "Nothing is close to" in page
    assert "The nearest passage scores" in page
    assert seeds.json("/search.json?q=zzzzqqq")["close"] == 0


@pytest.mark.parametrize(
    ("page", "method", "options"),
    [
        ("concordance", "concordance", {"pattern": "local industry"}), ("words", "words", {}),
        ("collocates", "collocates", {"pattern": "factories"}), ("terms", "terms", {}),
        ("timeline", "timeline", {"pattern": "local industry"}),
    ],
)  # fmt: skip
def test_a_download_holds_what_the_library_returns(
    seeds: Asking, page: str, method: str, options: dict[str, str]
) -> None:
    found = getattr(seeds.studio.corpus, method)(**options, refresh=False)
    response = seeds.client.get(f"/{page}.tsv", params=options)
    lines = response.text.split("\n")
    assert len(lines) == len(found) + 2
    assert lines[0].split("\t")[: len(found.columns)] == found.columns
    assert "attachment" in response.headers["content-disposition"]
    book = seeds.client.get(f"/{page}.xlsx", params=options).content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0)
    assert len(sheet.to_python()) == len(found) + 1


def test_tables_are_sorted_and_paged_by_their_addresses(seeds: Asking) -> None:
    first = seeds.get("/words?order=word&min_count=1").text
    second = seeds.get("/words?order=word&min_count=1&page=2").text
    words = [re.findall(r'pattern=([^&"]+)&amp;lang=en"', page) for page in (first, second)]
    found = seeds.studio.corpus.words(min_count=1, refresh=False)["word"].sort().to_list()
    assert [word.replace("+", " ") for word in words[0]][:3] != words[1][:3]
    assert "page=1" in second
    assert len(found) > 100
    assert seeds.get("/words?order=password").status_code == 400
    assert seeds.get("/words?page=x").status_code == 400


def test_a_chart_is_an_svg_with_its_data_beside(seeds: Asking) -> None:
    svg = seeds.get("/timeline.svg?pattern=local+industry")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    page = seeds.get("/timeline?pattern=local+industry").text
    assert svg.text[:60] in page
    assert "1960s–2010s" in page
    assert "no documents" in page


def test_a_document_is_read_side_by_side(seeds: Asking) -> None:
    page = seeds.get("/document/003?line=33").text
    assert page.count('class="bead') >= 10
    assert '<p class="src" lang="zh" dir="ltr">' in page
    assert '<p class="tgt" lang="en" dir="ltr">' in page
    assert "@article" in page
    assert "sentence here" in page
    bib = seeds.get("/document/003.bib").text
    assert "relays Korean Central News Agency" in bib
    twin = seeds.json("/document/003.json?dropped=1")
    assert len(twin["beads"]) == twin["total"]
    assert [len(twin["dropped"])] == [len(seeds.studio.corpus.dropped("003"))]
    assert seeds.get("/document/zzz").status_code == 400


def test_a_long_document_comes_in_stretches(open_studio_on: Callable[[Path], Asking], tmp_path: Path) -> None:
    text = "\n\n".join(f"Sentence number {k} says so." for k in range(500))
    (tmp_path / "long.txt").write_text(text, "utf-8")
    corpus = Corpus(tmp_path / ".corpus")
    corpus.ingest(tmp_path / "long.txt")
    asking = open_studio_on(tmp_path / ".corpus")
    page = asking.get("/document/long").text
    assert page.count('role="listitem"') < 100
    next_ = re.search(r'hx-get="([^"]+)" hx-swap="outerHTML" hx-trigger="click, revealed"', page)
    assert next_ is not None
    part = asking.get(next_[1].replace("&amp;", "&"), **{"hx-request": "true"}).text
    assert "<html" not in part
    assert "Sentence number 60 " in part
    assert "earlier" not in part
    there = asking.get("/document/long?line=901").text
    assert "Sentence number 450 " in there
    assert "earlier" in there


def test_words_have_glosses(seeds: Asking) -> None:
    assert "factory" in seeds.get("/gloss?word=工厂&lang=zh").text
    assert "No lexicon knows" in seeds.get("/gloss?word=zzzzqqq&lang=en").text
    assert seeds.get("/gloss?word=").status_code == 400


EVIL = "\"><img src=x onerror=alert(1)><script>alert(2)</script>'x'"


@pytest.mark.parametrize(
    "page",
    ["/search?q={}", "/search?q=a&lang={}", "/search?q=a&source={}", "/search?q=a&mode={}", "/documents?q={}",
     "/documents?lang={}", "/concordance?pattern={}", "/concordance?pattern=a&sort={}", "/collocates?pattern={}",
     "/terms?pattern={}", "/timeline?pattern={}", "/timeline?pattern=a&cut={}", "/timeline?pattern=a&by={}",
     "/trace?pattern={}", "/document/{}", "/gloss?word={}", "/review?doc={}&bead={}", "/pair?a={}&b={}", "/{}",
     "/words?order={}", "/words?min_count={}", "/concordance?pattern=a&regex=1&since={}"],
)  # fmt: skip
def test_nothing_that_is_asked_becomes_a_part_of_the_page(seeds: Asking, page: str) -> None:
    text = seeds.get(page.replace("{}", quote(EVIL, safe=""))).text
    assert "<img src" not in text
    assert "<script>alert" not in text
    assert 'onerror=alert(1)"' not in text


def test_no_text_title_or_name_of_a_file_becomes_a_part_of_the_page(
    open_studio_on: Callable[[Path], Asking], tmp_path: Path
) -> None:
    asking = open_studio_on(tmp_path / ".corpus")
    text = f"{EVIL} a title\n\nThe factory {EVIL} was built in 1959. The factory has 1 < 2 & 3 > 2.\n"
    name = "<img src=x onerror=alert(1)>.txt"
    response = asking.post("/upload", files={"files": (name, text.encode())}, source=EVIL)
    assert response.status_code == 200
    job = asking.studio.jobs.get(1)
    assert job is not None
    assert job.over.wait(60)
    assert job.state == "done", job.error
    doc = quote(asking.studio.corpus.documents()["doc_id"][0], safe="")
    pages = [
        "/jobs", "/documents", f"/document/{doc}", f"/document/{doc}?dropped=1", "/search?q=factory", "/words?min_count=1",
        "/concordance?pattern=factory", "/concordance?pattern=factory&source=" + quote(EVIL), "/timeline?pattern=factory",
        "/pair", "/", "/trace?pattern=factory",
    ]  # fmt: skip
    for page in pages:
        shown = asking.get(page)
        assert shown.status_code == 200, (page, shown.text)
        assert "<img src" not in shown.text, page
        assert "<script>alert" not in shown.text, page
        assert "1 < 2" not in shown.text, page
    assert "1 &lt; 2 &amp; 3 &gt; 2" in asking.get(f"/document/{doc}").text


def test_no_page_names_a_folder_of_this_computer_and_none_takes_one(seeds: Asking, tmp_path: Path) -> None:
    folder = str(seeds.studio.corpus.workspace.path.parent)
    secret = tmp_path / "secret.txt"
    secret.write_text("地方工业 = local industry\n", "utf-8")
    pages = [*PAGES, "/concordance?pattern=factory&variants=" + str(secret), "/words?stop=" + str(secret),
             "/search?q=a&encoder=" + str(secret), "/document/" + quote(str(secret), safe=""),
             "/concordance?pattern=a&lang=xx", "/search?q=a&doc=zzz", "/review?doc=003&bead=99",
             "/pair?a=" + str(secret)]  # fmt: skip
    for page in pages:
        for form in ("", ".json"):
            path, mark, query = page.partition("?")
            text = seeds.get((path + form if path != "/" else path) + mark + query).text
            assert folder not in text, page
    assert seeds.post("/pair/link", a=str(secret), b="003").status_code == 400
