"""Codings that a tool hands over without a place, put where their words stand in texts at hand.

MAXQDA's exchange files lock the texts away and name the first words of each coding. Words that
stand in one place of the text are placed; what stands in several, or is not in it, is named item by
item and stays without a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from ..core.errors import one_line
from .anchoring import search_words
from .losses import LossLedger, LossReport
from .project import Selection, ToolProject
from .reader import ReadProject

LENGTH = "length"
"""The name under which a selection's `place` says how many characters it has."""
_WITHOUT_PLACE = "without a place"


def place_by_words(read: ReadProject, texts: Mapping[str, str]) -> ReadProject:
    """The project with these `texts` (by source guid), and its codings of them in their places."""
    wordless = {
        source.guid: source.name
        for source in read.project.sources
        if source.kind == "text" and source.text is None and source.guid in texts
    }
    if not wordless:
        return read
    ledger = LossLedger()
    selections = tuple(
        _place(selection, texts[selection.source], wordless[selection.source], ledger)
        if selection.source in wordless and selection.start is None
        else selection
        for selection in read.project.selections
    )
    project = replace(
        read.project,
        selections=selections,
        sources=tuple(
            replace(source, text=texts[source.guid]) if source.guid in wordless else source
            for source in read.project.sources
        ),
    )
    ledger.change("texts", "are those of the study, of the same name", count=len(wordless))
    return ReadProject(project, _join(read.report, ledger.close(), project))


def _place(selection: Selection, text: str, name: str, ledger: LossLedger) -> Selection:
    """A selection where its words stand; `length` tells those that were cut off."""
    words = selection.name.strip()
    length = dict(selection.place).get(LENGTH, "")
    shown = f"{name}: '{one_line(words, 40)}'"
    places = search_words(text, words, ledger)
    count = max(1, len(selection.codings))
    if places is None or len(places) != 1:
        if places is None:
            reason = "were not looked for, as the file asks for too much searching"
        else:
            reason = "stand in several places of the text" if places else "are not in the text"
        ledger.lose("places of codings", f"their words {reason}", shown, count)
        return selection
    start, end = places[0]
    if length.isdecimal() and int(length) > len(words):
        end = min(len(text), max(end, start + int(length)))
    ledger.change("codings", "placed where their words stand", "", count)
    return replace(selection, start=start, end=end, place=())


def _join(report: LossReport, placing: LossReport, project: ToolProject) -> LossReport:
    """The report of the reading without what is no longer so, and that of the placing."""
    left = sum(len(s.codings) for s in project.selections if s.start is None)
    missing = sum(s.kind == "text" and s.text is None for s in project.sources)
    items = []
    for item in report.items:
        if item.what == "codings" and _WITHOUT_PLACE in item.reason:
            item = replace(item, count=left)
        elif item.outcome == "lost" and item.what == "texts":
            item = replace(item, count=missing)
        if item.count:
            items.append(item)
    return LossReport((*items, *placing.items), (*report.notes, *placing.notes))
