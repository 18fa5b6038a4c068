"""A rule in sentences, as it is read on screens."""

from __future__ import annotations

from cpd_records.models import QualificationRule, RuleStatus
from people.durations import hours

LOCAL = "Local default, not a national standard."
PARTLY = "Partly sourced. What the source does not say is a local default."
SOURCED = "Sourced."


def sentences_of(rule: QualificationRule) -> list[str]:
    """Return what a rule says, the most asked first."""
    said = [_lasting(rule), f"When it lapses: {_closed(rule.lapse)}"]
    if rule.applies_to:
        said.append(f"For: {_closed(rule.applies_to)}")
    if rule.validity_months is not None:
        said += _around_the_end(rule)
    if rule.initial_minutes:
        said.append(f"Initial training takes {hours(rule.initial_minutes)}.")
    if rule.refresher_minutes:
        said.append(f"A refresher takes {hours(rule.refresher_minutes)}.")
    return [*said, _exception(rule)]


def standing_of(rule: QualificationRule) -> str:
    """Say how far a rule rests on a published source; everything else is a local default and called so."""
    if rule.status == RuleStatus.SOURCED:
        return SOURCED
    return PARTLY if rule.status == RuleStatus.PARTLY_SOURCED else LOCAL


def _lasting(rule: QualificationRule) -> str:
    if rule.validity_months is None:
        return "It does not lapse."
    return f"It lasts {_count(rule.validity_months, 'month')} from the day of the award."


def _around_the_end(rule: QualificationRule) -> list[str]:
    said = [f"It shows as due in the last {_count(rule.warning_days, 'day')}."] if rule.warning_days else []
    said.append(
        f"After the last day it carries for {_count(rule.grace_days, 'day')} of grace."
        if rule.grace_days
        else "It has no grace."
    )
    if rule.early_renewal_days:
        days = _count(rule.early_renewal_days, "day")
        said.append(f"Renewed within {days} before it lapses, it keeps its anniversary.")
    if rule.absence_stops_clock:
        said.append("A recorded absence stops its clock.")
    return said


def _exception(rule: QualificationRule) -> str:
    if not rule.exception_allowed:
        return "No exception is possible."
    who = f"the rank of {rule.exception_rank.title.lower()} or above" if rule.exception_rank else "a supervisor"
    return f"A risk-assessed exception may be granted by {who}, for {_count(rule.exception_days, 'day')} at most."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _closed(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
