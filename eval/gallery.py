"""Every picture of draft themes at 5, 20 and 60 themes and from the demo study, to look at.

    python eval/gallery.py [--out build/gallery] [--study FILE.autocode] [--no-demo]

Writes an SVG file per picture and `index.html` with all of them. The large drafts are invented
(`eval/invented.py`, seeded); the demo study is the bundled example with the default encoder, or a
study of yours that has draft themes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import TypeVar

import numpy as np

from autocode import Project, load_encoder
from autocode.analysis.cooccurrence import relations
from autocode.core.codebook import Codebook
from autocode.core.theme import Member, ThemeDraft, Unassigned
from autocode.encode.cache import MemoryVectorCache, encode_once
from autocode.io.files import write_atomically
from autocode.project.importing import ImportOptions
from autocode.report import templating
from autocode.report.charts.dendrogram import Merge, draw_dendrogram
from autocode.report.charts.excerpt_map import Dot, draw_excerpt_map, list_dots
from autocode.report.charts.theme_map import draw_theme_map
from autocode.report.palette import assign_code_colours
from autocode.themes.groups import compute_centroids
from invented import Invented, invented, plane, tree_of

EXAMPLE = files("autocode") / "example" / "study"
Held = TypeVar("Held", Member, Unassigned)
SIZES = ((5, 90, 8), (20, 420, 18), (60, 5000, 40))


@dataclass(frozen=True, slots=True)
class Shown:
    """A draft with all that its pictures need."""

    title: str
    draft: ThemeDraft
    codebook: Codebook
    merges: list[Merge]
    dots: list[Dot]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("build/gallery"))
    parser.add_argument("--study", type=Path, help="a study with draft themes, for the demo's")
    parser.add_argument("--no-demo", action="store_true", help="invented drafts only (a second)")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    sections = []
    for number, shown in enumerate(list_drafts(asked.study, demo=not asked.no_demo), start=1):
        drawn = draw_pictures(shown)
        for kind, svg in drawn.items():
            if svg:
                with write_atomically(asked.out / f"{number}-{kind}.svg") as stream:
                    stream.write(svg)
        sections.append((shown, drawn))
        sizes = ", ".join(
            f"{kind} {len(svg.encode()) / 1000:.0f} kB" for kind, svg in drawn.items()
        )
        print(f"{shown.title}: {sizes}")
    templating.save(render_gallery(sections), asked.out / "index.html")
    print(asked.out / "index.html")


def list_drafts(study: Path | None, *, demo: bool) -> Iterator[Shown]:
    for n_themes, n_segments, n_people in SIZES:
        made = invented(n_themes, n_segments, n_participants=n_people)
        draft = place_segments(made, later=f"interview_{n_people:02d}")
        title = f"{n_themes} invented themes, {n_segments:,} segments"
        yield Shown(title, draft, made.codebook, made.merges, list_dots(draft))
    if study is not None:
        yield read_study(study)
    elif demo:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "demo.autocode"
            encoder = load_encoder()
            with Project.open(path, create_new=True) as project:
                project.import_paths([Path(str(EXAMPLE))], ImportOptions(join_turns=True))
                project.suggest(encoder)
                project.draft_themes(encoder)
            yield read_study(path)


def place_segments(made: Invented, *, later: str) -> ThemeDraft:
    """The draft with its segments' positions, those of transcript `later` as if added later."""

    def move(held: Held) -> Held:
        segment = held.segment
        position = made.points[segment.transcript, segment.span.start]
        return replace(held, position=position, later=segment.transcript == later)

    themes = tuple(
        replace(theme, members=tuple(map(move, theme.members))) for theme in made.draft.themes
    )
    return replace(made.draft, themes=themes, unassigned=tuple(map(move, made.draft.unassigned)))


def read_study(path: Path) -> Shown:
    """A stored draft; its tree and positions are computed here where the draft holds none."""
    with Project.open(path) as project:
        draft, codebook = project.themes(), project.codebook()
    if draft is None:
        raise SystemExit(f"{path}: holds no draft themes. Run autocode themes draft first.")
    merges, dots = [(m.one, m.other, m.height) for m in draft.diagnostics.tree], list_dots(draft)
    if not (merges and dots):
        merges, dots = compute_pictures(draft)
    return Shown(f"The study {path.stem}", draft, codebook, merges, dots)


def compute_pictures(draft: ThemeDraft) -> tuple[list[Merge], list[Dot]]:
    """Tree and positions from the vectors of the draft's segments."""
    rows = [(m.segment, t.key, m.exemplar is not None) for t in draft.themes for m in t.members]
    rows += [(n.segment, "", False) for n in draft.unassigned]
    words = [segment.excerpt for segment, _, _ in rows]
    vectors = encode_once(load_encoder(), words, cache=MemoryVectorCache())
    keys = [theme.key for theme in draft.themes]
    group = np.array([keys.index(key) if key else -1 for _, key, _ in rows])
    dots = [
        Dot(position=(float(x), float(y)), segment=segment, theme=key or None, is_exemplar=best)
        for (segment, key, best), (x, y) in zip(rows, plane(vectors), strict=True)
    ]
    return tree_of(compute_centroids(vectors, group, len(keys)), keys), dots


def draw_pictures(shown: Shown) -> dict[str, str]:
    themes = shown.draft.themes
    return {
        "map": draw_theme_map(
            themes, relations(themes), shown.codebook, assign_code_colours(shown.codebook)
        ),
        "dendrogram": draw_dendrogram(themes, shown.merges),
        "excerpts": draw_excerpt_map(themes, shown.dots),
    }


def render_gallery(sections: list[tuple[Shown, dict[str, str]]]) -> str:
    """One page with every picture, in the report's own style."""
    style = (files("autocode.report") / "templates" / "style.css").read_text(encoding="utf-8")
    titles = {
        "map": "Thematic map",
        "dendrogram": "How the themes merge",
        "excerpts": "Every segment",
    }
    body, links = [], []
    for number, (shown, drawn) in enumerate(sections, start=1):
        links.append(f'<a href="#s{number}">{escape(shown.title)}</a>')
        body.append(f'<section id="s{number}"><h2>{escape(shown.title)}</h2>')
        for kind, svg in drawn.items():
            # One page holds several drafts whose themes have the same keys: no links here.
            plain = svg.replace("<a href=", "<g data-key=").replace("</a>", "</g>")
            body.append(f"<h3>{titles[kind]}</h3>{plain or '<p>nothing to draw</p>'}")
        body.append("</section>")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f"<title>Pictures of draft themes</title><style>{style}</style></head><body>"
        f"<nav><b>Pictures</b>{''.join(links)}</nav><main>{''.join(body)}</main></body></html>\n"
    )


if __name__ == "__main__":
    main()
