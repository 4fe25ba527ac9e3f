"""Ten thousand bodies of every kind of act, changed at random: done or refused, the study sound."""

from __future__ import annotations

import json
import random
import uuid
from typing import get_args, get_origin, get_type_hints

import pytest

from autocode.page.act_kinds import KINDS

from .support import ORIGIN
from .test_hostile import HOSTILE

N_BODIES = 2_500
STRANGE = [None, True, False, [], {}, -1, 0, 2**70, 1.5, "", "x" * 30_000, "\0", "1", [1], ["a"]]
WORDS = "The bus stopped running on Sundays"


def fill(draw, place, kind):
    """A body of this kind that might be right."""
    by_name = {
        **place,
        "to_start": place["start"] + 4,
        "to_end": place["end"],
        "to_quote": WORDS[4:],
        "parent": None,
        "unread": draw.choice(["refuse", "leave"]),
        "outcome": draw.choice(["one", "other", "both", "neither", "stand"]),
        "one": draw.choice(["Amina", "Kim"]),
        "other": "Jonas",
        "action": draw.choice(["merge", "drop", "name"]),
        "act": draw.randrange(20, 90),  # acts of the page: without the transcript nothing is done
    }
    codes = ["shame", "family", "access", "wait"]
    body = {}
    for name, wanted in get_type_hints(KINDS[kind]).items():
        if name in by_name:
            body[name] = by_name[name]
        elif get_origin(wanted) is tuple:
            kinds = {int: [1, 2], str: codes}
            body[name] = [draw.choice(kinds.get(get_args(wanted)[0], [{}]))]
        elif wanted is int:
            body[name] = draw.randrange(4)
        elif wanted is bool:
            body[name] = draw.random() < 0.5
        else:
            body[name] = draw.choice([*codes, f"new {draw.randrange(50)}"])
    return body


def change(draw, body):
    """The body with up to two things changed."""
    for _ in range(draw.choice([0, 1, 1, 2])):
        name = draw.choice(list(body))
        way = draw.randrange(5)
        if way == 0 and len(body) > 1:
            del body[name]
        elif way == 1:
            body[name] = draw.choice(STRANGE)
        elif way == 2:
            body[draw.choice(["extra", "__class__", "coder", "role", "dry_run"])] = "x"
        elif way == 3 and type(body[name]) is int:
            body[name] += draw.randint(-5, 5)
        else:
            body[name] = draw.choice(HOSTILE)
    return body


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_sent_is_done_or_refused(page, seed):
    draw, statuses = random.Random(seed), {}
    place = page.place("t1_ann", WORDS)  # which may go, as an import can be undone
    headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
    for _ in range(N_BODIES):
        kind = draw.choice(list(KINDS))
        body = {"key": str(uuid.uuid4()), "kind": kind, **fill(draw, place, kind)}
        raw = json.dumps(change(draw, body)).encode()
        if draw.random() < 0.1:
            at = draw.randrange(len(raw))
            raw = raw[:at] + bytes([draw.randrange(256)]) + raw[at + 1 :]
        answer = page.client.post("/acts", content=raw, headers=headers)
        assert answer.status_code in (200, 409, 413, 422, 423), (raw[:300], answer.text)
        assert answer.status_code == 200 or "\n" not in answer.json()["error"]
        statuses.setdefault(answer.status_code, set()).add(kind)
    assert len(statuses[200]) > 10  # of the kinds some were done
    assert len(statuses[422]) > 20
    assert page.project.verify_history().is_sound
    for path in ("/", "/t/1", "/codes", "/themes", "/queue", "/compare/1", "/agreement"):
        assert page.get(path).status_code == 200, path
