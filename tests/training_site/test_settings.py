"""A production start that could not be right is stopped by one sentence that names the variable."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.settings import ROOT
from training_site.settings.environment import Environment, database_from_url
from training_site.settings.production import REQUIRED, check_production

GOOD = {
    "PRODUCTION": "true",
    "SECRET_KEY": "x" * 60,
    "DATABASE_URL": "postgresql://site:secret@db.force.example/training",
    "REDIS_URL": "redis://cache.force.example/0",
    "CELERY_BROKER_URL": "redis://cache.force.example/1",
    "ALLOWED_HOSTS": "learn.force.example",
    "SITE_ADDRESS": "https://learn.force.example",
    "LEDGER_ORIGIN": "force.example/ledger",
    "LEDGER_SIGNING_KEY": "key",
    "CERTIFICATE_SIGNING_KEY": "key",
    "CERTIFICATE_SIGNING_CHAIN": "chain",
    "CREDENTIAL_SIGNING_KEY": "key",
    "EMAIL_HOST": "mail.force.example",
    "DEFAULT_FROM_EMAIL": "learning@force.example",
    "VAR_DIR": "/srv/training",
}


def test_a_complete_production_environment_passes():
    check_production(Environment(GOOD))


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_a_missing_setting_is_named(name):
    with pytest.raises(ImproperlyConfigured, match=f"^{name} is not set: "):
        check_production(Environment({key: value for key, value in GOOD.items() if key != name}))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"DATABASE_URL": "sqlite:////srv/db.sqlite3"}, "DATABASE_URL names SQLite"),
        ({"DATABASE_URL": "mysql://db/x"}, "DATABASE_URL must begin with"),
        ({"DATABASE_URL": "postgresql://db"}, "DATABASE_URL names no database"),
        ({"REDIS_URL": "localhost"}, "REDIS_URL must begin with redis"),
        ({"CELERY_BROKER_URL": "amqp://mq"}, "CELERY_BROKER_URL must begin with redis"),
        ({"SITE_ADDRESS": "http://learn.force.example"}, "SITE_ADDRESS must begin with https"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS may not be"),
        ({"DEMO_PASSWORD": "x"}, "DEMO_PASSWORD is set"),
        ({"DEBUG": "true"}, "DEBUG is on"),
        ({"DEBUG": "perhaps"}, "DEBUG must be true or false"),
        ({"S3_BUCKET": "files"}, "S3_ACCESS_KEY is not set, although S3_BUCKET is"),
        ({"S3_ACCESS_KEY": "a", "S3_SECRET_KEY": "b"}, "S3_BUCKET is not set, although S3_ACCESS_KEY is"),
        ({"VAR_DIR": ""}, "VAR_DIR is not set and S3_BUCKET is not either"),
    ],
)
def test_a_contradictory_setting_is_named(changes, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        check_production(Environment({**GOOD, **changes}))


def test_the_start_itself_stops_with_the_sentence():
    environment = {key: value for key, value in GOOD.items() if key != "LEDGER_SIGNING_KEY"}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "training_site.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert (
        done.stderr.strip().splitlines()[-1].endswith("LEDGER_SIGNING_KEY is not set: checkpoints are signed with it.")
    )


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ImproperlyConfigured, match="WORK_LEASE_SECONDS must be a whole number"):
        Environment({"WORK_LEASE_SECONDS": "soon"}).number("WORK_LEASE_SECONDS", 60)


def test_numbers_by_word_keep_the_defaults_of_those_that_are_not_named():
    given = Environment({"RETENTION_YEARS": " cpd = 6 , responses=3"})

    assert given.numbers("RETENTION_YEARS", {"cpd": 7, "responses": 2, "service": 7}) == {
        "cpd": 6,
        "responses": 3,
        "service": 7,
    }
    assert Environment({}).numbers("RETENTION_YEARS", {"cpd": 7}) == {"cpd": 7}


@pytest.mark.parametrize("value", ["cpd", "cpd=", "cpd=seven", "cpd=-1", "gossip=7", "cpd=²"])
def test_numbers_by_word_refuse_what_they_cannot_read(value):
    with pytest.raises(ImproperlyConfigured, match="RETENTION_YEARS is written word=number"):
        Environment({"RETENTION_YEARS": value}).numbers("RETENTION_YEARS", {"cpd": 7})


def test_a_postgresql_address_is_taken_apart():
    database = database_from_url("postgresql://a%40b:p%2Fw@db.force.example:5433/training?sslmode=require")
    assert database["USER"] == "a@b"
    assert database["PASSWORD"] == "p/w"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.force.example", "5433", "training")
    assert database["OPTIONS"] == {"sslmode": "require"}
