"""`autocode evaluate`: how well codes are suggested, measured on what people have coded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from . import options, terminal

if TYPE_CHECKING:
    from ..core.progress import Progress
    from ..encode.cache import VectorCache
    from ..evaluate.metrics.figures import Figure
    from ..evaluate.protocol import Evaluation, Point, Protocol
    from ..evaluate.source import Source
    from ..pipeline import Tools

_SHOWN = ("hit_at_1", "recall_at_3", "micro_f1", "kappa_per_code_mean", "pooled_kappa")


@click.command("evaluate")
@click.argument("place", metavar="FOLDER|STUDY|TABLE", type=click.Path(path_type=Path))
@click.option(
    "--task",
    type=click.Choice(["suggest", "themes"]),
    default="suggest",
    show_default=True,
    help="What is evaluated: suggested codes, or draft themes.",
)
@click.option(
    "--coded",
    default="0,0.1,0.2,0.5,0.8",
    show_default=True,
    metavar="SHARES",
    help="Shares of the transcripts that are coded and learned from.",
)
@click.option("--folds", default=5, show_default=True, help="Parts the transcripts are dealt into.")
@click.option(
    "--repeats", default=1, show_default=True, help="Draws of the transcripts learned from."
)
@click.option("--seed", default=0, show_default=True, help="Seed of folds, draws and intervals.")
@click.option(
    "--reference",
    metavar="NAME",
    help="Coder who counts as right ('consensus' where there is one; default: whoever applied most "
    "codes in a transcript, the moderated coding where nobody did).",
)
@click.option(
    "--method",
    default="autocode",
    show_default=True,
    metavar="NAME|MODULE:OBJECT",
    help="What is tested: autocode, codebook (its words alone), or an object of your own.",
)
@click.option(
    "--cache",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep vectors in this folder between evaluations.",
)
@click.option(
    "--codebook",
    type=click.Path(path_type=Path),
    help="CSV file with the codes' definitions, for a table without them.",
)
@click.option("--json", "json_out", metavar="OUT.json", help="Write all figures ('-': print them).")
@click.option("--html", type=click.Path(path_type=Path), help="Write a report with plots as well.")
@options.encoder
def command(
    place: Path,
    task: str,
    coded: str,
    json_out: str | None,
    html: Path | None,
    **how: Any,  # noqa: ANN401 - options of the protocol
) -> None:
    """Measure suggestions on a coded FOLDER or STUDY: whole transcripts are left out and tested.

    A TABLE is a saved `datasets.Dataset`, a .jsonl or .parquet file with a row per coded segment
    (doc_id, text, codes; coder and segment_id where several people coded), or, with
    --allow-download, a data set on the hub.

    For each share the method learns from some transcripts and suggests codes for others, whose
    codings it cannot reach. Figures come with intervals over transcripts, and beside the agreement
    of two people where there is one.
    """
    if task == "themes":
        _themes(place, json_out, how)
        return
    found = _evaluated(place, _protocol(coded, how), how, quiet=json_out == "-")
    if json_out is not None:
        from ..evaluate.payload import as_dict

        told = as_dict(found)
        if json_out == "-":
            terminal.dump(told)
        else:
            _write_json(told, Path(json_out))
    if html is not None:
        _write_html(found, html)
    if json_out != "-":
        tell(found)
        for kind, out in (("figures", json_out), ("report", html)):
            if out is not None:
                click.echo(f"{kind}: {out}")


def tell(found: Evaluation) -> None:
    """Print the learning curve."""
    click.echo(
        f"{found.corpus}: {found.n_coded} coded transcripts, {found.n_segments} segments, "
        f"{found.n_codes} codes, {len(found.coders)} coder{'s' * (len(found.coders) != 1)}; "
        f"method: {found.method}"
    )
    terminal.table(
        ["coded", "train", *_SHOWN, "human", "machine", "ece", "sets", "fdr", "saved", "seconds"],
        [_row(point) for point in found.points],
    )
    click.echo(
        "hit_at_1 and recall_at_3 with 95 % intervals over transcripts; human, machine: pooled "
        f"kappa on {found.n_double_coded} segments that two people coded; sets: coverage / size; "
        "fdr, saved: wrong among what could be accepted unseen, and codings that would save"
    )
    _tell_spread(found.points)
    for remark in found.remarks:
        terminal.note(remark)


def _tell_spread(points: Sequence[Point]) -> None:
    """The lowest and highest draw of what is learned from, where there were several."""
    rows = [
        [f"{point.share:.0%}", str(point.n_repeats), *(_drawn(point.figures[n]) for n in _SHOWN)]
        for point in points
        if point.n_repeats > 1
    ]
    if rows:
        click.echo("\nFigures above are means over draws of what is learned from; lowest, highest:")
        terminal.table(["coded", "draws", *_SHOWN], rows)


def _drawn(figure: Figure) -> str | None:
    known = figure.drawn
    return f"{min(known):.3f}, {max(known):.3f}" if known else None


def _row(point: Point) -> list[object]:
    shown: list[object] = [f"{point.share:.0%}", f"{point.n_train:.1f}"]
    for name in _SHOWN:
        figure = point.figures[name]
        if name in ("hit_at_1", "recall_at_3") and figure.low is not None:
            shown.append(f"{figure.value:.3f} [{figure.low:.2f}, {figure.high:.2f}]")
        else:
            shown.append(figure.value)
    return [
        *shown,
        point.beside["human_human.pooled_kappa"].value,
        point.beside["machine_human.pooled_kappa"].value,
        point.calibration.ece,
        None
        if point.sets.coverage is None
        else f"{point.sets.coverage:.2f}/{point.sets.mean_size:.1f}",
        point.accepts.observed_fdr,
        point.accepts.share_of_codings,
        f"{point.seconds:.1f}",
    ]


def _protocol(coded: str, how: dict[str, Any]) -> Protocol:
    from ..agreement.study.table import Resampling
    from ..core.errors import InputError
    from ..evaluate.protocol import Protocol

    try:
        shares = tuple(sorted({float(part) for part in coded.split(",") if part.strip()}))
    except ValueError:
        raise InputError(
            f"--coded {coded}: not a list of shares. Write them as 0,0.1,0.2,0.5,0.8."
        ) from None
    return Protocol(
        shares=shares,
        n_folds=how["folds"],
        n_repeats=how["repeats"],
        seed=how["seed"],
        reference=how["reference"],
        resampling=Resampling(n_resamples=1000, seed=how["seed"]),
    )


def _evaluated(place: Path, protocol: Protocol, how: dict[str, Any], *, quiet: bool) -> Evaluation:
    from ..evaluate.methods import method
    from ..evaluate.runner import evaluate

    suggester = method(how["method"])
    with terminal.bars(quiet=quiet) as progress:
        source, tools = _material(place, how, progress)
        return evaluate(source, suggester, tools, protocol=protocol)


def _themes(place: Path, json_out: str | None, how: dict[str, Any]) -> None:
    from ..evaluate.themes import evaluate_themes

    with terminal.bars(quiet=json_out == "-") as progress:
        source, tools = _material(place, how, progress)
        told = evaluate_themes(source, tools, seed=how["seed"])
    if json_out == "-":
        terminal.dump(told)
        return
    if json_out is not None:
        _write_json(told, Path(json_out))
    click.echo(
        f"{told['corpus']}: {told['n_segments']} excerpts, {told['n_codes']} codes; "
        f"method: {told['method']}"
    )
    terminal.table(
        ["score", "themes", "all sent to the nearest"],
        [
            [name, told["themes"][name], told["themes"]["assigned"].get(name)]
            for name in told["themes"]
            if name != "assigned"
        ],
    )
    if json_out is not None:
        click.echo(f"figures: {json_out}")


def _material(place: Path, how: dict[str, Any], progress: Progress) -> tuple[Source, Tools]:
    from ..encode.load import load_encoder
    from ..evaluate.source import source_of
    from ..pipeline import Tools

    download = how["allow_download"]
    source = source_of(place, codebook=how["codebook"], allow_download=download)
    encoder = load_encoder(how["model"], allow_download=download)
    return source, Tools(encoder, _cache(how["cache"]) or source.cache, progress)


def _cache(folder: Path | None) -> VectorCache | None:
    if folder is None:
        return None
    from ..encode.folder_cache import FolderVectorCache

    return FolderVectorCache(folder)


def _write_json(told: dict[str, Any], out: Path) -> None:
    from ..io.files import whole_file

    with whole_file(out) as stream:
        json.dump(told, stream, ensure_ascii=False, indent=2, allow_nan=False)
        stream.write("\n")


def _write_html(found: Evaluation, out: Path) -> None:
    from ..report.evaluation_page import write_evaluation

    write_evaluation(found, out)
