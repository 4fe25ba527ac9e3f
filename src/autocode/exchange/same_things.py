"""Things of two projects that are one: what refers to the other is made to refer to the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from .project import ToolProject


def replace_guids(project: ToolProject, guids: Mapping[str, str]) -> ToolProject:
    """The project with other guids wherever these are named.

    Two things that have one guid then both stay.
    """
    return _replace(project, guids) if guids else project


def _replace(value: Any, guids: Mapping[str, str]) -> Any:  # noqa: ANN401 - fields of any type
    if isinstance(value, str):
        return guids.get(value, value)
    if isinstance(value, tuple):
        items = tuple(_replace(item, guids) for item in value)
        return items if items != value else value
    if not is_dataclass(value) or isinstance(value, type):
        return value
    held = ((field.name, getattr(value, field.name)) for field in fields(value))
    changed = {name: new for name, was in held if (new := _replace(was, guids)) is not was}
    return replace(value, **changed) if changed else value
