"""`autocode bulk` as somebody at a terminal meets it; its results are tested in `tests/bulk`."""

from __future__ import annotations

SAME = "id,answer\n" + "".join(f"{n},The nurse was kind to me.\n" for n in range(30))


def test_without_themes_it_says_why(cli, tmp_path):
    (tmp_path / "in.csv").write_text(SAME)
    result = cli("bulk", tmp_path / "in.csv", tmp_path / "out", "--text-column", "answer")
    assert "30 rows, 0 themes" in result.stdout
    assert "No themes were drafted: the excerpts are too few" in result.stdout
    assert "theme  name" not in result.stdout


def test_an_empty_name_is_refused(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = cli("bulk", "", "out", status=1)
    assert "The name of a file or folder is empty" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_stopped_run_says_that_it_goes_on(cli, tmp_path, monkeypatch):
    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    (tmp_path / "in.csv").write_text(SAME)
    monkeypatch.setattr("autocode.bulk.run.draft_corpus", stop)
    result = cli("bulk", tmp_path / "in.csv", tmp_path / "out", status=1)
    assert result.stderr == (
        "autocode: Stopped. What is finished is kept: the same command goes on from there.\n"
    )
