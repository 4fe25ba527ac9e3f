"""Draft themes of invented interviews: what they are called, what shows them, what is not found."""

from __future__ import annotations

import re

import pytest

TALK = {
    "t1_ann": (
        "The bus was late again, and Derek had to drive me to the clinic.",
        "Angela from the clinic rang me, which the night nurse never did.",
        "I could not sleep that night, and Derek sat up with me until three.",
        "Bus after bus went by full, so I missed the appointment again.",
    ),
    "t2_bea": (
        "My bus pass ran out, and Angela at the clinic got me another.",
        "I sleep badly, I wake at three and I am tired all day.",
        "Getting here",
        "The nurse rang on Monday, and the nurse rang on Friday, every week.",
    ),
    "t3_cal": (
        "There is no bus on Sundays, and Derek does not drive any more.",
        "A nurse rang from Harrowgate Lane and asked how I was doing.",
        "Since the tablets I sleep all night, and I am less tired.",
        "Routine.",
    ),
    "t4_dot": (
        "I took two buses and then the last bus home did not come.",
        "When I cannot sleep at night I ring Angela, and she lets me talk.",
        "The nurse never rang back, so I rang the nurse, five times that day.",
        "I was tired of it all, I did not sleep a night that week.",
    ),
}
PEOPLE = {"derek", "angela", "harrowgate", "ann", "bea", "cal", "dot"}


@pytest.fixture
def interviews(cli, tmp_path):
    for name, answers in TALK.items():
        speaker = name.partition("_")[2].title()
        lines = [f"Interviewer: And then?\n{speaker}: {answer}\n" for answer in answers]
        (tmp_path / f"{name}.txt").write_text("".join(lines), encoding="utf-8")
    study = tmp_path / "s.autocode"
    cli("import", study, *sorted(tmp_path.glob("t?_*.txt")))
    cli("segment", study, "--unit", "turn")
    return study


def words_of(text):
    return set(re.findall(r"\w+", text.casefold()))


def test_themes_are_called_by_words_their_segments_share_and_not_by_people(cli_json, interviews):
    drafted = cli_json("themes", "draft", interviews, "--draws", 0, "--themes", 3)
    assert drafted["themes"]
    for theme in drafted["themes"]:
        excerpts = [member["excerpt"] for member in theme["members"]]
        name = words_of(theme["name"])
        if theme["name"].startswith("“"):
            assert any(theme["name"][1:-1].rstrip(" …") in excerpt for excerpt in excerpts)
            continue
        assert len(name) <= 4
        assert sum(bool(name & words_of(e)) for e in excerpts) >= 0.35 * len(excerpts)
        assert name.isdisjoint(PEOPLE | {"the", "and", "was", "did", "not"})
        assert not {word for term in theme["terms"] for word in term.split()} & PEOPLE


def test_headings_and_single_words_show_no_theme(cli_json, interviews):
    for theme in cli_json("themes", "draft", interviews, "--draws", 0)["themes"]:
        shown = theme["exemplars"]
        assert all(len(one["excerpt"].split()) >= 8 for one in shown)
        assert len({one["participant"] for one in shown}) == len(shown)


def test_what_is_not_found_by_likeness_is_not_said_to_be_absent(cli, interviews):
    about = "ethnic minority: being treated as aggressive by strangers"
    shown = " ".join(
        cli("themes", "draft", interviews, "--draws", 0, "--about", about).stdout.split()
    )
    assert "'ethnic minority': not found by likeness" in shown
    assert "People may speak of it in other words" in shown
    assert "nearest to 'ethnic minority'" in shown
    assert not re.search(r"no (uncoded )?segment", shown)
