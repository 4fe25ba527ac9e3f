"""What a reader of one transcript format is, and what it hands over."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ...core.transcript import Role
from ..source import SourceFile
from .blocks import Block
from .document import Comment
from .front_matter import FrontMatter
from .turn_marks import TurnMarks
from .utterances import Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedTranscript:
    """What a reader makes of a file.

    `utterances` always; `blocks` into `text` where the file's own text is kept. `head` is what the
    file says above its text, `preamble` what stands before the first named turn; `comments` lie in
    `text`. `roles` are those that the file itself gives to speakers. `marks` say how the turns were
    separated, where that was inferred.
    """

    format: str
    utterances: list[Utterance]
    warnings: list[str] = field(default_factory=list)
    text: str = ""
    blocks: list[Block] = field(default_factory=list)
    preamble: str = ""
    head: FrontMatter = field(default_factory=FrontMatter)
    comments: tuple[Comment, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    marks: TurnMarks | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptReader:
    """One transcript format: how a file of it is recognised, and how it is read.

    `label` is what people call the format, `suffixes` its usual ones (lower case, with the dot).
    `sniff` says whether a file is of this format, by its content or its name; it is asked in the
    order of `formats.READERS` and may take for granted that every reader before it said no.
    `read` raises FileRefused for a file that is not what its content or name claims. A reader with
    `takes_text` looks at the decoded text; the others at the bytes.
    """

    name: str
    label: str
    suffixes: tuple[str, ...]
    sniff: Callable[[SourceFile], bool]
    read: Callable[[SourceFile], ParsedTranscript]
    takes_text: bool = True
