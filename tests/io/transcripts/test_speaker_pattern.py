from __future__ import annotations

import time

import pytest

from autocode.core.errors import FileRefused, InputError
from autocode.io.file_options import FileOptions
from autocode.io.source import SourceFile
from autocode.io.transcripts.read import read_transcript
from autocode.io.transcripts.speaker_pattern import compile_patterns
from autocode.io.transcripts.turn_marks import find_turns


def said(text, *patterns):
    marks = find_turns(text, layouts=compile_patterns(patterns))
    return [(b.speaker, b.begin, text[b.start : b.end]) for b in marks.blocks]


@pytest.mark.parametrize(
    ("pattern", "line", "expected"),
    [
        ("{speaker}: {words}", "the old man: yes: no", ("the old man", None, "yes: no")),
        ("[{time}] {speaker} - {words}", "[0:21] Ann  -  hi", ("Ann", 21, "hi")),
        ("{speaker} ~ {words}", "Ann\u00a0~ hi", ("Ann", None, "hi")),
        ("{speaker}  {time}\\n{words}", "Ann 1:02:03\nhi", ("Ann", 3723, "hi")),
        ("{speaker} // {time}", "Ann // 0:05\nhi", ("Ann", 5, "hi")),
        ("== {speaker} ==", "== P.1 ==\nhi", ("P.1", None, "hi")),
        ("{speaker}\\t{words}", "Ann\thi", ("Ann", None, "hi")),
    ],
)
def test_a_pattern_reads_the_lines_it_describes(pattern, line, expected):
    assert said(f"above\n{line}\n", pattern) == [expected]


def test_a_pattern_takes_every_name_and_nothing_else():
    text = "Ann ~ hi\nBen: no\nthe thing is ~ yes\n"
    assert said(text, "{speaker} ~ {words}") == [
        ("Ann", None, "hi\nBen: no"),
        ("the thing is", None, "yes"),
    ]


def test_the_pattern_that_fits_best_is_taken():
    text = "Ann ~ hi\nBen ~ no\nAnn ~ so\nEve: x\n"
    assert len(said(text, "{speaker}: {words}", "{speaker} ~ {words}")) == 3


@pytest.mark.parametrize(
    ("pattern", "fault"),
    [
        ("{words}", "{speaker} once"),
        ("{speaker}: {speaker}", "{speaker} once"),
        ("{who}: {words}", "{who}"),
        ("{words} {speaker}", "end in {words}"),
        ("{speaker} {words}", "nothing between"),
        ("{speaker}:" + "x" * 300, "longer"),
    ],
)
def test_a_pattern_that_cannot_work_is_refused_with_the_way_to_write_it(pattern, fault):
    with pytest.raises(InputError, match="Write it like") as error:
        FileOptions(speaker_patterns=(pattern,))
    assert fault in str(error.value)


def test_a_file_without_such_a_line_is_refused(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Ann: hi\nBen: no\nAnn: so\n")
    source = SourceFile(path, options=FileOptions(speaker_patterns=("{speaker} ~ {words}",)))
    with pytest.raises(FileRefused, match="no line is like"):
        read_transcript(source)


def test_captions_take_a_pattern_for_names_in_their_words(tmp_path):
    path = tmp_path / "a.srt"
    cue = "{}\n00:00:0{},000 --> 00:00:0{},500\n{}\n\n"
    words = ["Ann ~ hi", "and so", "Ben ~ no"]
    path.write_text("".join(cue.format(n, n, n, w) for n, w in enumerate(words, 1)))
    source = SourceFile(path, options=FileOptions(speaker_patterns=("{speaker} ~ {words}",)))
    turns = read_transcript(source).turns
    assert [turn.speaker for turn in turns] == ["Ann", "Ann", "Ben"]


@pytest.mark.parametrize("run", [" ", "a", "a ", ":", "-", "0:01 ", "("])
def test_a_pattern_takes_linear_time(run):
    text = run * (200_000 // len(run)) + "\n" + run * 1000
    for pattern in ("{speaker} - {time} - {words}", "({time}) {speaker} : - : {words}"):
        started = time.process_time()
        find_turns(text, layouts=compile_patterns((pattern,)))
        assert time.process_time() - started < 30  # seconds; a quadratic search takes minutes
