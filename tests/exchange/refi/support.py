"""Small REFI-QDA files made in a line, and projects drawn at random."""

from __future__ import annotations

import zipfile
from pathlib import Path

from hypothesis import strategies as st

from autocode.exchange.project import (
    Collection,
    Link,
    Note,
    Part,
    Selection,
    Source,
    ToolCase,
    ToolCode,
    ToolCoder,
    ToolCoding,
    ToolProject,
    Value,
    Variable,
    make_guid,
)

HEAD = '<?xml version="1.0" encoding="utf-8"?>'
CODE = "11111111-1111-1111-1111-111111111111"
TEXT = "22222222-2222-2222-2222-222222222222"


def project_xml(inside: str, *, origin: str = "Some tool", version: str = "1.0") -> str:
    """A project with this inside."""
    return (
        f'{HEAD}<Project xmlns="urn:QDA-XML:project:{version}" name="p" origin="{origin}">'
        f"{inside}</Project>"
    )


def coded_text(*selections: tuple[int | str, int | str, str], path: str = "") -> str:
    """A codebook of one code, and a text with these coded selections (start, end, name)."""
    rows = "".join(
        f'<PlainTextSelection guid="{make_guid("s", str(number))}" name="{name}" '
        f'startPosition="{start}" endPosition="{end}">'
        f'<Coding guid="{make_guid("c", str(number))}"><CodeRef targetGUID="{CODE}"/></Coding>'
        "</PlainTextSelection>"
        for number, (start, end, name) in enumerate(selections)
    )
    address = path or f"internal://{TEXT}.txt"
    return (
        f'<CodeBook><Codes><Code guid="{CODE}" name="Waiting" isCodable="true"/></Codes></CodeBook>'
        f'<Sources><TextSource guid="{TEXT}" name="P01" plainTextPath="{address}">{rows}'
        "</TextSource></Sources>"
    )


def write_qdpx(path: Path, xml: str, **parts: bytes) -> Path:
    """A .qdpx with this XML and the text of the source; other parts by name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", xml)
        for name, content in parts.items():
            archive.writestr(f"sources/{TEXT}.txt" if name == "text" else name, content)
    return path


# What XML 1.0 can hold: no control characters, no surrogates, no non-characters.
LETTERS = st.characters(
    exclude_categories=("Cs",),
    exclude_characters=[chr(n) for n in range(32) if n not in (9, 10, 13)] + ["\ufffe", "\uffff"],
)
NAMES = st.text(LETTERS, max_size=12) | st.sampled_from(
    ['"><script>', "=1+1", "../../etc", "a\r\nb\tc", " x ", "Grüße 🌱", "שלום", "]]>", "&#10;"]
)
# Texts in our form have LF line ends.
WORDS = st.text(LETTERS.filter(lambda c: c != "\r"), max_size=60) | st.just("a 🌱\nb\n\n🎉🎉 c\n")
TIMES = st.sampled_from(["", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.5+01:00"])
COLOURS = st.sampled_from(["", "#ff8800", "#ABC"])


@st.composite
def projects(draw: st.DrawFn) -> ToolProject:
    """A random project in our form: emoji, overlapping spans, deep trees, hostile names."""
    coders = tuple(
        ToolCoder(guid=make_guid("coder", str(n)), name=draw(NAMES)) for n in range(draw(_few))
    )
    whose = st.sampled_from([None, *(coder.guid for coder in coders)])
    n_codes = draw(st.integers(0, 12))
    is_deep = draw(st.booleans())
    code_guids = [make_guid("code", str(n)) for n in range(n_codes)]
    codes = tuple(
        ToolCode(
            guid=guid,
            name=draw(NAMES),
            parent=None if not n else code_guids[n - 1 if is_deep else 0],
            colour=draw(COLOURS),
            description=draw(WORDS),
            codable=draw(st.booleans()),
        )
        for n, guid in enumerate(code_guids)
    )
    notes = tuple(
        Note(guid=make_guid("note", str(n)), name=draw(NAMES), text=draw(WORDS), coder=draw(whose))
        for n in range(draw(_few))
    )
    note_guids = [note.guid for note in notes]
    some_notes = (
        st.lists(st.sampled_from(note_guids), unique=True, max_size=2).map(tuple)
        if (note_guids)
        else st.just(())
    )

    def codings(*place: str) -> tuple[ToolCoding, ...]:
        applied = draw(st.lists(st.sampled_from(code_guids), max_size=3)) if code_guids else []
        return tuple(
            ToolCoding(
                guid=make_guid("coding", *place, str(n)), code=code, coder=draw(whose),
                made_at=draw(TIMES), notes=draw(some_notes),
            )
            for n, code in enumerate(applied)
        )  # fmt: skip

    variables = (
        Variable(guid=make_guid("v", "t"), name=draw(NAMES)),
        Variable(guid=make_guid("v", "i"), name=draw(NAMES), kind="Integer"),
    )
    values = st.sampled_from(
        [(), (Value(variable=variables[1].guid, value="-7"),),
         (Value(variable=variables[0].guid, value=""),
          Value(variable=variables[1].guid, value=None))]
    )  # fmt: skip
    sources: tuple[Source, ...] = tuple(
        Source(
            guid=make_guid("source", str(n)), name=draw(NAMES), text=draw(WORDS),
            description=draw(NAMES), codings=codings("source", str(n)), values=draw(values),
            coder=draw(whose), made_at=draw(TIMES), notes=draw(some_notes),
        )
        for n in range(draw(_few))
    )  # fmt: skip
    sources += (
        Source(
            guid=make_guid("sound"), name="a.mp3", kind="audio",
            original=Part(name=f"{make_guid('sound')}.mp3", size=3, content=b"\x00\x01\x02"),
        ),
    )  # fmt: skip
    selections = []
    for source in sources:
        if source.text is None:
            continue
        for n in range(draw(_few)):
            ends = sorted(draw(st.tuples(*[st.integers(0, len(source.text))] * 2)))
            selections.append(
                Selection(
                    guid=make_guid(source.guid, str(n)), source=source.guid, start=ends[0],
                    end=ends[1], name=draw(NAMES), description=draw(WORDS),
                    codings=codings(source.guid, str(n)), notes=draw(some_notes),
                    coder=draw(whose), changed_at=draw(TIMES),
                )
            )  # fmt: skip
    return ToolProject(
        name=draw(NAMES),
        format="REFI-QDA",
        description=draw(WORDS),
        coders=coders,
        codes=codes,
        variables=variables,
        notes=notes,
        sources=sources,
        selections=tuple(selections),
        cases=(
            ToolCase(
                guid=make_guid("case"), name=draw(NAMES), values=draw(values),
                sources=tuple(source.guid for source in sources[:2]),
                selections=tuple(selection.guid for selection in selections[:2]),
            ),
        ),
        links=(Link(guid=make_guid("link"), name=draw(NAMES), direction="OneWay",
                    one=sources[0].guid, other=sources[-1].guid),),
        collections=(Collection(guid=make_guid("set"), name=draw(NAMES),
                                codes=tuple(code_guids[:3]), notes=tuple(note_guids[:1])),),
    )  # fmt: skip


_few = st.integers(0, 4)
