"""What questions cite: references to law and guidance, kept once a bank, and which questions cite which."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models

from assessments.authors import families_seen_by
from assessments.models.bank import Question


class LegalReferenceQuerySet(models.QuerySet["LegalReference"]):
    """References as those who work on the questions see them."""

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> LegalReferenceQuerySet:
        families = families_seen_by(user)
        return self if families is None else self.filter(family__in=families)


class LegalReference(models.Model):
    """An act or guidance with its provision, when its text was checked and when it is to be checked again. ``code`` is unique in its bank.

    ``keeper`` names what keeps it, given from above (a course, by its code); empty where the trainers of the bank do.
    ``words`` are the words of act and provision as ``assessments.search_words`` takes them, for finding them.
    """

    bank = models.CharField(max_length=60)
    family = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=80)
    act = models.CharField(max_length=255)
    provision = models.CharField(max_length=255, blank=True)
    url = models.URLField(max_length=500, blank=True)
    checked_on = models.DateField(null=True)
    checked_by = models.CharField(max_length=200, blank=True)
    review_by = models.DateField(null=True)
    keeper = models.CharField(max_length=60, blank=True)
    words = models.CharField(max_length=600, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LegalReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["bank", "code"]
        constraints = [models.UniqueConstraint(fields=["bank", "code"], name="reference_codes_are_unique_in_a_bank")]

    def __str__(self) -> str:
        return ", ".join(part for part in (self.act, self.provision) if part)


class Citation(models.Model):
    """A question's newest version, or the one in use, cites a reference of its bank by code; the reference may still have to be written."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="citations")
    code = models.CharField(max_length=80, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "code"], name="a_question_cites_a_reference_once")]
