"""Qualifications, what they require, and who is excused: rows with two times. Awards are ledger entries, not rows here."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from people import access
from people.models import DatedRow, Rank, Role, Unit, User

# Who reads all qualifications, and the awards of others with what is behind them.
READERS = (access.TRAINING_ADMIN, access.SYSTEM_ADMIN, access.AUDITOR)


class Qualification(models.Model):
    """Something one holds for a time, such as safety training. ``short_title`` heads a column of the board."""

    code = models.CharField(max_length=20, unique=True, help_text="Such as PPST; it never changes.")
    title = models.CharField(max_length=120)
    short_title = models.CharField(max_length=24)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return f"{self.code}: {self.title}"


class RuleStatus(models.TextChoices):
    """How far a rule rests on a published source; everything else is a local default and called so."""

    SOURCED = "sourced", "Sourced"
    PARTLY_SOURCED = "part", "Partly sourced"
    ILLUSTRATIVE = "illustrative", "Illustrative"


class QualificationRule(DatedRow):
    """How long a qualification lasts and what follows when it lapses. One in force on a day for each qualification.

    The rule in force on the day of an award decides how long that award lasts. ``validity_months`` None never lapses; validity runs
    from the day of the award to the end of the last day, in calendar months. ``early_renewal_days``: renewed within so many days before
    it lapses, the anniversary is kept. ``grace_days`` 0 means none.
    """

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="rules")
    validity_months = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MinValueValidator(1)])
    initial_minutes = models.PositiveIntegerField(null=True, blank=True)
    refresher_minutes = models.PositiveIntegerField(null=True, blank=True)
    warning_days = models.PositiveSmallIntegerField(default=90)
    grace_days = models.PositiveSmallIntegerField(default=0)
    early_renewal_days = models.PositiveSmallIntegerField(default=0)
    absence_stops_clock = models.BooleanField(default=False)
    exception_allowed = models.BooleanField(default=False, help_text="A risk-assessed exception may be granted.")
    exception_rank = models.ForeignKey(Rank, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    exception_days = models.PositiveSmallIntegerField(
        default=90, validators=[MinValueValidator(1)], help_text="How many days an exception may last."
    )
    lapse = models.CharField(max_length=200, help_text="What follows when it lapses, such as: Authority ends.")
    applies_to = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=12, choices=RuleStatus.choices, default=RuleStatus.ILLUSTRATIVE)
    source = models.CharField(max_length=300, blank=True)

    one_at_a_time = ("qualification",)

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["qualification", "valid_from"])]


class QualificationNeed(DatedRow):
    """A qualification carries only while another does: Taser needs safety training."""

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="needs")
    needed = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="needed_by")

    one_at_a_time = ("qualification", "needed")

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["qualification", "valid_from"])]
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=~Q(qualification=F("needed")), name="nothing_needs_itself"),
        ]


class Requirement(DatedRow):
    """Who must hold a qualification: those who hold the role, the rank and are posted to the unit or below it.

    What is left empty does not narrow it; with all three empty it is everybody's. Where ``stops_duty`` is false a lapse has the
    consequence its rule names, but does not end what a role allows: an action plan rather than no posting.
    """

    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="requirements")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="requirements")
    rank = models.ForeignKey(Rank, on_delete=models.PROTECT, null=True, blank=True, related_name="requirements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="requirements")
    stops_duty = models.BooleanField(default=True, help_text="Without it, what the role allows ends.")

    one_at_a_time = ("qualification", "role", "rank", "unit")

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["qualification", "valid_from"]), models.Index(fields=["role", "valid_from"])]


class PersonalRuling(DatedRow):
    """Abstract. Something decided about one officer and one qualification."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)s_rulings")
    qualification = models.ForeignKey(Qualification, on_delete=models.PROTECT, related_name="%(class)s_rulings")

    one_at_a_time = ("officer", "qualification")

    class Meta(DatedRow.Meta):
        abstract = True


class CurrencyException(PersonalRuling):
    """A risk-assessed exception: the officer may go on until ``valid_until`` under ``conditions``.

    ``recorded_by`` granted it and held ``approver_rank`` then; ``reason`` is the risk assessment in a sentence.
    """

    conditions = models.CharField(max_length=500, blank=True)
    approver_rank = models.ForeignKey(Rank, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(PersonalRuling.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="currencyexception_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(valid_until__isnull=False), name="an_exception_ends"),
        ]


class Exemption(PersonalRuling):
    """The officer need not hold it. ``entry`` is the ledger's, and names who proposed and who approved it; ``recorded_by`` proposed it.

    Those granted before exemptions took two people have none.
    """

    entry = models.ForeignKey("cpd_records.LedgerEntry", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta(PersonalRuling.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"])]


class Restriction(PersonalRuling):
    """The officer may not act on it, whatever is held; ``reason`` is words for the officer and supervisor, never a diagnosis."""

    class Meta(PersonalRuling.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"])]


class AwardEvidenceQuerySet(models.QuerySet["AwardEvidence"]):
    """Whose evidence somebody may open."""

    def readable_by(self, user: User) -> Self:
        """What is behind one's own awards; and for administrators and auditors behind anybody's."""
        return self if access.has_any_role(user, *READERS) else self.filter(entry__readable__officer=user.public_id)


class AwardEvidence(models.Model):
    """A file behind an authorised award, in private storage under ``path``; ``entry`` is the award's ledger entry."""

    entry = models.ForeignKey("cpd_records.LedgerEntry", on_delete=models.PROTECT, related_name="award_evidence")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()

    objects = AwardEvidenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "sha256"], name="award_evidence_attached_once")]


class Standing(models.Model):
    """Projection: an officer's verdict on one qualification today, for boards; rebuilt by ``ledger_rebuild``.

    ``verdict`` holds until the day before ``changes_on`` (None: for ever, as things are known). ``valid_until`` is the last day in date,
    ``grace_until`` the last day of grace; ``lapses_on`` is the first day on which it no longer carries, None where it never does or
    does not carry already. ``is_required`` says whether a requirement names it today.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="standings")
    qualification = models.ForeignKey(Qualification, on_delete=models.CASCADE, related_name="standings")
    verdict = models.CharField(max_length=12)
    is_required = models.BooleanField()
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    grace_until = models.DateField(null=True)
    lapses_on = models.DateField(null=True)
    changes_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "qualification"], name="one_standing_for_each")]
        indexes = [
            models.Index(fields=["changes_on"]),
            models.Index(fields=["qualification", "verdict"], condition=Q(is_required=True), name="board_of_required"),
            models.Index(fields=["lapses_on"], condition=Q(is_required=True), name="board_of_what_falls"),
        ]


class RoleStanding(models.Model):
    """Projection beside ``Standing``: whether an officer may act in a duty role they hold today, for counts over a whole force.

    ``verdict`` holds until the day before ``changes_on``; ``until`` is the last day on which the officer may, None where no end is
    known or they may not.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_standings")
    role = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="standings")
    verdict = models.CharField(max_length=12)
    until = models.DateField(null=True)
    changes_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "role"], name="one_standing_for_each_role")]
        indexes = [models.Index(fields=["role", "verdict"]), models.Index(fields=["changes_on"])]


class OfficerStanding(models.Model):
    """Projection beside ``Standing``: one officer in a line, for boards of thousands. ``unit`` is where they are posted today.

    ``group``, ``failing``, ``first`` and ``posted`` are those of ``currency.groups.Summary``; all holds until the day before
    ``changes_on``.
    """

    officer = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="in_a_line"
    )
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.PositiveSmallIntegerField()
    failing = models.PositiveSmallIntegerField()
    first = models.DateField(null=True)
    posted = models.CharField(max_length=8, blank=True)
    changes_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["unit", "group"]), models.Index(fields=["changes_on"])]


class ReadinessCount(models.Model):
    """How many requirements were ``asked`` of a unit's people on a day, everything below it included, and how many were ``met``.

    Counted in the night of the day and kept, for the trend; it says nothing of anybody.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="readiness_counts")
    day = models.DateField()
    asked = models.PositiveIntegerField()
    met = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "day"], name="one_readiness_count_a_day")]


class Projected(models.Model):
    """How far a projection has followed: the tree's size and the last stamp of rows with two times that it has taken in."""

    name = models.CharField(max_length=40, primary_key=True)
    size = models.BigIntegerField(default=0)
    row_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
