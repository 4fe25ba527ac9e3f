"""A page in a test: requests as a browser sends them, and acts by their words."""

from __future__ import annotations

import uuid

from starlette.testclient import TestClient

PORT = 8765
ORIGIN = f"http://127.0.0.1:{PORT}"


class Page:
    """An application with a client that sends what a browser sends."""

    def __init__(self, app, project, sessions):
        self.app, self.project, self.sessions = app, project, sessions
        self.client = TestClient(app, base_url=ORIGIN, follow_redirects=False)

    def sign_in(self, coder):
        answer = self.write("POST", "/session", {"token": self.sessions.make_token(coder)})
        assert answer.status_code == 200
        return answer

    def get(self, path, **headers):
        return self.client.get(path, headers=headers)

    def write(self, method, path, body, **headers):
        sent = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin", **headers}
        return self.client.request(method, path, json=body, headers=sent)

    def act(self, kind, *, key=None, **fields):
        return self.write(
            "POST", "/acts", {"key": key or str(uuid.uuid4()), "kind": kind, **fields}
        )

    def number(self, name):
        return self.project.transcript_numbers()[name]

    def place(self, transcript, words):
        """Where words stand, as the page sends it."""
        text = self.project.transcript(transcript).text
        start = text.index(words)
        return {
            "transcript": self.number(transcript),
            "start": start,
            "end": start + len(words),
            "quote": words,
        }

    def state(self, transcript):
        return self.get(f"/t/{self.number(transcript)}/state").json()
