"""The history: who did what and when, by coder and kind; undo with a preview; the audit trail."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from contextlib import closing
from html import unescape

import pytest
from click.testing import CliRunner

from autocode.cli.main import run
from autocode.page import history_view
from autocode.project.hand_coding import Place
from autocode.project.removing import RemovalTarget

BUS = "The bus stopped running on Sundays so nobody could get there."


@pytest.fixture
def worked(page):
    """A study in which Amina coded on the page, and Jonas on the command line."""
    page.act("code", code="wait", **page.place("t1_ann", BUS))
    page.project.code(Place(transcript="t2_bob", turn=2), "shame", coder="Jonas")
    page.project.edit_codebook(coder="Jonas").rename("shame", "Shames")
    return page


def rows(page, query=""):
    body = page.get(f"/history{query}").text
    return [unescape(row) for row in re.findall(r'<th scope="row"><bdi>(.*?)</bdi></th>', body)]


def test_every_act_is_listed_newest_first(worked):
    shown = rows(worked)
    acts = worked.project.history()
    assert len(shown) == len(acts)
    assert "coded Waiting in t1_ann" in shown
    assert shown[0].startswith("shame renamed") or "Shames" in shown[0]
    body = worked.get("/history").text
    assert f">{len(acts)} acts, the newest first" in body
    assert f'datetime="{acts[-1].made_at}"' in body


def test_acts_are_narrowed_by_coder_and_kind(worked):
    assert rows(worked, "?coder=Jonas&kind=code") == ["coded Shame in t2_bob"]
    assert all("import" in words for words in rows(worked, "?kind=import"))
    assert rows(worked, "?kind=nonsense") == []
    assert "No coder" in worked.get("/history?coder=Zelda").text


def test_a_long_history_comes_in_pages(worked, monkeypatch):
    monkeypatch.setattr(history_view, "PAGE_LENGTH", 3)
    whole = [act.summary for act in reversed(worked.project.history())]
    assert len(whole) > 6
    assert rows(worked) == whole[:3]
    assert rows(worked, "?from=3") == whole[3:6]
    assert 'href="/history?from=3"' in worked.get("/history").text
    assert 'href="/history"' in worked.get("/history?from=3").text
    assert 'href="/history?kind=code&amp;from=0"' not in worked.get("/history?kind=code").text
    assert worked.get("/history?from=x").status_code == 200
    assert rows(worked, "?from=99999") == []


def preview(page, act):
    body = {"key": "0" * 20, "kind": "undo-act", "act": act}
    return page.write("POST", "/history/preview", body)


def test_an_act_is_undone_after_a_preview_that_changes_nothing(worked):
    project = worked.project
    number = next(a.number for a in project.history() if a.summary == "coded Shame in t2_bob")
    before, n_acts = project.content_digest(), len(project.history())
    shown = preview(worked, number).json()["changed"]
    assert shown == {
        "acts": [f"act {number} (coded Shame in t2_bob, by Jonas)"],
        "n_rows": shown["n_rows"],
        "blocked": "",
    }
    assert (project.content_digest(), len(project.history())) == (before, n_acts)
    assert worked.act("undo-act", act=number).status_code == 200
    assert project.history()[-1].coder == "Amina"
    assert "undone by act" in worked.get("/history").text
    assert worked.act("undo", redo=True).status_code == 200
    assert project.content_digest() == before


def test_what_later_acts_rest_on_is_said_and_goes_only_with_them(worked):
    worked.act("code-anew", name="Hope", **worked.place("t2_bob", "They put me"))
    made = worked.project.history()[-1].number
    worked.project.code(Place(transcript="t3_cath", turn=2), "hope", coder="Jonas")
    before = worked.project.content_digest()
    shown = preview(worked, made).json()["changed"]
    assert shown["blocked"]
    assert len(shown["acts"]) == 2
    refused = worked.act("undo-act", act=made)
    assert (refused.status_code, refused.json()["error"]) == (409, shown["blocked"])
    assert worked.project.content_digest() == before
    assert worked.act("undo-act", act=made, later=True).status_code == 200
    assert "hope" not in worked.project.codebook().by_id


def test_what_cannot_be_undone_is_refused_as_the_command_line_does(worked):
    number = worked.project.history()[-1].number
    assert preview(worked, number + 7).status_code == 409
    assert worked.act("undo-act", act=number).status_code == 200
    again = preview(worked, number)
    assert again.status_code == 409
    args = ["undo", str(worked.project.path), "--act", str(number), "--coder", "Amina"]
    assert again.json()["error"] in CliRunner().invoke(run, args).output
    assert preview(worked, 1).status_code in (409, 422)
    assert worked.act("undo-act", act="1").status_code == 422
    n_acts = len(worked.project.history())
    assert worked.act("undo-act", act=0).status_code == 409  # and not the coder's last act
    assert len(worked.project.history()) == n_acts


def test_transcripts_that_come_back_are_left_to_the_command_line(worked):
    worked.project.remove(RemovalTarget(transcript="t4_dev"), coder="Jonas")
    number = worked.project.history()[-1].number
    refused = preview(worked, number)
    assert refused.status_code == 409
    assert f"autocode undo {worked.project.path.name} --act {number}" in refused.json()["error"]


def test_the_audit_trail_is_what_the_command_line_gives(worked):
    answer = worked.get("/history.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="small-history.json"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    args = ["history", str(worked.project.path), "--json"]
    assert answer.json() == json.loads(CliRunner().invoke(run, args).stdout)
    table = worked.get("/history.csv?coder=Jonas")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    listed = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["summary"] for row in listed] == [
        act.summary for act in worked.project.history() if act.coder == "Jonas"
    ]
    assert worked.get("/history.csv?coder=Nobody").text.count("\r\n") == 1


def test_a_name_of_a_file_breaks_no_header(built, tmp_path):
    from autocode.page.app import build_app
    from autocode.page.connection import open_served
    from autocode.page.session import Sessions

    from .support import PORT, Page

    study = shutil.copy(built, tmp_path / 'a"; x=é\n.autocode')
    sessions = Sessions()
    with open_served(study) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in("Amina")
        headers = page.get("/history.csv").headers
    assert headers["content-disposition"] == 'attachment; filename="a_x_-history.csv"'


def test_cells_are_no_formulas(worked):
    codes = worked.project.edit_codebook(coder="Jonas")
    codes.add("=HYPERLINK(1)")
    assert not re.search(r"(^|,)=", worked.get("/history.csv").text, re.MULTILINE)


def test_the_chain_is_verified_in_words(worked):
    n = len(worked.project.history())
    assert worked.get("/history/check").json() == {
        "is_sound": True,
        "words": f"{n} acts, each as it was made.",
    }
    with closing(sqlite3.connect(worked.project.path)) as connection, connection:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'acts'"
        for (name,) in connection.execute(query).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE acts SET coder = 'Eve' WHERE number = 3")
    check = worked.get("/history/check").json()
    assert not check["is_sound"]
    assert "act 3 was changed" in check["words"]
