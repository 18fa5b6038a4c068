"""``make screens``: photograph every screen and state at 360 and 1440 from a demonstration site of its own.

Pictures go to ``var/screens``; those README shows are copied to ``docs/pictures`` with ``--readme``. What is photographed stands in
``tests.screen_shots`` and the modules beside it; the states behind it are made by ``tests.screen_states``.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.screen_shots import PASSWORD, README_SHOTS, SHOTS, SHOTS_AFTER, Shot
from tests.screen_shots_ledger import LEDGER_SHOTS
from tests.screen_shots_questions import QUESTION_SHOTS
from tests.screen_shots_records import RECORD_SHOTS
from tests.screen_shots_rooms import ROOM_SHOTS
from tests.screen_shots_sitting import SITTING_SHOTS

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "var" / "screens"
README_PICTURES = ROOT / "docs" / "pictures"
LARGEST_PICTURE = 250_000
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Studio:
    """A site, a browser, the addresses of the states made there, and who is signed in already."""

    address: str
    browser: Browser
    states: dict[str, str]
    signed_in: dict[str, Any] = field(default_factory=dict)

    def context(self, shot: Shot, width: int) -> BrowserContext:
        more = {"forced_colors": "active"} if shot.forced_colours else {}
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
            java_script_enabled=shot.javascript,
            storage_state=self._session(shot.who) if shot.who else None,
            **more,
        )
        context.set_default_timeout(15_000)
        return context

    def _session(self, who: str) -> Any:
        if who not in self.signed_in:
            context = self.browser.new_context()
            page = context.new_page()
            page.goto(f"{self.address}/accounts/login/")
            page.fill("input[name=login]", f"{who}@force.example")
            page.fill("input[name=password]", PASSWORD)
            page.locator("main button[type=submit]").first.click()
            page.wait_for_url(lambda url: "/accounts/login" not in url)
            self.signed_in[who] = context.storage_state()
            context.close()
        return self.signed_in[who]

    def photograph(self, shot: Shot, width: int, file: Path) -> str:
        """Take one picture and return what is wrong with it, or nothing."""
        faults: list[str] = []
        context = self.context(shot, width)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
        try:
            if shot.pdf:
                self._draw(context, self.address + shot.path.format_map(self.states), file)
                return ""
            if shot.body:
                body = self.states[shot.body]
                page.route(self.address + shot.path, lambda route: route.fulfill(body=body, content_type="text/html"))
            answer = page.goto(self.address + shot.path.format_map(self.states))
            if answer is not None and answer.status != shot.status and not shot.body:
                faults.append(f"answers {answer.status} instead of {shot.status}")
            if shot.act is not None:
                shot.act(page, self.states)
            if shot.javascript:
                page.evaluate("document.fonts.ready.then(() => true)")
            self._take(page, shot, file)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width and "/admin/" not in page.url:
                faults.append(f"scrolls sideways to {wide}")
        finally:
            context.close()
        return "; ".join(faults)

    @staticmethod
    def _take(page: Page, shot: Shot, file: Path) -> None:
        if shot.printed:
            paper = file.with_suffix(".pdf")
            page.pdf(path=paper, format="A4")
            _first_page(paper, file)
        else:
            page.screenshot(path=file, full_page=shot.whole)

    @staticmethod
    def _draw(context: BrowserContext, address: str, file: Path) -> None:
        """Draw the first page of a PDF the site sends."""
        paper = file.with_suffix(".pdf")
        paper.write_bytes(context.request.get(address).body())
        _first_page(paper, file)


def _first_page(paper: Path, file: Path) -> None:
    command = [
        "pdftoppm",
        "-png",
        "-r",
        "90",
        "-f",
        "1",
        "-l",
        "1",
        "-singlefile",
        str(paper),
        str(file.with_suffix("")),
    ]
    subprocess.run(command, check=True)
    paper.unlink()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, str]]]:
    """Run a demonstration site in a folder of its own, without its sweeper; yield its address and environment."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as var:
        environment = {
            **os.environ,
            "VAR_DIR": var,
            "SITE_ADDRESS": address,
            "DJANGO_SETTINGS_MODULE": "training_site.settings",
        }
        shutil.copytree(ROOT / "var" / "build", Path(var) / "build")
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"], ["create_demo"]):
            subprocess.run(
                [sys.executable, "manage.py", *command],
                env=environment,
                cwd=ROOT,
                check=True,
                stdout=subprocess.DEVNULL,
            )
        gunicorn = str(Path(sys.executable).parent / "gunicorn")
        site = subprocess.Popen(
            [gunicorn, "training_site.wsgi", f"--bind=127.0.0.1:{port}", "--threads=8", "--log-level=warning"],
            env=environment,
            cwd=ROOT,
        )
        try:
            for _ in range(150):
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 - our own address
                    break
                time.sleep(0.2)
            yield address, environment
        finally:
            site.terminate()
            site.wait(timeout=20)


def make_states(environment: dict[str, str], stage: str) -> dict[str, str]:
    """Make the states of a stage in the demonstration and return what shots call by name."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.screen_states", stage],
        env=environment,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    made: dict[str, str] = json.loads(done.stdout)
    return made


def photograph_all(studio: Studio, shots: tuple[Shot, ...], beginnings: tuple[str, ...]) -> list[str]:
    faults = []
    for shot in shots:
        if not shot.name.startswith(beginnings):
            continue
        for width in shot.widths:
            file = OUT / (f"{shot.name}.png" if shot.pdf or shot.printed else f"{shot.name}-{width}.png")
            try:
                fault = studio.photograph(shot, width, file)
            except Exception as error:
                fault = str(error).splitlines()[0]
            if fault:
                faults.append(f"{file.name}: {fault}")
            print(file.name, fault, flush=True)
    return faults


def renew_readme(studio: Studio) -> list[str]:
    """Take the pictures README shows: what one sees first, at 1440."""
    README_PICTURES.mkdir(exist_ok=True)
    faults = []
    for shot in README_SHOTS:
        file = README_PICTURES / f"{shot.name}.png"
        fault = studio.photograph(shot, shot.widths[0], file)
        if fault or file.stat().st_size > LARGEST_PICTURE:
            faults.append(f"{file.name}: {fault or 'too large'}")
    return faults


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", action="store_true", help="also renew the pictures README shows")
    parser.add_argument("--only", default="", help="names that begin with this, or with one of several between commas")
    chosen = parser.parse_args()
    only = tuple(chosen.only.split(","))
    OUT.mkdir(parents=True, exist_ok=True)
    with demonstration() as (address, environment), sync_playwright() as playwright:
        states = make_states(environment, "before")
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        studio = Studio(address, browser, states)
        faults = renew_readme(studio) if chosen.readme else []
        shots = SHOTS + RECORD_SHOTS + LEDGER_SHOTS + ROOM_SHOTS + QUESTION_SHOTS + SITTING_SHOTS
        faults += photograph_all(studio, shots, only)
        if any(shot.name.startswith(only) for shot in SHOTS_AFTER):
            make_states(environment, "after")
            faults += photograph_all(studio, SHOTS_AFTER, only)
        browser.close()
    print("\n".join(faults) or "No fault found.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
