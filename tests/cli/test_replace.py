"""`autocode replace`: what moves, what differs, what would be lost."""

from __future__ import annotations

from autocode import Place, Project


def test_replace_lists_what_is_lost_and_drops_it_when_asked(cli, cli_json, suggested, sources):
    text = (sources / "t1_ann.txt").read_text(encoding="utf-8")
    text = text.replace("nine months on", "nearly nine months on")
    corrected = sources / "corrected.txt"
    corrected.write_text(text.replace("I felt ashamed to ask for help from anybody.", "[cut]"))
    words = ("replace", suggested, "t1_ann", corrected, "--coder", "Amina")
    refused = cli(*words, status=1).stderr
    assert 'coding, Jonas, Shame: "I felt ashamed to ask for help from anybody."' in refused
    tried = cli(*words, "--dry-run").stdout
    assert tried.startswith("Would move to the new version of t1_ann: 3")
    assert 'now "I waited nearly nine months on' in tried
    assert "Their words are gone (2):" in tried
    payload = cli_json(*words, "--drop-lost")
    assert [work["now"] for work in payload["lost"]] == [None, None]
    cli("undo", suggested, "--act", payload["act"], "--coder", "Amina")


def test_of_work_on_a_whole_transcript_the_words_around_the_difference_are_shown(
    cli, suggested, sources
):
    with Project.open(suggested) as project:
        length = len(project.transcript_text("t1_ann"))
        everything = Place(transcript="t1_ann", start=0, end=length)
        project.mark_read(everything, coder="Amina")
    text = (sources / "t1_ann.txt").read_text(encoding="utf-8")
    corrected = sources / "corrected.txt"
    corrected.write_text(text.replace("bus was always late", "bus was always too late"))
    shown = cli("replace", suggested, "t1_ann", corrected, "--coder", "Amina", "--dry-run").stdout
    (reading,) = [line for line in shown.splitlines() if "reading, Amina" in line]
    assert len(reading) < 200
    assert "always late" in reading
    assert "always too late" in shown
