"""The one place that turns finished learning into ledger entries and certificates.

Steps done, and the completion of a course by its release's rule. Everything here is keyed by enrolment and step slug. What a learner
answers and writes inside a lesson stands in ``lesson_answers``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.attempts import can_start, start_attempt
from assessments.models import AssessmentVersion, Attempt, AttemptState, Outcome
from assessments.rooms.starting import room_for_code
from courses.awards import award_what_it_leads_to, last_day_of
from courses.enrolments import awaits_acknowledgement, close_enrolment, context_stem, is_overruled
from courses.models import (
    Completion,
    CompletionRule,
    Enrolment,
    EnrolmentOutcome,
    Release,
    StepDone,
)
from courses.nominations import end_by_completion
from courses.outlines import Outline, Step, outline_of
from cpd_records.certificates import award_certificate
from cpd_records.currency.days import months_after
from cpd_records.ledger.entries import append_entry
from people import access
from people.dates import long_date
from people.models import User

CONTEXT_LENGTH = 120


class ProgressRefused(Exception):
    """Something about a step is refused; the message says what, why, and what to do."""


class NoSuchStep(ProgressRefused):
    pass


class StepNotOpen(ProgressRefused):
    """``waiting_for`` are the steps to do first."""

    def __init__(self, step: Step, waiting_for: list[Step]) -> None:
        self.waiting_for = waiting_for
        first = waiting_for[0].title
        more = f" and {len(waiting_for) - 1} more" if len(waiting_for) > 1 else ""
        super().__init__(f"{step.title} opens when the steps before it are done: ‘{first}’{more}.")


class EnrolmentClosed(ProgressRefused):
    pass


class MustAcknowledge(ProgressRefused):
    pass


class MustRetake(ProgressRefused):
    pass


class NotYourEnrolment(ProgressRefused):
    pass


class NotFinished(ProgressRefused):
    pass


class CannotConfirm(ProgressRefused):
    pass


def outline_for(enrolment: Enrolment) -> Outline:
    """Return the outline of the release this enrolment began on."""
    return outline_of(enrolment.release_id, enrolment.release.digest)


def waiting_for(outline: Outline, step: Step, done: Collection[str]) -> list[Step]:
    """Return what must be done before a step opens: for an assessment every lesson and task before it, otherwise nothing."""
    if not step.is_assessment:
        return []
    earlier = outline.steps[: outline.steps.index(step)]
    return [other for other in earlier if not other.is_assessment and other.slug not in done]


def context_of(enrolment_stem: str, slug: str) -> str:
    """Return the opaque name an attempt carries for a step: no longer than the engine keeps, the same for ever."""
    plain = f"{enrolment_stem}:{slug}"
    if len(plain) <= CONTEXT_LENGTH:
        return plain
    return f"{enrolment_stem}:{hashlib.sha256(slug.encode()).hexdigest()[:40]}"


def remember_place(enrolment: Enrolment, slug: str, *, at: datetime) -> None:
    """Remember the step to resume at; a closed enrolment keeps the place it had."""
    step_of(enrolment, slug)
    if enrolment.closed_at is None:
        enrolment.place, enrolment.place_at = slug, at
        enrolment.save(update_fields=["place", "place_at"])


def finish_step(enrolment: Enrolment, slug: str, *, by: User, at: datetime) -> Step | None:
    """Record a lesson or task as done, move the place to what follows, and return that step; the last one returns None.

    Done twice is done once. A closed enrolment is only read: nothing is written. An assessment is done by its attempt, not here.
    """
    outline, step = step_of(enrolment, slug)
    refuse_stranger(enrolment, by)
    following = outline.after(step)
    if enrolment.closed_at is not None:
        return following
    _refuse_overruled(enrolment)
    with transaction.atomic():
        if not step.is_assessment:
            StepDone.objects.get_or_create(enrolment=enrolment, step=slug, defaults={"at": at})
        enrolment.place, enrolment.place_at = (following or step).slug, at
        enrolment.save(update_fields=["place", "place_at"])
        _complete_if_earned(enrolment, at=at)
    return following


def start_assessment(
    enrolment: Enrolment, slug: str, *, by: User, at: datetime, address: str, start_code: str = ""
) -> Attempt:
    """Start, or go on with, the attempt at an assessment step. ``address`` is the step's page, where its result will stand.

    ``start_code`` is that of the room where an invigilated one is sat; going on asks for none.
    """
    outline, step = step_of(enrolment, slug)
    refuse_stranger(enrolment, by)
    if step.assessment_version is None:
        raise NoSuchStep("This step is not an assessment.")
    if enrolment.closed_at is not None:
        raise EnrolmentClosed(
            "You have finished this course. Its assessment is closed; your results stay on your record."
        )
    _refuse_overruled(enrolment)
    missing = waiting_for(outline, step, steps_done(enrolment))
    if missing:
        raise StepNotOpen(step, missing)
    version = AssessmentVersion.objects.select_related("assessment").get(pk=step.assessment_version)
    ref = context_of(context_stem(enrolment), slug)
    room = None
    if version.is_invigilated and can_start(version, by, context_ref=ref, at=at).is_new:
        room = room_for_code(version, start_code, by=by, at=at)
    remember_place(enrolment, slug, at=at)
    return start_attempt(
        version,
        by=by,
        at=at,
        room=room,
        context_ref=ref,
        context_title=f"{enrolment.release.title}: {step.title}",
        context_address=address,
    )


def pass_step(enrolment: Enrolment, slug: str, attempt: Attempt) -> None:
    """Record an assessment as done by an attempt that passed or completed it, which may complete the course.

    Whoever left the course meanwhile finds the step done on coming back; nothing completes without them.
    """
    at = attempt.closed_at or attempt.started_at
    StepDone.objects.get_or_create(enrolment=enrolment, step=slug, defaults={"at": at})
    if enrolment.closed_at is None:
        _complete_if_earned(enrolment, at=at, attempt=attempt)


def complete_again(enrolment: Enrolment, attempt: Attempt) -> Completion:
    """Complete a course anew whose completion was taken back by mistake: a further occasion on the same release, with its own entry.

    What was recorded stays, with its withdrawal; a refresher that has begun meanwhile goes on beside it.
    """
    at = attempt.closed_at or attempt.started_at
    with transaction.atomic():
        last = Enrolment.objects.filter(officer=enrolment.officer, course=enrolment.course).order_by("-occasion")[0]
        again = Enrolment.objects.create(
            officer=enrolment.officer,
            course=enrolment.course,
            release=enrolment.release,
            occasion=last.occasion + 1,
            attempts_since=enrolment.attempts_since,
            enrolled_at=enrolment.enrolled_at,
            enrolled_by=enrolment.enrolled_by,
            closed_at=at,
            outcome=EnrolmentOutcome.COMPLETED,
        )
        StepDone.objects.bulk_create(
            StepDone(enrolment=again, step=done.step, at=done.at) for done in enrolment.steps_done.all()
        )
        StepDone.objects.bulk_create(
            [StepDone(enrolment=again, step=step.slug, at=at) for step in _steps_by(again, attempt)],
            ignore_conflicts=True,
        )
        earlier = Completion.objects.filter(enrolment=enrolment).first()
        confirmed_by = earlier.confirmed_by if earlier else None
        return _complete(again, outline_for(again), at=at, attempt=attempt, confirmed_by=confirmed_by)


def _steps_by(enrolment: Enrolment, attempt: Attempt) -> list[Step]:
    stem = context_stem(enrolment)
    return [one for one in outline_for(enrolment).assessments if context_of(stem, one.slug) == attempt.context_ref]


def steps_done(enrolment: Enrolment) -> set[str]:
    """Return the slugs of the steps done on this occasion."""
    return set(enrolment.steps_done.values_list("step", flat=True))


def missing_for_completion(outline: Outline, done: Collection[str]) -> list[Step]:
    """Return the steps the release's rule still asks for, apart from a supervisor's confirmation."""
    asked = outline.assessments if outline.completion == CompletionRule.PASS else ()
    return [step for step in asked or outline.steps if step.slug not in done]


def confirm_completion(enrolment: Enrolment, *, by: User, at: datetime) -> Completion:
    """Complete a course that asks for a supervisor's word; nobody confirms their own, and only the officer's supervisor can."""
    if access.is_own(by, enrolment.officer):
        raise CannotConfirm("You cannot confirm your own course. Your supervisor can.")
    if not access.supervises(by, enrolment.officer):
        raise CannotConfirm("Only somebody who supervises this officer today can confirm the course.")
    if enrolment.release.completion != CompletionRule.SUPERVISOR:
        raise CannotConfirm("This course needs no confirmation: it completes by itself.")
    return complete_course(enrolment, at=at, confirmed_by=by)


def complete_course(
    enrolment: Enrolment, *, at: datetime, attempt: Attempt | None = None, confirmed_by: User | None = None
) -> Completion:
    """Complete a course in one transaction: ledger entry, what it awards, certificate, completion, closed enrolment. Twice is once.

    Refused while steps are missing, while a supervisor's word is, or when a newer release must be taken instead.
    """
    with transaction.atomic():
        enrolment = (
            Enrolment.objects.select_for_update(of=("self",))
            .select_related("release", "course", "officer")
            .get(pk=enrolment.pk)
        )
        finished = Completion.objects.filter(enrolment=enrolment).first()
        if finished is not None:
            return finished
        outline = outline_for(enrolment)
        _refuse_unearned(enrolment, outline, confirmed_by)
        return _complete(enrolment, outline, at=at, attempt=attempt, confirmed_by=confirmed_by)


def valid_until(day: date, months: int | None) -> date | None:
    """Return the last valid day: the same day so many months on, or the last of a shorter month; None never ends."""
    return None if months is None else months_after(day, months)


def _complete(
    enrolment: Enrolment, outline: Outline, *, at: datetime, attempt: Attempt | None, confirmed_by: User | None
) -> Completion:
    release, day = enrolment.release, timezone.localdate(at)
    released = timezone.localdate(release.released_at)
    attempt = attempt or _attempt_behind(enrolment, outline)
    until = last_day_of(enrolment, day=day, otherwise=valid_until(day, release.validity_months))
    payload = said_of_completion(
        release,
        enrolment.course.code,
        outcome=attempt.outcome if attempt else "completed",
        occasion=enrolment.occasion,
        enrolment=str(enrolment.pk),
    )
    if attempt is not None:
        payload["attempt"] = str(attempt.pk)
        if attempt.score is not None:
            payload["score_millionths"] = attempt.score
    if confirmed_by is not None:
        payload["confirmed_by"] = str(confirmed_by.public_id)
    entry = append_entry(
        kind="completion",
        officer=enrolment.officer.public_id,
        day=day,
        payload=payload,
        minutes=release.minutes,
        subject=enrolment.course.code,
        valid_until=until,
    )
    award_what_it_leads_to(enrolment, entry, day=day)
    certificate = award_certificate(
        enrolment.officer,
        subject=enrolment.course.code,
        title=release.title,
        release_label=f"Release {release.number} of {long_date(released)}",
        minutes=release.minutes,
        awarded_on=day,
        valid_until=until,
        completion_entry=entry,
        assessed=attempt is not None and attempt.outcome == Outcome.PASSED,
        at=at,
        template=release.particulars.get("certificate_template", ""),
    )
    completion = Completion.objects.create(
        enrolment=enrolment, at=at, entry=entry, certificate=certificate, confirmed_by=confirmed_by, attempt=attempt
    )
    close_enrolment(enrolment, outcome=EnrolmentOutcome.COMPLETED, at=at)
    end_by_completion(enrolment, at=at)
    return completion


def said_of_completion(release: Release, course: str, *, outcome: str, occasion: int, enrolment: str) -> dict[str, Any]:
    """Return what every completion's entry says besides its columns; one with an attempt, or a confirmation, says that too."""
    payload: dict[str, Any] = {
        "course": course,
        "title": release.title,
        "release": release.number,
        "release_digest": release.digest,
        "completion_rule": release.completion,
        "outcome": outcome,
        "occasion": occasion,
        "enrolment": enrolment,
    }
    if release.validity_months is not None:
        payload["validity_months"] = release.validity_months
    return payload


def attempts_that_passed(enrolment: Enrolment, *slugs: str) -> QuerySet[Attempt]:
    """Return the attempts on this occasion that passed or completed one of these steps, the last one last."""
    refs = [context_of(context_stem(enrolment), slug) for slug in slugs]
    done = Attempt.objects.filter(
        officer=enrolment.officer_id, context_ref__in=refs, outcome__in=[Outcome.PASSED, Outcome.COMPLETED]
    ).exclude(state=AttemptState.VOIDED)
    return done.order_by("closed_at")


def _attempt_behind(enrolment: Enrolment, outline: Outline) -> Attempt | None:
    """Return the last attempt that did an assessment of this course, where the completion did not come from one directly."""
    return attempts_that_passed(enrolment, *(step.slug for step in outline.assessments)).last()


def _complete_if_earned(enrolment: Enrolment, *, at: datetime, attempt: Attempt | None = None) -> None:
    outline = outline_for(enrolment)
    earned = not missing_for_completion(outline, steps_done(enrolment))
    if earned and outline.completion != CompletionRule.SUPERVISOR and not is_overruled(enrolment):
        complete_course(enrolment, at=at, attempt=attempt)
        enrolment.refresh_from_db(fields=["closed_at", "outcome"])


def _refuse_unearned(enrolment: Enrolment, outline: Outline, confirmed_by: User | None) -> None:
    if enrolment.closed_at is not None:
        raise EnrolmentClosed("This enrolment is closed, so the course cannot be completed on it. Enrol again first.")
    if is_overruled(enrolment):
        raise MustRetake("A newer release of this course must be taken instead. Start it from the course page.")
    missing = missing_for_completion(outline, steps_done(enrolment))
    if missing:
        raise NotFinished(f"The course is not finished: ‘{missing[0].title}’ is still to be done.")
    if outline.completion == CompletionRule.SUPERVISOR and confirmed_by is None:
        raise NotFinished("All steps are done. Your supervisor still has to confirm the course.")


def refuse_stranger(enrolment: Enrolment, by: User) -> None:
    if by.pk != enrolment.officer_id:
        raise NotYourEnrolment("Only the person enrolled can do the steps of this course.")


def _refuse_overruled(enrolment: Enrolment) -> None:
    if is_overruled(enrolment):
        raise MustRetake("A newer release of this course must be taken instead. Start it from the course page.")
    if awaits_acknowledgement(enrolment):
        raise MustAcknowledge(
            "A newer release changed something you must know. Read what changed on the course page first."
        )


def step_of(enrolment: Enrolment, slug: str) -> tuple[Outline, Step]:
    outline = outline_for(enrolment)
    step = outline.by_slug.get(slug)
    if step is None:
        raise NoSuchStep("This step is not part of the release you are on.")
    return outline, step


def enrolment_of(attempt: Attempt) -> Enrolment | None:
    """Return the enrolment an attempt counts for, the open one or else the last; None when it belongs to no course."""
    word, _, rest = attempt.context_ref.partition(":")
    course, _, rest = rest.partition(":")
    since, _, _slug = rest.partition(":")
    if word != "course" or not (course.isdigit() and since.isdigit()):
        return None
    return (
        Enrolment.objects.filter(officer=attempt.officer_id, course=int(course), attempts_since=int(since))
        .select_related("release", "course", "officer")
        .order_by("-occasion")
        .first()
    )
