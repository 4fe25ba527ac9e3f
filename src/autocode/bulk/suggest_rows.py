"""Suggestions for every row: a file a partition, and a note of what it was made from.

A partition is scored again only where its rows, its place or the ranker have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ..io.tables.coded_excerpts import name_alone
from ..io.url_path import AnyPath
from ..linalg import Ids
from ..suggest.excerpt_ranker import ExcerptRanker, ExcerptRanking
from .engine import Engine
from .kept_files import hash_file, is_kept, read_json, write_json, write_whole
from .kept_ranker import read_ranker
from .part_vectors import find_distinct, read_vectors
from .partitions import PartitionTexts, read_texts, write_table
from .theme_tree import Corpus, EncodedPartition
from .write_rows import locate_rows

SUGGESTIONS = "suggestions"
NOTE_NAMES = r"part-\d{5,}\.json"
"""The pattern of the names of notes."""
_FORMAT = 2
_AT_ONCE = 2048
"""Excerpts whose features are in memory at once."""
_PARTS = 10_000
"""Probabilities are added up in so many parts of one, whole numbers that any order adds alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRanker:
    """Where a fitted ranker lies, and its file's digest."""

    path: AnyPath
    digest: str

    def read(self) -> ExcerptRanker:
        """The ranker itself."""
        return read_ranker(self.path, self.digest)


@dataclass(slots=True)
class SuggestionTally:
    """What is counted while suggestions are written.

    By code: rows where it is the first, is likely, is auto-acceptable, and `expected`, probability
    in ten-thousandths added up over all rows. `rows` counts rows by what they have: "likely",
    "auto_acceptable", "read". `domains` counts them by domain, the empty name for none that counts
    for anything.
    """

    first: Counter[str] = field(default_factory=Counter)
    likely: Counter[str] = field(default_factory=Counter)
    auto_acceptable: Counter[str] = field(default_factory=Counter)
    expected: Counter[str] = field(default_factory=Counter)
    rows: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    digests: list[str] = field(default_factory=list)

    def add(self, other: SuggestionTally) -> None:
        """Add what was counted of the next partition."""
        for name in _COUNTED:
            getattr(self, name).update(getattr(other, name))
        self.digests += other.digests

    def to_plain(self) -> dict[str, dict[str, int]]:
        """The counts as plain data."""
        return {name: dict(sorted(getattr(self, name).items())) for name in _COUNTED}

    @classmethod
    def from_plain(cls, counts: Mapping[str, Mapping[str, int]], digest: str) -> SuggestionTally:
        """The counts of a partition whose file has this digest."""
        return cls(**{name: Counter(counts[name]) for name in _COUNTED}, digests=[digest])


_COUNTED = ("first", "likely", "auto_acceptable", "expected", "rows", "domains")


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionJob:
    """What suggesting for a partition takes: at most `top` codes a row are written."""

    ranker: KeptRanker
    top: int
    folder: AnyPath

    def locate(self, encoded: EncodedPartition) -> tuple[AnyPath, AnyPath]:
        """Where suggestions of a partition are written, and the note of it."""
        path = locate_rows(self.folder / SUGGESTIONS, encoded.partition)
        return path, self.folder / "work" / SUGGESTIONS / f"{path.stem}.json"

    def digest(self, encoded: EncodedPartition) -> str:
        """Of all that the suggestions of a partition follow from."""
        partition, options = encoded.partition, encoded.options
        parts = (
            _FORMAT,
            self.ranker.digest,
            self.top,
            partition.first_row,
            partition.digest,
            options.group_column,
            options.domain_column,
        )
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def suggest_rows(
    corpus: Corpus, job: SuggestionJob, engine: Engine, progress: Callable[[int, int], None]
) -> SuggestionTally:
    """Write the suggestions of every partition, but for those that are there.

    Raises:
        FileRefused: if a file cannot be written.
    """
    tally = SuggestionTally()
    for done, some in enumerate(
        engine.map(partial(suggest_partition, job=job), corpus.partitions), start=1
    ):
        tally.add(some)
        progress(done, len(corpus.partitions))
    return tally


def suggest_partition(encoded: EncodedPartition, *, job: SuggestionJob) -> SuggestionTally:
    """Write the suggestions of a partition unless that is done; returns what was counted."""
    (path, note), of = job.locate(encoded), job.digest(encoded)
    if is_kept(note) and path.is_file():
        kept = read_json(note)
        if kept["of"] == of and kept["digest"] == hash_file(path):
            return SuggestionTally.from_plain(kept["counts"], kept["digest"])
    ranker = job.ranker.read()
    held = read_texts(encoded.partition, encoded.options)
    distinct = find_distinct(held)
    places = _list_places(held, distinct.of_row, ranker)
    first, of_row = places.first, places.of_row
    tally, selected = SuggestionTally(), []
    n_rows = np.bincount(of_row, minlength=len(first))
    for begin in range(0, len(first), _AT_ONCE):
        some = slice(begin, begin + _AT_ONCE)
        ranking = ranker.rank(
            [held.texts[row] for row in first[some]],
            read_vectors(encoded.vectors, distinct.of_row[first[some]]),
            places.transcripts[some],
            places.domains[some],
        )
        selected.append(_select(ranking, job.top))
        _count(tally, ranker.codes, ranking, n_rows[some])
    for domain, n in zip(places.domains, n_rows.tolist(), strict=True):
        tally.domains[domain] += n
    table = _make_table(selected, of_row, encoded.partition.first_row, ranker)
    digest = write_whole(path, partial(write_table, table=table))
    tally.digests.append(digest)
    write_json(note, {"of": of, "digest": digest, "counts": tally.to_plain()})
    return tally


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """The rows that differ in text, transcript or domain, as far as the ranker knows these.

    `first` (m,) are such rows, `of_row` (n,) the number of each row among them, `transcripts` and
    `domains` (m) theirs: the empty name for one that nothing is known of.
    """

    first: Ids
    of_row: Ids
    transcripts: list[str]
    domains: list[str]


def _list_places(held: PartitionTexts, text_of_row: Ids, ranker: ExcerptRanker) -> _Places:
    known, domains = ranker.transcripts, ranker.known_domains
    names = [
        (name if name in known else "", domain if domain in domains else "")
        for name, domain in zip(
            (
                name_alone(text) if group is None else group
                for text, group in zip(held.texts, held.groups, strict=True)
            ),
            held.domains,
            strict=True,
        )
    ]
    number = {name: at for at, name in enumerate(dict.fromkeys(names))}
    of_name = np.array([number[name] for name in names], dtype=np.int64)
    both = text_of_row.astype(np.int64) * max(1, len(number)) + of_name
    _, first, of_row = np.unique(both, return_index=True, return_inverse=True)
    return _Places(
        first=first.astype(np.intp),
        of_row=of_row.astype(np.intp),
        transcripts=[names[row][0] for row in first],
        domains=[names[row][1] for row in first],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Selected:
    """The best codes of some excerpts, arrays (n, k); `is_candidate` where there are so many."""

    code: Ids
    probability: npt.NDArray[np.float64]
    likely: npt.NDArray[np.bool_]
    auto_acceptable: npt.NDArray[np.bool_]
    phrase: Ids
    similarity: npt.NDArray[np.float64]
    is_candidate: npt.NDArray[np.bool_]
    is_read: npt.NDArray[np.bool_]


def _select(ranking: ExcerptRanking, top: int) -> _Selected:
    code = ranking.order[:, :top]
    at = np.arange(len(code))[:, None]
    return _Selected(
        code=code,
        probability=np.round(ranking.probabilities[at, code], 4),
        likely=ranking.likely[at, code],
        auto_acceptable=ranking.auto_acceptable[at, code],
        phrase=ranking.phrase[at, code],
        similarity=np.round(ranking.similarity[at, code], 3),
        is_candidate=ranking.probabilities[at, code] > 0,
        is_read=np.repeat(ranking.is_read[:, None], code.shape[1], axis=1),
    )


def _count(
    tally: SuggestionTally, codes: Sequence[str], ranking: ExcerptRanking, n_rows: Ids
) -> None:
    """Count a block of excerpts, each as many times as there are rows of it."""
    parts = np.rint(ranking.probabilities * _PARTS).astype(np.int64)
    best = ranking.order[:, 0]
    has_one = ranking.probabilities[np.arange(len(best)), best] > 0
    first = np.bincount(best, weights=n_rows * has_one, minlength=len(codes))
    for counter, counts in (
        (tally.first, first),
        (tally.likely, n_rows @ ranking.likely),
        (tally.auto_acceptable, n_rows @ ranking.auto_acceptable),
        (tally.expected, n_rows @ parts),
    ):
        counter.update({code: int(n) for code, n in zip(codes, counts, strict=True)})
    tally.rows["likely"] += int(n_rows[ranking.likely.any(axis=1)].sum())
    tally.rows["auto_acceptable"] += int(n_rows[ranking.auto_acceptable.any(axis=1)].sum())
    tally.rows["read"] += int(n_rows[ranking.is_read].sum())


def _make_table(
    selected: Sequence[_Selected], of_row: Ids, first_row: int, ranker: ExcerptRanker
) -> pa.Table:
    """A line for each row and code, rows in order, the best code first."""

    def of_rows(name: str) -> npt.NDArray[np.generic]:
        whole = np.concatenate([getattr(some, name) for some in selected])[of_row]
        return np.asarray(whole[is_candidate])

    is_candidate = np.concatenate([some.is_candidate for some in selected])[of_row]
    row, rank = np.nonzero(is_candidate)
    phrases = ranker.space.phrases
    phrase = pa.array(of_rows("phrase"))
    return pa.table(
        {
            "row": pa.array(row + first_row, pa.int64()),
            "rank": pa.array(rank + 1, pa.int16()),
            "code": pa.array(ranker.codes, pa.string()).take(pa.array(of_rows("code"))),
            "probability": pa.array(of_rows("probability")),
            "likely": pa.array(of_rows("likely")),
            "auto_acceptable": pa.array(of_rows("auto_acceptable")),
            "phrase_part": pa.array([one.part for one in phrases], pa.string()).take(phrase),
            "phrase": pa.array([one.text for one in phrases], pa.string()).take(phrase),
            "similarity": pa.array(of_rows("similarity")),
            "read": pa.array(of_rows("is_read")),
        }
    )
