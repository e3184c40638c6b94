"""Verticals, read by the rules of the format: a line is a structure's tag, or a token with its attributes."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from align import Bead
from corpus.base.errors import CorpusError
from corpus.documents.pairs import all_pairs, pair_batch, without_nulls, workspace_pairs
from corpus.writers.base import WriteOptions, write_pairs
from corpus.writers.corpora.vertical import vertical_lines
from tests.corpus.writers.making import SOURCE, TARGET, hostile, side

if TYPE_CHECKING:
    from pathlib import Path

    from corpus.store.workspace import Workspace

TAG = re.compile(r'<(?P<end>/?)(?P<name>[a-z]+)(?P<rest>(?: [a-z_]+="[^"<>]*")*)(?P<empty>/?)>')


@dataclass
class Structure:
    name: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[Structure] = field(default_factory=list)


def read(path: Path) -> list[Structure]:
    """Read a vertical into structures; fail on whatever is neither a tag nor a token."""
    root = Structure("", {})
    opened = [root]
    glue = True
    for line in path.read_text("utf-8").split("\n")[:-1]:
        if not line.startswith("<"):
            form, normal = line.split("\t")
            assert form
            assert normal
            for one in opened:
                one.text += ("" if glue or not one.text else " ") + html.unescape(form)
            glue = False
            continue
        tag = TAG.fullmatch(line)
        assert tag is not None, line
        if tag["empty"]:
            assert tag["name"] == "g"
            glue = True
        elif tag["end"]:
            assert opened.pop().name == tag["name"]
            glue = False
        else:
            told = dict(re.findall(r'([a-z_]+)="([^"]*)"', tag["rest"]))
            made = Structure(tag["name"], {key: html.unescape(value) for key, value in told.items()})
            opened[-1].inside.append(made)
            opened.append(made)
            glue = False
    assert opened == [root]
    return root.inside


def squeezed(text: str) -> str:
    return "".join(text.replace("\x02", "\ufffd").split())


@pytest.mark.parametrize("nulls", [False, True])
def test_the_nth_align_of_one_file_translates_the_nth_of_the_other(
    seeded: Workspace, tmp_path: Path, *, nulls: bool
) -> None:
    write_pairs([all_pairs(seeded), hostile()], tmp_path / "base.vert", "vertical", WriteOptions(nulls=nulls))
    assert sorted(path.name for path in tmp_path.glob("base*")) == ["base.en.vert", "base.zh.vert"]
    pairs = [
        *without_nulls(workspace_pairs(seeded)).select("src", "tgt").iter_rows(),
        *without_nulls(hostile().pairs).select("src", "tgt").iter_rows(),
    ]
    for lang, which in (("zh", 0), ("en", 1)):
        docs = read(tmp_path / f"base.{lang}.vert")
        aligns = [one for doc in docs for one in doc.inside if one.name == "align"]
        assert [one.attributes["n"] for one in aligns] == [str(k + 1) for k in range(len(pairs))]
        assert [squeezed(one.text) for one in aligns] == [squeezed(pair[which]) for pair in pairs]
        assert all(one.inside and {s.name for s in one.inside} == {"s"} for one in aligns)
        assert docs[-1].attributes["id"] == "a <b> & c"
        alone = [one.text for one in docs[-1].inside if one.name == "s"]
        assert [squeezed(text) for text in alone] == (
            [squeezed((SOURCE, TARGET)[which][-1])] if nulls else []
        )


def test_glue_stands_where_no_space_was() -> None:
    lines = list(vertical_lines("It's 3.5%, said O'Neil (aged 7).", "en"))
    assert [line.split("\t")[0] for line in lines] == [
        "It's", "3.5", "<g/>", "%", "<g/>", ",", "said", "O'Neil", "(", "<g/>", "aged", "7", "<g/>", ")", "<g/>", ".",
    ]  # fmt: skip


def test_more_than_two_languages_are_refused(tmp_path: Path) -> None:
    third = pair_batch("other", side("ko", ["하나."]), side("en", ["One."]), [Bead((0,), (0,), 0.9)])
    with pytest.raises(CorpusError, match=r"pairs in zh-en and in ko-en: .*`langs='ko-en'`"):
        write_pairs([hostile(), third], tmp_path / "base.vert", "vertical")
    same = pair_batch("same", side("en", ["Un."]), side("en", ["One."]), [Bead((0,), (0,), 0.9)])
    with pytest.raises(CorpusError, match="both sides are in en"):
        write_pairs([same], tmp_path / "base.vert", "vertical")
    assert list(tmp_path.iterdir()) == []
