"""Trained weights of the bead scorer, as data."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from align.calibrate import WIDTHS, Calibration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained scorer.

    Attributes
    ----------
    encoder, encoder_version
        Whose vectors it was trained on; :func:`align.align` refuses another encoder's.
    features
        Weight of every feature in :data:`align.scoring.features.NAMES`.
    max_block
        Longest run of sentences that is encoded; longer ones are made of these.
    calibration
        Of the score.
    provenance
        Training data, script, seed, settings: whatever is needed to make the weights again.
    omissions
        Coefficient of every sign in :data:`align.paths.omissions.SIGNS`; none where no second look is taken.
    relatedness
        Coefficient of every sign in :data:`align.relatedness.SIGNS`; none where that is not asked.
    contradicted
        What is left of a bead's score for each quantity that the other side has another in place of, 0..1.
    """

    encoder: str
    encoder_version: str
    features: Mapping[str, float]
    max_block: int = 4
    calibration: Calibration = field(default_factory=Calibration)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    omissions: Mapping[str, float] = field(default_factory=dict)
    relatedness: Mapping[str, float] = field(default_factory=dict)
    contradicted: float = 1.0

    def to_dict(self) -> dict[str, Any]:
        """As plain data, for JSON or TOML."""
        data = asdict(self)
        data["calibration"] = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in data["calibration"].items()
        }
        # Weights of before are told by the same digest as before.
        if not self.relatedness:
            del data["relatedness"]
        if self.contradicted == 1.0:
            del data["contradicted"]
        return {"format": FORMAT, **data}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Weights:
        """Read what :meth:`to_dict` wrote.

        Raises
        ------
        ValueError
            If the data is of another format or lacks something.
        """
        if data.get("format") != FORMAT:
            raise ValueError(f"aligner weights of format {data.get('format')!r}; this version reads {FORMAT}")
        try:
            calibration = data["calibration"]
            return cls(
                encoder=str(data["encoder"]),
                encoder_version=str(data["encoder_version"]),
                features={str(name): float(value) for name, value in data["features"].items()},
                max_block=int(data["max_block"]),
                calibration=Calibration(
                    coefficients=_coefficients(calibration["coefficients"]),
                    raw=tuple(map(float, calibration["raw"])),
                    probability=tuple(map(float, calibration["probability"])),
                    basis=str(calibration["basis"]),
                ),
                provenance=dict(data.get("provenance", {})),
                omissions={str(name): float(value) for name, value in data.get("omissions", {}).items()},
                relatedness={str(name): float(value) for name, value in data.get("relatedness", {}).items()},
                contradicted=float(data.get("contradicted", 1.0)),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"aligner weights are incomplete or malformed: {error}") from error


def _coefficients(values: Sequence[float]) -> tuple[float, ...]:
    """Read the coefficients of a calibration: as many as there are now, or as there were."""
    out = tuple(map(float, values))
    if len(out) not in WIDTHS:
        known = ", ".join(map(str, WIDTHS[:-1]))
        raise ValueError(f"a calibration has {known} or {WIDTHS[-1]} coefficients, not {len(out)}")
    return out
