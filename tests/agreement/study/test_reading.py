"""What counts as read where a study holds no readings of a coder."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autocode.agreement.reporting.methods_text import describe_reading
from autocode.agreement.study.reading import ReadingAccount, find_assumed_readings
from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.errors import InputError
from autocode.core.transcript import Segment, Span
from autocode.pipeline import (
    AgreementOptions,
    Study,
    agree,
    agree_on_spans,
    machine_beside_people,
)

N_LINES = 13
WIDTH = 10
NAMES = ("paper_1", "paper_2")
CODES = ("a", "b", "c", "d")


def line(at, transcript="paper_1"):
    return Segment(
        transcript=transcript,
        span=Span(WIDTH * at, WIDTH * (at + 1)),
        excerpt=f"the words of line {at}"[:WIDTH],
        role="participant",
    )


def coding(at, code, coder, **more):
    segment = line(at)
    return Coding(transcript=segment.transcript, span=segment.span, code=code, coder=coder, **more)


def reading(at, coder, basis="imported"):
    return Reading("paper_1", line(at).span, coder, basis)


def study(codings, readings=(), **more):
    return Study(
        segments=[line(at) for at in range(N_LINES)],
        codebook=Codebook([Code(id=code, name=code) for code in CODES]),
        codings=codings,
        readings=list(readings),
        **more,
    )


def walked():
    """Six lines coded alike, three differently, four by one coder only."""
    alike = [(at, code) for at in range(4) for code in (CODES[at], CODES[at - 1])]
    alike += [(4, "a"), (5, "b"), (6, "c"), (7, "d")]
    only_c5 = [(6, "a"), (7, "b"), (8, "c")]
    both = [*((at, code, coder) for coder in ("C5", "C6") for at, code in alike)]
    rows = [*both, *((at, code, "C5") for at, code in only_c5), (8, "a", "C6")]
    omitted = [(9, "a"), (10, "b"), (11, "c"), (12, "d"), (12, "a")]
    return [coding(*row) for row in rows] + [coding(at, code, "C5") for at, code in omitted]


def kappa(agreement):
    return agreement.overall["pooled_kappa"].value


def test_an_omission_counts_against_agreement():
    material = study(walked())
    agreement = agree(material)
    assert (agreement.n_units, round(kappa(agreement), 2)) == (13, 0.61)
    assert len(agreement.disagreements) == 7
    assert agreement.reading.n_assumed == 4
    strict = agree(material, AgreementOptions(reading="marked"))
    assert (strict.n_units, round(kappa(strict), 2)) == (9, 0.77)
    assert strict.reading.n_assumed == 4


def test_recorded_readings_and_the_assumption_give_the_same():
    recorded = study(walked(), [reading(at, c) for at in range(N_LINES) for c in ("C5", "C6")])
    agreement = agree(recorded)
    assert kappa(agreement) == kappa(agree(study(walked())))
    assert kappa(agreement) == kappa(agree(recorded, AgreementOptions(reading="marked")))
    assert agreement.reading == ReadingAccount()


def test_readings_that_say_otherwise_are_kept_to():
    """C6 read ten lines of thirteen, and says so."""
    material = study(walked(), [reading(at, "C6") for at in range(10)])
    agreement = agree(material)
    assert agreement.n_units == 10
    assert [a.coder for a in agreement.reading.assumed] == ["C5"]


def test_an_accepted_suggestion_is_no_sign_of_having_read_the_rest():
    codings = [coding(0, "a", "C5"), coding(0, "a", "C6", basis="decision")]
    readings = [reading(0, "C6", "decision")]
    agreement = agree(study(codings, readings))
    assert agreement.n_units == 1
    assert [a.coder for a in agreement.reading.assumed] == ["C5"]


def test_deciding_after_coding_by_hand_takes_nothing_back():
    material = study(walked(), [reading(12, "C6", "decision"), reading(3, "C5", "decision")])
    agreement = agree(material)
    assert (agreement.n_units, round(kappa(agreement), 2)) == (13, 0.61)
    assert agreement.reading.n_assumed == 3


def test_a_transcript_a_coder_did_not_open_is_not_read():
    segments = [line(at, name) for name in NAMES for at in range(N_LINES)]
    agreement = agree(replace(study(walked()), segments=segments))
    assert agreement.n_transcripts == 1


@pytest.mark.parametrize("unit", ["segment", "character", "overlap"])
def test_units_of_every_kind_rest_on_it(unit):
    material = study(walked())
    assumed = agree(material, AgreementOptions(unit=unit))
    marked = agree(material, AgreementOptions(unit=unit, reading="marked"))
    assert assumed.n_units == marked.n_units + 4 == marked.n_units + assumed.reading.n_assumed


def test_spans_are_compared_on_what_is_taken_as_read():
    material = study(walked())
    assumed = agree_on_spans(material)
    assert assumed.n_characters == N_LINES * WIDTH
    assert assumed.reading.n_assumed == 4 * WIDTH
    assert agree_on_spans(material, AgreementOptions(reading="marked")).n_characters == 9 * WIDTH


def test_a_machine_has_read_what_it_coded_in():
    codings = [*walked(), *(coding(at, "a", "Model") for at in range(0, N_LINES, 2))]
    report = machine_beside_people(study(codings, machines=frozenset({"Model"})), "Model")
    assert report.n_units == N_LINES
    assert report.reading.n_assumed > 0
    assert report.to_dict()["reading"]["rule"] == "assumed"


def test_a_transcript_that_a_coder_only_began_is_named():
    codings = [coding(at, "a", "Amina") for at in range(N_LINES)] + [
        coding(at, "a", "Ben") for at in range(5)
    ]
    agreement = agree(study(codings))
    (begun,) = agreement.reading.begun
    assert (begun.coder, begun.transcript, begun.n_codings) == ("Ben", "paper_1", 5)
    assert begun.last_coding_at == pytest.approx(5 / N_LINES)
    words = describe_reading(agreement.reading, agreement.n_units)
    assert "8 of 13 units rest on the assumption" in words
    assert "Ben's last coding stands at 38\N{NO-BREAK SPACE}% of paper_1" in words
    strict = agree(study(codings), AgreementOptions(reading="marked"))
    assert "8 units that a coder left without a code" in describe_reading(strict.reading, 5)


def test_an_unknown_rule_is_refused():
    with pytest.raises(InputError, match="No reading rule 'all'"):
        agree(study(walked()), AgreementOptions(reading="all"))


def test_codings_outside_what_is_compared_say_nothing():
    elsewhere = Coding(transcript="other", span=Span(0, 5), code="a", coder="C5")
    assert find_assumed_readings([line(0)], [elsewhere], []) == ()
