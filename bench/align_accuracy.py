"""Strict and lax scores of the aligner on gold sets, by bead type, and an ablation of its features.

    python bench/align_accuracy.py --gold ../shared/gold
    python bench/align_accuracy.py --gold ../shared/gold --ablate

The first form scores the weights given, which were trained on these sets if they are the default ones: what they do on
texts left out is in their provenance, written by ``train_aligner.py``. The second trains on half of the texts of each set
without each group of features in turn, and tests on the other half, both ways.
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from align_gold import parser, read_set

from align import Scores, Weights, align, evaluate
from align.training.study import Recipe, Study, open_study
from align.training.train import NULL_RATES, train
from corpus.alignment.weights import read_weights
from corpus.encoders import load_encoder

GROUPS = {
    "(all features)": (),
    "bead type": ("one", "size", "both"),
    "local margin": ("local", "local_size", "local_best"),
    "chance-corrected cosine": ("global",),
    "length": ("length",),
    "habits of the text": ("prior_null", "prior_more"),
    "null length and cosine": ("null_length", "null_best"),
    "words": ("words",),
    "support": ("support",),
    "numbers": ("numbers",),
    "ends of sentences": ("ends",),
}


def signature(weights: Weights, path: Path, encoder_version: str) -> str:
    """Name what a score depends on."""
    try:
        release = version("duizhao")
    except PackageNotFoundError:
        release = "checkout"
    return (
        f"duizhao:{release}|encoder:{weights.encoder}:{encoder_version}|weights:{path.stem}:"
        f"{weights.provenance.get('date')}:seed{weights.provenance.get('seed')}|block:{weights.max_block}"
    )


def main() -> None:
    """Print the tables."""
    options = parser(__doc__)
    options.add_argument("--weights", type=Path, default=Path("models/aligner/default.json"))
    options.add_argument("--ablate", action="store_true")
    args = options.parse_args()
    encoder = load_encoder(args.encoder)
    if args.ablate:
        recipe = Recipe(seed=args.seed)
        ablate([open_study(read_set(args.gold / name), encoder, recipe) for name in args.sets], encoder)
        return
    weights = read_weights(args.weights)
    print(signature(weights, args.weights, encoder.version))
    for name in args.sets:
        total = Scores()
        for one in read_set(args.gold / name).examples:
            beads = align(
                one.src,
                one.tgt,
                weights=weights,
                encoder=encoder,
                src_lang=one.src_lang,
                tgt_lang=one.tgt_lang,
            )
            total += evaluate(one.gold, beads)
        strict, lax = total.strict, total.lax
        print(
            f"{name}: strict P {strict.precision:.4f} R {strict.recall:.4f} F1 {strict.f1:.4f}; lax F1 {lax.f1:.4f}"
        )
        for kind in total.types:
            proposed, expected = (
                counts.get(kind) for counts in (total.proposed_by_type, total.expected_by_type)
            )
            print(
                f"  {kind}: of {proposed.total if proposed else 0} proposed {proposed.strict if proposed else 0} right, "
                f"of {expected.total if expected else 0} in gold {expected.strict if expected else 0} found"
            )


def ablate(studies: list[Study], encoder) -> None:  # noqa: ANN001
    """Train on every other text of all sets without a group of features; test on the rest; and the reverse."""
    rates = ", ".join(f"{rate:.0%}" for rate in NULL_RATES)
    print(f"strict F1 by set and null rate ({rates})")
    for label, drop in GROUPS.items():
        totals = {study.name: [Scores() for _ in NULL_RATES] for study in studies}
        for half in (0, 1):
            collected = [one for study in studies for row in study.collected[half::2] for one in row]
            weights = train(collected, encoder=encoder.name, encoder_version=encoder.version, drop=drop)
            for study in studies:
                for k in range(1 - half, len(study.texts), 2):
                    for rate in range(len(NULL_RATES)):
                        totals[study.name][rate] += study.score(study.find(weights, k, rate), k, rate)
        cells = {name: [round(total.strict.f1, 4) for total in row] for name, row in totals.items()}
        print(f"without {label}: {cells}", flush=True)


if __name__ == "__main__":
    main()
