"""The file that a coder takes away: blind, nothing of others is in it, and it joins back."""

from __future__ import annotations

import pytest

from autocode.core.coding import Coding, Memo
from autocode.core.errors import StudyError
from autocode.project import Project


def test_a_blind_file_holds_nobody_elses_work_and_joins_back(suggesting, tmp_path):
    suggesting.add_memo(Memo(about="study", subject="", text="Irony everywhere", coder="Amina"))
    out = tmp_path / "lou.autocode"
    shared = suggesting.share(out, coder="Lou", blind=True)
    assert shared.rows["transcripts"] == 4
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("lou.autocode*"))
    for words in (b"Amina", b"Jonas", b"Irony", b"codings.csv"):
        assert words not in raw
    with Project.open(out) as study:
        assert not study.codings()
        assert not study.memos()
        assert not study.suggestions()
        assert len(study.segments()) == len(suggesting.segments())
        span = study.transcripts()[0].turns[1].span
        name = study.transcripts()[0].name
        study.add_codings([Coding(transcript=name, span=span, code="shame", coder="Lou")])
    before = suggesting.content_digest()
    done = suggesting.join([out], coder="Lead")
    assert done.result.added == {"coders": 1, "codings": 1}
    assert not done.result.changed
    suggesting.undo(coder="Lead")
    assert suggesting.content_digest() == before


def test_a_shared_file_is_the_study_and_own_work_stays_in_a_blind_one(project, tmp_path):
    project.share(tmp_path / "all.autocode", coder="Lou")
    with Project.open(tmp_path / "all.autocode") as study:
        assert study.content_digest() == project.content_digest()
    project.share(tmp_path / "jonas.autocode", coder="Jonas", blind=True)
    with Project.open(tmp_path / "jonas.autocode") as study:
        own = [coding for coding in project.codings() if coding.coder == "Jonas"]
        assert study.codings() == own
    with pytest.raises(StudyError, match="exists already"):
        project.share(tmp_path / "jonas.autocode", coder="Jonas")
