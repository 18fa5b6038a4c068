"""Two approvers at the same moment, on connections of their own: on PostgreSQL and on SQLite's file alike."""

from __future__ import annotations

from typing import Any

import pytest

from assessments.bank import OlderVersion, WrongState, approve_version, approved_version, submit_for_review
from assessments.models import VersionStep
from tests.assessments.building import NOON, TRUE_FALSE, question
from tests.assessments.test_attempts_side_by_side import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_approvers_of_two_versions_at_once_leave_the_newer_in_use(person: Any) -> None:
    ada, bo = person("Ada"), person("Bo")
    for number in range(4):
        code = f"q{number}"
        first = submit_for_review(question(code, approved=False), by=None, at=NOON)
        second = question(code, definition={**TRUE_FALSE, "answer": True}, approved=False)
        submit_for_review(second, by=None, at=NOON)
        older, newer = at_once(
            lambda first=first: approve_version(first, by=ada, at=NOON),
            lambda second=second: approve_version(second, by=bo, at=NOON),
        )
        assert newer == second
        assert approved_version(code) == second
        # Whoever came first: the older one was refused, or was in use until the newer replaced it.
        states = list(first.steps.values_list("state", flat=True))
        assert states == ["draft", "in_review"] + ([] if isinstance(older, OlderVersion) else ["approved", "retired"])


def test_two_approvers_of_one_version_at_once_approve_it_once(person: Any) -> None:
    ada, bo = person("Ada"), person("Bo")
    version = submit_for_review(question("q1", approved=False), by=None, at=NOON)
    came = at_once(lambda: approve_version(version, by=ada, at=NOON), lambda: approve_version(version, by=bo, at=NOON))
    assert sum(isinstance(one, WrongState) for one in came) == 1
    assert VersionStep.objects.filter(version=version, state="approved").count() == 1
    assert approved_version("q1") == version
