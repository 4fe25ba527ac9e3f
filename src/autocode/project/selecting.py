"""Which files of a folder are interviews to take: one version of each, and no guides or forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..core.coding import Case
from ..core.errors import FileRefused
from ..core.progress import Progress
from ..core.transcript import Transcript
from ..io.folders import lies_in_old_folder, plain_name, rank_version
from ..io.recognise import Recognised, RecognisedPath, SkippedFile
from ..io.tables.document_lines import read_lines
from ..io.transcripts.read import read_document
from ..serialise.plain import readable_name, readable_text
from ..text.forms import describe_form
from ..text.likeness import WordSketch, sketch_words
from .stored_words import LEAST_WORDS, spoken

ParsedDocument = tuple[Transcript, Case | None]
_SAME_VERSION = 0.5
"""Share of common word runs from which two files of one name are versions of one transcript."""
_MOST_HELD = 20_000_000
"""Characters of parsed transcripts that are kept for being taken; the rest are read again."""
_ANYWAY = "to take it all the same, name it with --as transcript"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    item: RecognisedPath
    transcript: Transcript
    sketch: WordSketch
    root: Path

    @property
    def worth(self) -> tuple[bool, int, int, bool, bool, int, int]:
        """What makes one version better than another; the larger the better."""
        transcript = self.transcript
        late, copied = rank_version(self.item.path.stem)
        return (
            not lies_in_old_folder(self.item.path, self.root),
            late,
            copied,
            bool(transcript.speakers),
            any(turn.begin is not None for turn in transcript.turns),
            -len(self.item.path.parts),
            -len(self.item.path.name),
        )


def select_transcripts(
    recognised: Recognised, paths: Sequence[Path], *, join_turns: bool, progress: Progress
) -> dict[Path, ParsedDocument]:
    """Leave out what is no interview or another version of one; what was parsed, by path.

    Only files that nobody named are left out, each with the reason and how to take it anyway.
    """
    parsed: dict[Path, ParsedDocument] = {}
    candidates: list[_Candidate] = []
    left: dict[Path, str] = {}
    waiting = [i for i in recognised.files if i.kind == "transcript" and not i.named]
    n_held = 0
    for done, item in enumerate(waiting):
        progress("Comparing", done, len(waiting))
        if item.recognition.assigned:
            continue
        try:
            transcript, case = read_document(item.source, join_turns=join_turns)
        except FileRefused as refusal:
            if form := _describe_form(item):
                left[item.path] = form
            elif refusal.fault == "the file is empty":
                left[item.path] = refusal.fault
            continue  # the import names the fault
        if not transcript.speakers and (form := _describe_form(item)):
            left[item.path] = form
            continue
        root = next((p for p in paths if item.path.is_relative_to(p)), item.path.parent)
        words = spoken(transcript)
        candidates.append(
            _Candidate(item=item, transcript=transcript, sketch=sketch_words(words), root=root)
        )
        n_held += len(transcript.text)
        if n_held <= _MOST_HELD:
            parsed[item.path] = (transcript, case)
    left |= _choose_versions(candidates)
    kept = [candidate for candidate in candidates if candidate.item.path not in left]
    _name_apart(kept, parsed)
    _doubt_talk(kept, parsed)
    recognised.files[:] = [item for item in recognised.files if item.path not in left]
    recognised.skipped += [SkippedFile(path, reason) for path, reason in left.items()]
    return parsed


def _choose_versions(candidates: Sequence[_Candidate]) -> dict[Path, str]:
    """Why each file is left out of which a better version lies beside it."""
    left: dict[Path, str] = {}
    kept: list[_Candidate] = []
    by_words: dict[bytes, _Candidate] = {}
    by_name: dict[str, list[_Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: c.worth, reverse=True):
        path, sketch = candidate.item.path, candidate.sketch
        same = by_words.get(sketch.digest) if sketch.n_words >= LEAST_WORDS else None
        if same is not None:
            left[path] = f"the same words as {_shown(same)}, which is taken; {_ANYWAY}"
            # Older versions under this name are versions of what is taken in its place.
            by_name.setdefault(plain_name(path.stem), []).append(same)
            continue
        alike = by_name.get(plain_name(path.stem), [])
        better = next((c for c in alike if c.sketch.likeness(sketch) >= _SAME_VERSION), None)
        if better is not None:
            left[path] = f"another version of {_shown(better)}, which is taken; {_ANYWAY}"
            continue
        kept.append(candidate)
        by_words.setdefault(sketch.digest, candidate)
        by_name.setdefault(plain_name(path.stem), []).append(candidate)
    return left


def _name_apart(kept: Sequence[_Candidate], parsed: dict[Path, ParsedDocument]) -> None:
    """Give transcripts of one name in several folders names with their folders, and say so."""
    by_stem: dict[str, list[_Candidate]] = {}
    for candidate in kept:
        by_stem.setdefault(candidate.transcript.name, []).append(candidate)
    for stem, several in by_stem.items():
        folders = {candidate.item.path.parent for candidate in several}
        if len(folders) < 2 or len(folders) < len(several):
            continue
        for candidate in several:
            path = candidate.item.path
            if path in parsed:
                transcript, case = parsed[path]
                parsed[path] = name_by_folder(transcript, path, stem), case


def _doubt_talk(kept: Sequence[_Candidate], parsed: dict[Path, ParsedDocument]) -> None:
    """Note where nobody is named in a document, though speakers are in those beside it."""
    unnamed = [c.item.path for c in kept if not c.transcript.speakers and c.item.path in parsed]
    if not 0 < len(unnamed) <= 0.5 * len(kept):
        return
    for path in unnamed:
        transcript, case = parsed[path]
        note = (
            "speakers are named in the other transcripts of the folder, and none here; if these "
            "are notes and no talk: autocode remove STUDY --transcript "
            f'"{transcript.name}" --coder YOU'
        )
        parsed[path] = replace(transcript, warnings=(*transcript.warnings, note)), case


def name_by_folder(transcript: Transcript, path: Path, stem: str) -> Transcript:
    """The transcript named with its folder, with a note: "P01 (wave2)"."""
    name = f"{stem} ({readable_name(path.parent.name)})"
    note = f"named '{name}', since there is another '{stem}' with other words"
    return replace(transcript, name=name, warnings=(*transcript.warnings, note))


def _describe_form(item: RecognisedPath) -> str:
    """What a document is that is no talk, and how to take it anyway; empty if it may be talk."""
    if item.source.suffix in (".vtt", ".srt", ".sbv", ".json", ".csv", ".tsv", ".xlsx", ".pdf"):
        return ""
    try:
        lines = [line.words for line in read_lines(item.source, most=400)]
    except FileRefused:
        return ""
    form = describe_form(lines, name=item.source.stem)
    return f"{form}; {_ANYWAY}" if form else ""


def _shown(candidate: _Candidate) -> str:
    path = candidate.item.path
    inside = path.relative_to(candidate.root) if path.is_relative_to(candidate.root) else path.name
    return f"'{readable_text(str(inside))}'"
