"""Queries are understood as they are typed, and every fault says where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.errors import InputError
from autocode.text.search_query import FIELDS, MOST_TERMS, Term, parse_query


def parse(text):
    return [list(clause) for clause in parse_query(text).clauses]


def words(value, **more):
    return Term(kind="words", value=value, **more)


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("bus", [[words("bus")]]),
        ("the bus*", [[words("the")], [words("bus", beginning=True)]]),
        ('"the bus"', [[words("the bus")]]),
        ("“the bus” „so“ «là»", [[words("the bus")], [words("so")], [words("là")]]),
        ("code:wait", [[Term(kind="code", value="wait")]]),
        ('Code:"Being kept"', [[Term(kind="code", value="Being kept")]]),
        ("bus -coder:Ana", [[words("bus")], [Term(kind="coder", value="Ana", negated=True)]]),
        ("bus OR car go", [[words("bus"), words("car")], [words("go")]]),
        ("a OR b OR c", [[words("a"), words("b"), words("c")]]),
        ("role=nurse", [[Term(kind="attribute", name="role", value="nurse")]]),
        ('"age group"="30 to 39"', [[Term(kind="attribute", name="age group", value="30 to 39")]]),
        ("at 12:30", [[words("at")], [words("12:30")]]),
        ("don’t or", [[words("don’t")], [words("or")]]),
        ('speaker:ann"bus"', [[Term(kind="speaker", value="ann")], [words("bus")]]),
    ],
)
def test_queries_are_understood(text, clauses):
    assert parse(text) == clauses


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "Say what to look for"),
        ("   ", "Say what to look for"),
        ("-bus", "only says what must not be there"),
        ('a "bus', "character 3 ('\"bus'): A quotation mark is opened"),
        ("OR bus", "character 1 ('OR')"),
        ("bus OR", "character 5 ('OR')"),
        ("a OR OR b", "character 6 ('OR')"),
        ("bus - car", "character 5 ('-')"),
        ("bus theme:x", "character 5 ('theme:'): There is no field 'theme'"),
        ("bus code:", "character 5 ('code:'): Nothing stands after 'code:'"),
        ("role= x", "Nothing stands after '='"),
        ("wa*t", "character 1 ('wa*t'): A star"),
        ('bus ""', "character 5"),
        ('""=x', "The attribute has no name"),
        ("x " * (MOST_TERMS + 1), f"More than {MOST_TERMS} terms"),
        ("x" * 1001, "at most 1000 characters"),
    ],
)
def test_faults_are_one_line_and_name_the_place(text, fault):
    with pytest.raises(InputError) as refused:
        parse_query(text)
    assert fault in str(refused.value)
    assert "\n" not in str(refused.value)


PIECES = st.sampled_from(
    [*'"“”*-:= \n\t\u200bOR', "OR", *(f"{name}:" for name in FIELDS), "role=", "bus", "é", "😀"]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_whatever_is_typed_is_understood_or_refused_in_a_line(text):
    query = fault = None
    try:
        query = parse_query(text)
    except InputError as error:
        fault = str(error)
    if query is None:
        assert fault
        assert "\n" not in fault
        return
    assert query.terms
    for term in query.terms:
        assert 1 <= term.at <= len(text)
        assert term.value in text


@given(st.lists(st.from_regex(r"[a-zé]{1,9}", fullmatch=True).filter(bool), min_size=1, max_size=9))
def test_plain_words_are_all_terms_in_order(typed):
    assert [term.value for term in parse_query(" ".join(typed)).terms] == typed
