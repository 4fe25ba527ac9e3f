"""Words that would be script, markup or worse stay words; bodies that are changed are refused."""

from __future__ import annotations

import json
import os
import random
import uuid
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from autocode.core import map_edits as edits
from autocode.page.app import build_app
from autocode.page.code_detail import describe_words
from autocode.page.connection import open_served
from autocode.page.session import Sessions
from autocode.project import Project

from .support import ORIGIN, PORT, Page

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus x='",
    "{{ 7*7 }}{% raw %}",
    "<!--<script>",
    "]]></p><p data-start=0 data-end=9>",
    "javascript:alert(1)",
    "a\u202egnp.exe",
    "a\u2028b\u2029c",
    "${alert(1)}`",
    "../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "\x1b[31mred",
    "x" * 5_000,
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A study whose every name and text is hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    study = folder / "<b>hostile.autocode"
    lines = "".join(f"Ann <b>{i}: {words}\n" for i, words in enumerate(HOSTILE))
    (folder / "x' onload=alert(1) <i>.txt").write_text(lines, encoding="utf-8")
    with Project.open(study, create_new=True) as project:
        project.import_paths([next(folder.glob("*.txt"))])
        editor = project.edit_codebook(coder="Kim <script>alert(1)</script>")
        for words in HOSTILE:
            editor.add(words[:200], definition=words)
        project.edit_map(put_hostile, coder="Kim <script>alert(1)</script>")
    return study


def put_hostile(known):
    for at, words in enumerate(HOSTILE):
        known = edits.add_theme(known, words, definition=words)
        if at:
            known = edits.relate_themes(known, HOSTILE[at - 1], words, words)
    return known


@pytest.fixture(scope="module")
def page(hostile):
    sessions = Sessions()
    with open_served(hostile) as project:
        page = Page(build_app(project, sessions, port=PORT), project, sessions)
        page.sign_in('Ann"><script>alert(1)</script>')
        yield page


class Elements(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("path", ["/", "/t/1", "/codes", "/codes/1", "/themes", "/map"])
def test_hostile_names_and_texts_become_no_elements(page, path):
    parser = Elements()
    text = page.get(path, Accept="text/html").text
    parser.feed(text)
    tags = {tag for tag, _ in parser.seen}
    assert not tags & {"img", "i", "b", "iframe", "object"}
    for tag, attrs in parser.seen:
        assert not [name for name in attrs if name.startswith("on")], tag
        if tag == "script":
            assert attrs.get("type") in ("module", "application/json")
            assert set(attrs) <= {"type", "src", "id"}
    assert text.count("<script") == len([tag for tag, _ in parser.seen if tag == "script"])


@pytest.mark.slow
def test_the_picture_of_hostile_themes_is_a_picture(page):
    root = ElementTree.fromstring(page.get("/map/picture").content)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags == {"svg", "defs", "marker", "path", "g", "rect", "text", "title", "line"}
    names = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in names if name.startswith("on") or name.endswith("href")]
    assert HOSTILE[0] in "".join(root.itertext())


def test_the_state_holds_them_as_they_are(page):
    names = {code["name"] for code in page.get("/t/1/state").json()["codes"]}
    assert "<script>alert(1)</script>" in names


@pytest.mark.slow
def test_hostile_names_are_stored_as_words(page):
    transcript = page.project.transcripts()[0]
    text, number = transcript.text, page.project.transcript_numbers()[transcript.name]
    words = HOSTILE[0]
    start = text.index(words)
    place = {"transcript": number, "start": start, "end": start + len(words), "quote": words}
    for name in HOSTILE[:14]:
        answer = page.act("code-anew", name=f"new {name}", **place)
        assert answer.status_code in (200, 422)
        assert page.act("note-words", memo=name, **place).status_code == 200
    assert page.get("/t/1").status_code == 200


def change(draw, body):
    """A body with one thing changed at random."""
    body = dict(body)
    name = draw.choice(list(body))
    way = draw.randrange(6)
    if way == 0:
        del body[name]
    elif way == 1:
        body[name] = draw.choice([None, True, [], {}, -1, 2**70, 1.5, "", "x" * 30_000, "\0", "1"])
    elif way == 2:
        body[draw.choice(["extra", "__class__", "coder", "dry_run"])] = "x"
    elif way == 3:
        body["kind"] = draw.choice(["code", "uncode", "respan", "undo", "read", "nothing"])
    elif way == 4 and isinstance(body[name], int):
        body[name] += draw.randint(-5, 5)
    else:
        body[name] = draw.choice(HOSTILE)
    return body


@pytest.mark.slow
def test_changed_bodies_are_done_or_refused_and_the_study_stays_sound(page):
    draw = random.Random(0)
    transcript = page.project.transcripts()[0]
    start = transcript.text.index(HOSTILE[3])
    place = {"transcript": 1, "start": start, "end": start + 5,
             "quote": transcript.text[start : start + 5]}  # fmt: skip
    code = page.project.codebook().codes[0].id
    seen = set()
    for turn in range(int(os.environ.get("AUTOCODE_BODIES", "300"))):
        known = page.project.codebook().by_id[code]
        on_code = {"code": code, "base": known.digest}
        body = draw.choice(
            [
                {"kind": "code", "code": code, **place},
                {"kind": "code-split", "parts": [{"to": "x", "coder": "Kim"}], **on_code},
                {"kind": "code-edit", **on_code, **describe_words(known), "memo": str(turn)},
            ]
        )
        body = change(draw, {"key": str(uuid.uuid4()), **body})
        raw = json.dumps(body).encode()
        if draw.random() < 0.1:
            at = draw.randrange(len(raw))
            raw = raw[:at] + bytes([draw.randrange(256)]) + raw[at + 1 :]
        answer = page.client.post(
            "/acts", content=raw, headers={"Origin": ORIGIN, "Content-Type": "application/json"}
        )
        seen.add(answer.status_code)
        assert answer.status_code in (200, 409, 413, 422), (body, answer.text)
        assert answer.status_code == 200 or "\n" not in answer.json()["error"]
    assert {200, 422} <= seen
    assert page.project.verify_history().is_sound
