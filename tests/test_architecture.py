"""The tree stays one a reader can take in; which folder imports which is `lint-imports`' to check."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted(path for package in ("align", "corpus") for path in (ROOT / package).rglob("*.py"))


def test_folders_are_small() -> None:
    sizes = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    limits = {ROOT / "corpus": 6}
    over = {
        str(folder.relative_to(ROOT)): size for folder, size in sizes.items() if size > limits.get(folder, 15)
    }
    assert over == {}


@pytest.mark.parametrize("package", ["align", "corpus"])
def test_files_are_short(package: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in MODULES
        if path.is_relative_to(ROOT / package)
    }
    assert {name: length for name, length in lengths.items() if length > 420} == {}


def test_every_folder_says_what_it_is() -> None:
    for folder in {path.parent for path in MODULES}:
        assert (folder / "__init__.py").read_text("utf-8").startswith('"""'), folder


def test_tests_mirror_the_packages() -> None:
    folders = {path.parent.relative_to(ROOT) for path in MODULES}
    mirrored = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")}
    assert mirrored - {Path()} <= folders
