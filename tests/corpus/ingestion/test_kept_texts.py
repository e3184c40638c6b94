from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import Corpus
from corpus.base.errors import InputError
from corpus.ingestion.kept_texts import file_name, keep_text

if TYPE_CHECKING:
    from corpus.store.workspace import Workspace


@given(st.text(max_size=300))
def test_a_name_is_one_of_a_file_in_the_folder(name: str) -> None:
    try:
        made = file_name(name)
    except InputError:
        return
    assert not set(made) & set('/\\\0\n<>:"|?*')
    assert not made.startswith(".")
    assert 0 < len(made.encode()) < 200
    assert file_name(made) == made


@pytest.mark.parametrize(
    ("name", "made"),
    [("../../etc/passwd", "passwd.txt"), ("C:\\texts\\a.txt", "a.txt"), ("a.zh.txt", "a.zh.txt"), ("文章.md", "文章.md"),
     (".hidden", "hidden.txt"), ("a\u202etxt.exe", "a txt.exe"), ("x" * 400 + ".html", "x" * 120 + ".html")],
)  # fmt: skip
def test_names_of_browsers_are_made_safe(name: str, made: str) -> None:
    assert file_name(name) == made


def test_no_text_is_written_over_and_the_same_is_kept_once(workspace: Workspace) -> None:
    first, second, again = (keep_text(workspace, "a.txt", data) for data in (b"one", b"two", b"one"))
    assert [first[0].name, second[0].name] == ["a.txt", "a-2.txt"]
    assert again == (first[0], False)
    assert first[0].read_bytes() == b"one"


@pytest.mark.parametrize(("name", "data"), [("", b"a"), ("...", b"a"), ("a.txt", b" \n")])
def test_what_is_no_text_is_refused(workspace: Workspace, name: str, data: bytes) -> None:
    with pytest.raises(InputError):
        keep_text(workspace, name, data)


def test_what_is_kept_is_a_text_like_any_other(workspace: Workspace) -> None:
    corpus = Corpus(workspace.path)
    report = corpus.add_texts(
        {"a.txt": "It was built in 1959. It works.", "b.txt": b"", "c.txt": bytes(range(256))}, date=1959
    )
    assert report.new == ["a"]
    assert sorted(one.file for one in report.skipped) == ["b.txt", "c.txt"]
    assert sorted(path.name for path in (workspace.path / "texts").iterdir()) == ["a.txt"]
    assert corpus.add_texts({"a.txt": "It was built in 1959. It works."}).unchanged == ["a"]
    assert corpus.check() == []
    assert corpus.refresh(align=False, index=False, compare=False).gone == ()
    with pytest.raises(InputError, match=r"b\.txt"):
        corpus.add_texts({"b.txt": ""})
