"""One code in full: what it says, what is coded with it, what stands near it, what it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ..analysis.near_codes import find_near_codes
from ..core.alignment import align
from ..core.code_change import CodeVersion
from ..core.codebook import Code, Codebook
from ..core.coding import Coding
from ..core.transcript import Span
from ..project.reader import Snapshot
from .bodies import read_number
from .codes_seen import number_codes_seen
from .marks import shorten_quote
from .sight import Sight, codebook_seen, codings_seen

N_EXCERPTS = 100
"""Excerpts that are sent at once."""
_MOST_OUTDATED = 1000
_LONGEST = 2000
_EXAMPLE = re.compile(r"(\d{1,9}):(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What else an address says: the first excerpt wanted, and words offered as an example.

    `example` is "TRANSCRIPT:START-END".
    """

    first: str = ""
    example: str = ""


def all_codings_seen(study: Snapshot, sight: Sight) -> list[Coding]:
    """The codings of all transcripts that are shown, in reading order."""
    if not sight.is_blind:
        return study.codings()
    names = study.transcript_numbers()
    return [coding for name in names for coding in codings_seen(study, sight, name)]


def view_code(study: Snapshot, sight: Sight, code_id: str, asked: Asked) -> dict[str, Any]:
    """What the screen shows of a code: only what this coder may see."""
    codebook = codebook_seen(study, sight)
    code, all_codings = codebook.by_id[code_id], all_codings_seen(study, sight)
    codings = [coding for coding in all_codings if coding.code == code_id]
    first = read_number(asked.first)
    numbers = number_codes_seen(study, sight)
    outdated = [] if sight.is_blind else study.outdated_codings(code_id)
    kinds = {coder.name: coder.kind for coder in study.coders()}
    return {
        "id": code.id,
        "number": numbers[code.id],
        "digest": code.digest,
        "revision": code.revision,
        "says": describe_words(code),
        "memos": [
            {"coder": memo.coder or "", "text": memo.text}
            for memo in study.memos()
            if (memo.about, memo.subject) == ("code", code.id)
            and (not sight.is_blind or memo.coder == sight.coder)
        ],
        "n_codings": len(codings),
        "by_coder": [
            {"coder": who, "kind": kinds.get(who, "person"), "n": n}
            for who, n in sorted(Counter(coding.coder for coding in codings).items())
        ],
        "by_case": _count_by_case(study, codings),
        "from": first,
        "excerpts": _describe_codings(study, sight, codings[first : first + N_EXCERPTS]),
        "outdated": _describe_codings(study, sight, [one.coding for one in outdated]),
        "n_outdated": len(outdated),
        "near": [
            {"code": near.code, "likeness": near.likeness, "n_shared": near.n_shared}
            for near in find_near_codes(codebook, all_codings, code.id)
        ],
        "versions": []
        if sight.is_blind
        else [
            _describe_version(version, codebook)
            for version in reversed(study.code_versions(code_id))
        ],
        "offered": _find_offered(study, asked.example),
    }


def describe_words(code: Code) -> dict[str, Any]:
    """What people write of a code."""
    return {
        "name": code.name,
        "definition": code.definition,
        "inclusion": code.inclusion,
        "exclusion": code.exclusion,
        "examples": list(code.examples),
        "colour": code.colour or "",
        "memo": code.memo,
    }


def _count_by_case(study: Snapshot, codings: Sequence[Coding]) -> list[dict[str, Any]]:
    """Segments with the code, by the participant (or interviewer) who speaks."""
    segments = study.segments()
    aligned = align(segments, codings, ())
    counts = Counter(
        (segment.participant, "interviewer" if segment.role == "interviewer" else "")
        for row, segment in enumerate(segments)
        if aligned.codes(row)
    )
    return [{"case": case, "role": role, "n": n} for (case, role), n in sorted(counts.items())]


def _describe_codings(
    study: Snapshot, sight: Sight, codings: Sequence[Coding]
) -> list[dict[str, Any]]:
    numbers = study.transcript_numbers()
    known = {transcript.name: transcript for transcript in study.transcripts()} if codings else {}
    return [
        {
            "transcript": numbers[coding.transcript],
            "name": coding.transcript,
            "position": known[coding.transcript].locate(coding.span),
            "start": coding.span.start,
            "end": coding.span.end,
            **_describe_words(coding.span.of(known[coding.transcript].text)),
            "coder": coding.coder,
            "is_mine": coding.coder == sight.coder,
            "memo": coding.memo,
        }
        for coding in islice(codings, _MOST_OUTDATED)
    ]


def _describe_words(words: str) -> dict[str, str]:
    """The words that are shown; where those are not all, also what stands for them in an act."""
    if len(words) <= _LONGEST:
        return {"words": words}
    return {"words": words[:_LONGEST], "quote": shorten_quote(words)}


def _describe_version(version: CodeVersion, codebook: Codebook) -> dict[str, Any]:
    """What an act changed of the code; `says` is what it said afterwards."""
    before, after = version.before, version.after
    parts = [_parts(one, codebook) if one else {} for one in (before, after)]
    return {
        "number": version.act.number,
        "coder": version.act.coder,
        "made_at": version.act.made_at,
        "summary": version.act.summary or version.act.kind,
        "is_undone": version.act.undone_by is not None,
        "changes": [
            {"part": part, "before": parts[0].get(part, ""), "after": parts[1].get(part, "")}
            for part in (parts[1] or parts[0])
            if parts[0].get(part, "") != parts[1].get(part, "") and (before or part != "revision")
        ],
        "says": after and describe_words(after),
    }


def _parts(code: Code, codebook: Codebook) -> dict[str, str]:
    above = codebook.by_id.get(code.parent or "")
    return {
        "name": code.name,
        "definition": code.definition,
        "inclusion": code.inclusion,
        "exclusion": code.exclusion,
        "examples": "\n".join(code.examples),
        "colour": code.colour or "",
        "memo": code.memo,
        "under": above.name if above else code.parent or "",
        "revision": str(code.revision),
        "archived": "yes" if code.archived else "",
    }


def _find_offered(study: Snapshot, example: str) -> str | None:
    """The words that an address offers as an example, None where it names none."""
    match = _EXAMPLE.fullmatch(example)
    if match is None:
        return None
    number, start, end = (int(digits) for digits in match.groups())
    for name, known in study.transcript_numbers().items():
        if known == number and start < end:
            return Span(start, end).of(study.transcript_text(name))[:_LONGEST].strip() or None
    return None
