"""A candidate over HTTP who does as the page's script does: one save at a time, sent again until it is acknowledged."""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
import time
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.faults.judging import Acknowledged

TOKEN = "f" * 32
PATIENCE = 120.0  # seconds
AGAIN = 0.05
PACE = 0.02


class Candidate(threading.Thread):
    """Answers until told to hand in, until so many ``saves``, or until time runs out, and keeps a log of what was acknowledged."""

    def __init__(self, port: int, seat: dict[str, Any], random: Random, *, saves: int | None = None) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[Acknowledged] = []
        self.trouble = ""
        self.seat = seat
        self.tries = 0
        self._port = port
        self._saves = saves
        self._random = random
        self._hands_in = threading.Event()
        self._connection: http.client.HTTPConnection | None = None
        self._device = f"tab-{seat['attempt'][:8]}"
        self._is_closed = False

    def hand_in(self) -> None:
        """Let the candidate hand in after the save under way."""
        self._hands_in.set()

    def run(self) -> None:
        try:
            turn = self._until_taken({"device": self._device, "turn": self.seat["turn"]})
            sequence = 0
            while turn and not self._hands_in.is_set() and sequence != self._saves:
                sequence += 1
                position = self._random.randint(1, self.seat["positions"])
                typed = f"{sequence} {self._random.getrandbits(64):x}"
                save = {"position": position, "response": typed, "device": self._device, "sequence": sequence}
                answer = self._until_taken({**save, "turn": turn["turn"]})
                if answer is None:
                    break
                self.acknowledged.append(Acknowledged(self._device, sequence, position, {"text": typed}))
                time.sleep(PACE)
            if not self._is_closed:
                self._submit()
        except RuntimeError as trouble:
            self.trouble = str(trouble)

    def _until_taken(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """Send until it is acknowledged and return the answer; None once the attempt takes answers no more."""
        address, body = f"/assess/{self.seat['attempt']}/save/", json.dumps(message)
        for status, content in self._tries(address, body, "application/json"):
            if status == 200:
                answer: dict[str, Any] = json.loads(content)
                return answer
            if status == 409 and json.loads(content)["refused"] == "closed":
                self._is_closed = True
                return None
            if status < 500:
                raise RuntimeError(f"A save was answered {status}: {content[:300]!r}")
        raise RuntimeError("A save was not taken within two minutes.")

    def _submit(self) -> None:
        address = f"/assess/{self.seat['attempt']}/submit/"
        body = urlencode({"csrfmiddlewaretoken": TOKEN})
        for status, content in self._tries(address, body, "application/x-www-form-urlencoded"):
            if status == 302:
                return
            if status < 500:
                raise RuntimeError(f"Handing in was answered {status}: {content[:300]!r}")
        raise RuntimeError("The test was not taken within two minutes.")

    def _tries(self, address: str, body: str, kind: str) -> Any:
        """Yield status and content of each try that was answered, for as long as anybody asks and patience lasts."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            self.tries += 1
            try:
                yield self._post(address, body, kind)
            except (OSError, http.client.HTTPException):
                self._hang_up()
            time.sleep(AGAIN)

    def _post(self, address: str, body: str, kind: str) -> tuple[int, bytes]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        cookies = f"{self.seat['cookie']}={self.seat['session']}; csrftoken={TOKEN}"
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": kind}
        self._connection.request("POST", address, body=body, headers=headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def _hang_up(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
        self._connection = None
