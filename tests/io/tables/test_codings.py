from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autocode.core.codebook import Code, Codebook
from autocode.core.coding import Coding, Reading
from autocode.core.errors import FileRefused
from autocode.core.transcript import Segment, Source, Span, Speaker, Transcript, Turn
from autocode.io.tables.codings import read_codings
from autocode.io.tables.codings_rows import CODING_COLUMNS, codings_to_rows
from autocode.io.tables.table import write_table


def transcript(name: str, text: str, *turns: tuple[str, Span]) -> Transcript:
    """A transcript of this text; without turns, all of it is one."""
    spans = turns or (("", Span(0, len(text))),)
    return Transcript(
        name=name,
        text=text,
        turns=tuple(Turn(span=span, speaker=speaker or None) for speaker, span in spans),
        speakers=tuple(Speaker(name=speaker) for speaker in {s for s, _ in turns}),
        source=Source(name=f"{name}.txt", format="text", digest=name),
    )


TEXT = "Ann: It rained 👋 and  it\nrained. שלום e\u0301 so.\n"
STUDY = [transcript("one", TEXT), transcript("two", "Ben: yes")]
BOOK = Codebook((Code(id="rain", name="Rain"), Code(id="trust", name="Trust")))
HEAD = "transcript,start,end,excerpt,coder,code,memo\n"


@pytest.fixture
def codings(write):
    return lambda rows: read_codings(write("a.csv", HEAD + rows), STUDY, BOOK)


def test_read_codings_takes_offsets(codings):
    assert codings("one,5,14,,Amina,rain,m\n").codings == (
        Coding(transcript="one", span=Span(5, 14), code="rain", coder="Amina", memo="m"),
    )


@pytest.mark.parametrize(
    ("excerpt", "words"),
    [
        ("It rained", "It rained"),
        ("and it rained.", "and  it\nrained."),
        ('"and it\n  rained."', "and  it\nrained."),
        ("rained 👋", "rained 👋"),
        ("שלום e\u0301", "שלום e\u0301"),
        ("so.", "so."),
    ],
)
def test_read_codings_anchors_an_excerpt(codings, excerpt, words):
    span = codings(f"one,,,{excerpt},Amina,rain,\n").codings[0].span
    assert span.of(TEXT) == words


def test_read_codings_anchors_an_excerpt_over_the_names_between(write):
    text = "Ann: It rained.\nBen: Ben did?\nAnn: Yes.\n"
    turns = [("Ann", Span(5, 15)), ("Ben", Span(21, 29)), ("Ann", Span(35, 39))]
    path = write(
        "a.csv", 'transcript,excerpt,coder,code\nt,"rained.\nBen did?",A,rain\nt,Ben,A,rain\n'
    )
    spans = [c.span for c in read_codings(path, [transcript("t", text, *turns)], BOOK).codings]
    assert [span.of(text) for span in spans] == ["rained.\nBen: Ben did?", "Ben"]
    assert spans[1] == Span(21, 24)  # the word that was said, not the label


@given(st.data())
def test_read_codings_anchors_any_words(tmp_path_factory, data):
    letters = st.text(st.sampled_from("ab \n\t\u00a0👋e\u0301ש-="), min_size=1, max_size=30)
    text = data.draw(letters)
    start = data.draw(st.integers(0, len(text) - 1))
    excerpt = text[start : data.draw(st.integers(start + 1, len(text)))].strip()
    wanted = " ".join(excerpt.split())
    # Without what typography changes, there must be one place: "a-b" beside "ab" is two.
    folded, part = (re.sub(r"[\s-]", "", whole) for whole in (text, excerpt))
    once = sum(folded.startswith(part, at) for at in range(len(folded))) == 1
    if not (part and once):
        return
    path = tmp_path_factory.getbasetemp() / "any.csv"
    row = {"transcript": "t", "excerpt": excerpt, "coder": "A", "code": "rain"}
    write_table(path, [*row], [row])
    span = read_codings(path, [transcript("t", text)], BOOK).codings[0].span
    assert " ".join(span.of(text).split()) == wanted
    assert span.of(text) == span.of(text).strip()


def test_read_codings_finds_codes_by_name_and_transcripts_in_any_case(codings):
    coding = codings("ONE,5,14,,Amina,TRUST,\n").codings[0]
    assert (coding.transcript, coding.code) == ("one", "trust")


def test_read_codings_takes_a_row_without_code_for_a_reading(codings):
    table = codings("one,,,,Amina,,\none,5,14,,Jonas,,\n")
    assert table.codings == ()
    assert table.readings == (
        Reading("one", Span(0, len(TEXT)), "Amina"),
        Reading("one", Span(5, 14), "Jonas"),
    )


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("one,5,14,,,rain,", "no coder"),
        ("ome,5,14,,Amina,rain,", "No transcript 'ome'"),
        ("one,5,14,,Amina,trsut,", "No code 'trsut'"),
        ("one,5,14,,Amina,qqqq,", "No code 'qqqq'"),
        ("one,,,,Amina,rain,", "a code without a span"),
        ("one,5,,,Amina,rain,", "are no numbers"),
        (",5,14,,Amina,rain,", "no transcript"),
        ("one,a,b,,Amina,rain,", "are no numbers"),
        ("one,-1,4,,Amina,rain,", "are no numbers"),
        (f"one,5,{'9' * 5000},,Amina,rain,", "are no numbers"),
        ("one,5,5,,Amina,rain,", "does not fit"),
        ("one,9,5,,Amina,rain,", "does not fit"),
        ("one,5,999,,Amina,rain,", "does not fit"),
        ("one,,,rained,Amina,rain,", "occurs 2 times"),
        ("one,,,it snowed,Amina,rain,", "does not occur"),
        ('one,,,"it\nsnowed",Amina,rain,', "does not occur"),
        ('"on\ne",5,14,,Amina,rain,', "No transcript"),
    ],
)
def test_read_codings_refuses_what_does_not_fit(write, refusal, row, fault):
    path = write("a.csv", f"{HEAD}two,0,3,,Amina,rain,\n{row}\n")
    facts = refusal(path, read_codings, STUDY, BOOK)
    assert fault in facts["fault"]
    assert facts["place"] == f"line {3 + row.count(chr(10))}"


@pytest.mark.parametrize("code", ["trsut", "qqqq"])
def test_read_codings_ends_each_sentence_of_a_refusal_once(write, refusal, code):
    path = write("a.csv", f"{HEAD}one,5,14,,Amina,{code},\n")
    assert not re.search(r"[.?]\.", refusal(path, read_codings, STUDY, BOOK)["remedy"])


@pytest.mark.parametrize("missing", ["transcript", "coder", "code", "excerpt"])
def test_read_codings_refuses_a_missing_column(write, refusal, missing):
    columns = [c for c in ("transcript", "coder", "code", "excerpt") if c != missing]
    facts = refusal(write("a.csv", f"{','.join(columns)}\n"), read_codings, STUDY, BOOK)
    assert facts["place"] == "line 1"
    assert f"no column '{missing}'" in facts["fault"]
    assert f"'{missing}'" in facts["remedy"]


def written(path, codings, study=STUDY):
    texts = {t.name: t.text for t in study}
    write_table(path, CODING_COLUMNS, codings_to_rows(codings, [], texts, BOOK))
    return read_codings(path, study, BOOK).codings


@pytest.mark.slow
@given(st.integers(0, len(TEXT) - 1).flatmap(
    lambda start: st.tuples(st.just(start), st.integers(start + 1, len(TEXT)))
))  # fmt: skip
def test_codings_come_back_from_csv(tmp_path_factory, bounds):
    coding = Coding(
        transcript="one",
        span=Span(*bounds),
        code="rain",
        coder="Amina",
        made_at="2024-05-01T10:00:00Z",
        memo="=so",
    )
    path = tmp_path_factory.getbasetemp() / "codings.csv"
    assert written(path, [coding]) == (coding,)


def test_codings_come_back_from_csv_with_a_handle_for_a_name(tmp_path):
    coding = Coding(transcript="-one", span=Span(0, 3), code="rain", coder="@amina")
    assert written(tmp_path / "a.csv", [coding], [transcript("-one", TEXT)]) == (coding,)


def test_coding_rows_say_who_said_the_words():
    segments = [
        Segment(transcript="one", span=Span(5, 30), excerpt="", speaker="Ann"),
        Segment(transcript="two", span=Span(5, 8), excerpt="", speaker="Ben"),
    ]
    work = [
        Coding(transcript="one", span=Span(5, 14), code="rain", coder="Amina"),
        Coding(transcript="two", span=Span(0, 3), code="rain", coder="Amina"),
    ]
    rows = list(codings_to_rows(work, segments, {t.name: t.text for t in STUDY}, BOOK))
    assert [(r["excerpt"], r["speaker"], r["code_name"]) for r in rows] == [
        ("It rained", "Ann", "Rain"),
        ("Ben", "", "Rain"),
    ]


INTERVIEW = transcript(
    "I01",
    "I: How was it?\nP: Yes. I didn’t expect that – “go home”.\n\nI: Really?\nP: Yes. Yes!\n",
    ("I", Span(3, 14)),
    ("P", Span(18, 56)),
    ("I", Span(61, 68)),
    ("P", Span(72, 81)),
)
TREE = Codebook(
    (
        Code(id="Access", name="Access"),
        Code(id="Distance", name="Distance", parent="Access"),
        Code(id="Cost, high", name="Cost, high"),
        Code(id="Cost", name="Cost"),
        Code(id="c7", name="Waiting times"),
    )
)


def read(write, head: str, *rows: str, **options: object):
    path = write("a.csv", "\n".join([head, *rows]) + "\n")
    table = read_codings(path, [INTERVIEW, transcript("I02", "P: Nobody rang.")], TREE, **options)
    words = [(c.coder, c.code, c.span.of(INTERVIEW.text)) for c in table.codings]
    return words, table


OURS = "transcript,coder,code,excerpt"


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Cost", ["Cost"]),
        ("cost", ["Cost"]),
        ("Cost; Distance", ["Cost", "Distance"]),
        ("Cost|Distance", ["Cost", "Distance"]),
        ('"Cost\nDistance"', ["Cost", "Distance"]),
        ('"Cost, Distance"', ["Cost", "Distance"]),
        ('"Cost, high, Distance"', ["Cost, high", "Distance"]),
        ('"Distance, Cost, high"', ["Distance", "Cost, high"]),
        ("Waiting times; cost", ["c7", "Cost"]),
        ("Access > Distance", ["Distance"]),
        ("Access\\Distance", ["Distance"]),
        ("Nodes\\\\Access\\Distance", ["Distance"]),
        ("Themes: Access: Distance", ["Distance"]),
        ("access/distance", ["Distance"]),
        ("Access::Distance; Codes > Cost", ["Distance", "Cost"]),
        ("access.distance", ["Distance"]),
    ],
)
def test_a_cell_names_one_code_or_several(write, cell, codes):
    words, _ = read(write, OURS, f"I01,Ana,{cell},go home")
    assert [code for _, code, _ in words] == codes


FLAT = Codebook(tuple(Code(id=name, name=name) for name in ("Access", "Cost", "Distance")))


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("Access > Distance", ["Distance"]),
        ("Codes\\\\Travel\\Distance", ["Distance"]),
        ("Travel/Distance", ["Distance"]),
        ("Cost/Distance", None),
        ("Cost: Distance", None),
        ('"Cost, Travel > Distance"', ["Cost", "Distance"]),
        ("Cost; Travel > Distance", ["Cost", "Distance"]),
        ("Cost; Cots", None),
    ],
)
def test_a_path_longer_than_the_codebook_s_is_taken_unless_it_may_be_a_list(write, cell, codes):
    path = write("a.csv", f"{OURS}\nI01,Ana,{cell},go home\n")
    if codes is None:
        with pytest.raises(FileRefused, match="No code"):
            read_codings(path, [INTERVIEW], FLAT)
    else:
        assert [c.code for c in read_codings(path, [INTERVIEW], FLAT).codings] == codes


@pytest.mark.parametrize(
    "written",
    ["I01", "i01", "I01.txt", "I01.docx", "1: I01", "D 12: I01.docx", "Files\\Interviews\\I01"],
)
def test_a_transcript_goes_by_its_name_without_folder_number_and_suffix(write, written):
    words, _ = read(write, OURS, f"{written},Ana,Cost,go home")
    assert len(words) == 1


def test_a_document_that_may_be_two_transcripts_is_refused(write, refusal):
    study = [transcript("wave1_a", "x"), transcript("a.txt", "go home"), transcript("A.docx", "y")]
    path = write("c.csv", f"{OURS}\nA,Ana,Cost,go home\n")
    assert "several transcripts" in refusal(path, read_codings, study, TREE)["fault"]


@pytest.mark.parametrize(
    ("head", "row", "start"),
    [
        (f"{OURS},turn", "I01,Ana,Cost,Yes.,4", 72),
        (f"{OURS},turn", "I01,Ana,Cost,Yes.,2", 18),
        ("document,created by,codes,quotation content,reference", "I01,Ana,Cost,Yes.,¶ 5", 72),
        ("document,created by,codes,quotation content,reference", "I01,Ana,Cost,Yes.,2 - 2", 18),
        ("document name,created by,code,segment,beginning,end", "I01,Ana,Cost,Yes.,5,5", 72),
        ("doc_name,user_name,code_name,segment_text,segment_start,segment_end",
         "I01,Ana,Cost,Yes.,73,76", 72),
        ("file,coder,codename,coded,pos0,pos1", "I01,Ana,Cost,Yes.,72,76", 72),
        ("media title,excerpt creator,codes applied combined,excerpt copy,excerpt range",
         "I01,Ana,Cost,Yes.,76-80", 72),  # a line end counts as two characters
    ],
)  # fmt: skip
def test_a_position_tells_equal_words_apart(write, head, row, start):
    _, table = read(write, head, row)
    assert table.codings[0].span == Span(start, start + 4)


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (OURS, "I01,Ana,Cost,Yes."),
        (f"{OURS},turn", "I01,Ana,Cost,Yes.,3"),
        (f"{OURS},turn", "I01,Ana,Cost,Yes,4"),
        (f"{OURS},speaker", "I01,Ana,Cost,Yes.,P"),
        ("document,created by,codes,quotation content,reference", "I01,Ana,Cost,Yes.,¶ 3"),
        ("document,created by,codes,quotation content,reference", "I01,Ana,Cost,Yes.,1 - 9"),
        ("document,created by,codes,quotation content,reference", "I01,Ana,Cost,Yes.,7"),
        ("file,coder,codename,coded,pos0,pos1", "I01,Ana,Cost,Yes.,44,48"),
    ],
)
def test_equal_words_that_no_position_tells_apart_are_refused(write, head, row):
    with pytest.raises(FileRefused, match="occurs"):
        read(write, head, row)


def test_words_in_no_given_place_are_refused_with_the_nearest(write):
    with pytest.raises(FileRefused) as raised:
        read(write, OURS, "I01,Ana,Cost,I never expected that")
    assert "nearest: P, turn 2, 'I didn’t expect that'" in str(raised.value)
    with pytest.raises(FileRefused) as raised:
        read(write, OURS, "I01,Ana,Cost,Nobody rang")
    assert "it stands in 'I02'" in str(raised.value)


FAULTY = (
    "I01,Ana,Cost,go home",
    "I01,Ana,Cots,go home",
    "I03,Ana,Cost,go home",
    "I01,,Cost,go home",
    "I01,Ana,Cost,I went by train",
    "I01,Ana,Cots,Really?",
    "I01,Ben,Distance,Really?",
)


def test_all_faulty_rows_are_listed_at_once(write):
    with pytest.raises(FileRefused) as raised:
        read(write, OURS, *FAULTY)
    error = raised.value
    assert "5 of 7 rows do not fit" in error.fault
    assert "\n" not in str(error)
    assert "--partial" in error.remedy
    listed = "\n".join(error.details)
    for part in ("lines 3, 7: No code 'Cots'", "line 4: No transcript 'I03'", "line 5: no coder",
                 "line 6: the excerpt 'I went by train' does not occur"):  # fmt: skip
        assert part in listed


def test_the_sound_rows_are_taken_where_that_is_asked_for(write):
    words, table = read(write, OURS, *FAULTY, partial=True)
    assert words == [("Ana", "Cost", "go home"), ("Ben", "Distance", "Really?")]
    assert table.n_left == 5
    assert any("5 of 7 rows left out" in note for note in table.notes)
    assert any("line 5: no coder" in note for note in table.notes)


def test_a_table_without_a_sound_row_is_refused_in_part_as_well(write):
    with pytest.raises(FileRefused) as raised:
        read(write, OURS, *FAULTY[1:4], partial=True)
    assert "--partial" not in raised.value.remedy


def test_a_thousand_faults_stay_a_short_list(write):
    with pytest.raises(FileRefused) as raised:
        read(write, OURS, *(f"I01,Ana,Cost,word{n} nowhere" for n in range(1000)))
    assert len(raised.value.details) == 21
    assert "and 980 more faults" in raised.value.details[-1]


def test_coders_of_two_spellings_are_pointed_out(write):
    rows = ("I01,Ana,Cost,go home", "I01,ana,Cost,Really?", "I01,Ben,Cost,Really?")
    _, table = read(write, OURS, *rows, known_coders=["BEN", "Zoe"])
    notes = [note for note in table.notes if "count as" in note]
    ending = "count as 2 coders; write them alike if they are one"
    assert notes == [
        f"'Ana' (1 row) and 'ana' (1 row) {ending}",
        f"'Ben' (1 row) and 'BEN' (in the study) {ending}",
    ]


def test_rows_without_a_code_are_readings_in_our_tables_only(write):
    _, ours = read(write, OURS, "I01,Ana,,go home", "I01,Ana,Cost,Really?")
    assert [reading.span.of(INTERVIEW.text) for reading in ours.readings] == ["go home"]
    head = "document,created by,codes,quotation content"
    _, atlas = read(write, head, "I01,Ana,,go home", "I01,Ana,Cost,Really?")
    assert atlas.readings == ()
    assert any("1 row without a code left out" in note for note in atlas.notes)


def test_somebody_else_s_columns_are_named_with_what_they_were_taken_for(write):
    head = "document,created by,codes,quotation content,density"
    _, table = read(write, head, "I01,Ana,Cost,go home,1")
    said = "\n".join(table.notes)
    assert "looks like an export of ATLAS.ti" in said
    assert "excerpt from 'quotation content'" in said
    assert "columns not used: density" in said


def test_columns_of_unknown_names_are_known_by_their_cells(write):
    head = "fonto,tekstero,kodo,coder"
    words, table = read(write, head, "I01,go home,Cost,Ana", "I01,I didn't expect,Distance,Ana")
    assert [code for _, code, _ in words] == ["Cost", "Distance"]
    said = "\n".join(table.notes)
    assert "transcript from 'fonto' (by its cells)" in said


def test_a_person_may_say_which_column_is_which(write):
    head = "wer,document,text,tag,andere"
    row = "Ana,x,y,Cost,go home"
    assigned = {"coder": "Wer", "excerpt": "andere"}
    words, _ = read(write, head.replace("document", "dok"), row, assigned=assigned)
    assert words == [("Ana", "Cost", "go home")]


def test_words_without_a_document_are_looked_for_everywhere(write):
    head = "snippet,codes,coder"
    words, table = read(write, head, "go home,Cost,Ana")
    assert words == [("Ana", "Cost", "go home")]
    assert any("no column names the transcript" in note for note in table.notes)
    with pytest.raises(FileRefused, match="occurs in no transcript"):
        read(write, head, "I flew,Cost,Ana")
    with pytest.raises(FileRefused, match="occurs in 2 transcripts"):
        read_codings(write("b.csv", f"{head}\nyes,Cost,Ana\n"), [
            transcript("a", "P: yes"), transcript("b", "P: yes")
        ], TREE)  # fmt: skip


def test_codings_of_a_table_without_a_coder_need_one(write):
    head, row = "id,document,tag,content", "1,I01,Cost,go home"
    with pytest.raises(FileRefused) as raised:
        read(write, head, row)
    assert "looks like an export of Taguette" in raised.value.fault
    assert "--coder NAME" in raised.value.remedy
    words, _ = read(write, head, row, coder="Ana")
    assert words == [("Ana", "Cost", "go home")]


def test_flags_of_codes_are_read_as_codes(write):
    head = "media title,excerpt creator,excerpt copy,Code: Cost Applied,Code: Distance Applied"
    words, _ = read(write, head, "I01,Ana,go home,TRUE,FALSE", "I01,Ana,Really?,FALSE,FALSE")
    assert words == [("Ana", "Cost", "go home")]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("2024-03-01", "2024-03-01"),
        ("2024-03-01 10:00:00", "2024-03-01 10:00:00"),
        ("3/1/2024", ""),
    ],
)
def test_dates_of_two_meanings_are_not_kept(write, written, kept):
    head = "document,created by,codes,quotation content,created"
    _, table = read(write, head, f"I01,Ana,Cost,go home,{written}")
    assert table.codings[0].made_at == kept
    assert any("1 date not kept" in note for note in table.notes) == (not kept)


def test_codings_of_a_study_without_transcripts_or_codes_say_what_to_import_first(write, refusal):
    path = write("a.csv", f"{OURS}\nI01,Ana,Cost,go home\n")
    assert "no transcripts yet" in refusal(path, read_codings, [], TREE)["fault"]
    facts = refusal(path, read_codings, [INTERVIEW], Codebook(()))
    assert "no codes yet" in facts["fault"]
    assert facts["remedy"].startswith("Import the codes first")


TALK = "Ann: It rained.\nBen: Yes, it did.\nAnn: So.\n"
SPOKEN = transcript(
    "talk", TALK, ("Ann", Span(5, 15)), ("Ben", Span(21, 33)), ("Ann", Span(39, 42))
)


def test_a_turn_without_words_is_the_whole_turn(write):
    path = write(
        "a.csv", "transcript,turn,speaker,coder,code\ntalk,2,ben,Amina,rain\ntalk,3,,Amina,\n"
    )
    taken = read_codings(path, [SPOKEN], BOOK)
    assert [coding.span.of(TALK) for coding in taken.codings] == ["Yes, it did."]
    assert [reading.span.of(TALK) for reading in taken.readings] == ["So."]
    assert "2 rows of a whole turn, by its number from 1" in taken.notes


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("talk,4,,Amina,rain", "no turn '4' in 'talk'. Its turns are 1 to 3."),
        ("talk,0,,Amina,rain", "no turn '0' in 'talk'"),
        ("talk,two,,Amina,rain", "no turn 'two' in 'talk'"),
        ("talk,1,Ben,Amina,rain", "turn 1 is of 'Ann', not of 'Ben'"),
        ("talk,,,Amina,rain", "Give start and end, the excerpt, or the turn."),
    ],
)
def test_a_turn_that_is_not_there_or_another_speakers_is_refused(write, row, words):
    path = write("a.csv", f"transcript,turn,speaker,coder,code\n{row}\n")
    with pytest.raises(FileRefused) as refused:
        read_codings(path, [SPOKEN], BOOK)
    assert words in str(refused.value)


def test_what_can_name_the_place_is_said_where_nothing_does(write):
    with pytest.raises(FileRefused, match="'start' and 'end', or 'turn' for whole turns"):
        read_codings(write("a.csv", "transcript,coder,code\ntalk,Amina,rain\n"), [SPOKEN], BOOK)


def test_an_unknown_code_is_pointed_to_both_ways_on_and_names_stand_once(write):
    path = write("a.csv", HEAD + "one,5,14,,Amina,zzzz,\n")
    with pytest.raises(FileRefused) as refused:
        read_codings(path, STUDY, BOOK)
    assert "(2 known). Known: Rain, Trust. Import it with a codebook first, or make" in str(
        refused.value
    )
