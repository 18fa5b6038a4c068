"""Whether a tutor is in date for what the force asks of tutors, with the reason."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from wagtail.models import Site

from courses.models import TutorRules
from cpd_records.currency import CurrencyAnswer, currency_of, currency_of_many
from cpd_records.models import Qualification
from people.models import User

NEVER = "Never held. No course, award or transfer is recorded."


@dataclass(frozen=True, slots=True)
class Fitness:
    """How a tutor stands on a day: ``carries`` is the verdict, ``reason`` why, ``until`` the last day in date where there is one."""

    title: str
    carries: bool
    reason: str
    until: date | None = None

    @property
    def words(self) -> str:
        return f"{self.title}: {self.reason}"


def tutor_rules() -> TutorRules:
    """Return what the force asks of tutors."""
    return TutorRules.for_site(Site.objects.filter(is_default_site=True).first())


def fitness_of(tutor: User, rules: TutorRules, *, on: date) -> Fitness:
    """Return how one tutor stands on the day, as the record is now."""
    return _fitness(rules.qualification, _title(rules.qualification), currency_of(tutor, on=on))


def fitness_of_many(tutors: Collection[int], rules: TutorRules, *, on: date) -> dict[int, Fitness]:
    """Return how many tutors (user keys) stand on the day; as many queries as for one, none for none."""
    if not tutors:
        return {}
    title, answers = _title(rules.qualification), currency_of_many(list(tutors), on=on)
    return {tutor: _fitness(rules.qualification, title, answers.get(tutor)) for tutor in tutors}


def asked_of_tutors(rules: TutorRules) -> str:
    """Return what the force asks of a tutor, by its title."""
    return _title(rules.qualification)


def _title(code: str) -> str:
    return Qualification.objects.filter(code=code).values_list("title", flat=True).first() or code


def _fitness(code: str, title: str, answer: CurrencyAnswer | None) -> Fitness:
    verdict = next((one for one in answer.qualifications if one.code == code), None) if answer else None
    if verdict is None:
        return Fitness(title, False, NEVER)
    return Fitness(title, verdict.carries, " ".join(verdict.reasons), verdict.valid_until)
