"""Survey tables as transcripts: one for each respondent who wrote something, and a case for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..core.coding import Case
from ..core.transcript import Source, Span, Transcript, Turn
from ..io.source import SourceFile
from ..io.tables.survey import Answer, Respondent, read_survey
from ..io.tables.table import read_table
from ..text.language import identify_language


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """A survey's respondents as cases, and the transcripts of those who wrote something."""

    digest: str
    cases: tuple[Case, ...]
    transcripts: tuple[Transcript, ...]
    attributes: tuple[str, ...]
    warnings: tuple[str, ...]


def read_survey_file(source: SourceFile) -> Survey:
    """Read a survey table; each answer is a turn that nobody is named for.

    Where there are several questions, the question stands on a line above its answer and is no part
    of it.

    Raises:
        FileRefused: if it is not a readable table or has no column of free text.
    """
    respondents, warnings = read_survey(read_table(source))
    names = _case_names(respondents, source.stem)
    cases = [Case(name, dict(r.attributes)) for name, r in zip(names, respondents, strict=True)]
    # A single answer is too short to tell.
    words = "\n".join(answer.words for r in respondents for answer in r.answers)
    transcripts = _transcripts(respondents, names, source, identify_language(words))
    attributes = dict.fromkeys(key for case in cases for key in case.attributes)
    return Survey(
        digest=source.digest,
        cases=tuple(cases),
        transcripts=tuple(transcripts),
        attributes=tuple(attributes),
        warnings=tuple(warnings),
    )


def _case_names(respondents: Sequence[Respondent], stem: str) -> list[str]:
    """The respondents' ids; a bare number or a row means something only within its survey."""
    return [
        f"{stem} row {r.line}"
        if r.name is None
        else f"{stem} {r.name}"
        if r.name.isdecimal()
        else r.name
        for r in respondents
    ]


def _transcripts(
    respondents: Sequence[Respondent],
    names: Sequence[str],
    source: SourceFile,
    language: str | None,
) -> Iterator[Transcript]:
    times = Counter(names)
    several = len({answer.question for r in respondents for answer in r.answers}) > 1
    for respondent, case in zip(respondents, names, strict=True):
        if not respondent.answers:
            continue
        name = case if case.startswith(f"{source.stem} ") else f"{source.stem} {case}"
        if times[case] > 1:
            name = f"{name} row {respondent.line}"
        text, turns = _laid_out(respondent.answers, with_questions=several)
        yield Transcript(
            name=name,
            text=text,
            turns=turns,
            source=Source(
                name=f"{source.name}, row {respondent.line}",
                format="survey",
                digest=f"{source.digest}:{respondent.line}",
            ),
            case=case,
            language=language,
        )


def _laid_out(answers: Sequence[Answer], *, with_questions: bool) -> tuple[str, tuple[Turn, ...]]:
    pieces: list[str] = []
    turns: list[Turn] = []
    at = 0
    for answer in answers:
        head = f"{answer.question}\n" if with_questions else ""
        words = answer.words.replace("\r\n", "\n").replace("\r", "\n")
        turns.append(Turn(span=Span(at + len(head), at + len(head) + len(words))))
        pieces.append(f"{head}{words}\n")
        at += len(pieces[-1])
    return "".join(pieces), tuple(turns)
