"""Tutors: who goes on patrol with which recruit, for how long, and what the tutor wrote at the end of each shift.

A pairing is a row with two times. A note is never overwritten: a correction is a new row that names the one it corrects.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from courses.tutoring.rules import Period
from cpd_records.models import Qualification
from people import access
from people.models import DatedRow

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser

WORDS_LENGTH = 600


@register_setting(icon="group")
class TutorRules(BaseSiteSetting):
    """What the force asks of a tutor: a local default, no national rule."""

    qualification = models.CharField(
        "qualification a tutor needs",
        max_length=20,
        default="TUTOR",
        help_text="Its code. A tutor has to be in date for it on the first day of a pairing. A local default, no national rule.",
    )
    recruits_at_once = models.PositiveSmallIntegerField(
        "recruits at once",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(4)],
        help_text="How many recruits one tutor may be paired with on the same day. A local default, no national rule.",
    )

    panels = [FieldPanel("qualification"), FieldPanel("recruits_at_once")]

    class Meta:
        verbose_name = "tutors"

    @classmethod
    def for_site(cls, site: Site | None) -> TutorRules:
        """Return the site's rules; the standard ones, not saved, where nobody has set any. Wagtail's own would write a row."""
        found: TutorRules | None = cls.base_queryset().filter(site=site).first() if site is not None else None
        return found or cls(site=site)

    def clean(self) -> None:
        super().clean()
        if not Qualification.objects.filter(code=self.qualification).exists():
            raise ValidationError({"qualification": "There is no qualification of that code. Look it up among them."})


class TutorPairing(DatedRow):
    """A recruit and the tutor who goes with them, from the first day to the last; ``checked`` says how the tutor's currency stood.

    ``officer`` is the recruit's person, so that the database can hold that nobody is their own tutor. A recruit has one tutor on a day:
    the verb keeps that under the recruit's lock and the stamp lock.
    """

    recruit = models.ForeignKey("courses.Recruit", on_delete=models.PROTECT, related_name="pairings")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    tutor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="pairings_as_tutor")
    checked = models.CharField(max_length=500)
    entry = models.ForeignKey("cpd_records.LedgerEntry", on_delete=models.PROTECT, related_name="+")

    one_at_a_time = ("recruit",)

    class Meta(DatedRow.Meta):
        indexes = [
            models.Index(fields=["recruit", "valid_from"], name="pairings_of_a_recruit"),
            models.Index(fields=["tutor", "valid_until"], name="pairings_of_a_tutor"),
        ]
        constraints = [
            *DatedRow.Meta.constraints,
            models.CheckConstraint(condition=~Q(tutor=F("officer")), name="nobody_is_their_own_tutor"),
            models.CheckConstraint(condition=Q(valid_until__isnull=False), name="a_pairing_has_a_last_day"),
        ]

    @property
    def period(self) -> Period:
        """From the first day to the last; a constraint holds that there is a last."""
        if self.valid_until is None:
            raise ValueError("A pairing has a last day.")
        return Period(self.valid_from, self.valid_until)


class ShiftNoteQuerySet(models.QuerySet[Any]):
    """Which notes, as they stood when, and whose."""

    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """What somebody wrote as a tutor."""
        return self.filter(tutor=user) if access.is_person(user) else self.none()

    def known(self, known_at: datetime | None = None) -> Self:
        """Notes that stood at ``known_at`` (aware; None is now): written by then, and neither corrected nor withdrawn by then."""
        if known_at is None:
            return self.filter(corrected_at__isnull=True, withdrawn_at__isnull=True)
        not_corrected = Q(corrected_at__isnull=True) | Q(corrected_at__gt=known_at)
        not_withdrawn = Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gt=known_at)
        return self.filter(not_corrected, not_withdrawn, written_at__lte=known_at)


class ShiftNote(models.Model):
    """What a tutor wrote after a shift; ``day`` is the day the shift began. The recruit reads it.

    ``headings`` are ``{"code", "title"}`` of what the shift touched, as they were called then. ``corrected_at`` is set once, when a later
    note corrects this one, and ``withdrawn_at`` when it is withdrawn, so that the database can hold one standing note of a tutor for a
    recruit and a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recruit = models.ForeignKey("courses.Recruit", on_delete=models.PROTECT, related_name="shift_notes")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    pairing = models.ForeignKey(TutorPairing, on_delete=models.PROTECT, related_name="notes")
    tutor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shift_notes_written")
    day = models.DateField()
    went_well = models.CharField(max_length=WORDS_LENGTH)
    what_next = models.CharField(max_length=WORDS_LENGTH)
    headings = models.JSONField(default=list)
    client_token = models.UUIDField(unique=True, help_text="The form's own: sent twice, it is one note.")
    written_at = models.DateTimeField()
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    reason = models.CharField(max_length=300, blank=True, help_text="Why the note before was wrong.")
    corrected_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = ShiftNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-written_at"]
        indexes = [models.Index(fields=["recruit", "day"], name="notes_of_a_recruit")]
        constraints = [
            models.UniqueConstraint(
                fields=["recruit", "tutor", "day"],
                condition=Q(corrected_at__isnull=True, withdrawn_at__isnull=True),
                name="one_standing_note_of_a_shift",
            ),
            models.CheckConstraint(
                condition=Q(corrected_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="a_note_is_corrected_or_withdrawn",
            ),
            models.CheckConstraint(condition=~Q(tutor=F("officer")), name="nobody_writes_notes_about_themselves"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(reason=""), name="a_correction_says_why_the_note_was_wrong"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Which shift it is about: 'Friday 27 November'."""
        return f"{self.day:%A} {self.day.day} {self.day:%B}"


class ShiftNoteWithdrawal(models.Model):
    """A note withdrawn by whoever wrote it, with a reason. Its words are shown to nobody any more; that it stood remains."""

    note = models.OneToOneField(ShiftNote, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="a_note_is_withdrawn_with_a_reason")]
