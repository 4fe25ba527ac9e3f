"""Segments in clear groups and drafts of them, shared by the tests of themes."""

from __future__ import annotations

import numpy as np

from autocode.core.transcript import Segment, Span
from autocode.themes.assign import NewSegments
from autocode.themes.describe import CodeCentroids
from autocode.themes.draft import ThemeOptions, draft_themes
from autocode.themes.guided import (
    GuidingPhrases,
    GuidingVectors,
)

NO_CODES = CodeCentroids((), np.zeros((0, 16), dtype=np.float32))


def blobs(n_groups=4, n_each=12, n_noise=6, seed=0):
    """Segments in groups of like vectors and like words, and some that are like nothing."""
    generator = np.random.default_rng(seed)
    words = ["kettle tea biscuit", "bus fare ticket", "garden shed beans", "tablet blood weight"]
    segments, rows = [], []
    for group in range(n_groups):
        centre = generator.normal(size=16)
        for i in range(n_each):
            text = f"{words[group]} number{group}x{i} talk{i}"
            place = Span(i * 100, i * 100 + len(text))
            voice = f"P{i % 5}"
            segments.append(
                Segment(
                    transcript=f"t{group}",
                    span=place,
                    excerpt=text,
                    speaker=voice,
                    role="participant",
                    case=voice,
                )
            )
            rows.append(centre + 0.15 * generator.normal(size=16))
    for i in range(n_noise):
        text = f"lonely{i} remark{i} about{i} nothing{i}"
        segments.append(
            Segment(
                transcript="t9",
                span=Span(i * 100, i * 100 + len(text)),
                excerpt=text,
                speaker="Q",
                role="participant",
            )
        )
        rows.append(generator.normal(size=16))
    vectors = np.array(rows)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return segments, vectors.astype(np.float32)


def shape(draft):
    return [
        (
            t.key,
            t.name,
            t.terms,
            t.position,
            [(m.segment, m.strength, m.exemplar) for m in t.members],
        )
        for t in draft.themes
    ], draft.unassigned


def unit(rows):
    rows = np.atleast_2d(rows)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def points(**phrases):
    """Seeds by name with a vector for each phrase."""
    phrases = {name: np.atleast_2d(rows) for name, rows in phrases.items()}
    guiding = tuple(
        GuidingPhrases(tuple(f"{name} {i}" for i in range(len(rows))), name)
        for name, rows in phrases.items()
    )
    return GuidingVectors(guiding, unit(np.vstack(list(phrases.values()))))


def drafted(segments, vectors, guiding, **options):
    options = ThemeOptions(n_draws=0, guiding=guiding.guiding, **options)
    return draft_themes(segments, vectors, NO_CODES, options=options, guiding=guiding)


def middle_of(vectors, group, n_each=12):
    return vectors[group * n_each : (group + 1) * n_each].mean(axis=0, keepdims=True)


WORDS = ["kettle tea biscuit", "bus fare ticket", "garden shed beans", "tablet blood weight"]


CENTRES = np.random.default_rng(7).normal(size=(5, 32))


def said(transcript, group, n, *, voice="P", seed=0):
    """Segments of one transcript about one thing, and their vectors."""
    generator = np.random.default_rng([seed, group, n])
    segments, rows = [], []
    for i in range(n):
        text = f"{[*WORDS, 'parrot cage feather'][group]} {transcript}word{i} talk{i}"
        at = group * 10_000 + i * 100
        span = Span(at, at + len(text))
        segments.append(
            Segment(
                transcript=transcript,
                span=span,
                excerpt=text,
                speaker=voice,
                role="participant",
                case=voice,
            )
        )
        rows.append(CENTRES[group] + 0.5 * generator.normal(size=32))
    vectors = np.array(rows)
    return segments, (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def corpus(*parts):
    segments = [s for found, _ in parts for s in found]
    return segments, np.vstack([rows for _, rows in parts])


def arrivals(fresh, *everything):
    segments, vectors = corpus(*everything)
    rows = dict(zip([s.excerpt for s in segments], vectors, strict=True))
    return NewSegments(fresh, rows)


FIRST = [said(f"a{g}", g, 14, voice=f"P{g}") for g in range(4)]
