"""Servers of a study one after the other, for tests that kill them: each line of input is a study.

What takes a server its time to start is loaded once; every server is a process forked from this
one, which prints its number and, as `autocode open --json` does, how it is reached.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import uvicorn  # so that it is loaded before the first fork

from autocode.page.connection import open_served
from autocode.page.server import ServeOptions, serve


def announce(start):
    sys.stdout.write(json.dumps(start.to_dict()) + "\n")
    sys.stdout.flush()


def main():
    assert uvicorn
    for line in sys.stdin:
        number = os.fork()
        if number == 0:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            sys.stdin = None  # its lines are the parent's
            with open_served(Path(line.rstrip("\n"))) as project:
                serve(project, ServeOptions(coder="Amina", browser=False), announce)
            os._exit(0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()
        os.waitpid(number, 0)


if __name__ == "__main__":
    main()
