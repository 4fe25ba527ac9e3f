"""Themes over time in a study: what came later, decisions that stay, order of import."""

from __future__ import annotations

import numpy as np
import pytest

from autocode.core.coding import Coding, ThemeDecision
from autocode.core.errors import InputError, NothingToDo
from autocode.core.progress import silent
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import GuidingPhrases, PartitionOptions, ThemeOptions
from autocode.project import Project

from ..small_study import TALK

ENCODER = HashEncoder(n_dimensions=2048)
HOW = ThemeOptions(
    partition=PartitionOptions(n_groups=4),
    n_draws=0,
    guiding=(GuidingPhrases(("onions and beans in the garden",), "Garden"),),
)


def interview(folder, name, source, speaker):
    """An interview with the words of one of the small study's, a little changed."""
    path = folder / f"{name}.txt"
    words = [a.replace("bus", "coach").replace("months", "weeks") for a in TALK[source]]
    path.write_text("".join(f"Interviewer: And part {i}?\n{speaker}: {a}\n"
                            for i, a in enumerate(words)))  # fmt: skip
    return path


def placed(draft):
    return [(t.key, t.name, t.members) for t in draft.themes], draft.unassigned


@pytest.mark.slow
def test_what_is_imported_later_joins_the_themes(project, tmp_path):
    before = project.draft_themes(ENCODER, options=HOW)
    project.import_paths([interview(tmp_path, "t5_eve", "t3_cath", "Eve")])
    found = project.update_themes(ENCODER)
    assert found.n_added == 6
    assert project.themes() == found.draft
    assert [t.key for t in found.draft.themes[: len(before.themes)]] == [
        t.key for t in before.themes
    ]
    held = [m.segment for t in found.draft.themes for m in t.members]
    held += [n.segment for n in found.draft.unassigned]
    assert sum(s.transcript == "t5_eve" for s in held) == 6
    assert len(held) == len(set(held))
    with pytest.raises(NothingToDo, match="Import new transcripts first"):
        project.update_themes(ENCODER)


@pytest.mark.slow
def test_decisions_survive_an_update(project, tmp_path):
    draft = project.draft_themes(ENCODER, options=HOW)
    first, second, third = [t.key for t in draft.themes][-3:]
    project.decide_theme(
        ThemeDecision(action="merge", themes=(first, second), coder="Kim", name="Both")
    )
    project.decide_theme(ThemeDecision(action="drop", themes=(third,), coder="Kim"))
    dropped = {m.segment for t in draft.themes if t.key == third for m in t.members}
    project.import_paths([interview(tmp_path, "t5_eve", "t4_dev", "Eve")])
    after = project.update_themes(ENCODER).draft
    named = {t.key: t.name for t in after.themes}
    assert named[first] == "Both"
    assert not {second, third} & set(named)
    assert dropped <= {n.segment for n in after.unassigned}
    assert [d.action for d in project.theme_decisions()] == ["merge", "drop"]


@pytest.mark.slow
def test_order_of_import_does_not_matter(sources, tmp_path):
    drafts = []
    for number, order in enumerate([("t5_eve", "t6_fay"), ("t6_fay", "t5_eve")]):
        of = {"t5_eve": "t3_cath", "t6_fay": "t2_bob"}
        with Project.open(tmp_path / f"{number}.autocode", create_new=True) as project:
            project.import_paths([sources])
            project.draft_themes(ENCODER, options=HOW)
            for name in order:
                project.import_paths([interview(tmp_path, name, of[name], name[3:].title())])
            drafts.append(placed(project.update_themes(ENCODER).draft))
    assert drafts[0] == drafts[1]


@pytest.mark.slow
def test_another_encoder_is_refused(project, tmp_path):
    project.draft_themes(ENCODER, options=HOW)
    project.import_paths([interview(tmp_path, "t5_eve", "t3_cath", "Eve")])
    before = project.themes()
    with pytest.raises(InputError, match="cannot be compared"):
        project.update_themes(HashEncoder())
    assert project.themes() == before


@pytest.mark.slow
def test_guided_themes_merge_into_a_guided_one_and_with_others_into_none(project):
    guiding = (*HOW.guiding, GuidingPhrases(("There was no bus on Sundays at all",), "Bus"))
    draft = project.draft_themes(
        ENCODER,
        options=ThemeOptions(partition=PartitionOptions(n_groups=2), n_draws=0, guiding=guiding),
    )
    assert [bool(t.guidance) for t in draft.themes[:3]] == [True, True, False]
    merged = project.decide_theme(ThemeDecision(action="merge", themes=("T01", "T02"), coder="Kim"))
    assert merged.themes[0].guidance.phrases == (*guiding[0].phrases, *guiding[1].phrases)
    other = merged.themes[1].key
    merged = project.decide_theme(ThemeDecision(action="merge", themes=("T01", other), coder="Kim"))
    assert merged.themes[0].guidance is None


class Broken(HashEncoder):
    """Gives values that are no numbers for words it should not know."""

    def encode(self, texts, *, progress=silent):
        found = super().encode(texts, progress=progress)
        found[[("broken" in text) for text in texts]] = np.nan
        return found


def test_vectors_that_are_no_numbers_are_refused_and_change_nothing(project, tmp_path):
    project.draft_themes(Broken(), options=ThemeOptions(n_draws=0))
    before = project.themes()
    (tmp_path / "t5.txt").write_text("Interviewer: And?\nEve: Everything there was broken glass.\n")
    project.import_paths([tmp_path / "t5.txt"])
    with pytest.raises(InputError, match=r"1 of 1 texts.*broken glass"):
        project.update_themes(Broken())
    assert project.themes() == before


def test_codes_that_cover_everything_leave_nothing_to_draft(project):
    codings = [
        Coding(transcript=s.transcript, span=s.span, code="wait", coder="Kim")
        for s in project.segments()
    ]
    project.add_codings(codings)
    with pytest.raises(NothingToDo, match="nothing is left to draft themes from"):
        project.draft_themes(ENCODER, options=HOW)


@pytest.mark.slow
def test_a_study_of_interviewers_has_nothing_to_draft(empty, tmp_path):
    (tmp_path / "q.txt").write_text("Interviewer: And how was it?\nInterviewer: And then?\n")
    empty.import_paths([tmp_path / "q.txt"])
    empty.set_role("Interviewer", "interviewer")
    with pytest.raises(NothingToDo, match="no participant segment to draft themes from"):
        empty.draft_themes(ENCODER)


@pytest.mark.slow
def test_a_theme_cannot_become_a_code_of_a_name_that_is_taken(project):
    key = project.draft_themes(ENCODER, options=HOW).themes[0].key
    taken = next(iter(project.codebook())).name
    codes = list(project.codebook())
    with pytest.raises(InputError, match="There is a code"):
        project.decide_theme(
            ThemeDecision(action="code", themes=(key,), coder="Kim", name=taken.upper())
        )
    assert list(project.codebook()) == codes
