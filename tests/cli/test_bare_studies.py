"""Studies that lack something: each command says in a sentence what is missing, or works."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from autocode.core.errors import InputError
from autocode.encode.hashing import HashEncoder
from autocode.project import Project

from ..small_study import TALK

CODEBOOK = """code,name,definition
wait,Waiting,Waiting for a letter
family,Family,What relatives do
shame,Shame,Feeling ashamed
"""
NAMES = tuple(TALK)
BOTH = ("Amina", "Jonas")
FIVE_LANGUAGES = {
    "english": ("I waited nine months for a letter.", "My sister drove me there."),
    "french": ("J'ai attendu neuf mois pour une lettre.", "Ma soeur m'a conduite."),
    "german": ("Ich habe neun Monate auf einen Brief gewartet.", "Meine Schwester fuhr mich."),
    "chinese": ("我等了九个月才收到信。", "我姐姐开车送我去。"),
    "arabic": ("انتظرت تسعة أشهر للحصول على رسالة.", "أختي أوصلتني إلى هناك."),
}


@pytest.fixture
def build(tmp_path, cli):
    """Import a study of these words, codebook and codings (transcript, turn, coder, code)."""

    def call(codings, *, talk=TALK, codebook=CODEBOOK):
        folder = tmp_path / "sources"
        folder.mkdir()
        for name, turns in talk.items():
            (folder / f"{name}.txt").write_text("\n".join(turns) + "\n", encoding="utf-8")
        (folder / "codebook.csv").write_text(codebook, encoding="utf-8")
        rows = ["transcript,start,end,coder,code"]
        for name, turn, coder, code in codings:
            start = sum(len(words) + 1 for words in talk[name][:turn])
            rows.append(f"{name},{start},{start + len(talk[name][turn])},{coder},{code}")
        if codings:
            (folder / "codings.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        cli("import", tmp_path / "study.autocode", folder)
        return tmp_path / "study.autocode"

    return call


def says(result):
    """What was printed, its lines joined."""
    return " ".join((result.stdout + result.stderr).split())


def test_two_coders_who_share_no_transcript(build, cli, fails):
    study = build([(NAMES[0], 0, "Amina", "wait"), (NAMES[1], 0, "Jonas", "wait")])
    assert "read by two of Amina, Jonas. Let a second coder" in fails("agree", study)
    assert "rests on what two coded" in fails("agree", "machine", study, "--plan")
    assert "take no part: t3_cath, t4_dev" in says(cli("evaluate", study))


def test_one_transcript(build, cli, fails):
    codings = [(NAMES[0], turn, coder, "wait") for turn in (0, 4) for coder in BOTH]
    study = build([*codings, (NAMES[0], 2, "Jonas", "shame")], talk={NAMES[0]: TALK[NAMES[0]]})
    assert "no interval from fewer than 4 transcripts" in says(cli("agree", study))
    assert "are too few to tell how much they vary" in says(
        cli("agree", "machine", study, "--plan")
    )
    assert "An evaluation needs two" in fails("evaluate", study)
    assert "that takes 3 coded transcripts" in says(cli("suggest", study))
    assert "most one in ten would be wrong" in fails(
        "decide", study, "--auto-accept", "--coder", "Amina"
    )


def test_codes_that_nobody_used(build, cli, cli_json):
    study = build([(name, 0, coder, "wait") for name in NAMES for coder in BOTH])
    words = says(cli("agree", study))
    assert "Nobody applied family and shame to a unit that is compared, so they have no" in words
    assert cli_json("agree", study)["unused_codes"] == ["family", "shame"]


def test_a_coder_who_read_and_applied_nothing(build, cli, cli_json):
    read = [(name, turn, "Jonas", "") for name in NAMES for turn in range(6)]
    study = build([(name, 0, "Amina", "wait") for name in NAMES] + read)
    words = says(cli("agree", study))
    assert "Jonas applied no code to any unit that is compared: kappa is then 0" in words
    found = cli_json("agree", study)
    assert found["silent_coders"] == ["Jonas"]
    kappa = found["overall"]["pooled_kappa"]
    # Every transcript gives 0: that is not 0 for certain.
    assert (kappa["value"], kappa["low"], kappa["high"]) == (0, None, None)
    assert "whichever transcript is left out, the value is the same" in kappa["no_interval"]
    assert "nothing shows how much" in says(cli("agree", "machine", study, "--plan"))


def test_coders_who_both_applied_nothing(build, cli):
    study = build([(name, turn, c, "") for name in NAMES for turn in range(6) for c in BOTH])
    assert "no code was applied to a unit that two coders have read" in says(cli("agree", study))


def test_all_segments_equal(build, cli):
    same = {name: ("the bus was late",) * (2 + at) for at, name in enumerate(NAMES)}
    study = build([(name, 0, c, "wait") for name in NAMES for c in BOTH], talk=same)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "not calibrated yet" in says(cli("suggest", study))
        assert "in different words" in says(cli("themes", "draft", study))


def test_a_codebook_of_one_code(build, cli):
    codings = [(name, turn, c, "wait") for name in NAMES for turn in (0, 4) for c in BOTH]
    study = build(codings, codebook="code,name,definition\nwait,Waiting,Waiting for a letter\n")
    words = says(cli("suggest", study))
    assert "0 of them likely" in words
    assert "'none of these' for 16" in words
    assert "no interval for a value at its bound" in says(cli("agree", study))


def test_text_in_five_languages(build, cli, monkeypatch):
    names = tuple(FIVE_LANGUAGES)[:4]
    study = build([(name, 0, c, "wait") for name in names for c in BOTH], talk=FIVE_LANGUAGES)
    # As if the tiny encoder were the default one, which is made for English.
    monkeypatch.setattr("autocode.encode.load.DEFAULT_MODEL", HashEncoder().name)
    words = says(cli("suggest", study))
    assert "0 of them likely" in words
    assert "The words are not in English" in words
    assert "multilingual encoder" in words
    assert "draft themes" in says(cli("themes", "draft", study))


class Broken(HashEncoder):
    """Gives values that are no numbers for words it should not know."""

    def encode(self, texts, *args, **kwargs):
        vectors = np.array(super().encode(texts, *args, **kwargs))
        vectors[["ashamed" in text for text in texts]] = np.nan
        return vectors


@pytest.mark.parametrize("what", ["suggest", "draft_themes", "what_next"])
def test_vectors_that_are_no_numbers_are_refused_and_never_kept(build, what):
    study = build([(name, 0, coder, "wait") for name in NAMES for coder in BOTH])
    with Project.open(study) as project:
        call = getattr(project, what)
        with pytest.raises(InputError, match=r"values that are no numbers.*Use another encoder"):
            call(Broken())
        # Kept, they would be met again by every encoder of the same digest.
        call(HashEncoder())
