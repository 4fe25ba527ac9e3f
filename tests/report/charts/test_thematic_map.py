"""The picture of the thematic map: every theme once, no card on another, lines between cards."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from autocode.analysis.map_counts import count_map
from autocode.core import map_edits as edits
from autocode.core.codebook import Code, Codebook
from autocode.core.thematic_map import ThematicMap
from autocode.report.charts.thematic_map import draw_thematic_map

CODEBOOK = Codebook(tuple(Code(id=f"c{n}", name=f"Code {n} & <more>") for n in range(10)))
SVG = "{http://www.w3.org/2000/svg}"


def drawn(n_tops: int, n_below: int, *, central: bool):
    made = ThematicMap()
    for top in range(n_tops):
        made = edits.add_theme(made, f"Theme {top}", is_central=central and top == 0)
        made = edits.place_codes(made, f"Theme {top}", [f"c{top % 10}"])
        for below in range(n_below):
            made = edits.add_theme(made, f"Part {top}-{below}", parent=f"Theme {top}")
        if top:
            made = edits.relate_themes(made, f"Theme {top}", "Theme 0", f"leads {top}")
    view = count_map(made, codebook=CODEBOOK, segments=[], codings=[])
    return draw_thematic_map(view, {f"c{n}": "#123456" for n in range(10)})


@pytest.mark.parametrize("central", [False, True], ids=["no-centre", "centre"])
@pytest.mark.parametrize(("n_tops", "n_below"), [(1, 0), (2, 0), (5, 0), (5, 7), (8, 4), (40, 0)])
def test_every_theme_is_written_and_no_card_covers_another(n_tops, n_below, central):
    root = ElementTree.fromstring(drawn(n_tops, n_below, central=central))
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    for top in range(n_tops):
        assert words.count(f"Theme {top} ") + words.endswith(f"Theme {top}") >= 1
        assert all(f"Part {top}-{below}" in words for below in range(n_below))
    cards = [
        tuple(float(card.get(name)) for name in ("x", "y", "width", "height"))
        for card in root.iter(f"{SVG}rect")
        if card.get("rx") == "10"
    ]
    assert len(cards) == n_tops
    for at, (x, y, width, height) in enumerate(cards):
        for left, top, across, down in cards[at + 1 :]:
            apart = x + width <= left or left + across <= x or y + height <= top or top + down <= y
            assert apart
    _, _, wide, tall = map(float, root.get("viewBox").split())
    assert all(x >= 0 and x + w <= wide and y >= 0 and y + h <= tall for x, y, w, h in cards)
    assert len(list(root.iter(f"{SVG}line"))) == n_tops - 1


@pytest.mark.parametrize(
    "positions",
    [
        [(0, 0), (262, 0)],
        [(0, 0), (0, 60)],
        [(0, 0), (262, 0), (524, 0), (786, 0)],
        [(0, 0), (262, 0), (0, 70), (262, 70), (524, 35)],
        [(786, 0), (786, 60), (524, 0), (524, 60), (262, 0), (262, 60), (0, 0), (0, 60)],
    ],
    ids=len,
)
def test_words_of_relations_stand_on_no_card_however_close_cards_stand(positions):
    made = ThematicMap()
    for n, position in enumerate(positions):
        made = edits.move_card(edits.add_theme(made, f"Theme {n}"), f"Theme {n}", position)
    for n in range(1, len(positions)):
        made = edits.relate_themes(made, f"Theme {n}", f"Theme {n - 1}", f"keeps apart from {n}")
    view = count_map(made, codebook=CODEBOOK, segments=[], codings=[])
    root = ElementTree.fromstring(draw_thematic_map(view, {}))
    boxes = [
        (*(float(one.get(name)) for name in ("x", "y", "width", "height")), one.get("rx"))
        for one in root.iter(f"{SVG}rect")
        if one.get("rx") in ("3", "10")
    ]
    assert [rx for *_, rx in boxes].count("3") == len(positions) - 1
    _, _, wide, tall = map(float, root.get("viewBox").split())
    for at, (x, y, width, height, _) in enumerate(boxes):
        assert min(x, y) >= 0
        assert max(x + width - wide, y + height - tall) <= 0
        for left, top, across, down, _ in boxes[at + 1 :]:
            apart = x + width <= left or left + across <= x or y + height <= top or top + down <= y
            assert apart


def test_words_are_escaped_and_the_same_map_gives_the_same_picture():
    once = drawn(3, 1, central=True)
    assert once == drawn(3, 1, central=True)
    assert "<more>" not in once
    assert re.search(r"Code \d &amp; &lt;more&gt;", once)


def test_no_themes_no_picture():
    view = count_map(ThematicMap(), codebook=CODEBOOK, segments=[], codings=[])
    assert draw_thematic_map(view, {}) == ""
