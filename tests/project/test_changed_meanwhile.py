"""Two open projects of one study: what one decides is not lost to what the other computes."""

from __future__ import annotations

import pytest

from autocode.core.coding import ThemeDecision
from autocode.core.errors import StudyChanged
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import PartitionOptions, ThemeOptions
from autocode.project import Project

OPTIONS = ThemeOptions(partition=PartitionOptions(n_groups=3), n_draws=0)


class Meanwhile(HashEncoder):
    """An encoder that lets something else happen when it is first asked for vectors."""

    def __init__(self, happen):
        super().__init__()
        self._happen = [happen]

    def encode(self, texts, **options):
        if self._happen:
            self._happen.pop()()
        return super().encode(texts, **options)


class MeanwhileAnew(Meanwhile):
    """One whose vectors no study knows yet, so that it is asked."""

    @property
    def digest(self):
        return "9" * 64


@pytest.fixture
def other(project):
    """The same study, opened by somebody else."""
    with Project.open(project.path) as opened:
        yield opened


def drop_first(project):
    key = project.themes().themes[0].key
    project.decide_theme(ThemeDecision(action="drop", themes=(key,), coder="Kim"))
    return key


def add_transcript(project, sources):
    path = sources / "later.txt"
    path.write_text("Interviewer: And now?\nEve: Nobody came to the house for a long, long year.\n")
    project.add_transcript(path)


def test_an_update_of_themes_keeps_what_was_decided_meanwhile(project, other, sources):
    project.draft_themes(HashEncoder(), options=OPTIONS)
    add_transcript(project, sources)
    dropped = []
    project.update_themes(Meanwhile(lambda: dropped.append(drop_first(other))))
    assert dropped[0] not in {theme.key for theme in project.themes().themes}
    assert [d.action for d in project.theme_decisions()] == ["drop"]


def test_drafting_is_refused_where_it_would_undo_a_decision_made_meanwhile(project, other):
    project.draft_themes(HashEncoder(), options=OPTIONS)
    encoder = MeanwhileAnew(lambda: drop_first(other))
    with pytest.raises(StudyChanged, match="run it again") as caught:
        project.draft_themes(encoder, options=OPTIONS)
    assert "Kim" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert project.themes() == other.themes()
    assert len(project.theme_decisions()) == 1


def test_segmenting_is_refused_where_it_would_undo_a_decision_made_meanwhile(project, other):
    project.draft_themes(HashEncoder(), options=OPTIONS)
    done = []

    def progress(*_):
        if not done:
            done.append(drop_first(other))

    with pytest.raises(StudyChanged, match="run it again"):
        project.segment("paragraph", progress=progress)
    assert len(project.themes().themes) == 2


def test_suggestions_follow_codings_made_meanwhile(suggesting):
    first = suggesting.suggestions()[0]
    with Project.open(suggesting.path) as other:
        encoder = MeanwhileAnew(lambda: other.decide(first, "accept", coder="Kim"))
        made = suggesting.suggest(encoder)
    assert made == suggesting.suggestions()
    assert (first.transcript, first.span) not in {(s.transcript, s.span) for s in made}
    assert [d.suggestion for d in suggesting.decisions()] == [first.number]


def test_a_revision_grows_with_changes_only(project, sources):
    before = project.revision().number
    project.import_paths([sources])
    project.segments()
    assert project.revision().number == before
    project.set_role("Ann", "unknown")
    assert project.revision().number == before + 1
    assert project.revision().change == "speakers corrected"


def test_a_snapshot_is_of_one_state(project):
    with project.snapshot() as study:
        before = study.counts()
        with Project.open(project.path) as other:
            other.segment("sentence")
        assert len(study.segments()) == before["segments"]
    assert len(project.segments()) != before["segments"]
