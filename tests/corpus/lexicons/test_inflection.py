"""What words a dictionary has under another form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corpus.lexicons import open_lexicon
from corpus.lexicons.entries import entries_of
from corpus.lexicons.inflection import base_forms, compound
from corpus.store.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def known(word: str) -> bool:
    found = open_lexicon("de", "fr")
    return found is not None and bool(found.translations(word))


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("aufzusteigen", "aufsteigen"),
        ("weckt", "wecken"),
        ("huschten", "huschen"),
        ("gewechselt", "wechseln"),
        ("aufgefordert", "auffordern"),
        ("niederzuschreiben", "niederschreiben"),
        ("schliesst", "schliessen"),
    ],
)
def test_a_verb_is_found_by_its_base_form(word: str, base: str) -> None:
    assert base in base_forms(word, "de", lambda form: form == base)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Alpenreise", ("alpen", "reise")),
        ("Lebensbereiche", ("leben", "bereiche")),
        ("Lehrmeister", ("lehr", "meister")),
    ],
)
def test_a_compound_is_cut_in_two(word: str, parts: tuple[str, str]) -> None:
    assert compound(word, "de", lambda form: form in parts) == parts


def test_only_what_the_dictionary_has_is_returned() -> None:
    assert base_forms("aufzusteigen", "de", lambda _: False) == []
    assert compound("Alpenreise", "de", lambda form: form == "reise") is None
    assert compound("Reise", "de", lambda _: True) is None


@pytest.mark.parametrize(
    ("word", "base"),
    [
        ("roulent", "rouler"), ("tuyaux", "tuyau"), ("amis", "ami"), ("chevaux", "cheval"), ("finissait", "finir"),
        ("entendu", "entendre"), ("regagnons", "regagner"), ("mangeait", "manger"), ("partit", "partir"),
    ],
)  # fmt: skip
def test_a_french_form_is_found_by_its_base(word: str, base: str) -> None:
    assert base in base_forms(word, "fr", lambda form: form == base)


@pytest.mark.parametrize("lang", ["en", "ru", "zh"])
def test_other_languages_have_no_such_rules(lang: str) -> None:
    assert base_forms("getrennt", lang, lambda _: True) == []
    assert compound("Alpenreise", lang, lambda _: True) is None


def test_the_shipped_lexicon_knows_what_it_did_not() -> None:
    assert not known("aufzusteigen")
    assert base_forms("aufzusteigen", "de", known)[0] == "aufsteigen"


@pytest.mark.parametrize(("word", "source"), [("aufzusteigen", "of aufsteigen"), ("Alpenreise", "of reise")])
def test_what_searches_look_up_is_shown(tmp_path: Path, word: str, source: str) -> None:
    found = entries_of(Workspace(tmp_path), word, lang="de", to="fr")
    assert found["source"].str.contains(source).any()
