"""What an activity would not count for if it were verified as it is, said while there is time to write what is missing."""

from __future__ import annotations

from collections.abc import Sequence

from cpd_records.models import Activity
from cpd_records.schemes.learning import Learning, Source
from cpd_records.schemes.officers import schemes_for
from cpd_records.schemes.rules import Rules

REFLECTIVE = "reflective"


def lost_without_reflection(activities: Sequence[Activity]) -> dict[str, list[Activity]]:
    """Return a sentence for each of the officer's schemes in which learning counts for less because nothing is reflected on.

    ``activities`` are one officer's; with each sentence stand those of them it is about, in their order. No query where there are
    reflections on all, one where no scheme is in force for anybody; not more for more activities.
    """
    silent = [activity for activity in activities if not activity.is_reflected_on]
    if not silent:
        return {}
    schemes = schemes_for(silent[0].officer)
    lost: dict[str, list[Activity]] = {}
    for scheme in schemes.standing:
        for activity in silent:
            rules = schemes.rules_on(scheme, activity.day)
            sentence = _lost(scheme.title, rules, _as_learning(activity)) if rules is not None else ""
            if sentence:
                lost.setdefault(sentence, []).append(activity)
    return lost


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
