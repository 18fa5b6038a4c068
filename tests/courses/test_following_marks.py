"""What follows where a decision on a question moves a mark: certificates awarded, withdrawn and awarded anew; steps done and undone."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from assessments.models import Attempt, QuestionVersion
from courses.enrolments import enrol, leave
from courses.models import Completion, Enrolment
from courses.progress import steps_done
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.standing import revocation_of
from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.models import Certificate, PublicReason, ReadablePart
from cpd_records.proposals.certificates import propose_lifting
from people.models import User
from tests.assessments.attempt_acts import taken_out
from tests.assessments.decisions import acts
from tests.assessments.decisions.acts import decided
from tests.courses.factories import (
    NOON,
    assessment,
    do_lessons,
    enrolled,
    lesson,
    questions,
    release,
    release_with_test,
    sat,
    sit,
)

pytestmark = pytest.mark.django_db


def course_with_test(officer: User, *, right: int) -> tuple[Enrolment, Attempt]:
    """Somebody who has sat the test of four of a course, pass mark 75, with so many right."""
    enrolment = enrolled(officer, release_with_test())
    do_lessons(enrolment)
    return enrolment, sit(enrolment, right=right)


def test_a_fail_that_becomes_a_pass_completes_the_course_with_a_certificate_of_the_day_of_the_test(person):
    officer = person()
    enrolment, attempt = course_with_test(officer, right=2)
    assert not Completion.objects.exists()
    decided(attempt, 3, "award")
    completion = Completion.objects.get(enrolment=enrolment)
    assert completion.attempt_id == attempt.pk
    assert completion.certificate.awarded_on == NOON.date()
    entry = ReadablePart.objects.get(pk=completion.entry_id)
    assert json.loads(entry.payload)["score_millionths"] == 750_000
    enrolment.refresh_from_db()
    assert enrolment.outcome == "completed"


def test_a_pass_that_becomes_a_fail_withdraws_the_certificate_in_the_name_of_who_confirmed(person):
    officer, con = person(), person("Con")
    enrolment, attempt = course_with_test(officer, right=3)
    certificate = Completion.objects.get(enrolment=enrolment).certificate
    decided(attempt, 1, by=con)
    assert acts.reread(attempt).outcome == "failed"
    revocation = revocation_of(Certificate.objects.get(pk=certificate.pk))
    assert (revocation.revoked_by, revocation.public_reason) == (con, PublicReason.RESULT_CORRECTED)
    assert revocation.reason.endswith("Both answers can be right.")
    assert steps_done(enrolment) == {"lesson-1", "lesson-2"}
    # Nothing recorded is gone, and the officer may take the course again.
    assert Completion.objects.filter(enrolment=enrolment).exists()
    again = enrol(officer, enrolment.course, by=officer, at=NOON + timedelta(days=2))
    assert again.occasion == 2


def administrators(person) -> dict[str, User]:
    return {"by": person("M.", "training-admin"), "approved_by": person("Z.", "system-admin")}


def test_a_change_of_the_certificate_that_waits_for_a_second_person_stands_in_no_marks_way(person):
    enrolment, attempt = course_with_test(person(), right=3)
    certificate = Completion.objects.get(enrolment=enrolment).certificate
    by = person("M.", "training-admin")
    suspend_certificate(certificate, by=by, reason="Another may have sat it.", at=NOON)
    propose_lifting(certificate, by=by, reason="The room's log shows her.", at=NOON)
    decided(attempt, 1)
    assert acts.reread(attempt).outcome == "failed"
    assert revocation_of(Certificate.objects.get(pk=certificate.pk)).public_reason == PublicReason.RESULT_CORRECTED


def test_a_certificate_withdrawn_before_stays_withdrawn_for_that_and_the_mark_stands(person):
    enrolment, attempt = course_with_test(person(), right=3)
    certificate = Completion.objects.get(enrolment=enrolment).certificate
    revoke_certificate(certificate, reason="Another sat it.", at=NOON, **administrators(person))
    decided(attempt, 1)
    assert acts.reread(attempt).outcome == "failed"
    assert revocation_of(Certificate.objects.get(pk=certificate.pk)).reason == "Another sat it."


def test_a_pass_that_comes_back_completes_the_course_anew(person):
    officer = person()
    enrolment, attempt = course_with_test(officer, right=3)
    decided(attempt, 1)
    enrol(officer, enrolment.course, by=officer, at=NOON + timedelta(days=2))
    decided(attempt, 1, "award")
    assert acts.reread(attempt).outcome == "passed"
    first, second = Completion.objects.filter(enrolment__officer=officer).order_by("pk")
    assert revocation_of(first.certificate) is not None
    assert revocation_of(second.certificate) is None
    assert second.certificate.supersedes == first.certificate
    assert second.enrolment.occasion == 3
    assert Enrolment.objects.of(officer).open().count() == 1
    # And taken back once more, it is the second that is withdrawn.
    decided(attempt, 1)
    assert revocation_of(Certificate.objects.get(pk=second.certificate_id)) is not None


def test_a_mark_that_moves_without_the_outcome_changes_nothing_else(person):
    officer = person()
    enrolment, attempt = course_with_test(officer, right=4)
    decided(attempt, 1)
    completion = Completion.objects.get(enrolment=enrolment)
    assert revocation_of(completion.certificate) is None
    assert steps_done(enrolment) == {"lesson-1", "lesson-2", "final-test"}


def test_a_step_of_an_open_course_is_undone_with_its_pass(person):
    officer = person()
    questions("ETH-905", 6)
    steps = [sat(version=assessment("ETH-905")), lesson("after")]
    enrolment = enrolled(officer, release(code="ETH-905", steps=steps))
    attempt = sit(enrolment, right=3)
    assert steps_done(enrolment) == {"final-test"}
    decided(attempt, 1)
    assert steps_done(enrolment) == set()
    assert not Certificate.objects.exists()


def test_a_pass_by_another_attempt_keeps_what_it_brought(person):
    officer = person()
    enrolment, first = course_with_test(officer, right=2)
    second = sit(enrolment, right=3, at=NOON + timedelta(days=2))
    for position in (3, 4):
        taken_out(first, position, people=(person(), person()), at=NOON + timedelta(days=3))
    # Two of six questions were not in the first draw of four, so one of them is among the three right ones of the second.
    earlier = first.items.values("question_version")
    decided(second, second.items.exclude(question_version__in=earlier).earliest("position").position)
    assert acts.reread(second).outcome == "failed"
    assert acts.reread(first).outcome == "passed"
    assert revocation_of(Completion.objects.get(enrolment=enrolment).certificate) is None


def test_whoever_left_the_course_finds_the_step_done_on_coming_back(person):
    officer = person()
    enrolment, attempt = course_with_test(officer, right=2)
    leave(enrolment, by=officer, at=NOON)
    decided(attempt, 3, "award")
    assert not Completion.objects.exists()
    again = enrol(officer, enrolment.course, by=officer, at=NOON + timedelta(days=1))
    assert "final-test" in steps_done(again)


def test_the_result_page_tells_the_new_mark_the_old_one_and_why(person, signed_in):
    officer = person()
    _enrolment, attempt = course_with_test(officer, right=3)
    decided(attempt, 1)
    page = signed_in(officer).get(f"/learn/eth-901/final-test/result/{attempt.pk}/").content.decode()
    assert "Not passed this time" in page
    assert "Before: 75%, passed" in page
    assert "Both answers can be right." in page
    assert "The certificate that rested on the earlier mark was withdrawn." in page
    assert "The course is complete" not in page


def test_versions_of_questions_stay_as_they_were(person):
    _enrolment, attempt = course_with_test(person(), right=3)
    before = list(QuestionVersion.objects.order_by("pk").values_list("digest", "state"))
    decided(attempt, 1)
    assert list(QuestionVersion.objects.order_by("pk").values_list("digest", "state")) == before
