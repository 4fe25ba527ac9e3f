"""What goes wrong with a study while it is open is one line, and nothing is lost or half done."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import threading
import time
import uuid
from contextlib import closing, suppress

import pytest
from click.testing import CliRunner

from autocode.cli.main import run
from autocode.core.errors import InputError
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.keeping_users import UserBook
from autocode.page.passwords import Cost
from autocode.page.session import Sessions
from autocode.page.team_server import TeamOptions, serve_team

from .support import PORT, Page


def code(page, words="The bus", code="shame", **fields):
    return page.act("code", code=code, **{**page.place("t1_ann", words), **fields})


def line_of(answer, status):
    assert answer.status_code == status, answer.text
    line = answer.json()["error"]
    assert line
    assert "\n" not in line
    return line


def coded(page, words="The bus", coder="Amina"):
    """The codings of Shame on these words."""
    text = page.project.transcript("t1_ann").text
    codings = page.project.codings(transcript="t1_ann", code="shame", coder=coder)
    return [coding for coding in codings if coding.span.of(text) == words]


@pytest.fixture
def small_disk(tmp_path):
    """A disk of 2 MB that can be filled and made read-only, where this login may mount one."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("Only root can mount a small disk.")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("This machine lets nobody mount a small disk.")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def page_on_it(small_disk, built):
    sessions = Sessions()
    with open_served(shutil.copy(built, small_disk / "small.autocode")) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Amina")
        assert code(page).status_code == 200
        yield page


def fill(file):
    """Write until the disk is full."""
    with file.open("wb", buffering=0) as stream, suppress(OSError):
        while True:
            stream.write(b"x" * 4096)


@pytest.mark.slow
def test_a_full_disk_is_said_and_the_act_is_kept_when_there_is_room(page_on_it, small_disk):
    page, key = page_on_it, str(uuid.uuid4())
    filler = small_disk / "filler"
    fill(filler)
    n_refused = 0
    for _ in range(40):  # the log has some room of its own
        answer = page.act("note-words", memo="x" * 15_000, **page.place("t1_ann", "The bus"))
        if answer.status_code != 200:
            assert "the disk is full. Free some space" in line_of(answer, 503)
            n_refused += 1
    assert n_refused > 10
    line_of(page.act("note-words", key=key, memo="y" * 9_000, **page.place("t1_ann", "bus")), 503)
    filler.unlink()
    kept = page.act("note-words", key=key, memo="y" * 9_000, **page.place("t1_ann", "bus"))
    assert kept.status_code == 200
    assert len([m for m in page.project.memos() if m.text.startswith("yyy")]) == 1
    assert page.project.verify_history().is_sound


def test_a_study_that_cannot_be_written_is_read_and_says_so(small_disk, built):
    study = shutil.copy(built, small_disk / "small.autocode")
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    sessions = Sessions()
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Amina")
        assert page.get("/").status_code == 200
        assert page.state("t1_ann")["codings"]
        assert "cannot be written. Copy the study" in line_of(code(page), 503)


def test_a_study_brought_to_a_newer_schema_meanwhile_is_left_alone(page, study):
    assert code(page).status_code == 200
    with closing(sqlite3.connect(study)) as other:
        (version,) = other.execute("PRAGMA user_version").fetchone()
        other.execute(f"PRAGMA user_version = {version + 1}")
    before = page.project.revision()
    assert "newer autocode" in line_of(code(page, "I waited nine months"), 503)
    assert page.project.revision() == before
    with closing(sqlite3.connect(study)) as other:
        other.execute(f"PRAGMA user_version = {version}")
    assert code(page, "I waited nine months").status_code == 200


def test_between_requests_nobody_holds_an_older_state(page, study):
    """Connections are kept: one that still read would hold up the log, and see old work."""
    number = page.number("t1_ann")
    screens = ("/", f"/t/{number}", f"/t/{number}/state", "/queue/state", "/codes/state")
    screens += ("/history", "/agreement", f"/compare/{number}/state", "/themes/state", "/map")
    screens += ("/search/hits?q=bus", "/nothing", f"/t/{number}/around?start=9&end=5")
    for screen in screens:
        page.get(screen)
    assert code(page).status_code == 200
    assert page.act("undo").status_code == 200
    with closing(sqlite3.connect(study, isolation_level=None)) as other:
        # (is held up, frames left, frames written back): the whole log can go.
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)


@pytest.mark.slow
def test_a_study_that_another_program_writes_is_said_and_asked_for_again(page, study):
    with closing(sqlite3.connect(study, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        key, began = str(uuid.uuid4()), time.monotonic()
        line = line_of(code(page, key=key), 503)
        assert "another program is writing to it" in line
        assert time.monotonic() - began < 15  # the page gives up later than this
        assert page.get("/t/1").status_code == 200
        other.execute("ROLLBACK")
    assert code(page, key=key).status_code == 200
    assert len(coded(page)) == 1


@pytest.mark.usefixtures("network")
def test_a_port_that_is_taken_is_a_line_for_a_team_too(page, tmp_path):
    users = tmp_path / "users.json"
    UserBook(path=users, cost=Cost(n=16, r=1, p=1)).add("Amina", "lead", "correct horse battery")
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match=f"Port {port} cannot be used") as raised:
            serve_team(page.project, TeamOptions(users=users, port=port), print)
    assert "\n" not in str(raised.value)


@pytest.mark.usefixtures("network")
def test_where_the_port_is_taken_no_page_is_announced(study):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        args = ["open", str(study), "--coder", "Amina", "--port", port, "--no-browser"]
        answer = CliRunner().invoke(run, args)
    assert answer.exit_code == 1
    assert answer.stdout == ""
    assert answer.stderr.count("\n") == 1
    assert f"Port {port} cannot be used" in answer.stderr


@pytest.mark.parametrize("how", ["archive", "merge", "delete"])
def test_a_code_that_goes_meanwhile_is_said_and_nothing_is_coded(page, how):
    editor = page.project.edit_codebook(coder="Lea")
    if how == "archive":
        editor.archive("shame")
    elif how == "merge":
        editor.merge("shame", "family")
    else:
        page.project.edit_codebook(coder="Lea").add("Left out", key="left")
        editor.delete("left")
    before = page.project.revision()
    answer = code(page, code="left" if how == "delete" else "shame")
    line = line_of(answer, 422)
    assert ("archived" in line) if how == "archive" else ("No code" in line)
    assert page.project.revision() == before
    assert page.project.verify_history().is_sound


def test_two_coders_on_one_code_have_a_coding_each(page):
    other = Page(page.app, page.project, page.sessions)
    other.sign_in("Jonas")
    assert code(page).status_code == 200
    assert code(other).status_code == 200
    assert other.act("uncode", code="shame", **other.place("t1_ann", "The bus")).status_code == 200
    assert len(coded(page)) == 1
    assert coded(page, coder="Jonas") == []
    # What one undoes is not the other's.
    assert page.act("undo").status_code == 200
    assert coded(page) == []


def test_two_tabs_that_make_one_code_make_one(page):
    place = page.place("t1_ann", "The bus")
    first = page.act("code-anew", name="Buses", **place)
    second = page.act("code-anew", name="Buses", **place)
    assert {first.status_code, second.status_code} <= {200, 409, 422}
    assert first.status_code == 200
    assert [c.name for c in page.project.codebook()].count("Buses") == 1


@pytest.mark.slow
def test_a_hundred_requests_with_one_key_at_once_are_one_act(page):
    key, place, statuses = str(uuid.uuid4()), page.place("t1_ann", "The bus"), []

    def send():
        for _ in range(10):
            statuses.append(page.act("note-words", key=key, memo="once", **place).status_code)

    threads = [threading.Thread(target=send) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 100
    assert len([m for m in page.project.memos() if m.text == "once"]) == 1
    assert len([a for a in page.project.history() if a.key == f"page:{key}"]) == 1
