"""Taking another tool's project into a study: all of it in one act, and what is not shown kept."""

from __future__ import annotations

import gc
import hashlib
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ..core.coding import Case, Coding
from ..core.counted import say_count, say_plural
from ..core.transcript import Source as Origin
from ..core.transcript import Span, Transcript, text_digest
from ..exchange.formats import find_reader, read_project
from ..exchange.losses import LossLedger, LossReport
from ..exchange.place_by_words import place_by_words
from ..exchange.project import MACHINE, Source, ToolProject, fold_guid
from ..exchange.reader import ReadProject
from ..exchange.same_things import replace_guids
from ..io.source import SourceFile
from ..io.tables.qdc import guid_of
from ..io.transcripts.read import read_kept_words
from ..serialise.plain import readable_name
from ..store.cases import put_case, set_case
from ..store.codebook import codebook as read_codebook
from ..store.codings import add_codings, add_memo, memos
from ..store.file import Connection
from ..store.segments import replace_segments
from ..store.tool_projects import add_tool_project, tool_projects
from ..store.transcripts import (
    add_transcripts,
    imported,
    note_import,
    text_digests,
    text_of,
    transcript_ids,
)
from .import_report import ImportedFile, Into
from .segmentation import Rows
from .tool_codes import take_codes
from .tool_keeping import digest_project, join_earlier, keep_apart, keep_small_parts, walk_parts
from .tool_reading import NOBODY, ToolView

_SUFFIXES = frozenset((".txt", ".docx", ".doc", ".pdf", ".rtf", ".odt", ".md", ".html"))
"""Suffixes that a tool leaves in the names of texts and a study does not."""
_VALUE = re.compile(r"\s*[^:\s][^:]*:\s+\S[^:]*")
"""ATLAS.ti has attributes as groups of documents named "gender: male"; no group says that it is."""
_CODEBOOKS = frozenset((".qdc", ".xml", ".csv", ".xlsx"))


def find_tool(path: Path) -> str | None:
    """The format of a project of another tool by its content; None for anything else.

    A codebook alone is none: it is imported as codebooks are.
    """
    if path.suffix.lower() in _CODEBOOKS:
        return None
    reader = find_reader(path)
    return None if reader is None or path.suffix.lower() not in reader.suffixes else reader.name


def take_project(into: Into, source: SourceFile) -> ImportedFile:
    """Take a project in: texts, codes, coders, codings, memos, cases; the rest is kept for export.

    Raises:
        FileRefused: if it cannot be read; the study is then as it was.
    """
    with _hold_collector():
        return _take(into, source)


@contextmanager
def _hold_collector() -> Iterator[None]:
    """Keep the collector of garbage from walking a large project over and over while it is read.

    It holds millions of objects and no circles; this was a tenth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _take(into: Into, source: SourceFile) -> ImportedFile:
    path = source.path
    digest = digest_project(path)
    with into.study.reading() as connection:
        is_known = bool(imported(connection, digest, "project"))
        known_texts, known_names = text_digests(connection), set(transcript_ids(connection))
    if is_known:
        return _take_again(into, path)
    read = _give_words(into, read_project(path))
    ledger = LossLedger()
    project = keep_small_parts(read.project, ledger)
    texts = _choose_texts(project, known_texts, known_names)
    cuts = into.cutter.cut([texts.new[name] for name in sorted(texts.new)])
    report, warnings = read.report, tuple(cuts.notes)
    name, origin = project.name, project.origin or project.format
    guessed = any(s.basis == "guessed" for t in texts.new.values() for s in t.speakers)
    taking = _Taking(into, project, texts, cuts.rows, ledger, path)
    # The act is written when the transaction ends; what was read is given back before.
    del read, project, texts, cuts
    with into.taking(path.name) as connection:
        taking.run(connection, digest)
        differences = taking.differences
        del taking
        note_import(connection, digest, "project", source.name)
    stored = ledger.close()
    losses = LossReport(
        tuple(item for item in report.items if item.outcome != "kept") + stored.items,
        report.notes + stored.notes,
    )
    return ImportedFile(
        path=path,
        kind="project",
        account=_account(name, losses),
        warnings=(*differences, *warnings),
        reasons=(f"a project of {origin}",),
        guessed=guessed,
        losses=losses,
    )


def _take_again(into: Into, path: Path) -> ImportedFile:
    """A project that is in the study: with `update_codes`, what it says of codes is taken."""
    account = "already in the study"
    if not into.options.update_codes:
        return ImportedFile(path=path, kind="project", account=account, new=False)
    ledger = LossLedger()
    project = keep_small_parts(read_project(path).project, ledger)
    with into.taking(path.name) as connection:
        taken = take_codes(connection, project, path, ledger, is_updating=True)
    if taken.n_stored:
        account = f"{account}; {say_count(taken.n_stored, 'code')} now as the project has it"
    return ImportedFile(
        path=path,
        kind="project",
        account=account,
        new=bool(taken.n_stored),
        warnings=taken.differences,
    )


def _give_words(into: Into, read: ReadProject) -> ReadProject:
    """The project with the words of transcripts that bear the names of its wordless texts."""
    names = {
        source.guid: _plain_name(source.name).casefold()
        for source in read.project.sources
        if source.kind == "text" and source.text is None and source.name
    }
    if not names:
        return read
    with into.study.reading() as connection:
        known = {name.casefold(): name for name in transcript_ids(connection)}
        words = {
            guid: text_of(connection, known[name]) for guid, name in names.items() if name in known
        }
    return place_by_words(read, words)


def _account(name: str, losses: LossReport) -> str:
    counts = {
        what: losses.count("kept", what)
        for what in ("transcripts", "codes", "coders", "codings", "memos", "cases")
    }
    parts = [say_plural(count, what) for what, count in counts.items() if count]
    return f"'{readable_name(name)}': {', '.join(parts) or 'nothing that a study shows'}"


@dataclass(slots=True)
class _Texts:
    """Names of transcripts by source guid, and those that are new to the study by name.

    `numbered` are the new names of those whose own name another transcript has.
    """

    names: dict[str, str] = field(default_factory=dict)
    new: dict[str, Transcript] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    wordless: list[str] = field(default_factory=list)
    numbered: list[str] = field(default_factory=list)


def _choose_texts(
    project: ToolProject, known_texts: Mapping[str, str], known_names: set[str]
) -> _Texts:
    """Which texts become transcripts, under which names; words that the study has are not new."""
    texts = _Texts()
    named = {source.guid: source.name for source in project.sources}
    taken = set(known_names)
    folded = {name.casefold() for name in taken}
    for source in project.sources:
        if source.kind != "text" or source.text is None:
            continue
        digest = text_digest(source.text)
        same = known_texts.get(digest)
        if same is not None and same not in texts.known:
            texts.names[source.guid] = same
            texts.known.add(same)
            continue
        wanted = _plain_name(source.name or named.get(source.of or "") or source.guid)
        name, number = wanted, 2
        while name.casefold() in folded:
            name, number = f"{wanted} ({number})", number + 1
        transcript = _make_transcript(source, name, project)
        if transcript is None:
            texts.wordless.append(source.name or source.guid)
            continue
        if name != wanted:
            texts.numbered.append(name)
        folded.add(name.casefold())
        texts.names[source.guid] = name
        texts.new[name] = transcript
    return texts


def _make_transcript(source: Source, name: str, project: ToolProject) -> Transcript | None:
    text = source.text or ""
    if "\0" in text:
        return None
    origin = Origin(
        name=readable_name(source.name) or name,
        format=(project.format or "project").lower(),
        digest=hashlib.sha256(
            f"{source.guid}\n{text}".encode("utf-8", "surrogatepass")
        ).hexdigest(),
    )
    return read_kept_words(text, origin, name=name)


def _plain_name(name: str) -> str:
    path = Path(readable_name(name).replace("/", "_"))
    stem = path.stem if path.suffix.lower() in _SUFFIXES else path.name
    return stem.strip() or "text"


@dataclass(slots=True)
class _Taking:
    """One project on its way into a study, in a transaction."""

    into: Into
    project: ToolProject
    texts: _Texts
    rows: dict[str, Rows]
    ledger: LossLedger
    path: Path
    connection: Connection = field(init=False)
    view: ToolView = field(init=False)
    differences: tuple[str, ...] = ()

    def run(self, connection: Connection, digest: str) -> None:
        """Store everything that a study shows, and keep the rest beside it."""
        self.connection = connection
        taken = take_codes(
            connection, self.project, self.path, self.ledger,
            is_updating=self.into.options.update_codes,
        )  # fmt: skip
        self.differences = taken.differences
        codes = self._unite_codes(taken.ids)
        nobody = self.into.options.coder or NOBODY
        self.view = ToolView(self.project, self.texts.names, codes, nobody)
        self._put_transcripts()
        self._put_codings()
        self._put_memos()
        self._put_cases()
        self._count_rest()
        apart = keep_apart(self.project, self.texts.names, digest)
        earlier = tool_projects(self.connection)
        add_tool_project(self.connection, join_earlier(apart, earlier, self.ledger))

    def _unite_codes(self, ids: Mapping[str, str]) -> dict[str, str]:
        """Give codes that are taken for the study's own their guids; the ids by guid."""
        known = read_codebook(self.connection).by_id
        own = {guid: guid_of(known[code_id]) for guid, code_id in ids.items()}
        same = {guid: other for guid, other in own.items() if fold_guid(guid) != fold_guid(other)}
        self.project = replace_guids(self.project, same)
        return {same.get(guid, guid): code_id for guid, code_id in ids.items()}

    def _put_transcripts(self) -> None:
        add_transcripts(self.connection, [self.texts.new[name] for name in sorted(self.texts.new)])
        for name in self.texts.new:
            replace_segments(self.connection, name, self.rows[name])
        self.ledger.keep("transcripts", len(self.texts.new) + len(self.texts.known))
        for name in self.texts.numbered:
            self.ledger.change("transcripts", "named with a number: another has that name", name)
        self.ledger.keep("texts without words, kept unseen", len(self.texts.wordless))

    def _put_codings(self) -> None:
        seen = list(self.view.walk_codings())
        codings = [
            Coding(
                transcript=one.key.transcript,
                span=Span(one.key.start, one.key.end),
                code=one.key.code,
                coder=one.key.coder,
                made_at=one.coding.made_at,
                memo=one.memo,
            )
            for one in seen
        ]
        machines = {MACHINE} if MACHINE in self.view.coders.values() else set[str]()
        add_codings(self.connection, codings, machines=machines)
        n_apart = len({one.key for one in seen})
        self.ledger.keep("codings", n_apart)
        self.ledger.change(
            "codings", "stand twice on the same words by the same coder and are one in a study", "",
            len(seen) - n_apart,
        )  # fmt: skip
        n_whole = sum(isinstance(one.holder, Source) for one in seen)
        self.ledger.change("codings", "of a whole source are codings of all its words", "", n_whole)
        n_all = sum(1 for _ in self.project.walk_codings())
        self.ledger.keep(
            "codings of pictures, recordings, cases or no words, kept unseen", n_all - len(seen)
        )
        whose = {one.key.coder for one in seen}
        self.ledger.keep("coders", len(whose))
        self.ledger.keep(
            "coders who coded no words, kept unseen",
            len(set(self.view.coders.values()) - whose),
        )
        if self.view.nobody in whose and self.view.nobody not in self.view.coders.values():
            self.ledger.change(
                "codings",
                f"name no coder and are by '{self.view.nobody}' (say who with --coder)",
                "",
                sum(one.key.coder == self.view.nobody for one in seen),
            )

    def _put_memos(self) -> None:
        known = {
            (m.about, m.subject, m.span and (m.span.start, m.span.end), m.text)
            for m in memos(self.connection)
        }
        for one in self.view.walk_memos():
            memo = one.to_memo()
            key = (
                memo.about,
                memo.subject,
                memo.span and (memo.span.start, memo.span.end),
                memo.text,
            )
            if key not in known:
                known.add(key)
                add_memo(self.connection, memo)
            self.ledger.keep("memos")

    def _put_cases(self) -> None:
        for name, one in self.view.see_cases().items():
            case = Case(name, one.attributes)
            put_case(self.connection, case)
            for transcript in one.transcripts:
                set_case(self.connection, Case(name), transcript=transcript)
            self.ledger.keep("cases")
            if one.case is not None:
                self.ledger.keep("selections of cases, kept unseen", len(one.case.selections))

    def _count_rest(self) -> None:
        project = self.project
        n_media = sum(source.kind != "text" for source in project.sources)
        n_bare = sum(
            not selection.codings and bool(selection.description or selection.notes)
            and selection.kind == "text" and selection.start == selection.end
            for selection in project.selections
        )  # fmt: skip
        n_missing = sum(s.kind == "text" and s.text is None for s in project.sources)
        for what, count in (
            ("pictures, recordings and PDFs, kept unseen", n_media),
            ("texts whose words are missing, kept unseen", n_missing),
            ("memos on no words, kept unseen", n_bare),
            ("links, kept unseen", len(project.links)),
            ("sets, kept unseen", len(project.collections)),
            ("graphs, kept unseen", len(project.graphs)),
        ):
            self.ledger.keep(what, count)
        values = [s.name for s in project.collections if s.sources and _VALUE.fullmatch(s.name)]
        if values:
            self.ledger.note(
                f"{len(values)} sets of documents are named like values of attributes (such as "
                f"'{readable_name(values[0])}') and stay sets; to have attributes, import a table "
                "of cases with a column for each"
            )
        n_far = sum(part.content is None and part.size > 0 for part in walk_parts(project))
        self.ledger.change(
            "files",
            f"are large and stay in '{readable_name(self.path.name)}': leave it there for export",
            "",
            n_far,
        )
