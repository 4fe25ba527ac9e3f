"""How suggestions and draft themes were made: what a run recorded, ready to show.

A method of one's own may record nothing at all, so nothing here is taken to be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

from ..core.run import Run
from ..core.suggestion import SuggestionDiagnostics
from ..core.suggestion_scope import SuggestionScope
from ..core.theme import ThemeDraft
from ..core.theme_diagnostics import MeanInterval
from ..themes.wording import describe_count, describe_metric, describe_noise
from .charts.dendrogram import Merge

_TITLES = {"suggest": "Suggestions", "themes": "Draft themes"}
# Shown as sentences or drawings of their own, or too long for a table.
_NOT_LISTED = (
    "codes",
    "config",
    "stability",
    "tree",
    "guiding",
    "updates",
    "learned_from",
    "for",
    "only_codes",
    "coded_too",
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A line of a table of settings; `note` is set apart from the value."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunView:
    """One run with its settings in the order to show them."""

    title: str
    settings: tuple[Setting, ...]


@dataclass(frozen=True, slots=True)
class MethodsView:
    """The section about methods, of what was done in the study and of nothing else.

    `probabilities` says what the probabilities are, or nothing.
    """

    statements: tuple[str, ...]
    runs: tuple[RunView, ...]
    probabilities: str
    versions: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementWithDraws:
    """How far a draft was recovered: mean adjusted Rand index over draws, with its interval."""

    n_draws: int
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFacts:
    """What a draft recorded of itself; empty or None where it recorded nothing.

    `bootstrap` is over draws of segments, `left_out` over leaving out one participant at a time,
    and `noise` says how both compare with themes of noise; `count` says why so many themes, and
    `metric` what of the codings the grouping learned from.
    `n_added` segments came after the first draft; `late_themes` were drafted in an update.
    """

    merges: tuple[Merge, ...] = ()
    bootstrap: AgreementWithDraws | None = None
    left_out: AgreementWithDraws | None = None
    count: str = ""
    metric: str = ""
    noise: str = ""
    n_added: int = 0
    late_themes: tuple[str, ...] = ()


def read_draft_facts(draft: ThemeDraft) -> DraftFacts:
    """What a draft recorded about its tree, its stability and its updates."""
    diagnostics, known = draft.diagnostics, {theme.key for theme in draft.themes}
    stability = diagnostics.stability
    return DraftFacts(
        merges=tuple((merge.one, merge.other, merge.height) for merge in diagnostics.tree),
        bootstrap=_read_draws(stability.bootstrap_ari, stability.n_draws) if stability else None,
        left_out=_read_draws(stability.left_out_ari, stability.n_left_out) if stability else None,
        count=describe_count(diagnostics.partition),
        metric=describe_metric(diagnostics.metric),
        noise=describe_noise(stability) if stability else "",
        n_added=sum(update.n_segments for update in diagnostics.updates),
        late_themes=tuple(
            key for update in diagnostics.updates for key in update.new_themes if key in known
        ),
    )


def view_methods(
    runs: Sequence[Run], versions: Mapping[str, str], *, machines: Sequence[str] = ()
) -> MethodsView:
    """The runs with their settings, and the `versions` the page was written with.

    `machines` are the names of those that have coded in the study.
    """
    suggest = next((run for run in runs if run.kind == "suggest"), None)
    return MethodsView(
        statements=tuple(
            _describe_work({run.kind for run in runs}, machines, _describe_scopes(runs))
        ),
        runs=tuple(_view_run(run) for run in runs),
        probabilities="" if suggest is None else _describe_probabilities(suggest),
        versions=_join_versions(versions),
    )


def _describe_scopes(runs: Sequence[Run]) -> list[str]:
    """For whom codes were suggested and what was learned from, a sentence a run that says so."""
    return [
        describe_scope(SuggestionScope.from_parameters(run.parameters))
        for run in runs
        if run.kind == "suggest" and "learned_from" in run.parameters
    ]


def describe_scope(scope: SuggestionScope) -> str:
    """For whom, which codes and where were suggested, and what was learned from, in a sentence."""
    what = f"Suggestions of {', '.join(scope.codes)}" if scope.codes else "Suggestions"
    whom = f" for {scope.coder}" if scope.coder else ""
    where = ", in segments coded before too," if scope.coded_too else ""
    learned = {
        "all": "learned from all people's codings",
        "own": f"learned from {scope.coder}'s own codings alone",
        "codebook": "rest on the codebook's words alone, and were learned from nobody's codings",
    }[scope.learned_from]
    return f"{what}{whom}{where} {learned}."


def _describe_work(
    kinds: Set[str], machines: Sequence[str], scopes: Sequence[str]
) -> Iterator[str]:
    """What was done, a sentence or two for each kind of work."""
    if "suggest" in kinds:
        yield (
            "This is codebook (framework) analysis with machine assistance, not automatic "
            "thematic analysis. Suggestions rank the codes of a codebook that people wrote. A "
            "suggestion becomes a coding only when a person accepts it; every decision is kept."
        )
    yield from scopes
    if "themes" in kinds:
        yield (
            "Draft themes group segments by the likeness of their words; they are proposals to "
            "read, and no finding."
        )
    if machines:
        yield (
            f"Codings of {', '.join(machines)} were made by a machine; they are shown under its "
            "name and counted with nobody else's."
        )
    elif not kinds:
        yield "All codings were made by people."
    yield "No generative model was used, and no words left this computer."


def _view_run(run: Run) -> RunView:
    settings = [
        Setting("Made", run.made_at),
        Setting("Method", run.method),
        Setting("Encoder", run.encoder, f"SHA-256 {run.encoder_digest}"),
    ]
    for name, value in run.parameters.items():
        words = "" if name in _NOT_LISTED else _format_value(value)
        if words:
            settings.append(Setting(name, words))
    settings += _list_guides(run.parameters)
    for number, update in enumerate(_get_list(run.parameters, "updates"), start=1):
        themes = ", ".join(update.get("new_themes", ())) or "none"
        words = f"segments added: {update.get('n_segments', 0)}; new themes: {themes}"
        settings.append(Setting(f"Update {number}", words))
    settings.append(Setting("Versions", _join_versions(run.versions)))
    return RunView(_TITLES.get(run.kind, run.kind), tuple(settings))


def _list_guides(parameters: Mapping[str, Any]) -> list[Setting]:
    """An analyst's phrases, and what came of them."""
    settings = []
    for guide in _get_list(parameters, "guiding"):
        note = (
            f"{guide.get('theme') or 'no theme'}; segments that clearly match, copies counted "
            f"once: {guide.get('n_clear', 0)}, from a cosine of {guide.get('clear_from', 0):.2f}; "
            f"the nearest: {guide.get('nearest', 0):.2f}"
        )
        phrases = "; ".join(guide.get("phrases", ()))
        settings.append(Setting(f"Guiding phrases: {guide.get('name', '')}", phrases, note))
    return settings


def _describe_probabilities(run: Run) -> str:
    calibrated = SuggestionDiagnostics.from_plain(run.parameters).calibrated
    if calibrated is None:
        return "The method does not say how its probabilities were made."
    if calibrated:
        return (
            "Probabilities were fitted on transcripts held out from the model. A suggestion is "
            "likely from its code's threshold on: the one with the best F1 on those transcripts, "
            "0.25 at least."
        )
    return (
        "Too little is coded to calibrate probabilities. They are a logistic function of the "
        "score, and a suggestion is likely from 0.5 on where its segment is nearer to the code's "
        "words than text about something else comes to them."
    )


def _read_draws(rand: MeanInterval | None, n_draws: int) -> AgreementWithDraws | None:
    if rand is None:
        return None
    return AgreementWithDraws(n_draws=n_draws, mean=rand.mean, low=rand.low, high=rand.high)


def _format_value(value: object) -> str:
    """A setting as a reader sees it; empty for a table, which does not fit in a line."""
    if isinstance(value, Mapping):
        parts = [f"{name} {_format_value(part)}" for name, part in value.items()]
        return ", ".join(parts)
    if isinstance(value, list | tuple):
        is_plain = all(isinstance(part, str | int | float) for part in value)
        return ", ".join(map(_format_value, value)) if is_plain else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else "" if value is None else str(value)


def _join_versions(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())


def _get_list(parameters: Mapping[str, Any], name: str) -> list[Any]:
    value = parameters.get(name)
    return list(value) if isinstance(value, list | tuple) else []
