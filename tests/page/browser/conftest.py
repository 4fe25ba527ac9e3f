"""The page in Debian's Chromium, served by a thread of the test."""

from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from autocode.page.app import build_app
from autocode.page.connection import open_served
from autocode.page.followers import Followers
from autocode.page.session import Sessions

from .support import Screen

CHROMIUM = Path("/usr/bin/chromium")
NEEDED = "AUTOCODE_NEEDS_CHROMIUM"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def chromium():
    """The browser; where there is none these tests are skipped, unless they are needed."""
    if not CHROMIUM.exists():
        if os.environ.get(NEEDED):
            pytest.fail(f"There is no {CHROMIUM}: apt-get install chromium")
        pytest.skip(f"There is no {CHROMIUM} on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


class Server:
    """The page of a study on a port of this machine, until it is stopped."""

    def __init__(self, study, port=0, *, follows=False):
        self.study, self.sessions = study, Sessions()
        self.followers = Followers(Path(study), is_off=not follows)
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        while not getattr(self, "server", None) or not self.server.started:
            time.sleep(0.01)  # uvicorn says that it has started by a flag only

    def _run(self):
        with open_served(Path(self.study)) as project:
            self.project = project
            app = build_app(project, self.sessions, port=self.port, followers=self.followers)
            config = uvicorn.Config(app, log_config=None, log_level="critical", ws="none")
            self.server = uvicorn.Server(config)
            self.server.run(sockets=[self.listener])

    def stop(self):
        self.server.force_exit = self.server.should_exit = True
        self.thread.join(10)
        self.followers.stop()
        self.listener.close()


@pytest.fixture
def serve(network, request):
    """Serve a study; what is served is stopped at the end."""
    running = []

    def start(study, port=0, **options):
        running.append(Server(study, port, **options))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def screen(chromium, serve, study):
    """A window that Amina has open on the small study."""
    server = serve(study)
    screen = Screen(chromium, server)
    screen.sign_in("Amina")
    yield screen
    screen.close()
