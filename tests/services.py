"""Which services the suite finds: ``python -m tests.services postgresql`` exits 0 where PostgreSQL answers."""

import os
import sys

import psycopg
import redis

POSTGRESQL = os.environ.get("TEST_DATABASE_URL") or "postgresql://postgres@127.0.0.1:5432/postgres"
REDIS = os.environ.get("TEST_REDIS_URL") or "redis://127.0.0.1:6379/9"


def has_postgresql() -> bool:
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def has_redis() -> bool:
    try:
        return bool(redis.Redis.from_url(REDIS, socket_connect_timeout=3).ping())
    except redis.RedisError:
        return False


if __name__ == "__main__":
    answers = {"postgresql": has_postgresql, "redis": has_redis}
    sys.exit(0 if answers[sys.argv[1]]() else 1)
