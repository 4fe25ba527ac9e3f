"""In which order agreement is followed from transcript to transcript."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autocode.agreement.resampling.intervals import Resampling
from autocode.agreement.study.coding_order import order_by_coding_time
from autocode.agreement.study.decisions import Unit
from autocode.agreement.study.table import measure_agreement
from autocode.core.coding import Coding
from autocode.core.transcript import Span

NAMES = ("t1", "t2", "t3")


def found(names=NAMES, coders=("a", "b")):
    units = [
        Unit(transcript=name, excerpt="", applied={"a": frozenset(codes), "b": frozenset("x")})
        for name in names
        for codes in ("x", "")
    ]
    return measure_agreement(
        units, coders, ["x"], unit_name="turn", resampling=Resampling(n_resamples=0)
    )


def coded(transcript, made_at, coder="a"):
    return Coding(transcript=transcript, span=Span(0, 5), code="x", coder=coder, made_at=made_at)


def order(codings, names=NAMES):
    told = order_by_coding_time(found(names), codings)
    return told.drift_order, [step.transcript for step in told.drift]


def test_transcripts_go_by_the_time_they_were_coded():
    codings = [
        coded("t1", "2026-03-03T10:00:00+00:00"),
        coded("t2", "2026-03-01T10:00:00+00:00"),
        coded("t3", "2026-03-02T10:00:00+00:00"),
    ]
    assert order(codings) == ("coded", ["t2", "t3", "t1"])
    steps = order_by_coding_time(found(), codings).drift
    assert [step.coded_at for step in steps] == [
        "2026-03-01T10:00:00+00:00",
        "2026-03-02T10:00:00+00:00",
        "2026-03-03T10:00:00+00:00",
    ]
    plain = {step.transcript: step for step in found().drift}
    assert all(replace(step, coded_at="") == plain[step.transcript] for step in steps)


def test_both_coders_times_count_alike_however_many_codes_they_gave():
    # By all codings together t1 would be early; the mean of the coders' medians is 6 March.
    codings = [coded("t1", f"2026-03-01T10:0{m}:00") for m in range(9)]
    codings += [coded("t1", "2026-03-11T10:00:00", "b"), coded("t2", "2026-03-05T10:00:00")]
    codings += [coded("t3", "2026-03-07T10:00:00")]
    assert order(codings) == ("coded", ["t2", "t1", "t3"])


def test_one_late_second_thought_does_not_move_a_transcript():
    codings = [coded("t1", f"2026-03-01T10:0{m}:00") for m in range(5)]
    codings += [coded("t1", "2026-12-24T10:00:00")]
    codings += [coded("t2", "2026-03-02T10:00:00"), coded("t3", "2026-03-03T10:00:00")]
    assert order(codings) == ("coded", ["t1", "t2", "t3"])


def test_zones_are_heeded_and_a_time_without_one_is_utc():
    codings = [
        coded("t1", "2026-03-01T12:00:00+00:00"),
        coded("t2", "2026-03-01T13:00:00+05:00"),
        coded("t3", "2026-03-01T10:00:00"),
    ]
    assert order(codings) == ("coded", ["t2", "t3", "t1"])


@pytest.mark.parametrize(
    "times",
    [
        ("", "", ""),
        ("long ago", "2026-03-02T10:00:00", "2026-03-01T10:00:00"),
        # The stamps of imports: one second for all, or seconds apart.
        ("2026-03-01T10:00:00", "2026-03-01T10:00:00", "2026-03-01T10:00:00"),
        ("2026-03-01T10:00:04", "2026-03-01T10:00:02", "2026-03-01T10:00:00"),
    ],
)
def test_unknown_times_leave_the_order_of_names(times):
    codings = [coded(*one) for one in zip(NAMES, times, strict=True)]
    told = order_by_coding_time(found(), codings)
    assert told == found()
    assert told.drift_order == "name"


def test_two_imports_on_two_days_are_no_times_of_coding():
    names = [f"t{i}" for i in range(6)]
    codings = [
        coded(name, f"2026-03-0{1 if at >= 3 else 2}T10:00:00") for at, name in enumerate(names)
    ]
    assert order(codings, names) == ("name", names)


def test_a_few_transcripts_without_a_time_come_last():
    names = [f"t{i:02d}" for i in range(20)]
    codings = [coded(name, f"2026-03-{30 - at:02d}T10:00:00") for at, name in enumerate(names)]
    by, told = order(codings[2:], names)
    assert by == "coded"
    assert told == [*names[:1:-1], "t00", "t01"]
    assert order(codings[3:], names) == ("name", names)


def test_other_coders_do_not_say_when_these_two_coded():
    codings = [coded(name, f"2026-03-0{9 - at}T10:00:00", "c") for at, name in enumerate(NAMES)]
    assert order(codings) == ("name", list(NAMES))
