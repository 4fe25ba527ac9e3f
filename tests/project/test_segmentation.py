"""Cutting a study anew: models only where asked for or needed, people's work untouched."""

from __future__ import annotations

import csv
import re

import numpy as np
import pytest

from autocode.core.coding import Coding
from autocode.core.errors import EncoderError, InputError
from autocode.core.transcript import Span
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import AgreementOptions
from autocode.project import Project, segmentation, sentence_ends
from autocode.project.importing import ImportOptions
from autocode.segment import UNITS
from autocode.segment.unpunctuated import SpeechHead

BARE = "Int: so how was it\nAnn: " + "we went there and it rained then we left " * 12 + "\n"
ASKED = (
    "Int: How long was that wait for you?\nAnn: Two years.\nInt: And the bus?\nAnn: Never came.\n"
)
LONG = "Int: So?\nAnn: " + " ".join(
    ["The captain sailed the harbour ships past the anchor that morning."] * 6
    + ["Tomatoes need compost and watering when garden seeds come up."] * 6
)


class Counting(HashEncoder):
    """The tiny encoder, which remembers what it was asked for."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def encode(self, texts, **more):
        self.asked.append(list(texts))
        return super().encode(texts, **more)


@pytest.fixture
def study(empty, tmp_path):
    def with_text(words, name="t.txt", unit="turn"):
        (tmp_path / name).write_text(words, encoding="utf-8")
        empty.import_paths([tmp_path / name], ImportOptions(unit=unit))
        return empty

    return with_text


@pytest.fixture
def after_then(monkeypatch):
    """A head that ends a sentence before every "then"; counts how often it is loaded."""
    loads = []

    def load():
        loads.append(1)
        return lambda line, progress: [
            at for at in range(len(line)) if line.startswith(" then", at)
        ]

    monkeypatch.setattr(sentence_ends, "_loaded", load)
    return loads


def excerpts(project, speaker="Ann"):
    return [s.excerpt for s in project.segments() if s.speaker == speaker]


def test_progress_of_sentence_ends_is_over_all_transcripts_and_within_a_line(study, monkeypatch):
    def load():
        def find(line, progress):
            progress("Reading words", 1, 4)
            progress("Reading words", 4, 4)
            return []

        return find

    monkeypatch.setattr(sentence_ends, "_loaded", load)
    told = []
    project = study(BARE, "a.txt")
    study(BARE.replace("Ann: ", "Ann: again "), "b.txt")
    project.segment("sentence", progress=lambda *step: told.append(step))
    steps = [step[1:] for step in told if step[0] == "Finding sentence ends"]
    assert len(steps) == 6  # two for each line
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    assert len({total for _, total in steps}) == 1


def test_sentences_of_bare_words_are_found_by_the_model(study, after_then):
    project = study(BARE)
    assert len(excerpts(project)) == 1
    project.segment("sentence")
    assert len(excerpts(project)) == 13
    assert len(after_then) == 1
    run = project.last_run("segment")
    assert run.parameters["without_punctuation"] == ["t"]
    assert run.parameters["unit"] == run.method == "sentence"


@pytest.mark.parametrize("unit", ["turn", "paragraph"])
def test_units_without_sentences_load_no_model(study, after_then, unit):
    study(BARE).segment(unit)
    assert after_then == []


def test_punctuated_words_load_no_model(study, after_then):
    study(LONG).segment("sentence")
    assert after_then == []


def test_bare_words_are_cut_by_the_model_at_import(empty, tmp_path, after_then):
    (tmp_path / "bare.txt").write_text(BARE, encoding="utf-8")
    report = empty.import_paths([tmp_path / "bare.txt"], ImportOptions(unit="sentence"))
    assert len(excerpts(empty)) == 13
    assert "a model" in report.imported[0].warnings[-1]
    again = empty.import_paths([tmp_path / "bare.txt"], ImportOptions(unit="sentence"))
    assert again.imported[0].warnings == ()


def test_model_of_another_encoder_is_refused_in_one_line(study, monkeypatch):
    head = SpeechHead(weights={}, known={}, threshold=0.5, encoder="of another")
    monkeypatch.setattr(SpeechHead, "load", lambda folder: head)
    monkeypatch.setattr("autocode.encode.sentence_transformers.load_sentence_encoder", HashEncoder)
    with pytest.raises(EncoderError, match=r"^[^\n]+Install autocode again\.$"):
        study(BARE).segment("sentence")


def test_meaning_units_ask_an_encoder_once_for_each_sentence(study):
    encoder, project = Counting(), study(LONG)
    project.segment("meaning", encoder)
    assert [len(texts) for texts in encoder.asked] == [2]
    assert project.last_run("segment").encoder == encoder.name
    project.segment("meaning", encoder)
    assert len(encoder.asked) == 1


def test_meaning_units_follow_the_vectors(study, monkeypatch):
    project = study(LONG)

    def flip(texts):
        return np.array([[1.0, 0.0] if "captain" in t else [0.0, 1.0] for t in texts], dtype="f4")

    encoder = HashEncoder()
    monkeypatch.setattr(encoder, "encode", lambda texts, **more: flip(texts))
    project.segment("meaning", encoder)
    assert all(("captain" in e) != ("Tomatoes" in e) for e in excerpts(project))


def test_meaning_units_without_an_encoder_name_none(study):
    project = study(LONG)
    project.segment("meaning")
    assert project.last_run("segment").encoder == ""
    assert len(excerpts(project)) > 1


def test_across_speakers_joins_question_and_short_answer(study):
    project = study(ASKED)
    assert project.segment("meaning", across_speakers=True) == 2
    first, second = project.segments()
    assert first.excerpt == "How long was that wait for you?\nAnn: Two years."
    assert {s.speaker for s in (first, second)} == {"Ann"}
    assert first.role == "participant"


def test_across_speakers_holds_for_what_is_imported_later(study):
    study(ASKED).segment("meaning", across_speakers=True)
    project = study(ASKED.replace("wait", "stay"), "u.txt", None)
    assert [len(project.segments(name)) for name in "tu"] == [2, 2]


@pytest.mark.parametrize("unit", ["turn", "paragraph", "sentence"])
def test_across_speakers_is_for_meaning_units_only(study, unit):
    project = study(ASKED)
    before = project.segments()
    with pytest.raises(InputError, match="Only meaning units"):
        project.segment(unit, across_speakers=True)
    assert project.segments() == before


@pytest.fixture
def other(monkeypatch):
    """An encoder that this machine has under a name, until `gone` is set."""

    class Other(Counting):
        name, gone = "other", False

    encoder = Other()

    def load(name):
        assert name == "other"
        if encoder.gone:
            raise EncoderError("The model 'other' is not on this machine. Add it.")
        return encoder

    monkeypatch.setattr(segmentation, "load_encoder", load)
    monkeypatch.setattr(encoder, "encode", lambda texts, **more: flip(texts))
    return encoder


def number(text):
    return re.search(r"\d+", text).group()


def flip(texts):
    """Vectors that change after each three sentences of the numbered kind."""
    return np.eye(2, dtype="f4")[[int(number(text)) // 3 % 2 for text in texts]]


NUMBERED = "Ann: " + " ".join(f"Then {n} ships passed us that whole morning." for n in range(15))


def cuts_at(project, name):
    return [number(s.excerpt) for s in project.segments(name)]


def test_later_imports_are_cut_by_the_encoder_of_the_study(study, other):
    study(NUMBERED).segment("meaning", other)
    project = study(NUMBERED.replace("us", "them"), "u.txt", None)
    assert cuts_at(project, "u") == cuts_at(project, "t") != ["0"]
    report = project.import_paths([project.path.parent / "u.txt"])
    assert report.imported[0].warnings == ()


def test_later_surveys_are_cut_by_the_encoder_of_the_study(study, other, tmp_path):
    project = study(NUMBERED)
    project.segment("meaning", other)
    said = NUMBERED.removeprefix("Ann: ")
    rows = "".join(f'r{n},"{said.replace("morning", "m" * n)}"\n' for n in range(3, 15))
    (tmp_path / "s.csv").write_text(f"respondent,what happened\n{rows}", encoding="utf-8")
    project.import_paths([tmp_path / "s.csv"])
    first = next(t.name for t in project.transcripts() if t.name != "t")
    assert cuts_at(project, first) == cuts_at(project, "t")


@pytest.mark.parametrize("why", ["gone", "changed"])
def test_import_says_if_the_encoder_of_the_study_cannot_be_had(study, other, tmp_path, why):
    project = study(NUMBERED)
    project.segment("meaning", other)
    if why == "gone":
        other.gone = True
    else:
        type(other).digest = "another"
    (tmp_path / "u.txt").write_text(NUMBERED.replace("us", "them"), encoding="utf-8")
    (tmp_path / "short.txt").write_text("Ann: Two words.", encoding="utf-8")
    taken = {t.transcript: t for t in project.import_paths([tmp_path]).imported}
    (note,) = [w for w in taken["u"].warnings if "cut by" in w]
    assert "\n" not in note
    assert note.startswith("cut by the words sentences share")
    assert f"autocode segment {project.path} --encoder other" in note
    assert not any("words" in w for w in taken["short"].warnings)  # nothing in it to compare
    assert cuts_at(project, "u") != cuts_at(project, "t")


def test_a_unit_asked_for_is_not_cut_by_an_encoder(study, other):
    study(NUMBERED).segment("meaning", other)
    other.gone = True
    project = study(NUMBERED.replace("us", "them"), "u.txt", "sentence")
    assert len(project.segments("u")) == 15


def test_agreement_on_sentences_of_bare_words_uses_the_model(study, after_then):
    project = study(BARE)
    text = project.transcripts()[0].text
    ann = text.index("we went")
    spans = {"Ada": Span(ann, ann + 20), "Ben": Span(ann, len(text.rstrip()))}
    (project.path.parent / "book.csv").write_text("code,name\nx,X\n", encoding="utf-8")
    project.import_paths([project.path.parent / "book.csv"])
    project.add_codings(
        [Coding(transcript="t", span=span, code="x", coder=coder) for coder, span in spans.items()]
    )
    table = project.agree(options=AgreementOptions(unit="sentence", reading="marked"))
    project.segment("sentence")
    marked = [s for s in project.segments() if s.speaker == "Ann" and "rained" in s.excerpt]
    assert after_then == [1, 1]
    assert table.n_units == 1
    assert len(marked) == 12


def exported(project, folder):
    project.export(folder)
    with (folder / "codings.csv").open(encoding="utf-8-sig", newline="") as stream:
        return sorted(map(tuple, csv.reader(stream)))


@pytest.mark.slow
@pytest.mark.parametrize("across", [False, True])
@pytest.mark.parametrize("unit", UNITS)
def test_change_of_unit_keeps_codings_in_the_study_and_in_exports(project, tmp_path, unit, across):
    if across and unit != "meaning":
        return
    before = project.codings(), project.readings(), project.codebook()
    rows = exported(project, tmp_path / "before")
    assert len(rows) > len(before[0])
    project.segment(unit, across_speakers=across)
    assert (project.codings(), project.readings(), project.codebook()) == before
    assert exported(project, tmp_path / "after") == rows
    project.segment("turn")
    assert exported(project, tmp_path / "again") == rows


def test_cutting_a_study_of_another_order_gives_the_same(sources, tmp_path):
    found = []
    for name, order in (("a", 1), ("b", -1)):
        with Project.open(tmp_path / f"{name}.autocode", create_new=True) as project:
            for path in sorted(sources.glob("*.txt"))[::order]:
                project.import_paths([path])
            project.segment("meaning", HashEncoder(), across_speakers=True)
            found.append(project.segments())
    assert found[0] == found[1]


def test_a_new_study_is_cut_in_meaning_units(empty, tmp_path):
    (tmp_path / "long.txt").write_text(LONG, encoding="utf-8")
    empty.import_paths([tmp_path / "long.txt"])
    assert {s.unit for s in empty.segments()} == {"meaning"}
    assert len(excerpts(empty)) > 1
