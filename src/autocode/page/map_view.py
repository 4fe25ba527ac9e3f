"""The thematic map as a picture that is worked on, beside a list of the same facts in words."""

from __future__ import annotations

from math import inf

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ..project.reader import Snapshot
from ..report.charts.thematic_map import draw_thematic_map
from ..report.palette import assign_code_colours
from .security import session_of
from .served import served
from .sight import see
from .themes_view import view_board


def draw_map(study: Snapshot, coder: str, *, as_file: bool) -> str:
    """The map as the report draws it; empty without themes, and for a blind coder.

    Only as a file it has a style of its own.
    """
    if see(study, coder).is_blind:
        return ""
    view, colours = study.thematic_map(), assign_code_colours(study.codebook())
    if as_file:
        return draw_thematic_map(view, colours)
    return draw_thematic_map(view, colours, max_width=inf)


def show_map(request: Request) -> Response:
    """The map."""
    server = served(request)
    with server.project.snapshot() as study:
        state = view_board(study, session_of(request.scope).coder)
    return server.render(request, "map.html", state=state)


def send_picture(request: Request) -> Response:
    """The picture, as SVG without script; with `?save` as a file to be kept."""
    as_file = "save" in request.query_params
    with served(request).project.snapshot() as study:
        picture = draw_map(study, session_of(request.scope).coder, as_file=as_file)
    if not picture:
        return JSONResponse({"error": "There is no map to be drawn."}, 404)
    headers = {"Content-Disposition": 'attachment; filename="map.svg"'} if as_file else {}
    return Response(picture.encode("utf-8", "replace"), media_type="image/svg+xml", headers=headers)


ROUTES = (Route("/map", show_map), Route("/map/picture", send_picture))
