"""The guide is aligned in order, at interviewer turns only, and speaks for its codes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from autocode.core.code_family import CodeFamily, FamilyUse
from autocode.core.codebook import Code, Codebook
from autocode.core.transcript import Segment, Span
from autocode.suggest.check import run_suggester
from autocode.suggest.guide import NONE, align_guide, find_path, read_guides
from autocode.suggest.guide_evidence import describe_guides, follow_guides
from autocode.suggest.protocol import KnownCodings, Ranking, Task

from .support import encode_with_hashes

GUIDE = CodeFamily("structural")
QUESTIONS = {
    "Q1": "Which kinds of data does your team collect every day?",
    "Q2": "Who labels the training examples and checks the labels?",
    "Q3": "Where are the finished models deployed and monitored?",
    "Q4": "What would researchers have to solve for you first?",
}
OTHER = Code(id="other", name="Other", definition="Gardens, onions and beans")


def make_codes(**changes) -> list[Code]:
    guide = [
        Code(id=name, name=name, definition=words, family=GUIDE)
        for name, words in QUESTIONS.items()
    ]
    return [OTHER, *(replace(code, **changes.get(code.id, {})) for code in guide)]


def make_talk(*turns: str, transcript: str = "t") -> list[Segment]:
    """Segments in order: those that begin with "I:" are the interviewer's."""
    segments, at = [], 0
    for turn in turns:
        who, words = ("interviewer", turn[2:]) if turn.startswith("I:") else ("participant", turn)
        span = Span(at, at + len(words))
        segments.append(
            Segment(transcript=transcript, span=span, excerpt=words, speaker=who, role=who)
        )
        at += len(words) + 1
    return segments


FOLLOWED = (
    "I:Hello and thank you for coming in this morning.",
    "Hello.",
    "I:" + QUESTIONS["Q1"],
    "Pictures mostly.",
    "I:Mm, really?",
    "And some sound.",
    "I:Fine. " + QUESTIONS["Q2"],
    "Students do.",
    "Two of them for each picture.",
    "I:So, " + QUESTIONS["Q4"],
    "Versions of data.",
)


def make_task(segments=None, codes=None, *, known=None, **use) -> Task:
    segments = segments or make_talk(*FOLLOWED)
    codebook = Codebook(tuple(codes or make_codes()))
    corpus = encode_with_hashes(segments, codebook, n_dimensions=512)
    n = len(segments)
    known = known or KnownCodings(np.zeros(n, dtype=bool), np.zeros((n, len(codebook)), dtype=bool))
    targets = np.array(
        [r for r, s in enumerate(segments) if s.role == "participant" and not known.read[r]]
    )
    return Task(corpus=corpus, known=known, targets=targets, families=FamilyUse(**use))


def align(task: Task):
    (guide,), _ = read_guides(task.corpus.codes)
    return align_guide(task.corpus, guide, list(dict.fromkeys(task.corpus.transcripts.tolist())))


class Flat:
    """Every code a little likely, no code decided."""

    name = "flat"

    def rank(self, task: Task) -> Ranking:
        return Ranking.from_probabilities(np.full((len(task.targets), task.corpus.n_codes), 0.1))


def test_answers_have_the_question_before_them_until_the_next_begins():
    (aligned,) = align(make_task())
    words = [FOLLOWED[row] for row in aligned.rows]
    assert dict(zip(words, aligned.question.tolist(), strict=True)) == {
        "Hello.": NONE,
        "Pictures mostly.": 0,
        "And some sound.": 0,
        "Students do.": 1,
        "Two of them for each picture.": 1,
        "Versions of data.": 3,  # question 3 was not asked
    }
    begins = [word for word, flag in zip(words, aligned.begins, strict=True) if flag]
    assert begins == ["Pictures mostly.", "Students do.", "Versions of data."]


def test_the_talk_never_goes_back_to_an_earlier_question():
    talk = [*FOLLOWED, "I:" + QUESTIONS["Q1"], "As I said, pictures."]
    (aligned,) = align(make_task(make_talk(*talk)))
    assert aligned.question[-1] != 0
    kept = aligned.question[aligned.question != NONE]
    assert (np.diff(kept) >= 0).all()


@pytest.mark.parametrize(
    ("scores", "path"),
    [
        ([[3, 0], [0, 0], [0, 3]], [0, 0, 1]),
        ([[0, 4], [3, 0]], [1, 1]),  # no way back
        ([[1, 1]], [NONE]),  # not like enough to begin
        ([[3, 0], [-3, -3], [-3, -3]], [0, NONE, NONE]),  # unlike every question: aside
        ([[3, 2.9], [0, 3]], [0, 1]),  # the later one is better begun later
        ([[-np.inf, 3]], [1]),  # a question without words is passed over
    ],
)
def test_paths(scores, path):
    assert find_path(np.array(scores, dtype=float)) == path


def test_passing_over_questions_costs_more_the_more_there_are():
    near, far = np.zeros(8), np.zeros(8)
    near[0] = far[7] = 2.0
    both = np.where(np.arange(8) == 7, 2.2, np.where(np.arange(8) == 0, 2.0, 0.0))
    assert find_path(near[None]) == [0]
    assert find_path(both[None]) == [0]


def test_a_transcript_off_the_guide_and_one_without_interviewer_are_not_aligned():
    off = make_talk("I:How are you?", "Well.", "I:Nice weather.", "It is.", transcript="off")
    alone = make_talk("Pictures mostly.", "And some sound.", transcript="alone")
    task = make_task([*make_talk(*FOLLOWED), *off, *alone])
    assert [a.transcript for a in align(task)] == ["t"]
    (remark,) = describe_guides(task)
    assert "not aligned with off, alone" in remark
    assert "interviewer's turns" in remark


def test_numbers_in_names_are_the_order_else_that_of_the_codebook():
    codes = make_codes()
    shuffled = [codes[0], codes[3], codes[1], codes[4], codes[2]]
    (guide,), remarks = read_guides(shuffled)
    assert [shuffled[at].id for at in guide.columns] == ["Q1", "Q2", "Q3", "Q4"]
    assert remarks == []
    names = {"Q1": "Warm-up", "Q2": "Journey", "Q3": "Costs", "Q4": "Close"}
    named = make_codes(**{key: {"name": name} for key, name in names.items()})
    (guide,), _ = read_guides(named)
    assert [named[at].name for at in guide.columns] == list(names.values())


def test_an_alphabetical_codebook_without_numbers_says_that_the_order_is_not_known():
    names = {"Q1": "Close", "Q2": "Costs", "Q3": "Journey", "Q4": "Warm-up"}
    codes = make_codes(**{key: {"name": name} for key, name in names.items()})
    guides, (remark,) = read_guides(codes)
    assert guides == []
    assert "order of the questions in the family 'structural' is not known" in remark
    task = make_task(codes=codes)
    ranking = Flat().rank(task)
    assert follow_guides(task, ranking) is ranking
    assert list(describe_guides(task)) == [remark]


def test_the_code_of_the_question_ranks_first_with_what_speaks_for_it():
    task = make_task()
    ranking = run_suggester(Flat(), task)
    column = {code.id: at for at, code in enumerate(task.corpus.codes)}
    target = [FOLLOWED[row] for row in task.targets].index("And some sound.")
    assert int(np.argmax(ranking.logits[target])) == column["Q1"]
    assert ranking.likely[target].tolist() == [c == "Q1" for c in column]
    assert ranking.logits[target, column["Q2"]] < ranking.logits[target, column["other"]]
    evidence = ranking.guide[int(task.targets[target]), column["Q1"]]
    assert (evidence.question, evidence.n_questions, evidence.begins) == (1, 4, False)
    assert evidence.describe() == "within question 1 of 4 of the guide"
    assert task.corpus.segments[2].span == evidence.span  # the interviewer's question
    first = ranking.guide[3, column["Q1"]]
    assert first.describe() == "question 1 of 4 of the guide begins here"


def test_where_the_family_is_off_the_guide_says_nothing():
    ranking = run_suggester(Flat(), make_task(switches={(GUIDE, "t"): False}))
    assert not ranking.guide
    assert not ranking.likely.any()


def test_codes_without_words_are_left_to_the_method():
    task = make_task(codes=make_codes(Q2={"definition": ""}))
    ranking = run_suggester(Flat(), task)
    column = [code.id for code in task.corpus.codes].index("Q2")
    assert ranking.probabilities[:, column] == pytest.approx(0.1)


def test_codings_that_contradict_the_alignment_weaken_it():
    segments = [*make_talk(*FOLLOWED), *make_talk(*FOLLOWED, transcript="coded")]
    read = np.array([s.transcript == "coded" and s.role == "participant" for s in segments])
    applied = np.zeros((len(segments), 5), dtype=bool)
    applied[read, 1] = True  # Q1 everywhere
    applied[read, 3] = True  # and Q3, which was never asked
    told = run_suggester(Flat(), make_task(segments, known=KnownCodings(read, applied)))
    alone = run_suggester(Flat(), make_task(segments))
    target = 1  # "Pictures mostly."
    assert told.probabilities[target, 1] < alone.probabilities[target, 1]
    assert told.probabilities[target, 1] > 0.1
