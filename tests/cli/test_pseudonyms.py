"""`autocode pseudonyms`: a table proposed, filled in and applied."""

from __future__ import annotations


def test_a_table_is_proposed_and_applied(cli, cli_json, suggested, tmp_path):
    key = tmp_path / "key.csv"
    assert "names" in cli("pseudonyms", "propose", suggested, "--output", key).stderr
    assert "Cath" in key.read_text(encoding="utf-8")
    assert "Cath" in cli("pseudonyms", "propose", suggested).stdout
    words = ("pseudonyms", "apply", suggested, key, "--coder", "Amina")
    assert cli(*words, "--dry-run").stdout.startswith("Would be replaced:")
    assert "--yes" in cli(*words, status=1).stderr
    assert any(r["speaker"] == "Cath" for r in cli_json("speakers", suggested)["speakers"])
    payload = cli_json(*words, "--yes")
    assert payload["n_replaced"]
    assert b"Cath" not in suggested.read_bytes()
    assert not any(r["speaker"] == "Cath" for r in cli_json("speakers", suggested)["speakers"])
