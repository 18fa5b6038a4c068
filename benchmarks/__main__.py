"""``python -m benchmarks [NAME …]``: run the benchmarks, print a table, write a JSON file under ``benchmarks/results``."""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ALL = (
    "pages",
    "catalogue",
    "certificates",
    "parade",
    "evidence",
    "force",
    "intakes",
    "analysis",
    "bank",
    "ledger",
    "harm",
    "exam_day",
    "faults",
    "interchange",
)
RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """Say on what the figures were taken."""
    model = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        model = next(
            (line.split(":")[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line), ""
        )
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "processor": model,
    }


def table(rows: list[dict[str, Any]]) -> str:
    """Lay rows out as text; columns are the keys of the first row, missing values a dash."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    cells = [[str(row.get(column, "–")) for column in columns] for row in rows]
    widths = [max(len(column), *(len(line[n]) for line in cells)) for n, column in enumerate(columns)]
    lines = ["  ".join(column.ljust(width) for column, width in zip(columns, widths, strict=True))]
    lines += ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*ALL, []], help="which to run; all of them when none is named")
    parser.add_argument("--rounds", type=int, help="faults: how many rounds")
    parser.add_argument("--seed", type=int, help="faults: the seed to repeat")
    parser.add_argument("--candidates", type=int, help="exam_day: how many, and no more after them")
    parser.add_argument("--seconds", type=int, help="exam_day: how long")
    parser.add_argument("--entries", type=int, help="ledger: how many entries the largest has")
    given = vars(parser.parse_args())
    names = given.pop("names") or ALL
    found_wanting = False
    report: dict[str, Any] = {"taken_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine()}
    for name in names:
        run = importlib.import_module(f"benchmarks.{name}").run
        asked = inspect.signature(run).parameters
        outcome = run(**{option: value for option, value in given.items() if option in asked and value is not None})
        report[name] = outcome
        print(f"\n{name}\n{table(outcome['rows'])}", flush=True)
        for sentence in outcome.get("wanting", ()):
            print(f"WANTING {sentence}", flush=True)
            found_wanting = True
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    file.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\nWritten to {file.relative_to(Path.cwd())}")
    return 1 if found_wanting else 0


if __name__ == "__main__":
    sys.exit(main())
