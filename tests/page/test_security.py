"""Rules S1 to S10 of the page: who may ask, what is answered, and what never goes out."""

from __future__ import annotations

import ast
import logging
import re
import socket
import stat
from pathlib import Path

import pytest

import autocode.page
from autocode.page import server
from autocode.page.security import HEADERS, MOST_BODY_BYTES
from autocode.page.served import read_static_files, write_data
from autocode.page.session import IDLE_SECONDS, TOKEN_SECONDS, Sessions
from autocode.project import Project

from .support import ORIGIN, PORT

PACKAGE = Path(autocode.page.__file__).parent
PATHS = ["/", "/t/1", "/t/1/state", "/start", "/static/x/page.css", "/nothing"]


# S1
def test_the_server_listens_on_this_machine_only():
    assert server.HOST == "127.0.0.1"
    source = (PACKAGE / "server.py").read_text(encoding="utf-8")
    assert "0.0.0.0" not in source


# S2
@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        f"evil.test:{PORT}",
        "127.0.0.1",
        "127.0.0.1:80",
        f"127.0.0.1:{PORT}.evil.test",
        f"LOCALHOST:{PORT}",
        f"[::1]:{PORT}",
        "",
    ],
)
def test_another_host_is_refused_before_anything_else(page, host):
    for path in PATHS:
        assert page.get(path, Host=host).status_code == 421


def test_both_names_of_this_machine_are_served(page):
    assert page.get("/start", Host=f"localhost:{PORT}").status_code == 200
    assert page.get("/start", Host=f"127.0.0.1:{PORT}").status_code == 200


# S3
def test_a_token_starts_one_session_and_no_more(page):
    token = page.sessions.make_token("Jonas")
    first = page.write("POST", "/session", {"token": token})
    assert first.status_code == 200
    assert page.write("POST", "/session", {"token": token}).status_code == 401


def test_a_token_is_good_for_a_minute():
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    token = sessions.make_token("Amina")
    now[0] = TOKEN_SECONDS + 1
    assert sessions.start(token) is None


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(page):
    cookie = page.sign_in("Amina").headers["set-cookie"]
    assert cookie.startswith(f"autocode_{PORT}=")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_the_token_is_in_no_address_that_a_server_sees(page):
    token = page.sessions.make_token("Amina")
    assert page.get(f"/start?token={token}").status_code == 200
    assert page.sessions.start(token) is not None  # it was not used


@pytest.mark.parametrize("path", ["/", "/t/1", "/nothing"])
def test_without_a_session_a_browser_is_sent_to_the_start(page, path):
    page.client.cookies.clear()
    answer = page.get(path, Accept="text/html")
    assert (answer.status_code, answer.headers["location"]) == (303, "/start")


@pytest.mark.parametrize(
    "other", ['prefs={"theme":"dark"}', "a b=c", "", "autocode_80=x", "=", "q"]
)
def test_cookies_of_other_programs_on_this_machine_lock_nobody_out(page, other):
    secret = page.client.cookies[f"autocode_{PORT}"]
    page.client.cookies.clear()
    answer = page.get("/t/1/state", Cookie=f"{other}; autocode_{PORT}={secret}; {other}")
    assert answer.status_code == 200


@pytest.mark.parametrize("cookie", ["", "autocode_8765=", "autocode_8765=guess", "a=b; =", "\xff"])
def test_without_a_session_nothing_of_the_study_is_sent(page, cookie):
    page.client.cookies.clear()
    answer = page.get("/t/1/state", Cookie=cookie.encode("latin-1"))
    assert answer.status_code == 401
    assert "t1_ann" not in answer.text


def test_the_start_file_is_for_this_login_only(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(server.webbrowser, "open", opened.append)
    server._open_browser("http://127.0.0.1:1/start#x", tmp_path)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert opened == [file.as_uri()]
    assert "#x" not in opened[0]


# S4
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://evil.test"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": f"http://127.0.0.1:{PORT + 1}"}, 403),
        ({"Origin": f"https://127.0.0.1:{PORT}"}, 403),
        ({"Origin": f"http://localhost:{PORT}"}, 403),  # ours, but not the one that was asked
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=application/json"}, 415),
    ],
)
def test_what_writes_must_come_from_the_page(page, headers, status):
    before = page.project.revision()
    body = {"key": "a" * 20, "kind": "code", "code": "shame", **page.place("t1_ann", "The bus")}
    assert page.write("POST", "/acts", body, **headers).status_code == status
    assert page.write("DELETE", "/session", {}, **headers).status_code == status
    assert page.project.revision() == before


def test_without_an_origin_nothing_is_written(page):
    body = {"key": "a" * 20, "kind": "undo"}
    assert page.client.post("/acts", json=body).status_code == 403


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "POST"])
def test_no_other_site_is_ever_allowed_in(page, method):
    answer = page.client.request(
        method,
        "/t/1",
        headers={"Origin": "http://evil.test", "Access-Control-Request-Method": "GET"},
    )
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


# S5
@pytest.mark.parametrize("host", [f"127.0.0.1:{PORT}", "evil.test"])
def test_every_answer_has_the_same_headers(page, host):
    for path in PATHS:
        headers = page.get(path, Host=host).headers
        assert {name: headers.get(name) for name in HEADERS} == HEADERS, path
        assert "server" not in headers


def scripts_of(template):
    """The modules that a screen loads: those it names, and all that these import."""
    waiting = re.findall(r"static \}\}/(\w+\.js)", template.read_text(encoding="utf-8"))
    loaded = set()
    while waiting:
        name = waiting.pop()
        if name not in loaded:
            loaded.add(name)
            source = (PACKAGE / "static" / name).read_text(encoding="utf-8")
            waiting += re.findall(r'(?:from|import) "\./(\w+\.js)"', source)
    return loaded


@pytest.mark.parametrize(
    "template", sorted((PACKAGE / "templates").glob("*.html")), ids=lambda p: p.name
)
def test_the_scripts_of_a_screen_are_small(template):
    files = read_static_files().files
    assert sum(len(files[name].packed) for name in scripts_of(template)) <= 60_000


def test_our_own_files_may_be_kept_and_nothing_else(page):
    digest = read_static_files().digest
    kept = page.get(f"/static/{digest}/page.css").headers["cache-control"]
    assert "immutable" in kept
    assert page.get("/t/1").headers["cache-control"] == "no-store"


def test_the_policy_allows_no_script_but_our_own_files():
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert "*" not in policy
    assert {"default-src 'none'", "trusted-types 'none'", "frame-ancestors 'none'"} <= set(
        policy.split("; ")
    )


def test_templates_hold_no_script_style_or_handler_of_their_own():
    for path in (PACKAGE / "templates").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\son\w+=|style=|javascript:|\|\s*safe|<style", text), path.name
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script or 'type="application/json"' in script, path.name
        assert not re.search(r"(?:src|href)=\"(?!\{\{ static \}\}|/|#)", text), path.name


def test_scripts_write_words_as_text_only():
    for path in (PACKAGE / "static").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                    "new Function", "http://", "https://", "createContextualFragment"):  # fmt: skip
            assert way not in text, f"{path.name}: {way}"


# S6
def test_data_in_a_page_closes_no_element():
    written = str(write_data({"a": "</script><!--\u2028&"}))
    assert not set("<>&\u2028") & set(written)


# S7
@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'{"key": "aaaaaaaaaaaaaaaaaaaa", "kind": "undo", "redo": 1}',
        b'{"key": "aaaaaaaaaaaaaaaaaaaa", "kind": "undo", "more": true}',
        b'{"key": "short", "kind": "undo"}',
        b'{"key": ["aaaaaaaaaaaaaaaaaaaa"], "kind": "undo"}',
        b'{"key": "aaaaaaaaaaaaaaaaaaaa", "kind": {}}',
        b'{"key": "aaaaaaaaaaaaaaaaaaaa", "kind": "code"}',
        b'{"key": "aaaaaaaaaaaaaaaaaaaa", "kind": "undo", "redo": NaN}',
        b"[" * 30_000,
        b"\xff\xfe",
    ],
)
def test_a_body_that_is_not_as_it_must_be_is_refused_in_a_line(page, raw):
    answer = page.client.post(
        "/acts", content=raw, headers={"Origin": ORIGIN, "Content-Type": "application/json"}
    )
    assert answer.status_code == 422
    assert "\n" not in answer.json()["error"]


def test_a_large_body_is_refused(page):
    answer = page.write("POST", "/acts", {"memo": "x" * MOST_BODY_BYTES})
    assert answer.status_code == 413


def test_half_a_character_is_refused(page):
    raw = b'{"key": "aaaaaaaaaaaaaaaaaaaa", "kind": "note-words", "transcript": 1, "start": 0,'
    raw += b' "end": 11, "quote": "Interviewer", "memo": "\\ud800"}'
    answer = page.client.post(
        "/acts", content=raw, headers={"Origin": ORIGIN, "Content-Type": "application/json"}
    )
    assert answer.status_code == 422


# S8
def test_nothing_but_our_own_files_is_served(page):
    digest = read_static_files().digest
    for name in ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "app.py", "", "page.css/.."):
        assert page.get(f"/static/{digest}/{name}").status_code in (404, 307), name


def test_no_address_is_built_of_the_host_and_none_leads_elsewhere(page):
    page.client.cookies.clear()
    answer = page.get("/?next=http://evil.test", Accept="text/html")
    assert answer.headers["location"] == "/start"


# S9
def test_the_log_holds_no_words_names_or_tokens(page, caplog):
    caplog.set_level(logging.INFO, "autocode.page")
    token = page.sessions.make_token("Amina")
    page.get(f"/start?secret={token}")
    page.act("note-words", memo="private words", **page.place("t1_ann", "The bus"))
    page.get("/t/1/state?find=private")
    page.get("/nothing/private")
    assert len(caplog.messages) == 4
    written = " ".join(caplog.messages)
    for word in (token, "private", "Amina", "t1_ann", "The bus"):
        assert word not in written
    assert "GET send_state 200" in written


def test_an_error_that_nobody_foresaw_says_nothing_of_its_words(page, monkeypatch, caplog):
    def fail(self, wanted):
        raise RuntimeError("private words")

    monkeypatch.setattr(Project, "history", fail)
    answer = page.act("undo", redo=False)
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "private" not in answer.text + caplog.text


def test_the_server_opens_no_connection(page):
    """The suite allows none: what the page does in these tests it does without."""
    with pytest.raises(Exception, match="socket"):
        socket.socket(socket.AF_INET)
    assert page.get("/").status_code == 200


def test_the_package_knows_no_client_of_networks():
    for path in PACKAGE.glob("*.py"):
        names = {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert not names & {"urllib", "http.client", "requests", "httpx", "ftplib", "smtplib"}


# S10
def test_a_session_that_nobody_uses_is_closed():
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    secret = sessions.start(sessions.make_token("Amina"))
    now[0] = IDLE_SECONDS - 1
    assert sessions.find(secret, touch=False)
    now[0] = IDLE_SECONDS + 1  # what the page asked by itself did not keep it open
    assert sessions.find(secret) is None


def test_a_session_that_is_left_is_closed(page):
    assert page.write("DELETE", "/session", {}).status_code == 200
    assert page.get("/t/1/state").status_code == 401
