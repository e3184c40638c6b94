r"""Train the weights that ship, calibrate them, and report on texts left out.

    python bench/train_aligner.py --gold ../shared/gold --output models/aligner/default.json \
        --plot docs/concepts/reliability.svg

The procedure is `align.training.study`, which `corpus train-aligner` runs on a user's own gold, too. The gold of text-berg is partial:
of its texts only short stretches that it mentions whole are calibrated on. The last thing printed is how far scores can be
believed by set, length of text and type of bead: the first table of `calibration.py`.
"""

from __future__ import annotations

import json
from pathlib import Path

from align_gold import read_set, recipe, training_parser
from calibration import print_held_out
from reliability import draw

from corpus.alignment.weights import write_weights
from corpus.base.files import write_atomically
from corpus.encoders import load_encoder
from corpus.quality.training import train_on_gold


def main() -> None:
    """Train, write, report."""
    options = training_parser(__doc__)
    options.add_argument("--output", type=Path, required=True)
    options.add_argument("--plot", type=Path, help="SVG of the calibration's reliability to write")
    args = options.parse_args()
    trained = train_on_gold(
        [read_set(args.gold / name) for name in args.sets],
        load_encoder(args.encoder),
        recipe(args),
        left_out=args.left_out,
        made_by="bench/train_aligner.py",
        note=lambda line: print(line, flush=True),
    )
    print(json.dumps(trained.quality))
    for remark in trained.remarks:
        print(remark)
    args.output.parent.mkdir(parents=True, exist_ok=True)
    write_weights(args.output, trained.weights)
    if args.plot:
        write_atomically(args.plot, draw(trained.scores, trained.right).encode())
    print_held_out(trained)


if __name__ == "__main__":
    main()
