"""What the library says of parameters, the command line says of options."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from corpus.cli.console import in_options, progress_bar, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Ran


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("`since` 2020 is after `until` 1990", "--since 2020 is after --until 1990"),
        ("say which with `src_lang`", "say which with --src-lang"),
        ("`cuts` takes dates in order", "--cut takes dates in order"),
        ("say `encoding='gb18030'`", "say --encoding gb18030"),
        ("name weights: `weights=FILE`", "name weights: --weights FILE"),
        ("only `once=False` can be counted", "only --every can be counted"),
        ("only `once=True` can be", "only --once can be"),
        ("`threshold=1.5`: a cosine is from -1 to 1", "--threshold 1.5: a cosine is from -1 to 1"),
        ("a table: `out='FILE.csv'`", "a table: -o FILE.csv"),
        ("see: `show('003', dropped=True)`", "see: corpus show 003 --dropped"),
        ("`check(repair=True, workspace='a b')`", "corpus check --repair --workspace 'a b'"),
        ("`align(SRC, TGT)` and `train_aligner()`", "corpus align SRC TGT and corpus train-aligner"),
        ("`save('q', replace=True)`", "corpus save --replace q"),
        ("`rm('-x')`", "corpus rm -x"),
        ("`command` is a list of texts", "`command` is a list of texts"),
        ("'`not ` what' is no `1+` pattern`", "'`not ` what' is no `1+` pattern`"),
        ("a `b(c` d", "a `b(c` d"),
    ],
)
def test_parameters_are_said_as_options(capsys: pytest.CaptureFixture[str], message: str, said: str) -> None:
    assert in_options(message) == said
    say(message)
    assert capsys.readouterr().err == f"{said}\n"


def test_an_error_of_the_library_is_said_in_options(cli: Callable[..., Ran]) -> None:
    ran = cli("timeline", "soap", "--by", "week")
    assert (ran.code, ran.out) == (1, "")
    assert "--by is one of decade, year, month" in ran.err
    assert "--since 2020 is after --until 1990" in cli("words", "--since", "2020", "--until", "1990").err
    assert "see: corpus show 003_ed76d6293c6aeeaa --dropped" in cli("show", "003:L3").err


class Screen(io.StringIO):
    """Standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


def test_what_is_written_while_a_bar_is_drawn_stays_on_stdout(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with progress_bar("mining") as progress:
        assert progress is not None
        progress(1, 2)
        sys.stdout.write("a row\n")
    assert capsys.readouterr().out == "a row\n"
    assert "a row" not in screen.getvalue()
    assert "mining" in screen.getvalue()
