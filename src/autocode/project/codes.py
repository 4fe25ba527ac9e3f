"""Changes of the codebook as acts: their codings go along, each can be tried first and undone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from ..core.acts import Change, NewAct
from ..core.code_change import CodeAction, CodeChange
from ..core.codebook import Code, Codebook
from ..core.counted import say_count
from ..core.errors import InputError, NotFound, StudyChanged
from ..core.similar_codes import find_similar_names
from ..core.transcript import Span
from ..store import code_edits as edits
from ..store.acts import acts, acts_on_row, changes_of
from ..store.codebook import code_numbers, put_codes
from ..store.codebook import codebook as read_codebook
from ..store.file import Connection, StudyFile
from ..store.suggestions import count_open, count_open_naming
from .code_names import name_code

CodingPlace = tuple[str, Span, str]
"""A coding of a code: transcript, span and coder."""

_DoEdit = Callable[[Connection, Codebook], CodeChange]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditOptions:
    """Who changes the codebook; with `dry_run` it is tried and taken back. One `key` is one act.

    With `since` (a revision of the study) nothing is done where somebody changed the study later,
    and with `base` (the digest of each code, by id, as the coder has seen it) where somebody
    changed one of these codes.
    """

    coder: str
    dry_run: bool = False
    key: str = ""
    since: int | None = None
    base: Mapping[str, str] = field(default_factory=dict)


def add_code(study: StudyFile, code: Code, options: EditOptions) -> CodeChange:
    """Add a code; its id is made of its name where it is empty.

    Raises:
        InputError: if the id or name is taken, or the code stands under itself.
        NotFound: if its parent is not in the codebook.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        refuse_taken(codebook, code.name)
        parent = codebook.find(code.parent).id if code.parent else None
        if code.id in codebook:
            raise InputError(f"There is a code with the key '{code.id}' already. Choose another.")
        put_codes(connection, [replace(code, parent=parent)])
        return CodeChange(
            action="add", codes=(code.id,), names=(code.name,), made=(code.id,),
            notes=_point_out(codebook, code),
        )  # fmt: skip

    return act_on_codebook(study, "add", f"code '{code.name}' added", options, do)


def rename_code(
    study: StudyFile, name: str, new_name: str, options: EditOptions, *, new_meaning: bool = False
) -> CodeChange:
    """Give a code another name; its key, and with it every coding, stays.

    With `new_meaning` it is a new revision, under which nothing is coded yet.

    Raises:
        InputError: if the new name is empty or taken.
        NotFound: if there is no such code.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code = codebook.find(name)
        renamed = replace(code, name=" ".join(new_name.split()))
        refuse_taken(codebook, renamed.name, but=code)
        edits.put_code(connection, renamed, new_meaning=new_meaning)
        changed = changed_by("rename", connection, renamed, codebook, is_new=new_meaning)
        return replace(changed, names=(code.name, renamed.name))

    return act_on_codebook(
        study, "rename", f"code '{name_code(study, name)}' renamed '{new_name}'", options, do
    )


def define_code(
    study: StudyFile,
    name: str,
    meaning: Mapping[str, str],
    options: EditOptions,
    *,
    new_meaning: bool = True,
) -> CodeChange:
    """Change what a code means: its `definition`, `inclusion` or `exclusion`.

    It is a new revision of the code unless `new_meaning` is False, as for a slip of the typist.

    Raises:
        InputError: if nothing is said that is new.
        NotFound: if there is no such code.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code = codebook.find(name)
        values = {part: words.strip() for part, words in meaning.items()}
        defined = replace(code, **values)  # type: ignore[arg-type] # the parts are strings
        if defined == code:
            raise InputError(f"Code '{code.name}' says so already. Give another definition.")
        edits.put_code(connection, defined, new_meaning=new_meaning)
        return changed_by("define", connection, defined, codebook, is_new=new_meaning)

    return act_on_codebook(
        study, "define", f"code '{name_code(study, name)}' defined anew", options, do
    )


def move_code(study: StudyFile, name: str, parent: str | None, options: EditOptions) -> CodeChange:
    """Put a code, with all below it, under another one, or at the top for None.

    Raises:
        InputError: if it would stand under itself.
        NotFound: if there is no such code.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code = codebook.find(name)
        above = codebook.find(parent).id if parent else None
        moved = replace(code, parent=above)
        Codebook(tuple(moved if c.id == code.id else c for c in codebook))  # refuses a circle
        edits.put_code(connection, moved, new_meaning=False)
        return changed_by("move", connection, moved, codebook)

    above = name_code(study, parent) if parent else "no code"
    summary = f"code '{name_code(study, name)}' moved under '{above}'"
    return act_on_codebook(study, "move", summary, options, do)


def merge_codes(study: StudyFile, name: str, into: str, options: EditOptions) -> CodeChange:
    """Merge a code into another one: its codings, decisions, memos and children go along.

    Where a coder gave a span both codes, one coding is left. The first code is gone afterwards.

    Raises:
        InputError: if both are the same code.
        NotFound: if there is no such code.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code, other = codebook.find(name), codebook.find(into)
        if code.id == other.id:
            raise InputError(f"Code '{code.name}' cannot be merged into itself. Name two codes.")
        n_children = len(codebook.children(code.id))
        dropped = count_open(connection, code.id), count_open_naming(connection, code.id)
        moved = edits.move_codings(connection, code.id, other.id)
        n_decisions = edits.hand_over(connection, code.id, other.id)
        edits.remove_code(connection, code.id)
        return CodeChange(
            action="merge",
            codes=(code.id, other.id),
            names=(code.name, other.name),
            n_codings=moved.by_coder,
            n_doubled=moved.n_doubled,
            n_decisions=n_decisions,
            n_suggestions=dropped[0],
            n_suggestions_naming=dropped[1],
            n_children=n_children,
        )

    summary = f"code '{name_code(study, name)}' merged into '{name_code(study, into)}'"
    return act_on_codebook(study, "merge", summary, options, do)


def archive_code(study: StudyFile, name: str, options: EditOptions) -> CodeChange:
    """Keep a code and its codings, but suggest it no more; raises NotFound."""

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code = codebook.find(name)
        if code.archived:
            raise InputError(f"Code '{code.name}' is archived already.")
        n_suggestions = count_open(connection, code.id)
        edits.put_code(connection, replace(code, archived=True), new_meaning=False)
        changed = changed_by("archive", connection, code, codebook)
        return replace(changed, n_suggestions=n_suggestions)

    return act_on_codebook(
        study, "archive", f"code '{name_code(study, name)}' archived", options, do
    )


def restore_code(study: StudyFile, name: str, options: EditOptions) -> CodeChange:
    """Take an archived code back into use.

    Raises:
        NotFound: if there is no such code; if it was deleted, which act to undo.
        InputError: if it is in use.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        try:
            code = codebook.find(name)
        except NotFound:
            raise _explain_deleted(connection, name) from None
        if not code.archived:
            raise InputError(f"Code '{code.name}' is in use; there is nothing to restore.")
        edits.put_code(connection, replace(code, archived=False), new_meaning=False)
        changed = changed_by("restore", connection, code, codebook)
        return replace(changed, n_suggestions=count_open(connection, code.id))

    return act_on_codebook(
        study, "restore", f"code '{name_code(study, name)}' restored", options, do
    )


def delete_code(
    study: StudyFile, name: str, options: EditOptions, *, with_codings: bool = False
) -> CodeChange:
    """Delete a code; the codes below it move up. With `with_codings` its codings go too.

    Raises:
        InputError: if it has codings or decisions and `with_codings` is not given.
        NotFound: if there is no such code.
    """

    def do(connection: Connection, codebook: Codebook) -> CodeChange:
        code = codebook.find(name)
        n_codings = edits.count_codings(connection, code.id)
        n_decisions = edits.count_decisions(connection, code.id)
        if (n_codings or n_decisions) and not with_codings:
            raise InputError(
                f"Code '{code.name}' has {say_count(sum(n_codings.values()), 'coding')} and "
                f"{n_decisions} "
                "decisions. Merge it into another code, archive it, or delete them too with "
                "--with-codings."
            )
        dropped = count_open(connection, code.id), count_open_naming(connection, code.id)
        edits.remove_code(connection, code.id)
        return CodeChange(
            action="delete",
            codes=(code.id,),
            names=(code.name,),
            n_codings=n_codings,
            n_decisions=n_decisions,
            n_suggestions=dropped[0],
            n_suggestions_naming=dropped[1],
            n_children=len(codebook.children(code.id)),
        )

    return act_on_codebook(study, "delete", f"code '{name_code(study, name)}' deleted", options, do)


def confirm_code(
    study: StudyFile,
    name: str,
    options: EditOptions,
    *,
    of: str | None = None,
    only: Collection[CodingPlace] | None = None,
) -> int:
    """Note that the codings of a code were looked at under its present meaning; returns how many.

    `of` keeps to the codings of one coder, `only` to these. Raises NotFound.
    """

    def do(connection: Connection) -> int:
        codebook = read_codebook(connection)
        _refusechanged_by(codebook, options.base)
        code, rows = codebook.find(name), None
        if only is not None:
            numbers = edits.coding_numbers(connection, code.id)
            rows = [numbers[place] for place in only if place in numbers]
        return edits.confirm_codings(connection, code.id, of, only=rows)

    new = NewAct(
        kind="confirm-code",
        summary=f"codings of '{name_code(study, name)}' looked at",
        coder=_who(options),
        key=options.key,
    )
    return study.act(new, do, dry_run=options.dry_run).result or 0


def code_history(connection: Connection, name: str) -> list[int]:
    """The numbers of the acts that changed a code, oldest first; raises NotFound."""
    code = read_codebook(connection).find(name)
    return acts_on_row(connection, "codes", (code_numbers(connection)[code.id],))


def act_on_codebook(
    study: StudyFile, action: CodeAction, summary: str, options: EditOptions, do: _DoEdit
) -> CodeChange:
    """Make a change of the codebook as one act, or try it; the change with its act's number."""
    new = NewAct(kind=f"{action}-code", summary=summary, coder=_who(options), key=options.key)

    def do_on_base(connection: Connection) -> CodeChange:
        codebook = read_codebook(connection)
        _refusechanged_by(codebook, options.base)
        return do(connection, codebook)

    done = study.act(new, do_on_base, since=options.since, dry_run=options.dry_run)
    if done.result is None:  # this very request was made before
        return CodeChange(action=action, codes=(), notes=("done before",), act=_number(done.act))
    return replace(done.result, act=_number(done.act))


def _refusechanged_by(codebook: Codebook, base: Mapping[str, str]) -> None:
    """Raise StudyChanged if a code is no longer as it was seen, by its digest."""
    for code, digest in base.items():
        if code not in codebook:
            raise StudyChanged(f"There is no code '{code}' any more. Look at the codebook again.")
        if codebook.by_id[code].digest != digest:
            name = codebook.by_id[code].name
            raise StudyChanged(
                f"Code '{name}' was changed meanwhile. Look at it as it is now, and do it again."
            )


def _number(act: object) -> int | None:
    return getattr(act, "number", None)


def _who(options: EditOptions) -> str:
    if not options.coder.strip():
        raise InputError("Nobody is named as the one who changes the codebook. Give a coder.")
    return options.coder.strip()


def changed_by(
    action: CodeAction,
    connection: Connection,
    code: Code,
    codebook: Codebook,
    *,
    is_new: bool = False,
) -> CodeChange:
    """A change of this one code, `is_new` for a new meaning of it, with the codings it has."""
    return CodeChange(
        action=action,
        codes=(code.id,),
        names=(code.name,),
        n_codings=edits.count_codings(connection, code.id),
        n_children=len(codebook.children(code.id)),
        revision=code.revision + is_new,
        notes=_point_out(codebook, code) if action == "rename" else (),
    )


def refuse_taken(codebook: Codebook, name: str, *, but: Code | None = None) -> None:
    """Raise InputError if another code than `but` has this name."""
    folded = " ".join(name.split()).casefold()
    for code in codebook:
        if code.name.casefold() == folded and (but is None or code.id != but.id):
            raise InputError(
                f"There is a code '{code.name}' already. Choose another name, or merge the two."
            )


def _point_out(codebook: Codebook, code: Code) -> tuple[str, ...]:
    """Codes whose names are nearly the same."""
    names = codebook.by_id
    return tuple(
        f"'{names[pair.other].name}' is nearly the same name; merge the two if they are one"
        for pair in find_similar_names(codebook.codes, to=code)
    )


def _explain_deleted(connection: Connection, name: str) -> NotFound:
    """That a code is gone, and which act to undo to have it back."""
    folded = name.casefold()
    for act in reversed(acts(connection)):
        if act.kind not in ("delete-code", "merge-code") or act.undone_by is not None:
            continue
        if any(
            _took(change, folded) for change in changes_of(connection, [act.number])[act.number]
        ):
            return NotFound(
                f"Code '{name}' is gone since {act.describe()}. Bring it back with: "
                f"autocode undo STUDY --act {act.number} --coder NAME"
            )
    return NotFound.among("code", name, read_codebook(connection).by_id)


def _took(change: Change | None, folded: str) -> bool:
    """Whether a change took away the code of this id or name, in small letters."""
    if change is None or change.table != "codes" or change.before is None or change.after:
        return False
    row = dict(zip(change.columns, change.before, strict=True))
    return folded in (str(row["code"]).casefold(), str(row["name"]).casefold())
