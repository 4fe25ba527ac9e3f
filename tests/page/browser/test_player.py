"""Hearing a transcript in a browser: played from a segment, followed in the text, stopped."""

from __future__ import annotations

import re
import shutil

import pytest

from autocode.project import Project

from ...sounds import write_silent_mp3, write_silent_opus, write_tone
from .support import Screen, expect, violations

VTT = """WEBVTT

00:00.000 --> 00:03.000
<v Interviewer>How did you come to the clinic?</v>

00:03.500 --> 00:12.000
<v Ann>I waited for eleven months. Nobody called me.</v>

00:12.500 --> 00:20.000
<v Ann>The bus does not run on Sundays.</v>
"""
WAITED, BUS = "I waited for eleven months.", "The bus does not run"


@pytest.fixture
def study(built, tmp_path):
    study = shutil.copy(built, tmp_path / "small.autocode")
    (tmp_path / "talk.vtt").write_text(VTT, encoding="utf-8")
    with Project.open(study) as project:
        project.import_paths([tmp_path / "talk.vtt"])
        for name in ("talk", "t1_ann"):
            sound = write_tone(tmp_path / f"{name}.wav", seconds=21)
            project.add_recording(name, sound, coder="Amina")
    return study


def at(screen):
    return screen.page.evaluate("document.getElementById('sound').currentTime")


def test_it_plays_from_the_segment_and_is_followed(screen):
    screen.open("talk")
    screen.focus(BUS)
    screen.press(" ")
    expect(screen.page.locator("#play")).to_contain_text("Pause")
    expect(screen.page.locator(".unit.heard")).to_contain_text(BUS)
    assert 12.4 <= at(screen) < 16
    screen.press(",", ",", ",")
    expect(screen.page.locator(".unit.heard")).to_contain_text(WAITED)
    screen.press(" ")
    expect(screen.page.locator("#play")).to_contain_text("Play")
    expect(screen.unit(WAITED)).to_be_focused()  # what was heard last is what the next key is about
    stopped = at(screen)
    screen.press(" ")
    expect(screen.page.locator("#play")).to_contain_text("Pause")
    assert stopped <= at(screen) < stopped + 2  # on from there, not from the segment's beginning
    screen.press("k", " ")
    assert screen.page.evaluate("document.activeElement.textContent").startswith("How did you")
    screen.press(" ")
    expect(screen.page.locator(".unit.heard")).to_contain_text("How did you")
    screen.press(".", ".")
    expect(screen.page.locator(".unit.heard")).to_contain_text(WAITED)
    screen.code("wait")
    screen.says("Coded Waiting")
    screen.saved()


@pytest.mark.parametrize(
    ("name", "write"), [("talk.mp3", write_silent_mp3), ("talk.opus", write_silent_opus)]
)
def test_other_kinds_of_recordings_are_played_too(screen, tmp_path, name, write):
    sound = write(tmp_path / name, seconds=21)
    screen.server.project.add_recording("talk", sound, coder="Amina")
    screen.open("talk")
    expect(screen.page.locator("#play-time")).to_have_text(re.compile("^00:00 of 00:2[01]$"))
    screen.focus(BUS)
    screen.press(" ")
    expect(screen.page.locator("#play")).to_contain_text("Pause")
    screen.until(lambda: at(screen), lambda seconds: seconds > 12.6)
    screen.press(" ")


def test_the_rate_and_the_place_are_chosen(screen):
    screen.open("talk")
    screen.page.locator("#play-rate").select_option("1.5")
    assert screen.page.evaluate("document.getElementById('sound').playbackRate") == 1.5
    expect(screen.page.locator("#play-time")).to_have_text("00:00 of 00:21")
    screen.page.locator("#play-at").focus()
    screen.press("End")
    expect(screen.page.locator("#play-time")).to_have_text("00:21 of 00:21")
    expect(screen.page.locator(".unit.heard")).to_contain_text(BUS)
    assert screen.page.locator("#play-at").get_attribute("aria-valuetext") == "00:21"


def test_without_times_it_plays_and_says_that_it_is_not_followed(screen):
    screen.open("t1_ann")
    expect(screen.page.locator("#play-note")).to_contain_text("No times in this transcript")
    screen.focus("The bus fare went up")
    screen.press(" ")
    expect(screen.page.locator("#play")).to_contain_text("Pause")
    screen.press(" ")
    assert screen.page.locator(".heard").count() == 0


def test_a_recording_that_has_gone_is_said_in_a_line(screen, tmp_path):
    (tmp_path / "talk.wav").unlink()
    screen.open("talk")
    expect(screen.page.locator("#play-note")).to_contain_text("talk.wav: is not there")


def test_a_recording_that_is_put_back_plays(screen, tmp_path):
    away = (tmp_path / "talk.wav").rename(tmp_path / "away.wav")
    screen.open("talk")
    note = screen.page.locator("#play-note")
    expect(note).to_contain_text("talk.wav: is not there")
    away.rename(tmp_path / "talk.wav")
    screen.focus(BUS)
    screen.press(" ")
    screen.until(lambda: at(screen), lambda seconds: seconds > 12.6)
    expect(note).to_have_text("")
    screen.press(" ")


def test_a_recording_that_ends_before_the_segment_says_so(screen, tmp_path):
    sound = write_tone(tmp_path / "short.wav", seconds=5)
    screen.server.project.add_recording("talk", sound, coder="Amina")
    screen.open("talk")
    note = screen.page.locator("#play-note")
    expect(note).to_contain_text("ends at 00:05, and the transcript goes on at 00:12")
    screen.focus(BUS)
    screen.press(" ")
    screen.says("The recording ends before this segment is said.")
    assert at(screen) == 0


def test_a_recording_that_takes_long_to_come_says_so(screen):
    held, released = [], []

    def hold(route):
        route.continue_() if released else held.append(route)

    screen.page.route("**/media/*", hold)
    screen.open("talk")
    screen.focus(BUS)
    screen.press(" ")
    note = screen.page.locator("#play-note")
    expect(note).to_have_text("The recording is being loaded …")
    released.append(True)
    for route in held:
        route.continue_()
    screen.until(lambda: at(screen), lambda seconds: seconds > 12.6)
    expect(note).to_have_text("")
    screen.press(" ")


def test_without_a_recording_the_key_says_how_to_add_one(screen):
    screen.open("t2_bob")
    screen.focus("There was one bus")
    screen.press(" ")
    screen.says("autocode audio add")


@pytest.mark.parametrize("look", [{"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_the_player_has_no_violation_and_fits(chromium, serve, study, look):
    screen = Screen(chromium, serve(study), viewport={"width": 320, "height": 640}, **look)
    screen.sign_in("Amina")
    screen.open("talk")
    assert violations(screen.page) == []
    assert screen.page.evaluate("document.documentElement.scrollWidth") <= 320
    screen.close()
