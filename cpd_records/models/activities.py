"""CPD activities: what an officer says they learned. Private until submitted; the reflection stays private unless shared."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cpd_records.models.ledger import LedgerEntry
from cpd_records.models.plans import PlanItem
from cpd_records.models.verifying import may_be_named
from people import access
from people.models import Role, User

TITLE_LENGTH = 200
OBJECTIVE_LENGTH = 200
REASON_LENGTH = 300


class ActivityKind(models.TextChoices):
    """What sort of learning it was; the totals on screen are grouped by it."""

    BRIEFING = "briefing", "Briefing or session"
    READING = "reading", "Reading or watching"
    ON_THE_JOB = "on_the_job", "On the job, with feedback"
    OTHER = "other", "Something else"


class ActivityState(models.TextChoices):
    """Where an activity stands; the truth is its steps, this is their cache."""

    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Waiting for verification"
    RETURNED = "returned", "Returned to you"
    PROPOSED = "proposed", "Waiting for a second reviewer"
    REJECTED = "rejected", "Rejected"
    VERIFIED = "verified", "Verified"


class ActivitySource(models.TextChoices):
    """What an activity was begun from."""

    SELF = "self", "Logged"
    COPY = "copy", "Copied from an earlier activity"
    TEMPLATE = "template", "Begun from a template"
    COURSE = "course", "What came of a course"
    BRIEFING = "briefing", "A briefing recorded for a shift"


# What has left the officer's hands: a summary of it may be read by those who verify.
HANDED_IN = (ActivityState.SUBMITTED, ActivityState.PROPOSED, ActivityState.REJECTED, ActivityState.VERIFIED)
# Where a rejection is proposed or confirmed: a second reviewer is named.
REJECTING = (ActivityState.PROPOSED, ActivityState.REJECTED)
# What the officer may still change.
IN_HAND = (ActivityState.DRAFT, ActivityState.RETURNED)


class ActivityQuerySet(models.QuerySet["Activity"]):
    """Whose activities somebody may reach, and how a page lists them."""

    def of(self, officer: User) -> Self:
        """The officer's own, in every state."""
        return self.filter(officer=officer)

    def readable_by_supervisor(self, user: User, *, on: date | None = None) -> Self:
        """What was handed in by those ``user`` supervises, or to ``user`` by name while they may be named; never own."""
        mine = Q(officer__in=access.officers_supervised_by(user, on=on).values("pk"))
        if may_be_named(user, on=on):
            mine |= Q(verifier=user) | Q(second_reviewer=user, state__in=REJECTING)
        return self.filter(mine, state__in=HANDED_IN).exclude(officer=user)

    def waiting_for(self, user: User) -> Self:
        """What waits for ``user`` by name, to verify or to read as the second reviewer; longest first."""
        to_verify = Q(state=ActivityState.SUBMITTED, verifier=user)
        to_read = Q(state=ActivityState.PROPOSED, second_reviewer=user)
        return self.readable_by_supervisor(user).filter(to_verify | to_read).order_by("changed_at", "pk")

    def visible_to(self, user: User) -> Self:
        """Own activities, and the summaries ``readable_by_supervisor``. Everybody else's do not exist for ``user``."""
        mine = Q(officer=user)
        return self.filter(mine | Q(pk__in=Activity.objects.readable_by_supervisor(user).values("pk")))

    def with_reason(self) -> Self:
        """Add ``return_reason``: why it was last given back, or proposed to be rejected, or None."""
        kinds = (ActivityStep.Kind.RETURNED, ActivityStep.Kind.PROPOSED)
        returned = ActivityStep.objects.filter(activity=models.OuterRef("pk"), kind__in=kinds)
        return self.annotate(return_reason=models.Subquery(returned.order_by("-at", "-id").values("reason")[:1]))

    def count_by_state(self) -> dict[str, int]:
        """Return how many there are in each state that has any."""
        return dict(self.order_by().values_list("state").annotate(models.Count("pk")))

    def newest_first(self) -> Self:
        return self.order_by("-day", "-created_at", "pk")


class Activity(models.Model):
    """One CPD activity. A verified one is never edited; a correction is a new ledger entry.

    ``title``, ``kind``, ``day``, ``minutes`` and ``learned`` are the summary a supervisor reads. ``reflection``, ``helps``,
    ``competencies`` (codes of ``models.Competency``) and the files are the officer's own, unless ``reflection_shared``.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cpd_activities")
    title = models.CharField(max_length=TITLE_LENGTH)
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    day = models.DateField()
    minutes = models.PositiveIntegerField()
    learned = models.TextField(help_text="What was learned, in a sentence: part of the summary.")
    reflection = models.TextField(blank=True, help_text="What the officer will do differently.")
    helps = models.TextField(blank=True, help_text="Who or what it helps.")
    competencies = models.JSONField(default=list, blank=True)
    reflection_shared = models.BooleanField(default=False)
    # What is asked at submission, by the scheme: None and '' mean that nobody said. Codes are those of ``EthicalPrinciple``.
    is_structured = models.BooleanField(null=True, blank=True)
    is_participatory = models.BooleanField(null=True, blank=True)
    is_core = models.BooleanField(null=True, blank=True)
    on_duty = models.BooleanField(null=True, blank=True)
    applied = models.TextField(blank=True, help_text="How it was, or will be, applied.")
    principles = models.JSONField(default=list, blank=True)
    pdr_objective = models.CharField(max_length=OBJECTIVE_LENGTH, blank=True)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    no_evidence_reason = models.CharField(max_length=REASON_LENGTH, blank=True)
    # Where it came from: drafts of one form over several days share a ``series``.
    source = models.CharField(max_length=12, choices=ActivitySource.choices, default=ActivitySource.SELF)
    series = models.UUIDField(null=True, blank=True)
    plan_item = models.ForeignKey(PlanItem, on_delete=models.SET_NULL, null=True, blank=True, related_name="activities")
    # Times by the clock on the wall, where they were given; both or neither, on one day.
    begins = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ActivityState.choices, default=ActivityState.DRAFT)
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cpd_to_verify"
    )
    # Who proposed to reject it and who reads it second; both are somebody other than the officer, and not the same.
    rejection_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="cpd_to_read_second"
    )
    created_at = models.DateTimeField()
    # When the summary or the state last changed, and when the officer's own page did: each guards its own form.
    changed_at = models.DateTimeField()
    reflected_at = models.DateTimeField(null=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="activity")
    # The last entry that corrects ``entry``. The summary then says what the record says now; 0 minutes means that it does not count.
    corrected_entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="+")
    # The form's own token: a double click, or a resend from a phone that was offline, makes one draft.
    client_token = models.UUIDField(null=True, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "CPD activity"
        verbose_name_plural = "CPD activities"
        indexes = [
            models.Index(fields=["officer", "-day"]),
            models.Index(fields=["verifier", "state"]),
            models.Index(fields=["officer", "series"], name="cpd_series", condition=Q(series__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=1440) | Q(minutes=0, corrected_entry__isnull=False),
                name="cpd_minutes_fit_in_a_day",
            ),
            models.CheckConstraint(condition=Q(state__in=ActivityState.values), name="cpd_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="verified", corrected_entry__isnull=False) | Q(corrected_entry__isnull=True),
                name="cpd_only_verified_is_corrected",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", rejection_by__isnull=False, second_reviewer__isnull=False)
                | Q(state="rejected", rejection_by__isnull=False, second_reviewer__isnull=False)
                | Q(~Q(state__in=["proposed", "rejected"]), rejection_by__isnull=True, second_reviewer__isnull=True),
                name="cpd_rejected_by_two",
            ),
            models.CheckConstraint(
                condition=Q(rejection_by__isnull=True) | ~Q(rejection_by=F("officer")),
                name="cpd_never_rejected_by_oneself",
            ),
            models.CheckConstraint(
                condition=Q(second_reviewer__isnull=True)
                | ~(Q(second_reviewer=F("officer")) | Q(second_reviewer=F("rejection_by"))),
                name="cpd_second_reviewer_is_a_third",
            ),
            models.CheckConstraint(
                condition=Q(state="verified", entry__isnull=False) | (~Q(state="verified") & Q(entry__isnull=True)),
                name="cpd_verified_means_recorded",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(verifier__isnull=False), name="cpd_handed_in_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(verifier__isnull=True) | ~Q(verifier=F("officer")), name="cpd_never_verified_by_oneself"
            ),
            models.UniqueConstraint(fields=["officer", "client_token"], name="cpd_one_draft_for_a_form"),
            models.CheckConstraint(
                condition=Q(begins__isnull=True, ends__isnull=True)
                | Q(begins__isnull=False, ends__isnull=False, ends__gt=F("begins")),
                name="cpd_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_in_hand(self) -> bool:
        """Whether the officer may still change it."""
        return self.state in IN_HAND

    @property
    def has_reflection(self) -> bool:
        """Whether there is anything on the officer's own page."""
        return bool(self.reflection or self.helps or self.competencies)

    @property
    def has_details(self) -> bool:
        """Whether anything of what is asked at submission, or a time, is answered."""
        answers = (self.is_structured, self.is_participatory, self.is_core, self.on_duty, self.role_id, self.begins)
        said = (self.applied, self.principles, self.pdr_objective, self.no_evidence_reason)
        return any(answer is not None for answer in answers) or any(said)

    @property
    def is_reflected_on(self) -> bool:
        """Whether the officer wrote something of their own; a competency alone says nothing yet."""
        return bool(self.reflection or self.helps)


class ActivityStep(models.Model):
    """What happened to an activity: append-only, with who, when and why; ``to`` is whom it was submitted to."""

    class Kind(models.TextChoices):
        LOGGED = "logged", "Logged"
        CHANGED = "changed", "Changed"
        REFLECTED = "reflected", "Reflection written"
        SHARED = "shared", "Reflection shared"
        UNSHARED = "unshared", "Reflection no longer shared"
        SUBMITTED = "submitted", "Submitted"
        WITHDRAWN = "withdrawn", "Taken back"
        RETURNED = "returned", "Returned"
        VERIFIED = "verified", "Verified"
        PROPOSED = "proposed", "Rejection proposed"
        REJECTED = "rejected", "Rejected"
        ASKED = "asked", "Correction asked for"
        AGREED = "agreed", "Correction agreed to"
        CORRECTED = "corrected", "Corrected"
        DECLINED = "declined", "Not corrected"

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "id"]


class ActivityFileQuerySet(models.QuerySet["ActivityFile"]):
    """Whose evidence somebody may open."""

    def readable_by(self, user: User) -> Self:
        """The officer's own, and those shared with whoever may read the activity."""
        shared = Activity.objects.readable_by_supervisor(user).filter(reflection_shared=True)
        return self.filter(Q(activity__officer=user) | Q(activity__in=shared.values("pk")))


class ActivityFile(models.Model):
    """Evidence the officer attached, in private storage under ``path``; ``name`` is what they called it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    objects = ActivityFileQuerySet.as_manager()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [models.UniqueConstraint(fields=["activity", "sha256"], name="cpd_file_attached_once")]

    def __str__(self) -> str:
        return self.name
