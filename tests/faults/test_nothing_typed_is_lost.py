"""Web, worker and database are killed, browsers closed and lines cut while candidates answer: nothing acknowledged is lost, no clock moves.

Five rounds on PostgreSQL and three on SQLite, at times drawn from a seed that is printed; ``FAULTS_SEED`` repeats one. The many are in
``python -m benchmarks faults``.
"""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests import databases, services
from tests.faults import cluster as clusters
from tests.faults.rounds import KINDS, KINDS_ON_SQLITE, MOMENTS, Outcome, run_rounds
from tests.faults.service import service
from tests.settings import TEST_POSTGRESQL

pytestmark = pytest.mark.services


@pytest.fixture
def seed() -> int:
    drawn = int(os.environ.get("FAULTS_SEED") or random.randrange(10**6))
    print(f"FAULTS_SEED={drawn}")
    return drawn


def nothing_was_lost(outcomes: list[Outcome], *, seed: int, tells: Any) -> None:
    wanting = [f"{outcome.kind}: {sentence}" for outcome in outcomes for sentence in outcome.wanting]
    assert not wanting, f"FAULTS_SEED={seed}\n" + "\n".join(wanting) + f"\n{tells()}"
    for outcome in outcomes:
        assert outcome.acknowledged, f"nobody answered in the round of {outcome.kind}"
        assert set(outcome.struck) == set(MOMENTS), f"{outcome.kind} struck only {outcome.struck}, FAULTS_SEED={seed}"


def test_on_postgresql_whatever_is_killed_cut_or_closed(seed: int) -> None:
    missing = [
        name for name, has in (("PostgreSQL", services.has_postgresql), ("Redis", services.has_redis)) if not has()
    ]
    if missing or clusters.programs() is None:
        sentence = f"not run: {' and '.join(missing)}" if missing else clusters.MISSING
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    template = TEST_POSTGRESQL.rsplit("/", 1)[0] + f"/{databases.postgresql_template()}"
    with clusters.cluster(template) as own, service(own.url, cluster=own) as site:
        nothing_was_lost(run_rounds(site, KINDS, seed=seed), seed=seed, tells=site.tells)


def test_embedded_whatever_is_killed_or_cut(seed: int, tmp_path: Path) -> None:
    file = tmp_path / "training.sqlite3"
    shutil.copyfile(databases.sqlite_template(), file)
    with service(f"sqlite:///{file}") as site:
        nothing_was_lost(run_rounds(site, KINDS_ON_SQLITE, seed=seed), seed=seed, tells=site.tells)
