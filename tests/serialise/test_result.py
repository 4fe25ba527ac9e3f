from __future__ import annotations

from dataclasses import dataclass

import pytest

from autocode.serialise.plain import to_payload
from autocode.serialise.result import Result, html_table


@dataclass(frozen=True, slots=True)
class Counts(Result):
    names: tuple[str, ...]

    def to_dict(self):
        return to_payload("counts", {"names": self.names})

    def to_rows(self):
        return [{"name": name, "length": len(name)} for name in self.names]


def test_a_result_becomes_a_frame_of_its_rows():
    frame = Counts(("ab", "c")).to_frame()
    assert list(frame.columns) == ["name", "length"]
    assert frame["length"].tolist() == [2, 1]


def test_a_notebook_shows_rows_with_every_word_escaped():
    assert "<td>&lt;b&gt;</td><td>3</td>" in Counts(("<b>",))._repr_html_()


def test_a_long_table_says_what_it_leaves_out():
    html = html_table([{"n": 1}] * 7, most=5)
    assert html.count("<tr>") == 6
    assert "2 more rows" in html


def test_a_result_must_say_what_it_is():
    class Nothing(Result):
        pass

    with pytest.raises(TypeError):
        Nothing()
