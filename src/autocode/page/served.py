"""What the routes of the page share: the study, who may use it, templates, our own files."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..project import Project
from ..project.recordings import RecordingOpener
from ..project.searched_study import SearchMemory
from ..report.templating import create_environment
from .agreement_choice import Agreements
from .followers import Followers
from .refit import Refits
from .roles import list_refusals
from .security import role_in, session_of, whose
from .session import Sessions
from .site import Site
from .team import Team

if TYPE_CHECKING:
    from markupsafe import Markup

    from ..report.templating import Environment

FOLDER = Path(__file__).parent / "static"
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_STYLE = re.compile(r' style="[^"]*"')
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One of our own files as it is sent; `packed` is the same with gzip."""

    content: bytes
    packed: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """All of our own files, by name, and the digest of them all that stands in their addresses."""

    files: Mapping[str, StaticFile]
    digest: str


STATE = "autocode.state"
"""Where a request notes the state of the study that its page is drawn from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One running server; with a `team` people sign in."""

    project: Project
    sessions: Sessions
    site: Site
    static: StaticFiles
    templates: Environment
    refits: Refits
    followers: Followers
    recordings: RecordingOpener
    agreements: Agreements = field(default_factory=Agreements)
    team: Team | None = None
    searches: SearchMemory = field(default_factory=SearchMemory)

    @property
    def study_name(self) -> str:
        """What the study is called: the name of its file."""
        return self.project.path.stem

    def render(
        self, request: Request, template: str, /, *, status: int = 200, **view: object
    ) -> Response:
        """A page made of one of our templates, for whoever asks."""
        session, role = session_of(request.scope), role_in(request.scope)
        html = self.templates.get_template(template).render(
            static=f"/static/{self.static.digest}",
            study_name=self.study_name,
            coder=session.coder,
            whose=whose(session.coder),
            role=role,
            refusals=list_refusals(role),
            is_team=self.team is not None,
            path=request.url.path,
            study_state=request.scope.get(STATE),
            **view,
        )
        return HTMLResponse(html.encode("utf-8", "replace"), status)


def read_static_files(folder: Path = FOLDER) -> StaticFiles:
    """Read our own files; nothing else is ever served."""
    files = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in TYPES:
            content = path.read_bytes()
            files[path.name] = StaticFile(content, gzip.compress(content, 9), TYPES[path.suffix])
    digest = hashlib.sha256()
    for name, file in files.items():
        digest.update(name.encode() + b"\0" + file.content)
    return StaticFiles(files, digest.hexdigest()[:16])


def create_templates() -> Environment:
    """Our templates: every word escaped; `as_data` gives a value as JSON that closes no element."""
    environment = create_environment("autocode.page")
    environment.filters |= {"as_data": write_data, "clock": write_clock, "drawn": write_drawing}
    return environment


def write_clock(seconds: float) -> str:
    """Seconds as a reader writes them: 1:02:09, or 02:09 within the first hour."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def write_drawing(svg: str) -> Markup:
    """One of our charts as part of a page, without its style, which the policy does not allow."""
    from markupsafe import Markup

    return Markup(_STYLE.sub("", svg, count=1))


def write_data(value: Any) -> Any:  # noqa: ANN401 - plain data, and Markup, which is untyped here
    """Plain data as JSON that can stand in an element of a page: no mark of HTML is in it."""
    from markupsafe import Markup

    return Markup(json.dumps(value, ensure_ascii=True).translate(_ESCAPES))


def served(request: Request) -> Served:
    """The server that a request came to."""
    server: Served = request.app.state.served
    return server
