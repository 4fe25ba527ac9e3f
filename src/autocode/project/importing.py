"""Taking files into a study: each file whole or not at all, the same file never twice."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path

from ..core.coding import Case
from ..core.errors import FileRefused, InputError, StudyError
from ..core.transcript import Transcript
from ..io.kinds import Kind, Recognition
from ..io.recognise import Recognised, recognise_paths
from ..io.source import SourceFile
from ..io.transcripts.read import read_document
from ..store.cases import put_case, set_case
from ..store.file import Connection, StudyFile
from ..store.segments import replace_segments
from ..store.transcripts import (
    add_transcripts,
    imported,
    note_import,
    source_digests,
    source_names,
    transcript_ids,
    transcripts,
)
from .cases import take_cases
from .codebooks import take_codebook
from .codings import take_codings
from .comment_codings import add_comment_codings
from .corpora import take_corpus
from .describing import describe_transcript
from .import_report import ImportedFile, ImportOptions, ImportReport, Into, RefusedFile
from .previewing import preview_files
from .segmentation import Segmenter
from .selecting import ParsedDocument, name_by_folder, select_transcripts
from .sibling_roles import settle_sibling_roles
from .speech_codings import add_speech_codings
from .stored_words import StoredWords, is_other_version
from .surveys import read_survey_file
from .tool_importing import find_tool, take_project

__all__ = [
    "ImportOptions",
    "ImportReport",
    "RefusedFile",
    "ImportedFile",
    "import_paths",
    "preview_paths",
]


def import_paths(study: StudyFile, paths: Sequence[Path], options: ImportOptions) -> ImportReport:
    """Import everything under `paths`; a file that fails leaves no trace and stops no other.

    Raises:
        FileRefused: if a path does not exist, or none is of a known kind.
        StudyError: if the study cannot be written and nothing was imported yet.
    """
    if options.dry_run:
        return preview_paths(paths, options)
    recognised, parsed = _recognise(paths, options)
    into = Into(study, options, Segmenter(study, options.unit, options.progress), parsed)
    taken: list[ImportedFile] = []
    refused = [RefusedFile.of(Path(error.path), error) for error in recognised.refused]
    n_files = len(recognised.files)
    waiting = recognised.files[::-1]
    recognised.files.clear()  # so that what a file holds is forgotten once it is taken
    stopped = ""
    for done in range(n_files):
        options.progress("Reading", done, n_files)
        item = waiting.pop()
        try:
            taken.append(_explain(_TAKERS[item.kind](into, item.source), item.recognition))
        except InputError as error:
            refused.append(RefusedFile.of(item.path, error))
        except StudyError as error:
            if not any(file.new for file in taken):
                raise
            stopped = f"{item.path}: not imported, nor what comes after it. {error}"
            break
    if n_files:
        options.progress("Reading", n_files, n_files)
    return ImportReport(tuple(taken), tuple(refused), tuple(recognised.skipped), stopped)


def preview_paths(paths: Sequence[Path], options: ImportOptions) -> ImportReport:
    """What an import of `paths` would take, without a study: nothing is written.

    Raises:
        FileRefused: as `import_paths`.
    """
    recognised, _ = _recognise(paths, options)
    return preview_files(recognised, join_turns=options.join_turns)


def _recognise(
    paths: Sequence[Path], options: ImportOptions
) -> tuple[Recognised, dict[Path, ParsedDocument]]:
    recognised = recognise_paths(list(paths), options.files, ask=options.ask, find_tool=find_tool)
    if recognised.refused and not (recognised.files or recognised.skipped):
        raise recognised.refused[0]
    parsed = select_transcripts(
        recognised, list(paths), join_turns=options.join_turns, progress=options.progress
    )
    return recognised, parsed


def _explain(file: ImportedFile, recognition: Recognition) -> ImportedFile:
    """The same account with why the file was taken for its kind."""
    runner_up = recognition.runner_up
    return replace(
        file,
        reasons=file.reasons or recognition.reasons,
        runner_up=runner_up.describe() if runner_up else "",
    )


def _take_transcript(into: Into, source: SourceFile) -> ImportedFile:
    path = source.path
    read = into.parsed.pop(path, None)
    transcript, case = read or read_document(source, join_turns=into.options.join_turns)
    with into.study.reading() as connection:
        known = _known(connection, transcript, path)
        if known is None and into.options.kind != "transcript":
            known = _same_words(into, connection, transcript, path)
        version_of = (
            into.stored.find_version(connection, transcript)
            if known is None and into.options.kind != "transcript"
            else None
        )
    if known is not None:
        return _add_comments(into, source, known)
    cuts = into.cutter.cut([transcript])
    with into.taking(path.name) as connection:
        # Another program may have taken the same file meanwhile.
        if known := _known(connection, transcript, path):
            return known
        (rows,) = cuts.rows.values()
        transcript = _named_apart(connection, transcript, source, into.stored)
        add_transcripts(connection, [transcript])
        replace_segments(connection, transcript.name, rows)
        if case is not None:
            set_case(connection, case, transcript=transcript.name)
        notes = settle_sibling_roles(connection, transcript)
        notes += add_speech_codings(connection, source, transcript)
        if version_of is not None:
            notes += (_warn_of_version(transcript.name, version_of, path, into.stored.added),)
        if into.options.comments:
            notes += add_comment_codings(connection, source, transcript)
    into.stored.add(transcript)
    return ImportedFile(
        path=path,
        kind="transcript",
        account=describe_transcript(transcript, case),
        warnings=(*transcript.warnings, *cuts.notes, *notes),
        transcript=transcript.name,
        guessed=any(speaker.basis == "guessed" for speaker in transcript.speakers),
    )


def _warn_of_version(name: str, other: str, path: Path, added: Collection[str]) -> str:
    """What is said of a transcript that shares most of its words with one of another name.

    `added` came in this import, and bear no codings yet that a corrected version should take over.
    """
    taken, version, file = (shlex.quote(part) for part in (name, other, str(path)))
    said = f"most of its words stand in '{other}' as well, and both count; "
    removing = f"autocode remove STUDY --transcript {taken}"
    if other in added:
        return f"{said}to keep one: {removing} (or {version}) --coder YOU"
    return (
        f"{said}if it is a corrected version: {removing} --coder YOU, then autocode replace STUDY "
        f"{version} {file} --coder YOU"
    )


def _known(connection: Connection, transcript: Transcript, path: Path) -> ImportedFile | None:
    """What to say of a file whose bytes are in the study."""
    known = source_digests(connection).get(transcript.source.digest)
    if known is None:
        return None
    account = f"already in the study as '{known}'"
    return ImportedFile(path=path, kind="transcript", account=account, new=False, transcript=known)


def _same_words(
    into: Into, connection: Connection, transcript: Transcript, path: Path
) -> ImportedFile | None:
    """What to say of a file whose words are in the study from a file of another format."""
    known = into.stored.find_same(connection, transcript)
    if known is None:
        return None
    account = f"the same words as '{known}', which is in the study (take it with --as transcript)"
    return ImportedFile(path=path, kind="transcript", account=account, new=False, transcript=known)


def _add_comments(into: Into, source: SourceFile, known: ImportedFile) -> ImportedFile:
    """A file that is in the study, with the codings of its comments where they are asked for."""
    if not into.options.comments or known.transcript is None:
        return known
    with into.taking(f"comments of {source.path.name}") as connection:
        (transcript,) = transcripts(connection, known.transcript)
        notes = add_comment_codings(connection, source, transcript)
    return replace(known, warnings=tuple(notes))


def _take_survey(into: Into, source: SourceFile) -> ImportedFile:
    path = source.path
    survey = read_survey_file(source)
    n_said = len(survey.transcripts)
    account = (
        f"{len(survey.cases)} respondents, {n_said} of them with words; "
        f"attributes {', '.join(survey.attributes) or 'none'}"
    )
    cuts = into.cutter.cut(survey.transcripts)
    with into.taking(path.name) as connection:
        if imported(connection, survey.digest, "survey"):
            return ImportedFile(
                path=path, kind="survey", account=f"{account}; already in the study", new=False
            )
        taken = transcript_ids(connection)
        if clash := next((t.name for t in survey.transcripts if t.name in taken), None):
            raise FileRefused.because(
                path,
                f"a transcript '{clash}' is in the study already",
                remedy="Rename the file to add it; nothing of this file was imported.",
            )
        for case in survey.cases:
            put_case(connection, case)
        add_transcripts(connection, survey.transcripts)
        for transcript in survey.transcripts:
            replace_segments(connection, transcript.name, cuts.rows[transcript.name])
            whose = Case(transcript.case or transcript.name)
            set_case(connection, whose, transcript=transcript.name)
        note_import(connection, survey.digest, "survey", source.name)
    return ImportedFile(
        path=path, kind="survey", account=account, warnings=(*survey.warnings, *cuts.notes)
    )


def _named_apart(
    connection: Connection, transcript: Transcript, source: SourceFile, stored: StoredWords
) -> Transcript:
    """The transcript under a name of its own: sample.srt beside sample.sbv keeps its suffix.

    A second file of this name and other words is named with its folder. One that comes in a later
    import may be the same file, edited, unless it has hardly any words in common with the first.

    Raises:
        FileRefused: if a file of this very name is in the study with many of the same words, or
            the name with the folder is taken too.
    """
    taken = source_names(connection)
    if transcript.name not in taken:
        return transcript
    if source.name not in taken and source.name not in taken.values():
        return replace(transcript, name=source.name)
    apart = name_by_folder(transcript, source.path, transcript.name)
    (first,) = transcripts(connection, transcript.name)
    is_edited = is_other_version(first, transcript, later=transcript.name not in stored.added)
    if is_edited or apart.name in taken:
        raise FileRefused.because(
            source.path,
            f"a file '{source.name}' with other words is in the study",
            remedy="To put it in that one's place, with codings moved along: autocode replace"
            f" STUDY {shlex.quote(transcript.name)} {shlex.quote(str(source.path))} --coder YOU."
            " To add it beside that one, rename the file.",
        )
    return apart


_TAKERS: dict[Kind, Callable[[Into, SourceFile], ImportedFile]] = {
    "transcript": _take_transcript,
    "codebook": take_codebook,
    "codings": take_codings,
    "cases": take_cases,
    "survey": _take_survey,
    "corpus": take_corpus,
    "project": take_project,
}
