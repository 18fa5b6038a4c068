"""Ranks, roles and units. What a force calls them is data; a unit's name and place in the tree are dated."""

from django.db import models
from django.db.models import Q

from people.models.dated import DatedRow


class Rank(models.Model):
    """A rank, low to high by ``order``."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.title


class Duty(models.TextChoices):
    """What holding a role means for a day's work."""

    NONE = "", "A part in this service"
    POST = "post", "A post somebody is put in"
    AUTHORITY = "authority", "An authority somebody carries"


class Role(models.Model):
    """A role somebody holds for a time: a part in this service, such as trainer, or a duty, such as response officer.

    ``may`` says what a duty allows, as words after 'may': 'carry Taser', 'be posted to response'.
    """

    code = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    by_family = models.BooleanField(default=False, help_text="Held for one course family at a time.")
    duty = models.CharField(max_length=12, choices=Duty.choices, blank=True, default=Duty.NONE)
    may = models.CharField(max_length=120, blank=True, help_text="What it allows, after 'may': carry Taser.")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Unit(models.Model):
    """A unit for its whole life; its names and its place in the tree are rows with two times."""

    code = models.SlugField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.code


class UnitName(DatedRow):
    """What a unit is called; an alias is a name that is not the main one."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=160)
    is_alias = models.BooleanField(default=False)

    one_at_a_time = ("unit", "is_alias")
    apart = Q(is_alias=False)

    class Meta(DatedRow.Meta):
        pass


class UnitPlace(DatedRow):
    """Under which unit a unit stands."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="places")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="places_below")

    one_at_a_time = ("unit",)

    class Meta(DatedRow.Meta):
        pass
