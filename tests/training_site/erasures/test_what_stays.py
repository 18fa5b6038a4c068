"""What could not go is said with the reason; what is going on stays while its officer serves; a preview warns of what ends duties."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db.models import PROTECT, ForeignObjectRel

from assessments.models import Attempt, AttemptState
from courses.models import Enrolment
from courses.programmes.history import history_of
from courses.programmes.moving import Kind, record_beside
from cpd_records.erasures.foreseeing import Sort
from cpd_records.erasures.reading import ErasureTold, erasures_told
from cpd_records.erasures.staying import name_of, why_it_stays
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import ErasureGround, ErasureRequest, ReadablePart
from cpd_records.qualifications.rulings import grant_exemption
from cpd_records.watching.verifying import verified
from people import clock
from people.erasing import ERASED_NAME
from people.erasure_plans import Plan
from people.models import User
from tests.courses.factories import do_lessons, enrolled, release_with_test, sit
from tests.courses.programmes.acts import administrator, intake, noon, recruit, weeks
from tests.cpd_records.currency.acts import award, qualification
from tests.training_site.erasures.acts import (
    EVERY_CLASS,
    TODAY,
    asked,
    carried_out,
    entry_of,
    foreseen,
    leave,
    long_ago,
    worked_off,
)
from training_site.erasing import ALL_PLANS

pytestmark = pytest.mark.django_db


def told(request: ErasureRequest) -> ErasureTold:
    (found,) = erasures_told([ErasureRequest.objects.select_related("officer", "asked_by").get(pk=request.pk)])
    return found


def sort_of(officer: User, what: str, **more: Any) -> Sort:
    found = foreseen(officer, **more)
    (sort,) = [sort for one in found.classes for sort in one.sorts if sort.what == what]
    return sort


def a_result_that_a_course_names(officer: User) -> tuple[Attempt, Enrolment]:
    """A test that is due and the course it completed, which ended later and is not."""
    enrolment = enrolled(officer, release_with_test())
    do_lessons(enrolment)
    attempt = sit(enrolment)
    ago = timedelta(days=9 * 366)
    Attempt.objects.filter(pk=attempt.pk).update(closed_at=attempt.closed_at - ago)
    return attempt, enrolment


def test_what_another_record_names_stays_and_the_request_says_how_many_and_why(
    olu: User, dee: User, kit: User, signed_in: Any
) -> None:
    attempt, enrolment = a_result_that_a_course_names(olu)
    entry_of(olu, long_ago(8))

    request = carried_out(asked(olu, dee, ground=ErasureGround.RETENTION, classes=["cpd"]), kit)

    assert Attempt.objects.filter(pk=attempt.pk).exists()
    assert Enrolment.objects.filter(pk=enrolment.pk).exists()
    it = told(request)
    assert (it.word, it.request.closed_at is not None) == ("Erased, but for 1", True)
    (stayed,) = it.stayed
    assert (stayed.what, stayed.records) == ("Results of tests", 1)
    assert stayed.why == "Still needed by what is kept longer: courses."
    page = signed_in(kit).get(f"/evidence/erasures/{request.pk}/").content.decode()
    assert "What stayed" in page
    assert stayed.why in page
    assert "Erased, but for 1" in signed_in(kit).get("/evidence/erasures/").content.decode()


def names_kept_by(plan: Plan) -> set[str]:
    """The tables whose rows keep a record of the plan, or what hangs on it, from being deleted."""
    own = {plan.model, *(part.model for part in plan.parts)}
    relations = [
        relation
        for table in own
        for relation in apps.get_model(table)._meta.get_fields(include_hidden=True)
        if isinstance(relation, ForeignObjectRel) and relation.on_delete is PROTECT
    ]
    return {relation.related_model._meta.label for relation in relations} - own


@pytest.mark.parametrize(
    "plan", [one for one in ALL_PLANS if one.blanks is None and not one.is_opening], ids=lambda one: one.what
)
def test_whatever_may_keep_a_record_is_called_what_the_pages_call_it(plan: Plan) -> None:
    for table in names_kept_by(plan):
        name = name_of(table, ALL_PLANS)
        assert name in {one.named for one in ALL_PLANS}, f"Say in a plan what rows of {table} are called."


def test_a_reason_names_each_sort_once_and_what_has_no_name_as_another_record() -> None:
    tables = ["courses.Completion", "courses.StepDone", "cpd_records.Activity", "sites.Site"]
    assert why_it_stays(tables, ALL_PLANS) == (
        "Still needed by what is kept longer: CPD activities, another record, courses."
    )
    assert name_of("assessments.Attempt", ALL_PLANS) == "results of tests", "the record itself, not its answers alone"


def test_what_went_whole_says_that_nothing_stayed(olu: User, dee: User, kit: User, signed_in: Any) -> None:
    a_result_that_a_course_names(olu)
    request = carried_out(asked(olu, dee, classes=["cpd", "responses"]), kit)
    assert not Attempt.objects.filter(officer=olu).exists()
    assert (told(request).word, told(request).stayed) == ("Erased", ())
    assert "What stayed" not in signed_in(kit).get(f"/evidence/erasures/{request.pk}/").content.decode()


def test_a_course_that_is_going_on_stays_while_its_officer_serves(
    olu: User, dee: User, kit: User, signed_in: Any
) -> None:
    enrolment = enrolled(olu, release_with_test())
    entry_of(olu, TODAY)
    assert (sort_of(olu, "Courses").count, sort_of(olu, "Courses").going_on) == (0, 1)
    page = signed_in(dee).get(f"/evidence/erasures/about/{olu.public_id}/?ground=order").content.decode()
    assert "still going on: ask again when it has ended" in page

    request = carried_out(asked(olu, dee, classes=["cpd"]), kit)

    assert Enrolment.objects.filter(pk=enrolment.pk).exists()
    assert told(request).word == "Erased"


def test_of_who_has_left_a_course_never_finished_goes(olu: User, dee: User, kit: User) -> None:
    enrolment = enrolled(olu, release_with_test())
    leave(olu)
    assert sort_of(olu, "Courses").count == 1
    carried_out(asked(olu, dee, classes=["cpd"]), kit)
    assert not Enrolment.objects.filter(pk=enrolment.pk).exists()


def test_a_test_that_is_being_answered_keeps_its_answers(olu: User, dee: User, kit: User) -> None:
    enrolment = enrolled(olu, release_with_test())
    do_lessons(enrolment)
    attempt = sit(enrolment, submit=False)
    entry_of(olu, TODAY)
    both = {"classes": ["responses", "cpd"]}
    for what in ("Answers in tests", "Results of tests"):
        assert (sort_of(olu, what, **both).count, sort_of(olu, what, **both).going_on) == (0, 1)

    carried_out(asked(olu, dee, **both), kit)

    attempt.refresh_from_db()
    assert attempt.state == AttemptState.EXPIRED, (
        "its time ran out meanwhile: what was going on when it was approved stays"
    )
    assert attempt.responses_erased_at is None
    assert attempt.items.exclude(response=None).exists()


def test_the_preview_warns_where_what_goes_ends_what_somebody_may_do(
    olu: User, dee: User, kit: User, signed_in: Any
) -> None:
    award(olu, "FALP", TODAY)
    about = f"/evidence/erasures/about/{olu.public_id}/?ground=order"
    desk = signed_in(dee)
    assert "They still serve" in desk.get(about).content.decode()
    request = asked(olu, dee, classes=["accreditation"])
    assert "They still serve" in signed_in(kit).get(f"/evidence/erasures/{request.pk}/").content.decode()
    assert foreseen(olu, classes=["cpd"]).duties == ()


def test_it_warns_of_nobody_who_has_left(olu: User, dee: User, signed_in: Any) -> None:
    award(olu, "FALP", TODAY)
    leave(olu)
    about = f"/evidence/erasures/about/{olu.public_id}/?ground=order"
    assert "They still serve" not in signed_in(dee).get(about).content.decode()


def test_whoever_decided_about_another_stays_named_in_the_others_entry_and_no_longer_in_rows(
    dee: User, kit: User, signed_in: Any
) -> None:
    ada, bea = administrator(), administrator("Bea Demo")
    rae = recruit(intake(by=ada), by=ada)
    record_beside(rae, Kind.ACTION_PLAN, by=ada, at=noon(weeks(1)), on=weeks(1), reason="Two failed tests")
    grant_exemption(
        rae.officer, qualification("FALP"), by=ada, approved_by=bea, at=clock.now(), reason="Held elsewhere"
    )
    name = ada.get_short_name()
    leave(ada)
    carried_out(asked(ada, dee, classes=EVERY_CLASS), kit)

    entries = ReadablePart.objects.filter(officer=rae.officer.public_id)
    said = [json.loads(payload) for payload in entries.values_list("payload", flat=True)]
    assert [one["by_name"] for one in said if one.get("decision") == "action_plan"] == [name]
    assert [one["by_name"] for one in said if "approved_by_name" in one] == [name], (
        "the other's record keeps who decided"
    )
    page = signed_in(rae.officer).get("/my/record/?show=everything").content.decode()
    assert f"Proposed by {name}, approved by {bea.get_short_name()}." in page
    (plan,) = [one for one in history_of(rae) if one.kind is Kind.ACTION_PLAN]
    assert plan.by == ERASED_NAME, "a row only points at whoever recorded it"
    seal_now()
    worked_off()
    assert verified().problems == []


def test_the_preview_says_that_the_name_stays_in_the_records_of_others(olu: User, dee: User, signed_in: Any) -> None:
    leave(olu)
    page = signed_in(dee).get(f"/evidence/erasures/about/{olu.public_id}/?ground=order").content.decode()
    assert "it is that person’s record, and the name stays there" in page
