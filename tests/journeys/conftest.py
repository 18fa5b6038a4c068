"""A real browser, with axe on every page visited.

Journeys run on a live server over a database restored after each; the background work a sweeper would do is done when the story
says that a moment passes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test.testcases import _StaticFilesHandler
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from cpd_records.ledger.sealing import seal_now
from people import work
from tests.journeys.visitors import WIDE, Reading, Visitor
from tests.settings import ROOT
from training_site.settings import STORAGES as SERVED

# Playwright keeps an event loop in this thread; the live server's own thread does the database work.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
VISITORS = pytest.StashKey[list[Visitor]]()
expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.fspath).parent.name == "journeys":
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where a story breaks off, say what its people had before their eyes."""
    report = yield
    if report.when == "call" and report.failed:
        for somebody in item.stash.get(VISITORS, []):
            report.sections.append(("What somebody saw last", somebody.describes()))
    return report


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "en-GB", "timezone_id": "Europe/London"}


@pytest.fixture(scope="session")
def reading() -> Reading:
    """What axe has read in this run, so that it reads each page once and again only where it is built differently."""
    return Reading()


@pytest.fixture(scope="session")
def live_server(request: pytest.FixtureRequest) -> Iterator[LiveServer]:
    """The site, with its static files as they are collected."""
    server = LiveServer(request.config.getvalue("liveserver") or "localhost", start=False)
    server.thread.static_handler = _StaticFilesHandler
    server.start()
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def as_it_is_served(settings: Any) -> None:
    """Name static files as a site in service does: a script that runs twice under two names is seen by nobody otherwise."""
    collected = ROOT / "var" / "static"
    stamp = ROOT / "var" / "static.stamp"
    sources = [path for folder in ("training_site/static", "var/build") for path in (ROOT / folder).rglob("*")]
    if not stamp.exists() or any(path.stat().st_mtime > stamp.stat().st_mtime for path in sources):
        pytest.fail("Static files were changed since they were collected. Run scripts/setup, then the journeys again.")
    settings.STATIC_ROOT = collected
    settings.STORAGES = {**settings.STORAGES, "staticfiles": SERVED["staticfiles"]}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False


@pytest.fixture
def visitor(
    request: pytest.FixtureRequest,
    browser: Any,
    browser_context_args: dict[str, Any],
    live_server: Any,
    reading: Reading,
) -> Iterator[Callable[..., Visitor]]:
    """Return a function that sits somebody down at a browser of their own; ``javascript=False`` switches it off there."""
    visitors = request.node.stash[VISITORS] = []

    def sit_down(*, viewport: dict[str, int] | None = None, javascript: bool = True, **more: Any) -> Visitor:
        settings = {**browser_context_args, "viewport": viewport or WIDE, **more}
        context = browser.new_context(**settings)
        context.set_default_timeout(15_000)
        visitors.append(Visitor(context, live_server.url, reading, javascript=javascript))
        return visitors[-1]

    yield sit_down
    faults = [fault for somebody in visitors for fault in somebody.faults]
    for somebody in visitors:
        somebody.context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def a_moment_passes() -> Callable[[], None]:
    """Return a function that does what the sweeper does within a second or so, in a thread of its own as it has."""

    def pass_by() -> None:
        with ThreadPoolExecutor(max_workers=1) as sweeper:
            sweeper.submit(_sweep).result()

    return pass_by


def _sweep() -> None:
    try:
        for _ in range(3):
            seal_now()
            for kind, key in work.due_work():
                work.do_work(kind, key)
        seal_now()
    finally:
        connections.close_all()
