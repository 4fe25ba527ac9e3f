from __future__ import annotations

import pytest

from autocode.io.transcripts.clocks import BARE, WRAPPED, is_of_day, mask_times, parse_time


@pytest.mark.parametrize(
    ("written", "begin", "finish"),
    [
        ("0:21", 21, None),
        ("1:02:03.5", 3723.5, None),
        ("00:00:12,345", 12.345, None),
        ("00.01.10", 70, None),
        ("[00:00:00-00:00:06]", 0, 6),
        ("[00:00.000 --> 00:02.400]", 0, 2.4),
        ("[0.00s -> 2.40s]", 0, 2.4),
        ("#00:00:03-1#", 3, None),
        ("0 minutes 5 seconds", 5, None),
        ("1h02m03s", 3723, None),
        ("3'05", 185, None),
        ("00:00:12:05", 12, None),
        ("(10:02 AM)", 36_120, None),
        ("12:30 p.m.", 45_000, None),
        ("[04/03/2024, 10:00:11]", 36_011, None),
        ("04.03.2024 10:00", 36_000, None),
        ("Mar 4, 2024 10:02 PM", 79_320, None),
        (None, None, None),
        ("Ann", None, None),
    ],
)
def test_parse_time_reads_what_people_write(written, begin, finish):
    assert parse_time(written) == (
        None if begin is None else pytest.approx(begin),
        None if finish is None else pytest.approx(finish),
    )


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("Anna Lee  1:02:03", f"Anna Lee  {BARE * 7}"),
        ("[04/03/2024, 10:00:11] Leila: so", f"{WRAPPED * 22} Leila: so"),
        ("10:02 AM", BARE * 8),
        ("Room 4: Ngozi", "Room 4: Ngozi"),
        ("1415***0123: they", "1415***0123: they"),
        ("in the 1990s", "in the 1990s"),
        ("1:2:3:4:5", "1:2:3:4:5"),
    ],
)
def test_mask_times_blots_out_whole_times_only(line, masked):
    assert mask_times(line) == masked


def test_is_of_day_tells_a_clock_on_the_wall_from_a_media_time():
    assert is_of_day("10:02 AM")
    assert is_of_day("[04/03/2024, 10:00:11]")
    assert not is_of_day("[00:10:02]")
