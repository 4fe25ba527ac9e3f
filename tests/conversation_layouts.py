"""One conversation written in many layouts and formats, for tests that reading does not depend on
them.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Sequence

Turn = tuple[str, str]


def _clock(n: int, *, hours: bool = True) -> str:
    seconds = 5 + 7 * n
    minutes, rest = divmod(seconds, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


LAYOUTS: dict[str, Callable[[int, str, str], str]] = {
    "colon": lambda n, s, w: f"{s}: {w}\n",
    "colon, paragraphs": lambda n, s, w: f"{s}: {w}\n\n",
    "blank before colon": lambda n, s, w: f"{s}\u00a0:\u202f{w}\n",
    "no blank": lambda n, s, w: f"{s}:{w}\n",
    "wide colon": lambda n, s, w: f"{s}：{w}\n",
    "words below": lambda n, s, w: f"{s}:\n{w}\n\n",
    "dash": lambda n, s, w: f"{s} – {w}\n",
    "semicolon": lambda n, s, w: f"{s}; {w}\n",
    "square brackets": lambda n, s, w: f"[{s}] {w}\n",
    "braces": lambda n, s, w: f"{{{s}}} {w}\n",
    "angle brackets": lambda n, s, w: f"<{s}> {w}\n",
    "at": lambda n, s, w: f"@{s}: {w}\n",
    "tab": lambda n, s, w: f"{s}\t{w}\n",
    "marks of direction": lambda n, s, w: f"\u200f\u202b{s}\u200f: {w}\u202c\n",
    "time first": lambda n, s, w: f"[{_clock(n)}] {s}: {w}\n",
    "chat": lambda n, s, w: f"[04/03/2024, 10:{n % 60:02}:00] {s}: {w}\n",
    "time after": lambda n, s, w: f"{s} ({_clock(n, hours=False)}): {w}\n",
    "range": lambda n, s, w: f"{s} [{_clock(n)}-{_clock(n + 1)}]: {w}\n",
    "name and time": lambda n, s, w: f"{s}  {_clock(n)}\n{w}\n\n",
    "name, dash, time": lambda n, s, w: f"{s} - {_clock(n, hours=False)}\n{w}\n\n",
    "name over time": lambda n, s, w: f"{s}\n{_clock(n)}\n{w}\n\n",
    "time over name": lambda n, s, w: f"{_clock(n)}\n{s}\n{w}\n\n",
    "three lines": lambda n, s, w: f"{s}\nmember\n10:{n % 60:02} AM\n{w}\n\n",
    "heading": lambda n, s, w: f"## {s}\n{w}\n\n",
    "bold": lambda n, s, w: f"**{s}** {w}\n",
    "bar": lambda n, s, w: f"{_clock(n)}|{s}|{w}\n",
}
"""Turns as text: number, speaker and words of each."""


def write_text(turns: Sequence[Turn], layout: str) -> bytes:
    """The conversation as a text file."""
    return "".join(LAYOUTS[layout](n, s, w) for n, (s, w) in enumerate(turns)).encode()


def write_docx(turns: Sequence[Turn], layout: str) -> bytes:
    """The conversation as a Word document, with headings and bold names of its own."""
    import docx

    document = docx.Document()
    if layout == "tab":
        table = document.add_table(rows=0, cols=2)
        for speaker, words in turns:
            cells = table.add_row().cells
            cells[0].text, cells[1].text = speaker, words
    for n, (speaker, words) in enumerate(turns if layout != "tab" else ()):
        if layout == "heading":
            document.add_heading(speaker, 2)
            document.add_paragraph(words)
        elif layout == "bold":
            paragraph = document.add_paragraph()
            paragraph.add_run(speaker).bold = True
            paragraph.add_run(f" {words}")
        else:
            for line in LAYOUTS[layout](n, speaker, words).rstrip("\n").split("\n"):
                document.add_paragraph(line)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def write_vtt(turns: Sequence[Turn], *, tags: bool) -> bytes:
    """The conversation as WebVTT, with names in tags or in the words."""
    cues = [
        f"{_clock(n)}.000 --> {_clock(n + 1)}.000\n" + (f"<v {s}>{w}</v>" if tags else f"{s}: {w}")
        for n, (s, w) in enumerate(turns)
    ]
    return ("WEBVTT\n\n" + "\n\n".join(cues) + "\n").encode()


def write_srt(turns: Sequence[Turn]) -> bytes:
    """The conversation as SRT, with names in the words."""
    cues = [
        f"{n + 1}\n{_clock(n)},000 --> {_clock(n + 1)},000\n{s}: {w}\n"
        for n, (s, w) in enumerate(turns)
    ]
    return "\n".join(cues).encode()


def write_json(turns: Sequence[Turn]) -> bytes:
    """The conversation as WhisperX writes it."""
    segments = [
        {"start": 5.0 + 7 * n, "end": 12.0 + 7 * n, "text": f" {w}", "speaker": s}
        for n, (s, w) in enumerate(turns)
    ]
    return json.dumps({"segments": segments}).encode()
