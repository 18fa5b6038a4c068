"""Asking the site as each person of the permission matrix: who they are, what was answered, and undoing it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext

from people.models import User

STRANGER = "Stranger"
# Column of the matrix: roles, family, unit. 'team' is the owner's unit, 'elsewhere' another.
PERSONS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "Learner": ((), "", ""),
    "Owner": ((), "", "team"),
    "Officer": ((), "", "team"),
    "Trainer": (("trainer",), "ethics", ""),
    "Trainer elsewhere": (("trainer",), "leadership", ""),
    "Reviewer": (("subject-reviewer",), "ethics", ""),
    "Approver": (("approver",), "ethics", ""),
    "Assessor": (("assessor",), "", ""),
    "IQA": (("iqa",), "", ""),
    "Supervisor": (("supervisor",), "", "team"),
    "Supervisor elsewhere": (("supervisor",), "", "elsewhere"),
    "Training admin": (("training-admin",), "", ""),
    "Auditor": (("auditor",), "", ""),
    "Disclosure officer": (("disclosure-officer",), "", ""),
    "Equality analyst": (("equality-analyst",), "", ""),
    "System admin": (("system-admin",), "", ""),
}
COLUMNS = (STRANGER, *PERSONS)
WAGTAILS_TABLES = re.compile(r'\b(?:INTO|UPDATE|FROM)\s+"?wagtail')
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass
class Answer:
    """What the site answered: the response, and the statements that wrote something."""

    response: HttpResponseBase
    statements: list[str]

    @property
    def word(self) -> str:
        """Say in a word of the matrix what became of the request; an odd status stands as it is."""
        status, location = self.response.status_code, self.response.headers.get("Location", "")
        if location.startswith(("/accounts/login/", "/admin/login/")) or status == 401:
            return "sign in"
        if status in (403, 409) or self.complaints:
            return "no"
        if status == 404:
            return "404"
        if status == 302 and not self.statements:
            return "away"
        return "yes" if status < 400 else f"status {status}"

    @property
    def written(self) -> list[str]:
        """The statements that wrote anything but a session."""
        return [sql for sql in self.statements if '"django_session"' not in sql]

    @property
    def written_by_us(self) -> list[str]:
        """The same without what Wagtail keeps for itself (renditions, sizes of files, its index) and without who looked at whose record."""
        return [sql for sql in self.written if not WAGTAILS_TABLES.search(sql) and '"people_look"' not in sql]

    @property
    def complaints(self) -> list[str]:
        """Sentences of refusal: in a message for the next page, or above the form that was sent."""
        waiting = getattr(getattr(self.response, "wsgi_request", None), "_messages", None)
        said = [str(one) for one in getattr(waiting, "_queued_messages", ()) if one.level >= messages.ERROR]
        for layer in getattr(self.response, "context", None) or ():
            form = layer.get("form") if hasattr(layer, "get") else None
            said += form.non_field_errors() if getattr(form, "is_bound", False) else []
        return said


@dataclass
class World:
    """People by column, a session for each, and what the words in ``<…>`` stand for in addresses."""

    people: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def client(self, person: str, **more: Any) -> Client:
        """Return a browser of this person's, signed in; a stranger's has no session."""
        client = Client(raise_request_exception=False, **more)
        if person in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person]
        return client

    def address(self, pattern: str) -> str:
        for word, value in self.places.items():
            pattern = pattern.replace(f"<{word}>", value)
        assert "<" not in pattern, f"Nothing in the world is called as in {pattern}"
        return pattern

    def ask(
        self,
        person: str,
        method: str,
        address: str,
        data: Any = None,
        *,
        before: Callable[[World], Any] | None = None,
        **more: Any,
    ) -> Answer:
        """Ask once and leave no trace."""
        with undone():
            data = {} if data is None else data
            if before is not None:
                before(self)
            connection.queries_log.clear()
            with CaptureQueriesContext(connection) as queries:
                response = getattr(self.client(person), method.lower())(address, data, **more)
            if response.streaming:
                b"".join(response.streaming_content)  # type: ignore[arg-type]  # read to the end, so that the file is closed
        ran = [query["sql"] or "" for query in queries.captured_queries]
        answer = Answer(response, [sql for sql in ran if sql.lstrip().upper().startswith(WRITES)])
        if before is not None or answer.written:
            cache.clear()
        return answer


@contextmanager
def undone() -> Iterator[None]:
    """Roll back whatever the block does to the database."""
    block = transaction.atomic()
    block._from_testcase = True  # as Django's own test cases say it, so that a durable block may stand inside
    with block:
        yield
        transaction.set_rollback(True)
