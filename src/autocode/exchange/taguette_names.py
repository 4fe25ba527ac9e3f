"""Names as Taguette can hold them: flat tags, short names, logins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .losses import LossLedger
from .project import MACHINE, ToolCode, ToolProject
from .taguette_schema import LONGEST_DESCRIPTION, LONGEST_LOGIN, LONGEST_TAG, USER


def replace_unwritable(text: str) -> str:
    """The text without what HTML drops: NUL, and lone surrogates, which UTF-8 cannot hold."""
    return "".join(
        "\ufffd" if c == "\x00" or "\ud800" <= c <= "\udfff" else "\n" if c == "\r" else c
        for c in text
    )


@dataclass(slots=True)
class Names:
    """Gives names of one kind that are not empty, short enough, and each its own."""

    ledger: LossLedger
    what: str
    longest: int
    repeats: bool = False
    _taken: set[str] = field(default_factory=set)

    def take(self, name: str, instead: str) -> str:
        """The name, or the nearest that can be written, with a line in the ledger."""
        wanted = replace_unwritable(name) or instead
        given = _shorten(wanted, self.longest)
        number = 2
        while given in self._taken and not self.repeats:
            ending = f" ({number})"
            given = _shorten(wanted, self.longest - len(ending)) + ending
            number += 1
        self._taken.add(given)
        if given != name:
            reason = f"Taguette takes names of 1 to {self.longest} characters, each once"
            self.ledger.change(f"names of {self.what}", reason, f"'{name}' became '{given}'")
        return given


def describe_shortly(ledger: LossLedger, description: str, of: str) -> str:
    """A description that Taguette takes."""
    written = replace_unwritable(description)
    if len(written) > LONGEST_DESCRIPTION:
        ledger.change("descriptions", f"cut off after {LONGEST_DESCRIPTION} characters", of)
    return written[:LONGEST_DESCRIPTION]


@dataclass(frozen=True, slots=True)
class Tags:
    """The path and description of the tag of each code, and of the machine's own, by guid."""

    people: Mapping[str, tuple[str, str]]
    machine: Mapping[str, tuple[str, str]]


def name_tags(project: ToolProject, ledger: LossLedger) -> Tags:
    """A tag for each code that can be applied or is; what the machine applied has tags apart.

    Levels become part of the name ("above.below"), as people write them in Taguette.
    """
    machines = {coder.guid for coder in project.coders if coder.name == MACHINE}
    applied = {coding.code for coding in project.walk_codings() if coding.coder not in machines}
    by_machine = {coding.code for coding in project.walk_codings() if coding.coder in machines}
    by_guid = {code.guid: code for code in project.codes}
    names = Names(ledger, "codes", LONGEST_TAG)
    people, machine = {}, {}
    for code in project.codes:
        if not code.codable and code.guid not in applied | by_machine:
            ledger.lose("levels with codes", "only in the names of those", code.name)
            continue
        path = ".".join(reversed([c.name for c in _walk_up(code, by_guid)]))
        if code.parent is not None:
            ledger.change("codes", "levels became part of the name", f"'{path}'")
        else:
            ledger.keep("codes")
        if code.colour:
            ledger.lose("colours", "Taguette's tags have none")
        description = describe_shortly(ledger, code.description, code.name)
        people[code.guid] = names.take(path, "code"), description
        if code.guid in by_machine:
            machine[code.guid] = names.take(f"{MACHINE}: {path}", "code"), description
    return Tags(people, machine)


def name_logins(project: ToolProject, ledger: LossLedger) -> dict[str | None, str]:
    """The login of each coder by guid; who is not named is the user of the machine."""
    names = Names(ledger, "coders", LONGEST_LOGIN)
    logins: dict[str | None, str] = {None: USER}
    for coder in project.coders:
        logins[coder.guid] = names.take(coder.name, "coder")
    return logins


def _walk_up(code: ToolCode, by_guid: Mapping[str, ToolCode]) -> list[ToolCode]:
    """A code and those above it, the nearest first; a circle is left where it closes."""
    chain = [code]
    above = by_guid.get(code.parent or "")
    while above is not None and above not in chain:
        chain.append(above)
        above = by_guid.get(above.parent or "")
    return chain


def _shorten(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
