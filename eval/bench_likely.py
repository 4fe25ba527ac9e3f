"""How many segments get a likely code from a codebook of another subject, before any is coded.

    python eval/bench_likely.py FOLDER_OF_CORPORA [--cache FOLDER] [--segments N]
        [--out eval/results/likely.md]

Segments of each corpus and of the example study meet the codebooks of the others, whole and one,
two or three codes at a time (drawn by fixed seeds). None of these codes is about the text, so the
right answer is "none of these". Pairs of corpora on one subject are left out. Beside it, what is
likely by the corpus's own codebook, and how much of that people coded so. Nothing is coded or
calibrated.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from autocode import Project, load_encoder, pipeline
from autocode.core.alignment import align
from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment
from autocode.encode.cache import MemoryVectorCache
from autocode.encode.folder_cache import FolderVectorCache
from autocode.evaluate.coded_corpus import read_coded_corpus, read_coded_project
from autocode.suggest.codebook_suggester import CodebookSuggester
from autocode.suggest.explain import EvidenceConfig
from autocode.suggest.protocol import KnownCodings, Task
from autocode.text.words import n_words
from autocode.workflow import unpack_example

CORPORA = (
    "ci-evidence-claims",
    "ml-quality-interviews",
    "usability-think-aloud",
    "book-club-discussions",
    "nhs-patient-feedback",
    "community-health-survey",
    "malawi-migrant-interviews",
    "immigrant-experience-interviews",
    "women-in-stem-interviews",
    "poets-writing-practice",
    "exam-proctoring-survey",
)
"""English corpora whose codes say what is talked about; not those of moves in talk alone."""
SUBJECTS = (
    {"ci-evidence-claims", "ml-quality-interviews", "usability-think-aloud"},
    {"nhs-patient-feedback", "community-health-survey", "example"},
    {"malawi-migrant-interviews", "immigrant-experience-interviews"},
    {"women-in-stem-interviews", "immigrant-experience-interviews"},
    {"poets-writing-practice", "book-club-discussions"},
)
SIZES = (1, 2, 3, 0)
"""Codes of the codebook; 0 stands for all."""
FEWEST_WORDS = 3


@dataclass(frozen=True)
class Material:
    """Segments drawn from a corpus, its candidates, what people gave each (None: not read)."""

    name: str
    segments: list[Segment]
    codes: list[Code]
    applied: list[set[str] | None]


@dataclass(frozen=True)
class Share:
    """Segments with a likely code, of how many; of likely codes on read segments, people's."""

    n_likely: int
    n_segments: int
    n_judged: int = 0
    n_right: int = 0


def material(corpus, n: int) -> Material:
    study = corpus.study
    fit = [
        s
        for s in study.segments
        if s.role not in ("interviewer", "note") and n_words(s.excerpt) >= FEWEST_WORDS
    ]
    generator = np.random.default_rng(0)
    drawn = sorted(generator.choice(len(fit), min(n, len(fit)), replace=False).tolist())
    aligned = align([fit[at] for at in drawn], study.people_codings, study.people_readings)
    applied = [
        set(aligned.codes(row)) if aligned.is_read(row) else None for row in range(len(drawn))
    ]
    codes = study.codebook.candidates({coding.code for coding in study.codings})
    return Material(corpus.name, [fit[at] for at in drawn], list(codes), applied)


def measure(asked: Material, codes: list[Code], tools: pipeline.Tools, *, own: bool) -> Share:
    if not own:  # a question of the other corpus would rule its codes out
        codes = [replace(code, domain=None, parent=None) for code in codes]
        segments = [replace(segment, domain=None) for segment in asked.segments]
    else:
        codes = [replace(code, parent=None) for code in codes]
        segments = asked.segments
    study = pipeline.Study(
        segments=segments, codebook=Codebook(tuple(codes)), codings=(), readings=()
    )
    corpus = pipeline.encode_corpus(study, codes, tools)
    none = np.zeros((len(segments), len(codes)), dtype=bool)
    known = KnownCodings(none[:, 0], none)
    ranking = CodebookSuggester().rank(
        Task(corpus=corpus, known=known, targets=np.arange(len(segments)))
    )
    likely = ranking.likely & (ranking.probabilities >= EvidenceConfig().min_likely_uncalibrated)
    rows, columns = np.nonzero(likely)
    judged = [
        codes[column].id in applied
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if (applied := asked.applied[row]) is not None
    ]
    return Share(int(likely.any(axis=1).sum()), len(segments), len(judged), sum(judged))


def draw_codes(codes: list[Code], size: int, seed: int) -> list[Code]:
    if not size or size >= len(codes):
        return codes
    drawn = np.random.default_rng(seed).choice(len(codes), size, replace=False)
    return [codes[at] for at in sorted(drawn.tolist())]


def is_unrelated(one: str, other: str) -> bool:
    return one != other and not any({one, other} <= subject for subject in SUBJECTS)


def percent(shares: list[Share]) -> str:
    total = sum(share.n_segments for share in shares)
    return f"{100 * sum(share.n_likely for share in shares) / total:.1f} %" if total else "-"


def read_all(folder: Path, n: int) -> list[Material]:
    read = [material(read_coded_corpus(folder / name), n) for name in CORPORA]
    with (
        tempfile.TemporaryDirectory() as spare,
        Project.open(Path(spare) / "s.autocode", create_new=True) as project,
    ):
        project.import_paths([unpack_example(Path(spare) / "example")])
        example = material(read_coded_project(project, name="example"), n)
    return [*read, example]


def foreign_rows(every: list[Material], tools: pipeline.Tools) -> list[str]:
    rows, totals = [], {size: [] for size in SIZES}
    for book in every:
        cells = []
        for size in SIZES:
            shares = [
                measure(asked, draw_codes(book.codes, size, seed), tools, own=False)
                for seed, asked in enumerate(every)
                if is_unrelated(book.name, asked.name)
            ]
            totals[size] += shares
            worst = max(share.n_likely / share.n_segments for share in shares)
            cells.append(f"{percent(shares)} ({100 * worst:.0f} %)")
        rows.append(f"| {book.name} | {len(book.codes)} | {' | '.join(cells)} |")
        print(rows[-1], flush=True)
    cells = [percent(totals[size]) for size in SIZES]
    return [*rows, f"| all | | {' | '.join(cells)} |"]


def own_rows(every: list[Material], tools: pipeline.Tools) -> list[str]:
    rows = []
    for asked in every:
        share = measure(asked, asked.codes, tools, own=True)
        right = (
            f"{share.n_right / share.n_judged:.2f} of {share.n_judged}" if share.n_judged else "-"
        )
        rows.append(f"| {asked.name} | {percent([share])} | {right} |")
        print(rows[-1], flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--segments", type=int, default=150, help="of each corpus")
    parser.add_argument("--out", type=Path)
    asked = parser.parse_args()
    cache = FolderVectorCache(asked.cache) if asked.cache else MemoryVectorCache()
    tools = pipeline.Tools(load_encoder(), cache)
    every = read_all(asked.folder, asked.segments)
    lines = [
        "# Likely before anything is calibrated",
        "",
        f"`python eval/bench_likely.py FOLDER_OF_CORPORA --segments {asked.segments}` (default "
        "encoder; protocol in the script)",
        "",
        "## Codebooks of another subject",
        "",
        "Segments with a likely code, which none should have: all corpora together (the worst).",
        "",
        "| codebook | codes | one code | two codes | three codes | all codes |",
        "| --- | --- | --- | --- | --- | --- |",
        *foreign_rows(every, tools),
        "",
        "## The corpus's own codebook",
        "",
        "| corpus | segments with a likely code | likely codes that people applied |",
        "| --- | --- | --- |",
        *own_rows(every, tools),
    ]
    text = "\n".join(lines) + "\n"
    if asked.out:
        asked.out.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
