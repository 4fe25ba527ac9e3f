"""A small invented study as files, and ways to look at a study file without autocode."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

TALK = {
    "t1_ann": (
        "I waited nine months on the waiting list for an assessment.",
        "My sister drove me there every week and sat outside in the car.",
        "I felt ashamed to ask for help from anybody.",
        "The bus stopped running on Sundays so nobody could get there.",
        "Waiting and waiting, months on a waiting list and never a letter.",
        "The bus fare went up again and the bus was always late.",
    ),
    "t2_bob": (
        "They put me on a waiting list and the waiting took a year.",
        "My brother and my mother kept the family going all that time.",
        "It was shame that kept me quiet, I was ashamed in front of everybody.",
        "There was one bus in the morning and one bus back at night.",
        "Nobody rang while I sat waiting for the assessment letter.",
        "We grew beans and onions in the garden behind the day centre.",
    ),
    "t3_cath": (
        "A year of waiting. Then a letter about another waiting list.",
        "My family never knew; my sister would have told my mother.",
        "You feel shame, you feel ashamed when they write it down.",
        "The bus driver knew me by name on that morning bus.",
        "In the garden we dug and the garden was the only quiet place.",
        "I planted onions and beans in the garden with the others.",
    ),
    "t4_dev": (
        "The waiting list was two years long and the letter came too late.",
        "My mother came to every meeting, the family was all I had.",
        "Nobody says they are ashamed but everybody in there felt shame.",
        "Without a car you need the bus and the bus does not come.",
        "The garden had beans, onions, and a bench where people talked.",
        "On Sundays there was no bus at all, so I walked in.",
    ),
}
CODEBOOK = """code,name,parent,definition,example
access,Access,,Reaching a service,
wait,Waiting,access,Waiting for an assessment or a letter,I was months on a waiting list
family,Family,,What family and relatives do,My sister drove me
shame,Shame,,Feeling ashamed of asking for help,I was ashamed
"""
CASES = """case,transcript,speaker,region
A,t1_ann,Ann,north
B,t2_bob,Bob,south
"""
CODED = (
    ("t1_ann", 0, "Amina", "wait"),
    ("t1_ann", 0, "Jonas", "wait"),
    ("t1_ann", 1, "Amina", "family"),
    ("t1_ann", 2, "Jonas", "shame"),
    ("t1_ann", 2, "Amina", "shame"),
    ("t2_bob", 0, "Amina", "wait"),
    ("t2_bob", 1, "Jonas", "family"),
)


def write_sources(folder: Path) -> Path:
    """Write four interviews, a codebook, cases, and codings of two people; returns `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, answers in TALK.items():
        speaker = name.split("_")[1].title()
        lines = [
            f"Interviewer: And what about part {i}?\n{speaker}: {a}\n"
            for i, a in enumerate(answers)
        ]
        (folder / f"{name}.txt").write_text("".join(lines), encoding="utf-8")
    (folder / "codebook.csv").write_text(CODEBOOK, encoding="utf-8")
    (folder / "participants.csv").write_text(CASES, encoding="utf-8")
    rows = [f'{name},"{TALK[name][at]}",{coder},{code}' for name, at, coder, code in CODED]
    table = "\n".join(["transcript,excerpt,coder,code", *rows, ""])
    (folder / "codings.csv").write_text(table, encoding="utf-8")
    return folder


def write_corpus(folder: Path) -> Path:
    """Write a sound corpus folder: two transcripts, five given segments, two coders."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "codebook.csv").write_text("code,name\nx,Ex\ny,Why\n", encoding="utf-8")
    (folder / "segments.csv").write_text(
        "doc_id,segment_id,speaker,text\n"
        "d1,s1,Interviewer,What was it like?\n"
        "d1,s2,Pat,It was cold in the hall.\n"
        "d1,s3,Pat,And nobody said a word.\n"
        "d2,s4,Sam,We had soup.\n"
        "d2,s5,Sam,Then we went home.\n",
        encoding="utf-8",
    )
    (folder / "codings.csv").write_text(
        "segment_id,coder,code\ns2,Kim,x\ns3,Kim,\ns2,Lee,x\ns4,Kim,y\ns5,Kim,x\n",
        encoding="utf-8",
    )
    return folder


def contents(study: Path) -> list[str]:
    """Everything a study file holds, as SQL, read without autocode."""
    with contextlib.closing(sqlite3.connect(study)) as connection:
        return list(connection.iterdump())
