"""What an activity would not count for if it were verified as it is, said while there is time to write what is missing."""

from __future__ import annotations

from cpd_records.models import Activity
from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.officers import schemes_for
from cpd_records.schemes.rules import Rules

REFLECTIVE = "reflective"


def lost_without_reflection(activity: Activity) -> list[str]:
    """Return a sentence for each of the officer's schemes in which the activity counts for less because nothing is reflected on.

    No query where there is a reflection, one where no scheme is in force for anybody.
    """
    if activity.is_reflected_on:
        return []
    schemes = schemes_for(activity.officer)
    found = ((scheme.title, schemes.rules_on(scheme, activity.day)) for scheme in schemes.standing)
    sentences = (_lost(title, rules, _as_learning(activity)) for title, rules in found if rules is not None)
    return [sentence for sentence in sentences if sentence]


def _lost(scheme: str, rules: Rules, it: Learning) -> str:
    for part in rules.never:
        if part.of.tests.get(REFLECTIVE) is False and part.of.includes(it):
            return f"Without a reflection it never counts in “{scheme}”."
    titles = [target.title for target in rules.targets if target.of.failing(it) == [REFLECTIVE]]
    named = " and ".join(f"“{title}”" for title in titles)
    return f"Without a reflection it does not count towards {named} in “{scheme}”." if titles else ""


def _as_learning(activity: Activity) -> Learning:
    return Learning(
        id=activity.pk,
        title=activity.title,
        day=activity.day,
        minutes=activity.minutes,
        source=Source.SELF,
        kind=activity.kind,
        structured=activity.is_structured,
        participatory=activity.is_participatory,
        core=activity.is_core,
        reflective=activity.is_reflected_on,
        on_duty=activity.on_duty,
    )
