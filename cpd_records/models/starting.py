"""Starting points of an activity, and what is half written: templates, forms not finished, the order of saves."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cpd_records.models.activities import Activity, ActivityKind
from people import access
from people.models import User

TEMPLATE_TITLE_LENGTH = 200


class ActivityTemplateQuerySet(models.QuerySet["ActivityTemplate"]):
    """Whose templates."""

    def visible_to(self, user: User) -> Self:
        """The force's that are offered, and the officer's own."""
        return self.filter(Q(owner__isnull=True, is_active=True) | Q(owner=user))

    def of(self, owner: User) -> Self:
        return self.filter(owner=owner)

    def run_by(self, user: User) -> Self:
        """The force's, those taken back too, for trainers, training administrators and system administrators."""
        may = access.has_any_role(user, access.TRAINER, access.TRAINING_ADMIN, access.SYSTEM_ADMIN)
        return self.filter(owner__isnull=True) if may else self.none()


class ActivityTemplate(models.Model):
    """What fills in an activity that comes again. ``owner`` is the officer whose it is, None for one the force offers to everybody."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="activity_templates"
    )
    title = models.CharField(max_length=TEMPLATE_TITLE_LENGTH, help_text="What was done, as it stands on the activity.")
    kind = models.CharField(max_length=20, choices=ActivityKind.choices)
    minutes = models.PositiveIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    is_structured = models.BooleanField(null=True, blank=True)
    is_participatory = models.BooleanField(null=True, blank=True)
    is_core = models.BooleanField(null=True, blank=True)
    competencies = models.JSONField(default=list, blank=True)
    principles = models.JSONField(default=list, blank=True)
    is_active = models.BooleanField("offered", default=True)
    order = models.PositiveSmallIntegerField(default=0)

    objects = ActivityTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1, minutes__lte=1440), name="template_fits_in_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class DraftSave(models.Model):
    """The last save of one part of an activity by an opened ``page``: a later one of the same page has a higher ``sequence``."""

    class Part(models.TextChoices):
        ANSWERS = "answers", "The five answers"
        REFLECTION = "reflection", "The reflection"
        DETAILS = "details", "What is asked at submission"

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="saves")
    part = models.CharField(max_length=12, choices=Part.choices)
    page = models.UUIDField()
    sequence = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "part"], name="cpd_one_last_save_of_a_part")]


class UnfinishedFormQuerySet(models.QuerySet["UnfinishedForm"]):
    """Whose words they are."""

    def of(self, officer: User) -> Self:
        return self.filter(officer=officer)


class UnfinishedForm(models.Model):
    """What was typed of the five answers before they were logged, as typed. ``token`` is the form's; the row goes when it is logged."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="unfinished_cpd")
    token = models.UUIDField()
    fields = models.JSONField(default=dict)
    page = models.UUIDField()
    sequence = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    objects = UnfinishedFormQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [models.UniqueConstraint(fields=["officer", "token"], name="cpd_one_unfinished_form_for_a_token")]

    @property
    def title(self) -> str:
        """What was typed first, to know it by."""
        return str(self.fields.get("title") or self.fields.get("learned") or "").strip()[:120]
