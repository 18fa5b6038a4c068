"""Typed reading of environment variables, and the checks that stop a start which could not be right.

Every variable the product knows is read here or in ``training_site.settings`` once, at start; nothing else reads ``os.environ``.
A refusal is one sentence that names the variable.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})


@dataclass(frozen=True)
class Environment:
    """A read-only view of the environment with typed getters that refuse by sentence."""

    values: Mapping[str, str] = field(default_factory=lambda: os.environ)

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, default).strip()

    def required(self, name: str, purpose: str) -> str:
        value = self.text(name)
        if not value:
            raise ImproperlyConfigured(f"{name} is not set: {purpose}.")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        raw = self.text(name, "true" if default else "false").lower()
        if raw in TRUE_WORDS:
            return True
        if raw in FALSE_WORDS:
            return False
        raise ImproperlyConfigured(f"{name} must be true or false, not '{raw}'.")

    def number(self, name: str, default: int) -> int:
        raw = self.text(name)
        if not raw:
            return default
        if not raw.isascii() or not raw.isdigit():
            raise ImproperlyConfigured(f"{name} must be a whole number, not '{raw}'.")
        return int(raw)

    def numbers(self, name: str, defaults: Mapping[str, int]) -> dict[str, int]:
        """Return the defaults with those that the variable gives as ``word=number``, separated by commas; refuse a word nobody knows."""
        found = dict(defaults)
        for given in self.words(name):
            word, _, raw = (part.strip() for part in given.partition("="))
            if word not in defaults or not raw.isascii() or not raw.isdigit():
                known = ", ".join(defaults)
                raise ImproperlyConfigured(f"{name} is written word=number, with words among {known}, not '{given}'.")
            found[word] = int(raw)
        return found

    def words(self, name: str, default: str = "") -> list[str]:
        return [word.strip() for word in self.text(name, default).split(",") if word.strip()]


def database_from_url(url: str, *, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's database settings for ``sqlite:///path`` or ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = unquote(parts.path[1:]) if url.startswith("sqlite:///") else ""
        if not name:
            raise ImproperlyConfigured(f"{variable} names no file: write sqlite:///path/to/file.sqlite3.")
        return sqlite_database(name)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{variable} must begin with postgresql:// or sqlite:///, not '{parts.scheme}:'.")
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ImproperlyConfigured(f"{variable} names no database after the host.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_HEALTH_CHECKS": True,
    }


def sqlite_database(name: str) -> dict[str, Any]:
    """SQLite as the product runs it: WAL, immediate transactions, triggers that also see REPLACE."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": name,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # recursive_triggers: without it INSERT OR REPLACE would delete a ledger row and fire no trigger.
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA recursive_triggers=ON;PRAGMA foreign_keys=ON;"
            ),
        },
    }
