"""Coded material from a corpus folder, a study, or a table that `datasets` reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.codebook import Codebook
from ..core.coding import Coding, Reading
from ..core.errors import NothingToDo
from ..core.transcript import Segment
from ..encode.cache import MemoryVectorCache, VectorCache
from ..io.corpus import read_corpus
from ..io.recognise import find_corpus_file
from ..io.tables.codebook import read_codebook
from ..io.tables.table import Table, read_table
from ..pipeline import Study, Tools
from .rows import build_study_from_rows

if TYPE_CHECKING:
    from ..project import Project

CONSENSUS = "consensus"
"""The name of the moderated coding of a corpus folder, where it has one."""


@dataclass(frozen=True, slots=True)
class ModeratedCoding:
    """What the coders agreed on in the end: codings, and the segments they read to make them."""

    codings: Sequence[Coding] = ()
    readings: Sequence[Reading] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedCorpus:
    """Coded material, whatever it was read from.

    `attributes` are by transcript; `consensus` is a moderated coding by the coder `CONSENSUS`, kept
    apart from people's own. Who of the coders is a machine is said by the study.
    """

    name: str
    study: Study
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    consensus: ModeratedCoding = field(default_factory=ModeratedCoding)
    cache: VectorCache = field(default_factory=MemoryVectorCache)


def open_corpus(corpus: CodedCorpus | Project | Path | str) -> CodedCorpus:
    """Coded material from what a caller has: itself, an open study, or a path to read."""
    if isinstance(corpus, CodedCorpus):
        return corpus
    if isinstance(corpus, Path | str):
        return read_coded_corpus(Path(corpus))
    return read_coded_project(corpus, name=corpus.path.stem)


def make_default_tools(corpus: CodedCorpus) -> Tools:
    """The default encoder, with vectors kept where the corpus keeps them."""
    from ..encode.load import load_encoder

    return Tools(load_encoder(), corpus.cache)


def read_coded_corpus(
    path: Path, *, codebook: Path | None = None, allow_download: bool = False
) -> CodedCorpus:
    """Read a corpus folder, a study file, or a table that `datasets` reads; nothing is written.

    A name such as "owner/name" is looked for on the hub, if that is allowed. `codebook` is a CSV
    file that says more of the codes than their names, for tables.

    Raises:
        FileRefused: if a folder is not a sound corpus, or a table cannot be used.
        StudyError: if a file is no study.
        InputError: if a data set cannot be fetched, or has no columns to use.
        NothingToDo: if it holds no segments.
    """
    corpus = _read(path, codebook, allow_download=allow_download)
    if not corpus.study.segments:
        raise NothingToDo(f"{path}: holds no segments. Import coded transcripts first.")
    return corpus


def read_coded_dataset(
    dataset: Any,  # noqa: ANN401 - a datasets.Dataset, which is untyped
    name: str = "dataset",
    *,
    codebook: Path | None = None,
) -> CodedCorpus:
    """A `datasets.Dataset` or `DatasetDict` in memory; columns as in `rows`."""
    from ..project.dataset import list_rows

    return CodedCorpus(
        name=name, study=build_study_from_rows(list_rows(dataset), name, _read_book(codebook))
    )


def _read(path: Path, codebook: Path | None, *, allow_download: bool) -> CodedCorpus:
    from ..project import Project, dataset

    if dataset.is_dataset(path):
        rows = dataset.read_rows(path)
        return CodedCorpus(
            name=path.stem, study=build_study_from_rows(rows, path.stem, _read_book(codebook))
        )
    if not path.exists() and allow_download and len(path.parts) == 2:
        rows = dataset.download_rows(str(path))
        return CodedCorpus(
            name=path.name, study=build_study_from_rows(rows, str(path), _read_book(codebook))
        )
    if path.is_dir():
        return _read_folder(path)
    with Project.open(path) as project:
        return read_coded_project(project, name=path.stem)


def _read_book(path: Path | None) -> Codebook | None:
    return None if path is None else read_codebook(path)


def _read_folder(folder: Path) -> CodedCorpus:
    from ..project.folder import study_of_corpus

    corpus = read_corpus(folder)
    study = study_of_corpus(corpus)
    path = find_corpus_file(folder, CONSENSUS)
    moderated = _read_moderated(read_table(path), study) if path else ModeratedCoding()
    return CodedCorpus(
        name=folder.resolve().name, study=study, attributes=corpus.attributes, consensus=moderated
    )


def read_coded_project(project: Project, *, name: str) -> CodedCorpus:
    """The coded material of an open study; nothing is written."""
    return CodedCorpus(name=name, study=project.in_memory())


def _read_moderated(table: Table, study: Study) -> ModeratedCoding:
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
    return ModeratedCoding(codings, readings)
