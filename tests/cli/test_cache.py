"""Studies that share their vectors, and `autocode cache`."""

from __future__ import annotations

import shutil

import pytest

from autocode.core.errors import FileRefused
from autocode.encode.hashing import HashEncoder
from autocode.encode.shared_cache import SharedVectorCache
from autocode.project import Project
from autocode.project.removing import RemovalTarget


class CountingEncoder(HashEncoder):
    """The tiny encoder, which counts the texts it is given."""

    n_texts = 0

    def encode(self, texts, **more):
        CountingEncoder.n_texts += len(texts)
        return super().encode(texts, **more)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder that AUTOCODE_CACHE names."""
    monkeypatch.setenv("AUTOCODE_CACHE", str(tmp_path / "cache"))
    CountingEncoder.n_texts = 0
    return tmp_path / "cache"


def draft(path):
    with Project.open(path) as project:
        project.draft_themes(CountingEncoder())


@pytest.mark.slow
def test_second_study_with_the_same_words_encodes_nothing(folder, plain, tmp_path):
    second = shutil.copyfile(plain, tmp_path / "second.autocode")
    draft(plain)
    assert CountingEncoder.n_texts > 20
    CountingEncoder.n_texts = 0
    draft(second)
    assert CountingEncoder.n_texts == 0


def test_without_the_variable_nothing_is_shared(plain, tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOCODE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    draft(plain)
    assert not (tmp_path / "home").exists()


def test_nothing_is_erased_where_the_shared_cache_is_damaged(folder, plain, cli):
    draft(plain)
    (folder / "vectors.sqlite3").write_bytes(b"something else" * 300)
    erase = ("remove", plain, "--transcript", "t2_bob", "--erase", "--yes", "--coder", "Kim")
    assert "is no cache of vectors" in cli(*erase, status=1).stderr
    with Project.open(plain) as project:
        assert "t2_bob" in [transcript.name for transcript in project.transcripts()]
    (folder / "vectors.sqlite3").unlink()
    cli(*erase)


def test_what_a_shared_cache_in_use_may_still_hold_is_said(folder, plain, cli, monkeypatch):
    draft(plain)
    in_use = FileRefused.because("vectors.sqlite3", "is in use by another program", remedy="Try.")

    def refuse(*_):
        raise in_use

    monkeypatch.setattr("autocode.encode.shared_cache.SharedVectorCache.forget", refuse)
    erase = ("remove", plain, "--transcript", "t2_bob", "--erase", "--yes", "--coder", "Kim")
    said = cli(*erase, status=1).stderr
    assert "from the study the words are erased" in said
    assert "autocode cache prune --everything" in said
    with Project.open(plain) as project:
        assert "t2_bob" not in [transcript.name for transcript in project.transcripts()]


def test_erased_words_go_from_the_shared_cache_too(folder, plain, cli):
    draft(plain)
    [before] = SharedVectorCache(folder).list_encoders()
    with Project.open(plain) as project:
        gone = {s.excerpt for s in project.segments() if s.transcript == "t2_bob"}
        project.erase(RemovalTarget(transcript="t2_bob"), coder="Kim", dry_run=True)
        assert SharedVectorCache(folder).list_encoders() == [before]
    shown = cli(
        "remove", plain, "--transcript", "t2_bob", "--erase", "--yes", "--coder", "Kim"
    ).stdout
    [after] = SharedVectorCache(folder).list_encoders()
    n_dropped = before.n_vectors - after.n_vectors
    assert n_dropped > 3
    assert f"Vectors dropped from the cache that studies share: {n_dropped}" in shown
    assert gone


def test_show_says_what_is_held(folder, plain, cli, cli_json):
    shown = cli("cache", "show").stdout
    assert "vectors  shared by studies, 0 bytes" in shown
    assert "last added" not in shown  # no table without rows
    draft(plain)
    (folder / "models" / "abc.1").mkdir(parents=True)
    (folder / "models" / "abc.1" / "export.json").write_text("{}")
    told = cli_json("cache", "show")
    assert told["folder"] == str(folder)
    assert told["is_shared"]
    assert told["n_models"] == 1
    [encoder] = told["encoders"]
    assert encoder["n_vectors"] > 20
    assert encoder["digest"] == HashEncoder().digest


def test_show_without_a_shared_cache(cli, tmp_path, monkeypatch):
    monkeypatch.delenv("AUTOCODE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert "in each study (AUTOCODE_CACHE is not set)" in cli("cache", "show").stdout
    told = cli("cache", "prune", "--encoder", "fast", status=1).stderr
    assert "AUTOCODE_CACHE is not set" in told


def test_prune_drops_what_is_named(folder, plain, cli, cli_json):
    draft(plain)
    (folder / "models" / "abc.1").mkdir(parents=True)
    (folder / "models" / "abc.1" / "export.json").write_text("{}")
    assert cli_json("cache", "prune", "--older-than", "1")["n_vectors"] == 0
    shown = HashEncoder().digest[:16]
    assert (
        f"There are those of: {shown}."
        in cli("cache", "prune", "--encoder", "no-such", status=1).stderr
    )
    told = cli_json("cache", "prune", "--encoder", shown, "--older-than", "1")
    assert (told["n_vectors"], told["n_models"]) == (0, 0)
    assert (folder / "models" / "abc.1").exists()
    shown = cli("cache", "prune", "--everything").stdout
    assert "1 exported model" in shown
    assert cli_json("cache", "show")["encoders"] == []


def test_prune_of_an_age_beyond_reason_is_wrong_usage(cli, folder):
    told = cli("cache", "prune", "--older-than", "1000000", status=2).stderr
    assert "0<=x<=36500" in told


def test_prune_of_nothing_named_is_wrong_usage(cli, folder):
    assert "Say what to drop" in cli("cache", "prune", status=2).stderr


def test_damaged_cache_is_one_line_and_the_study_stays(folder, plain, fails):
    folder.mkdir()
    (folder / "vectors.sqlite3").write_bytes(b"not a database, whatever its name says" * 60)
    assert "Delete it" in fails("cache", "show")


def test_fits_of_a_study_are_counted_and_dropped(cli, cli_json, plain):
    cli("suggest", plain, "--encoder", "hash:")
    kinds = {one["kind"]: one["n_fits"] for one in cli_json("cache", "show", plain)["fits"]}
    assert kinds["words"] == kinds["spelling"] == 1
    n_fits = sum(kinds.values())
    assert f"fits     {n_fits} in {plain.name}" in cli("cache", "show", plain).stdout
    before = plain.stat().st_size
    assert f"Dropped: {n_fits} fits of {plain.name}" in cli("cache", "prune", plain).stdout
    assert plain.stat().st_size < before
    assert cli_json("cache", "show", plain)["fits"] == []
    assert cli_json("cache", "prune", plain)["n_fits"] == 0
    told = cli("cache", "prune", plain, "--everything", status=2).stderr
    assert "goes without other options" in told
