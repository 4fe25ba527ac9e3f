from __future__ import annotations

import pytest

from autocode.core.codebook import Code, Codebook
from autocode.core.codebook_merge import CodebookFile, merge_codebook
from autocode.core.errors import InputError


def guid_of(code):
    return code.guid or f"guid of {code.id}"


def book(*paths, **parts):
    """Codes by paths such as "Barriers > Cost"; ids are names, or paths where names repeat."""
    names = [path.split(" > ")[-1] for path in paths]
    ids = [n if names.count(n) == 1 else p for n, p in zip(names, paths, strict=True)]
    by_path = dict(zip(paths, ids, strict=True))
    return Codebook(
        tuple(
            Code(id=i, name=n, parent=by_path.get(" > ".join(p.split(" > ")[:-1])), **parts)
            for p, n, i in zip(paths, names, ids, strict=True)
        )
    )


def merge(known, codebook, **options):
    options = {"has_ids": False, "stated": ("name", "parent", "definition")} | options
    change = merge_codebook(known, CodebookFile(codebook=codebook, **options), guid_of)
    after = known.by_id | {code.id: code for code in change.codes}
    return Codebook(tuple(after.values())), change


def paths(codebook):
    return sorted(" > ".join(path) for path in codebook.paths.values())


KNOWN = book("Barriers", "Barriers > Cost", "Helps", definition="as it was")


def test_the_same_file_changes_nothing():
    after, change = merge(KNOWN, KNOWN)
    assert after == KNOWN
    assert (change.codes, change.describe(taken=True)) == ((), ())


def test_a_child_of_the_same_name_under_another_parent_is_a_code_of_its_own():
    after, change = merge(KNOWN, book("Helps", "Helps > Cost", definition="as it was"))
    assert paths(after) == ["Barriers", "Barriers > Cost", "Helps", "Helps > Cost"]
    assert after.by_id["Helps > Cost"].name == "Cost"
    assert (
        "'Helps > Cost' is taken for another code than 'Barriers > Cost'"
        in change.describe(taken=True)[0]
    )


def test_a_code_that_the_file_has_elsewhere_was_moved():
    read = book("Barriers", "Helps", "Helps > Cost", definition="as it was")
    after, change = merge(KNOWN, read)
    assert paths(after) == ["Barriers", "Helps", "Helps > Cost"]
    assert change.describe(taken=True) == ("'Cost': parent 'Barriers' is now 'Helps'",)


def test_a_flat_list_leaves_the_tree():
    after, change = merge(KNOWN, book("cost", definition="new"), stated=("name", "definition"))
    assert after.by_id["Cost"].parent == "Barriers"
    assert after.by_id["Cost"].definition == "new"
    assert len(change.revised) == 1


def test_a_name_of_several_codes_of_the_study_is_refused_in_a_flat_list():
    known = book("A", "A > Cost", "B", "B > Cost")
    with pytest.raises(InputError, match=r"'Cost' may be any of several codes.*'A > Cost'"):
        merge(known, book("Cost"), stated=("name",))


def test_what_a_file_says_nothing_of_stays():
    after, _ = merge(KNOWN, book("Helps", memo="x"), stated=("name", "parent"))
    assert after == KNOWN


def test_a_parent_that_is_only_named_stays_what_it_is():
    read = Codebook((Code(id="Helps", name="Helps", codable=False),))
    after, _ = merge(KNOWN, read, stated=("name", "parent", "codable"), made=("Helps",))
    assert after == KNOWN


def test_identifiers_of_another_program_outlast_a_new_name_and_place():
    known = Codebook((Code(id="a", name="Cost", guid="G1"), Code(id="b", name="Helps", guid="G2")))
    read = Codebook(
        (
            Code(id="Help", name="Help", guid="g2"),
            Code(id="x", name="Price", guid="g1", parent="Help"),
        )
    )
    after, change = merge(known, read)
    assert [(c.id, c.name, c.parent, c.guid) for c in after] == [
        ("a", "Price", "b", "G1"),
        ("b", "Help", None, "G2"),
    ]
    assert change.new == ()


def test_ids_of_the_file_come_before_names():
    known = Codebook((Code(id="k1", name="Cost"), Code(id="k2", name="Help")))
    read = Codebook((Code(id="k1", name="Help"), Code(id="k3", name="Help")))
    after, change = merge(known, read, has_ids=True)
    assert [(c.id, c.name) for c in after] == [("k1", "Help"), ("k2", "Help"), ("k3", "Help")]
    assert any("'k3' has the name of 'k2'" in note for note in change.describe(taken=True))


def test_codes_of_the_study_that_the_file_leaves_out_are_named():
    after, change = merge(KNOWN, book("Barriers", "Helps", definition="as it was"))
    assert after == KNOWN
    assert change.describe(taken=True) == (
        "1 code of the study, not in this file, unchanged: Cost",
    )


def test_a_circle_through_the_study_is_refused():
    known = Codebook((Code(id="a", name="A"), Code(id="b", name="B", parent="a")))
    read = Codebook((Code(id="b", name="B"), Code(id="a", name="A", parent="b")))
    after, _ = merge(known, read, has_ids=True)
    assert after.by_id["a"].parent == "b"
    with pytest.raises(InputError, match="each other's parents"):
        merge(known, read, has_ids=True, stated=("name",), made=("a",))
