"""A candidate at a real browser, whose browser is closed or whose line is cut while answers are on their way."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, Response, TimeoutError

from tests.faults.judging import Acknowledged

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
PATIENCE = 120_000  # milliseconds


class Browser:
    """One candidate's browser with a profile that outlives it."""

    def __init__(self, playwright: Playwright, profile: Path, port: int, seat: dict[str, Any]) -> None:
        self.acknowledged: list[Acknowledged] = []
        self.typed: dict[int, Any] = {}
        self.seat = seat
        self._playwright, self._profile = playwright, profile
        self._site = f"http://127.0.0.1:{port}"
        self._context: BrowserContext | None = None
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        assert self._page is not None
        return self._page

    def open(self) -> None:
        """Start the browser on its profile and open the attempt."""
        self._context = self._playwright.chromium.launch_persistent_context(
            self._profile, executable_path=CHROMIUM, args=QUIET, headless=True, locale="en-GB"
        )
        self._context.set_default_timeout(PATIENCE)
        self._context.add_cookies([{"name": self.seat["cookie"], "value": self.seat["session"], "url": self._site}])
        self._page = self._context.pages[0]
        self._page.on("response", self._note)
        self._page.goto(f"{self._site}/assess/{self.seat['attempt']}/")
        self._page.wait_for_load_state("networkidle")

    def close(self) -> None:
        """Close the browser as a person does, whatever it was doing."""
        if self._context is not None:
            self._context.close()
        self._context = self._page = None

    def answer(self, position: int, words: str) -> None:
        """Go to a question and write; nobody waits until it is saved."""
        self.page.locator(f".navigator__item[value='{position}']").click()
        self.page.locator("#answer").fill(words)
        self.typed[position] = {"text": words}

    def turns_the_page(self) -> None:
        """Leave the question, which saves it at once instead of after a pause in typing."""
        forwards, backwards = self.page.locator("[data-next]"), self.page.locator("[data-previous]").first
        (forwards if forwards.is_visible() else backwards).click()

    def settles(self) -> str:
        """Wait until nothing waits in the browser; return what stands in the way where something does."""
        self.page.evaluate(
            "window.dispatchEvent(new Event('online'))"
        )  # what the system tells a browser when the line is back
        try:
            self.page.wait_for_function("key => !localStorage.getItem(key)", arg=f"attempt:{self.seat['attempt']}")
        except TimeoutError:
            return f"An answer stayed in the browser: {self.page.locator('[data-notices]').inner_text()!r}"
        return ""

    def hand_in(self) -> None:
        self.page.goto(f"{self._site}/assess/{self.seat['attempt']}/review/")
        self.page.get_by_role("button", name="Submit my answers").click()
        self.page.locator("[data-received]").wait_for()

    def _note(self, response: Response) -> None:
        if response.status != 200 or not response.url.endswith("/save/"):
            return
        with suppress(ValueError, KeyError, TypeError):
            sent = response.request.post_data_json
            answer = {"text": sent["response"]["answer"][0]}
            self.acknowledged.append(Acknowledged(sent["device"], sent["sequence"], sent["position"], answer))
