"""Tables, JSON and excerpts on the terminal and in a pipe."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from autocode.cli import terminal
from autocode.cli.table_layout import measure_text, wrap_text

ROWS = [["wait", "Waiting", 3], ["等待", "等待名单", 12], ["cafe\u0301", "Cafe\u0301 talk", 7]]


def printed(function, *args, **kwargs):
    @click.command()
    def command():
        function(*args, **kwargs)

    result = CliRunner().invoke(command, [])
    assert result.exception is None, result.exception
    return result.stdout


def test_columns_are_aligned_by_what_a_terminal_shows():
    header, rule, *rows = printed(terminal.print_table, ["code", "name", "n"], ROWS).splitlines()
    assert {cell_len(line) for line in (header, rule, *rows)} == {cell_len(header)}
    starts = {
        cell_len(row[: row.index(name)]) for row, (_, name, _) in zip(rows, ROWS, strict=True)
    }
    assert starts == {cell_len(header[: header.index("name")])}


def test_a_pipe_gets_no_colours_and_no_box_drawing(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = printed(terminal.print_table, ["code", "n"], [["wait", 3]])
    assert text.isascii()
    assert "\x1b" not in text


@pytest.mark.parametrize("width", ["20", "80", "200"])
def test_a_pipe_gets_whole_codes_whatever_the_width(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    code = "a-very-long-code-" * 8
    text = printed(terminal.print_table, ["code", "excerpt"], [[code, "word " * 80]])
    assert code in text
    assert len(text.splitlines()) == 3


def test_only_columns_that_may_be_shortened_are_cut():
    words = "word " * 40
    text = printed(
        terminal.print_table, ["all", "some"], [[words, words]], shorten=("some",)
    ).splitlines()[2]
    assert text.startswith(words.strip())
    assert text.endswith("…")
    assert len(text) < len(words) + 70


def test_a_terminal_gets_a_table_as_wide_as_it_is(monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    lines = terminal.render_table(["code", "excerpt"], [["wait", "word " * 80]], is_terminal=True)
    assert all(cell_len(click.unstyle(line)) <= 60 for line in lines)


@pytest.mark.parametrize("shorten", [(), ("excerpt",)])
def test_no_column_goes_on_a_narrow_terminal(monkeypatch, shorten):
    monkeypatch.setenv("COLUMNS", "40")
    row = ["wait", "Waiting for a list " * 5, 12, "word " * 80]
    names = ["code", "name", "n", "excerpt"]
    lines = terminal.render_table(names, [row], shorten=shorten, is_terminal=True)
    shown = [click.unstyle(line) for line in lines]
    assert all(cell_len(line) <= 40 for line in shown)
    assert shown[0].split() == names
    assert shown[2].split()[0] == "wait"
    assert "12" in shown[2].split()
    assert "".join(shown[2:]).count("Waiting") == 5
    assert shown[2].endswith("…") == bool(shorten)


def test_words_longer_than_their_column_are_broken(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    code = "等待" * 30
    lines = terminal.render_table(["n", "code"], [[1, code]], is_terminal=True)
    assert all(cell_len(line) <= 30 for line in lines[1:])
    assert "".join(line[3:] for line in lines[2:]) == code


def test_the_heading_stands_out_on_a_terminal():
    heading, _, row = terminal.render_table(["code"], [["wait"]], is_terminal=True)
    assert heading == click.style("code", bold=True)
    assert row == "wait"


def test_blanks_that_show_what_is_under_what_stay():
    lines = terminal.render_table(["name"], [["Waiting"], ["  Limbo"]], is_terminal=False)
    assert lines[2:] == ["Waiting", "  Limbo"]


@given(text=st.text(st.sampled_from("ab 等\u0301é-"), max_size=30), width=st.integers(2, 12))
def test_wrapped_lines_fit_and_lose_no_letter(text, width):
    lines = wrap_text(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(text=st.text(st.sampled_from("ab 等待é가한😀ก"), max_size=30))
def test_widths_are_those_that_another_program_measures(text):
    assert measure_text(text) == cell_len(text)


def test_cells_cannot_steer_the_terminal():
    text = printed(terminal.print_table, ["code"], [["red\x1b[31m\u202e"], ["[bold]x[/bold]"]])
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/bold]" in text


def test_empty_tables_and_numbers():
    assert printed(terminal.print_table, ["code", "n"], []).splitlines()[0].split() == ["code", "n"]
    lines = printed(terminal.print_table, ["share"], [[0.5], [None], [1]]).splitlines()
    assert [line.strip() for line in lines[2:]] == ["0.50", "-", "1"]


def test_json_keeps_its_letters_and_escapes_undecodable_bytes():
    text = printed(terminal.print_json, {"path": "caf\udce9.txt", "name": "Zoë"})
    assert json.loads(text) == {"path": "caf\udce9.txt", "name": "Zoë"}
    assert "Zoë" in text


def test_an_excerpt_is_one_line_cut_at_its_end():
    assert terminal.excerpt("one\ntwo  three", 7) == "one two"
    assert "\x1b" not in terminal.excerpt("\x1b[31mred", 20)


def test_a_written_number_keeps_its_text_and_the_side_of_numbers():
    rows = [[terminal.Written(0.9986, "0.999")], [terminal.Written(-0.0, "0.00")], [0.5], [None]]
    _, _, *cells = printed(terminal.print_table, ["value"], rows).splitlines()
    assert cells == ["0.999", " 0.00", " 0.50", "    -"]
