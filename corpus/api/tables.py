"""Results as polars frames that say what they rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from corpus.writers.tsv import flattened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corpus.store.snapshot import Snapshot


class Table(pl.DataFrame):
    """A polars frame with what was asked, what was searched, and the state of the corpus it was made of.

    It is a `polars.DataFrame` in everything; frames made of it by polars' own methods are plain ones.

    Attributes
    ----------
    about
        What the command of the same name says besides the rows, as its JSON has it: ``snapshot``, and counts
        such as ``undated`` or ``repeats``.
    result
        What the function behind the method returned, with the frames that belong to this one.
    """

    about: dict[str, Any]
    result: Any

    @classmethod
    def of(
        cls,
        rows: pl.DataFrame,
        snapshot: Snapshot | None = None,
        *,
        result: object = None,
        **about: Any,  # noqa: ANN401 - whatever JSON holds
    ) -> Table:
        """Return a frame as a `Table`; nothing is copied."""
        table = cls(rows)
        table.about = ({} if snapshot is None else {"snapshot": snapshot.to_dict()}) | about
        table.result = result
        return table

    @property
    def snapshot(self) -> Mapping[str, str | None]:
        """Digests of the texts, beads and encoder that it rests on; empty for a frame made of others."""
        taken: Mapping[str, str | None] = self.__dict__.get("about", {}).get("snapshot", {})
        return taken

    def write_csv(self, *args: Any, **options: Any) -> str | None:  # type: ignore[override]  # noqa: ANN401
        """Write it as `polars.DataFrame.write_csv` does, lists as texts, as TSV has them."""
        written: str | None = flattened(self).write_csv(*args, **options)
        return written

    def __getstate__(self) -> Any:  # noqa: ANN401 - polars' own
        return super().__getstate__(), self.__dict__.get("about", {})

    def __setstate__(self, state: Any) -> None:  # noqa: ANN401
        rows, self.about = state
        super().__setstate__(rows)

    def _repr_html_(self, **options: Any) -> str:  # noqa: ANN401 - polars' own
        """Return it for a notebook, with its snapshot under it."""
        parts = " ".join(f"{name} {part}" for name, part in self.snapshot.items() if part)
        caption = f"<small>snapshot: {parts}</small>" if parts else ""
        return f"{super()._repr_html_(**options)}{caption}"
