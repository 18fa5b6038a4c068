"""The environment of a measured process of its own: a fresh SQLite database in a folder, embedded, whatever the shell says otherwise."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GROWN_UP = ("PRODUCTION", "REDIS_URL", "CELERY_BROKER_URL", "S3_BUCKET", "DEBUG")


def environment_in(folder: str) -> dict[str, str]:
    """Return the environment in which Django keeps everything in ``folder``."""
    here = {name: value for name, value in os.environ.items() if name not in GROWN_UP}
    return {
        **here,
        "DJANGO_SETTINGS_MODULE": "training_site.settings",
        "PYTHONPATH": str(ROOT),
        "VAR_DIR": folder,
        "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3",
        "LOG_LEVEL": "ERROR",
    }
