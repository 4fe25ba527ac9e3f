"""`autocode coders set`: a coder said to be a machine, and taken back."""

from __future__ import annotations

from autocode.project import Project


def kinds(study):
    with Project.open(study) as project:
        return {coder.name: coder.kind for coder in project.coders()}


def test_a_coder_is_said_to_be_a_machine_and_it_is_taken_back(cli, plain):
    before = kinds(plain)
    name = next(iter(before))
    said = cli("coders", "set", plain, name, "--kind", "machine", "--coder", "Lead").stdout
    assert said == f"'{name}' is a machine from now on (taken back with: autocode undo).\n"
    assert kinds(plain) == {**before, name: "machine"}
    assert "machine" in cli("coders", "list", plain).stdout
    again = cli("coders", "set", plain, name, "--kind", "machine", "--coder", "Lead").stdout
    assert again == f"'{name}' is a machine already; nothing was changed.\n"
    with Project.open(plain) as project:
        assert project.history()[-1].coder == "Lead"
    cli("undo", plain, "--coder", "Lead")
    assert kinds(plain) == before


def test_json_is_that_of_the_list(cli, cli_json, plain):
    name = next(iter(kinds(plain)))
    printed = cli_json("coders", "set", plain, name, "--kind", "machine", "--coder", "Lead")
    assert printed == cli_json("coders", "list", plain)


def test_an_unknown_coder_is_one_line(fails, plain):
    assert "'Nobody'" in fails(
        "coders", "set", plain, "Nobody", "--kind", "machine", "--coder", "Lead"
    )
