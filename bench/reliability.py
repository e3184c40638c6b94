"""A plot of how far scores can be believed, which `calibration.py`, `train_aligner.py` and `relevance_study.py` draw.

Each point is a tenth of the beads, ordered by score; the bar is a 95 % interval (Wilson 1927). Points on the diagonal mean
that a score is a probability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from align import calibration_error

if TYPE_CHECKING:
    import numpy.typing as npt

SIZE, LEFT, TOP = 340, 56, 16  # of the square, and the margins before it
HISTOGRAM = 60  # height of the histogram below it
STYLE = """text { font: 12px sans-serif; fill: #333 } .axis { stroke: #888; fill: none } .ideal { stroke: #bbb;
stroke-dasharray: 4 4 } .bar { stroke: #1f5a8c; stroke-width: 1.5 } .point { fill: #1f5a8c } .count { fill: #9fc0dc }"""


def wilson(right: int, total: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927)."""
    z = 1.96
    centre = (right + z * z / 2) / (total + z * z)
    half = z / (total + z * z) * float(np.sqrt(right * (total - right) / total + z * z / 4))
    return max(0.0, centre - half), min(1.0, centre + half)


def draw(
    scores: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
    bins: int = 10,
    *,
    things: str = "beads",
    right_ones: str = "right beads",
) -> str:
    """Make the plot: reliability in bins of equal mass, and a histogram of the scores below; SVG."""
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + SIZE + 24}" height="{TOP + SIZE + HISTOGRAM + 88}" role="img">',
        f"<title>Share of {right_ones} by score, {len(scores)} {things} of held-out texts</title>",
        f'<style>{STYLE}</style><rect width="100%" height="100%" fill="white"/>',
        f'<rect class="axis" x="{LEFT}" y="{TOP}" width="{SIZE}" height="{SIZE}"/>',
        f'<line class="ideal" x1="{LEFT}" y1="{TOP + SIZE}" x2="{LEFT + SIZE}" y2="{TOP}"/>',
    ]
    for tick in np.linspace(0, 1, 6):
        x, y = LEFT + tick * SIZE, TOP + (1 - tick) * SIZE
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{tick:.1f}</text>')
        out.append(f'<text x="{x:.1f}" y="{TOP + SIZE + 16}" text-anchor="middle">{tick:.1f}</text>')
    for part in np.array_split(np.argsort(scores, kind="stable"), bins):
        total, good = len(part), int(right[part].sum())
        x = LEFT + SIZE * float(scores[part].mean())
        low, high = (TOP + SIZE * (1 - share) for share in wilson(good, total))
        out.append(f'<line class="bar" x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}"/>')
        out.append(f'<circle class="point" cx="{x:.1f}" cy="{TOP + SIZE * (1 - good / total):.1f}" r="4"/>')
    out += _histogram(scores)
    middle, bottom = LEFT + SIZE / 2, TOP + SIZE + HISTOGRAM + 48
    error = calibration_error(scores, right, bins)
    out += [
        f'<text x="{middle}" y="{bottom}" text-anchor="middle">score (below: how many {things} have it)</text>',
        f'<text transform="translate(14 {TOP + SIZE / 2}) rotate(-90)" text-anchor="middle">share of {right_ones}</text>',
        f'<text x="{middle}" y="{bottom + 24}" text-anchor="middle">{len(scores)} {things} of held-out texts; '
        f"expected calibration error {error:.3f}</text>",
        "</svg>",
    ]
    return "\n".join(out) + "\n"


def _histogram(scores: npt.NDArray[np.float64]) -> list[str]:
    counts, edges = np.histogram(scores, bins=20, range=(0, 1))
    top = TOP + SIZE + 24
    return [
        f'<rect class="count" x="{LEFT + edge * SIZE + 1:.1f}" y="{top + HISTOGRAM * (1 - count / counts.max()):.1f}" '
        f'width="{SIZE / 20 - 2:.1f}" height="{HISTOGRAM * count / counts.max():.1f}"/>'
        for count, edge in zip(counts, edges, strict=False)
    ]
