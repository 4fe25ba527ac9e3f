"""The map of the page: cards stay where they are put, the picture is the report's, scriptless."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from autocode.core import map_edits as edits
from autocode.report.charts.thematic_map import draw_thematic_map
from autocode.report.palette import assign_code_colours

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def mapped(page):
    def edit(known):
        made = edits.add_theme(known, "Care", is_central=True)
        made = edits.place_codes(made, "Care", ["family"])
        for name in ("Doors", "<b>Waiting</b>"):
            made = edits.add_theme(made, name)
        return edits.relate_themes(made, "Doors", "Care", "undermines")

    page.project.edit_map(edit, coder="Jonas")
    return page


def cards(page):
    answer = page.get("/map/picture")
    assert answer.headers["content-type"] == "image/svg+xml"
    found = ElementTree.fromstring(answer.content).iter(f"{SVG}g")
    return {g.get("data-theme"): (int(g.get("data-x")), int(g.get("data-y"))) for g in found}


def move(page, theme, to, base=()):
    return page.act("map-move", theme=theme, position=list(to), base=list(base))


def test_a_card_stays_where_it_is_put_and_undo_takes_it_back(mapped):
    before, laid_out = mapped.project.content_digest(), cards(mapped)
    assert move(mapped, "M2", (700, 900)).status_code == 200
    assert cards(mapped)["M2"] == (700, 900)
    assert cards(mapped)["M1"] == laid_out["M1"]
    (row,) = [r for r in mapped.project.thematic_map().to_rows() if r["theme"] == "M2"]
    assert row["position"] == [700, 900]
    stale = move(mapped, "M2", (10, 10))
    assert (stale.status_code, "moved meanwhile" in stale.json()["error"]) == (409, True)
    assert move(mapped, "M2", (), base=(700, 900)).status_code == 200
    assert cards(mapped) == laid_out
    for _ in range(2):
        mapped.act("undo")
    assert mapped.project.content_digest() == before


def test_no_card_covers_another_wherever_it_is_put(mapped):
    centre = cards(mapped)["M1"]
    for theme in ("M2", "M3"):
        assert move(mapped, theme, centre).status_code == 200
    root = ElementTree.fromstring(mapped.get("/map/picture").content)
    boxes = [
        [float(rect.get(name)) for name in ("x", "y", "width", "height")]
        for rect in root.iter(f"{SVG}rect")
        if rect.get("rx") == "10"
    ]
    assert len(boxes) == 3
    for at, (x, y, width, height) in enumerate(boxes):
        for left, top, across, down in boxes[at + 1 :]:
            assert x + width <= left or left + across <= x or y + height <= top or top + down <= y
    assert move(mapped, "M2", (9000, 0), base=centre).status_code == 200
    _, _, wide, _ = map(float, root.get("viewBox").split())
    assert cards(mapped)["M2"][0] < wide


@pytest.mark.parametrize("to", [(1,), (-1, 5), (5, 10**9)])
def test_a_position_that_is_none_is_refused(mapped, to):
    before = mapped.project.content_digest()
    assert move(mapped, "M2", to).status_code == 422
    assert mapped.project.content_digest() == before


def test_all_cards_are_laid_out_anew_as_one_act(mapped):
    laid_out = cards(mapped)
    move(mapped, "M2", (700, 900))
    move(mapped, "M3", (200, 900))
    put = cards(mapped)
    assert mapped.act("map-lay-out").status_code == 200
    assert cards(mapped) == laid_out
    mapped.act("undo")
    assert cards(mapped) == put


def test_the_picture_is_the_reports_and_runs_no_script(mapped):
    kept = mapped.get("/map/picture?save")
    view, codebook = mapped.project.thematic_map(), mapped.project.codebook()
    assert kept.text == draw_thematic_map(view, assign_code_colours(codebook))
    assert kept.headers["content-disposition"] == 'attachment; filename="map.svg"'
    shown = mapped.get("/map/picture").text
    assert "style=" not in shown  # the policy of the page allows none
    assert shown.replace(" xmlns", "") == kept.text.replace(
        ' style="max-width:1196px"', ""
    ).replace(" xmlns", "")
    for picture in (kept.text, shown):
        assert not [word for word in ("<script", "onload", "href", "<b>") if word in picture]


def test_relations_are_drawn_reworded_and_taken_away(mapped):
    def names():
        return [(r.one, r.other, r.name) for r in mapped.project.thematic_map().map.relations]

    def act(kind, **fields):
        return mapped.act(kind, one="M2", other="M1", **fields).status_code

    assert act("theme-relate", name="feeds", base="undermines") == 200
    assert names() == [("M2", "M1", "feeds")]
    assert act("theme-relate", name="starves", base="undermines") == 409
    assert act("theme-reverse", base="undermines") == 409
    assert act("theme-reverse", base="feeds") == 200
    assert names() == [("M1", "M2", "feeds")]
    summary = mapped.project.history()[-1].summary
    assert summary == "relation of 'Doors' to 'Care' reversed"
    assert act("theme-reverse", base="feeds") == 409
    mapped.act("undo")
    assert act("theme-unrelate", base="feeds") == 200
    assert names() == []
    assert act("theme-unrelate", base="feeds") == 409
    mapped.act("undo")
    assert names() == [("M2", "M1", "feeds")]


def test_without_themes_there_is_no_picture(page):
    assert page.get("/map").status_code == 200
    answer = page.get("/map/picture")
    assert (answer.status_code, "no map" in answer.json()["error"]) == (404, True)
