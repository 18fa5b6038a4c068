"""Reminders: what fell due, for whom, told once; and the one mail a person gets on a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from cpd_records.models.qualifications import Qualification

DAYS = (90, 30, 7, 0)


class ReminderWish(models.Model):
    """How somebody wishes to be reminded; without a row, by mail on all of the force's days, with a calendar file."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="reminder_wish"
    )
    by_mail = models.BooleanField(default=True)
    own_days = models.JSONField(default=list, help_text="Days before, of those the force has.")
    team_days = models.JSONField(default=list, help_text="Days before, about people they supervise.")
    with_calendar = models.BooleanField(default=True)


class DigestMail(models.Model):
    """The one mail of reminders to a person on a day.

    ``handed_over_at`` is set and committed before the mail leaves, ``sent_at`` after: a crash between the two leaves a mail of which
    nobody knows whether it left. It is not sent again; the next day's mail repeats what it said.
    """

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest_mails")
    day = models.DateField()
    handed_over_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["to", "day"], name="one_digest_a_day")]


class Reminder(models.Model):
    """``to`` is told that ``officer``'s qualification ends on ``ends_on``, so many ``days`` before (0: it has ended). Once for each.

    The end of grace is told once, on the nearest day before it, and kept with ``days`` 0.

    ``asked_by`` is set where a supervisor asked for it with a click; ``days`` is -1 then, and ``day`` keeps it to once a day.
    """

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders_about")
    qualification = models.ForeignKey(Qualification, on_delete=models.CASCADE, related_name="reminders")
    ends_on = models.DateField(null=True)
    days = models.SmallIntegerField()
    day = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    mail = models.ForeignKey(DigestMail, on_delete=models.SET_NULL, null=True, related_name="reminders")

    class Meta:
        indexes = [models.Index(fields=["to", "mail"]), models.Index(fields=["officer", "qualification"])]
        constraints = [
            models.UniqueConstraint(
                fields=["to", "officer", "qualification", "ends_on", "days"],
                condition=models.Q(days__gte=0),
                name="reminded_once_a_threshold",
            ),
            models.UniqueConstraint(
                fields=["to", "officer", "qualification", "day"],
                condition=models.Q(days=-1),
                name="asked_once_a_day",
            ),
        ]
