"""Machines that code are told from people wherever people are meant."""

from __future__ import annotations

import pytest

from autocode.core.coding import Coder, Coding
from autocode.core.errors import InputError, NotFound
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import AgreementOptions
from autocode.project import Project


def codings_of(project, coder, n=None):
    """Codings by `coder` of participants' segments that nobody has read."""
    read = {(r.transcript, r.span) for r in project.readings()}
    read |= {(c.transcript, c.span) for c in project.codings()}
    code = next(iter(project.codebook())).id
    left = [s for s in project.segments(role="participant") if (s.transcript, s.span) not in read]
    return [Coding(transcript=s.transcript, span=s.span, code=code, coder=coder) for s in left[:n]]


def test_a_machine_is_kept_as_one(project):
    assert project.add_codings(codings_of(project, "gpt", 3), machines=["gpt"]) == 3
    assert Coder("gpt", "machine") in project.coders()
    assert {c.kind for c in project.coders() if c.name != "gpt"} == {"person"}


def test_a_machine_under_a_persons_name_is_refused(project):
    person = project.coders()[0].name
    with pytest.raises(InputError, match="is a person in this study"):
        project.add_codings(codings_of(project, person, 1), machines=[person])


def test_a_coder_can_be_said_to_be_a_machine(project):
    project.add_codings(codings_of(project, "gpt", 2))
    project.set_coder(Coder("gpt", "machine"))
    assert Coder("gpt", "machine") in project.coders()
    with pytest.raises(NotFound, match="'gtp'"):
        project.set_coder(Coder("gtp", "machine"))


def test_nothing_is_learned_from_a_machine_nor_counted_as_read(project):
    before = project.suggest(HashEncoder())
    project.add_codings(codings_of(project, "gpt"), machines=["gpt"])
    after = project.suggest(HashEncoder())
    shown = [(s.transcript, s.span, s.code, s.probability) for s in before]
    assert [(s.transcript, s.span, s.code, s.probability) for s in after] == shown


def test_people_are_compared_without_the_machine_unless_it_is_named(project):
    before = project.agree()
    project.add_codings(codings_of(project, "gpt"), machines=["gpt"])
    after = project.agree()
    assert after.coders == before.coders
    assert after.n_units == before.n_units
    assert "gpt" in project.agree_on_spans([before.coders[0], "gpt"]).coders


def codings_of_everything(project, coder):
    """The first code on every segment."""
    code = next(iter(project.codebook())).id
    return [
        Coding(transcript=s.transcript, span=s.span, code=code, coder=coder)
        for s in project.segments()
    ]


def test_a_machine_that_coded_everything_changes_nothing_in_the_headline(project):
    before = project.agree()
    project.add_codings(codings_of_everything(project, "gpt"), machines=["gpt"])
    assert project.agree().to_dict() == before.to_dict()


def test_the_machine_named_and_other_machines_are_none_of_the_people(project):
    people = project.agree().coders
    for name in ("gpt", "other"):
        project.add_codings(codings_of_everything(project, name), machines=[name])
    assert project.compare_machine("gpt").humans == people
    named = AgreementOptions(coders=(*people, "gpt"))
    assert project.compare_machine("gpt", options=named).humans == people
    # Nor is a coder kept as a person, where it is the machine compared.
    project.set_coder(Coder("gpt", "person"))
    assert project.compare_machine("gpt").humans == people


def test_saturation_counts_people_only(project):
    before = project.saturation()
    project.add_codings(codings_of(project, "gpt"), machines=["gpt"])
    assert project.saturation() == before


@pytest.mark.parametrize("compare", [Project.agree, Project.agree_on_spans])
def test_coders_named_beside_options_are_those_compared(project, compare):
    project.add_codings(
        [
            Coding(transcript=c.transcript, span=c.span, code=c.code, coder="Lou")
            for c in project.codings(coder="Amina")
        ]
    )
    assert compare(project).coders == ("Amina", "Jonas", "Lou")
    options = AgreementOptions(reading="marked")
    assert compare(project, ["Lou", "Amina"], options=options).coders == ("Lou", "Amina")
    with pytest.raises(InputError, match="Two lists of coders are given"):
        compare(project, ["Lou", "Amina"], options=AgreementOptions(coders=("Amina", "Jonas")))
    with pytest.raises(InputError, match="Give a list of texts"):
        compare(project, "Amina")
    with pytest.raises(InputError, match="Give a list of texts"):
        AgreementOptions(coders="Amina")
