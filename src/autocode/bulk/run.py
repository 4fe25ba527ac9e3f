"""The whole way from a corpus to draft themes in a folder, which goes on where it was stopped.

What is finished lies in `work/` with a digest beside each file: partitions of rows, vectors, and
drafts. All that follows from the input is computed again or found as it was, so that a run that was
killed ends with the same bytes. Nothing in the output hangs on the time or on the number of runs,
but the themes, which stay as they were drafted until `refit` is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..core.arguments import checked
from ..core.errors import FileRefused, InputError, NothingToDo
from ..core.progress import Progress, silent
from ..encode.protocol import Encoder
from ..io.tables.table import write_table as write_text_table
from ..io.url_path import AnyPath, UrlPath, as_path
from .encode_parts import encode_all
from .engine import Engine, LocalEngine
from .fit_tree import NODE_NAMES, fit_tree, forget_exemplars
from .kept_files import (
    explain_writing,
    hash_file,
    is_kept,
    read_json,
    remove_left_behind,
    remove_others,
    write_json,
    write_whole,
)
from .one_run import LOCK, NOTE, WatchedEngine, hold
from .options import BulkOptions
from .part_vectors import VECTORS_NAMES, locate_vectors
from .partitions import PARTITION_NAMES, cut_partitions, write_table
from .read_given import GivenRows, name_given, read_given_tables
from .read_input import read_tables
from .result import BulkCode, BulkResult, BulkTheme, Fit
from .suggest_codes import CODES, BulkCodes, check_domains, forget_suggestions, suggest_codes
from .suggest_rows import SUGGESTIONS
from .theme_tree import Corpus, EncodedPartition, ThemeTree
from .write_rows import ROWS_NAMES, Copies, Tally, count_copies, locate_rows, write_rows

FORMAT = 5
"""Of the folder; changes when an earlier one can no longer be gone on with."""
MANIFEST, ROWS, THEMES = "manifest.json", "rows", "themes"
_INSIDE = (ROWS, SUGGESTIONS, THEMES, "vectors", "assigned", "ranker")
_FIT = "fit.json"
_MARK = "made-by-autocode-bulk.json"
"""Written before all else: without it a folder is not taken for an earlier run's."""


@checked
def draft_corpus(
    source: str | AnyPath | GivenRows,
    folder: str | AnyPath,
    encoder: Encoder,
    options: BulkOptions | None = None,
    *,
    codes: BulkCodes | None = None,
    engine: Engine | None = None,
    progress: Progress = silent,
) -> BulkResult:
    """Draft themes of all texts of `source` and write them into `folder`.

    `source` is a file or a folder, or the rows themselves: a data set of `datasets`, mapped into
    memory or streamed; a data frame or table; an iterable of mappings of column to value, or of
    texts. `folder`, and `source` where it is no rows, may be a URL of fsspec
    (`s3://bucket/answers.parquet`), as a string.

    With `codes`, codes are suggested for every row as well; without, the suggestions of an earlier
    run are removed, as they may be of other rows.

    A folder that holds an earlier run of the same encoder is gone on with: what is finished is
    kept, rows that came since are put into its themes, and those keep their keys; rows that have
    gone are shown no more, but themes and names are as they were drafted. What an `engine`
    maps runs on its workers; the result is the same for any.

    Raises:
        FileRefused: if the input cannot be used, or the folder is another program's or cannot be
            written.
        InputError: if the folder's themes were drafted with another encoder or other options, or
            another run is at work in the folder.
        NothingToDo: if the input holds no rows, or all codes are of a domain and no column says
            what rows are answers to.
    """
    options, engine = options or BulkOptions(), engine or LocalEngine()
    named = as_path(folder)
    _check_shared(named, engine)
    _check_folder(named)
    # Workers may have been started in another folder.
    folder = named.absolute()
    _check_fit(folder / "work", encoder, options)
    if codes is not None:
        check_domains(codes, options)
    origin, read = _open_source(source, options)
    tables = (table for table in read if table.num_rows)
    first = next(tables, None)
    if first is None:
        raise NothingToDo(f"{origin} holds no rows. Check that it is the right one.")
    name = origin if isinstance(origin, str) else origin.name
    # Nothing is written before the input has shown that it can be read.
    with hold(folder / "work") as check:
        result = _draft(
            chain([first], tables), name, folder, encoder, options, codes=codes,
            engine=WatchedEngine(engine, check), progress=progress,
            within=progress if isinstance(engine, LocalEngine) else silent,
        )  # fmt: skip
    return replace(result, folder=str(named))


def _open_source(
    source: str | AnyPath | GivenRows, options: BulkOptions
) -> tuple[AnyPath | str, Iterator[pa.Table]]:
    """Where the rows are from, and the rows in tables."""
    if isinstance(source, str | Path | UrlPath):
        path = as_path(source)
        return path, read_tables(path, options)
    return name_given(source), read_given_tables(source, options)


def _draft(
    tables: Iterable[pa.Table],
    name: str,
    folder: AnyPath,
    encoder: Encoder,
    options: BulkOptions,
    *,
    codes: BulkCodes | None,
    engine: Engine,
    progress: Progress,
    within: Progress,
) -> BulkResult:
    work = folder / "work"
    if not is_kept(work / _MARK):
        write_json(work / _MARK, {"made_by": "autocode bulk"})
    partitions = cut_partitions(tables, work / "rows", options, progress=progress)
    corpus = Corpus(
        partitions=[
            EncodedPartition(
                partition=one,
                vectors=locate_vectors(one, encoder, work / "vectors"),
                assignments=work / "assigned",
                options=options,
            )
            for one in partitions
        ],
        options=options,
    )
    encode_all(corpus, encoder, engine, progress=progress, within=within)
    _begin_fit(work, encoder, options)
    tree = fit_tree(corpus, work / THEMES, engine, progress=progress)
    copies = count_copies(partitions)
    tally = write_rows(corpus, tree, copies, folder / ROWS, engine, progress=progress)
    tree = forget_exemplars(tree, work / THEMES, tally.exemplars)
    fit = _measure_fit(folder, name, corpus, tally)
    result = _summarise(folder, corpus, tree, (copies, tally), fit, encoder)
    if codes is None:
        forget_suggestions(folder)
    else:
        suggested = suggest_codes(corpus, codes, folder, encoder, engine, progress=progress)
        result = replace(result, suggestions=suggested)
        with explain_writing():
            write_text_table(folder / CODES, list(BulkCode.columns()), suggested.to_rows())
    _write_themes(folder, result)
    _write_manifest(folder, name, corpus, tally, result)
    _remove_leftovers(folder, corpus)
    return result


def _check_shared(folder: AnyPath, engine: Engine) -> None:
    """Refuse a folder that workers would not see."""
    is_here = isinstance(engine, LocalEngine)
    if not is_here and isinstance(folder, UrlPath) and folder.is_of_this_process:
        raise FileRefused.because(
            folder,
            "is in the memory of one process, which workers do not see",
            remedy="Name a folder that all of them see, or leave out --engine.",
        )


def _check_folder(folder: AnyPath) -> None:
    """Refuse a folder in which something else lies."""
    if folder.exists() and not folder.is_dir():
        raise FileRefused.because(folder, "is no folder", remedy="Name a new folder.")
    work = folder / "work"
    if not folder.is_dir() or is_kept(work / _MARK):
        return
    inside = [*folder.iterdir(), *(work.iterdir() if work.is_dir() else ())]
    # A run may have been killed while it wrote the mark.
    ours = tuple(mark + name for mark in ("", ".") for name in (_MARK, LOCK, NOTE))
    if any(path != work and not path.name.startswith(ours) for path in inside):
        raise FileRefused.because(
            folder,
            "holds files that are no earlier run's",
            remedy="Name a new or an empty folder; nothing was changed.",
        )


def _read_fitted(folder: AnyPath) -> dict[str, Any] | None:
    """What the themes in the folder were drafted for, as its manifest has it."""
    path = folder / MANIFEST
    if not path.is_file():
        return None
    manifest = read_json(path)
    fitted = manifest.get("fitted")
    # A manifest of an earlier version names the last input alone.
    return {"input": manifest.get("input"), **fitted} if isinstance(fitted, dict) else None


def _describe_fit(encoder: Encoder, options: BulkOptions) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "encoder": encoder.name,
        "encoder_digest": encoder.digest,
        **options.to_fit(),
    }


def _check_fit(work: AnyPath, encoder: Encoder, options: BulkOptions) -> None:
    """See that the themes in the folder, if any, are of this encoder and these options."""
    if options.refit or not is_kept(work / _FIT):
        return
    _read_fitted(work.parent)  # a damaged manifest is said before hours of work
    stored = read_json(work / _FIT)
    for name, value in _describe_fit(encoder, options).items():
        if stored.get(name) != value:
            raise InputError(
                f"{work.parent}: its themes were drafted with {name} {stored.get(name)}, and this "
                f"run has {value}. Draft them anew with --refit, or name another folder."
            )


def _begin_fit(work: AnyPath, encoder: Encoder, options: BulkOptions) -> None:
    """Make way for new themes where there are none, or others are wanted."""
    if options.refit or not is_kept(work / _FIT):
        remove_others(work / THEMES, set(), NODE_NAMES)
        (work.parent / MANIFEST).unlink(missing_ok=True)
        write_json(work / _FIT, _describe_fit(encoder, options))


def _summarise(
    folder: AnyPath,
    corpus: Corpus,
    tree: ThemeTree,
    counted: tuple[Copies, Tally],
    fit: Fit,
    encoder: Encoder,
) -> BulkResult:
    copies, tally = counted
    themes = [
        BulkTheme(
            key=theme.key,
            parent="" if node.is_first_level else key,
            level=theme.key.count(".") + 1,
            name=theme.name,
            terms=theme.terms,
            n_rows=tally.n_rows[theme.key],
            n_groups=len(tally.groups.get(theme.key, ())) if corpus.options.group_column else None,
            mean_strength=round(
                tally.strength[theme.key] / 1e6 / max(1, tally.n_rows[theme.key]), 4
            ),
            cut_off=theme.cut_off,
            exemplars=theme.exemplars,
        )
        for key, node in tree.nodes.items()
        for theme in node.themes
    ]
    return BulkResult(
        folder=str(folder),
        n_rows=sum(one.partition.n_rows for one in corpus.partitions),
        n_distinct=copies.n_distinct,
        n_copies=int(copies.counts.sum()) - len(copies.counts),
        n_partitions=len(corpus.partitions),
        reasons=dict(sorted(tally.reasons.items())),
        themes=tuple(sorted(themes, key=lambda theme: _sort_key(theme.key))),
        fit=fit,
        encoder=encoder.name,
        encoder_digest=encoder.digest,
        languages=tree.stop_words.languages,
    )


def _sort_key(key: str) -> tuple[int, ...]:
    return tuple(int(part) for part in key[1:].split("."))


def _measure_fit(folder: AnyPath, name: str, corpus: Corpus, tally: Tally) -> Fit:
    """Rows without a theme, of the partitions that the draft was made of and of later ones."""
    fitted, partitions = _read_fitted(folder), [one.partition for one in corpus.partitions]
    if fitted is None:
        return Fit(
            n_rows=sum(one.n_rows for one in partitions),
            n_unplaced=sum(tally.unplaced),
            n_later=0,
            n_later_unplaced=0,
        )
    known = set(fitted["partitions"])
    later = [one for one in partitions if one.texts_digest not in known]
    return Fit(
        n_rows=fitted["n_rows"],
        n_unplaced=fitted["n_unplaced"],
        n_later=sum(one.n_rows for one in later),
        n_later_unplaced=sum(tally.unplaced[one.number] for one in later),
        drafted_from=None if fitted["input"] == name else fitted["input"],
    )


def _write_themes(folder: AnyPath, result: BulkResult) -> None:
    """The table of themes, as CSV and, with the exemplars, as Parquet."""
    rows = list(result.to_rows())
    with explain_writing():
        write_text_table(folder / "themes.csv", list(rows[0]) if rows else ["theme"], rows)
    table = pa.table(
        {
            **{name: pa.array([row[name] for row in rows]) for name in (rows[0] if rows else ())},
            "exemplars": pa.array(
                [[one.text for one in theme.exemplars] for theme in result.themes],
                pa.list_(pa.string()),
            ),
        }
    )
    write_whole(folder / "themes.parquet", partial(write_table, table=table))


def _write_manifest(
    folder: AnyPath, name: str, corpus: Corpus, tally: Tally, result: BulkResult
) -> None:
    fitted = _read_fitted(folder) or {
        "input": name,
        "partitions": [one.partition.texts_digest for one in corpus.partitions],
        "n_rows": result.fit.n_rows,
        "n_unplaced": result.fit.n_unplaced,
    }
    options, partitions = corpus.options, [one.partition for one in corpus.partitions]
    write_json(
        folder / MANIFEST,
        {
            "format": FORMAT,
            "input": name,
            "options": {
                "text_column": options.text_column,
                "group_column": options.group_column,
                "domain_column": options.domain_column,
                "keep": list(options.keep),
                "partition_rows": options.partition_rows,
                **options.to_fit(),
            },
            "encoder": result.encoder,
            "encoder_digest": result.encoder_digest,
            "n_rows": result.n_rows,
            "partitions": [
                {
                    "first_row": one.first_row,
                    "n_rows": one.n_rows,
                    "digest": one.digest,
                    "rows": f"{ROWS}/{locate_rows(folder, one).name}",
                    "rows_digest": digest,
                }
                for one, digest in zip(partitions, tally.digests, strict=True)
            ],
            "themes_digest": hash_file(folder / "themes.parquet"),
            "fitted": fitted,
            "n_unplaced": sum(tally.unplaced),
            **_describe_suggestions(folder, corpus, result),
        },
        kept=False,
    )


def _describe_suggestions(folder: AnyPath, corpus: Corpus, result: BulkResult) -> dict[str, Any]:
    if result.suggestions is None:
        return {}
    paths = [locate_rows(folder, one.partition) for one in corpus.partitions]
    digests = result.suggestions.digests
    return {
        "suggestions": [
            {"file": f"{SUGGESTIONS}/{path.name}", "digest": digest}
            for path, digest in zip(paths, digests, strict=True)
        ]
    }


def _remove_leftovers(folder: AnyPath, corpus: Corpus) -> None:
    """What partitions of earlier runs left that are none of this one."""
    work, partitions = folder / "work", [one.partition for one in corpus.partitions]
    remove_others(work / "rows", {one.path for one in partitions}, PARTITION_NAMES)
    remove_others(work / "vectors", {one.vectors for one in corpus.partitions}, VECTORS_NAMES)
    remove_others(folder / ROWS, {locate_rows(folder, one) for one in partitions}, ROWS_NAMES)
    for top in (folder, work):
        for place in (top, *(top / name for name in _INSIDE)):
            remove_left_behind(place)
