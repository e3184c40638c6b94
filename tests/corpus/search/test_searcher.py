"""Search across languages and decades of the seeds."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest

from corpus.base.errors import CorpusError, WorkspaceError
from corpus.base.resources import seeds_dir
from corpus.documents.subcorpus import Selection
from corpus.ingestion.ingest import ingest, remove
from corpus.search.index.builder import count_missing
from corpus.search.query import query_language
from corpus.search.ranking import MODES, Mode
from corpus.search.results import HITS
from corpus.search.searcher import open_searcher, similar
from corpus.store.workspace import Workspace
from corpus.text.dates import parse_date
from corpus.text.variants import Variants

if TYPE_CHECKING:
    from pathlib import Path

HEADLINE = "郡郡都办工厂　加强国家经济　朝鲜地方工业犹如雨后春笋"

# Subjects that the seeds do not touch, in both languages.
ABSENT = [
    "penguin migration",
    "football match",
    "the history of Rome",
    "quantum physics",
    "recipe for apple pie",
    "tourism in Thailand",
    "企鹅迁徙",
    "足球比赛",
    "量子物理学",
    "苹果派的做法",
    "泰国旅游",
    "古罗马历史",
]


@pytest.fixture(scope="module")
def seeds(built: Path) -> Workspace:
    return Workspace(built)


def shown(hits: pl.DataFrame) -> list[str]:
    """Return both sides of every hit."""
    return [f"{text} {translation}" for text, translation in hits.select("text", "translation").iter_rows()]


@pytest.mark.parametrize("query", ["local industry", "地方工业"])
def test_the_headline_bead_is_among_the_first_five(seeds: Workspace, query: str) -> None:
    hits = similar(seeds, query).hits
    assert hits.schema == HITS
    assert any(HEADLINE in text and "Bamboo Shoots" in text for text in shown(hits.head(5)))


def test_a_chinese_query_finds_english_of_several_years(seeds: Workspace) -> None:
    hits = similar(seeds, "地方工业", k=10).hits
    years = {date[:4] for date in hits.filter(pl.col("lang") == "en")["date"].drop_nulls()}
    assert len(years & {"2022", "2023", "2024", "2025"}) >= 2


def test_scores_descend_and_ranks_count(seeds: Workspace) -> None:
    for mode, by in zip(MODES, ("score", "bm25", "fused"), strict=True):
        hits = similar(seeds, "regional-industry factories in Kimhwa County", k=20, mode=mode).hits
        assert hits["rank"].to_list() == list(range(1, len(hits) + 1))
        assert hits[by].is_sorted(descending=True)
        assert hits["coverage"].is_between(0, 1).all()
        assert hits["score"].is_null().all() if mode == "lexical" else hits["score"].is_between(-1, 1).all()


def test_a_bead_is_one_result(seeds: Workspace) -> None:
    hits = similar(seeds, "地方工业", k=500, threshold=-1).hits
    texts = hits["text"].to_list()
    translations = hits["translation"].drop_nulls().to_list()
    assert len(texts) == len(set(texts))
    assert len(translations) == len(set(translations)) == 10 - len([t for t in texts if t in translations])
    assert not set(texts) & set(translations)


@pytest.mark.parametrize("query", ABSENT)
def test_nothing_close_is_an_answer(seeds: Workspace, query: str) -> None:
    found = similar(seeds, query)
    assert found.hits.is_empty(), found.hits.select("score", "text")
    assert found.best is not None
    assert found.best < found.threshold


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("soap", "Kumsongchon-trademark soap"),
        ("ball bearings", "ball bearings"),
        ("滚珠轴承", "滚珠轴承"),
        ("paper mill", "paper mill"),
        ("living standards of the people", "living standard"),
        ("人民生活水平", "living standard"),
        ("肥皂", "soap"),
    ],
)
def test_what_the_seeds_speak_of_is_found(seeds: Workspace, query: str, part: str) -> None:
    assert any(part in text for text in shown(similar(seeds, query, k=5).hits))


@pytest.mark.parametrize(
    ("within", "dates"),
    [
        (Selection(since=parse_date("2022"), until=parse_date("2022")), {"2022-11-11"}),
        (Selection(until=parse_date("1959-05-20")), {"1959-05-20"}),
        (Selection(until=parse_date("1959-05-19")), set()),
        # 001 is known to the year only: its interval overlaps any part of 2024.
        (Selection(since=parse_date("2024-02-07"), until=parse_date("2024-02-08")), {"2024"}),
        (Selection(since=parse_date("2025")), {"2025-02-10"}),
    ],
)
def test_a_partial_date_passes_where_its_interval_overlaps(
    seeds: Workspace, within: Selection, dates: set[str]
) -> None:
    hits = similar(seeds, "local industry", within=within, threshold=-1, k=100).hits
    assert set(hits["date"]) == dates


def test_undated_text_that_a_date_filter_leaves_out_is_counted(seeded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Soap is popular among housewives. It is made in the county.")
    ingest(seeded, [tmp_path / "a.txt"])
    found = similar(seeded, "soap", within=Selection(since=parse_date("1960")))
    assert (found.undated, found.best) == (2, None)
    assert similar(seeded, "soap").undated == 0


def test_a_translation_is_found_under_the_originals_date_and_says_so(seeds: Workspace) -> None:
    within = Selection(lang="en", until=parse_date("1960"))
    hits = similar(seeds, "local industry", within=within, threshold=-1).hits
    assert hits["date"].unique().to_list() == ["1959-05-20"]
    assert hits["date_basis"].unique().to_list() == ["original"]
    assert hits["relation"].unique().to_list() == ["translation"]


def test_language_filters(seeds: Workspace) -> None:
    for lang in ("zh", "en"):
        hits = similar(seeds, "local industry", within=Selection(lang=lang), threshold=-1).hits
        assert hits["lang"].unique().to_list() == [lang]
        assert len(hits) == 10
    with pytest.raises(CorpusError, match="languages are en, zh"):
        similar(seeds, "local industry", within=Selection(lang="ko"))


def test_per_decade(seeds: Workspace) -> None:
    hits = similar(seeds, "local industry", per_decade=2, threshold=-1).hits
    assert hits["decade"].to_list() == ["1950s", "1950s", "2020s", "2020s"]


def test_a_sentence_printed_twice_is_one_result_with_its_places(seeded: Workspace, tmp_path: Path) -> None:
    sentence = "Kumsongchon-trademark soap is popular among housewives."
    for name, date in (("early", "1961"), ("late", "1962")):
        (tmp_path / f"{name}.txt").write_text(f"A report.\n\n{sentence}\n\nIt was of {date}.\n")
    (tmp_path / "manifest.toml").write_text(
        '[[document]]\nfile = "early.txt"\ndate = "1961"\n[[document]]\nfile = "late.txt"\ndate = "1962"\n'
    )
    ingest(seeded, [tmp_path / "late.txt", tmp_path / "early.txt"])
    (hit,) = similar(seeded, "soap", k=1).hits.to_dicts()
    assert hit["text"] == sentence
    assert [(place["doc_id"], place["date"], place["line"]) for place in hit["places"]] == [
        ("early", "1961", 3),
        ("late", "1962", 3),
    ]


def test_a_sentence_that_came_back_is_found_though_its_segment_is_lost(
    workspace: Workspace, tmp_path: Path
) -> None:
    many = "\n\n".join(
        f"The plant made {number} thousand pairs of shoes in that year." for number in range(2, 20)
    )
    penguins = "Penguins migrate over the ice to the sea every winter."
    for name, text in (("many", many), ("b", penguins), ("c", "Steel is made in a furnace by the river.")):
        (tmp_path / f"{name}.txt").write_text(text)
    ingest(workspace, [tmp_path / "many.txt", tmp_path / "b.txt"])
    similar(workspace, "penguin")
    ingest(workspace, [tmp_path / "c.txt"])
    remove(workspace, ["b"])
    similar(workspace, "penguin")
    ingest(workspace, [tmp_path / "b.txt"])
    lost = workspace.file("rows-000001")
    assert lost is not None
    (lost / "rows.parquet").write_bytes(b"not a table")
    found = similar(workspace, "penguin migration")
    assert found.hits["doc_id"][: found.close].to_list() == ["b"]
    assert count_missing(workspace) == 0


def test_an_index_that_cannot_be_written_is_a_clear_error(
    seeded: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Penguins migrate over the ice to the sea every winter.")
    ingest(seeded, [tmp_path / "a.txt"])
    before = seeded.state().change

    def full(*_: object) -> None:
        raise RuntimeError("write error in index-000002.faiss: No space left on device")

    monkeypatch.setattr("corpus.search.index.vector_index.write", full)
    with pytest.raises(WorkspaceError, match="cannot write the index"):
        similar(seeded, "penguin")
    assert seeded.state().change == before


def test_an_edited_reprint_is_one_result_with_the_first(seeded: Workspace, tmp_path: Path) -> None:
    sentence = (
        "Kumsongchon-trademark soap, made of local raw materials, is popular among {} all over the county."
    )
    for name, date, who in (("early", "1961", "housewives"), ("late", "1962", "the housewives")):
        (tmp_path / f"{name}.txt").write_text(f"A report.\n\n{sentence.format(who)}\n\nIt was of {date}.\n")
        (tmp_path / "manifest.toml").write_text(f'[[document]]\nfile = "{name}.txt"\ndate = "{date}"\n')
        ingest(seeded, [tmp_path / f"{name}.txt"])
    hits = similar(seeded, "soap made of local raw materials").hits.to_dicts()
    (hit,) = [hit for hit in hits if "Kumsongchon" in hit["text"]]
    assert [(place["doc_id"], place["date"]) for place in hit["places"]] == [
        ("early", "1961"),
        ("late", "1962"),
    ]
    assert sorted(place["reprint"] for place in hit["places"]) == [False, True]
    within = Selection(since=parse_date("1962"))
    found = similar(seeded, "soap made of local raw materials", within=within)
    (hit,) = found.hits.to_dicts()[: found.close]
    assert [place["doc_id"] for place in hit["places"]] == ["late"]


def test_the_index_follows_the_documents(seeded: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Penguins migrate over the ice to the sea every winter.")
    ingest(seeded, [file])
    assert [hit["doc_id"] for hit in similar(seeded, "penguin migration").hits.to_dicts()] == ["a"]
    file.write_text("Steel is made in a furnace of the plant by the river.")
    ingest(seeded, [file])
    assert similar(seeded, "penguin migration").hits.is_empty()


def test_only_what_is_new_is_encoded(seeded: Workspace, tmp_path: Path) -> None:
    assert open_searcher(seeded).encoded == 0
    (tmp_path / "a.txt").write_text("Kumsongchon-trademark soap is popular among housewives. A new sentence.")
    ingest(seeded, [tmp_path / "a.txt"])
    assert open_searcher(seeded).encoded == 1


def test_an_interrupted_build_keeps_what_is_encoded(
    seeded: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(seeded.path / "embeddings")
    with seeded.change() as change:
        for name in seeded.state().files:
            if name.startswith("index"):
                change.drop_file(name)
    monkeypatch.setattr("corpus.search.index.encoding._BATCH", 20)

    def interrupt(done: int, total: int) -> None:
        if done >= 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_searcher(seeded, progress=interrupt)
    assert 0 < open_searcher(seeded).encoded <= len(seeded.table("sentences")) - 40


@pytest.mark.parametrize("query", ["", "  ", "?!", "。"])
def test_an_empty_query_is_refused(seeds: Workspace, query: str) -> None:
    with pytest.raises(CorpusError, match="the query is empty"):
        similar(seeds, query)


@pytest.mark.parametrize(
    "query", ["flood damage", "Five-Year  Plan", "27.5%", "27.5％", "滚珠轴承", "Paper mill"]
)
def test_what_stands_word_for_word_is_a_hit_whatever_its_score(seeds: Workspace, query: str) -> None:
    hits = similar(seeds, query, threshold=1).hits
    assert len(hits) > 0
    assert hits["literal"].all()


def test_quotes_and_particles_do_not_hide_a_word(seeded: Workspace, tmp_path: Path) -> None:
    assert not similar(seeded, "the people's living standards").hits.is_empty()
    (tmp_path / "ko.txt").write_text("김화군의 지방공업공장들은 지난해에 일떠섰다.", "utf-8")
    ingest(seeded, [tmp_path / "ko.txt"])
    assert len(similar(seeded, "지방공업공장", threshold=1).hits) == 1


def test_a_hits_span_is_its_text(seeds: Workspace) -> None:
    for hit in similar(seeds, "地方工业", k=100, threshold=-1).hits.iter_rows(named=True):
        text = (seeds_dir().parent / hit["file"]).read_bytes().decode()
        assert text[hit["text_start"] : hit["text_end"]].split() == hit["text"].split()
        assert "".join(text[hit["start"] : hit["end"]].split()) in "".join(hit["text"].split())
        assert hit["line"] == text.count("\n", 0, hit["start"]) + 1


def test_numbers_that_differ_by_a_point_are_two_sentences(seeded: Workspace, tmp_path: Path) -> None:
    for name, factor in (("one", "2.6"), ("two", "26")):
        (tmp_path / f"{name}.txt").write_text(f"The output of the county rose {factor} times in that year.")
    ingest(seeded, [tmp_path / "one.txt", tmp_path / "two.txt"])
    hits = similar(seeded, "The output of the county rose 2.6 times in that year.").hits
    assert [len(places) for places in hits["places"]] == [1, 1]


def test_a_reprint_without_translation_does_not_hide_the_translation(
    seeded: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "003.txt").write_bytes((seeds_dir() / "003_ed76d6293c6aeeaa.txt").read_bytes())
    (tmp_path / "old.txt").write_text("这是平壤市一所由地方开办的铁工厂的工人们在制造滚珠轴承。", "utf-8")
    (tmp_path / "manifest.toml").write_text('[[document]]\nfile = "old.txt"\ndate = "1950"\n')
    ingest(seeded, [tmp_path / "003.txt", tmp_path / "old.txt"])
    hit = similar(seeded, "滚珠轴承", k=1).hits.row(0, named=True)
    assert "ball bearings" in hit["translation"]
    assert [place["doc_id"] for place in hit["places"]] == ["old", "003"]


def test_a_part_of_a_word_is_not_the_word(seeds: Workspace) -> None:
    assert similar(seeds, "art", threshold=1).hits.is_empty()  # it is in "party", "started" …


def test_a_short_query_in_latin_letters_is_in_the_corpus_language() -> None:
    assert query_language("industrie", ["zh", "fr", "fr", "en"]) == "fr"
    assert query_language("local industry", ["zh"]) == "en"
    assert query_language("地方工业", ["en"]) == "zh"


# --- words, variants, filters -----------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("query", ["金化", "Kimhwa", "김화", "Kumhwa"])
def test_a_name_is_found_under_all_its_forms(seeds: Workspace, query: str, mode: Mode) -> None:
    found = similar(seeds, query, mode=mode, k=100, window=1)
    assert [variant.name for variant in found.variants] == ["Kimhwa"]
    named = found.hits.filter(pl.col("text").str.contains("Kimhwa"))
    assert len(named) == 17
    assert named["variant"].is_null().all() == (query == "Kimhwa")
    if mode != "dense":  # by meaning, other passages are close to a name, too
        assert found.hits["text"].head(10).str.contains("Kimhwa").all()


def test_without_variants_a_form_finds_itself_only(seeds: Workspace) -> None:
    assert similar(seeds, "金化", variants=Variants()).hits.is_empty()
    assert len(similar(seeds, "Kimhwa", variants=Variants()).hits) == 10


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("query", ["27.5%", "27.5％", "２７．５％"])
def test_a_number_is_found_whatever_its_width(seeds: Workspace, query: str, mode: Mode) -> None:
    first = similar(seeds, query, mode=mode).hits.row(0, named=True)
    assert "27.5" in first["text"] + first["translation"]
    assert first["literal"]


def test_the_other_scripts_characters_find_the_same(seeds: Workspace) -> None:
    for query, other in (("滚珠轴承", "滾珠軸承"), ("地方工业", "地方工業")):
        assert similar(seeds, query, mode="lexical").hits.equals(similar(seeds, other, mode="lexical").hits)


@pytest.mark.parametrize("query", ["of the and", "的了在", "it is what they have"])
def test_function_words_alone_are_no_match(seeds: Workspace, query: str) -> None:
    for mode in MODES:
        found = similar(seeds, query, mode=mode)
        assert found.hits.filter(~pl.col("literal")).is_empty()


def test_some_of_a_querys_words_are_not_enough(seeds: Workspace) -> None:
    hits = similar(seeds, "penguin migration over antarctica").hits
    assert hits.is_empty()
    covered = similar(seeds, "soap trademark").hits.head(1)
    assert ["Kumsongchon-trademark soap" in text for text in covered["text"]] == [True]
    assert covered["coverage"].item() == pytest.approx(1)


def test_lexical_search_needs_no_encoder(seeded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Penguins migrate over the ice.")
    ingest(seeded, [tmp_path / "a.txt"])
    found = similar(seeded, "penguin", mode="lexical", encoder="absent")
    assert found.hits["text"].to_list() == ["Penguins migrate over the ice."]
    assert found.best is None
    assert similar(seeded, "penguins", k=1).hits["score"].is_not_null().all()


def test_korean_particles_do_not_hide_a_word(seeded: Workspace, tmp_path: Path) -> None:
    (tmp_path / "ko.txt").write_text(
        "김화군의 공장들은 지난해에 일떠섰다. 비누가 인민들의 사랑을 받는다.", "utf-8"
    )
    ingest(seeded, [tmp_path / "ko.txt"])
    hits = similar(seeded, "공장 김화", mode="lexical", within=Selection(lang="ko")).hits
    assert hits["coverage"].to_list() == [pytest.approx(1)]
    assert "김화군의" in similar(seeded, "Kimhwa", within=Selection(lang="ko")).hits["text"].item()


def test_filters_by_source_and_document(seeds: Workspace) -> None:
    hits = similar(seeds, "local industry", within=Selection(sources=("xinhua",)), threshold=-1, k=50).hits
    assert hits["source"].unique().to_list() == ["Xinhua News Agency"]
    doc_id = "000_099c89f81d734f0f"
    hits = similar(seeds, "local industry", within=Selection(docs=(doc_id,)), threshold=-1).hits
    assert hits["doc_id"].unique().to_list() == [doc_id]
    assert len(hits) == 10
    with pytest.raises(CorpusError, match="no text from 'Times' here; sources are"):
        similar(seeds, "soap", within=Selection(sources=("Times",)))


def test_ten_are_ten_where_many_places_share_few_sentences(seeded: Workspace, tmp_path: Path) -> None:
    for number in range(60):
        text = f"Soap is made here.\n\nSoap number {number % 12} is sold in town."
        (tmp_path / f"{number}.txt").write_text(text)
    ingest(seeded, sorted(tmp_path.glob("*.txt")))
    hits = similar(seeded, "soap", k=13).hits
    assert len(hits) == 13
    assert max(len(places) for places in hits["places"]) == 60


# --- the index, as documents come and go ------------------------------------------------------------


def test_an_index_of_many_segments_finds_what_one_does(seeded: Workspace, tmp_path: Path) -> None:
    for number in range(4):
        towns = range(100 * number, 100 * number + (40 if number == 0 else 1))
        text = "\n\n".join(f"The mill in town {100 + town} makes paper and soap." for town in towns)
        (tmp_path / f"{number}.txt").write_text(text)
        ingest(seeded, [tmp_path / f"{number}.txt"])
        if number == 2:
            (tmp_path / "gone.txt").write_text("Soap that is not sold any more.")
            ingest(seeded, [tmp_path / "gone.txt"])
        open_searcher(seeded)
    remove(seeded, ["gone"])
    pieces = open_searcher(seeded)
    assert len(pieces.segments) > 1
    whole = Workspace(tmp_path / "whole")
    ingest(whole, sorted(tmp_path.glob("*.txt")))
    remove(whole, ["gone"])
    one = open_searcher(whole)
    assert len(one.segments) == 1
    columns = ["text", "score", "bm25", "coverage", "literal"]
    for query in ("soap", "paper mill", "town 105"):
        found, expected = (searcher.find(query, k=50, threshold=0.2).hits for searcher in (pieces, one))
        assert set(found["text"]) == set(expected["text"])
        both = found.select(columns).join(expected.select(columns), on="text", suffix="_one")
        assert both["score"].to_list() == pytest.approx(both["score_one"].to_list(), abs=1e-5)
        assert both["coverage"].to_list() == pytest.approx(both["coverage_one"].to_list(), abs=0.02)


def test_a_sentence_that_comes_back_is_found_again(seeded: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    for text, hits in (("Penguins migrate.", 1), ("Steel is made here.", 0), ("Penguins migrate.", 1)):
        file.write_text(text)
        ingest(seeded, [file])
        assert len(similar(seeded, "penguins").hits) == hits


def test_a_dictionary_of_the_workspace_makes_words_anew(seeded: Workspace) -> None:
    before = open_searcher(seeded).segments[0].words.frequency("郡郡")
    (seeded.path / "dictionary.txt").write_text("郡郡 1000 n\n", "utf-8")
    assert (before, open_searcher(seeded).segments[0].words.frequency("郡郡")) == (0, 1)
    assert open_searcher(seeded).encoded == 0


def test_what_is_missing_can_be_counted_without_an_encoder(seeded: Workspace, tmp_path: Path) -> None:
    assert count_missing(seeded) == 0
    (tmp_path / "a.txt").write_text("Penguins migrate over the ice.\n\nThey swim in the sea.")
    ingest(seeded, [tmp_path / "a.txt"])
    assert count_missing(seeded) == 2


@pytest.mark.parametrize("name", ["KCNA", "Korean Central", "朝鲜中央通讯社"])
def test_a_source_goes_by_any_of_its_names(seeds: Workspace, name: str) -> None:
    hits = similar(seeds, "local industry", within=Selection(sources=(name,)), threshold=-1).hits
    assert set(hits["doc_id"].str.slice(0, 3)) == {"002", "003", "004"}


@pytest.mark.parametrize(
    ("query", "lang"),
    [("Gebirge", "de"), ("montagne", "fr"), ("sommet", "fr"), ("Gipfel des Gebirges", "de"), ("горы", "ru")],
)
def test_a_querys_language_is_told_by_the_texts_that_hold_its_words(
    workspace: Workspace, tmp_path: Path, query: str, lang: str
) -> None:
    texts = {
        "de": "Das Gebirge ist hoch, und der Gipfel des Gebirges liegt im Schnee. Wir steigen morgen hinauf.",
        "fr": "La montagne est haute, et le sommet de la montagne est dans la neige. Nous y montons demain.",
        "ru": "Мы видели высокие горы, и снег лежит на вершине. Завтра мы поднимемся туда все вместе.",
    }
    for code, text in texts.items():
        (tmp_path / f"{code}.txt").write_text(text, "utf-8")
    ingest(workspace, [tmp_path / f"{code}.txt" for code in texts])
    hits = similar(workspace, query, k=1, window=1).hits
    assert hits["lang"].to_list() == [lang]
    assert open_searcher(workspace)._language_of(query) == lang


def test_below_one_half_the_nearest_follow_only_where_something_is_close(seeded: Workspace) -> None:
    found = similar(seeded, "soap")
    assert found.close == 1
    scores = found.hits["score"].to_list()
    assert scores == sorted(scores, reverse=True)
    assert scores[0] >= 0.5 > scores[1]
    # Few of a language stand out of it by meaning alone.
    assert len(found.hits) < 10
    assert len(similar(seeded, "soap", threshold=0.5).hits) == 1
    assert min(similar(seeded, "soap", per_decade=3).hits["score"].to_list()) >= 0.5
    assert similar(seeded, "penguin").hits.is_empty()


def test_what_is_close_in_another_language_is_not_said_to_be_nowhere(
    workspace: Workspace, tmp_path: Path
) -> None:
    chinese = "工人们造了许多滚珠轴承。孩子们在河边玩。老师讲了一个故事。"
    english = "Many of these were turned out by hand. Children played. The teacher told a story."
    (tmp_path / "a.txt").write_text(chinese, "utf-8")
    (tmp_path / "b.txt").write_text(english, "utf-8")
    ingest(workspace, [tmp_path / "a.txt", tmp_path / "b.txt"])
    there = similar(workspace, "滚珠轴承", within=Selection(lang="en"))
    assert there.close == 0
    assert not there.hits.is_empty()
    assert similar(workspace, "企鹅", within=Selection(lang="en")).hits.is_empty()
