"""Who may do what on a page that a team shares: one table of routes, one of kinds of acts.

What stands in neither needs a lead, so that a screen added later opens nothing by mistake; a test
fails until it has its line. Whoever opens a study of their own (`autocode open`) is its lead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from starlette.routing import compile_path

Role = Literal["reader", "coder", "lead"]
ROLES: tuple[Role, ...] = get_args(Role)
"""From the one who may least to the one who may most; each may what those before may."""

ROUTE_ROLES: Mapping[tuple[str, str], Role] = {
    ("GET", "/"): "reader",
    ("GET", "/progress"): "reader",
    ("GET", "/session"): "reader",
    ("DELETE", "/session"): "reader",
    ("GET", "/t/{number:int}"): "reader",
    ("GET", "/t/{number:int}/state"): "reader",
    ("GET", "/t/{number:int}/unread"): "reader",
    ("GET", "/t/{number:int}/around"): "reader",
    ("GET", "/t/{number:int}/following"): "reader",
    ("GET", "/s/{number:int}/evidence"): "reader",
    ("GET", "/acts/last"): "reader",
    ("GET", "/compare/{number:int}"): "reader",
    ("GET", "/compare/{number:int}/state"): "reader",
    ("GET", "/compare/{number:int}/agreement"): "reader",
    ("GET", "/queue"): "reader",
    ("GET", "/queue/state"): "reader",
    ("GET", "/queue/list"): "reader",
    ("GET", "/queue/undo"): "reader",
    ("GET", "/refit"): "reader",
    ("GET", "/codes"): "reader",
    ("GET", "/codes/state"): "reader",
    ("GET", "/codes/{number:int}"): "reader",
    ("GET", "/codes/{number:int}/state"): "reader",
    ("GET", "/codes/{number:int}/more"): "reader",
    ("GET", "/themes"): "reader",
    ("GET", "/themes/state"): "reader",
    ("GET", "/themes/excerpts"): "reader",
    ("GET", "/themes/preview"): "coder",
    ("GET", "/themes/draft"): "reader",
    ("GET", "/map"): "reader",
    ("GET", "/map/picture"): "reader",
    ("GET", "/media/{number:int}"): "reader",
    ("GET", "/settled"): "reader",
    ("GET", "/agreement"): "reader",
    ("GET", "/agreement/excerpts"): "reader",
    ("GET", "/news"): "reader",
    ("GET", "/search"): "reader",
    ("GET", "/search/hits"): "reader",
    ("GET", "/history"): "reader",
    ("GET", "/history/check"): "reader",
    ("GET", "/history.csv"): "reader",
    ("GET", "/history.json"): "reader",
    ("POST", "/history/preview"): "coder",
    ("POST", "/acts"): "coder",
    ("POST", "/queue/showing"): "coder",
    ("POST", "/refit"): "coder",
    ("POST", "/t/{number:int}/following"): "coder",
    ("POST", "/themes/draft"): "coder",
    ("POST", "/codes/preview"): "coder",
}
"""The least role for each route that needs a session, by method and path; HEAD is as GET."""

ACT_ROLES: Mapping[str, Role] = {
    "code": "coder",
    "code-anew": "coder",
    "uncode": "coder",
    "respan": "coder",
    "recode": "coder",
    "note-coding": "coder",
    "note-words": "coder",
    "change-memo": "coder",
    "read": "coder",
    "unread": "coder",
    "undo": "coder",
    "undo-act": "coder",
    "code-many": "coder",
    "accept": "coder",
    "reject": "coder",
    "change": "coder",
    "reject-all": "coder",
    "accept-many": "coder",
    "finish": "coder",
    "theme-add": "coder",
    "theme-move": "coder",
    "theme-edit": "coder",
    "theme-note": "coder",
    "theme-memo": "coder",
    "theme-under": "coder",
    "theme-central": "coder",
    "theme-remove": "coder",
    "map-move": "coder",
    "map-lay-out": "coder",
    "theme-relate": "coder",
    "theme-reverse": "coder",
    "theme-unrelate": "coder",
    "draft-decide": "coder",
    "code-add": "coder",
    "code-confirm": "coder",
    "code-edit": "lead",
    "code-move": "lead",
    "code-shift": "lead",
    "code-merge": "lead",
    "code-split": "lead",
    "code-archive": "lead",
    "code-delete": "lead",
    "reveal": "lead",
    "resolve": "lead",
    "take-agreed": "lead",
}
"""The least role for each kind of act. All are done as the one who is signed in."""

_PATHS = tuple(
    (method, compile_path(path)[0], role) for (method, path), role in ROUTE_ROLES.items()
)
_TITLES: Mapping[Role, str] = {"reader": "a reader", "coder": "a coder", "lead": "a lead"}


def may(role: Role, needed: Role) -> bool:
    """Whether somebody of this role may what needs another."""
    return ROLES.index(role) >= ROLES.index(needed)


def role_for_route(method: str, path: str) -> Role:
    """The least role that may ask for this path."""
    asked = "GET" if method == "HEAD" else method
    fitting = (role for known, pattern, role in _PATHS if known == asked and pattern.match(path))
    return next(fitting, "lead")


def role_for_act(kind: str) -> Role:
    """The least role that may do an act of this kind."""
    return ACT_ROLES.get(kind, "lead")


def list_refusals(role: Role) -> dict[Role, str]:
    """Why somebody may not what needs more than their role, by the role it needs."""
    return {needed: say_refusal(role, needed) for needed in ROLES if not may(role, needed)}


def say_refusal(role: Role, needed: Role) -> str:
    """Why somebody may not, in one line."""
    return (
        f"That needs {_TITLES[needed]}, and you are {_TITLES[role]} in this study. "
        "Ask whoever keeps its users (autocode users role)."
    )
