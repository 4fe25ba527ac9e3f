from __future__ import annotations

import gzip

import pytest

from autocode.core.errors import FileRefused
from autocode.io.corpus import read_corpus

SEGMENTS = (
    "doc_id,segment_id,speaker,text,start,end,domain\n"
    "d1,s1,Teacher,Why so?,0:00:01,62.5,q1\n"
    "d2,s3,,שלום 👋,,,\n"
    'd1,s2,Ann,"It rained\nall day.",2024-01-02,,q2\n'
)
CODEBOOK = "code,name\nrain,Rain\ntrust,Trust\n"
CODINGS = "segment_id,coder,code\ns1,A,\ns2,A,rain\ns2,B,trust\n"


@pytest.fixture
def corpus(write):
    """Write a corpus folder of these tables; None leaves one out."""

    def _corpus(segments=SEGMENTS, codebook=CODEBOOK, codings=CODINGS, docs=None):
        tables = {"segments": segments, "codebook": codebook, "codings": codings, "docs": docs}
        paths = [write(f"c/{stem}.csv", text) for stem, text in tables.items() if text is not None]
        return paths[0].parent

    return _corpus


def test_read_corpus_puts_segments_into_their_transcripts(corpus):
    read = read_corpus(corpus())
    words = {
        name: [(given.name, given.speaker, given.domain, given.span.of(transcript.text))]
        for transcript in read.transcripts
        for name in [transcript.name]
        for given in read.segments[name]
    }
    assert [transcript.name for transcript in read.transcripts] == ["d1", "d2"]
    assert words["d2"] == [("s3", None, None, "שלום 👋")]
    first = read.transcripts[0]
    assert [(g.name, g.speaker, g.domain, g.span.of(first.text)) for g in read.segments["d1"]] == [
        ("s1", "Teacher", "q1", "Why so?"),
        ("s2", "Ann", "q2", "It rained\nall day."),
    ]


def test_read_corpus_keeps_media_times_but_no_dates(corpus):
    turns = read_corpus(corpus()).transcripts[0].turns
    assert [(turn.begin, turn.finish) for turn in turns] == [(1.0, 62.5), (None, None)]


def test_read_corpus_keeps_who_read_and_who_coded(corpus):
    assert read_corpus(corpus()).codings == (
        ("s1", "A", None),
        ("s2", "A", "rain"),
        ("s2", "B", "trust"),
    )


def test_read_corpus_without_codings_is_uncoded(corpus):
    assert read_corpus(corpus(codings=None)).codings == ()


def test_read_corpus_takes_attributes_of_documents(corpus):
    read = read_corpus(corpus(docs="doc_id,year,place\nd1,2021,\nd2,,Leeds\n"))
    assert read.attributes == {"d1": {"year": "2021"}, "d2": {"place": "Leeds"}}


def test_read_corpus_unpacks_gz(corpus):
    folder = corpus()
    (folder / "segments.csv").unlink()
    (folder / "segments.csv.gz").write_bytes(gzip.compress(SEGMENTS.encode(), mtime=0))
    assert len(read_corpus(folder).transcripts) == 2


def roles(folder):
    return {s.name: s.role for t in read_corpus(folder).transcripts for s in t.speakers}


def test_read_corpus_takes_roles_from_labels(corpus):
    segments = "doc_id,segment_id,speaker,text\nd,s1,Interviewer,Why?\nd,s2,P1,So.\n"
    codings = "segment_id,coder,code\ns1,A,\ns2,A,rain\n"
    assert roles(corpus(segments, codings=codings)) == {
        "Interviewer": "interviewer",
        "P1": "participant",
    }


def test_read_corpus_makes_a_coded_interviewer_codable(corpus):
    segments = "doc_id,segment_id,speaker,text\nd,s1,Therapist,Why?\nd,s2,P1,So.\n"
    codings = "segment_id,coder,code\ns1,A,rain\ns2,A,rain\n"
    assert roles(corpus(segments, codings=codings))["Therapist"] == "participant"


@pytest.mark.parametrize(
    ("change", "file", "place", "fault"),
    [
        ({"segments": "doc_id,text\nd,x\n"}, "segments", "line 1", "no column 'segment_id'"),
        ({"segments": "doc_id,segment_id,text\n"}, "segments", None, "no segments"),
        (
            {"segments": "doc_id,segment_id,text\nd,s1,a\nd,s2,b\ne,s1,c\n"},
            "segments",
            "line 4",
            "segment_id 's1' is already on line 2",
        ),
        ({"segments": "doc_id,segment_id,text\nd,,a\n"}, "segments", "line 2", "segment_id"),
        ({"segments": "doc_id,segment_id,text\n,s1,a\n"}, "segments", "line 2", "doc_id"),
        ({"segments": "doc_id,segment_id,text\nd,s1,\nd,s2,x\n"}, "segments", "line 2", ""),
        ({"codebook": "colour\nred\n"}, "codebook", "line 1", "no column 'code'"),
        (
            {"codings": f"{CODINGS}s2,A,trsut\n"},
            "codings",
            "line 5",
            "code 'trsut' is not in the codebook",
        ),
        ({"codings": f"{CODINGS}s9,A,rain\n"}, "codings", "line 5", "segment 's9'"),
        ({"codings": f"{CODINGS}s2,,rain\n"}, "codings", "line 5", "no coder"),
        ({"codings": "segment_id,code\ns1,rain\n"}, "codings", "line 1", "no column 'coder'"),
        ({"docs": "name\nd1\n"}, "docs", "line 1", "no column 'doc_id'"),
    ],
)
def test_read_corpus_refuses_what_is_unsound(corpus, refusal, change, file, place, fault):
    folder = corpus(**change)
    facts = refusal(folder / f"{file}.csv", lambda path: read_corpus(path.parent))
    assert facts["place"] == place
    assert fault in facts["fault"]


def test_read_corpus_refuses_a_folder_without_segments(tmp_path):
    (tmp_path / "codebook.csv").write_text(CODEBOOK)
    with pytest.raises(FileRefused, match=r"without segments\.csv"):
        read_corpus(tmp_path)
