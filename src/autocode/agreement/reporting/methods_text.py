"""A paragraph about agreement for a methods section, built from the numbers.

It says what O'Connor & Joffe (2020) and COREQ items 24 to 27 ask for, as far as the numbers know;
what only the authors know stands in square brackets for them to fill in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from ...core.codebook import Codebook
from ...core.counted import say_count
from ..coefficients.result import Coefficient
from ..resampling.draws import DRAW_CONFIG
from ..resampling.jackknife import FEWEST_TRANSCRIPTS, FEWEST_WITH_CODE
from ..study.config import AGREEMENT_CONFIG
from ..study.reading import ReadingAccount
from ..study.span_table import SpanAgreement
from ..study.table import Agreement
from .assistance_text import describe_assistance
from .pass_text import describe_passes

REFERENCES = (
    "O'Connor, C., & Joffe, H. (2020). Intercoder reliability in qualitative research: debates and"
    " practical guidelines. International Journal of Qualitative Methods, 19."
    " doi:10.1177/1609406919899220",
    "Tong, A., Sainsbury, P., & Craig, J. (2007). Consolidated criteria for reporting qualitative"
    " research (COREQ): a 32-item checklist for interviews and focus groups. International Journal"
    " for Quality in Health Care, 19(6), 349-357. doi:10.1093/intqhc/mzm042",
)

_UNITS = {
    "given": "segments as they came with the data",
    "turn": "turns of talk",
    "paragraph": "paragraphs",
    "sentence": "sentences",
    "meaning": "meaning units",
    "character": "runs of text between which no code begins or ends, weighted by their characters",
    "overlap": "spans that somebody marked",
}
_SPELLED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MOST_NAMES = 12
_MOST_BEGUN = 6
_MOST_UNUSED = 5
_WHY_WHOLE = " Whole transcripts are left out because units of one transcript are not independent."


def write_methods(agreement: Agreement, codebook: Codebook, version: str) -> str:
    """The paragraph, as plain text; `version` is that of this software."""
    parts = (
        _describe_coders(agreement, codebook),
        _describe_units(agreement),
        _describe_overall(agreement),
        _describe_codes(agreement),
        _describe_draws(agreement),
        _describe_differences(agreement),
        f"Agreement was computed with autocode {version}; it is reported after O'Connor and Joffe"
        " (2020) and COREQ items 24 to 27 (Tong et al., 2007).",
    )
    return " ".join(part for part in parts if part)


def describe_unit(unit: str) -> str:
    """What a unit of comparison is, in words."""
    return " and ".join(_UNITS.get(part, part) for part in unit.split(" and ")) or "units"


def format_value(value: float | None, *, minus: str = "\N{MINUS SIGN}") -> str:
    """A coefficient with two digits, or more where two would make it look perfect."""
    if value is None:
        return "undefined"
    text = next(
        (t for n in (2, 3, 4) if abs(float(t := f"{value:.{n}f}")) != 1 or abs(value) == 1),
        "over 0.9999" if value > 0 else "under -0.9999",
    )
    return "0.00" if text == "-0.00" else text.replace("-", minus)


def describe_intervals(agreement: Agreement) -> str:
    """How the intervals were made, or why there are none."""
    drawn = agreement.resampling
    if not drawn.n_resamples:
        return "No intervals were asked for."
    if drawn.method == "jackknife":
        return _describe_jackknife(agreement)
    if agreement.n_transcripts < 2:
        return "There is no interval: it would draw transcripts, and there is only one."
    method = "bias-corrected and accelerated" if drawn.method == "bca" else drawn.method
    name = f"{drawn.level * 100:g}% intervals ({method})"
    if agreement.n_transcripts <= DRAW_CONFIG.exact_up_to:
        n_draws = agreement.n_transcripts**agreement.n_transcripts
        return (
            f"The {name} come from all {n_draws:,} possible draws of"
            f" {format_count(agreement.n_transcripts, 'transcript')} with replacement."
        )
    return (
        f"The {name} come from {drawn.n_resamples:,} random draws (seed {drawn.seed}) of"
        f" {format_count(agreement.n_transcripts, 'transcript')} with replacement."
    )


def describe_caution(agreement: Agreement) -> str:
    """What to say above numbers: few transcripts, coders or codes without use; empty if nothing."""
    parts = (_describe_few(agreement), _describe_silent(agreement), _describe_unused(agreement))
    return " ".join(part for part in parts if part)


def _describe_silent(agreement: Agreement) -> str:
    silent = agreement.silent_coders
    if not silent:
        return ""
    return (
        f"{_join_names(silent)} applied no code to any unit that is compared: kappa is then 0 or"
        " undefined, whatever the others did, and says nothing of how they agree."
    )


def _describe_unused(agreement: Agreement) -> str:
    n, codes = len(agreement.unused_codes), agreement.unused_codes
    if not n or not agreement.per_code:
        return ""
    names = _join_names([*codes[:_MOST_UNUSED], f"{n - _MOST_UNUSED} others"])
    names = _join_names(codes) if n <= _MOST_UNUSED + 1 else names
    return (
        f"Nobody applied {names} to a unit that is compared, so"
        f" {'it has' if n == 1 else 'they have'} no numbers."
    )


def _describe_few(agreement: Agreement) -> str:
    n, few = agreement.n_transcripts, AGREEMENT_CONFIG.few_transcripts
    if n >= few:
        return ""
    jackknife = agreement.resampling.method == "jackknife"
    if jackknife and n < FEWEST_TRANSCRIPTS:
        intervals = "there are no intervals"
    elif jackknife:
        intervals = "intervals are wide"
    else:
        intervals = "intervals from draws are too narrow"
    limit = FEWEST_TRANSCRIPTS if jackknife and n < FEWEST_TRANSCRIPTS else few
    return (
        f"Fewer than {_spell(limit)} transcripts: {intervals}. Use these numbers to discuss the"
        " codings, not as evidence of reliability."
    )


def describe_reading(account: ReadingAccount, n_compared: int, *, thing: str = "unit") -> str:
    """What counts as read, and how much of the comparison rests on it.

    `n_compared` units (or characters, named by `thing`) are compared.
    """
    if not account.assumed:
        return "All that counts as read is coded or recorded as read."
    n = account.n_assumed
    if account.rule == "marked":
        what = (
            f"Only what is coded or recorded as read is compared; {format_count(n, thing)} that a"
            " coder left without a code, in a transcript coded by hand, did not count as read"
        )
        return f"{what}, which raises agreement where one coder overlooks what another codes."
    verb = "rests" if n == 1 else "rest"
    coders = _join_names(sorted({reading.coder for reading in account.assumed}))
    words = [
        f"{n:,} of {format_count(n_compared, thing)} {verb} on the assumption that who coded a"
        f" transcript by hand has read all of it (no readings of {coders} are recorded in"
        f" {format_count(len({r.transcript for r in account.assumed}), 'transcript')})."
    ]
    if account.begun:
        shown = [
            f"{_possess(reading.coder)} last coding stands at {reading.last_coding_at:.0%}".replace(
                "%", "\N{NO-BREAK SPACE}%"
            )
            + f" of {reading.transcript}"
            for reading in account.begun[:_MOST_BEGUN]
        ]
        left = len(account.begun) - len(shown)
        more = [f"{left} more coders stop before half of a transcript"] if left else []
        words.append(
            f"{_join_names([*shown, *more])}: if a coder stopped there, record what was read (rows"
            " with an empty code)."
        )
    return " ".join(words)


def describe_work(
    compared: Agreement | SpanAgreement, n_compared: int, *, thing: str = "unit"
) -> str:
    """What counts as read, what was coded blind, which suggestions were shown.

    For the arguments see `describe_reading`.
    """
    words = (
        describe_reading(compared.reading, n_compared, thing=thing),
        describe_passes(compared.passes, thing=thing),
        describe_assistance(compared.assistance),
    )
    return " ".join(part for part in words if part)


def _possess(name: str) -> str:
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def _describe_jackknife(agreement: Agreement) -> str:
    n = agreement.n_transcripts
    if n < FEWEST_TRANSCRIPTS:
        return (
            f"There is no interval: {format_count(n, 'transcript')} say too little about others; "
            f"at least {FEWEST_TRANSCRIPTS} are needed."
        )
    return (
        f"The {agreement.resampling.level * 100:g}% intervals come from leaving out each of {n}"
        f" transcripts in turn (jackknife), with Student's t ({n - 1} degrees of freedom) on"
        " Fisher's z or the logit; there is none for a code used in fewer than"
        f" {_spell(FEWEST_WITH_CODE)} transcripts, nor for a value at its bound."
    )


def format_count(n: float, thing: str) -> str:
    """A number of things: "1 unit", "2 units"."""
    return say_count(n, thing, grouped=True)


def _describe_coders(agreement: Agreement, codebook: Codebook) -> str:
    depth = max((level for level, _ in codebook.walk()), default=0) + 1
    tree = "in a flat list" if depth == 1 else f"in a tree of {_spell(depth)} levels"
    names = f" ({_join_names(agreement.coders)})" if len(agreement.coders) <= _MOST_NAMES else ""
    return (
        f"{_spell(len(agreement.coders)).capitalize()} coders{names} applied a codebook of"
        f" {format_count(len(codebook), 'code')} {tree} [who are they, how were they trained, did"
        " they code independently; where is the coding tree given in full; were codes and themes"
        " set in advance or derived from the data]."
    )


def _describe_units(agreement: Agreement) -> str:
    return (
        f"Agreement was measured on {format_count(agreement.n_units, 'unit')}"
        f" ({describe_unit(agreement.unit)}) in"
        f" {format_count(agreement.n_transcripts, 'transcript')} [out of how many, and how chosen]"
        " that at least two coders had read;"
        " a unit that was read and not given a code counts as a no to that code."
        f" {describe_work(agreement, agreement.n_units)}"
    )


def _describe_overall(agreement: Agreement) -> str:
    percent = agreement.overall["percent"]
    if percent.value is None:
        return f"No coefficient is defined: {percent.reason}."
    used = format_count(len(agreement.per_code), "code")
    decisions = format_count(percent.n_units, "yes/no decision")
    numbers = [
        f"{spec.sentence} was {_describe(agreement.overall[spec.name])}"
        for spec in agreement.specs
        if spec.sentence
    ]
    return (
        f"Over the {used} that any of them gave to these units, pairs of coders agreed on"
        f" {_format_percentage(percent.value)} of {decisions} (one for each unit, code and pair"
        f"{'; counted in characters' if agreement.unit == 'character' else ''}), a figure that"
        " agreeing on absent codes pushes up wherever codes are rare."
        f" {_capitalise(_join_names(numbers))}."
    )


def _describe_codes(agreement: Agreement) -> str:
    if not agreement.per_code:
        return ""
    values = [
        value
        for code in agreement.per_code
        if not code.is_rare and (value := code.coefficients["krippendorff_alpha"].value) is not None
    ]
    n_rare = sum(code.is_rare for code in agreement.per_code)
    n_without = len(agreement.per_code) - n_rare - len(values)
    rest = [
        f"{format_count(n, 'code')} {why}"
        for n, why in (
            (n_rare, f"with fewer than {AGREEMENT_CONFIG.min_uses} uses are not interpreted"),
            (n_without, "with more uses have no defined alpha"),
        )
        if n
    ]
    return _join_sentences([_describe_range(values), *rest])


def _describe_range(values: Sequence[float]) -> str:
    min_uses = AGREEMENT_CONFIG.min_uses
    if not values:
        return f"No code had {min_uses} uses or more and a defined alpha"
    if len(values) == 1:
        return (
            f"The one code with {min_uses} uses or more had an alpha of {format_value(values[0])}"
        )
    return (
        f"Code by code, alpha ran from {format_value(min(values))} to"
        f" {format_value(max(values))} (median {format_value(median(values))}) over the"
        f" {len(values)} codes with {min_uses} uses or more"
    )


def _describe_draws(agreement: Agreement) -> str:
    resampling = agreement.resampling
    if agreement.n_transcripts < 2 or not resampling.n_resamples:
        return describe_intervals(agreement)
    if resampling.method == "jackknife":
        reason = "" if agreement.n_transcripts < FEWEST_TRANSCRIPTS else _WHY_WHOLE
        return f"{describe_intervals(agreement)}{reason}"
    few = AGREEMENT_CONFIG.few_transcripts
    caveat = (
        f" With fewer than {_spell(few)} transcripts they are too narrow."
        if agreement.n_transcripts < few
        else ""
    )
    return (
        f"{describe_intervals(agreement)} Whole transcripts are drawn because units of one"
        f" transcript are not independent.{caveat}"
    )


def _describe_differences(agreement: Agreement) -> str:
    if not agreement.disagreements:
        return "The coders differed on no unit."
    n_settled = sum(1 for unit in agreement.disagreements if unit.resolutions)
    settled = f"; on {n_settled} of them they settled an outcome, with a reason"
    settled = settled if n_settled else ""
    return (
        f"The coders differed on {format_count(len(agreement.disagreements), 'unit')}{settled} [how"
        " were these discussed and resolved, and on which coding does the analysis rest]."
    )


def _describe(c: Coefficient) -> str:
    if c.value is None:
        return f"undefined ({c.reason})"
    if c.interval is None:
        return format_value(c.value)
    level = f"{c.interval.level * 100:g}% interval"
    low, high = format_value(c.interval.low), format_value(c.interval.high)
    return f"{format_value(c.value)} ({level} {low} to {high})"


def _format_percentage(share: float) -> str:
    text = f"{100 * share:.1f}%"
    return "over 99.9%" if text == "100.0%" and share < 1 else text.replace(".0%", "%")


def _join_names(things: Iterable[str]) -> str:
    *others, last = things
    return f"{', '.join(others)} and {last}" if others else last


def _join_sentences(parts: Iterable[str]) -> str:
    return "; ".join(parts) + "."


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _spell(n: int) -> str:
    return _SPELLED[n] if n < len(_SPELLED) else "ten" if n == len(_SPELLED) else str(n)
