from __future__ import annotations

from pathlib import Path

import pytest

from autocode.io.transcripts.praat import read_textgrid
from autocode.io.transcripts.read import read_transcript

from ..support import utterances_of

A_GRID = Path("a.TextGrid")


def long(*tiers):
    """A TextGrid as Praat writes it by default; a tier is a name and (begin, end, words)."""
    text = (
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0 \nxmax = 9 \n'
        f"tiers? <exists> \nsize = {len(tiers)} \nitem []: \n"
    )
    for n, (name, marks) in enumerate(tiers, start=1):
        text += (
            f'    item [{n}]:\n        class = "IntervalTier" \n        name = "{name}" \n'
            f"        xmin = 0 \n        xmax = 9 \n        intervals: size = {len(marks)} \n"
        )
        for k, (begin, end, words) in enumerate(marks, start=1):
            text += (
                f"        intervals [{k}]:\n            xmin = {begin} \n"
                f'            xmax = {end} \n            text = "{words}" \n'
            )
    return text


def short(*tiers):
    lines = ['File type = "ooTextFile"', '"TextGrid"', "", "0", "9", "<exists>", str(len(tiers))]
    for name, marks in tiers:
        lines += ['"IntervalTier"', f'"{name}"', "0", "9", str(len(marks))]
        for begin, end, words in marks:
            lines += [str(begin), str(end), f'"{words}"']
    return "\n".join(lines)


TALK = (
    ("Ann", [(0, 1, "How was it?"), (1, 3, ""), (3, 4, 'She said ""go"" 2 times')]),
    ("Ben", [(0, 1.5, ""), (1.5, 3, "It was fine.")]),
)


@pytest.mark.parametrize("form", [long, short])
def test_read_textgrid_reads_both_forms(form):
    found, warnings = utterances_of(read_textgrid, A_GRID, form(*TALK))
    assert [(u.speaker, u.words, u.begin, u.finish) for u in found] == [
        ("Ann", "How was it?", 0.0, 1.0),
        ("Ben", "It was fine.", 1.5, 3.0),
        ("Ann", 'She said "go" 2 times', 3.0, 4.0),
    ]
    assert warnings == []


def test_textgrid_in_utf16_is_read(write):
    transcript = read_transcript(write("a.TextGrid", long(*TALK), "utf-16"))
    assert transcript.source.format == "textgrid"
    assert len(transcript.turns) == 3


def test_read_textgrid_joins_words_between_two_silences():
    words = [(0, 1, "sp"), (1, 2, "it"), (2, 3, "rained"), (3, 4, "sil"), (4, 5, "much")]
    sounds = [(0, 1, "IH1"), (1, 2, "T")]
    found, warnings = utterances_of(read_textgrid, A_GRID, long(("phone", sounds), ("word", words)))
    assert [(u.words, u.begin, u.finish) for u in found] == [("it rained", 1, 3), ("much", 4, 5)]
    assert "phone" in warnings[0]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (long(*TALK)[:300], "not a whole TextGrid"),
        ("!", "not a whole TextGrid"),
        (short(("a", [(0, 1, "sp")])), "holds"),
        (short(("a", [])), "no tier with words"),
        (short(("a", [])).removesuffix("0") + "99999999999", "not a whole TextGrid"),
    ],
)
def test_read_textgrid_refuses_in_one_line(refusal, text, fault):
    assert fault in refusal(A_GRID, lambda path: utterances_of(read_textgrid, path, text))["fault"]
