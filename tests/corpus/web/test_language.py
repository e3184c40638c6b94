from __future__ import annotations

import ast
import re
import string
import tomllib
from pathlib import Path

import pytest

from corpus.web.language import LANGUAGES, chosen_language, direction, html_lang, told

WEB = Path(__file__).resolve().parents[3] / "corpus" / "web"


def messages_of_pages() -> set[str]:
    found = {
        match
        for path in WEB.rglob("*.html")
        for match in re.findall(r'\b_\("((?:[^"\\]|\\.)*)"', path.read_text("utf-8"))
    }
    for path in WEB.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = (
                    node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                )
                texts = [
                    arg.value
                    for arg in node.args
                    if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
                ]
                found |= {
                    "told": set(texts[:1]), "Outcome": set(texts[:1]), "Column": set(texts[1:2]),
                }.get(name, set())  # fmt: skip
                found |= {
                    word.value.value for word in node.keywords
                    if name == "Column" and word.arg == "help" and isinstance(word.value, ast.Constant)
                }  # fmt: skip
    return {str(message) for message in found}


def names_in(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name}


def test_every_message_is_in_chinese_with_the_same_values() -> None:
    table = tomllib.loads((WEB / "messages" / "zh.toml").read_text("utf-8"))["messages"]
    assert messages_of_pages() - set(table) == set()
    assert {message for message, text in table.items() if names_in(message) != names_in(text)} == set()


def test_what_is_said_of_one_thing_is_a_message() -> None:
    table = tomllib.loads((WEB / "messages" / "en.toml").read_text("utf-8"))["one"]
    assert set(table) <= messages_of_pages()
    assert told("en", "{n} documents", n=1) == "1 document"
    assert told("en", "{n} documents", n=2) == "2 documents"
    assert told("zh", "{n} documents", n=1) == "1 篇文献"


@pytest.mark.parametrize(
    ("cookie", "accepted", "code"),
    [(None, "zh-CN,zh;q=0.9,en;q=0.8", "zh"), (None, "de,en;q=0.5", "en"), ("en", "zh", "en"), ("xx", "", "en"),
     ("../../etc", "fr", "en")],
)  # fmt: skip
def test_the_language_is_the_one_chosen_or_the_browsers(cookie: str | None, accepted: str, code: str) -> None:
    assert chosen_language(cookie, accepted) == code
    assert code in LANGUAGES


def test_passages_say_their_language_and_direction() -> None:
    assert [direction(lang) for lang in ("ar", "fa", "he", "ur", "zh", "ko", None)] == ["rtl"] * 4 + [
        "ltr"
    ] * 3
    assert [html_lang(lang) for lang in ("zh", "und", None)] == ["zh", "", ""]
