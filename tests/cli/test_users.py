"""`autocode users` and `autocode serve`: as typed, and what they print."""

from __future__ import annotations

import json
import stat

import pytest

from autocode.page.team_server import TeamStart

from ..json_examples import stored

PASSWORD = "correct horse battery\n"


@pytest.fixture
def kept(cli, plain):
    """The study with Amina as its lead."""
    cli("users", "add", plain, "Amina", "--role", "lead", typed=PASSWORD)
    return plain


def test_users_are_kept_beside_the_study(cli, kept):
    file = kept.with_name(f"{kept.name}-users.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "correct horse" not in file.read_text(encoding="utf-8")
    assert cli("users", "role", kept, "amina", "coder").stdout == f"Amina: now coder ({file})\n"
    listed = cli("users", "list", kept, "--json")
    payload = json.loads(listed.stdout)
    assert payload["users"] == [{"name": "Amina", "role": "coder"}]
    assert payload.keys() == stored()["users"].keys()
    cli("users", "password", kept, "Amina", typed="another long password\n")
    gone = cli("users", "remove", kept, "Amina", "--json")
    assert json.loads(gone.stdout).keys() == stored()["user_change"].keys()
    assert json.loads(gone.stdout)["role"] is None


@pytest.mark.parametrize(
    ("args", "typed", "fault"),
    [
        (("add", "Jonas"), "short\n", "A password needs 12 characters"),
        (("add", "Jonas"), "", "A password needs 12 characters"),
        (("add", "Amina"), PASSWORD, "'Amina' can sign in already"),
        (("add", "Aminah"), PASSWORD, "but 'Amina'"),
        (("password", "Nobody"), PASSWORD, "No user 'Nobody'"),
        (("remove", "Nobody"), "", "No user 'Nobody'"),
        (("add", " "), PASSWORD, "A name needs 1 to 200 characters"),
    ],
)
def test_what_cannot_be_done_is_a_line(cli, kept, args, typed, fault):
    word, name = args
    done = cli("users", word, kept, name, typed=typed, status=1)
    assert fault in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "command", ["list S", "remove S Amina", "password S Amina", "role S Amina lead"]
)
def test_users_of_no_study_are_a_line(cli, tmp_path, command):
    missing = tmp_path / "none.autocode"
    done = cli("users", *(missing if word == "S" else word for word in command.split()), status=1)
    assert "none.autocode: no such study" in done.stderr


def test_a_list_of_nobody_says_so(cli, plain):
    assert cli("users", "list", plain).stdout.startswith("Nobody can sign in yet.")


def test_one_user_is_no_users(kept, monkeypatch, cli):
    def announce_only(project, wanted, announce):
        announce(TeamStart(study="s", n_users=1, address="http://a/", bind="127.0.0.1", port=1))

    monkeypatch.setattr("autocode.page.team_server.serve_team", announce_only)
    assert "1 user can sign in" in cli("serve", kept).stdout


def test_serving_without_users_is_a_line(cli, plain):
    done = cli("serve", plain, status=1)
    assert "nobody can sign in yet" in done.stderr


def test_a_start_has_the_shape_of_its_example():
    start = TeamStart(study="s", n_users=1, address="https://a/", bind="127.0.0.1", port=1)
    assert start.to_dict().keys() == stored()["team_start"].keys()
