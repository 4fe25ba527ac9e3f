"""Where coded material comes from: a corpus folder, a study file, or a table read by `datasets`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..core.codebook import Codebook
from ..core.coding import Coding, Reading
from ..core.errors import NothingToDo
from ..core.transcript import Segment
from ..encode.cache import MemoryVectorCache, VectorCache
from ..io.corpus import read_corpus
from ..io.recognise import find_corpus_file
from ..io.tables.table import Table, read_codebook, read_table
from ..pipeline import Study
from .rows import study_of_rows

CONSENSUS = "consensus"
"""The name of the moderated coding of a corpus folder, where it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Coded material as it was found.

    `attributes` are by transcript; `consensus` is a moderated coding by the coder `CONSENSUS`, kept
    apart from people's own; `machines` names coders who are no people.
    """

    name: str
    study: Study
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    consensus: tuple[Sequence[Coding], Sequence[Reading]] = ((), ())
    machines: frozenset[str] = frozenset()
    cache: VectorCache = field(default_factory=MemoryVectorCache)


def source_of(place: Path, *, codebook: Path | None = None, allow_download: bool = False) -> Source:
    """Read a corpus folder, a study file, or a table that `datasets` reads; nothing is written.

    A name such as "owner/name" is looked for on the hub, if that is allowed. `codebook` is a CSV
    file that says more of the codes than their names, for tables.

    Raises:
        FileRefused: if a folder is not a sound corpus, or a table cannot be used.
        StudyError: if a file is no study.
        InputError: if a data set cannot be fetched, or has no columns to use.
        NothingToDo: if it holds no segments.
    """
    found = _found(place, codebook, allow_download=allow_download)
    if not found.study.segments:
        raise NothingToDo(f"{place}: holds no segments. Import coded transcripts first.")
    return found


def source_of_dataset(
    dataset: Any,  # noqa: ANN401 - a datasets.Dataset, which is untyped
    name: str = "dataset",
    *,
    codebook: Path | None = None,
) -> Source:
    """A `datasets.Dataset` (or `DatasetDict`) in memory; see `rows.study_of_rows` for columns."""
    from ..project.dataset import rows_of

    return Source(name=name, study=study_of_rows(rows_of(dataset), name, _book(codebook)))


def _found(place: Path, codebook: Path | None, *, allow_download: bool) -> Source:
    from ..project import dataset

    if dataset.is_dataset(place):
        rows = dataset.rows_at(place)
        return Source(name=place.stem, study=study_of_rows(rows, place.stem, _book(codebook)))
    if not place.exists() and allow_download and len(place.parts) == 2:
        rows = dataset.rows_on_hub(str(place))
        return Source(name=place.name, study=study_of_rows(rows, str(place), _book(codebook)))
    return _of_folder(place) if place.is_dir() else _of_study(place)


def _book(path: Path | None) -> Codebook | None:
    return None if path is None else read_codebook(path)


def _of_folder(folder: Path) -> Source:
    from ..project.folder import study_of_corpus

    corpus = read_corpus(folder)
    study = study_of_corpus(corpus)
    path = find_corpus_file(folder, CONSENSUS)
    moderated = _moderated(read_table(path), study) if path else ((), ())
    return Source(
        name=folder.resolve().name, study=study, attributes=corpus.attributes, consensus=moderated
    )


def _of_study(path: Path) -> Source:
    from ..project import Project

    with Project.open(path) as project:
        machines = frozenset(c.name for c in project.coders() if c.kind == "machine")
        return Source(name=path.stem, study=project.in_memory(), machines=machines)


def _moderated(table: Table, study: Study) -> tuple[Sequence[Coding], Sequence[Reading]]:
    """The moderated coding: rows of segment_id and code (empty: seen, nothing applied)."""
    table.need(("segment_id",), ("code",))
    by_name: dict[str, Segment] = {s.name: s for s in study.segments if s.name}
    codings, readings = [], []
    for row in table.rows:
        name, code = row.get("segment_id"), row.get("code")
        if name not in by_name:
            raise table.refuse(row, f"segment '{name}' is not in the segments", "Correct the id.")
        if code and code not in study.codebook:
            raise table.refuse(
                row, f"code '{code}' is not in the codebook", "Add it to codebook.csv."
            )
        segment = by_name[name]
        readings.append(Reading(segment.transcript, segment.span, CONSENSUS))
        if code:
            codings.append(
                Coding(transcript=segment.transcript, span=segment.span, code=code, coder=CONSENSUS)
            )
    return codings, readings
