"""States of sitting for the photographs: a start page with window and adjustments, a result told part by part, practice, a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from assessments.assessment_rules import current_version
from assessments.attempts import save_posted, submit_attempt
from assessments.interchange.handing_in import hand_in_file
from assessments.models import Assessment, Attempt
from courses.enrolments import context_stem
from courses.lesson_answers import answer_check
from courses.models import Enrolment
from courses.practice import DUE, begin_practice
from courses.progress import context_of
from people import clock
from people.adjustments import Granted, grant_adjustment
from people.models import User
from tests.assessments.building import question, rules_only, started
from tests.assessments.question_types.samples import SAMPLES, posted
from tests.courses import factories as taught

DAY = timedelta(days=1)
BANK = "MH-101"
GIFT = """::Notebook:: When do you write up the **notebook**? {
=As soon as practicable#Memory fades, and the entry is timed.
~At the end of the month#Too late.
####Write while you remember.}

::Record:: He may ask for the record for three months. {T}

::Roles:: Which task belongs to whom? {=custody officer -> authorises detention =custody nurse -> looks after health}

::Broken:: Which of these? {=One ~
"""


def sitting_states(now: datetime, person: Callable[..., User], known: Callable[[str], User]) -> dict[str, str]:
    """Make the states and return their addresses; ``training-admin@`` grants and ``trainer@`` brings the file."""
    return {**_adjusted(now, person, known), **_told(now, person), **_practising(now, person), **_brought(now, known)}


def _adjusted(now: datetime, person: Callable[..., User], known: Callable[[str], User]) -> dict[str, str]:
    usual = current_version(Assessment.objects.filter(bank=BANK).order_by("code")[0])
    assert usual is not None
    sections = ("The power and its limits", "People and places")
    draw = [
        {**row, "section": sections[number * 2 // len(usual.draw)], "least": 60}
        for number, row in enumerate(usual.draw)
    ]
    version = rules_only(
        code="screens-promotion",
        family=usual.assessment.family,
        title="Knowledge test",
        minutes=90,
        pass_percent=70,
        draw=draw,
        opens_at=now - DAY,
        closes_at=now + 2 * DAY,
        navigation="forward",
        feedback="after_window",
        attempts=2,
    )
    steps = [taught.lesson("what-the-test-asks"), taught.sat("knowledge-test", version=version)]
    made = taught.release(code="EXAM-1", title="Mental health: promotion examination", steps=steps, completion="pass")
    officer = person("adjusted", "Ada-Louise Demo", "PC A. Demo")
    granted = Granted(extra_percent=25, rest_minutes=10, has_larger_print=True, keeps_order=True)
    row = grant_adjustment(officer, granted, by=known("training-admin"), valid_from=clock.today() - 30 * DAY)
    taught.do_lessons(taught.enrolled(officer, made, at=now - DAY), at=now - DAY)
    here = f"/adjustments/{officer.public_id}/"
    return {
        "start": "/learn/exam-1/knowledge-test/",
        "adjustments": here,
        "adjustment": f"{here}{row.pk}/",
    }


def _told(now: datetime, person: Callable[..., User]) -> dict[str, str]:
    left_out = ["kind-written", "kind-files", "kind-hotspot"]
    version = rules_only(
        code="kinds-told",
        bank="KINDS-1",
        family="leadership",
        title="All kinds of question",
        draw=[{"outcome": "LO1", "count": 7}],
        excluded={"questions": left_out},
        pass_percent=80,
    )
    steps = [taught.lesson("one", outcomes=("LO1",)), taught.sat(version=version)]
    made = taught.release(code="KINDS-2", title="All kinds of question", steps=steps, completion="pass")
    enrolment = taught.enrolled(person("parts", "Tola Demo", "PC T. Demo"), made, at=now - DAY)
    taught.do_lessons(enrolment, at=now - DAY)
    attempt = _sits(enrolment, version, at=now - timedelta(hours=1))
    return {"parts": f"{attempt.context_address}result/{attempt.pk}/"}


def _sits(enrolment: Enrolment, version: Any, *, at: datetime) -> Attempt:
    officer = enrolment.officer
    address = f"/learn/{enrolment.course.slug}/final-test/"
    attempt = started(
        version, officer, at=at, context=context_of(context_stem(enrolment), "final-test"), context_address=address
    )
    for item in attempt.items.select_related("question_version__question").order_by("position"):
        name = item.question_version.question.code.removeprefix("kind-")
        if name in SAMPLES:
            fields = posted(SAMPLES[name].part)
            save_posted(attempt.pk, item.position, fields, by=officer, at=at, device="d", sequence=None, turn=None)
    attempt.refresh_from_db()
    return submit_attempt(attempt, by=officer, at=at + timedelta(minutes=9))


def _practising(now: datetime, person: Callable[..., User]) -> dict[str, str]:
    asked = [question(f"practice-{number}", use="lesson", bank="PRACTICE-1", family="leadership") for number in (1, 2)]
    lessons = [
        taught.lesson(
            f"lesson-{number}", checks={taught.SLOT: taught.check(one.definition, type=one.type) | {"id": one.pk}}
        )
        for number, one in enumerate(asked, 1)
    ]
    made = taught.release(code="PRACTICE-1", title="Detention: what to remember", steps=lessons)
    rounds = {}
    for key, name in (("practises", "Pia Demo"), ("practising", "Per Demo")):
        officer = person(key, name)
        enrolment = taught.enrolled(officer, made, at=now - 3 * DAY)
        for number in (1, 2):
            answer_check(enrolment, f"lesson-{number}", taught.SLOT, {"answer": True}, by=officer, at=now - 2 * DAY)
        rounds[key] = officer
    begun = begin_practice(rounds["practising"], DUE, by=rounds["practising"], on=clock.today(), at=now)
    return {"practice-question": f"/assess/practice/{begun.pk}/1/"}


def _brought(now: datetime, known: Callable[[str], User]) -> dict[str, str]:
    family = Assessment.objects.filter(bank=BANK).order_by("code")[0].family
    brought = hand_in_file(
        GIFT.encode(),
        name="questions-from-moodle.txt",
        format="",
        path="Custody/Records",
        bank=BANK,
        family=family,
        by=known("trainer"),
        at=now,
    )
    return {"import-look": f"/admin/assessments/questions/import/{brought.pk}/"}
