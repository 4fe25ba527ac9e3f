"""Theme drafts in the terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from ..core.counted import say_count
from . import terminal

if TYPE_CHECKING:
    from ..core.coding import ThemeDecision
    from ..core.theme import Theme, ThemeDraft
    from ..core.theme_diagnostics import DraftDiagnostics
    from ..themes.update import Update

_LONGEST_NEAR = 100


def show_draft(draft: ThemeDraft, counted: str = "participants") -> None:
    """Print the themes as a table, then the unassigned segments.

    `counted` names the participants: "participants", or "papers".
    """
    from ..themes.wording import describe_phrase_stability, describe_reason

    for remark in draft.diagnostics.remarks:
        click.echo(remark)
    inside = sum(theme.n_segments for theme in draft.themes)
    put = f" ({draft.n_assigned} of them assigned afterwards)" if draft.n_assigned else ""
    n_themes, n_unassigned = len(draft.themes), len(draft.unassigned)
    click.echo(
        f"{say_count(n_themes, 'draft theme')} {'holds' if n_themes == 1 else 'hold'} "
        f"{say_count(inside, 'segment')}{put}; "
        f"{n_unassigned} {'is' if n_unassigned == 1 else 'are'} unassigned"
    )
    if draft.themes:
        _show_themes(draft, counted)
    for theme in draft.themes:
        if theme.guidance:
            phrases = "; ".join(theme.guidance.phrases)
            click.echo(
                f"{theme.key} guided by: {phrases} ({describe_phrase_stability(theme.guidance)})"
            )
    _show_stability(draft.diagnostics)
    if not draft.themes:
        click.echo("a theme takes two segments at least, in different words and like each other")
    # What guiding phrases matched when the draft was made says nothing of what came later.
    if not draft.diagnostics.updates:
        _show_guiding(draft)
    for reason, n in Counter(n.reason for n in draft.unassigned).most_common():
        click.echo(f"unassigned: {n} {describe_reason(reason)}")


def _show_guiding(draft: ThemeDraft) -> None:
    """What was not found, and the segments nearest all guiding phrases, clear or not."""
    from ..themes.wording import describe_unmatched, list_nearest

    for remark in describe_unmatched(draft.diagnostics.guiding):
        click.echo(f"guiding phrases: {remark}")
    for outcome in draft.diagnostics.guiding:
        click.echo(f"nearest to '{outcome.name}' (clear from cosine {outcome.clear_from:.2f}):")
        for near in list_nearest(draft, outcome):
            said = terminal.excerpt(near.segment.excerpt, _LONGEST_NEAR)
            cut = "…" if len(near.segment.excerpt) > _LONGEST_NEAR else ""
            click.echo(f"  {near.cosine:.2f} {near.segment.participant}: {said}{cut}")


def _show_stability(diagnostics: DraftDiagnostics) -> None:
    """What was learned from, why so many, and how well all are recovered, beside noise."""
    from ..themes.wording import describe_count, describe_metric, describe_noise

    for words in (describe_metric(diagnostics.metric), describe_count(diagnostics.partition)):
        if words:
            click.echo(words)

    stability = diagnostics.stability
    if stability is None or stability.bootstrap_ari is None:
        return
    ari = stability.bootstrap_ari
    click.echo(
        f"found again: mean Jaccard over {stability.n_draws} bootstrap draws; all themes "
        f"together: adjusted Rand {ari.mean:.2f} [{ari.low:.2f}, {ari.high:.2f}]"
        + (" (the first draft, before any update)" if diagnostics.updates else "")
    )
    noise = describe_noise(stability)
    if noise:
        click.echo(noise)


def show_update(update: Update) -> None:
    """Print what came to a theme draft and where it went, theme by theme."""
    from ..themes.wording import describe_reason

    named = {theme.key: theme for theme in update.draft.themes}
    click.echo(f"{say_count(update.n_added, 'segment')} came")
    for gain in update.gains:
        new = len(gain.new_participants)
        gained = f" ({say_count(new, 'new participant')})" if new else ""
        click.echo(
            f"{gain.theme} gained {say_count(gain.n_segments, 'segment')}{gained}: {gain.name}"
        )
    for key in update.new_themes:
        theme = named[key]
        click.echo(f"{key} is new, of {say_count(theme.n_segments, 'segment')}: {theme.name}")
    left = sum(n for _, n in update.unassigned)
    reasons = "; ".join(f"{n} {describe_reason(reason)}" for reason, n in update.unassigned)
    are = "is" if left == 1 else "are"
    click.echo(
        f"{left} of the new segments {are} unassigned" + (f" ({reasons})" if reasons else "")
    )
    click.echo()


def show_decision(decision: ThemeDecision, draft: ThemeDraft) -> None:
    """Print what a person's decision about draft themes did."""
    themes = " and ".join(decision.themes)
    if decision.action != "code":
        click.echo(f"{decision.coder}: {decision.action} {themes}, kept for good")
        return
    drafted = next(theme.name for theme in draft.themes if theme.key in decision.themes)
    name = decision.code_name(drafted)
    click.echo(
        f"{decision.coder}: {themes} is now the code '{name}', its typical excerpts are examples; "
        "nothing is coded with it yet, 'autocode suggest' offers it"
    )


def _show_themes(draft: ThemeDraft, counted: str) -> None:
    """The table, with a column for what came later where anything did."""
    later = any(theme.n_later for theme in draft.themes)
    came = ["came later"] if later else []
    about = [counted, "found again", "beware", "an excerpt"]
    terminal.print_table(
        ["theme", "name", "segments", *came, *about],
        [_row(theme, later=later) for theme in draft.themes],
        shorten=("an excerpt",),
    )
    if later:
        click.echo(
            "came later: name and 'found again' are as first drafted and say nothing of these"
        )


def _row(theme: Theme, *, later: bool) -> list[object]:
    from ..themes.wording import describe_cautions

    came = f"{theme.n_later} of {theme.n_segments}" if theme.n_later else ""
    return [
        theme.key,
        theme.name,
        theme.n_segments,
        *([came] if later else []),
        len(theme.participants),
        _describe_recurrence(theme),
        ", ".join(describe_cautions(theme)),
        theme.exemplars[0].segment.excerpt if theme.exemplars else "",
    ]


def _describe_recurrence(theme: Theme) -> str:
    if theme.guidance:
        steady = theme.guidance.stability
        return f"{steady.jaccard:.2f} by phrase" if steady else "not measured"
    return f"{theme.stability.jaccard:.2f}" if theme.stability else ""
