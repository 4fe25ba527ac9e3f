"""The users file, passwords, tries, and the name and address of a page behind a proxy."""

from __future__ import annotations

import json
import stat
from threading import Thread

import pytest

from autocode.core.errors import FileRefused, InputError, NotFound
from autocode.io.url_path import TEMPORARY
from autocode.page import keeping_users
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.keeping_users import UserBook
from autocode.page.passwords import Cost, check_password, hash_password, is_password
from autocode.page.server import listening
from autocode.page.session import LONGEST_SECONDS, Sessions
from autocode.page.site import Site, check_host_name
from autocode.page.study_disk import find_share, refuse_share, warn_of_syncing
from autocode.page.team import Team, _decoy
from autocode.page.team_server import TeamOptions, check_bind, serve_team
from autocode.page.tries import MOST_TRIES, SECONDS, Tries
from autocode.page.users import read_users, users_path

from .support import PORT, Page

CHEAP = Cost(n=16, r=1, p=1)
PASSWORD = "correct horse battery"
HOST = "study.example.org"


@pytest.fixture
def book(tmp_path):
    book = UserBook(path=tmp_path / "users.json", cost=CHEAP)
    book.add("Amina", "coder", PASSWORD)
    return book


def test_a_users_file_is_for_its_owner_and_holds_no_password(book):
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    assert PASSWORD not in book.path.read_text(encoding="utf-8")
    assert [path.name for path in book.path.parent.iterdir()] == ["users.json"]


def test_what_a_killed_process_left_of_a_users_file_goes_with_the_next_change(book):
    left = book.path.with_name(f".{book.path.name}.killed{TEMPORARY}")
    left.write_bytes(book.path.read_bytes())
    book.set_role("Amina", "lead")
    assert [path.name for path in book.path.parent.iterdir()] == ["users.json"]


def test_a_users_file_that_others_can_read_is_refused(book):
    book.path.chmod(0o640)
    with pytest.raises(FileRefused, match=r"can be read by others.*chmod 600"):
        read_users(book.path)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: [],
        lambda data: data["users"].append(5),
        lambda data: data["users"][0].update(role="king"),
        lambda data: data["users"][0].update(n=2**40),
        lambda data: data["users"][0].update(n="2"),
        lambda data: data["users"][0].update(salt="%"),
        lambda data: data["users"][0].pop("hash"),
        lambda data: data.update(autocode_users=2),
    ],
)
def test_a_broken_users_file_is_a_line(book, change):
    data = json.loads(book.path.read_text(encoding="utf-8"))
    data = change(data) if change(data) == [] else data
    book.path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(FileRefused, match="is not a users file"):
        read_users(book.path)


def test_users_are_added_changed_and_removed(book):
    book.add("Jonas", "reader", PASSWORD)
    assert [(user.name, user.role) for user in book.list().users] == [
        ("Amina", "coder"),
        ("Jonas", "reader"),
    ]
    assert book.set_role("jonas", "lead").role == "lead"
    before = book.find("Jonas")
    book.set_password("Jonas", "another long password")
    after = book.find("Jonas")
    assert after.role == "lead"
    assert after.stamp != before.stamp
    assert is_password("another long password", after.password)
    assert not is_password(PASSWORD, after.password)
    book.remove("Jonas")
    with pytest.raises(NotFound, match="No user 'Jonas'"):
        book.find("Jonas")


def test_of_two_commands_at_once_none_is_lost(book, monkeypatch):
    write, second = keeping_users.write_users, []

    def write_late(path, users):
        if not second:  # the other command comes between reading and writing
            second.append(Thread(target=book.add, args=("Jonas", "reader", PASSWORD)))
            second[0].start()
            second[0].join(0.1)
        write(path, users)

    monkeypatch.setattr(keeping_users, "write_users", write_late)
    book.set_role("Amina", "lead")
    second[0].join()
    assert {user.name: user.role for user in book.list().users} == {
        "Amina": "lead", "Jonas": "reader",
    }  # fmt: skip
    assert list(book.path.parent.iterdir()) == [book.path]  # no lock is left lying


@pytest.mark.parametrize("name", ["amina", " AMINA "])
def test_one_name_is_one_user(book, name):
    with pytest.raises(InputError, match="can sign in already"):
        book.add(name, "coder", PASSWORD)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "a\u202eb", "a\0b"])
def test_a_name_that_cannot_be_seen_is_refused(book, name):
    with pytest.raises(InputError, match="A name needs"):
        book.add(name, "coder", PASSWORD)


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 12, "abababababab", "x" * 1025])
def test_a_password_that_is_short_or_plain_is_refused(password):
    with pytest.raises(InputError, match="password"):
        check_password(password, "Amina")
    with pytest.raises(InputError, match="easily guessed"):
        check_password("Amina Ramirez", "amina ramirez")


def test_a_password_is_one_however_its_letters_are_composed():
    known = hash_password("caf\u00e9 noir au lait", cost=CHEAP)
    assert is_password("cafe\u0301 noir au lait", known)


@pytest.mark.slow
def test_the_stated_cost_is_the_one_used(tmp_path):
    book = UserBook(path=tmp_path / "users.json")
    book.add("Amina", "coder", PASSWORD)
    (entry,) = json.loads(book.path.read_text(encoding="utf-8"))["users"]
    assert (entry["n"], entry["r"], entry["p"]) == (2**15, 8, 3)


def test_an_unknown_name_costs_as_much_as_a_known_one(book):
    costly = Cost(n=64, r=2, p=2)
    UserBook(path=book.path, cost=costly).add("Jonas", "coder", PASSWORD)
    assert _decoy(read_users(book.path)).cost == costly
    assert _decoy({}).cost == Cost()


def test_tries_are_counted_before_they_are_made_and_for_a_minute():
    now = [0.0]
    tries = Tries(clock=lambda: now[0])
    assert [tries.begin(["a"]) for _ in range(MOST_TRIES + 1)] == [True] * MOST_TRIES + [False]
    assert not tries.begin(["b", "a"])
    assert [tries.begin(["b"]) for _ in range(MOST_TRIES)] == [True] * MOST_TRIES
    now[0] = SECONDS + 1
    assert tries.begin(["a", "b"])
    tries.forgive(["a", "b"])
    assert [tries.begin(["a"]) for _ in range(MOST_TRIES)] == [True] * MOST_TRIES


def test_names_that_are_tried_are_not_kept_for_ever():
    now = [0.0]
    tries = Tries(clock=lambda: now[0])
    for i in range(10_001):
        tries.begin([f"{i}"])
    now[0] = SECONDS + 1
    tries.begin(["last"])
    assert len(tries._tries) == 1


def test_a_session_ends_after_twelve_hours_however_much_it_is_used():
    now = [0.0]
    sessions = Sessions(clock=lambda: now[0])
    secret = sessions.begin("Amina")
    while now[0] + 60 < LONGEST_SECONDS:
        now[0] += 60
        assert sessions.find(secret)
    now[0] += 120
    assert sessions.find(secret) is None


@pytest.fixture
def proxied(built, book):
    sessions = Sessions()
    team = Team(book.path, sessions)
    with open_served(built) as project:
        app = build_app(project, sessions, port=PORT, host_name=HOST, team=team)
        yield Page(app, project, sessions)
    team.stop()


def sign_in(page, password=PASSWORD, **headers):
    sent = {"Host": HOST, "Origin": f"https://{HOST}", **headers}
    return page.write("POST", "/session", {"name": "Amina", "password": password}, **sent)


def test_behind_a_proxy_only_its_name_is_served(proxied):
    assert proxied.get("/start", Host=HOST).status_code == 200
    for host in (f"127.0.0.1:{PORT}", f"localhost:{PORT}", f"{HOST}:{PORT}", f"x.{HOST}", ""):
        assert proxied.get("/start", Host=host).status_code == 421


@pytest.mark.parametrize("origin", [f"http://{HOST}", f"https://{HOST}:444", "https://evil.test"])
def test_behind_a_proxy_only_its_origin_writes(proxied, origin):
    assert sign_in(proxied, Origin=origin).status_code == 403
    assert sign_in(proxied).status_code == 200


def test_behind_tls_the_cookie_is_for_tls_only(proxied):
    cookie = sign_in(proxied).headers["set-cookie"]
    assert cookie.startswith("__Host-autocode=")
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_behind_a_proxy_tries_are_counted_by_the_address_that_it_saw(proxied):
    for i in range(5):
        seen = f"10.0.0.{i}, 192.0.2.7"
        assert sign_in(proxied, "a wrong password", **{"X-Forwarded-For": seen}).status_code == 401
    body = {"name": "Nobody", "password": PASSWORD}
    headers = {"Host": HOST, "Origin": f"https://{HOST}"}
    for seen, status in (("10.9.9.9, 192.0.2.7", 429), ("192.0.2.7, 192.0.2.8", 401)):
        answer = proxied.write("POST", "/session", body, **headers, **{"X-Forwarded-For": seen})
        assert answer.status_code == status


def test_without_a_proxy_what_a_client_says_of_its_address_counts_for_nothing():
    scope = {"client": ("127.0.0.1", 5), "headers": [(b"x-forwarded-for", b"192.0.2.7")]}
    assert Site(port=PORT).client(scope) == "127.0.0.1"
    assert Site(port=PORT, host_name=HOST).client(scope) == "192.0.2.7"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [(HOST, HOST), (" Study.Example.ORG:443 ", HOST), ("localhost:8443", "localhost:8443")],
)
def test_a_host_name_is_kept_as_browsers_send_it(typed, kept):
    assert check_host_name(typed) == kept


@pytest.mark.parametrize(
    "name", ["", "https://a.org", "a.org/x", "a b", "-a.org", "a..org", "a.org:", "*", "a.org\n"]
)
def test_what_is_no_host_name_is_refused(name):
    if name == "a.org\n":
        assert check_host_name(name) == "a.org"
        return
    with pytest.raises(InputError, match="is no host name"):
        check_host_name(name)


@pytest.mark.parametrize(
    ("bind", "port", "host"),
    [
        ("127.0.0.1", 80, "127.0.0.1"),  # browsers leave out this port
        ("127.0.0.1", 80, "localhost"),
        ("127.0.0.2", PORT, f"127.0.0.2:{PORT}"),
        ("::1", PORT, f"[::1]:{PORT}"),
        ("::1", 80, "[::1]"),
    ],
)
def test_the_address_that_is_announced_is_served(built, bind, port, host):
    site = Site(port=port, bind=bind)
    assert host in site.hosts
    assert site.address == f"http://{site.hosts[0]}"
    with open_served(built) as project:
        app = build_app(project, Sessions(), port=port, bind=bind)
        page = Page(app, project, Sessions())
        assert page.get("/start", Host=host).status_code == 200
        refused = page.get("/start", Host="evil.test")
    assert refused.status_code == 421
    assert "pass on the name that was asked for" in refused.text


def test_an_address_of_another_machine_is_a_line(network):
    fault = r"^192\.0\.2\.1 is no address of this machine"
    with pytest.raises(InputError, match=fault), listening("192.0.2.1", 0):
        pass


def test_an_address_is_bound_as_browsers_write_it(tmp_path):
    assert check_bind(TeamOptions(users=tmp_path / "none", bind="0:0:0:0:0:0:0:1")) == "::1"


@pytest.mark.parametrize("bind", ["0.0.0.0", "192.0.2.1", "::"])
def test_other_machines_reach_it_through_a_proxy_only(tmp_path, bind):
    options = TeamOptions(users=tmp_path / "none", bind=bind)
    with pytest.raises(InputError, match=r"without TLS.*--host-name"):
        check_bind(options)
    check_bind(TeamOptions(users=tmp_path / "none", bind=bind, host_name=HOST))


def test_what_is_no_address_is_refused(tmp_path):
    with pytest.raises(InputError, match="'somewhere' is no address"):
        check_bind(TeamOptions(users=tmp_path / "none", bind="somewhere", host_name=HOST))


def test_without_users_nothing_is_served(page, tmp_path):
    with pytest.raises(InputError, match="nobody can sign in yet"):
        serve_team(page.project, TeamOptions(users=tmp_path / "none"), print)


MOUNTS = r"""/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/disk ext4 rw 0 0
//nas/team /mnt/our\040share cifs rw 0 0
alice@host: /mnt/ssh fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/srv/s.autocode", None),
        ("/home/amina/s.autocode", "nfs4"),
        ("/home/disk/s.autocode", None),
        ("/homes/s.autocode", None),
        ("/mnt/our share/s.autocode", "cifs"),
        ("/mnt/ssh/deep/s.autocode", "fuse.sshfs"),
    ],
)
def test_a_share_is_known_by_its_mount(tmp_path, place, kind):
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS, encoding="utf-8")
    share = find_share(tmp_path.__class__(place), mounts=mounts)
    assert share == (kind and f"a network file system ({kind})")
    if kind:
        with pytest.raises(InputError, match="Copy it to a disk of this machine"):
            refuse_share(tmp_path.__class__(place), mounts=mounts)


def test_where_nothing_is_known_of_mounts_nothing_is_refused(tmp_path):
    assert find_share(tmp_path / "s.autocode", mounts=tmp_path / "none") is None


@pytest.mark.parametrize("folder", ["OneDrive - Uni Bern", "Dropbox", "Google Drive", "Nextcloud"])
def test_a_synced_folder_is_warned_of(tmp_path, folder):
    place = tmp_path / folder / "team"
    place.mkdir(parents=True)
    assert f"'{folder}' looks like one" in warn_of_syncing(place / "s.autocode")
    assert warn_of_syncing(tmp_path / "box of Dropboxes" / "Dropbox.autocode") is None


def test_users_lie_beside_the_study(tmp_path):
    assert users_path(tmp_path / "s.autocode") == tmp_path / "s.autocode-users.json"
