"""States that the demonstration's past does not show: made through the product's verbs for the photographs of ``tests.screens``.

``python -m tests.screen_states before`` makes those that disturb nobody; ``after`` withdraws courses and brings out newer releases.
Each prints one JSON object: what a shot calls by name, and its address or file.
"""

from __future__ import annotations

import json
import os
import sys
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessments.attempts import expire_attempt, save_response, set_flag, submit_attempt  # noqa: E402
from assessments.models import Assessment, Attempt, Outcome, QuestionVersion  # noqa: E402
from courses import freezing  # noqa: E402
from courses.enrolments import enrol  # noqa: E402
from courses.lesson_answers import answer_check, write_reflection  # noqa: E402
from courses.models import Course, Enrolment, LessonPage, ReleaseDemand  # noqa: E402
from courses.progress import finish_step, start_assessment  # noqa: E402
from courses.releases import publish_release  # noqa: E402
from courses.reviews import submit_course  # noqa: E402
from courses.withdrawals import withdraw_course  # noqa: E402
from cpd_records.activities import log_activity, submit_activity  # noqa: E402
from cpd_records.certificates import award_certificate  # noqa: E402
from cpd_records.certificates.awarding import ISSUE_WORK  # noqa: E402
from cpd_records.certificates.files import read_issued  # noqa: E402
from cpd_records.certificates.revoking import revoke_certificate  # noqa: E402
from cpd_records.ledger.entries import append_entry  # noqa: E402
from cpd_records.ledger.sealing import seal_now  # noqa: E402
from cpd_records.models import Activity, Certificate, EntryKind, PublicReason  # noqa: E402
from people import clock, work  # noqa: E402
from people.models import Unit, User  # noqa: E402
from people.postings import create_unit, post_officer  # noqa: E402
from tests.screen_states_ledger import late_states, ledger_states  # noqa: E402
from tests.screen_states_questions import question_states  # noqa: E402
from tests.screen_states_records import record_states  # noqa: E402
from tests.screen_states_rooms import room_states  # noqa: E402
from tests.screen_states_sitting import sitting_states  # noqa: E402
from training_site.demonstration.answers import right_answer, wrong_answer  # noqa: E402
from training_site.views import pages  # noqa: E402

PASSWORD = "policing-by-consent"
LONG_NAME = "Maximiliana Wolfeschlegelstein-Featherstonehaugh"
ETHIOPIC_NAME = "አበበ ገብረመድህን ወልደማርያም"
ARABIC_NAME = "عبد الرحمن بن محمد الخوارزمي"
DAY = timedelta(days=1)


def person(key: str, name: str, short_name: str = "") -> User:
    """Make somebody of team C who signs in as ``<key>@force.example``: team B is the demonstration's."""
    number = str(910000 + User.objects.count())
    officer = User.objects.create_user(number, f"{key}@force.example", name, PASSWORD, short_name=short_name)
    post_officer(officer, team_c(), by=None, valid_from=clock.today() - 30 * DAY)
    return officer


def team_c() -> Unit:
    parent, since = Unit.objects.get(code="as-response"), clock.today() - 30 * DAY
    known_unit = Unit.objects.filter(code="as-response-c").first()
    name = "Central South response, team C"
    return known_unit or create_unit("as-response-c", name, parent=parent, by=None, valid_from=since)


def known(key: str) -> User:
    return User.objects.get(email=f"{key}@force.example")


def begin(officer: User, code: str, *, at: datetime) -> Enrolment:
    """Enrol and return the enrolment with what the verbs of progress ask for."""
    made = enrol(officer, Course.objects.get(code=code), by=officer, at=at)
    return Enrolment.objects.select_related("release", "course", "officer").get(pk=made.pk)


def read(enrolment: Enrolment, *, at: datetime, only: int | None = None) -> None:
    """Finish the lessons, or the first ``only`` of them."""
    for step in list(enrolment.release.steps.filter(kind="lesson"))[:only]:
        finish_step(enrolment, step.slug, by=enrolment.officer, at=at)


def start(enrolment: Enrolment, *, at: datetime) -> Attempt:
    slug = enrolment.release.steps.filter(kind="assessment").values_list("slug", flat=True)[0]
    return start_assessment(
        enrolment, slug, by=enrolment.officer, at=at, address=f"/learn/{enrolment.course.slug}/{slug}/"
    )


def answer(attempt: Attempt, *, at: datetime, only: int | None = None, wrong: int = 0) -> None:
    """Answer the questions, or the first ``only``; the first ``wrong`` that are not must-pass with a mistake."""
    for item in list(attempt.items.select_related("question_version"))[:only]:
        version = item.question_version
        misses = wrong > 0 and not version.must_pass
        wrong -= misses
        give = wrong_answer if misses else right_answer
        response = give(version.type, version.definition)
        save_response(
            attempt, item.position, response, by=attempt.officer, at=at, device=attempt.device, sequence=item.position
        )


def sat(officer: User, code: str, *, at: datetime, wrong: int = 0, only: int | None = None) -> Attempt:
    """Enrol, read everything and hand in a test."""
    enrolment = begin(officer, code, at=at)
    read(enrolment, at=at)
    attempt = start(enrolment, at=at)
    answer(attempt, at=at + timedelta(minutes=9), wrong=wrong, only=only)
    return submit_attempt(attempt, by=officer, at=at + timedelta(minutes=12))


@transaction.atomic
def certificate(
    officer: User, subject: str, title: str, *, on: timedelta, lasts: timedelta | None, at: datetime | None = None
) -> Certificate:
    """Award a certificate ``on`` so long ago that ends ``lasts`` later; its row was made ``at``, now where none is said."""
    day = clock.today() - on
    entry = append_entry(
        kind=EntryKind.COMPLETION,
        officer=officer.public_id,
        day=day,
        subject=subject,
        minutes=90,
        payload={"title": title, "release": 1, "outcome": "passed"},
    )
    return award_certificate(
        officer,
        subject=subject,
        title=title,
        release_label="Release 1",
        minutes=90,
        awarded_on=day,
        valid_until=day + lasts if lasts else None,
        completion_entry=entry,
        assessed=True,
        at=at or clock.now(),
    )


def result_of(attempt: Attempt) -> str:
    return f"{attempt.context_address}result/{attempt.pk}/"


def do_waiting_work() -> None:
    """Do what the sweeper would: it does not run here, so that nothing changes between two pictures."""
    for _ in range(2):
        seal_now()
        for kind, key in work.due_work():
            work.do_work(kind, key)


def attempts(now: datetime) -> dict[str, str]:
    """Attempts in every state."""
    sitting = start(read_through(person("sitting", "Sam Demo", "PC S. Demo"), "SPEC-110", at=now), at=now)
    answer(sitting, at=now, only=7)
    for position in (4, 8):
        set_flag(sitting, position, True, by=sitting.officer, at=now, device=sitting.device)
    late = start(read_through(person("late", "Lee Demo", "PC L. Demo"), "SPEC-110", at=now), at=now - 2 * DAY / 24)
    answer(late, at=now - 110 * timedelta(minutes=1), only=6)
    ended = start(read_through(person("ended", "Edie Demo", "PC E. Demo"), "MH-101", at=now), at=now - 3 * DAY / 24)
    answer(ended, at=now - 170 * timedelta(minutes=1), only=9)
    expire_attempt(ended, at=now)
    passed = sat(person("passed", "Pat Demo", "PC P. Demo"), "MH-101", at=now - timedelta(minutes=20), wrong=2)
    failed = sat(person("failed", "Fin Demo", "PC F. Demo"), "MH-101", at=now - timedelta(minutes=20), wrong=6)
    long_ago = Attempt.objects.get(officer=known("officer"), outcome=Outcome.FAILED)
    return {
        "attempt": f"/assess/{sitting.pk}/",
        "time-up": f"/assess/{late.pk}/",
        "receipt": f"/assess/{passed.pk}/receipt/",
        "receipt-expired": f"/assess/{ended.pk}/receipt/",
        "result-passed": result_of(passed),
        "result-failed": result_of(failed),
        "result-passed-since": result_of(long_ago),
    }


def read_through(officer: User, code: str, *, at: datetime) -> Enrolment:
    enrolment = begin(officer, code, at=at - DAY)
    read(enrolment, at=at - DAY)
    return enrolment


def lessons(now: datetime) -> dict[str, str]:
    """A lesson whose check was answered right, one wrong, and a kept reflection."""
    addresses = {}
    for key, give in (("right", right_answer), ("wrong", wrong_answer)):
        learner = person(f"answered-{key}", "Ash Demo", "PC A. Demo")
        enrolment = begin(learner, "MH-101", at=now - DAY)
        read(enrolment, at=now - DAY, only=1)
        step = enrolment.release.steps.filter(kind="lesson")[1]
        for slot, check in step.checks.items():
            answer_check(enrolment, step.slug, slot, give(check["type"], check["definition"]), by=learner, at=now - DAY)
        for slot in list(step.reflections)[:1]:
            text = "I rang the advice line first, and wrote down whom I spoke to and when."
            write_reflection(enrolment, step.slug, slot, text, by=learner, at=now)
        addresses[f"check-{key}"] = f"/learn/mh-101/{step.slug}/#{next(iter(step.checks))}"
        addresses[f"reflection-{key}"] = f"/learn/mh-101/{step.slug}/#{next(iter(step.reflections), '')}"
    return addresses


def names(now: datetime) -> dict[str, str]:
    """The same record for a 48-letter, an Ethiopic and an Arabic name."""
    for key, name in (("long", LONG_NAME), ("ethiopic", ETHIOPIC_NAME), ("arabic", ARABIC_NAME)):
        sat(person(f"name-{key}", name), "ETH-101", at=now - 2 * DAY, wrong=1)
    many = person("many", "Mina Demo", "PC M. Demo")
    for number in range(1, 15):
        title = f"Public order briefing {number}"
        certificate(many, f"BRIEF-{number:02d}", title, on=number * 9 * DAY, lasts=365 * DAY)
    return {}


def certificates() -> dict[str, str]:
    """Certificates in every standing, by the code a stranger types."""
    holder, approver = person("holder", "Hana Demo", "PC H. Demo"), known("approver")
    first_aid = "Life support for response officers"
    expired = certificate(holder, "FA-101", first_aid, on=800 * DAY, lasts=365 * DAY)
    older = certificate(holder, "DRV-101", "Response driving: refresher", on=400 * DAY, lasts=365 * DAY)
    certificate(holder, "DRV-101", "Response driving: refresher", on=30 * DAY, lasts=365 * DAY)
    revoked = certificate(holder, "CUS-101", "Custody: care and welfare", on=90 * DAY, lasts=365 * DAY)
    do_waiting_work()
    reason = "The final test was sat by somebody else."
    revoke_certificate(
        revoked,
        by=known("training-admin"),
        approved_by=approver,
        reason=reason,
        at=clock.now(),
        public_reason=PublicReason.OTHER,
    )
    valid = Certificate.objects.filter(officer=known("recruit")).get()
    pdf = read_issued(valid)
    edited = Path(os.environ["VAR_DIR"]) / "edited.pdf"
    edited.write_bytes(pdf[:-600] + b" " + pdf[-600:])
    found = {"valid": valid, "expired": expired, "superseded": older, "revoked": revoked}
    addresses = {f"verify-{key}": f"/verify/{one.code}/" for key, one in found.items()}
    for key in ("name-long", "name-ethiopic", "name-arabic"):
        addresses[f"pdf-{key}"] = Certificate.objects.get(officer=known(key)).get_absolute_url()
    return {
        **addresses,
        "pdf": valid.get_absolute_url(),
        "edited-file": str(edited),
    }


def activities(now: datetime) -> dict[str, str]:
    """What was returned to the officer, and what waits for the supervisor."""
    officer, supervisor = known("officer"), known("supervisor")
    day = timezone.localdate(now)
    waiting = log_activity(
        officer,
        title="Walked the estate with the neighbourhood team",
        kind="on_the_job",
        day=day - DAY,
        minutes=95,
        learned="I ask residents what changed before I tell them what we did.",
        client_token=uuid.uuid4(),
        at=now,
    )
    submit_activity(waiting, by=officer, verifier=supervisor, at=now)
    returned = Activity.objects.get(officer=officer, title="Shadowed the custody desk")
    verified = Activity.objects.filter(officer=officer, title="Briefing on recording grounds").get()
    draft = Activity.objects.filter(officer=officer, title="Team talk on handovers").get()
    return {
        "cpd-returned": f"/cpd/{returned.pk}/",
        "cpd-verified": f"/cpd/{verified.pk}/",
        "cpd-draft": f"/cpd/{draft.pk}/",
        "cpd-reflect": f"/cpd/{draft.pk}/reflect/",
        "cpd-submit": f"/cpd/{draft.pk}/submit/",
        "cpd-discard": f"/cpd/{draft.pk}/delete/",
        "cpd-team": f"/team/cpd/{waiting.pk}/",
    }


def authoring(now: datetime) -> dict[str, str]:
    """A draft, a course under review, and the admin's pages about courses."""
    trainer = known("trainer")
    lead, ethics = Course.objects.get(code="LEAD-101"), Course.objects.get(code="ETH-101")
    for course, title in ((lead, "When somebody is not well"), (ethics, "A choice with no good side")):
        page = LessonPage.objects.descendant_of(course.page).first()
        page.title = title
        page.save_revision(user=trainer)
    note = "Renamed the first lesson after the last class asked what it was about."
    under_review = submit_course(lead.page.specific, by=trainer, at=now, note=note)
    question = QuestionVersion.objects.filter(type="multiple_response").order_by("question__code")[0].question_id
    assessment = Assessment.objects.order_by("code")[0].pk
    return {
        "question": f"/admin/assessments/questions/{question}/",
        "assessment": f"/admin/assessments/tests/{assessment}/",
        "submit": f"/admin/course-reviews/submit/{ethics.page_id}/",
        "review": f"/admin/course-reviews/{under_review.pk}/",
        "class-list": f"/admin/class-lists/{Course.objects.get(code='MH-101').pk}/",
        "review-dates": f"/admin/courses/{lead.pk}/review-dates/",
        "withdraw": f"/admin/courses/{lead.pk}/withdraw/",
        "course-page": f"/admin/pages/{ethics.page_id}/edit/",
        "lesson-page": f"/admin/pages/{LessonPage.objects.descendant_of(ethics.page).first().pk}/edit/",
    }


def error_pages() -> dict[str, str]:
    """Pages nobody can reach by following links, as the site would send them."""
    request = RequestFactory().get("/my/")
    request.user = known("officer")
    return {
        "500.html": pages.server_error(request).content.decode(),
        "400.html": pages.bad_request(request).content.decode(),
        "429.html": render_to_string("429.html", request=request),
        "403.html": render_to_string("403.html", request=request),
    }


def before() -> dict[str, str]:
    now = clock.now()
    person("first-day", "Noor Demo", "Recruit N. Demo")
    made = {**attempts(now), **lessons(now), **names(now), **question_states(now, person)}
    made |= certificates() | activities(now) | record_states(now, person, known) | room_states(now, person, known)
    made |= sitting_states(now, person, known)
    made |= ledger_states(now, person, known, certificate, do_waiting_work)
    made |= authoring(now) | error_pages()
    do_waiting_work()
    made |= late_states(known, certificate)
    # One more passes after the sweeper's last round: the certificate is being made.
    waiting = sat(person("waiting", "Wren Demo", "PC W. Demo"), "MH-101", at=clock.now() - timedelta(minutes=20))
    row = Certificate.objects.get(officer=waiting.officer)
    assert (ISSUE_WORK, str(row.pk)) in work.due_work()
    return made | {"result-waiting": result_of(waiting), "being-made": row.get_absolute_url()}


def after() -> dict[str, str]:
    """Newer releases that ask something of those who are in an older one, and a course withdrawn under its reader."""
    now, approver = clock.now(), known("approver")
    told, again = person("told", "Tess Demo", "PC T. Demo"), person("again", "Ali Demo", "PC A. Demo")
    left = person("left", "Lou Demo", "PC L. Demo")
    for learner, code in ((told, "SPEC-110"), (again, "INIT-101"), (left, "MH-101")):
        read(begin(learner, code, at=now - DAY), at=now - DAY, only=2)
    newer_release("SPEC-110", ReleaseDemand.ACKNOWLEDGE, "The duty to give a receipt was amended.", at=now)
    newer_release("INIT-101", ReleaseDemand.RETAKE, "The lesson on force records taught a form no longer used.", at=now)
    reason = "The law of places of safety changes on 1 December. A new course follows."
    withdraw_course(Course.objects.get(code="MH-101"), by=approver, at=now, reason=reason)
    return {}


def newer_release(code: str, demand: ReleaseDemand, reason: str, *, at: datetime) -> None:
    approver = known("approver")
    page = Course.objects.get(code=code).page.specific
    page.promise = f"{page.promise} "
    revision = page.save_revision(user=approver).pk
    frozen = freezing.prepare(page)
    freezing.write_list(
        frozen, revision=revision, by=approver, at=at, demand=demand, demand_reason=reason, because="Urgent change"
    )
    publish_release(page, by=approver, at=at, revision=revision)


if __name__ == "__main__":
    json.dump({"before": before, "after": after}[sys.argv[1]](), sys.stdout)
