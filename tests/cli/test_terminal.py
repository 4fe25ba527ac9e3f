"""Tables, JSON and excerpts on the terminal and in a pipe."""

from __future__ import annotations

import json

import click
import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from autocode.cli import terminal

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
