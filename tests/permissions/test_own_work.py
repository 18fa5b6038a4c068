"""Nobody verifies, marks, approves, reviews, confirms or withdraws their own work: here somebody who holds every role there is tries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from assessments.bank import OwnQuestion, approve_version, submit_for_review
from assessments.models import QueryAnswer, QuestionDecision, VersionState
from assessments.queries.asking import ask_query
from courses import course_reviews, releases, review_decisions, reviews
from courses.models import Completion, CoursePage, CourseReview, Decision, PortfolioReading, ReviewDecision
from courses.portfolio.quality import draw_judgements
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.progress import ProgressRefused, confirm_completion
from cpd_records import activities
from cpd_records.certificates.refusals import CertificateRefused
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.models import Activity, ActivityState, CertificateRevocation
from people import access, clock
from people.models import RankHeld, RoleHeld, User
from people.postings import posting_of
from tests import factories
from tests.assessments import building
from tests.courses import authoring
from tests.courses import factories as learning
from tests.courses.portfolio import acts as portfolio
from tests.courses.programmes.acts import administrator
from tests.cpd_records.certificate_acts import award

pytestmark = pytest.mark.django_db
BY_FAMILY = ("trainer", "subject-reviewer", "approver")
FOR_ALL = ("assessor", "iqa", "training-admin", "auditor", "disclosure-officer", "equality-analyst", "system-admin")


@pytest.fixture
def chief() -> User:
    """Somebody with every role, who supervises the unit they are posted to."""
    return factories.person("Chief", "supervisor", *BY_FAMILY, *FOR_ALL, unit=factories.unit("team"))


@pytest.fixture
def desk(chief: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(chief)


def handed_in(by: User) -> Activity:
    """Hand an activity in to a colleague, while ``by`` supervises the unit too."""
    sergeant = factories.person("Sergeant", "supervisor", unit=factories.unit("next-door"))
    activity = activities.log_activity(
        by,
        title="A briefing",
        kind="briefing",
        day=clock.today(),
        minutes=30,
        learned="Say so.",
        client_token=None,
        at=clock.now(),
    )
    return activities.submit_activity(activity, by=by, verifier=sergeant, at=clock.now())


def test_somebody_with_every_role_is_what_these_tests_need(chief: User) -> None:
    assert chief.is_superuser
    held = {role.code for role in access.roles(chief)}
    assert held == {"supervisor", *BY_FAMILY, *FOR_ALL}
    assert access.has_role(chief, "approver", family="ethics")


@pytest.mark.parametrize("verb", ["verify", "return"])
def test_nobody_verifies_or_returns_their_own_cpd(chief: User, desk: Client, verb: str) -> None:
    activity = handed_in(chief)
    answer = desk.post(f"/team/cpd/{activity.pk}/{verb}/", {"reason": "Mine.", "seen": ""}, follow=True)
    assert "cannot verify your own" in answer.content.decode()
    activity.refresh_from_db()
    assert (activity.state, activity.entry_id) == (ActivityState.SUBMITTED, None)


def test_nobody_hands_their_cpd_in_to_themselves(chief: User, desk: Client) -> None:
    activity = handed_in(chief)
    activities.withdraw_activity(activity, by=chief, at=clock.now())
    for chosen in (
        {"verifier": str(chief.public_id)},
        {"verifier": "somebody-else", "other_verifier": chief.email},
        {"verifier": "somebody-else", "other_verifier": chief.service_number},
    ):
        assert desk.post(f"/cpd/{activity.pk}/submit/", chosen).status_code != 302
    activity.refresh_from_db()
    assert activity.state == ActivityState.DRAFT


def test_nobody_confirms_that_they_finished_a_course(chief: User, desk: Client) -> None:
    enrolment = learning.enrolled(chief, learning.release(completion="supervisor"))
    learning.do_lessons(enrolment)
    assert desk.post(f"/learn/confirm/{enrolment.pk}/").status_code == 404
    with pytest.raises(ProgressRefused, match="cannot confirm your own"):
        confirm_completion(enrolment, by=chief, at=clock.now())
    assert not Completion.objects.exists()


def test_nobody_judges_signs_off_or_assures_their_own_portfolio(chief: User, desk: Client) -> None:
    ada, now = administrator(), clock.now()
    intake = open_intake("Intake A", portfolio.release(), by=ada, at=now, starts_on=clock.today(), place="Hendon")
    own = join(chief, intake, by=ada, at=now)
    item = portfolio.handed_in(own, on=clock.today(), happened_on=clock.today())
    address = f"/intakes/recruits/{own.pk}/portfolio/"
    marks = {"marks": ["valid", "authentic", "up_to_date", "sufficient"], "reason": "", "version": "1", "judged": "0"}
    assert desk.post(f"{address}{item.pk}/", marks).status_code == 403
    assert desk.post(f"{address}sign-off/tutor/", {"words": "Mine.", "seen": ""}).status_code == 404
    portfolio.judged(item, portfolio.assessor(), at=now)
    today = clock.today()
    sample = draw_judgements(starts_on=today, ends_on=today, seed="7", share=1000, least=1, by=chief, at=now)
    member = sample.members.get()
    assert desk.post(f"/portfolios/samples/{sample.pk}/{member.pk}/", {"outcome": "agreed"}).status_code == 403
    assert not PortfolioReading.objects.exists()


def test_nobody_approves_their_own_question(chief: User) -> None:
    version = building.question("q1", approved=False, by=chief)
    submit_for_review(version, by=chief, at=clock.now())
    with pytest.raises(OwnQuestion):
        approve_version(version, by=chief, at=clock.now())
    version.refresh_from_db()
    assert version.state == VersionState.IN_REVIEW


def test_nobody_decides_about_a_question_of_their_own_attempt_or_answers_their_own_query(
    chief: User, desk: Client
) -> None:
    enrolment = learning.enrolled(chief, learning.release_with_test())
    learning.do_lessons(enrolment, at=clock.now())
    attempt = learning.sit(enrolment, right=3, at=clock.now())
    version = attempt.items.get(position=1).question_version
    sent = {"kind": "neutral", "versions": [str(version.number)], "reason": "Mine."}
    answer = desk.post(f"/admin/assessments/questions/{version.question_id}/decide/", sent)
    assert "in an attempt of your own" in answer.content.decode()
    assert not QuestionDecision.objects.exists()
    query = ask_query(attempt.pk, 1, words="Both are right.", by=chief, at=clock.now())
    answer = desk.post(f"/admin/assessments/queries/{query.pk}/", {"words": "They are."})
    assert "somebody else answers it" in answer.content.decode()
    assert not QueryAnswer.objects.exists()


def written_by_the_chief(chief: User) -> CoursePage:
    return authoring.course(by=chief)


@pytest.mark.parametrize("do", ["pass", "approve", "send-back"])
def test_nobody_decides_about_a_course_they_submitted(chief: User, desk: Client, do: str) -> None:
    shown = reviews.submit_course(written_by_the_chief(chief), by=chief, at=clock.now())
    if do == "approve":
        reviews.pass_review(shown, by=authoring.reviewer(), at=clock.now())
    decided = shown.decisions.count()
    answer = desk.post(f"/admin/course-reviews/{shown.pk}/", {"do": do, "comment": "Mine."})
    assert "somebody else decides about it" in answer.content.decode()
    assert shown.decisions.count() == decided


@pytest.mark.parametrize("do", ["pass", "approve"])
def test_nobody_decides_about_a_course_they_worked_on_and_another_submitted(chief: User, desk: Client, do: str) -> None:
    shown = reviews.submit_course(written_by_the_chief(chief), by=authoring.trainer(), at=clock.now())
    if do == "approve":
        reviews.pass_review(shown, by=authoring.reviewer(), at=clock.now())
    decided = shown.decisions.count()
    answer = desk.post(f"/admin/course-reviews/{shown.pk}/", {"do": do, "comment": "Mine."})
    assert "You worked on what is listed here" in answer.content.decode()
    assert shown.decisions.count() == decided


def test_wagtails_own_ways_decide_nothing_about_ones_own_course_either(chief: User, desk: Client) -> None:
    page = written_by_the_chief(chief)
    reviews.submit_course(page, by=chief, at=clock.now())
    state = page.current_workflow_task_state
    for action in ("approve", "reject"):
        desk.post(f"/admin/pages/workflow/action/{page.pk}/{action}/{state.pk}/", {"comment": "Mine."})
    with pytest.raises(PermissionDenied):
        state.specific.approve(user=chief)
    assert not ReviewDecision.objects.filter(decision__in=[Decision.REVIEWED, Decision.APPROVED]).exists()
    assert not page.course.releases.exists()


def test_nobody_records_that_the_force_reviewed_their_own_course(chief: User, desk: Client) -> None:
    page = written_by_the_chief(chief)
    shown = reviews.submit_course(page, by=chief, at=clock.now())
    reviews.pass_review(shown, by=authoring.reviewer(), at=clock.now())
    reviews.approve(shown, by=authoring.approver(), at=clock.now())
    course = page.course
    today = clock.today().isoformat()
    answer = desk.post(f"/admin/courses/{course.pk}/review-dates/", {"reviewed_on": today})
    assert "somebody else decides about it" in answer.content.decode()
    assert not CourseReview.objects.exists()


def test_what_a_system_administrator_brings_out_without_review_says_so_and_they_do_not_review_it(chief: User) -> None:
    page = written_by_the_chief(chief)
    release = releases.publish_release(page, by=chief, at=clock.now())
    assert release.review_list is not None
    assert not release.review_list.decisions.filter(decision__in=[Decision.REVIEWED, Decision.APPROVED]).exists()
    with pytest.raises(review_decisions.NotYours):
        course_reviews.record_review(release, by=chief, reviewed_on=clock.today(), at=clock.now())


def test_nobody_withdraws_their_own_certificate(chief: User) -> None:
    certificate = award(chief)
    with pytest.raises(CertificateRefused, match="cannot withdraw your own"):
        revoke_certificate(
            certificate, by=chief, approved_by=factories.person(), reason="I do not want it.", at=clock.now()
        )
    assert not CertificateRevocation.objects.exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"form": "role", "role-role": "assessor", "role-family": "ethics", "role-reason": "More."},
        {"form": "rank", "rank-rank": "commissioner"},
        {"form": "posting", "posting-unit": "unit"},
    ],
    ids=["role", "rank", "posting"],
)
def test_nobody_gives_themselves_a_role_a_rank_or_a_posting(chief: User, desk: Client, sent: dict[str, Any]) -> None:
    before = (RoleHeld.objects.count(), RankHeld.objects.count(), posting_of(chief))
    day = {f"{sent['form']}-valid_from": clock.today().isoformat()}
    if "posting-unit" in sent:
        sent = {**sent, "posting-unit": str(factories.unit("elsewhere").pk)}
    assert desk.post(f"/admin/people-roles/{chief.pk}/roles/", {**sent, **day}).status_code == 302
    assert (RoleHeld.objects.count(), RankHeld.objects.count(), posting_of(chief)) == before


def test_nobody_ends_their_own_role_or_closes_their_own_account(chief: User, desk: Client) -> None:
    held = chief.roles_held.first()
    desk.post(f"/admin/people-roles/{chief.pk}/roles/{held.pk}/end/")
    assert len(access.roles(User.objects.get(pk=chief.pk))) == len(BY_FAMILY) + len(FOR_ALL) + 1
    who = {"service_number": chief.service_number, "email": chief.email, "name": chief.name}
    desk.post(f"/admin/users/edit/{chief.pk}/", who)
    chief.refresh_from_db()
    assert chief.is_active
