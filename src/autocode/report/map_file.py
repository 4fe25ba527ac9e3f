"""The thematic map as a file of its own: a picture, a table, or a graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..analysis.map_counts import ThematicMapView
from ..core.arguments import checked
from ..core.codebook import Codebook
from ..core.errors import FileRefused, NothingToDo
from ..io.files import write_atomically
from ..io.tables.table import write_table
from ..io.xml import add_element, make_root, write_xml
from .charts.thematic_map import draw_thematic_map
from .palette import assign_code_colours

if TYPE_CHECKING:
    from ..io.xml import XmlElement

FORMATS = (".svg", ".csv", ".graphml")
MAP_COLUMNS = (
    "theme", "name", "definition", "parent", "is_central", "codes", "n_placed_segments",
    "n_segments", "n_participants", "relations",
)  # fmt: skip
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_NODE_KEYS = ("kind", "name", "definition", "n_segments", "n_participants")


@checked
def write_map(view: ThematicMapView, codebook: Codebook, path: str | Path) -> int:
    """Write the map in the format that the suffix of `path` names; returns the number of themes.

    Raises:
        NothingToDo: if the map has no themes.
        FileRefused: for another suffix, or if the file cannot be written.
    """
    path = Path(path)
    if not view.themes:
        raise NothingToDo("The map has no themes. Add one with: autocode map add STUDY NAME")
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_table(path, MAP_COLUMNS, _table_rows(view))
    elif suffix in FORMATS:
        is_picture = suffix == ".svg"
        with write_atomically(path) as stream:
            stream.write(
                draw_thematic_map(view, assign_code_colours(codebook))
                if is_picture
                else _write_graph(view)
            )
    else:
        raise FileRefused.because(
            path,
            f"'{suffix or path.name}' is no format that a map is written in",
            remedy=f"Name a file that ends with {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.",
        )
    return len(view.themes)


def _table_rows(view: ThematicMapView) -> list[dict[str, object]]:
    names = {theme.key: theme.name for theme in view.map.themes}
    relations: dict[str, list[str]] = {}
    for relation in view.map.relations:
        words = f"{relation.name or 'relates to'} {names[relation.other]}"
        relations.setdefault(relation.one, []).append(words)
    return [
        {
            **row,
            "parent": names.get(row["parent"], ""),
            "is_central": "yes" if row["is_central"] else "no",
            "codes": "; ".join(row["code_names"]),
            "relations": "; ".join(relations.get(row["theme"], ())),
        }
        for row in view.to_rows()
    ]


def _write_graph(view: ThematicMapView) -> str:
    """GraphML: nodes for themes and codes, edges for the tree, codes and relations."""
    root = make_root("graphml", _GRAPHML, {})
    for name in _NODE_KEYS:
        _declare(root, name, "node", "int" if name.startswith("n_") else "string")
    _declare(root, "relation", "edge", "string")
    graph = add_element(root, "graph", {"id": "map", "edgedefault": "directed"})
    for key, values in _nodes(view):
        node = add_element(graph, "node", {"id": key})
        for name, value in values.items():
            add_element(node, "data", {"key": name}).text = str(value)
    for one, other, relation in _edges(view):
        edge = add_element(graph, "edge", {"source": one, "target": other})
        add_element(edge, "data", {"key": "relation"}).text = relation
    return write_xml(root)


def _declare(root: XmlElement, name: str, of: str, kind: str) -> None:
    add_element(root, "key", {"id": name, "for": of, "attr.name": name, "attr.type": kind})


def _nodes(view: ThematicMapView) -> Iterator[tuple[str, dict[str, object]]]:
    """Themes, then each code that stands under one."""
    codes: dict[str, str] = {}
    for count in view.themes:
        yield (
            count.theme.key,
            {
                "kind": "central theme" if count.theme.is_central else "theme",
                "name": count.theme.name,
                "definition": count.theme.definition,
                "n_segments": count.n_segments,
                "n_participants": len(count.participants),
            },
        )
        codes |= dict(zip(count.theme.codes, count.code_names, strict=True))
    for code, name in codes.items():
        yield f"code:{code}", {"kind": "code", "name": name}


def _edges(view: ThematicMapView) -> Iterator[tuple[str, str, str]]:
    for count in view.themes:
        if count.theme.parent is not None:
            yield count.theme.key, count.theme.parent, "is part of"
        for code in count.theme.codes:
            yield f"code:{code}", count.theme.key, "is part of"
    for relation in view.map.relations:
        yield relation.one, relation.other, relation.name or "relates to"
