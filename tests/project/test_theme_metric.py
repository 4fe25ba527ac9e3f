"""Draft themes of a study learn from people's codings, and keep what they learned."""

from __future__ import annotations

import pytest

from autocode.core.coding import Coding
from autocode.core.errors import InputError
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import PartitionOptions, ThemeOptions
from autocode.project import Project
from autocode.project.removing import RemovalTarget

from ..small_study import TALK

ENCODER = HashEncoder(n_dimensions=64)
OPTIONS = ThemeOptions(partition=PartitionOptions(n_groups=3), n_draws=0)
CODES = ("wait", "family", "shame")


@pytest.fixture
def coding(project, monkeypatch):
    """The small study with more codings, of which few are enough to learn from."""
    monkeypatch.setattr("autocode.themes.learned_metric.FEWEST_CODES", 3)
    monkeypatch.setattr("autocode.themes.learned_metric.FEWEST_SEGMENTS", 3)
    project.add_codings(coded(project, "Kim", {"t3_cath": CODES, "t4_dev": CODES}))
    return project


def coded(project, coder, by_transcript):
    """Codings of the first segments of transcripts."""
    segments = {
        name: sorted((s for s in project.segments() if s.transcript == name and
                      s.role != "interviewer"), key=lambda s: s.span.start)
        for name in by_transcript
    }  # fmt: skip
    return [
        Coding(transcript=name, span=segment.span, code=code, coder=coder)
        for name, codes in by_transcript.items()
        for segment, code in zip(segments[name], codes, strict=False)
    ]


def test_what_is_learned_from_is_none_of_what_is_drafted(coding, monkeypatch):
    seen = []

    def watch(material, vectors):
        seen.append((material, vectors))
        return None, None

    monkeypatch.setattr("autocode.themes.draft.learn_metric", watch)
    draft = coding.draft_themes(ENCODER, options=OPTIONS)
    [(material, vectors)] = seen
    given = {(c.transcript, c.span) for c in coding.codings()}
    assert len(material.vectors) == len(given) == 11
    assert not given & {(s.transcript, s.span) for s in draft.segments}
    learned = {row.tobytes() for row in material.vectors}
    assert len(vectors) == len(draft.segments)
    assert not learned & {row.tobytes() for row in vectors}


def test_the_draft_says_what_it_learned_from_and_is_read_back_whole(coding):
    draft = coding.draft_themes(ENCODER, options=OPTIONS)
    assert draft.diagnostics.metric.is_used
    assert draft.diagnostics.metric.n_segments == 11
    assert draft.diagnostics.metric.n_codes == 3
    assert coding.themes() == draft
    run = coding.last_run("themes")
    assert run.method.startswith("within-class covariance normalisation + ")
    assert run.parameters["metric"]["n_codings"] == 11
    assert "mean" not in draft.to_dict()["diagnostics"]["metric"]


def test_codings_can_be_ignored(coding):
    options = ThemeOptions(
        partition=PartitionOptions(n_groups=3), n_draws=0, learn_from_codings=False
    )
    draft = coding.draft_themes(ENCODER, options=options)
    assert draft.diagnostics.metric is None
    assert draft.metric is None
    assert coding.draft_themes(ENCODER, options=OPTIONS).metric is not None


def test_nothing_is_learned_from_a_machine(coding):
    before = coding.draft_themes(ENCODER, options=OPTIONS)
    wrong = coded(coding, "a model", {"t1_ann": CODES[::-1]})
    coding.add_codings(wrong, machines={"a model"})
    assert coding.draft_themes(ENCODER, options=OPTIONS).metric == before.metric


def test_a_reopened_study_assigns_later_segments_in_the_metric_of_its_draft(coding, tmp_path):
    draft = coding.draft_themes(ENCODER, options=OPTIONS)
    path = tmp_path / "t5_eve.txt"
    path.write_text("".join(f"Interviewer: And?\nEve: {answer} Yes.\n" for answer in
                            TALK["t3_cath"]))  # fmt: skip
    coding.import_paths([path])
    with Project.open(coding.path) as again:
        # Later codings do not move what a draft was made in.
        again.add_codings(coded(again, "Kim", {"t1_ann": CODES}))
        update = again.update_themes(ENCODER)
        assert update.draft.metric == draft.metric
        assert update.n_added == 6
        assert again.themes() == update.draft


def test_a_metric_is_erased_with_words_and_its_draft_is_not_updated(coding, tmp_path):
    coding.add_codings(coded(coding, "Kim", {"t2_bob": (*CODES, *CODES)}))
    coding.draft_themes(ENCODER, options=OPTIONS)
    coding.erase(RemovalTarget(transcript="t2_bob"), coder="Kim")
    path = tmp_path / "t5_eve.txt"
    path.write_text("Interviewer: And?\nEve: The bus was late again.\n")
    coding.import_paths([path])
    assert coding.themes().metric is None
    with pytest.raises(InputError, match="Draft anew: autocode themes draft"):
        coding.update_themes(ENCODER)
