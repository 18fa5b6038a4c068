"""``python -m benchmarks.bank_acts``: write a large bank into an empty database, ask for its pages, print what each took as JSON."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from benchmarks.force_acts import ask_for_page

QUESTIONS = int(os.environ.get("BENCH_QUESTIONS", "50000"))
LIST = "/admin/assessments/"
LAW = "/admin/law-changed/find/"


def main() -> int:
    import django

    django.setup()
    print(json.dumps(list(_acts())))
    return 0


def _acts() -> Iterator[dict[str, Any]]:
    from django.db import connection

    from assessments.models import Assessment, QuestionLine
    from benchmarks.bank_writing import write_bank

    began = time.monotonic()
    made = write_bank(QUESTIONS)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    yield {"act": "write", "rows": QuestionLine.objects.count(), "seconds": round(time.monotonic() - began, 1)}
    author, common, rare = made["author"], made["common"], made["rare"]
    asked: dict[str, dict[str, Any]] = {
        "list": {},
        "list, page 900": {"p": 900},
        "a common word": {"q": common},
        "a rare word": {"q": rare},
        "three words, by how they begin": {"q": f"{common} {rare[:4]} ba"},
        "a word nobody wrote": {"q": "xylophone"},
        "a bank": {"bank": "BANK-3"},
        "a topic with what is below it": {"bank": "BANK-3", "topic": made["topic"]},
        "outcome, difficulty, state": {"outcome": "LO2", "difficulty": "hard", "state": "approved"},
        "a tag": {"tag": "tag 7"},
        "an act and section": {"reference": "Invented Act 1975 section 12"},
        "a whole act": {"reference": "Invented Act 1975"},
        "a reference’s id": {"reference": "act7-s3"},
        "an author": {"author": author.pk},
        "references to be checked": {"overdue": "on"},
        "performed badly": {"weak": "on"},
        "nearly all of them": {
            "q": common,
            "bank": "BANK-3",
            "state": "approved",
            "author": author.pk,
            "overdue": "on",
        },
    }
    for act, query in asked.items():
        yield _page(act, f"{LIST}?{urlencode(query)}", author) | {"plan": _plan(query, author)}
    test = Assessment.objects.get(code="test-3-1")
    pages = {
        "banks": "/admin/assessments/banks/",
        "topics of a bank": "/admin/assessments/banks/BANK-3/topics/",
        "a question and where it is used": f"/admin/assessments/questions/{QuestionLine.objects.get(code='bank3-00003').pk}/",
        "an assessment, and what the bank gives": f"/admin/assessments/tests/{test.pk}/",
        "a draw": f"/admin/assessments/tests/{test.pk}/versions/1/draw/?seed=ab",
        "law changed: a section": f"{LAW}?{urlencode({'act': 'Invented Act 1975', 'provision': 's.12'})}",
        "law changed: a whole act": f"{LAW}?{urlencode({'act': 'Invented Act 1975'})}",
    }
    for act, address in pages.items():
        yield _page(act, address, author)


def _page(act: str, address: str, user: Any) -> dict[str, Any]:
    meter, size = ask_for_page(address, user)
    told = {"act": act, **meter.told(0), "bytes": size}
    sys.stderr.write(f"{told}\n")
    return told


def _plan(query: dict[str, Any], user: Any) -> str:
    """Return the indexes and scans by which the database reads the page of lines, in the order of its plan."""
    from assessments.finding import lines_found
    from people import clock

    asked = {**query, "overdue": bool(query.get("overdue")), "weak": bool(query.get("weak"))}
    asked.pop("p", None)
    plan = lines_found(user, asked, on=clock.today()).select_related("version", "topic")[:50].explain()
    found = re.findall(
        r"(?:using (?:COVERING )?INDEX|using|on) (\w*lines?\w*)|(Seq Scan on \w*line\w*|SCAN \w*line\w*)",
        plan,
        re.IGNORECASE,
    )
    return ", ".join(dict.fromkeys("".join(one) for one in found))


if __name__ == "__main__":
    sys.exit(main())
