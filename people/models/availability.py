"""When an officer is away, works part of the week, or has lent the team to somebody. Rows with two times."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from people.models.dated import DatedRow
from people.models.reference import Unit


class AbsenceKind(models.TextChoices):
    """Why somebody is away for long, as coarsely as the rules need: nothing about health is kept here."""

    PARENTAL = "parental", "Parental leave"
    CAREER_BREAK = "career_break", "Career break"
    SECONDMENT = "secondment", "Secondment"
    LONG_ABSENCE = "long_absence", "Other long absence"


class Absence(DatedRow):
    """An officer is away: not to be posted, CPD targets pro rata, and a clock stopped where a qualification's rule allows."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    kind = models.CharField(max_length=20, choices=AbsenceKind.choices)

    one_at_a_time = ("officer",)

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"])]


class WorkingPattern(DatedRow):
    """How much of full time an officer works, in per cent; nobody without a row works less than 100."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="working_patterns")
    percent = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(100)])

    one_at_a_time = ("officer",)

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"])]
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=100), name="works_1_to_100_per_cent"),
        ]


class Delegation(DatedRow):
    """A supervisor (``officer``) lends a unit to a ``delegate`` for some days, who then acts as its supervisor does.

    ``held_unit`` is the unit of the role by which it is lent: above the unit that is lent, None where it is that unit itself.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_held")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="delegations")
    held_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")

    one_at_a_time = ("officer", "delegate", "unit")

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["delegate", "valid_from"])]
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=~Q(delegate=F("officer")), name="nobody_delegates_to_themselves"),
            models.CheckConstraint(condition=Q(valid_until__isnull=False), name="a_delegation_ends"),
        ]


class Adjustment(DatedRow):
    """A reasonable adjustment for assessments: what is done for somebody, never why. It belongs to the person and is unseen by markers.

    ``extra_percent`` is added to every time limit; ``rest_minutes`` are minutes of rest for each hour of it, which stop the clock.
    """

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="adjustments")
    extra_percent = models.PositiveSmallIntegerField(default=0)
    rest_minutes = models.PositiveSmallIntegerField(default=0)
    has_larger_print = models.BooleanField(default=False)
    keeps_order = models.BooleanField(default=False, help_text="Options stand in the order their author wrote.")

    one_at_a_time = ("officer",)

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"])]
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(extra_percent__lte=100), name="extra_time_at_most_doubles"),
            models.CheckConstraint(condition=Q(rest_minutes__lte=60), name="rest_is_at_most_as_long_as_work"),
        ]
