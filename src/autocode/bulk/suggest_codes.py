"""From a codebook, and what people have coded with it, to suggestions for every row of a corpus."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from .._version import __version__
from ..core.codebook import Code, Codebook
from ..core.counted import say_count
from ..core.errors import InputError, NothingToDo
from ..core.progress import Progress
from ..core.transcript import Segment, Span
from ..encode.load import DEFAULT_MODEL
from ..encode.protocol import Encoder
from ..io.url_path import AnyPath
from ..suggest.code_text import list_phrases
from ..suggest.corpus import UNRELATED, EncodedCorpus
from ..suggest.excerpt_ranker import ExcerptRanker, fit_excerpt_ranker
from ..suggest.protocol import KnownCodings, Task
from ..text.language import detect_language
from .corpus_samples import draw_samples, gather_excerpts
from .engine import Engine
from .kept_files import hash_file, is_kept, remove_others
from .kept_ranker import write_ranker
from .options import BulkOptions
from .result import BulkCode, BulkSuggestions
from .suggest_rows import (
    NOTE_NAMES,
    SUGGESTIONS,
    KeptRanker,
    SuggestionJob,
    SuggestionTally,
    suggest_rows,
)
from .theme_tree import Corpus, ThemeTree
from .write_rows import ROWS_NAMES

RANKER_NAMES = r"[0-9a-f]{32}\.npz"
"""The pattern of the names of rankers."""
CODES = "codes.csv"
_FORMAT = 2
_SAMPLED = 6_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkCodes:
    """What codes are suggested from, and how many a row.

    `task` is what a suggester may look at: segments of a study, encoded as the corpus is, with what
    people have coded (`autocode.pipeline.suggesting.ask`); its codebook counts. Without one, the
    words of `codebook` alone count, and how near words are is measured beside a sample of the rows.
    """

    codebook: Codebook
    task: Task | None = None
    top: int = 3

    def __post_init__(self) -> None:
        if self.top < 1:
            raise InputError(f"top must be 1 or more, not {self.top}.")
        if not len(self.codebook):
            raise NothingToDo("The codebook has no codes to suggest.")

    @property
    def learned(self) -> Task | None:
        """The task, if there are segments in it."""
        return self.task if self.task is not None and self.task.corpus.n_segments else None


def suggest_codes(
    corpus: Corpus,
    codes: BulkCodes,
    folder: AnyPath,
    encoder: Encoder,
    engine: Engine,
    *,
    progress: Progress,
) -> BulkSuggestions:
    """Write suggestions for all rows into `folder`; what an earlier run has finished is kept.

    Raises:
        FileRefused: if a file cannot be read or written.
        InputError: if the task was encoded with another encoder.
        NothingToDo: if the codebook has no candidates.
    """
    ranker = _keep_ranker(corpus, codes, folder, encoder, engine, progress)
    job = SuggestionJob(ranker=ranker, top=codes.top, folder=folder)
    tally = suggest_rows(corpus, job, engine, partial(progress, "Suggesting"))
    paths = [job.locate(one) for one in corpus.partitions]
    remove_others(folder / SUGGESTIONS, {path for path, _ in paths}, ROWS_NAMES)
    remove_others(folder / "work" / SUGGESTIONS, {note for _, note in paths}, NOTE_NAMES)
    return _summarise(codes, ranker, tally, corpus.options)


def check_domains(codes: BulkCodes, options: BulkOptions) -> None:
    """Refuse codes none of which could be suggested for a row.

    Raises:
        NothingToDo: if all are restricted to a domain and no column says what rows are answers to.
    """
    candidates = codes.task.corpus.codes if codes.task else codes.codebook.candidates()
    if candidates and not options.domain_column and all(code.domain for code in candidates):
        raise NothingToDo(
            "Every code of the codebook is restricted to a domain. Name the column that holds each "
            "row's domain with --domain-column, or leave domains out of the codebook."
        )


def forget_suggestions(folder: AnyPath) -> None:
    """Remove the suggestions of an earlier run, which may be of other rows."""
    remove_others(folder / SUGGESTIONS, set(), ROWS_NAMES)
    remove_others(folder / "work" / SUGGESTIONS, set(), NOTE_NAMES)
    remove_others(folder / "work" / "ranker", set(), RANKER_NAMES)
    (folder / CODES).unlink(missing_ok=True)


def _keep_ranker(
    corpus: Corpus,
    codes: BulkCodes,
    folder: AnyPath,
    encoder: Encoder,
    engine: Engine,
    progress: Progress,
) -> KeptRanker:
    """The ranker that an earlier run has fitted to the same codings, else a new one."""
    path = folder / "work" / "ranker" / f"{_digest(codes, encoder, corpus.options)[:32]}.npz"
    if codes.learned is None and corpus.options.refit:
        path.unlink(missing_ok=True)
    if not is_kept(path):
        progress("Learning from codings", 0, 1)
        task = codes.learned or _build_task(corpus, codes.codebook, encoder, engine)
        if task.corpus.vectors.shape[1] != encoder.n_dimensions:
            raise InputError(
                f"The codings were encoded in {task.corpus.vectors.shape[1]} dimensions, and "
                f"'{encoder.name}' has {encoder.n_dimensions}. Use one encoder for both."
            )
        write_ranker(path, fit_excerpt_ranker(task))
        progress("Learning from codings", 1, 1)
    remove_others(path.parent, {path}, RANKER_NAMES)
    return KeptRanker(path=path, digest=hash_file(path))


def _digest(codes: BulkCodes, encoder: Encoder, options: BulkOptions) -> str:
    """Of all that a ranker is fitted to, but for the rows that stand beside a codebook alone."""
    task = codes.learned
    digest = hashlib.sha256()
    shown: list[object] = [_FORMAT, __version__, encoder.digest, _list_words(codes.codebook)]
    if task is None:
        shown.append(options.domain_column)
    else:
        corpus = task.corpus
        shown += [
            [[p.code, p.part, p.text, p.whole] for p in corpus.phrases],
            [[code.id, code.domain, str(code.family)] for code in corpus.codes],
            [[*_place(segment), segment.speaker, segment.role, segment.domain]
             for segment in corpus.segments],
            sorted([str(f), name, is_on] for (f, name), is_on in task.families.switches.items()),
            list(task.families.coded_order),
            [task.aims.coverage, task.aims.false_discovery],
            corpus.knows_language,
        ]  # fmt: skip
        for array in (task.known.read, task.known.applied, corpus.vectors):
            digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(json.dumps(shown).encode())
    return digest.hexdigest()


def _place(segment: Segment) -> list[object]:
    return [segment.transcript, segment.span.start, segment.span.end, segment.excerpt]


def _list_words(codebook: Codebook) -> list[list[object]]:
    return [
        [
            c.id,
            c.name,
            c.parent,
            c.definition,
            c.inclusion,
            *c.examples,
            c.codable,
            c.archived,
            c.domain,
        ]
        for c in codebook
    ]


def _build_task(corpus: Corpus, codebook: Codebook, encoder: Encoder, engine: Engine) -> Task:
    """A task in which nothing is coded, with a sample of the rows as segments."""
    codes: list[Code] = codebook.candidates()
    if not codes:
        raise NothingToDo("The codebook has no codes that can be suggested, only headings.")
    sample = draw_samples(corpus, ThemeTree({}), [""], engine, size=_SAMPLED)
    sampled = gather_excerpts(corpus, sample, engine)[""]
    if not sampled.texts:
        raise NothingToDo("No row holds a word: there is nothing to suggest codes for.")
    segments = [
        Segment(
            transcript=f"excerpt {at}",
            span=Span(0, len(text)),
            excerpt=text,
            role="participant",
            domain=domain or None,
        )
        for at, (text, domain) in enumerate(zip(sampled.texts, sampled.domains, strict=True))
    ]
    phrases = list_phrases(codes)
    n = len(segments)
    return Task(
        corpus=EncodedCorpus(
            segments=segments,
            vectors=sampled.vectors,
            codebook=codebook,
            codes=codes,
            phrases=phrases,
            phrase_vectors=encoder.encode([phrase.text for phrase in phrases]),
            unrelated_vectors=encoder.encode(list(UNRELATED)),
            knows_language=encoder.name != DEFAULT_MODEL or detect_language(sampled.texts) == "en",
        ),
        known=KnownCodings(np.zeros(n, dtype=bool), np.zeros((n, len(codes)), dtype=bool)),
        targets=np.arange(n),
    )


def _summarise(
    codes: BulkCodes, kept: KeptRanker, tally: SuggestionTally, options: BulkOptions
) -> BulkSuggestions:
    ranker, task = kept.read(), codes.learned
    is_calibrated = ranker.calibration.calibrated
    thresholds = np.broadcast_to(ranker.calibration.auto_accept_threshold, len(ranker.codes))
    names: dict[str, Code] = {code.id: code for code in codes.codebook}
    uses: Sequence[int] = (
        task.known.applied[task.known.read].sum(axis=0).tolist() if task else [0] * len(thresholds)
    )
    return BulkSuggestions(
        calibrated=is_calibrated,
        n_read=int(task.known.read.sum()) if task else 0,
        n_transcripts=len(set(task.corpus.transcripts[task.read_rows].tolist())) if task else 0,
        n_likely=tally.rows["likely"],
        n_auto_acceptable=tally.rows["auto_acceptable"],
        n_read_rows=tally.rows["read"],
        codes=tuple(
            BulkCode(
                code=code,
                name=names[code].name,
                n_coded=n_coded,
                n_first=tally.first[code],
                n_likely=tally.likely[code],
                n_auto_acceptable=tally.auto_acceptable[code],
                n_expected=round(tally.expected[code] / 10_000, 1) if is_calibrated else None,
                auto_accept_from=round(float(least), 4) if np.isfinite(least) else None,
            )
            for code, n_coded, least in zip(ranker.codes, uses, thresholds.tolist(), strict=True)
        ),
        digests=tuple(tally.digests),
        remarks=(*_remark_on(ranker, task), *_remark_on_domains(ranker, tally, options)),
    )


def _remark_on(ranker: ExcerptRanker, task: Task | None) -> Iterator[str]:
    if task is not None and bool((task.corpus.around.previous >= 0).any()):
        yield (
            "The codings are of running text: what stands around a segment was left out, as a row "
            "has nothing around it."
        )
    if ranker.floor == float("inf"):
        yield (
            "The encoder is made for English and the texts are not: nothing is likely until enough "
            "is coded to calibrate."
        )


def _remark_on_domains(
    ranker: ExcerptRanker, tally: SuggestionTally, options: BulkOptions
) -> Iterator[str]:
    """Codes that no row can have for their domain, and rows that can have no code of one."""
    restricted = Counter(domain for domain in ranker.domains if domain)
    if not restricted:
        return
    if options.domain_column is None:
        yield (
            f"Suggested for no row: {say_count(restricted.total(), 'code')} of a domain "
            f"({_list_some(restricted)}). Name the column that holds each row's domain with "
            "--domain-column."
        )
        return
    unused = [domain for domain in restricted if not tally.domains[domain]]
    if unused:
        yield (
            f"No row is of the domain {_list_some(unused)}: its codes are suggested for none."
            if len(unused) == 1
            else f"No row is of these domains: {_list_some(unused)}. Their codes are suggested for "
            "none."
        )
    others = sum(n for domain, n in tally.domains.items() if domain not in restricted)
    if others:
        rest = "codes without a domain" if "" in ranker.domains else "nothing"
        yield f"{say_count(others, 'row')} of no domain of the codebook: {rest} suggested for them."


def _list_some(names: Iterable[str]) -> str:
    shown = sorted(names)
    return ", ".join(shown[:10]) + (f", and {len(shown) - 10} more" if len(shown) > 10 else "")
