"""Rounds of faults while candidates answer, on PostgreSQL with the services of a grown-up site: what was acknowledged, struck and lost."""

from __future__ import annotations

import secrets
from collections import Counter
from itertools import cycle, islice
from typing import Any

from tests import databases
from tests.faults.cluster import cluster
from tests.faults.rounds import KINDS, run_rounds
from tests.faults.service import service
from tests.settings import TEST_POSTGRESQL

ROUNDS = 200


def run(*, rounds: int = ROUNDS, seed: int | None = None) -> dict[str, Any]:
    """Run so many rounds, the kinds in turn, and count by kind; ``wanting`` names whatever was lost."""
    seed = secrets.randbelow(10**6) if seed is None else seed
    print(f"seed {seed}", flush=True)
    template = TEST_POSTGRESQL.rsplit("/", 1)[0] + f"/{databases.postgresql_template()}"
    with cluster(template) as own, service(own.url, cluster=own) as site:
        outcomes = run_rounds(
            site, islice(cycle(KINDS), rounds), seed=seed, say=lambda words: print(f"  {words}", flush=True)
        )
    rows = []
    for kind in KINDS:
        of_kind = [outcome for outcome in outcomes if outcome.kind == kind]
        struck = Counter(moment for outcome in of_kind for moment in outcome.struck)
        rows.append(
            {
                "kind": kind,
                "rounds": len(of_kind),
                "at a random time": struck["random"],
                "before a commit": struck["before"],
                "after a commit": struck["after"],
                "acknowledged": sum(outcome.acknowledged for outcome in of_kind),
                "lost": sum(len(outcome.wanting) for outcome in of_kind),
            }
        )
    wanting = [f"{outcome.kind}: {sentence}" for outcome in outcomes for sentence in outcome.wanting]
    # A round in which nobody answered had nothing to lose.
    wanting += [f"{outcome.kind}: No answer was acknowledged." for outcome in outcomes if not outcome.acknowledged]
    return {"rows": rows, "seed": seed, "wanting": wanting}
