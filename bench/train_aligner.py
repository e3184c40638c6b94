"""Train the aligner's weights on gold alignments, calibrate them, and report on texts left out.

    python bench/train_aligner.py --gold ../shared/gold --output models/aligner/default.json --drop support_one

Every gold text is used as it is and with sentences cut out of one side at 5 and 15 % of its beads. The report trains without
each text of the first set in turn (its cut versions left out with it) and tests on it, and trains on each set to test
on the other. The calibration is fitted to the beads that those held-out runs propose, and to beads of mismatched texts, all wrong.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from align_gold import parser, read_set

from align import Bead, Scores, Weights, calibration_error, evaluate
from align.aligner import find_beads
from align.calibrate import fit_calibration
from align.train import NULL_RATES, collect, ids_of, judged, read_example, train, with_nulls
from corpus.encoders import load_encoder

MAX_BLOCK = 4


class Study:
    """One set's texts at every null rate, embedded, with their candidates."""

    def __init__(self, folder, encoder, seed) -> None:  # noqa: ANN001
        gold_set = read_set(folder)
        self.name = gold_set.name
        self.examples = with_nulls(gold_set.examples, seed)
        self.texts = [[read_example(one, encoder, MAX_BLOCK) for one in row] for row in self.examples]
        self.collected = [
            collect(texts, [one.gold for one in row])
            for texts, row in zip(self.texts, self.examples, strict=True)
        ]

    def candidates(self, without: int | None = None):  # noqa: ANN201
        """Everything collected, but for one text."""
        return [one for k, row in enumerate(self.collected) if k != without for one in row]

    def find(self, weights: Weights, k: int, rate: int):  # noqa: ANN201
        """Align one text."""
        src, tgt = self.texts[k][rate]
        return find_beads(src, tgt, weights, lambda _: None)[0]

    def score(self, found, k: int, rate: int) -> Scores:  # noqa: ANN001
        """Evaluate what was found in one text."""
        return evaluate(self.examples[k][rate].gold, [Bead(*ids_of(one)) for one in found])

    def test(self, weights: Weights) -> list[float]:
        """Strict F1 at every null rate."""
        return [
            sum(
                (self.score(self.find(weights, k, r), k, r) for k in range(len(self.texts))), Scores()
            ).strict.f1
            for r in range(len(NULL_RATES))
        ]


def main() -> None:
    """Train, calibrate, report."""
    options = parser(__doc__)
    options.add_argument("--output", type=Path, required=True)
    options.add_argument("--strength", type=float, default=0.3)
    options.add_argument("--drop", nargs="*", default=[], help="features to do without")
    args = options.parse_args()
    encoder = load_encoder(args.encoder)
    facts = {
        "encoder": encoder.name,
        "encoder_version": encoder.version,
        "strength": args.strength,
        "drop": args.drop,
    }
    studies = [Study(args.gold / name, encoder, args.seed) for name in args.sets]
    report: dict[str, list[float]] = {}
    held_out: list[tuple[np.ndarray, np.ndarray]] = []
    fold: list[tuple[str, int]] = []
    unrelated: list[tuple[np.ndarray, np.ndarray]] = []
    for study in studies:
        others = [one for other in studies if other is not study for one in other.candidates()]
        if others:
            row = [round(f1, 4) for f1 in study.test(train(others, **facts))]
            report[f"{study.name}, trained on the other sets"] = row
            print(study.name, "trained on the other sets", row, flush=True)
    study, *rest = studies
    others = [one for other in rest for one in other.candidates()]
    totals = [Scores() for _ in NULL_RATES]
    for k in range(len(study.texts)):
        weights = train(study.candidates(without=k) + others, **facts)
        for rate in range(len(NULL_RATES)):
            found = study.find(weights, k, rate)
            totals[rate] += study.score(found, k, rate)
            if rate < 2:
                held_out.append(judged(found, study.examples[k][rate].gold))
                fold.append((study.name, k) if rate == 0 else ("", k))
        found = find_beads(study.texts[k][0][0], study.texts[k - 1][0][1], weights, lambda _: None)[0]
        unrelated.append(judged(found, []))
    row = [round(total.strict.f1, 4) for total in totals]
    report[f"{study.name}, each text left out"] = row
    print(study.name, "each text left out", row, flush=True)
    basis = (
        f"beads proposed for held-out texts of {args.sets[0]}, as they are and with 5 % null beads, and for "
        f"{len(unrelated)} mismatched pairs of texts"
    )
    everything = held_out + unrelated
    calibration = fit_calibration(
        np.concatenate([signs for signs, _ in everything]),
        np.concatenate([right for _, right in everything]),
        basis,
    )
    quality = calibration_quality(held_out, fold, unrelated, args.sets[0])
    print(json.dumps(quality), flush=True)
    weights = train(
        [one for study in studies for one in study.candidates()],
        **facts,
        provenance={
            "script": "bench/train_aligner.py",
            "date": datetime.now(tz=UTC).date().isoformat(),
            "sets": args.sets,
            "seed": args.seed,
            "strength": args.strength,
            "dropped": args.drop,
            "null_rates": list(NULL_RATES),
            "strict_f1_at_null_rates": report,
            "calibration": quality,
        },
    )
    args.output.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(replace(weights, calibration=calibration).to_dict(), indent=1, ensure_ascii=False)
    args.output.write_text(text + "\n", encoding="utf-8")


def calibration_quality(held_out, fold, unrelated, name):  # noqa: ANN001, ANN201
    """Calibrate without each text in turn, and measure on it: the scores of texts never seen by weights or knots."""
    scores, rights, strange = [], [], []
    texts = [k for owner, k in fold if owner == name]
    for k in texts:
        train_on = [one for one, (_, other) in zip(held_out, fold, strict=True) if other != k] + unrelated
        calibration = fit_calibration(
            np.concatenate([signs for signs, _ in train_on]),
            np.concatenate([right for _, right in train_on]),
            "",
        )
        mine = held_out[fold.index((name, k))]
        scores.append(calibration.scores(mine[0]))
        rights.append(mine[1])
        strange.append(calibration.scores(unrelated[k][0]).max())
    score, right = np.concatenate(scores), np.concatenate(rights)
    high = score >= 0.9
    return {
        "set": name,
        "ece": round(calibration_error(score, right), 4),
        "precision at 0.9": round(float(right[high].mean()), 4) if high.any() else None,
        "share at 0.9": round(float(high.mean()), 4),
        "greatest score of unrelated texts": round(float(max(strange)), 4),
    }


if __name__ == "__main__":
    main()
