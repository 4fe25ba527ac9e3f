"""What each tool wants of a REFI-QDA project: line ends, what positions count, what it cannot take.

Sources: what the tools' own exports do, and what importers written for them have to undo. No
program states these things, so that a profile says where it was not tried.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

from ...core.errors import InputError
from ..losses import LossLedger
from ..project import ToolProject
from .for_qualcoder import fit_for_qualcoder
from .offsets import OffsetRule

STANDARD = OffsetRule()
ProfileName = Literal["refi", "atlasti", "maxqda", "nvivo", "qualcoder", "taguette"]
PROFILE_NAMES: tuple[ProfileName, ...] = get_args(ProfileName)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a project is written for one tool.

    `line_end` is that of texts, and `rule` what positions count in them. `takes_collections`,
    `takes_links` and `takes_graphs` say whether the tool reads these; they are written all the
    same, and the report says that the tool passes over them. `fit` is what is done to a project so
    that the tool keeps all of it, `is_tried` whether the tool itself was run on what we write.
    `doubts` are said in every report.
    """

    name: ProfileName
    title: str
    line_end: str = "\n"
    rule: OffsetRule = STANDARD
    takes_collections: bool = True
    takes_links: bool = True
    takes_graphs: bool = True
    fit: Callable[[ToolProject, LossLedger], ToolProject] | None = None
    is_tried: bool = False
    doubts: tuple[str, ...] = ()


_WINDOWS_DOUBT = (
    "positions count a line break twice and lines end in CRLF, as this tool's exports do; "
    "not tried in the tool"
)

_PROFILES: tuple[Profile, ...] = (
    Profile(name="refi", title="the standard"),
    Profile(name="atlasti", title="ATLAS.ti"),
    Profile(
        name="maxqda",
        title="MAXQDA",
        line_end="\r\n",
        rule=OffsetRule(line_break=2),
        doubts=(_WINDOWS_DOUBT,),
    ),
    Profile(
        name="nvivo",
        title="NVivo",
        line_end="\r\n",
        rule=OffsetRule(line_break=2),
        doubts=(_WINDOWS_DOUBT,),
    ),
    Profile(
        name="qualcoder",
        title="QualCoder",
        fit=fit_for_qualcoder,
        is_tried=True,
        takes_links=False,
        takes_graphs=False,
        doubts=("its importer gives codes the nearest of its own colours",),
    ),
    Profile(
        name="taguette",
        title="Taguette",
        takes_collections=False,
        takes_links=False,
        takes_graphs=False,
        doubts=("Taguette reads REFI-QDA codebooks (.qdc) only; give it a .qdc",),
    ),
)


def get_profile(name: str) -> Profile:
    """The profile of this name.

    Raises:
        InputError: if there is none, with the nearest name.
    """
    for profile in _PROFILES:
        if profile.name == name:
            return profile
    near = get_close_matches(name, PROFILE_NAMES, n=1)
    hint = f"Did you mean '{near[0]}'?" if near else f"There are: {', '.join(PROFILE_NAMES)}."
    raise InputError(f"No tool '{name}' to write a project for. {hint}")
