"""What certificates look like and say beside their particulars: templates, each change of one a version that stays."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q


class Design(models.TextChoices):
    """A page as the product draws it. Trainers choose among them; none of their words can make a file that is no PDF/UA."""

    BAND = "band", "Band in the force's colour"
    PLAIN = "plain", "White, for paper that is printed already"


class Sort(models.TextChoices):
    """What a template is for."""

    COURSE = "course", "Courses"
    QUALIFICATION = "qualification", "Qualifications"


class CertificateTemplateQuerySet(models.QuerySet["CertificateTemplate"]):
    """Questions about templates."""

    def offered(self) -> Self:
        """Those a course may choose."""
        return self.filter(retired_at__isnull=True)


class CertificateTemplate(models.Model):
    """A template by its ``code``, which courses name and certificates print. One that is retired stays for what used it.

    A course chooses one of its ``sort``; of those for qualifications the newest that is offered holds for all of them.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    sort = models.CharField(max_length=13, choices=Sort.choices, default=Sort.COURSE)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = CertificateTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="certificate_template_retired_wholly_or_not",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CertificateTemplateVersion(models.Model):
    """What a template says from its saving until the next version. Never changed: certificates name it.

    ``opening`` stands above the name, ``completed`` or ``passed`` below it, ``closing`` under the release. An empty signatory is the
    force's own of the day of the award; a second one signs beside the first.
    """

    template = models.ForeignKey(CertificateTemplate, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    design = models.CharField(max_length=8, choices=Design.choices)
    opening = models.CharField(max_length=80)
    completed = models.CharField(max_length=80)
    passed = models.CharField(max_length=80)
    closing = models.CharField(max_length=160, blank=True)
    signatory = models.CharField(max_length=60, blank=True)
    signatory_title = models.CharField(max_length=80, blank=True)
    second_signatory = models.CharField(max_length=60, blank=True)
    second_title = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["template", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="one_version_of_a_certificate_template_a_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.template.code}/{self.number}"
