from __future__ import annotations

import pytest

from autocode.core.codebook import Code, Codebook
from autocode.core.errors import InputError, NotFound

BOOK = Codebook(
    (
        Code(id="access", name="Getting in"),
        Code(id="waiting", name="Waiting", parent="access"),
        Code(id="self", name="Trust"),
        Code(id="crisis", name="Crisis", parent="access"),
        Code(id="lists", name="Lists", parent="waiting"),
        Code(id="others", name="Trust"),
    )
)


@pytest.mark.parametrize(("id", "name"), [("", "A"), ("a", ""), (" ", "A"), ("a", "\n")])
def test_code_refuses_blank_id_or_name(id, name):
    with pytest.raises(InputError, match="id and a name"):
        Code(id=id, name=name)


def test_codebook_refuses_a_repeated_id():
    with pytest.raises(InputError, match=r"'a'.*twice"):
        Codebook((Code(id="a", name="A"), Code(id="a", name="B")))


def test_codebook_refuses_an_unknown_parent():
    with pytest.raises(InputError, match="'a' names the parent 'nobody'"):
        Codebook((Code(id="a", name="A", parent="nobody"),))


@pytest.mark.parametrize(
    ("parents", "circle"),
    [({"a": "a"}, "a > a"), ({"a": "b", "b": "a"}, "a > b > a"), ({"a": "b", "b": "b"}, "b > b")],
)
def test_codebook_refuses_a_circle_of_parents(parents, circle):
    with pytest.raises(InputError, match=circle):
        Codebook(tuple(Code(id=id, name=id, parent=parent) for id, parent in parents.items()))


def test_codebook_takes_children_before_their_parents():
    book = Codebook((Code(id="child", name="Child", parent="top"), Code(id="top", name="Top")))
    assert [code.id for _, code in book.walk()] == ["top", "child"]


def test_codebook_walk_goes_down_before_on():
    assert [(depth, code.id) for depth, code in BOOK.walk()] == [
        (0, "access"),
        (1, "waiting"),
        (2, "lists"),
        (1, "crisis"),
        (0, "self"),
        (0, "others"),
    ]


def test_codebook_children_keep_their_order():
    assert [code.id for code in BOOK.children("access")] == ["waiting", "crisis"]
    assert BOOK.children("lists") == []


@pytest.mark.parametrize("name", ["waiting", "Waiting", " WAITING "])
def test_codebook_find_takes_id_or_name_in_any_case(name):
    assert BOOK.find(name).id == "waiting"


def test_codebook_find_prefers_the_id_to_a_name():
    book = Codebook((Code(id="a", name="b"), Code(id="b", name="a")))
    assert book.find("a").id == "a"


def test_codebook_find_refuses_a_name_of_several_codes():
    with pytest.raises(NotFound, match=r"self, others.*Use the id"):
        BOOK.find("trust")


def test_codebook_find_names_the_nearest():
    with pytest.raises(NotFound, match=r"'wating'.*Did you mean 'waiting'\?"):
        BOOK.find("wating")


def test_codebook_find_lists_each_code_once_by_a_name_that_finds_it():
    with pytest.raises(NotFound) as refused:
        BOOK.find("qqqq")
    listed = "(6 known). Known: Crisis, Getting in, Lists, Waiting, others, self."
    assert str(refused.value).endswith(listed)


def test_codebook_contains_ids_only():
    assert "crisis" in BOOK
    assert "Crisis" not in BOOK
    assert len(BOOK) == 6


def test_codebook_candidates_leave_out_headings():
    assert [code.id for code in BOOK.candidates()] == ["self", "crisis", "lists", "others"]


def test_codebook_candidates_hold_headings_that_people_applied():
    assert "access" in {code.id for code in BOOK.candidates(["access", "crisis"])}
    assert "waiting" not in {code.id for code in BOOK.candidates(["access"])}


def test_levels_count_from_the_top():
    codes = [Code(id="a", name="a"), Code(id="b", name="b", parent="c")]
    codebook = Codebook((*codes, Code(id="c", name="c", parent="a")))
    assert codebook.levels == {"a": 0, "c": 1, "b": 2}
    assert codebook.n_levels == 3
    assert Codebook().n_levels == 0


def test_deep_codebook_is_made_and_walked_without_recursion():
    codes = [Code(id="0", name="0")]
    codes += [Code(id=str(n), name="x", parent=str(n - 1)) for n in range(1, 5000)]
    assert [depth for depth, _ in Codebook(tuple(codes)).walk()] == list(range(5000))
