"""A programme as data: what is read, what is refused and how it says so."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest

from courses.models import Programme
from courses.programmes.values import (
    Decider,
    ProgrammeRefused,
    canonical,
    digest,
    read_plan,
)
from tests.courses.programmes.acts import PLAN


def changed(**more: Any) -> dict[str, Any]:
    """Return the plan with its first phase changed."""
    data = deepcopy(PLAN)
    data["phases"][0] |= more
    return data


def test_a_plan_says_its_phases_in_order_and_what_each_needs() -> None:
    plan = read_plan(PLAN)
    assert [phase.slug for phase in plan.phases] == ["foundation", "tutor", "confirmation"]
    assert plan.phase("tutor").decided_by is Decider.SUPERVISOR
    assert plan.phase("tutor").records[0].title == "Tutor’s report"
    assert plan.weeks == 7
    assert plan.is_local_default
    after = plan.after("tutor")
    assert after is not None
    assert after.slug == "confirmation"
    assert plan.after("confirmation") is None


def test_a_plan_written_and_read_again_is_the_same() -> None:
    plan = read_plan(PLAN)
    again = read_plan(json.loads(canonical(plan)))
    assert again == plan
    assert digest(again) == digest(plan)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ("a text", "an object with a title and phases"),
        ({"title": "No phases"}, "between one and 12 phases"),
        ({"title": "None", "phases": []}, "between one and 12 phases"),
        ({"title": "Too many", "phases": PLAN["phases"] * 5}, "between one and 12 phases"),
        ({**PLAN, "title": "  "}, "title is missing"),
        ({**PLAN, "title": "T" * 121}, "121 characters and 120 fit"),
        ({**PLAN, "colour": "blue"}, "‘colour’, which means nothing here"),
        ({**PLAN, "is_local_default": "yes"}, "true or false"),
        ({**PLAN, "phases": [PLAN["phases"][0], PLAN["phases"][0]]}, "Two phases have the slug ‘foundation’"),
        ({**PLAN, "phases": [PLAN["phases"][1], {**PLAN["phases"][1], "slug": "other"}]}, "A status is granted once"),
        ({**PLAN, "phases": ["foundation"]}, "Phase 1 is an object"),
        (changed(slug="Not Plain"), "small letters, digits and hyphens"),
        (changed(title=None), "Phase 1’s title is missing"),
        (changed(weeks=0), "a whole number of weeks"),
        (changed(weeks=True), "a whole number of weeks"),
        (changed(weeks="four"), "a whole number of weeks"),
        (changed(decided_by="nobody"), "is decided by one of training-admin, supervisor"),
        (changed(grants="a knighthood"), "can grant independent-patrol or nothing"),
        (changed(courses="INIT-101"), "are a list"),
        (changed(courses=["init 101"]), "codes in capitals"),
        (changed(courses=["INIT-101", "INIT-101"]), "name one twice"),
        (changed(qualifications=[7]), "codes in capitals"),
        (changed(records=["report"]), "objects with a slug and a title"),
        (changed(records=[{"slug": "a", "title": "A"}, {"slug": "a", "title": "B"}]), "the same record twice"),
        (changed(more="of it"), "Phase 1 says ‘more’"),
    ],
)
def test_what_is_no_programme_is_refused_by_a_sentence(data: Any, says: str) -> None:
    with pytest.raises(ProgrammeRefused, match=says):
        read_plan(data)


@pytest.mark.django_db
def test_two_programmes_are_shipped_and_called_local_defaults() -> None:
    shipped = {programme.code: programme.current_release for programme in Programme.objects.all()}
    assert set(shipped) == {"PCEP", "SPECIALS"}
    for release in shipped.values():
        assert release is not None
        plan = read_plan(release.plan)
        assert plan.is_local_default
        assert plan.source
        assert digest(plan) == release.digest
    assert shipped["PCEP"] is not None
    assert read_plan(shipped["PCEP"].plan).weeks == 104
