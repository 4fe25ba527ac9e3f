"""The layouts in which transcripts mark turns: how the line looks that opens one.

A layout is a pattern for the head of a turn: a separator, what may stand round the name, and where
a time may stand. Each is tried on a whole file by `turn_marks`, and the one that explains it best
is taken. Runs of blanks are bounded: two unbounded ones side by side take quadratic time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from .clocks import BARE, WRAPPED

_B = r"[ \t]{0,20}"
# What people put before a name: list marks, chevrons, CHAT's star, hash and at signs.
_MARK = r"(?:[-–—*•·»>#@]{1,3}[ \t]{0,3})?+"
_OPEN, _CLOSE = r"(?:\*\*|__|[\[({<])?+", r"(?:\*\*|__|[\])}>])?"
_T = f"[{BARE}{WRAPPED}]"
_FIRST = rf"[^\s:：\[\](){{}}<>|#*;,.!?\"“„«/\\{BARE}{WRAPPED}-]"
_JOIN = r"[ \t]{0,9}[-–—|,;]?[ \t]{0,9}"
_BEFORE = rf"(?:(?P<before>{_T}+){_JOIN})?+"
_MID = rf"(?:{_JOIN}(?P<mid>{_T}+))?"
_AFTER = rf"(?:(?P<after>{_T}+)(?=[ \t]|$))?+"
_WORDS = r"[ \t]{0,20}(?P<words>.*)"
_SHORT = r"(?=[^\n]{1,140}$)"
_LINE = r"^[ \t]*+"
_END = rf"{_B}[:：]?{_B}$"
# Teams writes a time in words before the clock.
_IN_WORDS = rf"(?:{_JOIN}{BARE}++(?=\s))?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One way to mark turns.

    `form` shows it to people. A `loose` layout also fits ordinary prose, so its names must open
    most of the text; `timed` ones hold a time, which prose does not. `coded` takes only names that
    are plainly labels (roles, codes); one that a person has `given` takes all.
    `needs` are characters of which a text must hold one.
    `prior` weighs a layout against another that explains the same lines.
    """

    name: str
    form: str
    pattern: re.Pattern[str]
    needs: str = ""
    prior: float = 1.0
    loose: bool = False
    timed: bool = False
    coded: bool = False
    own_line: bool = False
    given: bool = False


def _name(stop: str, longest: int = 80) -> str:
    return rf"(?P<name>{_FIRST}[^\n\t{BARE}{WRAPPED}{stop}]{{0,{longest - 1}}}?)"


def _same_line(separator: str, stop: str, reach: str, *, lead: str = "") -> str:
    """Name, separator and words on one line, with a time in any of the three places."""
    return (
        rf"{_LINE}(?=[^\n]{{0,200}}{reach}){lead}{_MARK}{_OPEN}{_BEFORE}{_MARK}{_OPEN}{_name(stop)}{_CLOSE}"
        rf"{_MID}{_B}{_CLOSE}{separator}(?:\*\*|__)?{_B}{_AFTER}{_WORDS}"
    )


def _wrapped(left: str, right: str) -> str:
    """A name in brackets or the like, then words."""
    return (
        rf"{_LINE}{_MARK}{_BEFORE}{left}(?P<name>[^\n\t:*{left}{right}{BARE}{WRAPPED}]{{1,80}}?):?"
        rf"{right}:?(?:{_JOIN}(?P<mid>{_T}+):?(?=[ \t]|$))?(?:[ \t]{{1,20}}|$)(?P<words>.*)"
    )


_NAME, _ALONE = _name(":："), _name(":：", 60)
_STAMP = f"(?P<mid>{_T}+)"
# Without a blank after it, a colon may be an address, a clock or a piece of code.
_COLON = r"(?::(?=\s|$|\*\*|__|[\])}>])|：)"
_TIGHT = r"(?::(?!//)|：)"
_DASH = r"(?:(?<=[ \t])[-–—]+|[–—])(?=[ \t]|$)"


def _specify() -> tuple[Layout, ...]:
    return (
        _layout(
            "chat line", "0:21 From Name: words",
            rf"{_LINE}(?P<before>{_T}+)[ \t]{{1,20}}From[ \t]{{1,20}}(?P<name>[^:\n]{{1,80}}?)"
            rf"(?:[ \t]{{1,9}}[Tt]o[ \t]{{1,9}}[^:\n]{{1,80}}?)?{_B}:(?:[ \t]|$)(?P<words>.*)",
            needs=":", prior=1.5, timed=True,
        ),
        _layout("colon", "Name: words", _same_line(_COLON, ":：", "[:：]"), needs=":："),
        _layout(
            "numbered colon", "12 Name: words",
            _same_line(_COLON, ":：", "[:：]", lead=r"\d{1,5}[.)]?[ \t]{1,9}"),
            needs=":：", prior=0.95,
        ),
        _layout(
            "tight colon", "Name:words", _same_line(_TIGHT, ":：", "[:：]"),
            needs=":", prior=0.9, loose=True,
        ),
        _layout(
            "name and time", "Name  0:21 / words",
            rf"{_LINE}{_SHORT}{_MARK}{_OPEN}{_NAME}{_CLOSE}{_IN_WORDS}[ \t]{{0,20}}[-–—,|]?"
            rf"[ \t]{{0,20}}{_STAMP}{_END}(?P<words>)",
            needs="0123456789", prior=1.15, timed=True, own_line=True,
        ),
        _layout(
            "time and name", "0:21 Name / words",
            rf"{_LINE}{_SHORT}{_MARK}{_STAMP}{_JOIN}{_OPEN}{_NAME}{_CLOSE}{_END}(?P<words>)",
            needs="0123456789", prior=1.15, timed=True, own_line=True,
        ),
        _layout(
            "name, time, words", "Name [0:21] words",
            rf"{_LINE}{_MARK}{_OPEN}{_NAME}{_CLOSE}{_B}(?P<mid>{WRAPPED}+):?(?:[ \t]{{1,20}}|$)"
            rf"(?P<words>.*)",
            needs="([<{#", prior=1.1, timed=True,
        ),
        _layout(
            "name over time", "Name / 0:21 / words",
            rf"{_LINE}{_SHORT}{_MARK}{_OPEN}{_ALONE}{_CLOSE}{_IN_WORDS}{_B}:?{_B}\n[ \t]*+{_STAMP}"
            rf"(?:{_B}$|[ \t]{{1,20}}[-–—][ \t]{{1,9}}|\t){_WORDS}",
            needs="0123456789", prior=1.3, timed=True, own_line=True,
        ),
        _layout(
            "time over name", "0:21 / Name / words",
            rf"{_LINE}{_SHORT}{_STAMP}{_B}\n[ \t]*+{_MARK}{_OPEN}{_ALONE}{_CLOSE}{_END}(?P<words>)",
            needs="0123456789", prior=1.3, timed=True, own_line=True,
        ),
        _layout(
            "name, role, time", "Name / role / 0:21 / words",
            rf"{_LINE}{_SHORT}{_MARK}{_OPEN}{_ALONE}{_CLOSE}{_END}\n{_SHORT}[ \t]*+{_FIRST}"
            rf"[^\n:]{{0,79}}\n[ \t]*+{_STAMP}{_B}$(?P<words>)",
            needs="0123456789", prior=1.5, timed=True, own_line=True,
        ),
        _layout(
            "heading", "# Name / words",
            rf"{_LINE}#{{1,6}}[ \t]{{1,20}}(?:\*\*)?{_NAME}(?:\*\*)?{_MID}{_END}(?P<words>)",
            needs="#", prior=1.1, own_line=True,
        ),
        _layout(
            "bold name", "**Name** words",
            rf"{_LINE}{_BEFORE}\*\*(?P<name>[^\n\t*]{{1,80}}?):?\*\*(?:{_B}(?P<mid>{_T}+))?:?"
            rf"(?:[ \t]{{1,20}}|$|(?<=:)){_WORDS}",
            needs="*", prior=1.05,
        ),
        _layout("square brackets", "[Name] words", _wrapped(r"\[", r"\]"), needs="["),
        _layout("braces", "{Name} words", _wrapped(r"\{", r"\}"), needs="{"),
        _layout("angle brackets", "<Name> words", _wrapped("<", ">"), needs="<", loose=True),
        _layout(
            "parentheses", "(Name) words", _wrapped(r"\(", r"\)"), needs="(", prior=0.9, loose=True
        ),
        _layout(
            "tab", "Name <tab> words",
            rf"{_LINE}(?:(?P<before>{_T}+)\t{{1,9}})?+{_OPEN}{_NAME}{_CLOSE}:?\t{{1,20}}"
            rf"(?:(?P<after>{_T}+)\t{{1,9}})?+(?P<words>\S.*)",
            needs="\t", prior=0.95,
        ),
        _layout(
            "bar", "0:21 | Name | words",
            rf"{_LINE}\|?{_B}(?:(?P<before>{_T}+){_B}\|{_B})?+{_OPEN}{_name(':|')}{_CLOSE}{_B}\|{_B}"
            rf"(?:(?P<after>{_T}+){_B}\|{_B})?+(?P<words>[^|\n]*[^|\n\s])",
            needs="|", prior=0.95,
        ),
        _layout(
            "semicolon", "Name; words", _same_line(r";(?=[ \t]|$)", ":：;", ";"),
            needs=";", prior=0.9, loose=True,
        ),
        _layout(
            "dash", "Name - words", _same_line(_DASH, ":：–—", "[-–—]"),
            needs="-–—", prior=0.85, loose=True,
        ),
        _layout(
            "arrow", "Name> words", _same_line(r"(?:>{1,2}|=)(?=[ \t])", ":：>=", "[>=]"),
            needs=">=", prior=0.85, loose=True,
        ),
        _layout(
            "full stop", "Q. words", _same_line(r"[.)](?=[ \t])", ":：.)", r"[.)]"),
            needs=".)", prior=0.8, loose=True, coded=True,
        ),
        _layout(
            "name alone", "Name / words",
            rf"{_LINE}{_SHORT}{_MARK}{_OPEN}{_ALONE}{_CLOSE}{_B}$(?P<words>)",
            prior=0.8, loose=True, own_line=True,
        ),
    )  # fmt: skip


def _layout(
    name: str,
    form: str,
    pattern: str,
    *,
    needs: str = "",
    prior: float = 1.0,
    loose: bool = False,
    timed: bool = False,
    coded: bool = False,
    own_line: bool = False,
) -> Layout:
    return Layout(
        name=name,
        form=form,
        pattern=re.compile(pattern, re.MULTILINE),
        needs=needs,
        prior=prior,
        loose=loose,
        timed=timed,
        coded=coded,
        own_line=own_line,
    )


@cache
def slips_of_the_pen() -> Layout:
    """How typists slip where they mean "Name: words": no blank after the colon, or a semicolon."""
    separator = r"(?::(?!//)|[：;])"
    return _layout("slip", "Name;words", _same_line(separator, ":：;", "[:：;]"))


@cache
def known_layouts() -> tuple[Layout, ...]:
    """Every layout that is tried, the more specific ones first; compiled when first asked for."""
    return _specify()
