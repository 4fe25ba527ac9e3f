"""Codes of tools' databases: below codes that are there, whatever the file says."""

from __future__ import annotations

from autocode.exchange.losses import LossLedger
from autocode.exchange.project import ToolCode
from autocode.exchange.tool_database import settle_codes


def codes(**parents: str | None) -> list[ToolCode]:
    return [ToolCode(guid=guid, name=guid, parent=above) for guid, above in parents.items()]


def settle(*given: ToolCode) -> tuple[dict[str, str | None], list[tuple[str, tuple[str, ...]]]]:
    """The parents of the codes, and what the report says of them."""
    ledger = LossLedger()
    settled = settle_codes(ledger, given)
    assert [code.guid for code in settled] == [code.guid for code in given]
    items = [(item.reason, item.places) for item in ledger.close().items]
    return {code.guid: code.parent for code in settled}, items


def test_a_circle_is_cut_once_and_what_is_below_it_stays_there():
    parents, items = settle(*codes(d="c", a="b", b="c", c="a"))
    assert parents == {"d": "c", "a": "b", "b": "c", "c": None}
    assert items == [("below itself: put at the top", ("c",))]


def test_a_code_below_nothing_known_is_put_at_the_top_with_what_is_below_it():
    parents, items = settle(*codes(a="b", b="gone", c=None))
    assert parents == {"a": "b", "b": None, "c": None}
    assert items == [("what they are below is not there: put at the top", ("b",))]


def test_each_code_of_a_long_chain_is_walked_over_once():
    class Counted(str):
        n_looks = 0
        __slots__ = ()

        def __hash__(self) -> int:
            Counted.n_looks += 1
            return super().__hash__()

    names = [Counted(f"{n}") for n in range(400)]
    chain = [
        ToolCode(guid=name, name=name, parent=above)
        for name, above in zip(names, [*names[1:], None], strict=True)
    ]
    Counted.n_looks = 0
    assert settle_codes(LossLedger(), chain) == tuple(chain)
    assert Counted.n_looks < 20 * len(names)
