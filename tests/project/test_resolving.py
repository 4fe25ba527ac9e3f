"""A consensus is kept beside what two coders did; their agreement stays what it was."""

from __future__ import annotations

import pytest

from autocode.core.coding import Coding
from autocode.core.errors import InputError, NotFound
from autocode.core.transcript import Span
from autocode.project.hand_coding import Place
from autocode.project.resolving import ResolveOptions


@pytest.fixture
def differing(project):
    """Amina and Jonas coded 'wait' on words of Ann's first answer, each on their own."""
    span = project.transcript("t1_ann").turns[1].span
    own = {"Amina": span, "Jonas": Span(span.start, span.start + 12)}
    for coding in project.codings():
        assert coding.coder in own
    project.add_codings(
        [Coding(transcript="t1_ann", span=at, code="shame", coder=name) for name, at in own.items()]
    )
    return project, own


@pytest.mark.parametrize(
    ("outcome", "whose"),
    [("both", {"Amina", "Jonas"}), ("one", {"Amina"}), ("other", {"Jonas"}), ("neither", set())],
)
def test_an_outcome_is_the_work_of_a_consensus(differing, outcome, whose):
    project, own = differing
    place = Place(transcript="t1_ann", turn=2)
    digest, agreed = project.content_digest(), project.agree().to_dict()
    done = project.resolve(place, "shame", outcome, reason="As defined", coder="Lead")
    settled = [c for c in project.codings() if c.coder == "Consensus"]
    assert {c.span for c in settled} == {own[name] for name in whose}
    assert all(c.memo.endswith(f"{outcome} of Amina and Jonas (Lead): As defined") for c in settled)
    assert any(r.coder == "Consensus" for r in project.readings())
    assert "As defined" in project.memos()[-1].text
    assert {c.name: c.kind for c in project.coders()}["Consensus"] == "consensus"
    assert project.agree().to_dict() == agreed  # blind agreement stays
    assert done.result.codings == tuple(settled)
    project.undo(coder="Lead")
    assert project.content_digest() == digest


def test_the_later_outcome_counts(differing):
    project, own = differing
    place = Place(transcript="t1_ann", turn=2)
    project.resolve(place, "shame", "both", reason="At first", coder="Lead")
    to = Span(own["Jonas"].start, own["Jonas"].end + 5)
    options = ResolveOptions(to=to)
    project.resolve(place, "shame", "span", reason="Too short", coder="Lead", options=options)
    assert [c.span for c in project.codings() if c.coder == "Consensus"] == [to]


def test_what_is_not_clear_is_refused(differing):
    project, _ = differing
    place = Place(transcript="t1_ann", turn=2)
    digest = project.content_digest()
    for outcome, reason, options, says in (
        ("one", " ", ResolveOptions(), "needs a reason"),
        ("span", "So", ResolveOptions(), "needs the new start and end"),
        ("one", "So", ResolveOptions(to=Span(0, 3)), "only it does"),
        ("one", "So", ResolveOptions(consensus="Amina"), "is a person in this study"),
    ):
        with pytest.raises(InputError, match=says):
            project.resolve(place, "shame", outcome, reason=reason, coder="Lead", options=options)
    with pytest.raises(NotFound, match="No coder 'Nobody'"):
        project.resolve(
            place, "shame", "one", reason="So", coder="L", options=ResolveOptions(one="Nobody")
        )
    far = Place(transcript="t1_ann", turn=12)
    with pytest.raises(InputError, match="0 coders worked at this place"):
        project.resolve(far, "shame", "one", reason="So", coder="Lead")
    assert project.content_digest() == digest
