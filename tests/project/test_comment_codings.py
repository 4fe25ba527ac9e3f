"""People who code with comments in a word processor, and what their comments become."""

from __future__ import annotations

import pytest

from autocode.core.codebook import Code, Codebook
from autocode.project import Project
from autocode.project.importing import ImportOptions

from ..io.support import comment, word

RANGE = '<w:commentRangeStart w:id="{0}"/><w:r><w:t>{1}</w:t></w:r><w:commentRangeEnd w:id="{0}"/>'
LINE = '<w:p><w:r><w:t xml:space="preserve">{}</w:t></w:r>{}</w:p>'
NOTES = (
    ("0", "Ana", "CODE hardship"),
    ("1", "Ana", "compare with what P3 says."),
    ("2", "Ben", "waiting; Hardship"),
    ("3", "", "How long was this, one wonders?"),
)
RAW = word(
    LINE.format("I: What happened?", "")
    + LINE.format("P: I ", RANGE.format("0", "lost my job") + RANGE.format("1", ""))
    + LINE.format("I: And then?", "")
    + LINE.format("P: ", RANGE.format("2", "We waited.") + RANGE.format("3", " For weeks.")),
    comments="".join(comment(*note) for note in NOTES),
)


def listed(project):
    texts = {t.name: t.text for t in project.transcripts()}
    codes = project.codebook().by_id
    return sorted(
        (c.coder, codes[c.code].name, c.span.of(texts[c.transcript]), c.memo)
        for c in project.codings()
    )


EXPECTED = [
    ("Ana", "Hardship", "lost my job", ""),
    ("Ben", "Hardship", "We waited.", ""),
    ("Ben", "waiting", "We waited.", ""),
]


@pytest.fixture
def project(tmp_path):
    (tmp_path / "p.docx").write_bytes(RAW)
    (tmp_path / "codebook.csv").write_text("code,name\nh,Hardship\n", encoding="utf-8")
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([tmp_path / "codebook.csv"])
        yield project


def test_comments_that_name_codes_become_codings_by_their_authors(project, tmp_path):
    (file,) = project.import_paths([tmp_path / "p.docx"], ImportOptions(comments=True)).imported
    assert listed(project) == EXPECTED
    said = "\n".join(file.warnings)
    assert "3 codings from comments, by Ben (2), Ana (1)" in said
    assert "1 code that the study did not know: waiting" in said
    assert "2 comments name no code and are left out: 'compare with what P3 says.', 'How" in said


def test_comments_are_only_counted_unless_they_are_asked_for(project, tmp_path):
    (file,) = project.import_paths([tmp_path / "p.docx"]).imported
    assert listed(project) == []
    assert any("4 comments are not part of the text; --comments" in w for w in file.warnings)


def test_comments_of_a_transcript_in_the_study_can_be_taken_later(project, tmp_path):
    project.import_paths([tmp_path / "p.docx"])
    for _ in range(2):
        (file,) = project.import_paths([tmp_path / "p.docx"], ImportOptions(comments=True)).imported
        assert not file.new
        assert listed(project) == EXPECTED


def test_comments_in_joined_turns_are_refused_in_words(project, tmp_path):
    options = ImportOptions(comments=True, join_turns=True)
    (file,) = project.import_paths([tmp_path / "p.docx"], options).imported
    assert listed(project) == []
    assert any("cannot be placed in turns that were joined" in w for w in file.warnings)


def test_a_remark_beside_a_code_is_its_memo(tmp_path):
    body = LINE.format("P: I ", '<w:commentRangeStart w:id="9"/>' + RANGE.format("0", "lost my job")
        + '<w:commentRangeEnd w:id="9"/>') + LINE.format("I: So?", "")  # fmt: skip
    notes = comment("0", "Ana", "hardship") + comment("9", "Ana", "The same in P3, see there.")
    (tmp_path / "p.docx").write_bytes(word(body, comments=notes))
    with Project.open(tmp_path / "s.autocode", create_new=True) as project:
        project.import_paths([tmp_path / "p.docx"], ImportOptions(comments=True))
        assert listed(project) == [("Ana", "hardship", "lost my job", "The same in P3, see there.")]
        assert Codebook((Code(id="hardship", name="hardship"),)) == project.codebook()
