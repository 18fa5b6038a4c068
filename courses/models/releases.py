"""Courses as learners meet them: identities, and releases that are records, not pointers.

A release copies everything: content as JSON, HTML as shown, plain text, files by digest, the assessment version, outcomes, minutes.
Deleting a page, replacing an image, renaming a block or purging revisions changes nothing here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from people import access

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


def _families_of(user: AbstractBaseUser | AnonymousUser) -> set[str] | None:
    """Return the families this person writes, reviews or approves for; None is every family."""
    families = {
        held.family
        for held in access.roles(user)
        if held.code in (access.TRAINER, access.SUBJECT_REVIEWER, access.APPROVER)
    }
    return None if "" in families or access.has_role(user, access.SYSTEM_ADMIN) else families


class CourseQuerySet(models.QuerySet["Course"]):
    """Questions about courses as those who run them see them."""

    def run_by(self, user: AbstractBaseUser | AnonymousUser) -> CourseQuerySet:
        """Courses of the families this person writes, reviews or approves for; the system administrator sees all."""
        families = _families_of(user)
        return self if families is None else self.filter(family__in=families)


class Course(models.Model):
    """A course for its whole life, whatever becomes of its page. ``slug`` is its address under /catalogue/ and /learn/."""

    code = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    family = models.SlugField(max_length=60, db_index=True)
    page = models.OneToOneField(
        "courses.CoursePage", on_delete=models.SET_NULL, null=True, blank=True, related_name="course"
    )
    current_release = models.ForeignKey(
        "courses.Release", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CourseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class CourseWithdrawal(models.Model):
    """A course taken out of the catalogue, with a reason, until ``ended_at``. Nobody new may enrol; records stay."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=Q(ended_at__isnull=True), name="one_open_withdrawal_of_a_course"
            )
        ]


class ReleaseDemand(models.TextChoices):
    """What a release asks of those who are in, or have finished, an older one."""

    NONE = "", "May finish the release they started"
    ACKNOWLEDGE = "must_acknowledge", "Must acknowledge what changed"
    RETAKE = "must_retake", "Must retake"


class Decision(models.TextChoices):
    """What was decided about a list."""

    REVIEWED = "reviewed", "Passed the subject review"
    APPROVED = "approved", "Approved"
    SENT_BACK = "sent_back", "Sent back"
    WITHDRAWN = "withdrawn", "Withdrawn"
    PUBLISHED = "published", "Brought out without a review"


# A list is decided once; after one of these nothing more can be decided about it.
CLOSING_DECISIONS = (Decision.APPROVED, Decision.SENT_BACK, Decision.WITHDRAWN, Decision.PUBLISHED)


class ReviewListQuerySet(models.QuerySet["ReviewList"]):
    """Questions about lists under review."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> ReviewListQuerySet:
        """Lists of the families this person writes, reviews or approves for; the system administrator sees all."""
        families = _families_of(user)
        return self if families is None else self.filter(course__family__in=families)

    def still_open(self) -> ReviewListQuerySet:
        """Lists that were submitted and neither approved, sent back, withdrawn nor brought out."""
        return self.exclude(decisions__decision__in=CLOSING_DECISIONS).filter(frozen_because="")


class ReviewList(models.Model):  # type: ignore[django-manager-missing]  # Wagtail's task states have managers of their own
    """What was submitted for review, frozen: the whole release as it would be, ready to be written down.

    ``items`` is a list of ``{"page", "revision", "kind", "slug", "title", "parent"}`` in order. ``draft`` is the release to be:
    ``{"title", "minutes", "validity_months", "completion", "particulars", "description_html", "steps", "digest"}``, each step with
    its content, HTML, text, checks, reflections, references, files and digest, so that approval releases this list whatever becomes
    of pages, pictures, questions and revisions meanwhile. ``editors`` are ids of the people who worked on it. ``frozen_because`` says
    why there is a list that nobody submitted.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="review_lists")
    course_revision = models.BigIntegerField(db_index=True)
    items = models.JSONField()
    draft = models.JSONField(default=dict)
    editors = models.JSONField(default=list)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField()
    note = models.TextField(blank=True, help_text="What the submitter tells the reviewers.")
    demand = models.CharField(max_length=20, choices=ReleaseDemand.choices, blank=True, default=ReleaseDemand.NONE)
    demand_reason = models.CharField(max_length=500, blank=True)
    frozen_because = models.CharField(max_length=200, blank=True)

    objects = ReviewListQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at"]

    def __str__(self) -> str:
        return f"{self.draft['title']}, submitted {self.requested_at:%Y-%m-%d}"


class ReviewDecision(models.Model):
    """A decision about a list: who, when, why. Kept here because Wagtail's own record goes with the page."""

    review_list = models.ForeignKey(ReviewList, on_delete=models.PROTECT, related_name="decisions")
    decision = models.CharField(max_length=10, choices=Decision.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    comment = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["review_list"],
                condition=~Q(decision="reviewed"),
                name="a_list_is_decided_once",
            ),
            models.UniqueConstraint(
                fields=["review_list"], condition=Q(decision="reviewed"), name="a_list_is_reviewed_once"
            ),
        ]


class Release(models.Model):
    """A course as brought out on a day. Never updated but for ``demand``, which lies over it and outside the digest.

    ``particulars`` holds what a course page shows (promise, description, audience, outcomes, references, warning, …) as it read then.
    ``digest`` is the SHA-256 over the canonical JSON of the particulars and of every step's digest in order.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=255)
    minutes = models.PositiveIntegerField()
    validity_months = models.PositiveSmallIntegerField(null=True)
    leads_to = models.JSONField(default=list, help_text="Codes of the qualifications that finishing it awards.")
    completion = models.CharField(max_length=12)
    particulars = models.JSONField()
    description_html = models.TextField(blank=True)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    course_revision = models.BigIntegerField(unique=True)
    review_list = models.OneToOneField(ReviewList, on_delete=models.PROTECT, null=True, related_name="release")
    digest = models.CharField(max_length=64)
    demand = models.CharField(max_length=20, choices=ReleaseDemand.choices, blank=True, default=ReleaseDemand.NONE)
    demand_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["course", "number"]
        constraints = [models.UniqueConstraint(fields=["course", "number"], name="release_numbers_are_unique")]

    def __str__(self) -> str:
        return f"{self.title}, release {self.number}"


class StepKind(models.TextChoices):
    """What a step of a course is."""

    LESSON = "lesson", "Lesson"
    ASSESSMENT = "assessment", "Assessment"
    REFLECTIVE_TASK = "reflective_task", "Reflective task"


class ReleaseStep(models.Model):
    """One step of a release. ``html`` has empty named slots where a check or a reflection stands.

    ``checks`` maps a check's slot to the question version copied (code, version, type, definition); ``reflections`` maps a slot to
    its prompt as HTML. A step's identity is its slug, unique in its course: moving or renumbering never loses progress.
    """

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="steps")
    position = models.PositiveSmallIntegerField()
    slug = models.SlugField(max_length=120)
    kind = models.CharField(max_length=20, choices=StepKind.choices)
    title = models.CharField(max_length=255)
    module_slug = models.SlugField(max_length=120, blank=True)
    module_title = models.CharField(max_length=255, blank=True)
    module_position = models.PositiveSmallIntegerField(default=0)
    minutes = models.PositiveIntegerField(default=0)
    point = models.CharField(max_length=300, blank=True)
    outcomes = models.JSONField(default=list)
    content = models.JSONField(default=dict)
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    checks = models.JSONField(default=dict)
    reflections = models.JSONField(default=dict)
    references = models.JSONField(default=list)
    assessment_version = models.ForeignKey(
        "assessments.AssessmentVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["release", "slug"], name="step_slugs_are_unique_in_a_release"),
            models.UniqueConstraint(fields=["release", "position"], name="one_step_at_a_position"),
        ]

    def __str__(self) -> str:
        return self.title


class StoredFile(models.Model):
    """A file kept by its content: ``digest`` is its SHA-256 and its name in private storage under ``releases/``."""

    digest = models.CharField(max_length=64, primary_key=True)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()


class ReleaseFile(models.Model):
    """A file a step shows, under the name it is shown by."""

    step = models.ForeignKey(ReleaseStep, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "file", "name"], name="a_file_stands_once_in_a_step")]


class CourseReview(models.Model):
    """An approver records that a release was reviewed by the force: until then its pages say 'illustrative content'."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="reviews")
    reviewed_on = models.DateField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer_title = models.CharField(max_length=200, blank=True)
    next_review_on = models.DateField(null=True)
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at"]
