"""Attributes of cases, to choose segments by: material, the same for everybody."""

from __future__ import annotations

from ..analysis.attribute_values import NOT_GIVEN, split_values
from ..project.reader import Snapshot


def describe_attributes(study: Snapshot) -> dict[str, list[str]]:
    """What each case is, as "region: north"; a value of several in one cell is one of them."""
    return {
        case.name: [
            f"{name}: {value}"
            for name, cell in case.attributes.items()
            for value in split_values(cell)
            if value != NOT_GIVEN
        ]
        for case in study.cases()
        if case.attributes
    }


def describe_speakers(study: Snapshot, transcript: str) -> dict[str, list[str]]:
    """What each speaker of a transcript is whose case has attributes."""
    attributes, shown = describe_attributes(study), study.transcript(transcript)
    cases = {speaker.name: speaker.case or shown.case for speaker in shown.speakers}
    return {name: attributes[case] for name, case in cases.items() if case in attributes}
