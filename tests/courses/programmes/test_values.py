"""A programme as data: what is read, what is refused and how it says so."""

from __future__ import annotations

import json
from copy import deepcopy
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from courses.models import Programme
from courses.programmes.releasing import release_programme
from courses.programmes.values import (
    Decider,
    ProgrammeRefused,
    Signer,
    canonical,
    digest,
    read_plan,
)
from people import clock
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


def test_a_phase_names_assessments_and_one_without_reads_as_before_there_were_any() -> None:
    plan = read_plan(changed(assessments=["init-101-final", "Law_2"]))
    assert plan.phases[0].assessments == ("init-101-final", "Law_2")
    assert read_plan(json.loads(canonical(plan))) == plan
    assert '"assessments"' not in canonical(read_plan(PLAN))
    assert digest(plan) != digest(read_plan(PLAN))


def test_a_phase_lists_headings_and_how_many_items_each_needs() -> None:
    headings = [{"slug": "property", "title": "Property"}, {"slug": "radio", "title": "Radio", "needed": 2}]
    plan = read_plan(changed(portfolio=headings, portfolio_signed_by="assessor"))
    phase = plan.phases[0]
    assert [(one.slug, one.needed) for one in phase.portfolio] == [("property", 1), ("radio", 2)]
    assert phase.portfolio_signed_by is Signer.ASSESSOR
    assert plan.with_portfolio == (phase,)
    assert read_plan(json.loads(canonical(plan))) == plan


def test_a_plan_without_portfolios_has_the_digest_it_always_had() -> None:
    assert "portfolio" not in canonical(read_plan(PLAN))
    assert digest(read_plan(PLAN)) == "1e653b13149bf0db00a6155f1504959d508cc1658b75a48ce23933271d82d91b"


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
        (
            changed(assessments=["A b"]),
            "Phase 1’s assessments: use codes such as INIT-101-final, 80 characters at most",
        ),
        (changed(assessments=["a", "a"]), "Phase 1’s assessments name one twice"),
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
        (changed(portfolio="searching"), "headings are a list"),
        (changed(portfolio=["searching"]), "headings are objects"),
        (changed(portfolio=[{"slug": "Not Plain", "title": "A"}]), "small letters, digits and hyphens"),
        (changed(portfolio=[{"slug": "a", "title": ""}]), "heading’s title is missing"),
        (changed(portfolio=[{"slug": "a", "title": "A", "needed": 0}]), "needs from 1 to 20 items"),
        (changed(portfolio=[{"slug": "a", "title": "A", "needed": True}]), "needs from 1 to 20 items"),
        (changed(portfolio=[{"slug": "a", "title": "A", "of": 1}]), "heading says ‘of’"),
        (changed(portfolio=[{"slug": "a", "title": "A"}, {"slug": "a", "title": "B"}]), "the same heading twice"),
        (changed(portfolio_signed_by="nobody"), "signed off by one of assessor, training-admin, supervisor"),
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


@pytest.mark.django_db
def test_portfolios_came_with_a_second_release_and_the_first_stays_as_it_was() -> None:
    for code, headings in (("PCEP", [18, 6]), ("SPECIALS", [18])):
        first, second = Programme.objects.get(code=code).releases.order_by("number")
        before, after = read_plan(first.plan), read_plan(second.plan)
        assert digest(before) == first.digest
        assert not before.with_portfolio
        assert [len(phase.portfolio) for phase in after.with_portfolio] == headings
        assert {"patrol-portfolio"} & {record.slug for phase in before.phases for record in phase.records}
        assert not {"patrol-portfolio", "competence-portfolio"} & {
            record.slug for phase in after.phases for record in phase.records
        }


@pytest.mark.django_db
def test_a_programme_the_force_has_changed_is_left_as_it_is() -> None:
    shipped = import_module("courses.migrations.0012_shipped_portfolios")
    changed_since = release_programme("PCEP", {**PLAN, "title": "Ours"}, by=None, at=clock.now())
    shipped.add(apps, None)
    assert Programme.objects.get(code="PCEP").current_release == changed_since
    assert shipped.with_portfolios("PCEP", changed_since.plan) is None


@pytest.mark.django_db
def test_the_second_release_is_taken_away_again_and_brought_back() -> None:
    shipped = import_module("courses.migrations.0012_shipped_portfolios")
    shipped.remove(apps, SimpleNamespace(connection=connection))
    assert [release.number for release in Programme.objects.get(code="PCEP").releases.all()] == [1]
    shipped.add(apps, None)
    assert Programme.objects.get(code="PCEP").current_release == Programme.objects.get(code="PCEP").releases.get(
        number=2
    )
