"""The page about an evaluation of themes: offline, escaped, with and without codes never seen."""

from __future__ import annotations

from autocode.encode.cache import MemoryVectorCache
from autocode.encode.hashing import HashEncoder
from autocode.evaluate.themes import ThemesProtocol, evaluate_themes
from autocode.pipeline import Tools
from autocode.report.themes_evaluation_page import render_themes_evaluation

from ..evaluate.support import write_folder
from .support import NAMESPACE


class Sides:
    name = "<b>two sides</b>"

    def groups(self, vectors, excerpts):
        return (vectors @ (vectors[0] - vectors[-1]) > 0).astype(int)


def rendered(folder, n_novel_draws):
    evaluation = evaluate_themes(
        folder,
        Sides(),
        tools=Tools(HashEncoder(), MemoryVectorCache()),
        protocol=ThemesProtocol(n_novel_draws=n_novel_draws),
    )
    return evaluation, render_themes_evaluation(evaluation)


def test_the_page_shows_codes_never_seen_beside_two_people(tmp_path):
    evaluation, text = rendered(write_folder(tmp_path / "c"), 2)
    assert "http" not in text.replace("http-equiv", "").replace(NAMESPACE, "")
    at = evaluation.novel.by_rule.plain
    assert f"{at.mean:.3f} [{at.low:.3f}, {at.high:.3f}]" in text
    assert "Two people, in the same measure" in text
    assert "&lt;b&gt;two sides" in text
    assert "<b>two sides" not in text


def test_what_was_not_measured_is_left_out(tmp_path):
    _, text = rendered(write_folder(tmp_path / "c", coders=("Amina",)), 0)
    assert "never seen" not in text
    assert "Two people" not in text
