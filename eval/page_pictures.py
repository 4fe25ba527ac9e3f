"""Pictures of every screen of the page, to look at: full, with a dialog, empty, at fault.

    python eval/page_pictures.py [--out build/pictures] [--study FILE.autocode] [--only map]
        [--looks light,dark,forced,wide,narrow]

The study is the bundled example with codes suggested, themes drafted and a map put over them
(a minute), or a copy of one of yours. It needs Chromium (/usr/bin/chromium) and playwright.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from autocode import Project, load_encoder
from autocode.core import map_edits as edits
from autocode.core.thematic_map import ThematicMap
from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.server import listening
from autocode.page.session import Sessions
from autocode.page.team import Team
from autocode.project.importing import ImportOptions

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
EXAMPLE = files("autocode") / "example" / "study"
CODER = "Amina"
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "forced": {"viewport": {"width": 1280, "height": 800}, "forced_colors": "active"},
    "wide": {"viewport": {"width": 1920, "height": 1080}},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}


@dataclass(frozen=True, slots=True)
class State:
    """What a picture shows: an address, what is there when it is ready, and keys pressed then."""

    name: str
    path: str
    ready: str = "h1"
    keys: tuple[str, ...] = ()
    study: str = "full"


STATES = (
    State("overview", "/"),
    State("overview-empty", "/", study="empty"),
    State("coding", "/t/4", "#transcripts .n", ("j", "j", "j", "o")),
    State("coding-picker", "/t/4", "#transcripts .n", ("j", "j", "c")),
    State("coding-memo", "/t/4", "#transcripts .n", ("j", "j", "m")),
    State("coding-keys", "/t/4", "#transcripts .n", ("j", "?")),
    State("queue", "/queue", "#card .here"),
    State("queue-evidence", "/queue", "#card .here", ("e",)),
    State("queue-several", "/queue", "#card .here", ("#many",)),
    State("queue-empty", "/queue", study="empty"),
    State("codes", "/codes", "#tree li"),
    State("code", "/codes/4", "#tree li"),
    State("code-edit", "/codes/4", "#tree li", ("e",)),
    State("code-merge", "/codes/4", "#tree li", ("g",)),
    State("codes-empty", "/codes", study="empty"),
    State("themes", "/themes", ".item", ("ArrowDown", "Enter")),
    State("themes-new", "/themes", ".item", ("n",)),
    State("themes-empty", "/themes", study="empty"),
    State("map", "/map", "#picture [data-theme]"),
    State("map-relate", "/map", "#picture [data-theme]", ("l",)),
    State("map-empty", "/map", study="empty"),
    State("agreement", "/agreement", "#compared"),
    State("agreement-excerpts", "/agreement", "#compared", ("#by-code a",)),
    State("agreement-empty", "/agreement", study="empty"),
    State("compare", "/compare/3", "#agreement td"),
    State("settled", "/settled"),
    State("search", "/search?q=waiting", ".hit"),
    State("search-fault", "/search?q=code%3Anothing"),
    State("search-empty", "/search"),
    State("history", "/history", "#acts tr"),
    State("history-empty", "/history?kind=import&coder=Nobody"),
    State("fault", "/t/99"),
    State("start", "/start"),
    State("sign-in", "/start", study="team"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("build/pictures"))
    parser.add_argument("--study", type=Path, help="a study to copy, instead of the example")
    parser.add_argument("--only", default="", help="screens whose name begins so")
    parser.add_argument("--looks", default="light", help=f"some of {','.join(LOOKS)}")
    parser.add_argument("--whole", action="store_true", help="the whole page, not the window")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        studies = build_studies(Path(folder), asked.study)
        for kind, study in studies.items():
            states = [s for s in STATES if s.study == kind and s.name.startswith(asked.only)]
            if states:
                with serve(study, is_team=kind == "team") as (origin, sessions):
                    for look in asked.looks.split(","):
                        page = sign_in(browser, origin, sessions, look, is_team=kind == "team")
                        for state in states:
                            file = asked.out / f"{state.name}-{look}.png"
                            show(page, origin, state)
                            page.screenshot(path=file, full_page=asked.whole)
                            print(file)


def build_studies(folder: Path, known: Path | None) -> dict[str, Path]:
    """A full study, an empty one, and the full one as a team has it."""
    full, empty = folder / "care.autocode", folder / "new.autocode"
    with Project.open(empty, create_new=True):
        pass
    if known:
        shutil.copy(known, full)
    else:
        encoder = load_encoder()
        with Project.open(full, create_new=True) as project:
            project.import_paths([Path(str(EXAMPLE))], ImportOptions(join_turns=True))
            project.suggest(encoder)
            project.draft_themes(encoder)
    with Project.open(full) as project:
        if not project.thematic_map().map.themes:
            project.edit_map(put_themes, coder=CODER)
    return {"full": full, "empty": empty, "team": full}


def put_themes(known: ThematicMap) -> ThematicMap:
    """The map of the example: four themes, one of them in the middle."""
    themes = {
        "Kept outside": ("What stands before any help", ["waiting", "thresholds", "crisis"]),
        "Known by somebody": ("Being a person to those who help", ["trust", "listened", "say"]),
        "Held elsewhere": ("Help that is not a service", ["peers", "practical", "family"]),
        "Dropped": ("How help ends", ["turnover", "endings"]),
    }
    for name, (definition, codes) in themes.items():
        known = edits.add_theme(known, name, definition=definition)
        known = edits.place_codes(known, name, codes)
    known = edits.change_theme(known, "Known by somebody", is_central=True)
    known = edits.relate_themes(known, "Kept outside", "Known by somebody", "undermines")
    known = edits.relate_themes(known, "Dropped", "Known by somebody", "breaks")
    return edits.relate_themes(known, "Kept outside", "Held elsewhere", "leads to")


@contextmanager
def serve(study: Path, *, is_team: bool) -> Iterator[tuple[str, Sessions]]:
    """The page of a study on a free port of this machine."""
    sessions = Sessions()
    team = Team(study.with_suffix(".users"), sessions) if is_team else None
    with listening("127.0.0.1", 0) as listener, open_served(study) as project:
        port = listener.getsockname()[1]
        app = build_app(project, sessions, port=port, team=team)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)  # uvicorn says that it has started by a flag only
        yield f"http://127.0.0.1:{port}", sessions
        server.force_exit = server.should_exit = True
        thread.join(10)
        if team:
            team.stop()


def sign_in(
    browser: Browser, origin: str, sessions: Sessions, look: str, *, is_team: bool = False
) -> Page:
    """A window in which the coder has the study open."""
    page = browser.new_context(**LOOKS[look]).new_page()
    page.set_default_timeout(8000)
    if is_team:  # they sign in by name and password, which is the picture
        return page
    page.goto(f"{origin}/start#{sessions.make_token(CODER)}")
    # The start page sends a coder on once their link is taken; a picture before it is of none.
    page.wait_for_url(lambda address: "/start" not in address)
    return page


def show(page: Page, origin: str, state: State) -> None:
    """Open the screen and press the keys; what begins with # is clicked."""
    page.goto(origin + state.path)
    try:
        page.locator(state.ready).first.wait_for(state="attached")
        for key in state.keys:
            if key.startswith("#"):
                page.locator(key).first.click()
            else:
                page.keyboard.press(key)
            page.wait_for_timeout(120)
    except Exception as fault:
        print(f"{state.name}: {fault}".splitlines()[0])
    page.wait_for_timeout(300)


if __name__ == "__main__":
    main()
