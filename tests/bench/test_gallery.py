"""The gallery of pictures: all are made, and can be read with few themes and with many."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ..report.support import SVG, find_outside, find_overlapping, list_words

FOLDER = Path(__file__).parents[2] / "eval"
KINDS = ("map", "dendrogram", "excerpts")


@pytest.fixture(scope="module")
def gallery():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        yield importlib.import_module("gallery")
        for name in ("gallery", "invented"):
            sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def made(gallery, tmp_path_factory):
    """The folder of a gallery without the demo study."""
    out = tmp_path_factory.mktemp("gallery")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "SIZES", ((5, 90, 8), (60, 1200, 40)))
        patch.setattr(sys, "argv", ["gallery.py", "--no-demo", "--out", str(out)])
        gallery.main()
    return out


def picture(made, number, kind):
    return ElementTree.parse(made / f"{number}-{kind}.svg").getroot()


def test_gallery_holds_every_picture_of_every_draft(made):
    assert {path.name for path in made.iterdir()} == {
        "index.html",
        *(f"{number}-{kind}.svg" for number in (1, 2) for kind in KINDS),
    }
    assert (made / "index.html").read_text(encoding="utf-8").count("<svg ") == 6


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("number", "n_themes"), [(1, 5), (2, 60)])
def test_pictures_can_be_read(made, number, n_themes, kind):
    tree = picture(made, number, kind)
    boxes = list_words(tree)
    named = {words.split()[0] for *_, words in boxes if words}
    assert {f"T{at:02d}" for at in range(1, n_themes + 1)} <= named
    assert find_outside(tree) == []
    assert find_overlapping(boxes) == []


@pytest.mark.parametrize("number", [1, 2])
def test_excerpt_map_of_the_gallery_says_what_was_added(made, number):
    tree = picture(made, number, "excerpts")
    titles = [title.text for title in tree.iter(f"{SVG}title")]
    n_later = sum(", added later, " in words for words in titles)
    assert n_later
    assert f"ringed: added later ({n_later})" in "".join(tree.itertext())
