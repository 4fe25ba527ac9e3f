"""Errors: one line whatever the input, with their facts as fields."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import autocode
from autocode.core.errors import (
    LONGEST_MESSAGE,
    AutocodeError,
    FileRefused,
    InputError,
    NotFound,
    one_line,
)


@given(st.text(st.characters(), max_size=3000), st.text(st.characters(), max_size=3000))
def test_a_message_is_one_short_line_that_a_terminal_can_show(path, fault):
    message = str(FileRefused.because(path, fault, remedy="Split the file."))
    assert len(message) <= LONGEST_MESSAGE
    assert message.replace("\u200c", "").replace("\u200d", "").isprintable()
    message.encode("utf-8")
    assert message.endswith("Split the file.")


def test_an_option_is_named_on_the_command_line_and_an_argument_in_python():
    remedy = "Drop them: --drop-lost (drop_lost=True), --all (unread='read'), --double 0.2 (x=0.2)"
    error = FileRefused.because("a.txt", "is odd", remedy=remedy)
    assert str(error) == "a.txt: is odd. Drop them: drop_lost=True, unread='read', x=0.2"
    assert error.on_command_line == "a.txt: is odd. Drop them: --drop-lost, --all, --double 0.2"
    assert error.remedy in str(error)
    again = pickle.loads(pickle.dumps(AutocodeError("Add --all (all=True).")))
    assert (str(again), again.on_command_line) == ("Add all=True.", "Add --all.")


def test_no_message_names_an_option_and_an_argument_but_as_a_pair():
    """Each string of the source with both is written so that the two are told apart."""
    both = re.compile(r"--[a-z][a-z-]+(?:, | or | \()[a-z_]+=")
    pair = re.compile(r"--[a-z][a-z-]*(?: [\w.]+)? \(\w+=[^\s()]+\)")
    for path in Path(autocode.__file__).parent.rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            assert not both.search(pair.sub("", line)), (path, line)


def test_direction_marks_and_escapes_are_written_out():
    assert one_line("a\u202eb\x1b[31m\ud800", 100) == r"a\u202eb\u001b[31m\ud800"


def test_a_refused_file_keeps_its_facts():
    error = FileRefused.because("a.csv", "holds no words", remedy="Name another.", place="line 3")
    assert (error.path, error.place) == ("a.csv", "line 3")
    assert (error.fault, error.remedy) == ("holds no words", "Name another.")


def test_a_name_not_found_keeps_what_was_asked_and_the_nearest():
    error = NotFound.among("code", "trsut", ["trust", "fear"])
    assert (error.kind, error.name, error.nearest) == ("code", "trsut", "trust")


@pytest.mark.parametrize("length", [100, 400_000])
def test_a_long_message_keeps_its_beginning_and_its_end(length):
    message = str(InputError("begin " + "x" * length + " end"))
    assert message.startswith("begin")
    assert message.endswith("end")
    assert len(message) <= LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("Known: Ann, Yusuf K..", "Known: Ann, Yusuf K."),
        ("That is Yusuf K.. Use that name.", "That is Yusuf K. Use that name."),
        ("And so on ...", "And so on ..."),
        ("cd .. is refused", "cd .. is refused"),
        ("../a: is refused.", "../a: is refused."),
    ],
)
def test_a_name_that_ends_with_a_stop_ends_the_sentence(message, shown):
    assert str(AutocodeError(message)) == shown
