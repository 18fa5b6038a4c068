"""What an activity may be linked to, as a force keeps it: competencies and ethical principles. Codes never change, words may."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db import models

CODE_LENGTH = 40


class LinkQuerySet(models.QuerySet["FrameworkLink"]):
    """Questions about links of a framework."""

    def offered(self) -> Self:
        """Those that may be chosen today, in the force's order."""
        return self.filter(is_active=True)


class FrameworkLink(models.Model):
    """Abstract. Something an activity is linked to by ``code``. What is no longer offered keeps its title for old activities."""

    code = models.SlugField(max_length=CODE_LENGTH, unique=True, help_text="Never changes: activities refer to it.")
    title = models.CharField(max_length=120)
    is_active = models.BooleanField("offered", default=True, help_text="Officers may choose it.")
    order = models.PositiveSmallIntegerField(default=0)

    objects = LinkQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def titles(cls, codes: Iterable[str]) -> list[str]:
        """Return the titles of the codes in the force's order; a code that is gone is left out. One query, none for no code."""
        wanted = set(codes)
        if not wanted:
            return []
        return list(cls._default_manager.filter(code__in=wanted).values_list("title", flat=True))

    @classmethod
    def titles_by_code(cls, codes: Iterable[str]) -> dict[str, str]:
        """Return the title of each code that is known. One query, none for no code."""
        wanted = set(codes)
        return dict(cls._default_manager.filter(code__in=wanted).values_list("code", "title")) if wanted else {}


class Competency(FrameworkLink):
    """A competency of the Competency and Values Framework. The first two are shown at once, the others folded away."""

    class Meta(FrameworkLink.Meta):
        verbose_name_plural = "competencies"


class EthicalPrinciple(FrameworkLink):
    """A principle of the Code of Ethics of 2024."""

    class Meta(FrameworkLink.Meta):
        pass
