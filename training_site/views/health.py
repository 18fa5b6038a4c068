"""Is the process alive, and is it ready to be sent people?"""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cpd_records.certificates import late
from cpd_records.ledger import keys, refusals, times
from cpd_records.verification import triggers
from cpd_records.watching import silence
from people import clock, stamps

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer that the process lives; asks nothing of any other part."""
    return HttpResponse("ok\n", content_type="text/plain")


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} migrations are not applied" if waiting else ""


def _cache() -> str:
    cache.set("readyz", "1", 5)
    return "" if cache.get("readyz") == "1" else "what was written is not read back"


def _files() -> str:
    storages["private"].exists("readyz")
    return ""


def _ledger_triggers() -> str:
    missing = triggers.missing_triggers()
    return f"missing: {', '.join(sorted(missing))}" if missing else ""


def _ledger_key() -> str:
    return keys.trouble() or ""


def _ledger_signing() -> str:
    return refusals.trouble() or silence.sealing_stopped(at=clock.now()) or ""


def _clock() -> str:
    return stamps.clock_refusal() or ""


def _ledger_time() -> str:
    return times.times_ahead(at=clock.now()) or ""


def _ledger_nights() -> str:
    return silence.nights_stopped(at=clock.now()) or ""


def _certificates() -> str:
    return late.trouble(at=clock.now())


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "cache": _cache,
    "files": _files,
    "ledger triggers": _ledger_triggers,
    "ledger key": _ledger_key,
    "ledger signing": _ledger_signing,
    "clock": _clock,
    "ledger time": _ledger_time,
    "ledger nights": _ledger_nights,
    "certificates": _certificates,
}
# Told, and no reason to send nobody here: a time ahead lasts until a day that may be years away, and while no night ends or a certificate
# waits every process says so. The site serves meanwhile.
WARNINGS = frozenset({"ledger time", "ledger nights", "certificates"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer whether every part this site stands on is there; 503 names those that are not. A warning is told with 200."""
    answers: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            answers[name] = check() or "ok"
        except Exception as error:
            logger.exception("readyz: %s", name)
            answers[name] = f"not reachable ({type(error).__name__})" if not settings.DEBUG else repr(error)
    ready = all(answer == "ok" or name in WARNINGS for name, answer in answers.items())
    return JsonResponse({"ready": ready, **answers}, status=200 if ready else 503)
