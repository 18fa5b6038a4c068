"""What a production start must have, each missing or contradictory setting refused in one sentence that names it."""

from django.core.exceptions import ImproperlyConfigured

from training_site.settings.environment import Environment, database_from_url

REQUIRED = {
    "SECRET_KEY": "sessions and tokens are signed with it",
    "DATABASE_URL": "production keeps its records in PostgreSQL",
    "REDIS_URL": "cache and sessions are kept there",
    "CELERY_BROKER_URL": "background work is handed to Celery workers through it",
    "ALLOWED_HOSTS": "the host names the site answers to",
    "SITE_ADDRESS": "certificates print the address they are checked at",
    "LEDGER_ORIGIN": "it names the ledger in every checkpoint",
    "LEDGER_SIGNING_KEY": "checkpoints are signed with it",
    "CERTIFICATE_SIGNING_KEY": "certificates are signed with it",
    "CERTIFICATE_SIGNING_CHAIN": "it holds the certificate that belongs to CERTIFICATE_SIGNING_KEY",
    "CREDENTIAL_SIGNING_KEY": "the credential in each certificate is signed with it",
    "EMAIL_HOST": "password resets are sent by mail",
    "DEFAULT_FROM_EMAIL": "mail needs a sender",
}


def check_production(env: Environment) -> None:
    """Raise ``ImproperlyConfigured`` with one sentence for the first setting that is missing or contradicts another."""
    for name, purpose in REQUIRED.items():
        env.required(name, purpose)
    if len(env.text("SECRET_KEY")) < 50:
        raise ImproperlyConfigured("SECRET_KEY is too short: use at least 50 random characters.")
    if not database_from_url(env.text("DATABASE_URL"))["ENGINE"].endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL names SQLite, and PRODUCTION is on: use a postgresql:// address.")
    for name in ("REDIS_URL", "CELERY_BROKER_URL"):
        if not env.text(name).startswith(("redis://", "rediss://")):
            raise ImproperlyConfigured(f"{name} must begin with redis:// or rediss://.")
    if not env.text("SITE_ADDRESS").startswith("https://"):
        raise ImproperlyConfigured("SITE_ADDRESS must begin with https:// in production.")
    if "*" in env.words("ALLOWED_HOSTS"):
        raise ImproperlyConfigured("ALLOWED_HOSTS may not be * in production: name the hosts.")
    if env.text("DEMO_PASSWORD"):
        raise ImproperlyConfigured(
            "DEMO_PASSWORD is set, and demonstration people never exist in production: unset it."
        )
    if env.flag("DEBUG"):
        raise ImproperlyConfigured("DEBUG is on, and PRODUCTION is on: turn one of them off.")
    s3 = ["S3_BUCKET", "S3_ACCESS_KEY", "S3_SECRET_KEY"]
    present = [name for name in s3 if env.text(name)]
    if present and len(present) < len(s3):
        missing = next(name for name in s3 if not env.text(name))
        raise ImproperlyConfigured(f"{missing} is not set, although {present[0]} is: S3 storage needs all three.")
    if not present and not env.text("VAR_DIR"):
        raise ImproperlyConfigured("VAR_DIR is not set and S3_BUCKET is not either: say where files are kept.")
