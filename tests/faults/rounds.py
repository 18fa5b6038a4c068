"""Rounds of faults. Each round is of a kind and strikes three times: at a seeded random time, right before a commit, right after one."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import sync_playwright

from tests.faults.browsers import Browser
from tests.faults.candidates import Candidate
from tests.faults.judging import Acknowledged, Told, found_wanting
from tests.faults.points import AFTER, BACKEND, BEFORE, HOLD, PROCESS
from tests.faults.service import PATIENCE, Service
from tests.faults.wire import Wire

WEB, WORKER, DATABASE, BROWSER, NETWORK = "web", "worker", "database", "closed browser", "cut network"
KINDS = (WEB, WORKER, DATABASE, BROWSER, NETWORK)
# SQLite has no session that could be killed: it lives in the web process.
KINDS_ON_SQLITE = (WEB, WORKER, NETWORK)
AT_RANDOM = "random"
MOMENTS = (AT_RANDOM, BEFORE, AFTER)
CANDIDATES = 3
LONGEST_WAIT = 0.8  # seconds until a fault at a random time
BRIEF = (2.0, 5.0)  # seconds left where the worker is to close the attempts


@dataclass
class Outcome:
    """What a round came to. ``wanting`` are sentences, none where nothing was lost."""

    kind: str
    acknowledged: int = 0
    tries: int = 0
    struck: list[str] = field(default_factory=list)
    wanting: list[str] = field(default_factory=list)


def run_rounds(site: Service, kinds: Iterable[str], *, seed: int, say: Callable[[str], None] = print) -> list[Outcome]:
    """Run a round of each kind in turn and return what they came to; the same seed makes the same choices."""
    outcomes = []
    for number, kind in enumerate(kinds, 1):
        outcome = Outcome(kind)
        begun = time.monotonic()
        ROUNDS[kind](site, Random(f"{seed}:{number}"), f"{seed}:{number}", outcome)
        outcomes.append(outcome)
        state = "; ".join(outcome.wanting) or "nothing lost"
        say(f"round {number}, {kind}: {outcome.acknowledged} acknowledged, {state} ({time.monotonic() - begun:.1f} s)")
    return outcomes


def _with_killed_web(site: Service, random: Random, name: str, outcome: Outcome) -> None:
    def strike(moment: str) -> bool:
        if moment == AT_RANDOM:
            time.sleep(random.uniform(0, LONGEST_WAIT))
            site.web.kill(random)
            return True
        return _at_commit(site.web_orders, moment, PROCESS, random, candidates)

    candidates = _seated(site, site.port, name, random)
    _strike_and_judge(site, candidates, strike, random, outcome)


def _with_killed_database(site: Service, random: Random, name: str, outcome: Outcome) -> None:
    assert site.cluster is not None
    cluster = site.cluster

    def strike(moment: str) -> bool:
        if moment == AT_RANDOM:
            time.sleep(random.uniform(0, LONGEST_WAIT))
            return cluster.kill_a_session(random)
        return _at_commit(site.web_orders, moment, BACKEND, random, candidates)

    candidates = _seated(site, site.port, name, random)
    _strike_and_judge(site, candidates, strike, random, outcome)


def _with_killed_worker(site: Service, random: Random, name: str, outcome: Outcome) -> None:
    """Nobody hands in: time runs out for each, a little apart, and the worker that is to close the attempts is killed."""

    def strike(moment: str) -> bool:
        if moment == AT_RANDOM:
            time.sleep(random.uniform(0, LONGEST_WAIT))
            site.worker.kill(random)
            return True
        return _at_commit(site.worker_orders, moment, PROCESS, random, candidates, most=0)

    candidates = _seated(site, site.port, name, random, brief=True)
    for candidate in candidates:
        candidate.start()
    for moment in random.sample(MOMENTS, len(MOMENTS)):
        if strike(moment):
            outcome.struck.append(moment)
    _judge(site, candidates, outcome)


def _with_cut_network(site: Service, random: Random, name: str, outcome: Outcome) -> None:
    wire = Wire(site.port)

    def strike(moment: str) -> bool:
        if moment == AT_RANDOM:
            time.sleep(random.uniform(0, LONGEST_WAIT))
            is_struck = True
        else:
            is_struck = _at_commit(site.web_orders, moment, HOLD, random, candidates)
        wire.cut()
        site.web_orders.let_go()
        time.sleep(random.uniform(0, LONGEST_WAIT / 4))
        wire.mend()
        return is_struck

    candidates = _seated(site, wire.port, name, random)
    try:
        _strike_and_judge(site, candidates, strike, random, outcome)
    finally:
        wire.close()


def _with_a_browser(*, closes: bool) -> Callable[[Service, Random, str, Outcome], None]:
    def in_a_thread(site: Service, random: Random, name: str, outcome: Outcome) -> None:
        # Playwright keeps a loop in the thread it was started from, and there may be one in this already.
        with ThreadPoolExecutor(max_workers=1) as aside:
            aside.submit(_at_a_browser, site, random, name, outcome, closes=closes).result()

    return in_a_thread


def _at_a_browser(site: Service, random: Random, name: str, outcome: Outcome, *, closes: bool) -> None:
    """Write while the line is cut, and close the browser or not; what was written is there in the end."""
    [seat] = site.world.ask("begin", name=f"{name}:browser", candidates=1, seconds=None)
    wire = Wire(site.port)
    with tempfile.TemporaryDirectory(prefix="faults-profile-") as profile, sync_playwright() as playwright:
        browser = Browser(playwright, Path(profile), wire.port, seat)
        try:
            browser.open()
            for moment in random.sample(MOMENTS, len(MOMENTS)):
                if _write_until_struck(site, browser, wire, moment, random):
                    outcome.struck.append(moment)
                browser.answer(random.randint(1, seat["positions"]), f"without a line {random.getrandbits(64):x}")
                browser.turns_the_page()
                if closes:
                    browser.close()
                wire.mend()
                if closes:
                    browser.open()
                if trouble := browser.settles():
                    outcome.wanting.append(trouble)
                    break
            else:
                browser.hand_in()
        finally:
            browser.close()
            wire.close()
    _compare(site, [(seat, browser.acknowledged, browser.typed)], outcome)


def _write_until_struck(site: Service, browser: Browser, wire: Wire, moment: str, random: Random) -> bool:
    """Answer questions until the line is cut, at a random time or while the site holds a save at its commit."""
    orders = site.web_orders
    if moment == AT_RANDOM:
        until = time.monotonic() + random.uniform(0, LONGEST_WAIT)
    else:
        until = time.monotonic() + PATIENCE
        orders.give(moment, HOLD, skip=random.randint(0, 2))
    is_struck = moment == AT_RANDOM
    while time.monotonic() < until:
        browser.answer(random.randint(1, browser.seat["positions"]), f"{random.getrandbits(64):x}")
        browser.turns_the_page()
        if moment != AT_RANDOM and orders.is_struck():
            is_struck = True
            break
    wire.cut()
    orders.let_go()
    return is_struck


ROUNDS: dict[str, Callable[[Service, Random, str, Outcome], None]] = {
    WEB: _with_killed_web,
    WORKER: _with_killed_worker,
    DATABASE: _with_killed_database,
    BROWSER: _with_a_browser(closes=True),
    NETWORK: lambda site, random, name, outcome: (
        _with_cut_network(site, random, name, outcome),
        _with_a_browser(closes=False)(site, random, name, outcome) if site.cluster else None,
    )[0],
}


def _seated(site: Service, port: int, name: str, random: Random, *, brief: bool = False) -> list[Candidate]:
    seconds = sorted(random.uniform(*BRIEF) for _ in range(CANDIDATES)) if brief else None
    seats = site.world.ask("begin", name=name, candidates=CANDIDATES, seconds=seconds)
    return [Candidate(port, seat, Random(f"{name}:{number}")) for number, seat in enumerate(seats)]


def _at_commit(
    orders: Any, moment: str, fault: str, random: Random, candidates: list[Candidate], *, most: int = 8
) -> bool:
    """Order a fault at one of the next commits and wait until it strikes; False where no commit came any more."""
    orders.give(moment, fault, skip=random.randint(0, most))
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not orders.is_struck():
        if most and not any(candidate.is_alive() for candidate in candidates):
            break
        time.sleep(0.01)
    orders.take_back()
    return bool(orders.is_struck())


def _strike_and_judge(
    site: Service, candidates: list[Candidate], strike: Callable[[str], bool], random: Random, outcome: Outcome
) -> None:
    """Let candidates answer while faults strike; in some rounds the last strikes while they hand in."""
    for candidate in candidates:
        candidate.start()
    hands_in_early = random.random() < 0.5
    for number, moment in enumerate(random.sample(MOMENTS, len(MOMENTS)), 1):
        if number == len(MOMENTS) and hands_in_early:
            candidates[0].hand_in()
        if strike(moment):
            outcome.struck.append(moment)
    for candidate in candidates:
        candidate.hand_in()
    _judge(site, candidates, outcome)


def _judge(site: Service, candidates: list[Candidate], outcome: Outcome) -> None:
    for candidate in candidates:
        candidate.join()
        outcome.tries += candidate.tries
        if candidate.trouble:
            outcome.wanting.append(candidate.trouble)
    _compare(site, [(candidate.seat, candidate.acknowledged, {}) for candidate in candidates], outcome)


def _compare(
    site: Service, sat: list[tuple[dict[str, Any], list[Acknowledged], dict[int, Any]]], outcome: Outcome
) -> None:
    """Wait until the attempts are closed and their receipts have gone, then hold what was acknowledged against the steps."""
    attempts = [seat["attempt"] for seat, *_ in sat]
    until = time.monotonic() + PATIENCE
    told = site.world.ask("tell", attempts=attempts)
    while (
        not outcome.wanting
        and time.monotonic() < until
        and any(one["state"] == "open" or one["waits"] for one in told.values())
    ):
        time.sleep(0.2)
        told = site.world.ask("tell", attempts=attempts)
    for seat, acknowledged, typed in sat:
        outcome.acknowledged += len(acknowledged)
        one = told[seat["attempt"]]
        facts = Told(
            deadline=one["deadline"],
            steps=tuple(Acknowledged(**step) for step in one["steps"]),
            agrees=one["agrees"],
            state=one["state"],
            receipts=None if one["state"] == "open" else one["receipts"],
        )
        if one["state"] == "open" and not outcome.wanting:
            outcome.wanting.append("An attempt stayed open.")
        outcome.wanting += found_wanting(acknowledged, facts, deadline=seat["deadline"], last=typed)
