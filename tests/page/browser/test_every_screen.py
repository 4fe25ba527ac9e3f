"""Every address, full and empty: no violation in any look, nothing refused or from elsewhere."""

from __future__ import annotations

import pytest

from autocode.core import map_edits as edits
from autocode.encode.hashing import HashEncoder
from autocode.pipeline import PartitionOptions, ThemeOptions
from autocode.project import Project
from autocode.project.hand_coding import Place
from autocode.project.resolving import ResolveOptions

from .support import LOOKS, expect, violations
from .test_accessibility import BUS
from .workflow import by_keys

BOTH = ResolveOptions(one="Amina", other="Jonas")
# [address, what is there when it can be looked at]
FULL = {
    "/": "table",
    "/t/1": "#transcripts .n",
    "/queue": "#card .here",
    "/codes": "#tree li",
    "/codes/2": "#detail section",
    "/themes": ".item",
    "/map": "#picture [data-theme]",
    "/agreement": "#compared",
    "/agreement/excerpts": ".excerpts li",
    "/compare/1": ".difference",
    "/settled": ".excerpts li",
    "/search": "#help",
    "/search?q=bus": ".hit",
    "/search?q=code%3Anothing": "#fault",
    "/history": "#acts tr",
    "/history?kind=none": "#fault",
    "/t/99": "h1",
    "/codes/99": "h1",
    "/start": "h1",
}
EMPTY = {
    "/": ".empty",
    "/queue": "#empty",
    "/codes": "#detail button",
    "/themes": "#empty",
    "/map": "#empty",
    "/agreement": ".empty",
    "/settled": ".none",
    "/search?q=bus": "#count",
    "/history": "h1",
}


def fill(study):
    """Suggestions, draft themes, a map, and two coders who differ where one thing is settled."""

    def edit(known):
        made = edits.add_theme(known, "Care", definition="Who helps", is_central=True)
        made = edits.add_theme(edits.place_codes(made, "Care", ["family"]), "Doors")
        return edits.relate_themes(made, "Doors", "Care", "undermines")

    how = ThemeOptions(partition=PartitionOptions(n_groups=3), n_draws=0)
    with Project.open(study) as project:
        project.suggest(HashEncoder())
        project.draft_themes(HashEncoder(n_dimensions=2048), options=how)
        project.edit_map(edit, coder="Jonas")
        place = Place(transcript="t1_ann", words=BUS)
        project.code(place, "shame", coder="Amina")
        project.resolve(place, "shame", "neither", reason="a slip", coder="Jonas", options=BOTH)
    return study


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("addresses", [FULL, EMPTY], ids=["full", "empty"])
def test_no_address_has_a_violation(chromium, serve, study, tmp_path, look, addresses):
    if addresses is EMPTY:
        study = tmp_path / "empty.autocode"
        with Project.open(study, create_new=True):
            pass
    else:
        fill(study)
    screen, faults = by_keys(chromium, serve(study), "Amina", **LOOKS[look]), {}
    for address, ready in addresses.items():
        screen.page.goto(screen.origin + address)
        expect(screen.page.locator(ready).first).to_be_visible()
        faults[address] = violations(screen.page)
    screen.close()
    assert {address: found for address, found in faults.items() if found} == {}
