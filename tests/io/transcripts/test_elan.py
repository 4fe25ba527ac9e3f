from __future__ import annotations

from pathlib import Path

import pytest

from autocode.io.transcripts.elan import read_elan

from ..support import utterances_of

AN_EAF = Path("a.eaf")


def slots(*times):
    made = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="t{n}"' + ("" if t is None else f' TIME_VALUE="{t}"') + "/>"
        for n, t in enumerate(times)
    )
    return f"<TIME_ORDER>{made}</TIME_ORDER>"


def aligned(key, first, last, words):
    return (
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{key}" TIME_SLOT_REF1="t{first}"'
        f' TIME_SLOT_REF2="t{last}"><ANNOTATION_VALUE>{words}</ANNOTATION_VALUE>'
        "</ALIGNABLE_ANNOTATION></ANNOTATION>"
    )


def referring(key, to, words):
    return (
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="{key}" ANNOTATION_REF="{to}">'
        f"<ANNOTATION_VALUE>{words}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
    )


def tier(name, *annotations, **attributes):
    more = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<TIER TIER_ID="{name}"{more}>{"".join(annotations)}</TIER>'


def read(*parts):
    whole = f"<ANNOTATION_DOCUMENT>{''.join(parts)}</ANNOTATION_DOCUMENT>"
    return utterances_of(read_elan, AN_EAF, whole.encode())


def test_read_elan_puts_the_tiers_of_two_people_in_order_of_time():
    found, warnings = read(
        slots(0, 1000, 500, 2000),
        tier("a", aligned("1", 0, 1, "How was it?"), PARTICIPANT="Ann"),
        tier("b", aligned("2", 2, 3, "It was fine."), PARTICIPANT="Ben"),
    )
    assert [(u.speaker, u.words, u.begin, u.finish) for u in found] == [
        ("Ann", "How was it?", 0.0, 1.0),
        ("Ben", "It was fine.", 0.5, 2.0),
    ]
    assert warnings == []


def test_read_elan_names_speakers_by_their_tier_where_nobody_else_does():
    found, _ = read(
        slots(0, 1),
        tier("K", aligned("1", 0, 1, "so it is")),
        tier("W", aligned("2", 0, 1, "no no")),
    )
    assert [u.speaker for u in found] == ["K", "W"]


def test_read_elan_leaves_out_gestures_and_tiers_that_depend():
    found, warnings = read(
        slots(0, 1),
        tier("talk", aligned("1", 0, 1, "it was late")),
        tier("words", referring("2", "1", "it was"), PARENT_REF="talk"),
        tier("hands", aligned("3", 0, 1, "stroke")),
    )
    assert [(u.speaker, u.words) for u in found] == [(None, "it was late")]
    assert "hands" in warnings[0]


def test_read_elan_finds_the_words_below_a_tier_of_numbers():
    found, _ = read(
        slots(0, 1500),
        tier("ref@A", aligned("1", 0, 1, "S-001"), PARTICIPANT="Ann"),
        tier("ft@A", referring("2", "1", "I have come now, friend"), PARENT_REF="ref@A"),
        tier("tx@A", referring("3", "1", "nimekuja sasa rafiki"), PARENT_REF="ref@A"),
    )
    assert [(u.speaker, u.words, u.finish) for u in found] == [("Ann", "nimekuja sasa rafiki", 1.5)]


def test_read_elan_keeps_annotations_without_a_time_in_their_place():
    found, warnings = read(
        slots(1000, None, None, 3000, 2000, 2500),
        tier("a", aligned("1", 0, 1, "one one"), aligned("2", 2, 3, "two two")),
        tier("b", aligned("3", 4, 5, "three three")),
    )
    assert [u.words for u in found] == ["one one", "two two", "three three"]
    assert "1 annotation without a time" in warnings[0]


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]><ANNOTATION_DOCUMENT/>', "XML entities"),
        (b"<ANNOTATION_DOCUMENT>", "not a whole ELAN file"),
        (b"<html/>", "not an ELAN file"),
        (b"<ANNOTATION_DOCUMENT/>", "no tier with words"),
    ],
)
def test_read_elan_refuses_in_one_line(refusal, raw, fault):
    assert fault in refusal(AN_EAF, lambda path: utterances_of(read_elan, path, raw))["fault"]
