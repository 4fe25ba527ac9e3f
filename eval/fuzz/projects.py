"""A damaged project of another tool, put to the readers of projects, from a file of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from project_seeds import SECRET
from readers import Fault, check_message, where

from autocode.core.errors import AutocodeError
from autocode.exchange.formats import read_project
from autocode.exchange.project import ToolProject


def put_to_project_readers(name: str, raw: bytes) -> tuple[int, list[Fault]]:
    """Whether a project was read (1 or 0), and what went wrong if it was neither read nor refused.

    The file lies alone in a folder, in which nothing else may be afterwards.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"case{Path(name).suffix}"
        path.write_bytes(raw)
        faults: list[Fault] = []
        n_taken = 0
        try:
            read = read_project(path)
        except AutocodeError as error:
            faults += [Fault("read_project", fault) for fault in check_message(str(error))]
        except RecursionError as error:
            faults.append(Fault("read_project", "RecursionError", where(error)))
        except Exception as error:
            what = f"{type(error).__name__}: {error}"[:300]
            faults.append(Fault("read_project", what, where(error)))
        else:
            n_taken = 1
            faults += [Fault("read_project", fault) for fault in _check_project(read.project)]
            lines = "".join(read.report.to_lines())
            faults += [Fault("report", fault) for fault in check_message(lines[:600])]
        if path.read_bytes() != raw or len(list(Path(folder).iterdir())) != 1:
            faults.append(Fault("read_project", "wrote beside or into the file"))
        return n_taken, faults


def _check_project(project: ToolProject) -> Iterator[str]:
    """What is wrong with a project that a reader gave."""
    lengths = {s.guid: len(s.text) for s in project.sources if s.text is not None}
    for selection in project.selections:
        start, end = selection.start, selection.end
        if selection.kind == "text" and start is not None and end is not None:
            length = lengths.get(selection.source)  # a note may speak of another text
            if length is not None and not 0 <= start <= end <= length:
                yield "a place outside of its text"
    yield from _check_codes(project)
    words = [*(s.text or "" for s in project.sources), *(n.text or "" for n in project.notes)]
    words += [project.description, *(code.description for code in project.codes)]
    if any(SECRET in text for text in words):
        yield "holds words of a file of the machine"


def _check_codes(project: ToolProject) -> Iterator[str]:
    for what, things in (("codes", project.codes), ("sources", project.sources)):
        if len({thing.guid for thing in things}) != len(things):
            yield f"two {what} of one guid"
    codes = {code.guid for code in project.codes} | {case.guid for case in project.cases}
    if any(coding.code not in codes for coding in project.walk_codings()):
        yield "a coding of a code that is not there"
    for code in project.codes:
        if code.parent is not None and code.parent not in codes:
            yield "a code below one that is not there"
