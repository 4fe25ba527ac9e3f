"""How long a large project of another tool takes to come in, and how much memory.

    python eval/bench_exchange.py [--texts 2000] [--words 1000] [--codings 200000] [--size 500]

Makes a .qdpx of so many MB with invented texts, codings by three coders, and the rest as
recordings, imports it into a new study in a process of its own and exports it again: seconds (of
the clock, and of CPU), highest memory, size of the study. A process that does nothing but read all
bytes of the archive and parse its XML says what the machine does at the time: `times_plain` is the
CPU time of the import as a multiple of that.
The goal (500 MB, 2,000 texts, 200,000 codings): under 60 s and under 1 GB.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from autocode.exchange.project import make_guid

SAID = (
    "we waited for months and nobody rang the letter came late my sister drove me there every week"
    " I felt ashamed to ask the bus stopped on Sundays in the garden it was quiet they listened"
)
WORDS = SAID.split()
N_CODES = 60


def make_project(path: Path, *, texts: int, words: int, codings: int, size: int) -> None:
    """Write the project; the same arguments give the same file."""
    draw = random.Random(1)
    coders = [make_guid("coder", str(n)) for n in range(3)]
    codes = [make_guid("code", str(n)) for n in range(N_CODES)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("project.qde", "w", force_zip64=True) as part:
            lines = _Lines(part)
            write = lines.write
            write(
                '<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="urn:QDA-XML:project:1.0"'
            )
            write(' name="large" origin="Invented"><Users>')
            for n, guid in enumerate(coders):
                write(f'<User guid="{guid}" name="Coder {n}"/>')
            write("</Users><CodeBook><Codes>")
            for n, guid in enumerate(codes):
                write(f'<Code guid="{guid}" name="Code {n}" isCodable="true"/>')
            write("</Codes></CodeBook><Sources>")
            written = [(make_guid("text", str(n)), _make_text(draw, words)) for n in range(texts)]
            for n, (guid, text) in enumerate(written):
                write(f'<TextSource guid="{guid}" name="Interview {n:04d}.txt"')
                write(f' plainTextPath="internal://{guid}.txt">')
                for k in range(codings // texts):
                    write(_make_selection(draw, text, guid, k, coders, codes))
                write("</TextSource>")
            n_media = 20
            for n in range(n_media):
                guid = make_guid("media", str(n))
                write(f'<AudioSource guid="{guid}" name="{n}.mp3" path="internal://{guid}.mp3"/>')
            write("</Sources></Project>")
            lines.flush()
        for guid, text in written:
            archive.writestr(f"sources/{guid}.txt", text)
        _write_recordings(archive, n_media, size * 1_000_000 - path.stat().st_size)


def _write_recordings(archive: zipfile.ZipFile, n_media: int, size: int) -> None:
    for n in range(n_media):
        info = zipfile.ZipInfo(f"sources/{make_guid('media', str(n))}.mp3")
        with archive.open(info, "w", force_zip64=True) as part:
            for _ in range(max(0, size // n_media) // 1_000_000):
                part.write(os.urandom(1_000_000))


class _Lines:
    """Text written to a binary stream in large pieces."""

    def __init__(self, stream) -> None:
        self._stream, self._held, self._size = stream, [], 0

    def write(self, text: str) -> None:
        self._held.append(text)
        self._size += len(text)
        if self._size > 1 << 20:
            self.flush()

    def flush(self) -> None:
        self._stream.write("".join(self._held).encode())
        self._held, self._size = [], 0


def _make_text(draw: random.Random, words: int) -> str:
    lines = []
    for n in range(max(1, words // 25)):
        who = "Interviewer" if n % 4 == 0 else "P01"
        lines.append(f"{who}: {' '.join(draw.choices(WORDS, k=25))}.")
    return "\n".join(lines)


def _make_selection(
    draw: random.Random, text: str, guid: str, number: int, coders: list[str], codes: list[str]
) -> str:
    start = draw.randrange(0, len(text) - 80)
    end = start + draw.randrange(10, 80)
    coder = draw.choice(coders)
    name = " ".join(text[start:end].split())
    made = f'creatingUser="{coder}" creationDateTime="2024-01-02T03:04:05Z"'
    own = make_guid(guid, str(number))
    return (
        f'<PlainTextSelection guid="{own}" name="{name}" startPosition="{start}"'
        f' endPosition="{end}" {made}><Coding guid="{make_guid(own, "c")}" {made}>'
        f'<CodeRef targetGUID="{draw.choice(codes)}"/></Coding></PlainTextSelection>'
    )


def take(path: Path, study: Path) -> None:
    """Import the project, and print what it took; what the measured process does."""
    from autocode.project import Project

    started = time.perf_counter()
    with Project.open(study, create_new=True) as project:
        report = project.import_paths([path])
        assert not report.refused, report.refused
        counts = project.counts()
        taken = {
            "seconds": round(time.perf_counter() - started, 1),
            "cpu_seconds": round(time.process_time(), 1),
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        before, used = time.perf_counter(), time.process_time()
        losses = project.export_project(study.with_suffix(".qdpx"))
        assert losses.count("kept", "codings") == counts["codings"]
    plain = read_plainly(path)
    taken["times_plain"] = round(taken["cpu_seconds"] / plain, 1)
    row = {
        "plain_cpu_seconds": round(plain, 1),
        "import": taken,
        "export": {
            "seconds": round(time.perf_counter() - before, 1),
            "cpu_seconds": round(time.process_time() - used, 1),
        },
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "study_mb": round(study.stat().st_size / 1e6),
        "counts": counts,
    }
    print(json.dumps(row))


def read_plainly(path: Path) -> float:
    """CPU seconds of reading every part of the archive and every element of its XML."""
    from lxml import etree

    started = time.process_time()
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            with archive.open(info) as part:
                if info.filename.endswith(".qde"):
                    for _, element in etree.iterparse(part, tag="{*}TextSource"):
                        element.clear()
                else:
                    while part.read(1 << 20):
                        pass
    return time.process_time() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=2000)
    parser.add_argument("--words", type=int, default=1000)
    parser.add_argument("--codings", type=int, default=200_000)
    parser.add_argument("--size", type=int, default=500, help="MB")
    parser.add_argument("--take", nargs=2, type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.take:
        take(*args.take)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.qdpx"
        make_project(path, texts=args.texts, words=args.words, codings=args.codings, size=args.size)
        print(f"{path.stat().st_size / 1e6:.0f} MB", file=sys.stderr)
        command = [sys.executable, __file__, "--take", str(path), str(Path(folder) / "s.autocode")]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
