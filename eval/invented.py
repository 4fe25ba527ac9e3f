"""Invented draft themes, to try pictures on: seeded, with words that read like a study's own."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.cluster.hierarchy import linkage

from autocode.core.codebook import Code, Codebook
from autocode.core.theme import Member, SubTheme, Theme, ThemeDraft, Unassigned, UnassignedReason
from autocode.core.theme_stability import Stability
from autocode.core.transcript import Segment, Span
from autocode.themes.projection import project_themes

# Interviews about a river town after a flood. Each block is a region of meaning; each line a theme.
BLOCKS = (
    """flood / kitchen / mud
    insurance / assessor / form
    sandbags / gate / neighbours
    sirens / night / phone
    damp / plaster / wall
    caravan / winter / yard
    photographs / boxes / loft
    river / gauge / level
    pump / diesel / cellar
    builder / quote / delay""",
    """school / bus / mornings
    homework / table / noise
    playground / fence / mums
    teacher / assembly / drawing
    nursery / waiting list / hours
    exams / worry / sleep
    football / pitch / coach
    reading / library / Saturdays
    lunch / queue / trays
    holidays / grandparents / farm""",
    """shop / high street / rent
    market / stall / bread
    pub / quiz / regulars
    café / tourists / season
    garage / apprentice / parts
    post office / counter / pension
    bakery / ovens / four o'clock
    takings / till / December
    deliveries / lorry / bridge
    online / parcels / returns""",
    """surgery / appointment / receptionist
    prescription / chemist / collection
    anxiety / rain / forecast
    counsellor / group / Tuesdays
    knee / physiotherapy / stairs
    carers / respite / nights
    hospital / parking / corridor
    asthma / mould / inhaler
    diet / allotment / beans
    walking / dog / towpath""",
    """council / meeting / minutes
    petition / signatures / clerk
    flood defence / wall / view
    engineer / model / channel
    grant / deadline / evidence
    letter / apology / delay
    vote / turnout / leaflet
    planning / field / houses
    councillor / doorstep / promise
    newspaper / headline / photograph""",
    """choir / chapel / carols
    volunteers / rota / kettle
    WhatsApp / street / updates
    stranger / spade / kindness
    festival / lanterns / July
    newcomers / accent / welcome
    widow / next door / supper
    teenagers / bandstand / boredom
    fishing / weir / silence
    memory / old flood / 1968""",
)
SAYINGS = (
    "What I remember most is the {0}, and how nobody wanted to talk about the {1}.",
    "If you ask me about the {0}, I would have to start with the {2}.",
    "We thought about the {0} every single day, more than about anything else.",
    "It was never only the {1}. Behind it there was always the {0}, for everybody on our side.",
    "My sister says the {0} changed her; for me it was the {2}, to be honest.",
    "Somebody had to see to the {1}, so I did, and then the {0} landed on me as well.",
    "There was the {0} & the {1}, and in between you just had your tea and carried on.",
    "You learn who people are over a thing like the {0}. You really do.",
    "I kept a notebook about the {2}. Half of it is about the {0}, as it turned out.",
    "They said the {0} would be sorted by Easter, <laughs> and it was not.",
)
CODES = (
    ("home", "Losing a home", "#2b6cb0"),
    ("waiting", "Waiting and not knowing", "#b7791f"),
    ("help", "Neighbours helping", "#2f855a"),
    ("money", "Money and paperwork", "#805ad5"),
    ("body", "Body and health", "#c53030"),
    ("voice", "Being heard by the council", "#0f766e"),
    ("young", "Growing up here", "#9d174d"),
)
DIMENSIONS = 24


@dataclass(frozen=True, slots=True)
class Invented:
    """A draft with what pictures may draw beyond it: a point per segment, in or out, and a tree."""

    draft: ThemeDraft
    codebook: Codebook
    points: dict[tuple[str, int], tuple[float, float]]
    merges: list[tuple[str | int, str | int, float]]


def invented(n_themes: int, n_segments: int, *, n_participants: int, seed: int = 0) -> Invented:
    """A draft of up to 60 themes; neighbours in talk tend to come from one block."""
    random = np.random.default_rng(seed)
    chosen = _chosen(n_themes)
    blocks = random.normal(size=(len(BLOCKS), DIMENSIONS))
    centres = np.array([blocks[b] + 0.75 * random.normal(size=DIMENSIONS) for b, _ in chosen])
    said = _walk(chosen, n_segments, random)
    outside = random.random(n_segments) < 0.18
    spread = np.where(outside, 1.2, 0.45)[:, None]
    vectors = centres[said] + spread * random.normal(size=(n_segments, DIMENSIONS))
    segments = _segments(said, chosen, n_participants, random)
    flat = plane(vectors)
    themes = _themes(chosen, said, outside, segments, vectors, centres)
    left = tuple(
        Unassigned(segment=segments[at], reason=UnassignedReason.OUTLIER)
        for at in np.flatnonzero(outside)
    )
    points = {
        (s.transcript, s.span.start): (float(x), float(y))
        for s, (x, y) in zip(segments, flat, strict=True)
    }
    codebook = Codebook(tuple(Code(id=i, name=name, colour=colour) for i, name, colour in CODES))
    order = {theme.name: theme.key for theme in themes}
    keys = [order[name] for _, name in chosen]
    return Invented(ThemeDraft(themes, left), codebook, points, tree_of(centres, keys))


def tree_of(middles: np.ndarray, keys: list[str]) -> list[tuple[str | int, str | int, float]]:
    """Merges by average cosine distance of the middles (n, d): pairs by key or earlier merge."""
    n = len(keys)
    if n < 2:
        return []

    def named(at: float) -> str | int:
        return keys[int(at)] if at < n else int(at) - n

    merges = linkage(middles, "average", metric="cosine")
    return [(named(a), named(b), round(float(h), 4)) for a, b, h, _ in merges]


def _chosen(n_themes: int) -> list[tuple[int, str]]:
    """Blocks and names, two of each block in turn."""
    lines = [[" ".join(line.split()) for line in block.splitlines()] for block in BLOCKS]
    dealt = [
        (b, lines[b][at + k]) for at in range(0, 10, 2) for b in range(len(BLOCKS)) for k in (0, 1)
    ]
    return dealt[:n_themes]


def _walk(
    chosen: list[tuple[int, str]], n_segments: int, random: np.random.Generator
) -> np.ndarray:
    """The theme of each segment in the order of talk: people stay with what they speak of."""
    block = np.array([b for b, _ in chosen])
    weight = random.lognormal(0, 0.7, size=len(chosen))
    said = np.zeros(n_segments, dtype=int)
    for at in range(n_segments):
        near = weight * np.where(block == block[said[at - 1]], 4.0, 1.0)
        said[at] = random.choice(len(chosen), p=near / near.sum())
    return said


def _segments(
    said: np.ndarray, chosen: list[tuple[int, str]], n_people: int, random: np.random.Generator
) -> list[Segment]:
    found = []
    per_person = -(-len(said) // n_people)
    start = 0
    for at, theme in enumerate(said):
        who = at // per_person + 1
        start = 0 if at % per_person == 0 else start + int(random.integers(20, 700))
        words = chosen[theme][1].split(" / ")
        first = SAYINGS[int(random.integers(len(SAYINGS)))].format(*words)
        more = SAYINGS[int(random.integers(len(SAYINGS)))].format(*words)
        text = f"{first} {more}" if random.random() < 0.5 else first
        span = Span(start, start + len(text))
        name = f"P{who:02d}"
        found.append(
            Segment(
                transcript=f"interview_{who:02d}", span=span, excerpt=text, speaker=name, case=name
            )
        )
        start = span.end
    return found


def _themes(
    chosen: list[tuple[int, str]],
    said: np.ndarray,
    outside: np.ndarray,
    segments: list[Segment],
    vectors: np.ndarray,
    centres: np.ndarray,
) -> tuple[Theme, ...]:
    where = project_themes(centres / np.linalg.norm(centres, axis=1, keepdims=True))
    made = []
    for number, (block, name) in enumerate(chosen):
        rows = np.flatnonzero((said == number) & ~outside)
        away = np.linalg.norm(vectors[rows] - centres[number], axis=1)
        parts = _parts(name, len(rows))
        members = tuple(
            Member(
                segment=segments[row],
                strength=float(np.exp(-away[at] / 3)),
                exemplar=int(rank) + 1 if rank < 3 else None,
                part=f".{vectors[row, 0] > centres[number, 0]:d}" if parts else None,
            )
            for at, (row, rank) in enumerate(zip(rows, away.argsort().argsort(), strict=True))
        )
        steady = Stability(jaccard=0.4 if number % 7 == 5 else 0.8, low=0.3, high=0.9)
        code = CODES[(block + number % 2) % len(CODES)][0]
        near = ((code, round(0.2 + 0.05 * (number % 6), 2)),)
        terms = tuple(name.split(" / "))
        made.append(
            Theme(
                key="",
                name=name,
                terms=terms,
                members=members,
                position=where[number],
                near=near,
                parts=parts,
                contrast=None,
                stability=steady,
            )
        )
    made.sort(key=lambda theme: (-theme.n_segments, theme.name))
    return tuple(_keyed(theme, f"T{rank:02d}") for rank, theme in enumerate(made, start=1))


def _parts(name: str, n_rows: int) -> tuple[SubTheme, ...]:
    """Two sub-themes for the larger themes."""
    if n_rows < 8:
        return ()
    words = name.split(" / ")
    return tuple(SubTheme(f".{at}", f"{words[at]} / {words[2]}", (words[at],)) for at in (0, 1))


def _keyed(theme: Theme, key: str) -> Theme:
    """A theme with its key, its sub-themes numbered from 1."""
    number = {f".{at}": f"{key}.{at + 1}" for at in (0, 1)}
    return replace(
        theme,
        key=key,
        parts=tuple(replace(part, key=number[part.key]) for part in theme.parts),
        members=tuple(replace(m, part=number.get(m.part or "")) for m in theme.members),
    )


def plane(vectors: np.ndarray) -> np.ndarray:
    """Points in [0, 1]² along the two main directions."""
    centred = vectors - vectors.mean(axis=0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    laid = centred @ directions[:2].T
    low, high = np.percentile(laid, [0.5, 99.5], axis=0)
    return np.clip((laid - low) / (high - low), 0, 1)
