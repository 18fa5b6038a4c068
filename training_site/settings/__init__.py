"""The project's settings: embedded by default, grown up by environment variables, refusing what could not be right.

``PRODUCTION=true`` turns the grown-up checks on. Variables are listed in ``docs/operations.md``.
"""

import os
from pathlib import Path
from typing import Any

from training_site.settings.environment import Environment, database_from_url, sqlite_database
from training_site.settings.production import check_production

BASE_DIR = Path(__file__).resolve().parent.parent.parent

env = Environment()
PRODUCTION = env.flag("PRODUCTION")
if PRODUCTION:
    check_production(env)

# --- Where things are kept -------------------------------------------------------------------------------------------
VAR_DIR = Path(env.text("VAR_DIR") or BASE_DIR / "var")
KEYS_DIR = VAR_DIR / "keys"
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.flag("DEBUG") and not PRODUCTION
SITE_ADDRESS = env.text("SITE_ADDRESS", "http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = [SITE_ADDRESS] if SITE_ADDRESS.startswith("https://") else []

# --- Applications ----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "training_site",
    "courses",
    "assessments",
    "cpd_records",
    "people.apps.PeopleConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "people.apps.PeopleInAdminConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "courses.admin.apps.AuthoringAdminConfig",
    "wagtail",
    "modelcluster",
    "taggit",
    "storages",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "training_site.middleware.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "people.sessions.SessionEndMiddleware",
    "training_site.middleware.GoesByItselfMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "training_site.kept_forms.KeptFormMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "people.middleware.AdminGateMiddleware",
    "training_site.kept_forms.NotRecordedMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "training_site.middleware.WrongMethodMiddleware",
]

ROOT_URLCONF = "training_site.urls"
WSGI_APPLICATION = "training_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "training_site.context.site_context",
            ],
            "builtins": ["django.templatetags.static", "training_site.templatetags.page"],
        },
    }
]
FORM_RENDERER = "training_site.form_renderer.GovukRenderer"

# --- Database --------------------------------------------------------------------------------------------------------
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# SQLite leaves out what an index holds beside its key: an embedded site reads the rows instead, as it did.
SILENCED_SYSTEM_CHECKS = ["models.W040"]
DATABASES = {
    "default": database_from_url(env.text("DATABASE_URL"))
    if env.text("DATABASE_URL")
    else sqlite_database(str(VAR_DIR / "training.sqlite3"))
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"]["CONN_MAX_AGE"] = env.number("DATABASE_CONN_MAX_AGE", 60)
    # Plans of the queries of every page are kept by each connection (people/prepared.py); a pooler that shares connections between
    # transactions may not know them.
    DATABASES["default"]["OPTIONS"]["prepare_threshold"] = 1 if env.flag("DATABASE_PREPARED_STATEMENTS", True) else None

# --- Cache, sessions, background work --------------------------------------------------------------------------------
REDIS_URL = env.text("REDIS_URL")
REDIS_PREFIX = env.text("REDIS_PREFIX", "training-site")
if REDIS_URL:
    CACHES: dict[str, dict[str, Any]] = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": REDIS_PREFIX,
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "training-site",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        }
    }
    SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": f"{REDIS_PREFIX}:"} if REDIS_URL else {}
# Seconds a claimed row stays with the process that claimed it; after that another may take it.
WORK_LEASE_SECONDS = env.number("WORK_LEASE_SECONDS", 60)
SWEEPER_SOCKET = VAR_DIR / "run" / "sweeper.sock"

# --- Files -----------------------------------------------------------------------------------------------------------
S3_BUCKET = env.text("S3_BUCKET")
if S3_BUCKET:
    _s3 = {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env.text("S3_ENDPOINT_URL") or None,
        "region_name": env.text("S3_REGION") or None,
        "access_key": env.required("S3_ACCESS_KEY", "S3_BUCKET is set, so its access key is needed"),
        "secret_key": env.required("S3_SECRET_KEY", "S3_BUCKET is set, so its secret key is needed"),
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
    }
    _private = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**_s3, "location": "private"}}
    _public = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {**_s3, "location": "media"}}
else:
    _private = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "private", "base_url": None, "file_permissions_mode": 0o600},
    }
    _public = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": VAR_DIR / "media", "base_url": "/media/"},
    }
STORAGES = {
    "default": _public,
    # Certificates, lesson files, evidence and uploads: only ever read through a view that checks.
    "private": _private,
    "staticfiles": {"BACKEND": "training_site.static_files.NamedByContent"},
}
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "training_site" / "static", VAR_DIR / "build"]
(VAR_DIR / "build").mkdir(exist_ok=True)
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
# A test of a hundred questions on one page, each with a list to match.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
# A virus scanner that speaks clamd's protocol, 'host:3310' or a socket's path; where it is set, what it cannot scan is refused.
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS")
CLAMD_SECONDS = env.number("CLAMD_SECONDS", 10)
WHITENOISE_MAX_AGE = 3600

# --- People and sign-in ----------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["people.sign_in.SignInBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "people.adapters.ClosedAccountAdapter"
MFA_ADAPTER = "people.adapters.SecondFactorAdapter"
ACCOUNT_FORMS = {"login": "people.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "service_number"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_USER_DISPLAY = "people.models.display_name"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    # Thirty people of one station sign in at the start of a shift from one address.
    "login": "60/m/ip",
    "login_failed": "10/5m/key,60/5m/ip",
    "reset_password": "10/m/ip,5/h/key",
}
# How many proxies stand before the site; without it everybody behind one shares a rate limit.
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", 1 if PRODUCTION else 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# Addresses come from personnel records, not from the people themselves.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = env.text("FORCE_NAME", "Example Police Service")
ADMIN_NEEDS_SECOND_FACTOR = PRODUCTION
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "policing-by-consent")

# --- Mail ------------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "learning@force.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if env.text("EMAIL_HOST"):
    EMAIL_HOST = env.text("EMAIL_HOST")
    EMAIL_PORT = env.number("EMAIL_PORT", 587)
    EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
    EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
    EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", True)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = VAR_DIR / "mail"

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "training_site.formats"

# --- Security --------------------------------------------------------------------------------------------------------
if PRODUCTION:
    SECRET_KEY = env.required("SECRET_KEY", "sessions and tokens are signed with it")
else:
    from training_site.settings.embedded import embedded_secret

    SECRET_KEY = env.text("SECRET_KEY") or embedded_secret(KEYS_DIR)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SITE_ADDRESS.startswith("https://")
CSRF_FAILURE_VIEW = "training_site.views.pages.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = env.number("HSTS_SECONDS", 31536000)
    SECURE_SSL_REDIRECT = env.flag("SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# --- Wagtail ---------------------------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Learning and record"
WAGTAILADMIN_BASE_URL = SITE_ADDRESS
# Who may decide about a submission is told by rows of waiting work; a superuser decides nothing.
WAGTAILADMIN_NOTIFICATION_INCLUDE_SUPERUSERS = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_AUTOSAVE_INTERVAL = 0
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "pptx", "xlsx", "txt", "csv", "mp4", "webm", "mp3", "m4a", "ogg", "vtt"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_IMAGE_FORM_BASE = "courses.admin.pictures.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "training_site.search"}}
TAGGIT_CASE_INSENSITIVE = True

# --- The ledger and certificates -------------------------------------------------------------------------------------
LEDGER_ORIGIN = env.text("LEDGER_ORIGIN")  # embedded: made once beside the key
LEDGER_SIGNING_KEY = env.text("LEDGER_SIGNING_KEY")  # base64 of 32 bytes; embedded: made once under var/keys
# While a key is exchanged: the one that signed before, so that checkpoints bear both signatures for a while.
LEDGER_FORMER_SIGNING_KEY = env.text("LEDGER_FORMER_SIGNING_KEY")
LEDGER_TILES_DIR = VAR_DIR / "ledger"  # full tiles of the public log as files; may be emptied
# So many processes verify a large ledger on PostgreSQL, each with a session of its own.
LEDGER_VERIFY_PROCESSES = env.number("LEDGER_VERIFY_PROCESSES", min(4, os.cpu_count() or 1))
# Keys that signed earlier: verifier key lines, each with ' until SIZE', the largest tree it signed.
LEDGER_RETIRED_KEYS = env.words("LEDGER_RETIRED_KEYS")
CERTIFICATE_SIGNING_KEY = env.text("CERTIFICATE_SIGNING_KEY")  # PEM; embedded: made once under var/keys
CERTIFICATE_SIGNING_CHAIN = env.text("CERTIFICATE_SIGNING_CHAIN")  # PEM, the signer's certificate first
# PEM of certificates that signed earlier.
CERTIFICATE_RETIRED_CERTIFICATES = [pem for pem in [env.text("CERTIFICATE_RETIRED_CERTIFICATES")] if pem]
CREDENTIAL_SIGNING_KEY = env.text("CREDENTIAL_SIGNING_KEY")  # base64 of 32 bytes; embedded: made once under var/keys
CREDENTIAL_RETIRED_KEYS = env.words("CREDENTIAL_RETIRED_KEYS")  # Multikeys that signed credentials earlier
EMBEDDED = not PRODUCTION

# --- Retention --------------------------------------------------------------------------------------------------------
# Years for which records are kept, by class, from the end of service or from the event (people/erasure_plans.py says which). Local
# defaults, no national standard: a force sets its own schedule. A legal hold overrides all of them.
RETENTION_YEARS = env.numbers(
    "RETENTION_YEARS",
    {"initial-training": 7, "accreditation": 7, "cpd": 7, "responses": 2, "exceptions": 7, "service": 7},
)

# --- Log lines: for operators, never personal data -------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO" if PRODUCTION else "WARNING")},
    "loggers": {
        "fontTools": {"level": "ERROR"},
        "weasyprint": {"level": "ERROR"},
        "pyhanko": {"level": "ERROR"},
    },
}
