"""Studies joined in any order are one and the same; what differs is settled by a person."""

from __future__ import annotations

import shutil
from itertools import permutations

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from autocode.core.acts import NewAct
from autocode.core.codebook import Code
from autocode.core.coding import Case, Coding, Memo, Reading
from autocode.core.coding_pass import CodingPass
from autocode.core.joining import JoinLedger, alike_names
from autocode.core.transcript import Span
from autocode.store import cases, codebook, codings, passes
from autocode.store import transcripts as texts
from autocode.store.digest import content_digest
from autocode.store.file import StudyFile, create
from autocode.store.joining import references, write_united
from autocode.store.pieces import read_piece
from autocode.store.uniting import unite

from .conftest import WORDS, transcript

CODES = ("wait", "family", "shame")
TIMES = ("2026-01-01T10:00:00+00:00", "2026-02-01T10:00:00+00:00", "2026-03-01T10:00:00+00:00")
spans = st.sampled_from([Span(0, 4), Span(3, 9), Span(5, 20)])
coders = st.sampled_from(["Amina", "Jonas", "Kim"])
coding = st.builds(
    Coding,
    transcript=st.sampled_from("ab"),
    span=spans,
    code=st.sampled_from(CODES),
    coder=coders,
    made_at=st.sampled_from(TIMES),
    basis=st.sampled_from(["imported", "decision", "person"]),
    memo=st.sampled_from(["", ""]),
)
reading = st.builds(
    Reading,
    transcript=st.sampled_from("ab"),
    span=spans,
    coder=coders,
    basis=st.sampled_from(["imported", "decision", "person"]),
)
memo = st.builds(
    Memo,
    about=st.sampled_from(["study", "code"]),
    subject=st.sampled_from(CODES),
    text=st.sampled_from(["one", "two"]),
    coder=st.one_of(st.none(), coders),
    made_at=st.sampled_from(TIMES),
)
coding_pass = st.builds(
    CodingPass,
    transcript=st.sampled_from("ab"),
    coder=coders,
    kind=st.sampled_from(["first", "second"]),
    blind=st.booleans(),
    assistance=st.sampled_from(["none", "own"]),
    state=st.sampled_from(["open", "finished", "revealed"]),
    n_reopened=st.integers(0, 2),
    random_state=st.sampled_from([None, 0]),
    made_at=st.sampled_from(TIMES),
)
work = st.fixed_dictionaries(
    {
        "passes": st.lists(
            coding_pass, max_size=4, unique_by=lambda one: (one.transcript, one.coder)
        ),
        "codings": st.lists(coding, max_size=6),
        "readings": st.lists(reading, max_size=4),
        "memos": st.lists(memo, max_size=4),
        "codes": st.sets(st.sampled_from(CODES), min_size=1),
        "texts": st.sets(st.sampled_from("ab"), min_size=1),
        "cases": st.sets(st.sampled_from(["P1", "P2"])),
    }
)


def filled_with(study, wanted):
    """Put drawn work into a study; codings of codes and transcripts that it lacks are left out."""
    with study.writing() as connection:
        texts.add_transcripts(
            connection,
            [transcript(name, text=f"{WORDS}Ann: {name}.\n") for name in sorted(wanted["texts"])],
        )
        codebook.put_codes(
            connection,
            [Code(id=c, name=c.title(), definition=f"about {c}") for c in sorted(wanted["codes"])],
        )
        for name in sorted(wanted["cases"]):
            cases.put_case(connection, Case(name, {"region": f"of {name}"}))
        codings.add_codings(
            connection,
            [
                c
                for c in wanted["codings"]
                if c.code in wanted["codes"] and c.transcript in wanted["texts"]
            ],
        )
        codings.add_readings(
            connection, [r for r in wanted["readings"] if r.transcript in wanted["texts"]]
        )
        passes.add_passes(
            connection, [one for one in wanted["passes"] if one.transcript in wanted["texts"]]
        )
        for one in wanted["memos"]:
            codings.add_memo(connection, one)
    return study


def piece_of(study):
    with study.reading() as connection:
        return read_piece(connection, study.path.name)


def empty_study(path):
    """A copy of an empty study: making one takes longer than all else here."""
    master = path.with_name("empty")
    if not master.exists():
        create(master).close()
    shutil.copyfile(master, path)
    return StudyFile(path)


def joined_digest(folder, pieces):
    """The content digest of an empty study into which pieces were joined in this order."""
    study = empty_study(folder / "joined.autocode")
    try:
        for piece in pieces:
            join_into(study, [piece])
        return digest_of(study)
    finally:
        study.close()
        study.path.unlink()


def join_into(study, pieces):
    this = piece_of(study)
    with study.writing(NewAct(kind="join", summary="joined")) as connection:
        ledger = JoinLedger([this.name, *(p.name for p in pieces)])
        united = unite([this, *pieces], references(connection), ledger)
        write_united(connection, this, united)
    assert not ledger.conflicts


def digest_of(study):
    with study.reading() as connection:
        return content_digest(connection)


@pytest.mark.slow
@settings(max_examples=5, phases=(Phase.generate,))  # each example makes many files
@given(works=st.lists(work, min_size=3, max_size=3))
def test_pieces_joined_in_any_order_are_the_same_study(tmp_path_factory, works):
    folder = tmp_path_factory.mktemp("pieces")
    studies = [
        filled_with(empty_study(folder / f"p{n}.autocode"), drawn) for n, drawn in enumerate(works)
    ]
    pieces = [piece_of(study) for study in studies]
    digests = {joined_digest(folder, order) for order in permutations(pieces)}
    assert len(digests) == 1
    # Into a piece, all at once, and twice: the same again.
    for _ in range(2):
        join_into(studies[0], pieces[1:])
        assert {digest_of(studies[0])} == digests
    for study in studies:
        study.close()


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        (("open", 0), ("finished", 0), ("finished", 0)),
        (("finished", 0), ("open", 1), ("open", 1)),
        (("finished", 1), ("open", 2), ("open", 2)),
        (("open", 3), ("revealed", 0), ("revealed", 0)),
    ],
)
def test_of_two_copies_of_a_pass_the_later_state_is_kept(study, tmp_path, one, other, kept):
    second = create(tmp_path / "other.autocode")
    for file, (state, n_reopened) in ((study, one), (second, other)):
        new = CodingPass(transcript="a", coder="Kim", state=state, n_reopened=n_reopened)
        with file.writing() as connection:
            texts.add_transcripts(connection, [transcript("a", text=f"{WORDS}Ann: a.\n")])
            passes.add_passes(connection, [new])
    join_into(study, [piece_of(second)])
    second.close()
    with study.reading() as connection:
        (joined,) = passes.passes(connection)
    assert (joined.state, joined.n_reopened) == kept


def test_a_memo_that_one_study_holds_twice_stays_twice(study, tmp_path):
    twice = Memo(about="study", subject="", text="again", coder="Kim", made_at=TIMES[0])
    other = create(tmp_path / "other.autocode")
    for one, n in ((study, 2), (other, 1)):
        with one.writing() as connection:
            for _ in range(n):
                codings.add_memo(connection, twice)
    pieces = [piece_of(study), piece_of(other)]
    assert joined_digest(tmp_path, pieces) == joined_digest(tmp_path, pieces[::-1])
    join_into(other, pieces[:1])
    with other.reading() as connection:
        assert len(codings.memos(connection)) == 2
    other.close()


@pytest.mark.parametrize(
    ("names", "alike"),
    [
        (["Ana", "ana", "Ben"], [["Ana", "ana"], ["Ben"]]),
        (["José Luis", "jose-luis"], [["José Luis", "jose-luis"]]),
        (["Ana", "Anna"], [["Ana"], ["Anna"]]),
        (["李", "王"], [["李"], ["王"]]),
        (["?", "!"], [["?"], ["!"]]),
    ],
)
def test_spellings_of_one_name_are_put_together(names, alike):
    assert alike_names(names) == alike
