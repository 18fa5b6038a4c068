"""What an award would give before it is recorded: the same reckoning as any answer, on what is known and the award beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cpd_records.currency.answers import CurrencyAnswer, QualificationVerdict, answer_for
from cpd_records.currency.facts import facts_of, policy_on
from cpd_records.currency.values import Award
from cpd_records.models import Qualification
from people.models import User


@dataclass(frozen=True, slots=True)
class Foresight:
    """The verdict on a qualification today as it is (None: never held and not required), and as it would be with the award."""

    before: QualificationVerdict | None
    after: QualificationVerdict

    @property
    def changes_nothing(self) -> bool:
        """Whether what is held lasts as long without it, so that dates and verdict stay."""
        return self.before is not None and (
            (self.before.verdict, self.before.valid_from, self.before.valid_until, self.before.grace_until)
            == (self.after.verdict, self.after.valid_from, self.after.valid_until, self.after.grace_until)
        )


def what_an_award_gives(
    officer: User, qualification: Qualification, *, day: date, valid_until: date | None, today: date
) -> Foresight:
    """Return what an award of ``day`` (not after ``today``) would make of the verdict today; nothing is written."""
    policy = policy_on(today)
    named = {officer.pk: officer.public_id}
    known, more = facts_of(named, on=today)[officer.pk], facts_of(named, on=today)[officer.pk]
    code = qualification.code
    more.held.awards = {
        **more.held.awards,
        code: [*more.held.awards.get(code, ()), Award(day, valid_until, None, ())],
    }
    answers = [answer_for(facts, policy, known_at=None, size=0, provisional=False) for facts in (known, more)]
    before, after = (_verdict(answer, code) for answer in answers)
    if after is None:
        raise LookupError(f"An award of {code} leads to no verdict on it.")
    return Foresight(before, after)


def _verdict(answer: CurrencyAnswer, code: str) -> QualificationVerdict | None:
    return next((one for one in answer.qualifications if one.code == code), None)
