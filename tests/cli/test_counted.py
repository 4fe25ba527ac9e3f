"""What is counted stands in the singular for one: in what commands print and write."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner

from autocode.cli.main import run
from autocode.core.counted import say_count, say_counts, say_size

_START = r"(?<![\w.,:@#'=/\[-])1 (?:(?:coded|draft|given|new|likely|other|uncoded|exported) )?"
ONE = re.compile(_START + r"(?!(?:is|was|has|as|this|others|plus)\b)[a-z-]+[^\Ws]s\b")
"""One of several: "1 codes", "1 coded segments"."""
VERBS = re.compile(_START + r"(?:(?!of\b)[a-z-]+ )?(?:are|were|have|hold|rest)\b")
TALK = "Interviewer: Why did you wait?\nAda: I waited nine months for a letter from the clinic.\n"
COMMANDS = """\
import S talk.txt codebook.csv codings.csv
import S talk.txt
show S
speakers S
segment S
codes list S
codes families S
codes similar S
codes outdated S
coders list S
passes assign S --transcript talk --coder Ada
passes list S
passes finish S talk --coder Ada
suggest S
themes draft S
tables S --by speaker
search S letter
quotes S
quotes S --output q.csv
saturation S
next S
agree S
evaluate S
map add S Care --coder Ada
map place S Care --code wait --coder Ada
map show S
map export S map.csv
history S
history S --verify
history S --output h.csv
report S --output report.html
export S out
export S p.qdpx
share S shared.autocode --coder Ada
pseudonyms propose S --output p.csv
pseudonyms apply S p.csv --coder Ada
memo S --transcript talk --coder Ada hello
undo S --coder Ada
redo S --coder Ada
audio S
cache show S
cache prune S
codes rename S wait Waiting --coder Ada
codes archive S wait --coder Ada
coders rename S Ada Adah --coder Ada
remove S --transcript talk --coder Ada
"""


@pytest.mark.parametrize(
    ("n", "thing", "said"),
    [
        (1, "unit", "1 unit"),
        (0, "pass", "0 passes"),
        (2, "category", "2 categories"),
        (2, "person", "2 people"),
        (2, "family of codes", "2 families of codes"),
        (2, "decision on themes", "2 decisions on themes"),
        (1, "participant or document", "1 participant or document"),
        (2, "participant or document", "2 participants or documents"),
        (2, "coded segment", "2 coded segments"),
        (2, "survey", "2 surveys"),
    ],
)
def test_a_count_in_words(n, thing, said):
    assert say_count(n, thing) == said


def test_counts_by_their_plurals():
    counts = {"transcripts": 1, "categories": 1, "memos": 2, "codings of nothing": 1, "passes": 1}
    said = "1 transcript, 1 category, 2 memos, 1 coding of nothing, 1 pass"
    assert say_counts(counts) == said
    counts = {"draft themes": 1, "reasons of resolutions": 1, "turns with speakers and times": 1}
    said = "1 draft theme, 1 reason of resolutions, 1 turn with speakers and times"
    assert say_counts(counts) == said
    counts = {"selections of cases, kept unseen": 1, "further categories of codes": 1}
    assert say_counts(counts) == "1 selection of cases, kept unseen, 1 further category of codes"


def test_thousands_are_parted_where_asked_for():
    assert say_count(12000, "row") == "12000 rows"
    assert say_count(12000, "row", grouped=True) == "12,000 rows"


def find_faults(words):
    return [found[0] for pattern in (ONE, VERBS) for found in pattern.finditer(words)]


def read_page(page):
    """The words of a page, as they follow each other."""
    told = page.partition('<section id="overview"')[2].partition('<section id="methods"')[0]
    return " ".join(re.sub(r"<[^>]*>", " ", told).split())


def test_the_search_for_faults_finds_them():
    said = "1 codes, 1 coded segments; 1 row are; 11 codes, 1 code is, T1 codes, 0.1 codes, 1 is"
    assert find_faults(said) == ["1 codes", "1 coded segments", "1 row are"]


def test_a_study_of_one_transcript_one_code_and_one_coder(loaded, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "talk.txt").write_text(TALK)
    (tmp_path / "codebook.csv").write_text("code,definition\nwait,waiting for a letter\n")
    (tmp_path / "codings.csv").write_text("transcript,turn,coder,code\ntalk,2,Ada,wait\n")
    faults = {}
    for command in COMMANDS.splitlines():
        args = ["s.autocode" if one == "S" else one for one in command.split()]
        result = CliRunner().invoke(run, args, input="y\n")
        assert result.exit_code in (0, 1), (command, result.output)
        faults[command] = find_faults(result.output)
    faults["report.html"] = find_faults(read_page((tmp_path / "report.html").read_text()))
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    ("n_bytes", "said"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (16_044, "16 kB"),
        (999_499, "999 kB"),
        (999_500, "1.0 MB"),
        (9_949_999, "9.9 MB"),
        (9_950_000, "10 MB"),
        (90_870_000, "91 MB"),
    ],
)
def test_a_small_file_has_a_size(n_bytes, said):
    assert say_size(n_bytes) == said
