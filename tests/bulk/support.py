"""Invented corpora: sentences from a few stocks of words, seeded."""

from __future__ import annotations

import hashlib
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen

import pyarrow as pa
import pyarrow.parquet

from autocode.bulk.options import BulkOptions

STOCKS = {
    "waiting": ["queue", "appointment", "receptionist", "waiting", "clinic"],
    "money": ["rent", "bills", "wages", "loan", "prices"],
    "garden": ["tomatoes", "soil", "spade", "compost", "seeds"],
    "school": ["teacher", "homework", "exams", "pupils", "lessons"],
    "travel": ["bus", "train", "ticket", "driver", "station"],
}
FEW = BulkOptions(
    group_column="who", keep=("wave",), partition_rows=90, split_from=100, first_sample=300,
    finer_sample=120,
)  # fmt: skip


def make_rows(n_rows: int, *, seed: int = 0) -> list[dict[str, object]]:
    """Rows with a text about one of five subjects, a participant and a wave."""
    draw = random.Random(seed)
    rows: list[dict[str, object]] = []
    for _ in range(n_rows):
        words = draw.sample(draw.choice(list(STOCKS.values())), 4)
        text = f"They spoke of {words[0]}, {words[1]}, {words[2]} and {words[3]}."
        rows.append({"text": text, "who": f"p{draw.randrange(20)}", "wave": draw.randrange(3)})
    return rows


def write_parquet(path: Path, rows: list[dict[str, object]]) -> Path:
    """Rows as a file."""
    pa.parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=50)
    return path


def write_codings(path: Path, n_rows: int = 160) -> Path:
    """A table of excerpts that a person coded by their subject, two a transcript."""
    draw = random.Random(3)
    lines = ["transcript,excerpt,code,coder"]
    for number, row in enumerate(make_rows(n_rows, seed=4)):
        text = f"{row['text']} {draw.choice('abcdef')}{number}"
        codes = [code for code, words in STOCKS.items() if any(word in text for word in words)]
        given = ";".join(codes) if draw.random() < 0.98 else ""
        lines.append(f'person {number // 2},"{text}",{given},Ada')
    path.write_text("\n".join(lines), "utf-8")
    return path


def read_rows(folder: Path) -> list[dict[str, object]]:
    """All rows of an output, in order."""
    files = sorted((folder / "rows").glob("*.parquet"))
    return [row for file in files for row in pa.parquet.read_table(file).to_pylist()]


def digest_folder(folder: Path) -> dict[str, str]:
    """The digest of every file, by its name within the folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def kill_until_done(start: Callable[[], Popen[bytes]], folder: Path, n_files: int) -> int:
    """How many runs were killed, each at `n_files` more in `folder`, before one ended by itself."""

    def names() -> set[Path]:
        return {path for path in folder.rglob("*") if path.is_file()}

    for n_killed in range(40):
        before, process = names(), start()
        while process.poll() is None:
            if len(names() - before) >= n_files:
                process.send_signal(signal.SIGKILL)
                break
            time.sleep(0.002)  # a folder tells nobody that a file came
        if process.wait() == 0:
            return n_killed
    raise AssertionError("no run came to its end")
