"""What a reviewer should look at in a bead."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from align.scoring.numerals import differing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from align.paths.records import Habits
    from align.scoring.numerals import Quantity
    from align.scoring.text import Text

LOW: Final = 0.5
"""A score below which a bead is more likely wrong than right."""
_LENGTH_RATIO: Final = 2.2
_LENGTH_SLACK: Final = 0.25  # mean sentences: in short ones a word more or less says nothing


def bead_flags(
    src: Text, tgt: Text, src_span: tuple[int, int], tgt_span: tuple[int, int], habits: Habits, score: float
) -> tuple[str, ...]:
    """Flag a bead that is not null.

    Parameters
    ----------
    src_span, tgt_span
        First and last-plus-one sentence of each side.
    habits
        Of the pair of texts, for the expected ratio of lengths.
    score
        Calibrated probability of the bead.

    Returns
    -------
    tuple of str
        ``numbers: 8533 ≠ 8353`` where quantities of one side are missing on the other, whatever the script:
        those of the source, and those of the target (``–`` for none);
        ``length`` where one side is more than 2.2 times as long as expected;
        ``merge`` where both sides hold several sentences; ``low`` where the score is below 0.5.
    """
    flags = []
    src_numbers, tgt_numbers = (
        chain.from_iterable(text.numbers[slice(*span)]) for text, span in ((src, src_span), (tgt, tgt_span))
    )
    if (numbers := numbers_flag(src_numbers, tgt_numbers)) is not None:
        flags.append(numbers)
    src_length = src.lengths[slice(*src_span)].sum() / habits.src_unit + _LENGTH_SLACK
    tgt_length = tgt.lengths[slice(*tgt_span)].sum() / habits.tgt_unit + _LENGTH_SLACK
    if abs(np.log(src_length / tgt_length)) > np.log(_LENGTH_RATIO):
        flags.append("length")
    if min(src_span[1] - src_span[0], tgt_span[1] - tgt_span[0]) > 1:
        flags.append("merge")
    if score < LOW:
        flags.append("low")
    return tuple(flags)


def numbers_flag(src: Iterable[Quantity], tgt: Iterable[Quantity]) -> str | None:
    """Name the certain quantities that each side has and the other lacks, None if there are none."""
    missing = differing(src, tgt)
    if not any(missing):
        return None
    left, right = (" ".join(map(str, side)) or "–" for side in missing)
    return f"numbers: {left} ≠ {right}"
