"""Roles on a page that a team shares: one table of routes and one of acts, both whole."""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.routing import Route

from autocode.page.act_kinds import KINDS
from autocode.page.app import ROUTES, build_app
from autocode.page.connection import open_served
from autocode.page.keeping_users import UserBook
from autocode.page.passwords import Cost
from autocode.page.refit import Refits
from autocode.page.roles import ACT_ROLES, ROLES, ROUTE_ROLES, may, role_for_act, role_for_route
from autocode.page.session import Sessions
from autocode.page.team import Team
from autocode.project.hand_coding import Place

from .support import PORT, Page

CHEAP = Cost(n=16, r=1, p=1)
PASSWORD = "correct horse battery"
NAMES = {"reader": "Rosa", "coder": "Amina", "lead": "Lea"}
OPEN_TO_ALL = {("GET", "/start"), ("POST", "/session"), ("GET", "/static/{digest}/{name}")}


class TeamPage(Page):
    """The page of a team, with a window for each that signs in."""

    def __init__(self, app, project, sessions, team):
        super().__init__(app, project, sessions)
        self.team = team

    def sign_in(self, name, password=PASSWORD, **headers):
        body = {"name": name, "password": password}
        return self.write("POST", "/session", body, **headers)


@pytest.fixture
def book(study):
    book = UserBook(path=study.with_name("users.json"), cost=CHEAP)
    for role, name in NAMES.items():
        book.add(name, role, PASSWORD)
    return book


@pytest.fixture
def team_page(study, book):
    sessions = Sessions()
    team = Team(book.path, sessions)
    with open_served(study) as project:
        refits = Refits(study, work=lambda request: {})
        app = build_app(project, sessions, port=PORT, refits=refits, team=team)
        yield TeamPage(app, project, sessions, team)
    team.stop()


def as_role(page, role):
    page.client.cookies.clear()
    if role is not None:
        assert page.sign_in(NAMES[role]).status_code == 200
    return page


def test_every_act_has_a_line_and_no_line_is_of_none():
    assert set(ACT_ROLES) == set(KINDS)


def test_every_route_has_a_line_and_no_line_is_of_none():
    served = {
        (method, route.path)
        for route in ROUTES
        if isinstance(route, Route)
        for method in route.methods - {"HEAD"}
    }
    assert len({route.path for route in ROUTES}) == len({path for _, path in served})
    assert served - OPEN_TO_ALL == set(ROUTE_ROLES)


def test_what_has_no_line_needs_a_lead():
    assert role_for_act("something new") == "lead"
    assert role_for_route("POST", "/something/new") == "lead"
    assert role_for_route("GET", "/something/new") == "lead"
    assert role_for_route("HEAD", "/t/1") == "reader"


def test_each_role_may_what_those_before_may():
    for i, role in enumerate(ROLES):
        assert [may(role, needed) for needed in ROLES] == [i >= j for j in range(len(ROLES))]


def address(path):
    return path.replace("{number:int}", "1")


@pytest.mark.slow
@pytest.mark.parametrize("role", [None, *ROLES])
def test_every_route_answers_those_whose_role_it_is_for(team_page, role):
    as_role(team_page, role)
    cookies = dict(team_page.client.cookies)
    for (method, path), needed in ROUTE_ROLES.items():
        team_page.client.cookies.update(cookies)
        if method == "GET":
            status = team_page.get(address(path), Accept="application/json").status_code
        elif (method, path) == ("DELETE", "/session"):
            continue  # everybody may leave; the window would be closed for the next
        else:
            status = team_page.write(method, address(path), {}).status_code
        if role is None:
            assert status == 401, path
        elif may(role, needed):
            assert status not in (401, 403, 405), path  # 404: the small study has no such thing
        else:
            assert status == 403, path


@pytest.mark.parametrize("role", ROLES)
def test_every_act_is_done_for_those_whose_role_it_is_for(team_page, role):
    as_role(team_page, role)
    before = team_page.project.revision()
    for kind, needed in ACT_ROLES.items():
        body = {"key": str(uuid.uuid4()), "kind": kind, "no such field": 1}
        answer = team_page.write("POST", "/acts", body)
        # What may be done is looked at next, and refused for its field.
        assert answer.status_code == (422 if may(role, needed) else 403), kind
        assert "\n" not in answer.json()["error"]
    assert team_page.project.revision() == before


def test_a_reader_reads_and_changes_nothing(team_page):
    as_role(team_page, "reader")
    body = team_page.get("/").text
    assert "reads only" in body
    assert "of Rosa" not in body  # no column of work that she cannot have
    assert "codings of Jonas" in body
    assert 'data-not-coder="That needs a coder, and you are a reader in this study.' in body
    assert team_page.state("t1_ann")["codings"]
    before = team_page.project.revision()
    answer = team_page.act("code", code="shame", **team_page.place("t1_ann", "The bus"))
    assert answer.status_code == 403
    assert "needs a coder, and you are a reader" in answer.json()["error"]
    assert team_page.project.revision() == before


def test_a_coder_undoes_their_own_acts_alone_and_a_lead_any(team_page):
    as_role(team_page, "coder")
    body = team_page.get("/").text
    assert "data-not-coder" not in body
    assert 'data-not-lead="That needs a lead, and you are a coder in this study.' in body
    team_page.act("code", code="shame", **team_page.place("t1_ann", "The bus"))
    own = team_page.project.history()[-1].number
    others = own - 1
    body = team_page.get("/history").text
    assert f'data-act="{own}"' in body
    assert f'data-act="{others}"' not in body
    refused = team_page.act("undo-act", act=others)
    assert (refused.status_code, "their own acts" in refused.json()["error"]) == (422, True)
    assert team_page.act("undo-act", act=own).status_code == 200
    as_role(team_page, "lead")
    assert f'data-act="{others}"' in team_page.get("/history").text
    assert team_page.act("undo-act", act=others).status_code == 200


def test_what_another_did_meanwhile_is_not_undone_with_a_coders_act(team_page, monkeypatch):
    as_role(team_page, "coder")
    team_page.act("code-anew", name="Hope", **team_page.place("t1_ann", "The bus"))
    project, undo = team_page.project, type(team_page.project).undo
    own = project.history()[-1].number

    def undo_later(self, *, coder, options):
        if not options.dry_run:
            project.code(Place(transcript="t2_bob", turn=2), "hope", coder="Jonas")
        return undo(self, coder=coder, options=options)

    monkeypatch.setattr(type(project), "undo", undo_later)
    refused = team_page.act("undo-act", act=own, later=True)
    assert (refused.status_code, "their own acts" in refused.json()["error"]) == (422, True)
    assert [c.coder for c in project.codings(code="hope")] == ["Amina", "Jonas"]


def test_nobody_acts_as_another(team_page):
    as_role(team_page, "coder")
    place = team_page.place("t1_ann", "The bus")
    for field in ("coder", "as", "user", "name", "role"):
        answer = team_page.act("code", code="shame", **{field: "Lea"}, **place)
        assert answer.status_code == 422
    done = team_page.act("code", code="shame", **place)
    assert done.status_code == 200
    (act,) = [a for a in team_page.project.history() if a.key.startswith("page:")]
    assert act.coder == "Amina"


def test_a_tab_left_open_does_nothing_for_whoever_signs_in_next(team_page):
    as_role(team_page, "coder")
    left_open = team_page.get("/").text.partition('data-as="')[2].partition('"')[0]
    team_page.sign_in("Lea")
    place = team_page.place("t1_ann", "The bus")
    before = team_page.project.revision()
    body = {"key": str(uuid.uuid4()), "kind": "code", "code": "shame", **place}
    answer = team_page.write("POST", "/acts", body, **{"Autocode-As": left_open})
    assert answer.status_code == 401
    assert "Somebody else" in answer.json()["error"]
    assert team_page.project.revision() == before


def test_a_role_changed_holds_at_the_next_click(team_page, book):
    as_role(team_page, "coder")
    place = team_page.place("t1_ann", "The bus")
    book.set_role("Amina", "reader")
    assert team_page.act("code", code="shame", **place).status_code == 403
    book.set_role("Amina", "coder")
    assert team_page.act("code", code="shame", **place).status_code == 200


@pytest.mark.parametrize("change", ["remove", "password", "gone", "readable", "broken"])
def test_a_session_ends_with_its_user(team_page, book, change):
    as_role(team_page, "coder")
    assert team_page.get("/session").status_code == 200
    if change == "remove":
        book.remove("Amina")
    elif change == "password":
        book.set_password("Amina", "another long password")
    elif change == "gone":
        book.path.unlink()
    elif change == "readable":
        book.path.chmod(0o644)
    else:
        book.path.write_text("{}", encoding="utf-8")
    assert team_page.get("/session").status_code == 401
    assert team_page.state("t1_ann") == {
        "error": "The page is locked. Open it again in another tab, and this goes on."
    }
    if change != "password":
        assert team_page.sign_in("Amina").status_code == 401


def test_a_name_and_password_that_do_not_go_together_are_one_message(team_page):
    said = {
        (answer.status_code, answer.json()["error"])
        for answer in (
            team_page.sign_in("Amina", "a wrong password"),
            team_page.sign_in("Nobody", PASSWORD),
            team_page.sign_in("Nobody", "a wrong password"),
            team_page.sign_in("", ""),
        )
    }
    assert said == {(401, "That name and password do not go together.")}


def test_five_tries_a_minute_for_a_name_and_from_an_address(team_page):
    for _ in range(5):
        assert team_page.sign_in("Amina", "a wrong password").status_code == 401
    refused = team_page.sign_in("Amina")
    assert (refused.status_code, refused.json()["error"]) == (
        429,
        "Too many tries. Wait a minute, then try again.",
    )
    assert team_page.sign_in("Lea").status_code == 429  # from this address


def test_signing_in_rightly_uses_up_no_try(team_page):
    for _ in range(8):
        assert team_page.sign_in("Amina").status_code == 200


def test_names_are_known_however_they_are_typed(team_page):
    assert team_page.sign_in("  aMINA ").status_code == 200
    assert team_page.act("undo").status_code == 409  # as Amina, who has done nothing yet


def test_a_token_opens_no_page_of_a_team(team_page):
    token = team_page.sessions.make_token("Amina")
    assert team_page.write("POST", "/session", {"token": token}).status_code == 422


def test_signing_in_ends_the_session_before(team_page):
    as_role(team_page, "coder")
    first = dict(team_page.client.cookies)
    as_second = team_page.sign_in("Lea")
    assert as_second.status_code == 200
    team_page.client.cookies.clear()
    team_page.client.cookies.update(first)
    assert team_page.get("/session").status_code == 401


@pytest.mark.slow
def test_hashing_leaves_the_event_loop_free(book):
    """Another request goes on while a password is being checked."""
    costly = UserBook(path=book.path, cost=Cost(n=2**14, r=8, p=4))
    costly.set_password("Amina", PASSWORD)
    team = Team(book.path, Sessions())

    async def both():
        ticks = 0
        signing = asyncio.create_task(team.sign_in("Amina", PASSWORD, client="here"))
        while not signing.done():
            await asyncio.sleep(0.005)
            ticks += 1
        return ticks, await signing

    # A browser test before it leaves an event loop running in this thread.
    with ThreadPoolExecutor(1) as pool:
        ticks, secret = pool.submit(asyncio.run, both()).result()
    team.stop()
    assert secret
    assert ticks >= 5


def test_a_coder_ticks_off_own_codings_and_tries_what_a_coder_may_do(team_page):
    project = team_page.project
    project.edit_codebook(coder="Lea").define("wait", {"definition": "limbo"})
    as_role(team_page, "coder")
    code = team_page.get("/codes/2/state").json()
    assert (code["codes"]["can_add"], code["codes"]["can_edit"]) == (True, False)
    about = {"code": "wait", "base": code["code"]["digest"]}
    names = ("transcript", "start", "end", "coder")
    places = [{name: row[name] for name in names} for row in code["code"]["outdated"]]
    assert team_page.act("code-confirm", places=places, **about).status_code == 403
    own = [place for place in places if place["coder"] == "Amina"]
    assert team_page.act("code-confirm", places=own, **about).status_code == 200
    assert [one.coding.coder for one in project.outdated_codings()] == ["Jonas"]
    body = {"key": str(uuid.uuid4()), "kind": "code-add", "name": "Hope"}
    assert team_page.write("POST", "/codes/preview", body).status_code == 200
    body = {"key": str(uuid.uuid4()), "kind": "code-merge", "into": "shame", **about}
    assert team_page.write("POST", "/codes/preview", body).status_code == 403
    as_role(team_page, "lead")
    rest = [place for place in places if place["coder"] == "Jonas"]
    assert team_page.act("code-confirm", places=rest, **about).status_code == 200
    as_role(team_page, "reader")
    assert team_page.get("/codes/2/state").json()["codes"]["can_add"] is False
