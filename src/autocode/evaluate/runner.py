"""The evaluation itself: for every repeat, share and fold, learn from the others and be tested."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .. import pipeline
from ..core.progress import Progress, silent
from ..suggest.corpus import EncodedCorpus
from ..suggest.protocol import Ranking, Suggester
from .answers import Answers
from .detail import detail
from .findable import beyond_words
from .gold import Exam, exam_of
from .leakage import Vault, ask
from .memory import peak_rss_mb
from .metrics.calibration import auto_accept, calibration, prediction_sets
from .metrics.figures import Figure, figures
from .metrics.human import beside_tally, machine_tally, n_double_coded
from .metrics.ranking import f1_tally, ranking_tally
from .protocol import Evaluation, Point, Protocol
from .source import Source
from .splits import Splits, splits


def evaluate(
    source: Source,
    suggester: Suggester,
    tools: pipeline.Tools,
    *,
    protocol: Protocol | None = None,
) -> Evaluation:
    """The learning curve of `suggester` on coded material.

    The words of all segments, tested ones too, may shape vocabularies and factors, as they do when
    a study is coded; people's codings of tested transcripts shape nothing.

    Raises:
        NothingToDo: if there are not two coded transcripts, or nothing to score.
        NotFound: if the reference coder is unknown.
        InputError: if the method's answers cannot be scored.
    """
    protocol = protocol or Protocol()
    began = time.perf_counter()
    exam = exam_of(source, reference=protocol.reference)
    corpus = pipeline.encode_corpus(source.study, exam.codes, tools)
    encoded = time.perf_counter()
    return Sitting(exam, corpus, suggester, protocol, tools.progress).evaluation(
        tools, (began, encoded)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What one share of the curve gave: answers by repeat, and how they were come by."""

    answers: tuple[Answers, ...]
    n_train: float
    seconds: float
    last: Ranking


class Sitting:
    """One method sits one exam."""

    def __init__(
        self,
        exam: Exam,
        corpus: EncodedCorpus,
        suggester: Suggester,
        protocol: Protocol,
        progress: Progress = silent,
    ) -> None:
        self.exam = exam
        self.splits: Splits = splits(exam, n_folds=protocol.n_folds, seed=protocol.seed)
        self.vault = Vault(exam, self.splits, corpus)
        self._allowed = corpus.allowed
        self._by_words = beyond_words(exam, corpus)
        self._suggester = suggester
        self._protocol = protocol
        self._progress = progress

    def evaluation(self, tools: pipeline.Tools, clock: tuple[float, float]) -> Evaluation:
        """Every point of the curve, with what was asked and how long it took."""
        began, encoded = clock
        prepared = time.perf_counter()
        exam, protocol = self.exam, self._protocol
        points = []
        largest = max(protocol.shares)
        last: Session | None = None
        for number, share in enumerate(protocol.shares):
            self._progress("Evaluating", number, len(protocol.shares))
            session = self.session(share)
            points.append(self.point(share, session))
            last = session if share == largest else last
        self._progress("Evaluating", len(protocol.shares), len(protocol.shares))
        looked_at = last or self.session(largest)
        return Evaluation(
            corpus=exam.name,
            method=self._suggester.name,
            n_transcripts=len({segment.transcript for segment in exam.segments}),
            n_coded=len(exam.transcripts),
            n_segments=len(exam.segments),
            n_codes=len(exam.codes),
            n_double_coded=n_double_coded(exam),
            coders=exam.coders,
            reference=exam.reference,
            independent=exam.independent,
            twins=self.splits.twins,
            n_folds=len(self.splits.folds),
            protocol=protocol,
            encoder=tools.encoder.name,
            encoder_digest=tools.encoder.digest,
            versions=pipeline.versions(),
            points=tuple(points),
            detail=detail(exam, looked_at.answers[0], largest, protocol.resampling),
            codebook=exam.codebook,
            seconds={
                "encode": encoded - began,
                "prepare": prepared - encoded,
                "total": time.perf_counter() - began,
            },
            remarks=self._remarks(),
        )

    def session(self, share: float) -> Session:
        """Let the method learn from each share's training sets and answer for every transcript."""
        began = time.perf_counter()
        whole = all(self.splits.is_whole(f, share) for f in range(len(self.splits.folds)))
        n_repeats = 1 if whole else self._protocol.n_repeats
        many, trained, asked = [], [], []
        for repeat in range(n_repeats):
            answers = Answers.empty(self.exam)
            for tested, training in self._parts(share, repeat):
                rows = np.flatnonzero(np.isin(self.exam.place, tested) & self.exam.targets)
                task = self.vault.task(training, rows, aims=self._protocol.aims)
                ranking = ask(self._suggester, task)
                asked = [ranking]
                answers.put(rows, ranking, self._allowed[rows])
                trained.append(len(training))
            many.append(answers)
        return Session(
            answers=tuple(many),
            n_train=float(np.mean(trained)),
            seconds=time.perf_counter() - began,
            last=asked[-1],
        )

    def point(self, share: float, session: Session) -> Point:
        """Score a session."""
        exam, protocol, many = self.exam, self._protocol, session.answers
        how = protocol.resampling
        main: dict[str, Figure] = {}
        for tally in (ranking_tally, f1_tally, machine_tally):
            main |= figures([tally(exam, answers) for answers in many], how)
        return Point(
            share=share,
            n_train=session.n_train,
            n_repeats=len(many),
            n_segments=int(exam.scored.sum()),
            figures=main,
            beside=figures([beside_tally(exam, answers) for answers in many], how),
            calibration=calibration(exam, many),
            sets=prediction_sets(exam, many, protocol.aims),
            accepts=auto_accept(exam, many, protocol.aims),
            seconds=session.seconds,
            peak_rss_mb=peak_rss_mb(),
            remarks=session.last.remarks,
            parameters=session.last.parameters,
        )

    def _parts(self, share: float, repeat: int) -> list[tuple[Sequence[int], Sequence[int]]]:
        """(tested, training) transcripts; without training one part holds everything."""
        if share <= 0:
            return [(range(self.splits.n_transcripts), ())]
        return [
            (self.splits.tested(fold), self.splits.training(fold, share, repeat=repeat))
            for fold in range(len(self.splits.folds))
        ]

    def _remarks(self) -> tuple[str, ...]:
        found = [*self.exam.remarks]
        asked, got = self._protocol.n_folds, len(self.splits.folds)
        if got < asked:
            found.append(f"{asked} folds were asked for; there are transcripts for {got}.")
        most = 1 - 1 / got
        high = [share for share in self._protocol.shares if share > most + 1e-9]
        if high:
            told = ", ".join(f"{share:g}" for share in high)
            found.append(
                f"With {got} folds about {most:.0%} of the transcripts are left to learn from; the "
                f"share {told} takes all of those."
            )
        if self.splits.twins:
            found.append(
                f"{len(self.splits.twins)} groups of transcripts share a third of their longer "
                "segments and are kept on one side of every split."
            )
        return (*found, *self._by_words)
