"""Django's system checks of the ledger: a start that could not sign, or would sign under another name, is refused in a sentence."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from cpd_records.ledger import keys
from cpd_records.models import Checkpoint


@register(Tags.security)
def check_keys(app_configs: Any, **options: Any) -> list[CheckMessage]:
    """Refuse keys that are set and cannot be used. Makes none."""
    try:
        keys.retired_keys()
        if settings.LEDGER_ORIGIN:
            keys.origin()
        if settings.LEDGER_SIGNING_KEY:
            keys.signing_key()
        if settings.LEDGER_ORIGIN and settings.LEDGER_SIGNING_KEY:
            keys.verifier_keys()
    except ImproperlyConfigured as error:
        return [Error(str(error), id="ledger.E001")]
    return []


@register(Tags.database)
def check_origin(app_configs: Any, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:
    """Refuse a database whose last checkpoint bears another name. Runs with ``check --database default`` and ``migrate``."""
    if "default" not in (databases or []):
        return []
    try:
        if Checkpoint._meta.db_table not in connection.introspection.table_names():
            return []
        refusal = keys.origin_refusal()
    except DatabaseError:
        return []  # an unreachable database is somebody else's message
    except ImproperlyConfigured as error:
        return [Error(str(error), id="ledger.E001")]
    return [Error(refusal, id="ledger.E002")] if refusal else []
