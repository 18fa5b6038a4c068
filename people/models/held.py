"""What an officer held on a day: rank, posting, role. Rows with two times."""

from django.conf import settings
from django.db import models

from people.models.dated import DatedRow
from people.models.reference import Rank, Role, Unit


class RankHeld(DatedRow):
    """A rank, substantive or acting; one of each at a time."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ranks")
    rank = models.ForeignKey(Rank, on_delete=models.PROTECT)
    is_acting = models.BooleanField(default=False)

    one_at_a_time = ("officer", "is_acting")

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"])]


class Posting(DatedRow):
    """Where an officer works; one posting at a time. The shoulder number belongs to the posting."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    shoulder_number = models.CharField(max_length=20, blank=True)

    one_at_a_time = ("officer",)

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"]), models.Index(fields=["unit", "valid_from"])]


class RoleHeld(DatedRow):
    """A role held, for one family or one unit where the role is held so."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roles_held")
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    family = models.CharField(max_length=60, blank=True, help_text="Code of a course family; empty for every family.")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="roles_held")

    one_at_a_time = ("officer", "role", "family", "unit")

    class Meta(DatedRow.Meta):
        indexes = [models.Index(fields=["officer", "valid_from"]), models.Index(fields=["role", "valid_from"])]
