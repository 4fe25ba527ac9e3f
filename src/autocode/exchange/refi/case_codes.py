"""Codes that stand for cases: what is coded with one are words of the case.

NVivo codes at cases, QualCoder's importer looks for it, and our files for QualCoder have it: a code
with the guid of a case. A study has cases of their own, so that these are no codes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import replace

from ..losses import LossLedger
from ..project import Selection, ToolCase, ToolProject


def move_to_cases(project: ToolProject, guids: Collection[str], ledger: LossLedger) -> ToolProject:
    """The project in which what is coded with these codes, which are cases too, belongs to them."""
    if not guids:
        return project
    lengths = {source.guid: len(source.text or "") for source in project.sources}
    spans = {selection.guid: _span(selection) for selection in project.selections}
    cases = {case.guid: case for case in project.cases}
    known = {case.guid: {spans.get(guid) for guid in case.selections} for case in project.cases}
    words: dict[str, list[str]] = defaultdict(list)
    whole: dict[str, list[str]] = defaultdict(list)
    kept: list[Selection] = []
    for selection in project.selections:
        others = tuple(coding for coding in selection.codings if coding.code not in guids)
        of = [coding.code for coding in selection.codings if coding.code in guids]
        ledger.keep("codings of who speaks", len(of))
        is_needed = bool(others or selection.description or selection.notes or not of)
        is_whole = selection.start == 0 and selection.end == lengths.get(selection.source)
        for guid in of:
            if is_whole:
                whole[guid].append(selection.source)
            elif _span(selection) not in known[guid]:
                known[guid].add(_span(selection))
                words[guid].append(selection.guid)
                is_needed = True
        if is_needed:
            kept.append(replace(selection, codings=others))
    return replace(
        project,
        codes=tuple(
            replace(code, parent=None) if code.parent in guids else code
            for code in project.codes
            if code.guid not in guids
        ),
        cases=tuple(_with(case, whole[case.guid], words[case.guid]) for case in cases.values()),
        selections=tuple(kept),
    )


def _span(selection: Selection) -> tuple[str, int | None, int | None]:
    return selection.source, selection.start, selection.end


def _with(case: ToolCase, sources: list[str], selections: list[str]) -> ToolCase:
    return replace(
        case,
        sources=tuple(dict.fromkeys((*case.sources, *sources))),
        selections=tuple(dict.fromkeys((*case.selections, *selections))),
    )
