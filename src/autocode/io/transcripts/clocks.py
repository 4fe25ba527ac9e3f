"""Times as transcripts write them: media times, ranges, times of day with or without a date.

A time is matched as a whole and never given back in part, so "Anna Lee  1:02:03" is never the
speaker "Anna Lee 1" at 2:03.
"""

from __future__ import annotations

import re
from functools import lru_cache

_MONTH = (
    r"(?i:jan|ene|f[eé][bv]|m[aä]r|a[pbv]r|ma[iyj]|ju[nl]|jui|aug|ao[uû]|ago|sep|o[ck]t|nov|de[cz])"
    r"[^\W\d_]{0,8}\.?"
)
_DATE = (
    rf"(?:\d{{1,4}}[./-]\d{{1,2}}(?:[./-]\d{{2,4}}|\.)?|\d{{1,2}}\.?[ -]{_MONTH}(?:[ -]\d{{2,4}})?"
    rf"|{_MONTH}[ ]\d{{1,2}},?(?:[ ]\d{{4}})?|(?i:today|yesterday))"
)
_CLOCK = (
    r"(?>\d{1,3}:\d{1,2}:\d{1,2}(?:[:;]\d{2})?(?:[.,]\d{1,7})?(?!:?\d)"
    r"|\d{1,3}:\d{2}(?:[.,]\d{1,7})?(?!:?\d)"
    r"|\d{1,2}\.\d{2}\.\d{2}(?:[.,]\d{1,3})?(?![\d.:])|\d{1,2}\.\d{2}(?=[ ]?[AaPp]\.?[Mm]\b)"
    r"|\d{1,2}h[ ]?\d{2}(?:m(?:in)?[ ]?(?:\d{1,2}s?)?)?(?!\w)"
    r"|\d{1,3}m(?:in)?[ ]?\d{1,2}s(?:ec)?(?!\w)|\d{1,6}\.\d{1,3}s(?!\w)"
    r"|\d{1,3}['′]\d{2}(?:\"|''|″)?(?!\w)"
    r"|(?:\d{1,3}[ ](?:hours?|minutes?|seconds?),?[ ]?){1,3}(?<![ ,]))"
    r"(?:[ ]?[AaPp](?:\.[Mm]\.|[Mm]\b))?+"
)
_TO = r"[ ]{0,2}(?:-{1,2}>|→|[-–—~]|to|bis|à)[ ]{0,2}"
_DAY_AND_CLOCK = (
    rf"(?:{_DATE},?[ ]{{1,2}}(?:at[ ]|um[ ]|[-–—|][ ])?)?{_CLOCK}(?:[ ]?[-–—,][ ]?{_DATE}(?!\w))?"
)
_RANGE = rf"{_DAY_AND_CLOCK}(?:{_TO}{_CLOCK})?+"
# f4 and MAXQDA close a time by a tenth of a second: #00:01:22-5#.
_WRAPPED = (
    rf"\[[ ]?{_RANGE}[ ]?\]|\([ ]?{_RANGE}[ ]?\)|<[ ]?{_RANGE}[ ]?>|\{{[ ]?{_RANGE}[ ]?\}}"
    rf"|\#{_RANGE}(?:-\d)?\#"
)
BARE, WRAPPED = "\ue000", "\ue001"
"""What stands for a time, with and without brackets; `folding` lets no text hold them."""

_REACH = 220
"""Characters from the beginning of a line within which a time can belong to the head of a turn."""
_TIME = re.compile(rf"{_WRAPPED}|(?<![\w:.]){_RANGE}(?!\w)")
_WITH_DIGIT = re.compile(r"^[^\n\d]{0,200}\d", re.MULTILINE)
_ONE_CLOCK = re.compile(_CLOCK)
_DATE_FIRST = re.compile(rf"{_DATE},?[ ]{{1,2}}(?:at[ ]|um[ ]|[-–—|][ ])?(?=\d)")
_PART = re.compile(r"\d{1,6}")
_UNIT = re.compile(r"(\d+)[ ]?([hms'′\"″])", re.IGNORECASE)
_HALF = re.compile(r"([AaPp])\.?[Mm]")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "'": 60.0, "′": 60.0, '"': 1.0, "″": 1.0}


def mask_times(text: str) -> str:
    """The text with every time near the beginning of a line blotted out, character by character.

    Times in brackets or # become `WRAPPED`, brackets and all; bare ones become `BARE`. All
    positions stay, so that layouts need one character for any time, always for the whole of it.
    """
    pieces: list[str] = []
    last = 0
    for line in _WITH_DIGIT.finditer(text):
        stop = text.find("\n", line.end(), line.start() + _REACH)
        stop = line.start() + _REACH if stop < 0 else stop
        for time in _TIME.finditer(text, line.start(), stop):
            is_wrapped = time[0][0] in "[(<{#"
            pieces += [text[last : time.start()], (WRAPPED if is_wrapped else BARE) * len(time[0])]
            last = time.end()
    pieces.append(text[last:])
    return "".join(pieces)


@lru_cache(maxsize=10_000)
def parse_time(written: str | None) -> tuple[float | None, float | None]:
    """Begin and end in seconds of a written time; of a time of day, since midnight.

    Each is None where nothing is written. "10:02 AM" and "10:02" after a date are hours.
    """
    if not written:
        return None, None
    dated = _DATE_FIRST.search(written)
    rest = written[dated.end() :] if dated else written
    clocks = list(_ONE_CLOCK.finditer(rest))
    if not clocks:
        return None, None
    values = [_seconds(clock[0], of_day=dated is not None) for clock in clocks[:2]]
    between = rest[clocks[0].end() : clocks[1].start()] if len(clocks) > 1 else ""
    is_range = len(values) > 1 and re.fullmatch(_TO, between) is not None
    return values[0], values[1] if is_range else None


def is_of_day(written: str | None) -> bool:
    """Whether a time is one of a day: with a date, or AM or PM."""
    if not written:
        return False
    return _DATE_FIRST.search(written) is not None or _HALF.search(written) is not None


def parse_clock(clock: str | None) -> float | None:
    """A clock such as "1:02:03.5" or "2:03" as seconds; None stays None."""
    if not clock:
        return None
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def _seconds(clock: str, *, of_day: bool) -> float:
    half = _HALF.search(clock)
    bare = clock[: half.start()] if half else clock
    if _UNIT.search(bare) and ":" not in bare:
        return _count_units(bare)
    if half or "." in bare.partition(":")[0]:
        bare = bare.replace(".", ":") if ":" not in bare else bare
    whole, _, fraction = bare.replace(",", ".").partition(".")
    parts = [int(part) for part in _PART.findall(whole)]
    if len(parts) == 2 and (half or of_day):
        parts.append(0)
    if len(parts) == 4:  # hours, minutes, seconds, frames
        parts.pop()
    total = 0.0
    for part in parts:
        total = total * 60 + part
    if half:
        total = total % 43_200 + (43_200 if half[1] in "Pp" else 0)
    digits = re.match(r"\d{1,7}", fraction)
    return total + float(f"0.{digits[0]}") if digits else total


def _count_units(clock: str) -> float:
    """The seconds in "1h02m03s", "2m05s", "3'05" or "1 minute 5 seconds"."""
    if re.fullmatch(r"\d+(?:\.\d+)?s", clock):
        return float(clock[:-1])
    total, rest = 0.0, clock
    for number, unit in _UNIT.findall(clock):
        total += float(number) * _SECONDS[unit.lower()]
    tail = re.search(r"([h'′])[ ]?(\d{2})$", rest)
    if tail:
        total += float(tail[2]) * (60.0 if tail[1] == "h" else 1.0)
    return total
