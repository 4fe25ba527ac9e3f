"""Small projects in the neutral shape, made or drawn at random."""

from __future__ import annotations

from hypothesis import strategies as st

from autocode.exchange.project import (
    Selection,
    Source,
    ToolCode,
    ToolCoder,
    ToolCoding,
    ToolProject,
)

WORDS = st.text(
    st.one_of(
        st.sampled_from("ab é\n<>&\"'\t;#=+-@🌱\u200d\u0301\u2028\u00a0"),
        st.characters(codec="utf-8", exclude_characters="\x00\r"),
    ),
    max_size=60,
)
"""Texts that markup, byte counts and line ends trip over."""

NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r."), min_size=1, max_size=20)
"""Names of 1 to 20 characters, any characters, without dots."""


@st.composite
def coded_projects(draw: st.DrawFn) -> ToolProject:
    """Texts with overlapping codings of several people; codes in one level, names all different."""
    coders = [
        ToolCoder(guid=f"coder {n}", name=name)
        for n, name in enumerate(draw(st.lists(NAMES, max_size=3, unique=True)))
    ]
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    codes = [ToolCode(guid=f"code {n}", name=name) for n, name in enumerate(names)]
    sources = [
        Source(guid=f"source {n}", name=draw(NAMES), text=text)
        for n, text in enumerate(draw(st.lists(WORDS, max_size=3)))
    ]
    selections = []
    for number in range(draw(st.integers(0, 6))):
        filled = [source for source in sources if source.text]
        if not filled:
            break
        source = draw(st.sampled_from(filled))
        start = draw(st.integers(0, len(source.text or "") - 1))
        end = draw(st.integers(start + 1, len(source.text or "")))
        chosen = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=3, unique=True))
        coder = draw(st.sampled_from(coders)).guid if coders else None
        codings = tuple(
            ToolCoding(guid=f"coding {number} {code.guid}", code=code.guid, coder=coder)
            for code in chosen
        )
        selections.append(
            Selection(
                guid=f"selection {number}",
                source=source.guid,
                start=start,
                end=end,
                codings=codings,
                coder=coder,
            )
        )
    return ToolProject(
        name=draw(NAMES),
        coders=tuple(coders),
        codes=tuple(codes),
        sources=tuple(sources),
        selections=tuple(selections),
    )


def list_codings(project: ToolProject) -> list[tuple[str, int, int, str, str]]:
    """Every coding by names: text, start, end, code, coder ("" for none), in order."""
    texts = {source.guid: source.text or "" for source in project.sources}
    codes = {code.guid: code.name for code in project.codes}
    coders = {coder.guid: coder.name for coder in project.coders}
    return sorted(
        (
            texts[selection.source],
            selection.start or 0,
            selection.end or 0,
            codes[coding.code],
            coders.get(coding.coder or "", ""),
        )
        for selection in project.selections
        for coding in selection.codings
    )
