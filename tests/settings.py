"""Settings of the test suite: a folder and a database of its own for each worker, and nothing slow on purpose.

``TEST_DATABASE`` is ``sqlite`` (default) or ``postgresql``; ``DATABASE_URL`` never chooses the test database.
"""

import os
from pathlib import Path

# Two runs side by side never share a folder or a database: xdist gives each run an id, a plain run has its process.
_RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")[:8] or f"p{os.getpid()}"
WORKER = f"{_RUN}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
VENDOR = os.environ.get("TEST_DATABASE", "sqlite")
ROOT = Path(__file__).resolve().parent.parent
TEST_VAR = ROOT / "var" / "test" / f"{VENDOR}-{WORKER}"

for _name in ("PRODUCTION", "REDIS_URL", "CELERY_BROKER_URL", "S3_BUCKET", "DEBUG", "SITE_ADDRESS", "DEMO_PASSWORD"):
    os.environ.pop(_name, None)
os.environ["VAR_DIR"] = str(TEST_VAR)
TEST_POSTGRESQL = os.environ.get("TEST_DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
if VENDOR == "postgresql":
    os.environ["DATABASE_URL"] = TEST_POSTGRESQL.rsplit("/", 1)[0] + f"/training_test_{WORKER}"
else:
    os.environ["DATABASE_URL"] = f"sqlite:///{TEST_VAR}/test.sqlite3"

from training_site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATICFILES_DIRS = [ROOT / "training_site" / "static", ROOT / "var" / "build"]
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
# A world is asked for minutes after its people gave their passwords; on a slow machine, for longer than the five that allauth allows.
ACCOUNT_REAUTHENTICATION_TIMEOUT = SESSION_COOKIE_AGE  # noqa: F405
REDIS_TEST_PREFIX = f"training-test-{VENDOR}-{WORKER}"
