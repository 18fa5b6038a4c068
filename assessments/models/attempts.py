"""Attempts: a draw fixed at the start, and an append-only list of steps from which everything else is rebuilt."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from assessments.models.bank import AssessmentVersion, QuestionVersion
from people import access


class AttemptState(models.TextChoices):
    """Where an attempt stands; a cache of its steps."""

    OPEN = "open", "In progress"
    SUBMITTED = "submitted", "Submitted"
    EXPIRED = "expired", "Submitted when time ran out"
    VOIDED = "voided", "Voided"


CLOSED_STATES = (AttemptState.SUBMITTED, AttemptState.EXPIRED, AttemptState.VOIDED)


class Outcome(models.TextChoices):
    """What an attempt came to. ``completed`` is the outcome where there is no pass mark."""

    PASSED = "passed", "Passed"
    FAILED = "failed", "Not passed"
    COMPLETED = "completed", "Completed"


class StepKind(models.TextChoices):
    """What happened to an attempt."""

    STARTED = "started", "Started"
    SAVED = "saved", "Answer saved"
    FLAGGED = "flagged", "Flag changed"
    CHECKED = "checked", "Answer checked"
    MOVED = "moved", "Moved to another device"
    PASSED_ON = "passed_on", "Went on to the next question"
    PAUSED = "paused", "Clock stopped"
    RESUMED = "resumed", "Clock running again"
    EXTENDED = "extended", "Time added"
    SUBMITTED = "submitted", "Submitted"
    EXPIRED = "expired", "Time ran out"
    MARKED = "marked", "Marked"
    REMARKED = "remarked", "Marked again"
    MODERATED = "moderated", "Moderated"
    VOIDED = "voided", "Voided"


class AttemptQuerySet(models.QuerySet[Any]):
    """Which attempts."""

    def sat_by(self, officer: Any) -> Self:
        """The attempts somebody sits or sat; the only ones whose pages open for them."""
        return self.filter(officer=officer) if access.is_person(officer) else self.none()

    def visible_to(self, user: Any) -> Self:
        """One's own attempts, and as a trainer those on assessments of one's families. A supervisor never sees marks."""
        if isinstance(user, AnonymousUser) or not access.is_person(user):
            return self.none()
        families = {held.family for held in access.roles(user) if held.code == access.TRAINER}
        if "" in families:
            return self
        return self.filter(Q(officer=user) | Q(assessment_version__assessment__family__in=families))

    def open(self) -> Self:
        return self.filter(state=AttemptState.OPEN)

    def counted(self) -> Self:
        """Attempts that use one up: all but voided ones."""
        return self.exclude(state=AttemptState.VOIDED)


class Attempt(models.Model):
    """One sitting. The server owns the clock: ``deadline_at`` is stored at the start and includes any extra time; it moves only with
    a step: added time, or a pause that ended. While ``paused_at`` is set the clock stands still and nothing expires.

    ``adjustments`` are those of the person as they stood at the start, in the shape of ``people.adjustments``; empty for none.
    ``room`` is where an invigilated sitting takes place. ``reached`` is, where one only goes forward, the question the candidate is at.

    ``context_ref``, ``context_title`` and ``context_address`` are opaque values given from above: what the attempt counts for,
    what to call it, and the page it was started from (``<context_address>result/<attempt>/`` shows its result).

    State, device, turn, deadline, pause, reached, score, outcome and the responses kept on the items are a cache that
    ``replay.replay`` rebuilds from the steps. Score is in millionths of full marks. ``turn`` counts the devices that took the
    attempt over: a page opened in an
    earlier turn is read only.

    ``responses_erased_at`` is when its answers were lawfully erased: the steps and files that held them are gone, the mark stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment_version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="sittings")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts")
    context_ref = models.CharField(max_length=120)
    context_title = models.CharField(max_length=255, blank=True)
    context_address = models.CharField(max_length=255, blank=True)
    number = models.PositiveSmallIntegerField(help_text="First, second, … attempt in its context.")
    seed = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)
    extra_minutes = models.PositiveIntegerField(default=0)
    adjustments = models.JSONField(default=dict, blank=True)
    room = models.ForeignKey("assessments.Room", on_delete=models.PROTECT, null=True, related_name="attempts")
    paused_at = models.DateTimeField(null=True)
    reached = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.OPEN)
    closed_at = models.DateTimeField(null=True)
    turn = models.PositiveIntegerField(default=0)
    device = models.CharField(max_length=64, blank=True, help_text="The browser that may write now.")
    score = models.PositiveIntegerField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    failed_rules = models.JSONField(default=list, blank=True)
    marked_at = models.DateTimeField(null=True)
    responses_erased_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(fields=["officer", "context_ref"]),
            models.Index(fields=["deadline_at"], name="attempts_left_open", condition=Q(state="open")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["officer", "context_ref"], condition=Q(state="open"), name="one_open_attempt_in_a_context"
            ),
            models.UniqueConstraint(fields=["officer", "context_ref", "number"], name="attempt_numbers_are_unique"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__lte=1_000_000), name="score_is_in_millionths"
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.id}"


class AttemptItem(models.Model):
    """One drawn question of an attempt, its option order, and the cache of the last response. Fraction in millionths.

    ``(turn, sequence)`` orders saves: one that does not come after the kept pair changes nothing.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField(help_text="1, 2, … as the candidate sees it.")
    question_version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    section = models.CharField(max_length=80, blank=True)
    option_order = models.JSONField(default=list, blank=True)
    response = models.JSONField(null=True)
    saved_at = models.DateTimeField(null=True)
    turn = models.PositiveIntegerField(default=0, help_text="The turn of the last save.")
    sequence = models.BigIntegerField(default=0, help_text="The client sequence number of the last saved response.")
    flagged = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, help_text="When the candidate saw what is right.")
    fraction = models.IntegerField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_item_at_a_position"),
            models.UniqueConstraint(fields=["attempt", "question_version"], name="a_question_is_drawn_once"),
        ]


class AttemptStep(models.Model):
    """One thing that happened, never changed: a trigger refuses updates. ``(attempt, device, sequence)`` is kept once.

    ``data`` of a step: started ``{"questions": [version id, …], "deadline": moment or null}`` and, where there are any,
    ``"sections"``, in the order of the questions, and ``"adjustments"``; passed on none, its position is the one reached; paused
    ``{"cause", "reason"?}``; resumed and extended ``{"deadline", "reason"?}``; saved ``{"response", "flagged"?}``; flagged
    ``{"flagged"}``; marked and remarked as ``marking.mark_data`` writes it; voided ``{"reason"}``. Moved has none: its device took over.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="steps")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=StepKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(null=True)
    data = models.JSONField(default=dict, blank=True)
    device = models.CharField(max_length=64, blank=True)
    sequence = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "number"], name="attempt_steps_are_numbered"),
            models.UniqueConstraint(
                fields=["attempt", "device", "sequence"],
                condition=Q(sequence__isnull=False),
                name="an_autosave_is_kept_once",
            ),
        ]
