"""Programmes of initial training, intakes, and recruits with their states as rows with two times.

A programme has releases as courses have, and a recruit keeps the one they began on. What became of a recruit is never overwritten:
each move is a row that says since when, who decided, when it was recorded, why and on what evidence.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from courses.programmes.states import WORDS, Kind
from people import access, clock
from people.models import DatedRow

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

# A local default: a tutor still finds a recruit for so many days after the last shift together.
TUTOR_SEES_AFTERWARDS = 28


class Programme(models.Model):
    """A programme for its whole life."""

    code = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    current_release = models.ForeignKey(
        "courses.ProgrammeRelease", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class ProgrammeReleaseQuerySet(models.QuerySet[Any]):
    """Releases an intake may begin on."""

    def offered(self) -> Self:
        """The current release of each programme, unless it was withdrawn."""
        withdrawn = ProgrammeWithdrawal.objects.filter(ended_at__isnull=True)
        return self.filter(pk=F("programme__current_release")).exclude(pk__in=withdrawn.values("release"))


class ProgrammeRelease(models.Model):
    """What a programme asked at one time, as ``programmes.values.read_plan`` reads it. Never changed."""

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="releases")
    number = models.PositiveSmallIntegerField()
    plan = models.JSONField()
    digest = models.CharField(max_length=64)
    released_at = models.DateTimeField()
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ProgrammeReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_releases_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.programme}, release {self.number}"


class ProgrammeWithdrawal(models.Model):
    """A release nobody new may begin on, with a reason. Recruits who are on it keep it."""

    release = models.ForeignKey(ProgrammeRelease, on_delete=models.PROTECT, related_name="withdrawals")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release"],
                condition=Q(ended_at__isnull=True),
                name="one_open_withdrawal_of_a_programme_release",
            )
        ]


class IntakeQuerySet(models.QuerySet[Any]):
    """Which intakes somebody may see."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All for training administrators, auditors and system administrators; a trainer's own."""
        if not access.is_person(user):
            return self.none()
        if access.has_any_role(user, access.TRAINING_ADMIN, access.AUDITOR, access.SYSTEM_ADMIN):
            return self
        return self.trained_by(user)

    def trained_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Those somebody is a trainer of today or will be, from when that is recorded; no longer after the last day."""
        if not access.is_person(user):
            return self.none()
        rows = IntakeTrainer.objects.known().filter(trainer=user, is_void=False)
        rows = rows.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=clock.today()))
        return self.filter(pk__in=rows.values("intake"))


class Intake(models.Model):
    """Recruits who begin together. ``first_is_early`` and ``alternates`` say which weeks are early and which late."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80, unique=True)
    release = models.ForeignKey(ProgrammeRelease, on_delete=models.PROTECT, related_name="intakes")
    starts_on = models.DateField(db_index=True)
    place = models.CharField(max_length=120)
    first_is_early = models.BooleanField(default=True)
    alternates = models.BooleanField(default=True)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = IntakeQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "name"]

    def __str__(self) -> str:
        return self.name


class IntakeTrainer(DatedRow):
    """A trainer of an intake from a day on, to a last day where one is set. ``recorded_by`` named them, ``reason`` is why it ended."""

    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="trainers")
    trainer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="intakes_trained")

    one_at_a_time = ("intake", "trainer")

    class Meta(DatedRow.Meta):
        indexes = [
            models.Index(fields=["intake", "valid_from"], name="trainers_of_an_intake"),
            models.Index(fields=["trainer", "valid_until"], name="intakes_of_a_trainer"),
        ]


class RecruitQuerySet(models.QuerySet[Any]):
    """Which recruits somebody may see."""

    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.filter(officer=user) if access.is_person(user) else self.none()

    def open(self) -> Self:
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """All for training administrators, auditors, system administrators; else one's own people, those one trains or tutors, oneself."""
        if not access.is_person(user):
            return self.none()
        if access.has_any_role(user, access.TRAINING_ADMIN, access.AUDITOR, access.SYSTEM_ADMIN):
            return self
        trained = RecruitState.objects.known().filter(
            kind=Kind.INTAKE,
            is_void=False,
            intake__in=Intake.objects.trained_by(user).values("pk"),
            valid_until__isnull=True,
        )
        supervised = access.officers_supervised_by(user).values("pk")
        theirs = Q(officer=user) | Q(officer__in=supervised) | Q(pk__in=trained.values("recruit"))
        return self.filter(theirs | Q(pk__in=Recruit.objects.tutored_by(user).values("pk")))

    def tutored_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Recruits a tutor is paired with, from when it is recorded until some weeks after the last day, for notes written late."""
        if not access.is_person(user):
            return self.none()
        since = clock.today() - timedelta(days=TUTOR_SEES_AFTERWARDS)
        # One call, so that every condition is about the same pairing.
        return self.filter(
            pairings__tutor=user,
            pairings__is_void=False,
            pairings__superseded_by__isnull=True,
            pairings__valid_until__gte=since,
        )

    def readable_by(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Whose portfolio somebody may read: as ``visible_to``, and everybody's for those who assess and assure portfolios."""
        if access.has_any_role(user, access.ASSESSOR, access.IQA):
            return self
        return self.visible_to(user)


class Recruit(models.Model):
    """An officer on a programme, on the release they began on; at most one open. ``closed_at`` is set once, when it ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recruitments")
    release = models.ForeignKey(ProgrammeRelease, on_delete=models.PROTECT, related_name="recruits")
    began_on = models.DateField()
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    objects = RecruitQuerySet.as_manager()

    class Meta:
        ordering = ["began_on", "officer"]
        constraints = [
            models.UniqueConstraint(
                fields=["officer"], condition=Q(closed_at__isnull=True), name="on_one_programme_at_a_time"
            )
        ]


class RecruitState(DatedRow):
    """One thing that is true of a recruit for a time: see ``programmes.states``. ``recorded_by`` decided it, ``reason`` is why.

    ``entry`` is the ledger entry of the decision. Rows of one kind never overlap: the verbs keep that under the stamp lock.
    """

    recruit = models.ForeignKey(Recruit, on_delete=models.PROTECT, related_name="states")
    kind = models.CharField(max_length=24, choices=[(kind.value, WORDS[kind]) for kind in Kind])
    phase = models.SlugField(max_length=40, blank=True)
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, null=True, blank=True, related_name="states")
    cause = models.CharField(max_length=24, blank=True)
    evidence = models.CharField(
        max_length=300, blank=True, help_text="Where the evidence is: a reference, never the case."
    )
    entry = models.ForeignKey(
        "cpd_records.LedgerEntry", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    one_at_a_time = ("recruit", "kind")

    class Meta(DatedRow.Meta):
        indexes = [
            models.Index(fields=["recruit", "kind", "valid_from"]),
            models.Index(fields=["intake", "valid_from"], condition=Q(kind="intake"), name="members_of_an_intake"),
        ]
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(
                condition=(Q(kind="intake") & Q(intake__isnull=False)) | (~Q(kind="intake") & Q(intake__isnull=True)),
                name="an_intake_is_named_where_it_is_meant",
            ),
            models.CheckConstraint(
                condition=(Q(kind="phase") & ~Q(phase="")) | (~Q(kind="phase") & Q(phase="")),
                name="a_phase_is_named_where_it_is_meant",
            ),
            models.CheckConstraint(
                condition=~Q(kind="extended") | Q(valid_until__isnull=False), name="an_extension_has_a_last_day"
            ),
        ]


class RecordKept(models.Model):
    """Something a phase asks to be recorded by hand, such as a tutor's report: done on a day, said by whom. Never changed."""

    recruit = models.ForeignKey(Recruit, on_delete=models.PROTECT, related_name="records")
    slug = models.SlugField(max_length=40)
    done_on = models.DateField()
    words = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recruit", "slug"], name="a_record_is_kept_once")]
