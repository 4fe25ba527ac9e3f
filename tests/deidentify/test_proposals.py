"""Names are proposed with one stand-in a person; what is unclear is left to a person."""

from __future__ import annotations

from autocode.deidentify.proposals import propose_names
from autocode.deidentify.substitution import Substitution

TEXT = (
    "Interviewer: How did you get to know the place?\n"
    "Hannah Lowe: My sister Hannah and I went there. Then Hannah Lowe's bus stopped in Harrowgate. "
    "We lived in Harrowgate on Monday, and there was old Mr Okafor. I told Okafor the NHS is late. "
    "He said that Quentin rang, and then we saw Quentin again with my brother Tom Reed and then "
    "my other brother Tom Swift, and we said hello to Tom and went off.\n"
    + "Interviewer: And then what did you do?\nHannah Lowe: we sat there and it rained and we "
    "waited for the bus that was late again as it always is when it rains in the evening and "
    "nobody was there to tell us when the next one was due so we went home in the end on foot.\n"
    * 3
)


def proposed(**speakers):
    return {p.name: p for p in propose_names([TEXT], speakers or {"Hannah Lowe": None})}


def test_people_places_and_what_is_uncertain_are_told_apart():
    names = proposed()
    assert names["Hannah Lowe"].kind == "person"
    assert names["Okafor"].kind == "person"
    assert names["Harrowgate"].kind == "place"
    assert names["Harrowgate"].n == 2
    assert names["Quentin"].kind == "uncertain"
    assert names["Quentin"].stand_in == ""
    assert "Monday" not in names
    assert "NHS" not in names
    assert any("Harrowgate" in example for example in names["Harrowgate"].examples)


def test_parts_of_one_persons_name_have_one_stand_in():
    names = proposed()
    assert names["Hannah"].stand_in == names["Hannah Lowe"].stand_in == "Person 1"
    assert names["Okafor"].stand_in == "Person 2"
    assert names["Harrowgate"].stand_in == "Place 1"


def test_a_speakers_case_is_the_stand_in():
    names = {p.name: p for p in propose_names([TEXT], {"Hannah Lowe": "P07", "Interviewer": None})}
    assert names["Hannah Lowe"].stand_in == names["Hannah"].stand_in == "P07"
    assert "Interviewer" not in names


def test_what_is_proposed_can_be_applied_where_names_differ_in_capitals_only():
    texts = ["We met Putz. Then Putz left, said putz himself."]
    proposed = propose_names(texts, {"putz": None, "Putz": None, "interview-02": "interview-02"})
    assert {p.name: p.stand_in for p in proposed} == {"Putz": "Person 1", "putz": "Person 1"}
    stand_ins = {p.name: p.stand_in for p in proposed}
    assert Substitution(stand_ins).apply("Putz") == "Person 1"


def test_words_for_a_role_or_a_file_name_nobody():
    labels = dict.fromkeys(["Interviewee", "interviewee2", "interview-40", "Case 3", "Ann Lowe"])
    assert [p.name for p in propose_names(["Ask the Interviewee then."], labels)] == ["Ann Lowe"]
