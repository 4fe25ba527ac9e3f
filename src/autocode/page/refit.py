"""Suggestions and draft themes made anew beside the server: a process for each, one at a time.

The server never loads an encoder. The process gets the path of the study and the coder through its
standard input, since everybody can read a command line, and writes what it makes to the study.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

Refit = Literal["none", "running", "ready", "failed"]
Made = Literal["suggestions", "themes"]
"""What is made anew: suggestions for one coder, or the draft themes of the study."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefitRequest:
    """What is made anew in the study at `path`, and for whom.

    With `passages` it is also worked out which passages are to be coded next.
    """

    path: str
    coder: str
    passages: bool = False
    made: Made = "suggestions"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefitState:
    """How far it is; `number` counts what is ready, `message` says why it failed.

    `passages` are (number of the transcript, start, end), best first; None where nobody asked.
    """

    state: Refit = "none"
    number: int = 0
    message: str = ""
    passages: tuple[tuple[int, int, int], ...] | None = None


Work = Callable[[RefitRequest], Mapping[str, Any]]
"""Does what is requested; returns `passages`, or `error` in one line."""


class Refits:
    """The refits of one server. `work` does one; without it that is a process of its own."""

    def __init__(self, path: Path, *, work: Work | None = None) -> None:
        self._path = path
        self._work = work or self._run_process
        self._states: dict[tuple[str, Made], RefitState] = {}
        self._lock = threading.Lock()
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._is_stopped = False

    def state(self, coder: str, made: Made = "suggestions") -> RefitState:
        """How far it is; draft themes are the same for every coder."""
        with self._lock:
            return self._states.get(_key(coder, made), RefitState())

    def start(
        self, coder: str, *, passages: bool = False, made: Made = "suggestions"
    ) -> RefitState:
        """Begin one for this coder, unless one is running."""
        with self._lock:
            before = self._states.get(_key(coder, made), RefitState())
            if before.state == "running" or self._is_stopped:
                return before
            begun = replace(before, state="running", message="")
            self._states[_key(coder, made)] = begun
        request = RefitRequest(path=str(self._path), coder=coder, passages=passages, made=made)
        threading.Thread(target=self._do, args=(request,), daemon=True).start()
        return begun

    def stop(self) -> None:
        """End what is running; nothing is begun after this."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None:
                self._process.terminate()

    def _do(self, request: RefitRequest) -> None:
        with self._one_at_a_time:
            try:
                answer = self._work(request)
            except Exception as error:  # whatever it is, the page must hear of it
                answer = {"error": f"Making {request.made} anew failed ({type(error).__name__})."}
        with self._lock:
            key = _key(request.coder, request.made)
            before = self._states[key]
            if message := answer.get("error"):
                self._states[key] = replace(before, state="failed", message=message)
                return
            passages = answer.get("passages")
            self._states[key] = RefitState(
                state="ready",
                number=before.number + 1,
                passages=before.passages
                if passages is None
                else tuple((number, start, end) for number, start, end in passages),
            )

    def _run_process(self, request: RefitRequest) -> Mapping[str, Any]:
        with self._lock:
            if self._is_stopped:
                return {"error": "The server has stopped."}
            self._process = subprocess.Popen(
                [sys.executable, "-m", "autocode.page.refit_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONIOENCODING": "utf-8"},
            )
        said, _ = self._process.communicate(json.dumps(asdict(request)))
        with self._lock:
            self._process = None
        answer: dict[str, Any] = {"error": f"Making {request.made} anew was broken off."}
        with contextlib.suppress(ValueError, IndexError):
            answer = json.loads(said.splitlines()[-1])
        return answer


def _key(coder: str, made: Made) -> tuple[str, Made]:
    return ("" if made == "themes" else coder, made)
