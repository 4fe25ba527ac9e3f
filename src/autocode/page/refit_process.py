"""The process that suggests or drafts anew: a request on standard input, an answer on output."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from ..core.errors import AutocodeError, InputError
from ..core.run import Run
from ..encode.load import DEFAULT_MODEL, load_encoder
from ..project import Project
from ..project.reader import Snapshot
from ..project.suggested_to import is_blind, read_run, scope_for
from .refit import RefitRequest

N_PASSAGES = 20
_NICENESS = 10


def suggest_anew(request: RefitRequest) -> Mapping[str, Any]:
    """Suggest for a coder as their passes allow, by the encoder that was used last.

    Raises:
        AutocodeError: if nothing can be suggested.
    """
    with Project.open(request.path) as project:
        with project.snapshot() as study:
            scope, last = scope_for(study, request.coder), _last_run(study, request.coder)
            if request.passages and is_blind(study, request.coder):
                raise InputError("In a blind pass nothing is proposed to be coded next.")
            numbers = study.transcript_numbers()
        encoder = load_encoder(last.encoder if last and last.encoder else DEFAULT_MODEL)
        project.refresh_suggestions(encoder, scope=scope)
        if not request.passages:
            return {"passages": None}
        queue = project.next_passages(encoder, n_wanted=N_PASSAGES, scope=scope)
    places = [
        (numbers[p.transcript], p.segments[0].span.start, p.segments[-1].span.end)
        for p in queue.passages
    ]
    return {"passages": places}


def draft_anew(request: RefitRequest) -> Mapping[str, Any]:
    """Draft themes by the encoder that was used last.

    Raises:
        AutocodeError: if there is nothing to draft from, or somebody decided on draft themes.
    """
    with Project.open(request.path) as project:
        with project.snapshot() as study:
            if is_blind(study, request.coder):
                raise InputError("In a blind pass no themes are drafted.")
            last = study.last_run("themes") or study.last_run("suggest")
        encoder = load_encoder(last.encoder if last and last.encoder else DEFAULT_MODEL)
        project.draft_themes(encoder)
    return {"passages": None}


def _last_run(study: Snapshot, coder: str) -> Run | None:
    """Whose encoder is used again: of a blind coder's own run, else of the last for anybody."""
    return read_run(study, coder) if is_blind(study, coder) else study.last_run("suggest")


def main() -> None:
    """Do what standard input asks for."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICENESS)  # people's keys come first
    try:
        request = RefitRequest(**json.load(sys.stdin))
        answer = draft_anew(request) if request.made == "themes" else suggest_anew(request)
    except AutocodeError as error:
        answer = {"error": str(error)}
    except Exception as error:  # its message may hold people's words
        answer = {"error": f"That failed ({type(error).__name__})."}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
