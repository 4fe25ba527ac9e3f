"""The help of every command: its summary, its options, and examples that parse."""

from __future__ import annotations

import click
import pytest

from autocode.cli.main import run

from .support import parse, walk

TREE = dict(walk())
RUNNABLE = [name for name, command in TREE.items() if not isinstance(command, click.Group)]
EXAMPLES = [(name, line) for name, command in TREE.items() for line in command.examples]


@pytest.mark.parametrize("switch", ["--help", "-h"])
def test_help_lists_every_command_with_the_first_line_of_its_help(cli, switch):
    listing = cli(switch).stdout.partition("Commands:")[2]
    assert "..." not in listing
    words = " ".join(listing.split())
    for name in run.list_commands():
        assert f"{name} {TREE[name].help.splitlines()[0]}" in words


@pytest.mark.parametrize("name", TREE)
def test_help_explains_each_option(cli, name):
    text = cli(*name.split(), "--help").stdout
    command = TREE[name]
    assert name.split()[-1] == command.name
    assert text.startswith("Usage: ")
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
            assert parameter.opts[-1] in text
        else:
            assert parameter.make_metavar(click.Context(command)).strip("[].") in text


@pytest.mark.parametrize("name", RUNNABLE)
def test_every_command_takes_json_as_a_plain_flag(name):
    (option,) = [p for p in TREE[name].params if "--json" in p.opts]
    assert option.is_flag


@pytest.mark.parametrize("name", TREE)
def test_every_help_ends_with_an_example(cli, name):
    assert TREE[name].examples
    text = cli(*name.split(), "--help").stdout
    assert text.rstrip().endswith(TREE[name].examples[-1])


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_examples_parse(name, line):
    command = parse(line)
    group = TREE[name]
    assert command is group or isinstance(group, click.Group)


@pytest.mark.parametrize("name", TREE)
def test_the_summary_is_one_sentence_on_one_line(name):
    summary, blank, *_ = [*TREE[name].help.splitlines(), "", ""]
    assert summary.endswith(".")
    assert len(summary) <= 64
    assert blank == ""


def test_version_is_that_of_the_package(cli):
    from autocode import __version__

    assert cli("--version").stdout.strip() == f"autocode, version {__version__}"


def test_no_command_shows_help_and_is_a_usage_error(cli):
    assert "Commands:" in cli(status=2).output


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (("theme", "s.autocode"), "Did you mean 'themes'?"),
        (("themes", "drft", "s.autocode"), "Did you mean 'draft'?"),
        (("decide", "s.autocode", "--autoaccept"), "--auto-accept"),
        (("themes", "draft", "s.autocode", "--abut", "x"), "--about"),
    ],
)
def test_a_misspelt_word_names_the_nearest(cli, args, hint):
    assert hint in cli(*args, status=2).stderr


def test_agree_without_a_kind_compares_units():
    assert parse("autocode agree study.autocode --all-units") is TREE["agree units"]
    assert parse("autocode agree spans study.autocode") is TREE["agree spans"]
