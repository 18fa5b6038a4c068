"""Questions and assessments: identities that stay, and versions that never change.

A bank is named by an opaque code given from above (a course code); a family likewise, for who may author.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from assessments.authors import families_seen_by
from assessments.sittings import QUERY_DAYS


class QuestionUse(models.TextChoices):
    """Where a question may appear; never in both places."""

    LESSON = "lesson", "Lesson check"
    EXAM = "exam", "Assessment"


class Difficulty(models.TextChoices):
    """The author's forecast until there are answers."""

    EASY = "easy", "Easy"
    MEDIUM = "medium", "Medium"
    HARD = "hard", "Hard"


class VersionState(models.TextChoices):
    """Where a question version stands; the truth is its steps, this is their cache."""

    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    RETIRED = "retired", "Retired"


class FeedbackPolicy(models.TextChoices):
    """When a candidate sees what was right and why."""

    AT_ONCE = "at_once", "At once, question by question"
    AFTER_SUBMIT = "after_submit", "After submission"
    AFTER_WINDOW = "after_window", "After the window has closed"
    NEVER = "never", "Never"


class ResultsPolicy(models.TextChoices):
    """When a candidate, and everything that follows from a mark, hears of a result."""

    AT_ONCE = "at_once", "At once"
    AFTER_WINDOW = "after_window", "From a day and time"
    NEVER = "never", "Never"


class Layout(models.TextChoices):
    """How the questions of a sitting stand on the page."""

    ONE = "one", "One question at a time"
    WHOLE = "whole", "All questions on one page"


class Navigation(models.TextChoices):
    """Whether a candidate may go back to a question."""

    FREE = "free", "Any order"
    FORWARD = "forward", "Forward only"


class OverlapRule(models.TextChoices):
    """What the attempts of one person on an assessment may have in common."""

    AVOID = "avoid", "Avoid questions seen before as far as possible"
    NEVER = "never", "Never draw a question again"
    FREE = "free", "Draw freely"


class QuestionQuerySet(models.QuerySet["Question"]):
    """Questions as those who work on them see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> QuestionQuerySet:
        """Questions of the families this person writes, reviews or approves for; the system administrator sees all."""
        families = families_seen_by(user)
        return self if families is None else self.filter(family__in=families)


class QuestionVersionQuerySet(models.QuerySet["QuestionVersion"]):
    """Versions as those who work on them see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> QuestionVersionQuerySet:
        families = families_seen_by(user)
        return self if families is None else self.filter(question__family__in=families)

    def newest(self) -> QuestionVersionQuerySet:
        """The newest version of each question."""
        newer = QuestionVersion.objects.filter(question=OuterRef("question"), number__gt=OuterRef("number"))
        return self.filter(~Exists(newer))


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Assessments as those who work on them see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> AssessmentQuerySet:
        """Assessments of the families this person writes, reviews or approves for; the system administrator sees all."""
        families = families_seen_by(user)
        return self if families is None else self.filter(family__in=families)

    def with_versions(self) -> AssessmentQuerySet:
        """With their versions, the newest first."""
        newest_first = AssessmentVersion.objects.order_by("-number")
        return self.prefetch_related(models.Prefetch("versions", newest_first))


class Question(models.Model):
    """A question for its whole life; what it says is in its versions. ``code`` is never reused."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=80, unique=True)
    bank = models.CharField(max_length=60, db_index=True)
    family = models.CharField(max_length=60, blank=True)
    module = models.CharField(max_length=120, blank=True, help_text="The author's grouping inside the bank.")
    topic = models.ForeignKey("assessments.Topic", on_delete=models.PROTECT, null=True, related_name="questions")
    source = models.CharField(max_length=300, blank=True, help_text="Where it came from.")
    use = models.CharField(max_length=10, choices=QuestionUse.choices, default=QuestionUse.EXAM)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """What a question says, fixed. ``definition`` holds stem, options and keys as its type validates them.

    ``digest`` is the SHA-256 of the canonical JSON of type, definition and the columns that bear on a result; ``max_mark``, what the
    question carries of an assessment's marks, is in it where it is not 1.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    type = models.CharField(max_length=40)
    definition = models.JSONField()
    outcome = models.CharField(max_length=20, blank=True)
    topic = models.CharField(max_length=120, blank=True)
    difficulty = models.CharField(max_length=10, choices=Difficulty.choices, default=Difficulty.MEDIUM)
    must_pass = models.CharField(
        max_length=120, blank=True, help_text="The rule it tests; empty when it is not must-pass."
    )
    references = models.JSONField(default=list, blank=True)
    max_mark = models.DecimalField(max_digits=12, decimal_places=7, default=1)
    note = models.TextField(blank=True, help_text="The mistake behind each distractor. Never shown to candidates.")
    author_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=VersionState.choices, default=VersionState.DRAFT)
    digest = models.CharField(max_length=64)

    objects = QuestionVersionQuerySet.as_manager()

    class Meta:
        ordering = ["question", "number"]
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="question_version_numbers_are_unique"),
            models.UniqueConstraint(
                fields=["question"], condition=Q(state="approved"), name="one_approved_version_of_a_question"
            ),
            models.CheckConstraint(condition=Q(max_mark__gte=0), name="a_question_carries_no_negative_mark"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} version {self.number}"


class VersionStep(models.Model):
    """A change of state of a question version: who, when, why. Approval is never by the author."""

    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=12, choices=VersionState.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["at", "id"]


class Assessment(models.Model):
    """An assessment for its whole life; its rules are in its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(max_length=80, unique=True)
    bank = models.CharField(max_length=60, db_index=True)
    family = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class AssessmentVersion(models.Model):
    """An assessment's rules, fixed: time in minutes, pass mark in per cent, attempts, wait in hours, feedback, blueprint.

    ``draw`` is a list of ``{"outcome", "count"}`` with optional ``topic`` and ``difficulty``; a topic is the path of one of the bank's
    and takes in what is below it. Rows may name a ``section`` of the paper and the ``least`` per cent its questions must reach together,
    which is the same in every row of a section. ``excluded`` is ``{"questions": [code], "tags": [word]}``, each optional.
    ``pass_percent`` null means no pass mark. With ``must_pass`` one item of every must-pass rule of the bank is drawn, and
    failing one fails the attempt.
    ``results_from`` is the moment from which results are told, where ``results`` says so; ``query_days`` are the working days after that
    in which a candidate may query a question, 0 for none. Sittings begin from ``opens_at`` to before ``closes_at``, each null for no
    bound; whoever has begun keeps the whole time limit, and without one has until ``closes_at``. An invigilated one begins in a room
    with its start code.
    """

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    minutes = models.PositiveIntegerField(null=True)
    pass_percent = models.PositiveSmallIntegerField(null=True)
    must_pass = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(null=True)
    wait_hours = models.PositiveIntegerField(default=0)
    feedback = models.CharField(max_length=14, choices=FeedbackPolicy.choices, default=FeedbackPolicy.AFTER_SUBMIT)
    results = models.CharField(max_length=14, choices=ResultsPolicy.choices, default=ResultsPolicy.AT_ONCE)
    results_from = models.DateTimeField(null=True)
    query_days = models.PositiveSmallIntegerField(default=QUERY_DAYS)
    draw = models.JSONField()
    excluded = models.JSONField(default=dict, blank=True)
    overlap = models.CharField(max_length=6, choices=OverlapRule.choices, default=OverlapRule.AVOID)
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    layout = models.CharField(max_length=5, choices=Layout.choices, default=Layout.ONE)
    navigation = models.CharField(max_length=7, choices=Navigation.choices, default=Navigation.FREE)
    is_invigilated = models.BooleanField(default=False)
    counts_confidence = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["assessment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="assessment_version_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(pass_percent__isnull=True) | Q(pass_percent__lte=100), name="pass_mark_is_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(results="after_window", results_from__isnull=False)
                | (~Q(results="after_window") & Q(results_from__isnull=True)),
                name="results_have_a_moment_or_none",
            ),
            models.CheckConstraint(
                condition=~Q(results="never") | Q(pass_percent__isnull=True), name="a_pass_mark_is_told"
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(opens_at__lt=F("closes_at")),
                name="a_window_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(layout="one") | Q(navigation="free"), name="forward_only_is_one_question_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"
