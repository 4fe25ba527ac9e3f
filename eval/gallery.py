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
from autocode.core.codebook import Codebook
from autocode.core.theme import Member, ThemeDraft, Unassigned
from autocode.encode.cache import MemoryVectorCache, encode_once
from autocode.project.importing import ImportOptions
from autocode.report import templating
from autocode.report.charts.dendrogram import Merge, dendrogram
from autocode.report.charts.scatter import Dot, dots_of, excerpt_map
from autocode.report.charts.theme_map import thematic_map
from autocode.report.excerpts import colours
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
    for number, shown in enumerate(drafts(asked.study, demo=not asked.no_demo), start=1):
        drawn = pictures(shown)
        for kind, svg in drawn.items():
            if svg:
                templating.save(svg, asked.out / f"{number}-{kind}.svg")
        sections.append((shown, drawn))
        sizes = ", ".join(
            f"{kind} {len(svg.encode()) / 1000:.0f} kB" for kind, svg in drawn.items()
        )
        print(f"{shown.title}: {sizes}")
    templating.save(gallery(sections), asked.out / "index.html")
    print(asked.out / "index.html")


def drafts(study: Path | None, *, demo: bool) -> Iterator[Shown]:
    for n_themes, n_segments, n_people in SIZES:
        made = invented(n_themes, n_segments, n_participants=n_people)
        draft = placed(made, later=f"interview_{n_people:02d}")
        title = f"{n_themes} invented themes, {n_segments:,} segments"
        yield Shown(title, draft, made.codebook, made.merges, dots_of(draft))
    if study is not None:
        yield of_study(study)
    elif demo:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "demo.autocode"
            encoder = load_encoder()
            with Project.open(path, create_new=True) as project:
                project.import_paths([Path(str(EXAMPLE))], ImportOptions(join_turns=True))
                project.suggest(encoder)
                project.draft_themes(encoder)
            yield of_study(path)


def placed(made: Invented, *, later: str) -> ThemeDraft:
    """The draft with its segments' places, those of one transcript as if they had come later."""

    def at(one: Held) -> Held:
        segment = one.segment
        place = made.points[segment.transcript, segment.span.start]
        return replace(one, position=place, later=segment.transcript == later)

    themes = tuple(
        replace(theme, members=tuple(map(at, theme.members))) for theme in made.draft.themes
    )
    return replace(made.draft, themes=themes, unassigned=tuple(map(at, made.draft.unassigned)))


def of_study(path: Path) -> Shown:
    """A stored draft; its tree and places are worked out here where the draft holds none."""
    with Project.open(path) as project:
        draft, codebook = project.themes(), project.codebook()
    if draft is None:
        raise SystemExit(f"{path}: holds no draft themes. Run autocode themes first.")
    merges, dots = draft.parameters.get("tree", []), dots_of(draft)
    if not (merges and dots):
        merges, dots = worked_out(draft)
    return Shown(f"The study {path.stem}", draft, codebook, merges, dots)


def worked_out(draft: ThemeDraft) -> tuple[list[Merge], list[Dot]]:
    """Tree and places from the vectors of the draft's segments."""
    found = [(m.segment, t.key, m.exemplar is not None) for t in draft.themes for m in t.members]
    found += [(n.segment, "", False) for n in draft.unassigned]
    words = [segment.excerpt for segment, _, _ in found]
    vectors = encode_once(load_encoder(), words, cache=MemoryVectorCache())
    keys = [theme.key for theme in draft.themes]
    group = np.array([keys.index(key) if key else -1 for _, key, _ in found])
    dots = [
        Dot(place=(float(x), float(y)), segment=segment, theme=key or None, is_exemplar=best)
        for (segment, key, best), (x, y) in zip(found, plane(vectors), strict=True)
    ]
    return tree_of(compute_centroids(vectors, group, len(keys)), keys), dots


def pictures(shown: Shown) -> dict[str, str]:
    themes = shown.draft.themes
    return {
        "map": thematic_map(themes, shown.codebook, colours(shown.codebook)),
        "dendrogram": dendrogram(themes, shown.merges),
        "excerpts": excerpt_map(themes, shown.dots),
    }


def gallery(sections: list[tuple[Shown, dict[str, str]]]) -> str:
    """One page with every picture, in the report's own style."""
    style = (files("autocode.report") / "templates" / "style.css").read_text(encoding="utf-8")
    titles = {
        "map": "Thematic map",
        "dendrogram": "How the themes join",
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
