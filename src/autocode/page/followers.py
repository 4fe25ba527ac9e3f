"""Coders followed through what they code, by one process beside the server.

The process (`follow_process`) fits and moves suggestions; the server only tells it that something
was stored, which takes no longer than writing a line, and keeps in memory what it answers. Where
the process ends, suggestions stay as they are stored.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ..core.followed import Followed
from ..core.run import Run
from ..core.suggestion import CodebookPhrase, Evidence, Suggestion
from ..core.suggestion_scope import SuggestionScope
from ..core.transcript import Span

FollowState = Literal["none", "learning", "ready", "off", "stopped"]

_WORDS: Mapping[FollowState, str] = {
    "none": "",
    "learning": "Suggestions do not follow your coding yet: what is coded is being learned from.",
    "ready": "Suggestions of what comes next follow your coding.",
    "off": "",
    "stopped": "Suggestions no longer follow your coding and stay as they were made. Reload the "
    "page to begin again.",
}
_PATIENCE = 5.0
_GOES_ON: tuple[FollowState, ...] = ("learning", "ready")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Following:
    """How a coder is followed in one transcript; `number` counts the answers of the process.

    `message` says why they are not. `offered` holds, by span and code, all that was ever suggested
    here, so that what a page still shows can be kept when it is decided on.
    """

    transcript: str = ""
    state: FollowState = "none"
    number: int = 0
    message: str = ""
    run: Run | None = None
    suggestions: tuple[Suggestion, ...] = ()
    offered: Mapping[tuple[Span, str], Suggestion] | None = None

    @property
    def words(self) -> str:
        """The state as it is said on the page."""
        return self.message or _WORDS[self.state]

    def find(self, transcript: str, span: Span, codes: tuple[str, ...]) -> Followed | None:
        """What was shown of these codes at a place, None where nothing was."""
        offered = self.offered or {} if transcript == self.transcript else {}
        shown = [offered[span, code] for code in codes if (span, code) in offered]
        return Followed(self.run, shown) if self.run and shown else None


StartProcess = Callable[[], "subprocess.Popen[str]"]


class Followers:
    """The coders who are followed on one server, each in one transcript at a time."""

    def __init__(
        self, path: Path, *, is_off: bool = False, start_process: StartProcess | None = None
    ) -> None:
        self._path, self._is_off = path, is_off
        self._start_process = start_process or _start_process
        self._followed: dict[str, Following] = {}
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None
        self._lock = threading.Lock()

    @property
    def process_id(self) -> int | None:
        """The number of the process, None where none is running."""
        return None if self._process is None else self._process.pid

    def begin(self, coder: str, transcript: str) -> Following:
        """Follow a coder through a transcript from now on, and no longer through another."""
        with self._lock:
            now = self._followed.get(coder, Following())
            is_so = now.transcript == transcript and now.state in _GOES_ON
            if self._is_off or is_so:
                if is_so:  # passes may be others by now
                    self._send({"coder": coder, "transcript": transcript})
                return now
            begun = Following(transcript=transcript, state="learning", number=now.number)
            if self._process is None:
                try:
                    self._process = self._start_process()
                except OSError:  # as where there is no memory left; the next call tries again
                    self._followed[coder] = replace(begun, state="stopped")
                    return self._followed[coder]
                hear = threading.Thread(target=self._hear, args=(self._process,), daemon=True)
                hear.start()
                self._reader = hear
            self._followed[coder] = begun
            self._send({"coder": coder, "transcript": transcript})
            return begun

    def tell(self, coder: str) -> None:
        """Something of this coder's was stored; it is looked at beside this call."""
        with self._lock:
            now = self._followed.get(coder)
            if now is not None and now.state in _GOES_ON:
                self._send({"coder": coder, "transcript": now.transcript})

    def of(self, coder: str) -> Following:
        """How a coder is followed, in whichever transcript."""
        with self._lock:
            return self._followed.get(coder, Following())

    def state(self, coder: str, transcript: str) -> Following:
        """How a coder is followed in a transcript."""
        now = self.of(coder)
        return now if now.transcript == transcript else Following(number=now.number)

    def stop(self) -> None:
        """End the process; none is started after this."""
        with self._lock:
            self._is_off = True
            if self._process is not None:
                self._process.kill()
        if self._reader is not None:
            self._reader.join(_PATIENCE)

    def _send(self, request: Mapping[str, str]) -> None:
        # A line is far smaller than the pipe, and the process always reads: this does not wait.
        if self._process is None or self._process.stdin is None:
            return
        # It has ended, or `_hear` has closed the pipe by now (ValueError) and is to say so.
        with contextlib.suppress(OSError, ValueError):
            line = {"path": str(self._path), **request}
            self._process.stdin.write(json.dumps(line) + "\n")
            self._process.stdin.flush()

    def _hear(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            with contextlib.suppress(ValueError, KeyError, TypeError), self._lock:
                self._take(json.loads(line))
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        with self._lock:
            self._process = None
            for coder, now in self._followed.items():
                if now.state in _GOES_ON:
                    stopped = replace(now, state="stopped", number=now.number + 1, suggestions=())
                    self._followed[coder] = stopped

    def _take(self, answer: Mapping[str, Any]) -> None:
        now = self._followed.get(answer["coder"])
        if now is None or now.transcript != answer["transcript"]:
            return
        taken = replace(now, number=now.number + 1)
        if message := answer.get("error"):
            self._followed[answer["coder"]] = replace(taken, state="off", message=message)
            return
        made = tuple(read_suggestion(one, now.transcript) for one in answer["suggestions"])
        run = Run(**answer["run"])
        offered = now.offered or {} if _learns_alike(run, now.run) else {}
        self._followed[answer["coder"]] = replace(
            taken,
            state="ready",
            run=run,
            suggestions=made,
            offered={**offered, **{(one.span, one.code): one for one in made}},
        )


def _learns_alike(run: Run, before: Run | None) -> bool:
    """Whether both may be learned from the same people's codings."""
    scopes = [SuggestionScope.from_parameters(one.parameters) for one in (run, before) if one]
    return scopes[0] == scopes[-1]


def write_suggestion(one: Suggestion) -> dict[str, Any]:
    """A suggestion as the process sends it; of its evidence, the phrase of the codebook."""
    phrase = one.evidence.phrase
    return {
        "span": [one.span.start, one.span.end],
        "phrase": phrase and [phrase.part, phrase.text, phrase.similarity],
        **{name: getattr(one, name) for name in _PLAIN},
    }


def read_suggestion(sent: Mapping[str, Any], transcript: str) -> Suggestion:
    """A suggestion that the process sent."""
    phrase = sent["phrase"]
    return Suggestion(
        transcript=transcript,
        span=Span(*sent["span"]),
        evidence=Evidence(phrase=CodebookPhrase(*phrase) if phrase else None),
        **{name: sent[name] for name in _PLAIN},
    )


_PLAIN = ("code", "rank", "score", "probability", "likely", "in_set")


def _start_process() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "autocode.page.follow_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, **_ONE_THREAD, "PYTHONIOENCODING": "utf-8"},
    )
