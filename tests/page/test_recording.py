"""Recordings on the page: what is sent of them, to whom, and when each segment is said."""

from __future__ import annotations

import pytest

from autocode.core.transcript import Source, Span, TimedSpan, Transcript, Turn
from autocode.page.recording_view import NoSuchPart, Part, find_cues, find_part

from ..sounds import write_tone


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes=0-", Part(0, 100)),
        ("bytes=10-19", Part(10, 20)),
        ("bytes=90-500", Part(90, 100)),
        ("bytes=-10", Part(90, 100)),
        ("bytes=-500", Part(0, 100)),
        ("", None),
        ("bytes=-", None),
        ("bytes=0-1,5-6", None),
        ("lines=1-2", None),
        ("bytes=" + "1" * 19 + "-", None),
        ("bytes=0-" + ",0-" * 20_000, None),
    ],
)
def test_one_range_is_answered_and_anything_else_is_the_whole_file(header, part):
    assert find_part(header, 100) == part


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=5-4", "bytes=-0", "bytes=999-1000"])
def test_a_range_outside_of_the_file_is_refused(header):
    with pytest.raises(NoSuchPart):
        find_part(header, 100)


@pytest.fixture
def sound(page, tmp_path):
    path = write_tone(tmp_path / "ann.wav", seconds=1)
    page.project.add_recording("t1_ann", path, coder="Amina")
    return path


def test_a_recording_is_sent_whole_and_in_parts(page, sound):
    data, address = sound.read_bytes(), f"/media/{page.number('t1_ann')}"
    whole = page.get(address)
    assert (whole.status_code, whole.content) == (200, data)
    assert whole.headers["content-type"] == "audio/wav"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"] == "no-store"
    part = page.get(address, Range="bytes=100-299")
    assert (part.status_code, part.content) == (206, data[100:300])
    assert part.headers["content-range"] == f"bytes 100-299/{len(data)}"
    assert part.headers["content-length"] == "200"
    end = page.get(address, Range="bytes=-7")
    assert end.content == data[-7:]
    beyond = page.get(address, Range=f"bytes={len(data)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(data)}")
    several = page.get(address, Range="bytes=0-1,4-5")
    assert (several.status_code, len(several.content)) == (200, len(data))
    head = page.client.head(address, headers={"Range": "bytes=0-9"})
    assert (head.status_code, head.headers["content-length"], head.content) == (206, "10", b"")
    other = page.get(address, Range="bytes=0-9", **{"If-Range": '"another"'})
    assert other.status_code == 200


def test_what_is_not_noted_missing_or_changed_is_said_in_a_line(page, sound):
    number = page.number("t1_ann")
    assert page.get(f"/media/{page.number('t2_bob')}").status_code == 404
    assert page.get("/media/99").status_code == 404
    assert page.get("/media/..%2fann.wav").status_code == 404
    sound.write_bytes(sound.read_bytes()[:-1] + b"x")
    changed = page.get(f"/media/{number}")
    assert changed.status_code == 409
    assert "is not the recording it was" in changed.json()["error"]
    sound.unlink()
    missing = page.get(f"/media/{number}")
    assert missing.status_code == 409
    assert "is not there" in missing.json()["error"]


def test_strangers_hear_nothing(page, sound):
    page.client.cookies.clear()
    assert page.get(f"/media/{page.number('t1_ann')}").status_code == 401


def test_files_are_closed_whatever_was_asked_for(page, sound):
    import os

    address = f"/media/{page.number('t1_ann')}"
    before = len(os.listdir("/proc/self/fd"))
    for header in ("", "bytes=0-9", "bytes=99999999-", "bytes=0-1,2-3"):
        page.get(address, Range=header)
        page.client.head(address)
    assert len(os.listdir("/proc/self/fd")) == before


def test_only_a_transcript_with_a_recording_has_a_player(page, sound):
    shown = page.get(f"/t/{page.number('t1_ann')}", Accept="text/html").text
    assert f'src="/media/{page.number("t1_ann")}"' in shown
    assert '<script type="application/json" id="cues">[]</script>' in shown  # it has no times
    assert "<audio" not in page.get(f"/t/{page.number('t2_bob')}", Accept="text/html").text


def talk(turns, times=()):
    text = "0123456789" * 4
    return Transcript(
        name="t", text=text, source=Source(name="t", format="vtt", digest=""),
        turns=tuple(turns), times=tuple(times),
    )  # fmt: skip


def test_segments_begin_when_their_share_of_the_turn_is_said():
    turns = [Turn(span=Span(0, 20), begin=10.0), Turn(span=Span(20, 40), begin=30.0, finish=40.0)]
    units = [Span(0, 10), Span(10, 20), Span(20, 30), Span(30, 40)]
    assert list(find_cues(talk(turns), units)) == [(0, 10.0), (10, 20.0), (20, 30.0), (30, 35.0)]


def test_times_of_words_come_before_those_of_turns():
    turns = [Turn(span=Span(0, 20), begin=0.0, finish=20.0)]
    times = [TimedSpan(Span(0, 4), 0.5, 1.0), TimedSpan(Span(12, 15), 3.0, 4.0)]
    assert list(find_cues(talk(turns, times), [Span(0, 10), Span(10, 20)])) == [(0, 0.5), (10, 3.0)]


def test_what_has_no_time_has_no_cue():
    turns = [Turn(span=Span(0, 20)), Turn(span=Span(20, 40), begin=5.0)]
    assert list(find_cues(talk(turns), [Span(0, 20), Span(20, 30), Span(30, 40)])) == [
        (20, 5.0),
        (30, 5.0),
    ]
