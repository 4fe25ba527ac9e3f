"""Who speaks where in plain text: the shapes in which transcripts mark a turn.

A shape is a pattern for the line that opens a turn. Each is tried on the whole file and the one
that explains it best wins, so a stray "The thing is: ..." in somebody's speech is not taken for a
speaker: a name has to recur, or stand among many others that do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ...text.speakers import is_aside, role_of_label
from .utterances import speaker_key

# Blanks are bounded: two unbounded runs side by side take quadratic time on a hostile line.
_B = r"[ \t]{0,20}"
_TIME = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_CUE_TIME = r"\d{1,2}:\d{1,2}:\d{1,2}(?:[.,]\d{1,7})?"
_NAME = r"(?P<name>[^\W\d_][^:\n\t?!\[\]{}<>]{0,58}?)"
_AT = rf"[\[(](?P<time>{_TIME})[\])]"
_WORDS = r"(?:[ \t]{1,20}|$)(?P<words>.*)"
_SHAPES = {
    "chat line": rf"(?P<time>{_TIME})[ \t]{{1,20}}From[ \t]{{1,20}}(?P<name>[^:\n]{{1,60}}?)"
    rf"(?:[ \t]{{1,9}}[Tt]o[ \t]{{1,9}}[^:\n]{{1,60}}?)?{_B}:(?:[ \t]|$)(?P<words>.*)",
    "name, colon, time": rf"(?:\*\*)?{_NAME}{_B}:(?:\*\*)?{_B}(?:{_AT}|(?P<bare>{_TIME})){_WORDS}",
    "name and colon": rf"(?:[\[(]?(?P<before>{_TIME})[\])]?[ \t]{{1,20}}(?:[-–][ \t]{{1,9}})?)?"
    rf"(?:\*\*)?{_NAME}(?:\*\*)?{_B}(?:{_AT})?{_B}:(?:\*\*)?{_WORDS}",
    "name and wide colon": r"(?P<name>[^\W\d_][^:：，。、？！?!\n\t\[\]{}<>]{0,20}+)："
    r"(?P<words>.*)",
    "name and time": rf"{_NAME}(?:[ ]{{2,20}}|\t{{1,20}}[ ]{{0,20}})(?P<time>{_TIME}){_B}$"
    r"(?P<words>)",
    "bracketed name and time": rf"\[{_NAME}\][ \t]{{1,20}}(?P<time>{_TIME}){_B}$(?P<words>)",
    "name and bracketed time": rf"(?:\*\*)?{_NAME}(?:\*\*)?{_B}{_AT}{_WORDS}",
    "time and name": rf"[\[(]?(?P<time>{_TIME})[\])]?[ \t]{{1,20}}(?:[-–][ \t]{{1,9}})?{_NAME}{_B}$"
    r"(?P<words>)",
    "cue and name": rf"(?P<time>{_CUE_TIME}){_B}-->{_B}(?P<finish>{_CUE_TIME}){_B}\n{_B}{_NAME}{_B}"
    r"\n(?P<words>.*)",
    "heading": rf"#{{1,6}}[ \t]{{1,20}}{_NAME}{_B}:?{_B}$(?P<words>)",
    "bold name": rf"\*\*{_NAME}:?\*\*{_B}(?:{_AT})?:?{_WORDS}",
    "bracketed name": r"\[(?P<name>[^\W\d_][\w .-]{0,30}?)\]:?[ \t]{1,20}(?P<words>.*)",
    "name and tab": rf"{_NAME}:?\t{{1,20}}(?P<words>\S.*)",
    "name alone": rf"{_NAME}{_B}$(?P<words>)",
}
_COMPILED = {
    shape: re.compile(rf"^[ \t]*+{pattern}", re.MULTILINE) for shape, pattern in _SHAPES.items()
}
_FURNITURE = re.compile(
    r"(?i)transcribed by\b.*\botter\.ai|.{1,60} (?:started|stopped) transcription\.?"
)
# f4 and MAXQDA write the time at which a paragraph ends: #00:01:22-5#.
_ENDS_AT = re.compile(r"[ \t]{0,9}#(\d{1,2}:\d{2}:\d{2})[-.](\d)#?$")
_CHEVRONS = re.compile(r"^[ \t]{0,9}(?:>{2,3}|&gt;&gt;)[ \t]{0,9}")
_COUNTED = re.compile(r"(?i)(?:speaker|voice|person|sprecher|locuteur|hablante) ?[a-z0-9]{1,3}")
# Words of a sentence that are not part of a name: "The thing is:", "What I said was:".
_SENTENCE = frozenset(
    """is are was were it this that i you he she we they what why how because if then thing my but
    so not""".split()  # noqa: SIM905 - as a list it would be a screen of quotes
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Where a turn opens: the line's start, where the words begin, the name and the time."""

    line_start: int
    words_start: int
    speaker: str
    begin: float | None
    finish: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The words of one turn or paragraph as offsets; `opens` is where the line naming it starts."""

    start: int
    end: int
    speaker: str | None
    begin: float | None = None
    opens: int = 0
    finish: float | None = None

    def moved(self, by: int) -> Block:
        """The same block `by` characters further on."""
        return replace(self, start=self.start + by, end=self.end + by, opens=self.opens + by)


def find_blocks(text: str) -> tuple[list[Block], str]:
    """Turns of a plain text and the shape that marks them ("paragraphs" where nobody is named).

    Text before the first named turn is not part of any block. A turn goes on over unmarked
    lines until the next one opens.
    """
    openings, shape = _best_openings(text)
    if not openings:
        return list(_paragraphs(text)), "paragraphs"
    blocks: list[Block] = []
    stops = [opening.line_start for opening in openings[1:]] + [len(text)]
    for opening, stop in zip(openings, stops, strict=True):
        start, end = _trim(text, opening.words_start, stop)
        end = _without_furniture(text, start, end)
        end, finish = _without_end_time(text, start, end)
        if end > start:
            blocks.append(
                Block(
                    start=start,
                    end=end,
                    speaker=opening.speaker,
                    begin=opening.begin,
                    opens=opening.line_start,
                    finish=opening.finish if finish is None else finish,
                )
            )
    return blocks, shape


def parse_label(line: str) -> tuple[str, str] | None:
    """Name and words of a line such as "Ann Lee: yes" or "[Ann Lee] yes", or None."""
    bare = _CHEVRONS.sub("", line)
    shapes = ("name and colon", "name and wide colon", "bracketed name")
    match = next(filter(None, (_COMPILED[shape].match(bare) for shape in shapes)), None)
    if match is None or not _could_be_a_name(match["name"]):
        return None
    return match["name"].strip(), match["words"]


def find_recurring_names(names: list[str], *, n_paragraphs: int) -> set[str]:
    """Keys of the names that are speakers: those that recur, and rare ones in such company.

    A single use counts when capitalised like a name and most paragraphs open with a speaker.
    """
    counts = Counter(speaker_key(name) for name in names)
    spelled = {speaker_key(name): name for name in names}
    regular = {
        key for key, n in counts.items() if n >= 3 or (n == 2 and _looks_like_a_name(spelled[key]))
    }
    covered = sum(counts[key] for key in regular)
    company = n_paragraphs and covered >= 0.6 * n_paragraphs
    lone = {
        key
        for key, n in counts.items()
        if n < 3 and _looks_like_a_name(spelled[key]) and (company or len(counts) <= 4)
    }
    if company:
        return regular | lone
    if covered + len(lone) >= 2 and covered + len(lone) >= 0.4 * n_paragraphs:
        return regular | lone
    return regular if covered >= 3 and len(regular) >= 2 else set()


def parse_clock(clock: str | None) -> float | None:
    """A clock such as "1:02:03.5" or "2:03" as seconds; None stays None."""
    if not clock:
        return None
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


def _best_openings(text: str) -> tuple[list[Opening], str]:
    n_paragraphs = sum(1 for _ in _paragraphs(text))
    best: list[Opening] = []
    best_shape = ""
    for shape, pattern in _COMPILED.items():
        openings = list(_openings(text, pattern))
        if shape == "name alone":
            openings = _keep_labels(openings, n_lines=text.count("\n") + 1)
        keys = find_recurring_names([o.speaker for o in openings], n_paragraphs=n_paragraphs)
        kept = [o for o in openings if speaker_key(o.speaker) in keys]
        # An earlier shape is the more specific reading; a later one has to explain clearly more.
        if len(kept) > 1.1 * len(best):
            best, best_shape = kept, shape
    return best, best_shape


def _openings(text: str, pattern: re.Pattern[str]) -> Iterator[Opening]:
    for match in pattern.finditer(text):
        name = match["name"].strip().strip("*")
        if not _could_be_a_name(name):
            continue
        groups = match.groupdict()
        clock = groups.get("before") or groups.get("time") or groups.get("bare")
        yield Opening(
            line_start=match.start(),
            words_start=match.start("words"),
            speaker=name,
            begin=parse_clock(clock),
            finish=parse_clock(groups.get("finish")),
        )


def _keep_labels(openings: list[Opening], *, n_lines: int) -> list[Opening]:
    """Lines that hold nothing but a name: only labels that say a role or count speakers.

    A short answer on a line of its own ("Yes", "Every day") is no name.
    """
    named = [o for o in openings if role_of_label(o.speaker) or _COUNTED.fullmatch(o.speaker)]
    enough = len(named) >= 4 and len(named) >= 0.2 * n_lines
    return named if enough and len({speaker_key(o.speaker) for o in named}) > 1 else []


@lru_cache(maxsize=10_000)
def _could_be_a_name(name: str) -> bool:
    if not name.strip() or is_aside(name):
        return False
    words = name.split()
    if len(words) > 6 or re.search(r"[,;](?!\s*\(?[A-Z])", name):
        return False
    if len(words) > 1 and not _looks_like_a_name(name) and _SENTENCE & set(name.lower().split()):
        return False
    return re.search(r"[a-z]{4,}\.\s", name) is None


def _looks_like_a_name(name: str) -> bool:
    words = re.findall(r"[^\W_]+", re.sub(r"\(.*?\)", "", name))
    return 0 < len(words) <= 4 and all(
        not word[0].islower() or word[-1].isdigit() for word in words
    )


def _paragraphs(text: str) -> Iterator[Block]:
    """Runs of lines between blank lines; every line where a text has no blank lines."""
    gap = r"\n[ \t]*\n" if re.search(r"\S[ \t]*\n[ \t]*\n+[ \t]*\S", text) else r"\n"
    at = 0
    for match in [*re.finditer(gap, text), None]:
        stop = match.start() if match else len(text)
        start, end = _trim(text, at, stop)
        if end > start:
            yield Block(start=start, end=end, speaker=None, begin=None, opens=start)
        at = match.end() if match else stop


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _without_end_time(text: str, start: int, end: int) -> tuple[int, float | None]:
    """Where the words end before a time that closes them, and that time."""
    clock = _ENDS_AT.search(text, max(start, end - 40), end)
    if clock is None:
        return end, None
    return _trim(text, start, clock.start())[1], parse_clock(f"{clock[1]}.{clock[2]}")


def _without_furniture(text: str, start: int, end: int) -> int:
    """Drop a last line that the transcription service wrote, not the speaker."""
    last = text.rfind("\n", start, end)
    if last > 0 and _FURNITURE.match(text[last:end].strip()):
        return _trim(text, start, last)[1]
    return end
