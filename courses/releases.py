"""Bringing a course out: from the frozen list to a release, whichever way Wagtail was asked to publish.

A release is written once and never changed. Nothing is rendered or copied here: that was done when the list was frozen.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import get_active_log_context
from wagtail.models import Revision

from assessments.references import ReferenceWords, keep_references
from courses import freezing
from courses.models.pages import CoursePage
from courses.models.releases import (
    Course,
    Decision,
    Release,
    ReleaseFile,
    ReleaseStep,
    ReviewDecision,
    ReviewList,
)
from people import clock, work

if TYPE_CHECKING:
    from people.models import User

GO_LIVE = "courses.publish_scheduled"
# What a step's digest covers, beside its files and its assessment.
STEP_FIELDS = (
    "slug",
    "kind",
    "title",
    "module_slug",
    "module_title",
    "module_position",
    "minutes",
    "point",
    "outcomes",
    "content",
    "html",
    "text",
    "checks",
    "reflections",
    "references",
)


class NotApproved(Exception):
    """A list that is under review comes out by approval only."""


def publish_release(course_page: CoursePage, *, by: User | None, at: datetime, revision: int | None = None) -> Release:
    """Return the release of a revision of the course page (its latest by default), writing it if there is none yet.

    Releases the approved list of that revision. Where nobody submitted it, a list is frozen now and ``by`` is recorded as who
    brought it out without a review. Raises ``NotApproved`` while a list of it is under review, ``freezing.NotReady`` where
    something stops publication.
    """
    number = revision or freezing.saved_revision(course_page, by=by)
    known = Release.objects.filter(course_revision=number).first()
    if known is not None:
        return known
    review_list = list_to_release(course_page, number, by=by, at=at)
    with transaction.atomic():
        course = Course.objects.select_for_update().get(pk=review_list.course_id)
        known = Release.objects.filter(course_revision=number).first()
        if known is not None:
            return known
        release = _write_release(course, review_list, by=by, at=at)
        course.current_release = release
        course.save(update_fields=["current_release"])
        keep_references(
            course.code,
            [_reference(row) for row in release.particulars["references"]],
            keeper=course.code,
            family=course.family,
            by=by,
            at=at,
        )
    return release


def _reference(row: dict[str, Any]) -> ReferenceWords:
    """Return a reference of a release as the bank of its course keeps it, so that its questions are found by act and section."""
    return ReferenceWords(
        code=row["id"],
        act=row["title"],
        provision=row["provision"],
        url=row["url"],
        checked_on=date.fromisoformat(row["checked_on"]) if row["checked_on"] else None,
        checked_by=row["checked_by"],
        review_by=date.fromisoformat(row["review_by"]) if row["review_by"] else None,
    )


def freeze_without_review(course_page: CoursePage, *, revision: int, by: User | None, at: datetime) -> ReviewList:
    """Freeze a list for a revision that nobody submits: the importer and the system administrator bring out so."""
    frozen = freezing.prepare(course_page, revision=Revision.objects.get(pk=revision))
    who = by.get_short_name() if by else "the importer"
    return freezing.write_list(
        frozen, revision=revision, by=by, at=at, because=f"Brought out without a review by {who}"[:200]
    )


def list_to_release(course_page: CoursePage, revision: int, *, by: User | None, at: datetime) -> ReviewList:
    """Return the list that a revision brings out: the approved one, one frozen for it, or one frozen now."""
    known = ReviewList.objects.filter(release__course_revision=revision).first()
    if known is not None:
        return known
    lists = list(ReviewList.objects.filter(course_revision=revision).prefetch_related("decisions"))
    decided = {one.pk: {row.decision for row in one.decisions.all()} for one in lists}
    for one in lists:
        if Decision.APPROVED in decided[one.pk]:
            return one
    if ReviewList.objects.still_open().filter(course_revision=revision).exists():
        raise NotApproved(
            "This course is under review. It comes out when an approver approves it, or withdraw it first."
        )
    for one in lists:
        if one.frozen_because:
            return one
    return freeze_without_review(course_page, revision=revision, by=by, at=at)


def _write_release(course: Course, review_list: ReviewList, *, by: User | None, at: datetime) -> Release:
    draft = review_list.draft
    approval = review_list.decisions.filter(decision=Decision.APPROVED).first()
    if approval is None:
        ReviewDecision.objects.get_or_create(
            review_list=review_list,
            decision=Decision.PUBLISHED,
            defaults={"by": by, "at": at, "comment": review_list.frozen_because},
        )
    last = course.releases.aggregate(last=Max("number"))["last"] or 0
    release = Release.objects.create(
        course=course,
        number=last + 1,
        title=draft["title"],
        minutes=draft["minutes"],
        validity_months=draft["validity_months"],
        leads_to=[one["code"] for one in draft["particulars"].get("leads_to", [])],
        completion=draft["completion"],
        particulars=draft["particulars"],
        description_html=draft["description_html"],
        released_at=at,
        released_by=approval.by if approval else by,
        course_revision=review_list.course_revision,
        review_list=review_list,
        digest=draft["digest"],
        demand=review_list.demand if last else "",
        demand_reason=review_list.demand_reason if last else "",
    )
    steps = ReleaseStep.objects.bulk_create(
        [_step(release, position, step) for position, step in enumerate(draft["steps"], 1)]
    )
    ReleaseFile.objects.bulk_create(
        [
            ReleaseFile(step=row, file_id=file["digest"], name=file["name"])
            for row, step in zip(steps, draft["steps"], strict=True)
            for file in step["files"]
        ]
    )
    return release


def _step(release: Release, position: int, step: dict[str, Any]) -> ReleaseStep:
    return ReleaseStep(
        release=release,
        position=position,
        assessment_version_id=step["assessment"]["version"] if step["assessment"] else None,
        digest=step["digest"],
        **{name: step[name] for name in STEP_FIELDS},
    )


# --- Every way Wagtail has of publishing ------------------------------------------------------------------------------


def on_course_published(sender: type, instance: CoursePage, revision: Revision, **kwargs: Any) -> None:
    """Release what Wagtail has just published; where it is published for a later day, have it brought out then."""
    if not instance.live:
        ask_for_go_live(revision.pk)
        return
    by = getattr(get_active_log_context(), "user", None) or revision.user
    publish_release(instance, by=by, at=clock.now(), revision=revision.pk)


def ask_for_go_live(revision: int) -> None:
    """Have a revision whose day is set brought out on that day, by whichever process is free then."""
    due = Revision.objects.values_list("approved_go_live_at", flat=True).get(pk=revision)
    if due is not None:
        work.ask(GO_LIVE, f"{revision}@{due.isoformat()}", at=due)


@work.background(GO_LIVE)
def publish_scheduled(key: str = "") -> None:
    """Bring out the scheduled revision the key names (``<revision>@<time>``), or everything due without one. Safe to repeat.

    A day that was changed or taken back meanwhile has left another row, or none, so this one has nothing to do.
    """
    waiting = Revision.objects.filter(
        content_type=ContentType.objects.get_for_model(CoursePage), approved_go_live_at__isnull=False
    ).order_by("approved_go_live_at")
    if key:
        waiting = waiting.filter(pk=int(key.partition("@")[0]))
    moment = clock.now()
    for revision in waiting:
        if revision.approved_go_live_at <= moment:
            with transaction.atomic():
                revision.publish(log_action="wagtail.publish.scheduled")
        elif key.endswith(revision.approved_go_live_at.isoformat()):
            raise work.NotYet((revision.approved_go_live_at - moment).total_seconds())


# --- Whole ------------------------------------------------------------------------------------------------------------


def is_whole(release: Release) -> bool:
    """Return whether a release's rows still give the digests they were written with."""
    steps = list(release.steps.select_related("assessment_version").prefetch_related("files"))
    if any(freezing.digest_of_step(_as_written(step)) != step.digest for step in steps):
        return False
    digests = [step.digest for step in steps]
    return freezing.digest_of_release(release.particulars, release.description_html, digests) == release.digest


def _as_written(step: ReleaseStep) -> dict[str, Any]:
    version = step.assessment_version
    fields = {name: getattr(step, name) for name in STEP_FIELDS}
    files = sorted(({"digest": row.file_id, "name": row.name} for row in step.files.all()), key=_by_name)
    return {
        **fields,
        "kind": str(step.kind),
        "files": files,
        "assessment": {"number": version.number, "digest": version.digest, "version": version.pk} if version else None,
    }


def _by_name(file: dict[str, str]) -> tuple[str, str]:
    return file["name"], file["digest"]
