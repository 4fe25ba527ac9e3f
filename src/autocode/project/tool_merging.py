"""A study's present work put onto the project that it came from, so that nothing else changes.

What the tool had and the study still has keeps its identity; what was added gets one made from what
it is, so that exporting twice gives the same; what was taken back in the study is taken out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from typing import TypeVar

from ..core.codebook import Code
from ..core.coding import Coding, Memo
from ..exchange.project import (
    Note,
    Selection,
    Source,
    ToolCode,
    ToolCoder,
    ToolCoding,
    ToolProject,
    fold_guid,
    make_guid,
)
from ..io.tables.qdc import describe_code, guid_of, make_code
from .tool_cases import MergedCases, shorten
from .tool_reading import NOBODY, CodingKey, MemoKey, SeenCoding, ToolView, name_coders

_Holder = TypeVar("_Holder", Source, Selection)


@dataclass(slots=True)
class Merging(MergedCases):
    """The project while it is brought up to what the study holds.

    `gone` are the guids of the codes that came and that the study no longer has.
    """

    gone: set[str] = field(default_factory=set)

    def run(self) -> ToolProject:
        """Bring everything up to date; the project as it goes out."""
        self.texts = {transcript.name: transcript for transcript in self.study.transcripts()}
        self.source_guids = {name: guid for guid, name in self.transcripts.items()}
        self._merge_coders()
        self._merge_codes()
        self._merge_sources()
        ids = {guid: code_id for code_id, guid in self.code_guids.items()}
        # A code that is gone is known by its guid: no code of a study has such an id.
        view = ToolView(self.base, self.transcripts, {guid: guid for guid in self.gone} | ids)
        self.notes = list(self.base.notes)
        self._merge_codings(view)
        description = self._merge_memos(view)
        self.merge_cases(view.see_cases())
        return replace(
            self.base,
            description=description,
            coders=tuple(self.coders),
            codes=tuple(self.codes),
            sources=tuple(self.sources),
            selections=tuple(self.selections),
            notes=tuple(self.notes),
            variables=tuple(self.variables),
            cases=tuple(self.cases),
        )

    def coder(self, name: str) -> str | None:
        """The guid of a coder by name, who is added if new; None for one whom nobody named."""
        if name == NOBODY:
            return None
        guid = self.coder_guids.get(name)
        if guid is None:
            guid = self.coder_guids[name] = make_guid("coder", name)
            self.coders.append(ToolCoder(guid=guid, name=name))
        return guid

    def _merge_coders(self) -> None:
        self.coders = list(self.base.coders)
        for guid, name in name_coders(self.base).items():
            self.coder_guids.setdefault(name, guid)

    def _merge_codes(self) -> None:
        """The codebook as it is; what it says of a code as the tool wrote it, where that is it."""
        known = {fold_guid(code.guid): code for code in self.base.codes}
        codebook = self.study.codebook()
        for _, code in codebook.walk():
            was = known.get(fold_guid(guid_of(code)))
            guid = was.guid if was else guid_of(code)
            self.code_guids[code.id] = guid
            parent = self.code_guids.get(code.parent or "")
            self.codes.append(_merge_code(code, was, guid, parent))
        here = {fold_guid(guid) for guid in self.code_guids.values()}
        out = [code for code in self.base.codes if fold_guid(code.guid) not in here]
        self.gone = {code.guid for code in out}
        unseen = self._find_unseen_codes() if out else set[str]()
        staying = [code for code in out if code.guid in unseen]
        self.ledger.change("codes", "were taken out in the study", "", len(out) - len(staying))
        kept = {code.guid for code in (*self.codes, *staying)}
        reason = "were taken out in the study, and stay for what it does not show of a project"
        for one in staying:
            parent = one.parent if one.parent in kept else None
            self.codes.append(replace(one, parent=parent))
            self.ledger.change("codes", reason, one.name)

    def _find_unseen_codes(self) -> set[str]:
        """The codes of what a study does not show: pictures, recordings, notes."""
        view = ToolView(self.base, self.transcripts, {})
        return {
            coding.code
            for held in (self.base.sources, self.base.selections, self.base.notes)
            for holder in held
            if holder.codings and not view.shows(holder)
            for coding in holder.codings
        }

    def _merge_sources(self) -> None:
        known = set()
        for source in self.base.sources:
            name = self.transcripts.get(source.guid)
            if name is not None:
                known.add(name)
                source = replace(source, text=self.texts[name].text)
            self.sources.append(source)
        for name, transcript in self.texts.items():
            if name not in known:
                guid = make_guid("transcript", name, transcript.source.digest)
                self.source_guids[name] = guid
                self.sources.append(Source(guid=guid, name=name, text=transcript.text))

    def _merge_codings(self, view: ToolView) -> None:
        wanted = {_key_of(coding): coding for coding in self.study.codings()}
        seen: dict[str, SeenCoding] = {}
        present: set[CodingKey] = set()
        of_gone: list[SeenCoding] = []
        for one in view.walk_codings():
            # Of several on the same words by the same coder the study holds the first.
            seen[one.coding.guid] = replace(one, is_first=one.key not in present)
            if one.key.code in self.gone:
                of_gone.append(one)
            else:
                present.add(one.key)
        n_gone = len(present - wanted.keys())
        self.ledger.change("codings", "were taken back in the study", "", n_gone)
        recoded = _find_recoded(of_gone, wanted, present)
        seen |= recoded
        present |= {one.key for one in recoded.values()}
        reason = "had a code that was taken out in the study, or merged into one that is there too"
        self.ledger.change("codings", reason, "", len(of_gone) - len(recoded))
        self.sources = [self._keep_codings(source, seen, wanted) for source in self.sources]
        self.selections = [
            kept
            for selection in self.base.selections
            if (kept := self._keep_selection(selection, seen, wanted)) is not None
        ]
        self._add_codings(coding for key, coding in wanted.items() if key not in present)

    def _keep_selection(
        self,
        selection: Selection,
        seen: Mapping[str, SeenCoding],
        wanted: Mapping[CodingKey, Coding],
    ) -> Selection | None:
        """A selection with the codings that the study still has; None where none is left."""
        kept = self._keep_codings(selection, seen, wanted)
        first = next((seen[c.guid] for c in selection.codings if c.guid in seen), None)
        if first is not None and first.is_first and first.coding is selection.codings[0]:
            coding = wanted.get(first.key)
            if coding is None or coding.memo != first.memo:
                # The memo was that of the coding: it goes, or stands on the coding by itself.
                kept = replace(kept, description="", notes=())
        if selection.codings and not kept.codings and not kept.notes and not kept.description:
            return None
        return kept

    def _keep_codings(
        self,
        holder: _Holder,
        seen: Mapping[str, SeenCoding],
        wanted: Mapping[CodingKey, Coding],
    ) -> _Holder:
        if not holder.codings:
            return holder
        kept: list[ToolCoding] = []
        for coding in holder.codings:
            one = seen.get(coding.guid)
            if one is None:
                kept.append(coding)  # of what a study does not show
            elif one.key in wanted:
                was = one.memo if one.is_first else wanted[one.key].memo
                code = self.code_guids[one.key.code]
                if fold_guid(code) != fold_guid(coding.code):
                    coding = replace(coding, code=code)
                kept.append(self._with_memo(coding, was, wanted[one.key]))
        return replace(holder, codings=tuple(kept))

    def _with_memo(self, tool: ToolCoding, was: str, coding: Coding) -> ToolCoding:
        """The coding with the memo that it has in the study, as a note of its own if it is new."""
        if coding.memo == was:
            return tool
        return replace(tool, notes=self.note(coding.memo, tool.guid, coding.coder))

    def note(self, words: str, about: str, coder: str | None, made_at: str = "") -> tuple[str, ...]:
        """The guids of a new note with these words; none where there are none."""
        if not words.strip():
            return ()
        guid = make_guid("note", about, words)
        whose = self.coder(coder) if coder else None
        self.notes.append(Note(guid=guid, text=words, coder=whose, made_at=made_at))
        return (guid,)

    def _add_codings(self, codings: Iterable[Coding]) -> None:
        """New codings: one selection for all that a coder did on the same words."""
        places: dict[tuple[str, int, int, str], list[Coding]] = {}
        for coding in codings:
            span = coding.span
            place = (coding.transcript, span.start, span.end, coding.coder)
            places.setdefault(place, []).append(coding)
        at = {selection.guid: number for number, selection in enumerate(self.selections)}
        for (transcript, start, end, coder), those in places.items():
            source = self.source_guids[transcript]
            guid = make_guid("selection", source, str(start), str(end), coder)
            whose = self.coder(coder)
            added = tuple(self._new_coding(guid, coding, whose) for coding in those)
            if guid in at:  # the project is one that a study was exported as
                came = self.selections[at[guid]]
                self.selections[at[guid]] = replace(came, codings=came.codings + added)
                continue
            self.selections.append(
                Selection(
                    guid=guid,
                    source=source,
                    start=start,
                    end=end,
                    name=shorten(self.texts[transcript].text[start:end]),
                    coder=whose,
                    made_at=min(coding.made_at for coding in those),
                    codings=added,
                )
            )

    def _new_coding(self, selection: str, coding: Coding, coder: str | None) -> ToolCoding:
        code = self.code_guids[coding.code]
        guid = make_guid("coding", selection, code)
        return ToolCoding(
            guid=guid,
            code=code,
            coder=coder,
            made_at=coding.made_at,
            notes=self.note(coding.memo, guid, coding.coder),
        )

    def _merge_memos(self, view: ToolView) -> str:
        """Memos that came keep their place; new ones become notes. The project's description."""
        wanted: dict[MemoKey, Memo] = {_memo_key(memo): memo for memo in self.study.memos()}
        gone: set[tuple[str, str, str]] = set()
        present: set[MemoKey] = set()  # a tool may have the same memo twice, a study has it once
        for one in view.walk_memos():
            if one.key.about == "code" and one.key.subject in self.gone:
                continue  # it goes with the code
            present.add(one.key)
            if one.key not in wanted:
                gone.add((one.kind, one.guid, one.note))
        self.ledger.change("memos", "were taken back in the study", "", len(gone))
        if gone:
            self._drop_memos(gone)
        for key, memo in wanted.items():
            if key not in present:
                self._add_memo(memo)
        return "" if ("description", "", "") in gone else self.base.description

    def _drop_memos(self, gone: set[tuple[str, str, str]]) -> None:
        described = {guid for kind, guid, _ in gone if kind == "description"}
        notes = {note for kind, _, note in gone if kind == "note"}

        def rest(guids: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(guid for guid in guids if guid not in notes)

        self.notes = [note for note in self.notes if note.guid not in notes]
        self.sources = [
            replace(
                s, notes=rest(s.notes), description="" if s.guid in described else s.description
            )
            for s in self.sources
        ]
        self.selections = [
            s
            for s in (
                replace(
                    s, notes=rest(s.notes), description="" if s.guid in described else s.description
                )
                if s.guid in described or not notes.isdisjoint(s.notes)
                else s
                for s in self.selections
            )
            if s.codings or s.notes or s.description or s.guid not in described
        ]
        self.codes = [replace(code, notes=rest(code.notes)) for code in self.codes]

    def _add_memo(self, memo: Memo) -> None:
        about = f"{memo.about}/{memo.subject}"
        span = memo.span
        if memo.about == "span" and span is not None and memo.subject in self.source_guids:
            source = self.source_guids[memo.subject]
            guid = make_guid("memo", source, str(span.start), str(span.end), memo.text)
            self.selections.append(
                Selection(
                    guid=guid,
                    source=source,
                    start=span.start,
                    end=span.end,
                    name=shorten(span.of(self.texts[memo.subject].text)),
                    description=memo.text,
                    coder=self.coder(memo.coder) if memo.coder else None,
                    made_at=memo.made_at,
                )
            )
            return
        notes = self.note(memo.text, about, memo.coder, memo.made_at)
        if memo.about == "transcript" and memo.subject in self.source_guids:
            guid = self.source_guids[memo.subject]
            self.sources = [
                replace(s, notes=s.notes + notes) if s.guid == guid else s for s in self.sources
            ]
        elif memo.about == "code" and memo.subject in self.code_guids:
            guid = self.code_guids[memo.subject]
            self.codes = [
                replace(c, notes=c.notes + notes) if c.guid == guid else c for c in self.codes
            ]
        elif memo.about in ("theme", "case"):
            self.ledger.change(
                "memos", f"on a {memo.about} are notes that stand alone", memo.subject
            )


def _find_recoded(
    of_gone: Iterable[SeenCoding], wanted: Mapping[CodingKey, Coding], present: Set[CodingKey]
) -> dict[str, SeenCoding]:
    """Codings of codes that are gone, by guid, as those that a study has of another code instead.

    That is what merging codes leaves: the same words by the same coder, with a code that nothing
    of the project stands for. Of several the one with the same memo is it.
    """
    free: dict[CodingKey, list[CodingKey]] = {}
    for key in wanted:
        if key not in present:
            free.setdefault(key._replace(code=""), []).append(key)
    recoded = {}
    for one in of_gone:
        those = free.get(one.key._replace(code=""))
        if those:
            key = min(those, key=lambda key: (wanted[key].memo != one.memo, key.code))
            those.remove(key)
            recoded[one.coding.guid] = replace(one, key=key)
    return recoded


def _merge_code(code: Code, was: ToolCode | None, guid: str, parent: str | None) -> ToolCode:
    own = ToolCode(
        guid=guid,
        name=code.name,
        parent=parent,
        colour=code.colour or "",
        description=describe_code(code),
        codable=code.codable,
    )
    if was is None:
        return own
    # What the tool wrote, where the study says the same of it in its own way.
    read = make_code(
        was.name, was.description, parent=None, taken=(), colour=was.colour, guid=was.guid
    )
    return replace(
        own,
        name=was.name if read.name == code.name else own.name,
        description=was.description if describe_code(read) == own.description else own.description,
        colour=was.colour if (read.colour or "") == own.colour else own.colour,
        notes=was.notes,
    )


def _key_of(coding: Coding) -> CodingKey:
    span = coding.span
    return CodingKey(coding.transcript, span.start, span.end, coding.code, coding.coder)


def _memo_key(memo: Memo) -> MemoKey:
    start, end = (memo.span.start, memo.span.end) if memo.span else (None, None)
    return MemoKey(memo.about, memo.subject, start, end, memo.text)
