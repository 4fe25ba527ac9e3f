"""`autocode evaluate`: how well codes are suggested, measured on what people have coded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from ..core.counted import say_count
from . import options, terminal
from .commands import Command
from .progress import progress_on_stderr

if TYPE_CHECKING:
    from ..core.progress import Progress
    from ..encode.cache import VectorCache
    from ..evaluate.coded_corpus import CodedCorpus
    from ..evaluate.metrics.scores import Score
    from ..evaluate.protocol import Protocol, Regime, Sampling
    from ..evaluate.results import Evaluation, LearningCurvePoint
    from ..evaluate.themes import ThemesEvaluation
    from ..pipeline import Tools

_SHOWN = ("hit_at_1", "recall_at_3", "micro_f1", "kappa_per_code_mean", "pooled_kappa")
_WITH_INTERVAL = ("hit_at_1", "recall_at_3")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options:
    """What was asked for beside the material and the form of the output."""

    task: str
    regime: str
    coded: str | None
    sampling: str
    folds: int
    repeats: int
    draws: int
    random_state: int
    reference: str | None
    method: str
    cache: Path | None
    codebook: Path | None
    model: str
    allow_download: bool


@click.command(
    "evaluate",
    cls=Command,
    examples=[
        "autocode evaluate study.autocode --output evaluation.html",
        "autocode evaluate corpus/ --coded 0,0.5 --repeats 5",
        "autocode evaluate corpus/ --regime while-coding --method repeat-last",
        "autocode evaluate study.autocode --task themes",
    ],
)
@click.argument("path", metavar="FOLDER|STUDY|TABLE", type=click.Path(path_type=Path))
@click.option(
    "--task",
    type=click.Choice(["suggest", "themes"]),
    default="suggest",
    show_default=True,
    help="What to evaluate: suggested codes, or draft themes.",
)
@click.option(
    "--regime",
    type=click.Choice(["new-transcript", "while-coding", "part-coded"]),
    default="new-transcript",
    show_default=True,
    help="What is known of a tested transcript: nothing; what its coder coded before the segment; "
    "the segments of a share of it.",
)
@click.option(
    "--coded",
    metavar="SHARES",
    help="Shares of the transcripts that are coded and learned from; with part-coded, of every "
    "transcript.  [default: 0,0.1,0.2,0.5,0.8 for new-transcript, else 0.2]",
)
@click.option(
    "--sampling",
    type=click.Choice(["passages", "every-nth"]),
    default="passages",
    show_default=True,
    help="Which segments of part-coded transcripts are known: two passages of each, or segments "
    "spread evenly.",
)
@click.option("--folds", default=5, show_default=True, help="Parts the transcripts are dealt into.")
@click.option(
    "--repeats", default=1, show_default=True, help="Draws of the transcripts learned from."
)
@click.option(
    "--draws",
    type=click.IntRange(0),
    default=6,
    show_default=True,
    metavar="N",
    help="With themes: draws of half of the codes and transcripts, which are known when excerpts "
    "of the other codes are grouped; 0 leaves this out.",
)
@options.random_state("folds, draws and intervals")
@click.option(
    "--reference",
    metavar="NAME",
    help="Reference coder ('consensus': the moderated coding, where there is one; default: whoever "
    "applied most codes in a transcript, the moderated coding where nobody did).",
)
@click.option(
    "--method",
    default="autocode",
    show_default=True,
    metavar="NAME|MODULE:OBJECT",
    help="What to evaluate: autocode, codebook (its words alone), repeat-last, "
    "most-frequent or embedding-lr (baselines), or an object of your own.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Keep vectors in this folder between evaluations.",
)
@click.option(
    "--codebook",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="CSV file with the codes' definitions, for a table without them.",
)
@options.output("Also write a report with plots (HTML).")
@options.as_json
@options.encoder
def command(
    path: Path,
    output: Path | None,
    as_json: bool,
    **asked: str | int | Path | bool | None,
) -> None:
    """Measure suggestions on transcripts left out.

    Takes a coded FOLDER, STUDY or TABLE; whole transcripts are left out and tested.

    A TABLE is a saved `datasets.Dataset`, a .jsonl or .parquet file with a row per coded segment
    (doc_id, text, codes; coder and segment_id where several people coded), or, with
    --allow-download, a data set on the hub.

    For each share the method learns from some transcripts and suggests codes for others, whose
    codings it cannot reach. Scores have intervals over transcripts, and stand beside the agreement
    of two people where two coded.
    """
    chosen = _Options(**asked)  # type: ignore[arg-type] # click gives each option its type
    if chosen.task == "themes":
        _evaluate_themes(path, chosen, output, as_json=as_json)
        return
    evaluation = _evaluate_suggestions(path, chosen)
    if output is not None:
        from ..report.evaluation_page import write_evaluation

        write_evaluation(evaluation, output)
    if as_json:
        terminal.print_json(evaluation.to_dict())
        return
    show_learning_curve(evaluation)
    if output is not None:
        click.echo(f"report: {output}")


def show_learning_curve(evaluation: Evaluation) -> None:
    """Print the learning curve."""
    corpus, regime = evaluation.corpus, evaluation.protocol.regime
    click.echo(
        f"{corpus.name}: {say_count(corpus.n_coded_transcripts, 'coded transcript')}, "
        f"{say_count(corpus.n_segments, 'segment')}, {say_count(corpus.n_codes, 'code')}, "
        f"{say_count(len(corpus.coders), 'coder')}; method: {evaluation.method}; regime: {regime}"
    )
    terminal.print_table(
        ["coded", "train", *_SHOWN, "human", "machine", "ece", "sets", "fdr", "saved", "seconds"],
        [_make_row(point) for point in evaluation.points],
    )
    click.echo(
        "hit_at_1 and recall_at_3 with 95 % intervals over transcripts; human, machine: pooled "
        f"kappa on {say_count(corpus.n_double_coded, 'segment')} that two people coded; sets: "
        "coverage / size; "
        "fdr, saved: share wrong among what could be auto-accepted, and share of codings that saves"
    )
    _show_passages(evaluation)
    _show_facets(evaluation)
    _show_spread(evaluation.points)
    for remark in evaluation.remarks:
        terminal.print_message(remark)


def _show_passages(evaluation: Evaluation) -> None:
    """Print the scores at starts and continuations; nothing of texts that have no order."""
    from ..evaluate.metrics.passages import PASSAGE_SCORES

    rows = [
        [f"{point.share:.0%}", kind, apart.n_segments]
        + [apart.scores[name].value for name in PASSAGE_SCORES]
        for point in evaluation.points
        for kind, apart in point.passages.items()
        if apart.n_segments
    ]
    if rows:
        click.echo(
            "\nCoded segments with a code that the one before does not have (starts), and the rest:"
        )
        terminal.print_table(["coded", "at", "segments", *PASSAGE_SCORES], rows)


def _show_facets(evaluation: Evaluation) -> None:
    """Print agreement question by question, where two people coded."""
    from ..evaluate.metrics.facets import FACETS

    if not evaluation.corpus.n_double_coded:
        return
    rows = []
    for point in evaluation.points:
        compared = point.human_comparison
        for name, scores in (
            ("people with people", compared.human_human),
            ("method with people", compared.machine_human),
        ):
            rows.append([f"{point.share:.0%}", name] + [scores[facet].value for facet in FACETS])
    click.echo(
        "\nKappa by question: is anything coded, which code where both coded, does a passage start:"
    )
    terminal.print_table(["coded", "between", *FACETS], rows)


def _show_spread(points: Sequence[LearningCurvePoint]) -> None:
    """Print the lowest and highest draw of what is learned from, where there were several."""
    rows = [
        [
            f"{point.share:.0%}",
            str(point.n_repeats),
            *(_lowest_highest(point.scores[name]) for name in _SHOWN),
        ]
        for point in points
        if point.n_repeats > 1
    ]
    if rows:
        click.echo("\nScores above are means over draws of what is learned from; lowest, highest:")
        terminal.print_table(["coded", "draws", *_SHOWN], rows)


def _lowest_highest(score: Score) -> str | None:
    drawn = score.drawn
    return f"{min(drawn):.3f}, {max(drawn):.3f}" if drawn else None


def _make_row(point: LearningCurvePoint) -> list[object]:
    cells: list[object] = [f"{point.share:.0%}", f"{point.n_train:.1f}"]
    for name in _SHOWN:
        score = point.scores[name]
        if name in _WITH_INTERVAL and score.low is not None:
            cells.append(f"{score.value:.3f} [{score.low:.2f}, {score.high:.2f}]")
        else:
            cells.append(score.value)
    sets = point.prediction_sets
    return [
        *cells,
        point.human_comparison.human_human["pooled_kappa"].value,
        point.human_comparison.machine_human["pooled_kappa"].value,
        point.calibration.ece,
        None if sets.coverage is None else f"{sets.coverage:.2f}/{sets.mean_size:.1f}",
        point.auto_accept.observed_fdr,
        point.auto_accept.share_of_codings,
        f"{point.seconds:.1f}",
    ]


def _make_protocol(chosen: _Options) -> Protocol:
    from ..agreement.resampling.intervals import Resampling
    from ..core.errors import InputError
    from ..evaluate.protocol import Protocol

    shares: tuple[float, ...] | None = None
    if chosen.coded is not None:
        try:
            shares = tuple(
                sorted({float(part) for part in chosen.coded.split(",") if part.strip()})
            )
        except ValueError:
            raise InputError(
                f"--coded {chosen.coded}: not a list of shares. Write them as 0,0.1,0.2,0.5,0.8."
            ) from None
    return Protocol(
        regime=cast("Regime", chosen.regime),
        sampling=cast("Sampling", chosen.sampling),
        shares=shares,
        n_folds=chosen.folds,
        n_repeats=chosen.repeats,
        seed=chosen.random_state,
        reference=chosen.reference,
        resampling=Resampling(n_resamples=1000, seed=chosen.random_state),
    )


def _evaluate_suggestions(path: Path, chosen: _Options) -> Evaluation:
    from ..evaluate.methods import load_suggester, refuse_faults_of
    from ..evaluate.runner import evaluate_suggestions

    protocol = _make_protocol(chosen)
    suggester = load_suggester(chosen.method)
    with refuse_faults_of(chosen.method), progress_on_stderr() as progress:
        corpus = _read_corpus(path, chosen)
        tools = _make_tools(corpus, chosen, progress)
        return evaluate_suggestions(corpus, suggester, tools=tools, protocol=protocol)


def _evaluate_themes(path: Path, chosen: _Options, output: Path | None, *, as_json: bool) -> None:
    from ..evaluate.methods import load_grouper, refuse_faults_of
    from ..evaluate.themes import ThemesProtocol, evaluate_themes

    grouper = load_grouper(chosen.method)
    protocol = ThemesProtocol(seed=chosen.random_state, n_novel_draws=chosen.draws)
    with refuse_faults_of(chosen.method), progress_on_stderr() as progress:
        corpus = _read_corpus(path, chosen)
        tools = _make_tools(corpus, chosen, progress)
        evaluation = evaluate_themes(corpus, grouper, tools=tools, protocol=protocol)
    if output is not None:
        from ..report.themes_evaluation_page import write_themes_evaluation

        write_themes_evaluation(evaluation, output)
    if as_json:
        terminal.print_json(evaluation.to_dict())
        return
    _show_themes(evaluation)
    if output is not None:
        click.echo(f"report: {output}")


def _show_themes(evaluation: ThemesEvaluation) -> None:
    click.echo(
        f"{evaluation.corpus}: {say_count(evaluation.n_excerpts, 'excerpt')}, "
        f"{say_count(evaluation.n_codes, 'code')}; "
        f"method: {evaluation.method}"
    )
    grouping = evaluation.grouping
    terminal.print_table(
        ["score", "themes", "all sent to the nearest"],
        [
            *(
                [row["measure"], row["value"], row["value_when_assigned"]]
                for row in evaluation.to_rows()
            ),
            ["stability_ari", grouping.stability_ari, None],
            ["is_deterministic", grouping.is_deterministic, None],
        ],
    )
    _show_novel_codes(evaluation)


def _show_novel_codes(evaluation: ThemesEvaluation) -> None:
    """Print agreement with codes never seen, and that of two people beside it."""
    from ..report.themes_evaluation_page import list_novel_rows

    novel, people = evaluation.novel, evaluation.people
    if novel is not None:
        click.echo(
            f"\nCodes never seen ({novel.n_draws} draws): {novel.n_known_codes:g} codes known on "
            f"{novel.n_known_segments:g} segments, {novel.n_novel_codes:g} others on "
            f"{novel.n_excerpts:g} excerpts, which are grouped; enough was known to learn from in "
            f"{novel.n_learned} draws."
        )
        terminal.print_table(
            ["ami", "vectors as they are", "learned from codings", "gain", "draws that gain"],
            [list(astuple(row)) for row in list_novel_rows(novel)],
        )
    if people is not None:
        click.echo(
            f"Two people in the same measure: {people.ami:.2f}, on "
            f"{say_count(people.n_segments, 'segment')} "
            "that both coded."
        )


def _read_corpus(path: Path, chosen: _Options) -> CodedCorpus:
    from ..evaluate.coded_corpus import read_coded_corpus

    return read_coded_corpus(path, codebook=chosen.codebook, allow_download=chosen.allow_download)


def _make_tools(corpus: CodedCorpus, chosen: _Options, progress: Progress) -> Tools:
    from ..encode.load import load_encoder
    from ..pipeline import Tools

    encoder = load_encoder(chosen.model, allow_download=chosen.allow_download)
    return Tools(encoder, _open_cache(chosen.cache) or corpus.cache, progress)


def _open_cache(folder: Path | None) -> VectorCache | None:
    if folder is None:
        return None
    from ..encode.folder_cache import FolderVectorCache

    return FolderVectorCache(folder)
