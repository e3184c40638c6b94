"""Commands that measure the aligner and fit it to one's own texts: eval, calibrate and train-aligner."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpus.base.errors import CorpusError
from corpus.cli import options as opt
from corpus.cli.console import open_existing, print_json, progress_bar, say, say_if_seeds, this_command
from corpus.cli.output import check_output, put_text

if TYPE_CHECKING:
    import polars as pl

    from align import Weights
    from corpus.quality.calibration import Marked
    from corpus.store.workspace import Workspace

OutWeights = Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="File to write.")]


def evaluate(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD|DIR",
            help="Gold beads, a file or folder; or a folder with the folders src, tgt and gold.",
        ),
    ],
    test: Annotated[
        Path | None,
        typer.Argument(
            metavar="[TEST]", help="File or folder of beads to score; without it, DIR is aligned."
        ),
    ] = None,
    src_lang: opt.SrcLang = None,
    tgt_lang: opt.TgtLang = None,
    encoder: opt.Encoder = "use",
    weights: opt.Weights = None,
    as_json: opt.Json = False,
) -> None:
    """Score an alignment against gold: precision, recall and F1, strict and lax.

    Files of beads have one a line, [source ids]:[target ids], zero-based. The definitions are
    Vecalign's: precision counts null beads that are proposed, recall leaves null beads out; the counts
    of several files are pooled. The signature says how the figures were made.

    \b
    Examples:
      corpus align a.zh a.en --lines --beads -o a.beads
      corpus eval a.gold a.beads
      corpus eval sets/fiction --src-lang zh --tgt-lang en
    """
    from corpus.alignment.weights import read_weights
    from corpus.quality.evaluation import evaluate_files, evaluate_folder
    from corpus.text.languages import language_code

    src_lang, tgt_lang = (code and language_code(code) for code in (src_lang, tgt_lang))
    scorer = None if weights is None else read_weights(weights)
    if test is not None and weights is not None:
        raise CorpusError("--weights is for aligning DIR; beads in TEST are scored as they are")
    if test is not None:
        found = evaluate_files(gold, test)
    else:
        with progress_bar("aligning") as progress:
            found = evaluate_folder(
                gold, src_lang=src_lang, tgt_lang=tgt_lang, encoder=encoder, weights=scorer,
                progress=progress,
            )  # fmt: skip
    if as_json:
        print_json(found.to_dict())
        return
    from corpus.cli.display.pairs import print_evaluation

    print_evaluation(found)


def calibrate(
    marked: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE]",
            help="Beads as align, export or --sample write them.  [default: the workspace's]",
        ),
    ] = None,
    out: OutWeights = None,
    sample: Annotated[
        int | None,
        typer.Option("--sample", metavar="N", min=20, help="Draw N beads to be marked, and write them."),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", metavar="GOLD", help="Gold beads of the text in FILE, instead of marks."),
    ] = None,
    weights: opt.Weights = None,
    seed: Annotated[int, typer.Option("--seed", help="Of the draw.")] = 7,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Make scores mean what they say on your texts, from beads that you mark as right or wrong.

    Draw a hundred beads with --sample, open the file in a spreadsheet, and put into the column "right"
    1, x or yes where each side translates the other and nothing is missing or too much; 0 or no where not.
    Rows left blank are left out. What is written then is a file of weights for --weights: they align as
    before, with other scores. It reports the expected calibration error before, and after on held-out beads.

    Without FILE, the workspace's reviews are the marks (corpus review). They say something of the other beads
    only if those that were judged were drawn, not picked because they looked doubtful.

    \b
    Examples:
      corpus calibrate --sample 100 -o to_mark.tsv   # from the workspace
      corpus calibrate aligned.tsv --sample 100 -o to_mark.tsv
      corpus calibrate to_mark.tsv -o my.json
      corpus align --weights my.json -o aligned.tsv
      corpus calibrate aligned.tsv --gold a.gold -o my.json
      corpus review to_mark.tsv; corpus calibrate -o my.json
    """
    from corpus.alignment.weights import read_weights, shipped_weights
    from corpus.base.files import read_input

    scorer = None if weights is None else read_weights(weights)
    target = None if out is None else str(out)
    check_output(target, marked, None if gold is None else str(gold))
    if sample is not None:
        _draw(marked, target, sample, seed, scorer, workspace)
        return
    if out is None or (marked is None and gold is not None):
        raise CorpusError(
            "name the file of marked beads and, with -o, the weights to write: corpus calibrate to_mark.tsv "
            "-o my.json; to draw beads to mark: corpus calibrate --sample 100 -o to_mark.tsv"
        )
    from corpus.alignment.weights import write_weights
    from corpus.quality.calibration import read_marked, recalibrate
    from corpus.quality.gold import read_beads

    unaligned = 0
    if marked is None:
        found, scorer, unaligned = _reviewed(scorer, workspace)
        made = recalibrate(found, scorer, "the workspace's reviews")
    else:
        name = "standard input" if marked == "-" else marked
        found = read_marked(read_input(marked), name, None if gold is None else read_beads(gold))
        made = recalibrate(found, shipped_weights() if scorer is None else scorer, Path(name).name)
    write_weights(out, made.weights)
    left = [f"{found.unmarked} not marked"] * (found.unmarked > 0)
    left += [f"{found.nulls} null bead{'' if found.nulls == 1 else 's'}"] * (found.nulls > 0)
    left += [f"{unaligned} reviews of what is no longer in the alignment"] * (unaligned > 0)
    say(
        f"{made.marked} beads marked, {made.right} of them right"
        + (f"; left out: {', '.join(left)}" if left else "")
    )
    for warning in made.warnings:
        say(f"warning: {warning}")
    facts: dict[str, Any] = {
        "marked": made.marked,
        "right": made.right,
        "unmarked": found.unmarked,
        "nulls": found.nulls,
        "ece_before": round(made.errors.before, 4),
        "ece_after": round(made.errors.after, 4),
        "ece_by_chance": round(made.errors.chance, 4),
        "warnings": list(made.warnings),
        "weights": str(out),
    }
    if as_json:
        print_json(facts)
    else:
        before, after, chance = made.errors.before, made.errors.after, made.errors.chance
        print(f"expected calibration error {before:.3f} before, {after:.3f} after, on beads held out")
        print(f"(true scores would show {chance:.3f} on {made.marked} beads, by chance)")
    say(f"wrote {out}; next: {this_command()} align --weights {out}")


def _reviewed(weights: Weights | None, workspace: Path | None) -> tuple[Marked, Weights, int]:
    """Return the workspace's beads that were reviewed, what scores them, and how many reviews are of none."""
    from corpus.alignment.settings import workspace_encoder, workspace_scorer
    from corpus.quality.judged_beads import reviewed_beads

    space = open_existing(workspace)
    if not space.state().rows("reviews"):
        raise CorpusError(
            "name the file of marked beads, as the workspace has no reviews: corpus calibrate to_mark.tsv -o "
            "my.json; to draw beads to mark: corpus calibrate --sample 100 -o to_mark.tsv"
        )
    pairs = _aligned(space, weights)
    scorer = workspace_scorer(space)
    with progress_bar("aligning without reviews") as progress:
        found, unaligned = reviewed_beads(
            space, pairs, scorer, encoder=workspace_encoder(space), progress=progress
        )
    return found, scorer, unaligned


def _aligned(space: Workspace, weights: Weights | None) -> pl.DataFrame:
    """Return the workspace's pairs, aligned with these weights if they are given."""
    from corpus.alignment.incremental import align_workspace
    from corpus.cli.commands.pairs.align import say_if_another_encoders

    encoder = None if weights is None else weights.encoder
    say_if_another_encoders(space, encoder, weights)
    with progress_bar("aligning") as progress:
        return align_workspace(space, encoder=encoder, weights=weights, progress=progress)


def _draw(
    source: str | None,
    out: str | None,
    count: int,
    seed: int,
    weights: Weights | None,
    workspace: Path | None,
) -> None:
    """Write a sample of beads to be marked."""
    if out not in (None, "-") and Path(out).exists():
        raise CorpusError(f"{out} is there already, and may hold marks: name another file, or remove it")
    import align
    from corpus.alignment.settings import workspace_scorer
    from corpus.alignment.weights import shipped_weights
    from corpus.base.files import read_input
    from corpus.quality import calibration
    from corpus.writers.tsv import to_tsv

    if source is None:
        space = open_existing(workspace)
        say_if_seeds(space)
        pairs = _aligned(space, weights)
        scorer = workspace_scorer(space)
        data, name = to_tsv(pairs).encode("utf-8", "surrogatepass"), "the workspace"
    else:
        data, name = read_input(source), source
        scorer = shipped_weights() if weights is None else weights
    text, drawn, of, said = calibration.sample_tsv(data, name, count, scorer, seed)
    left_out = f"; left out: {said} that a person set or judged right" if said else ""
    say(f"{drawn} bead{'' if drawn == 1 else 's'} drawn of {of} from {name}{left_out}")
    put_text(text, out)
    if drawn < align.FEWEST:
        say(
            f"warning: {align.FEWEST} are needed to calibrate, better a hundred: align more texts first; "
            f"marks of these can be kept: {this_command()} review {'FILE' if out in (None, '-') else out}"
        )
    elif out not in (None, "-"):
        next_ = (
            f"{this_command()} calibrate {out} -o my.json, or {this_command()} review {out} to keep the marks"
        )
        say(f'next: fill in the column "right", then {next_}')


def train_aligner(
    gold: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[GOLD…]",
            help="Folders, each with the folders src, tgt and gold; without any, the workspace's reviews.",
        ),
    ] = None,
    out: OutWeights = None,
    src_lang: opt.SrcLang = None,
    tgt_lang: opt.TgtLang = None,
    encoder: opt.AlignerEncoder = None,
    strength: Annotated[
        float,
        typer.Option("--strength", min=0.01, help="How strongly weights are held to those set by hand."),
    ] = 1.0,
    seed: Annotated[int, typer.Option("--seed", help="Of the sentences that are cut out.")] = 7,
    workspace: opt.Workspace = None,
    as_json: opt.Json = False,
) -> None:
    """Train the aligner on your own gold alignments, or on the beads that you set or judged right.

    A gold set is a folder with the folders src and tgt, a sentence a line, and gold, a bead a line such as
    [0, 1]:[2], zero-based; each text is a file of the same name in all three. Texts are left out in turn to
    report on and to calibrate with; of a single text, nothing can be.

    Without gold sets, gold are the workspace's beads that were set or judged right (corpus review), and what
    is fitted starts from the weights that the workspace is aligned with.

    The figures are strict F1 on the texts as they are, and with sentences cut out of one side of 5 and 15 %
    of their beads.

    \b
    Examples:
      corpus train-aligner sets/novels -o my.json
      corpus train-aligner sets/news sets/novels --src-lang zh --tgt-lang en -o my.json
      corpus eval sets/other --weights my.json
      corpus train-aligner -o my.json   # on reviews
    """
    if out is None:
        raise CorpusError("name the file of weights to write: -o my.json")
    check_output(str(out))
    from align.training.study import Recipe
    from corpus.alignment.weights import write_weights
    from corpus.quality.training import train_aligner as train
    from corpus.text.languages import language_code

    src_lang, tgt_lang = (code and language_code(code) for code in (src_lang, tgt_lang))
    recipe = Recipe(strength=strength, seed=seed)
    if not gold:
        from corpus.encoders import load_encoder
        from corpus.quality.training import train_on_reviews

        if given := [
            name for name, value in {"--src-lang": src_lang, "--tgt-lang": tgt_lang}.items() if value
        ]:
            raise CorpusError(f"{', '.join(given)}: for gold sets; a workspace knows its languages")
        space = open_existing(workspace)
        named = None if encoder is None else load_encoder(encoder)
        with progress_bar("training") as progress:
            trained = train_on_reviews(space, encoder=named, recipe=recipe, progress=progress)
    else:
        with progress_bar("training") as progress:
            trained = train(
                gold, src_lang=src_lang, tgt_lang=tgt_lang, encoder=encoder or "use", recipe=recipe,
                progress=progress,
            )  # fmt: skip
    write_weights(out, trained.weights)
    for remark in trained.remarks:
        say(f"note: {remark}")
    if as_json:
        facts = trained.weights.provenance
        print_json({"report": trained.report, "calibration": trained.quality, "provenance": facts})
    else:
        from corpus.cli.display.pairs import print_training

        print_training(trained)
    say(f"wrote {out}; next: {this_command()} align --weights {out}")
