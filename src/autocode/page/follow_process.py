"""The process that follows coders: a line in for each that stored something, a line out for each.

It reads the study and never writes to it. An encoder is loaded only for words that the study has no
vectors of, such as those of a code that was just made. The process ends with its server.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..core.errors import AutocodeError, InputError
from ..core.progress import Progress, silent
from ..encode.load import load_encoder
from ..encode.protocol import Encoder, Vectors
from ..pipeline import FitMemory
from ..project import Project
from ..project.following import Following
from ..project.suggested_to import read_run
from .followers import write_suggestion

_NICENESS = 10
_PAUSE = 3.0
"""Seconds without anything stored before a fit is made anew, as after a new code."""


@dataclass(frozen=True)
class NamedEncoder:
    """An encoder known by name and digest, loaded when there is something to encode."""

    name: str
    digest: str

    @cached_property
    def _loaded(self) -> Encoder:
        loaded = load_encoder(self.name)
        if loaded.digest != self.digest:
            raise InputError("The encoder is another than codes were suggested by. Suggest anew.")
        return loaded

    @property
    def n_dimensions(self) -> int:
        """Width of a vector."""
        return self._loaded.n_dimensions

    def encode(self, texts: Sequence[str], *, progress: Progress = silent) -> Vectors:
        """Vectors of `texts`."""
        return self._loaded.encode(texts, progress=progress)


class Worker:
    """Who is followed through what, one coder after the other."""

    def __init__(self, project: Project, say: Callable[[Mapping[str, Any]], None]) -> None:
        self._project, self._say = project, say
        self._fits = FitMemory()
        self._followed: dict[str, Following] = {}

    def move(self, coder: str, transcript: str) -> None:
        """Say what is suggested now; begins where the coder was not followed here."""
        self._answer(coder, transcript, anew=False)

    def begin_stale(self) -> bool:
        """Begin one anew whose codes or passes have changed; whether there was one."""
        for coder, following in self._followed.items():
            if following.is_stale:
                self._answer(coder, following.transcript, anew=True)
                return True
        return False

    def _answer(self, coder: str, transcript: str, *, anew: bool) -> None:
        about = {"coder": coder, "transcript": transcript}
        try:
            known = self._followed.get(coder)
            if anew or known is None or known.transcript != transcript:
                self._followed.pop(coder, None)
                known = self._followed[coder] = self._begin(coder, transcript)
            made = known.move()
            if known.is_out_of_scope:  # not in a pause, as one whose codes have changed
                known = self._followed[coder] = self._begin(coder, transcript)
                made = known.move()
        except AutocodeError as error:
            self._followed.pop(coder, None)
            self._say({**about, "error": str(error)})
            return
        except Exception as error:  # its message may hold people's words
            self._followed.pop(coder, None)
            words = f"Suggestions do not follow your coding ({type(error).__name__})."
            self._say({**about, "error": words})
            return
        run, suggestions = asdict(known.run), [write_suggestion(one) for one in made]
        self._say({**about, "run": run, "suggestions": suggestions})

    def _begin(self, coder: str, transcript: str) -> Following:
        with self._project.snapshot() as study:
            run = read_run(study, coder)
        if run is None:
            raise InputError("Nothing is suggested for you yet.")
        encoder = NamedEncoder(run.encoder, run.encoder_digest)
        return self._project.follow(transcript, coder=coder, encoder=encoder, fits=self._fits)


def main() -> None:
    """Follow whom standard input names, until it ends."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)  # people's keys come first
    requests: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(requests,), daemon=True).start()
    first = requests.get()
    with Project.open(Path(first["path"])) as project:
        worker = Worker(project, _say)
        waiting = {first["coder"]: first["transcript"]}
        while True:
            for coder, transcript in waiting.items():
                worker.move(coder, transcript)
            waiting = _take(requests, wait=0.0)
            while not waiting and not (waiting := _take(requests, wait=_PAUSE)):
                if not worker.begin_stale():
                    waiting = _take(requests, wait=None)


def _take(requests: queue.SimpleQueue[dict[str, str]], *, wait: float | None) -> dict[str, str]:
    """The last request of each coder of those that wait; None waits for one."""
    taken: dict[str, str] = {}
    with contextlib.suppress(queue.Empty):
        request = requests.get(timeout=wait) if wait != 0.0 else requests.get_nowait()
        while True:
            taken[request["coder"]] = request["transcript"]
            request = requests.get_nowait()
    return taken


def _read(requests: queue.SimpleQueue[dict[str, str]]) -> None:
    for line in sys.stdin:
        requests.put(json.loads(line))
    os._exit(0)  # the server has gone, whatever is being fitted


def _say(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
