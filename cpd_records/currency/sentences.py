"""What a verdict is called in sentences: the verdict, then the reason, then the remedy. Nothing here knows a database."""

from __future__ import annotations

from collections.abc import Mapping

from cpd_records.currency.values import Ruling, Verdict
from cpd_records.currency.verdicts import Finding, failing_needs
from people.dates import long_date
from people.durations import hours

NEVER_HELD = "Never held."
NOTHING_RECORDED = "No course, award or transfer is recorded."


def reasons_for(finding: Finding, found: Mapping[str, Finding], *, erased: int = 0) -> tuple[str, ...]:
    """Return the sentences behind a verdict, its own first; ``found`` has what it needs.

    ``erased`` counts entries of the officer whose content went, so that 'never held' is not said where nobody can know.
    """
    said = why(finding, found, erased=erased)
    ruling = finding.course[0].cause
    if isinstance(ruling, Ruling):
        if ruling.conditions:
            said.append(_ended(f"Conditions: {ruling.conditions}"))
        if ruling.verdict == Verdict.EXCEPTED:
            said += [f"Without it: {sentence}" for sentence in _by_dates_and_needs(finding, found, "", erased)]
    said += _about_award(finding)
    return tuple(said)


def why(finding: Finding, found: Mapping[str, Finding], *, erased: int = 0, named: bool = False) -> list[str]:
    """Return the verdict's own sentences; ``named`` puts the qualification's name in them, as the reasons of a role have it."""
    name = finding.subject.short_title if named else ""
    ruling = finding.course[0].cause
    if isinstance(ruling, Ruling):
        return [_by_ruling(ruling, name)]
    return _by_dates_and_needs(finding, found, name, erased)


def _by_dates_and_needs(finding: Finding, found: Mapping[str, Finding], name: str, erased: int) -> list[str]:
    """Return why it stands as it does without any ruling: its own dates where they decide, and each needed one that fails it."""
    failing = failing_needs(finding.subject, found, finding.on)
    said = [] if failing and finding.own_verdict.carries else [_by_own_dates(finding, name, erased)]
    if finding.own_verdict != Verdict.NEVER_HELD:
        said += [_by_need(finding, found[code], found) for code in failing]
    return said


def _by_own_dates(finding: Finding, name: str, erased: int) -> str:
    verdict, until = finding.own_verdict, finding.valid_until
    if verdict == Verdict.NEVER_HELD:
        if erased:
            entries = "one entry of this officer was" if erased == 1 else f"{erased} entries of this officer were"
            return f"No award{' of ' + name if name else ''} is on the record, but {entries} erased, so it may have been held."
        return _sentence(name, "was", f"never held. {NOTHING_RECORDED}")
    if until is None:
        return _sentence(name, "is", f"in date. {_why_without_end(finding)}")
    if verdict == Verdict.IN_DATE:
        return _sentence(name, "is", f"in date until {long_date(until)}.")
    if verdict == Verdict.DUE:
        return _sentence(name, "is", f"in date until {long_date(until)}. Renew it before then.")
    if verdict == Verdict.IN_GRACE:
        return _sentence(name, "is", _in_grace(finding))
    if finding.holding is not None and finding.holding.award.ends_by_decision:
        return _sentence(name, "was", f"withdrawn, and held until {long_date(until)}.")
    if finding.grace_until is not None:
        return _sentence(
            name, "", f"expired on {long_date(until)}, and grace ended on {long_date(finding.grace_until)}."
        )
    return _sentence(name, "", f"expired on {long_date(until)}, and has no grace.")


def _why_without_end(finding: Finding) -> str:
    holding = finding.holding
    if holding is None or holding.stopped is None:
        return "It does not lapse."
    since, left = holding.stopped
    if since > finding.on:
        return f"The clock stands still from {long_date(since)} on."
    return f"The clock has stood still since {long_date(since)}, with {left} {'day' if left == 1 else 'days'} left."


def _in_grace(finding: Finding) -> str:
    lapse = finding.subject.rule_on(finding.on).lapse
    until = f"until {long_date(finding.grace_until)}" if finding.grace_until else "while the absence lasts"
    return f"in grace {until}.{' After that: ' + _ended(lapse) if lapse else ''}"


def _by_need(finding: Finding, needed: Finding, found: Mapping[str, Finding]) -> str:
    """Name what is needed and does not carry: 'First aid expired on 28 February 2026, and Taser has no grace.'"""
    name, other = finding.subject.short_title, needed.subject.short_title
    stretch = needed.course[0]
    if stretch.verdict == Verdict.EXPIRED and not isinstance(stretch.cause, str) and needed.valid_until is not None:
        has_grace = finding.subject.rule_on(finding.on).grace_days > 0
        ends = f"{name} needs it" if has_grace else f"{name} has no grace"
        return f"{other} expired on {long_date(needed.valid_until)}, and {ends}."
    if stretch.verdict == Verdict.EXPIRED:
        deeper = found[stretch.cause].subject.short_title if isinstance(stretch.cause, str) else ""
        because = f" because of {deeper}" if deeper else ""
        return f"{other} does not carry{because}, and {name} needs it."
    if stretch.verdict == Verdict.IN_GRACE:
        until = f" until {long_date(needed.grace_until)}" if needed.grace_until else ""
        return f"{other} is in grace{until}, but {name} needs it fully in date."
    if stretch.verdict == Verdict.EXCEPTED:
        return f"{other} is held by exception, but {name} needs it fully in date."
    if stretch.verdict == Verdict.RESTRICTED:
        return f"{other} is restricted, and {name} needs it."
    return f"{other} was never held, and {name} needs it."


def _by_ruling(ruling: Ruling, name: str) -> str:
    until = f" until {long_date(ruling.days.last)}" if ruling.days.last else ""
    reason = f": {_ended(ruling.reason)}" if ruling.reason else "."
    if ruling.verdict == Verdict.EXCEPTED:
        by = f" from {ruling.by}" if ruling.by else ""
        return _sentence(name, "is", f"held{until} by an exception{by}{reason}")
    if ruling.verdict == Verdict.EXEMPT:
        return f"{'Exempt from ' + name if name else 'Exempt'}{until}{reason}"
    return _sentence(name, "is", f"restricted since {long_date(ruling.days.first)}{until}{reason}")


def _about_award(finding: Finding) -> list[str]:
    holding = finding.holding
    if holding is None:
        return []
    award = holding.award
    said = [f"Last awarded on {long_date(award.day)}{', ' + hours(award.minutes) if award.minutes else ''}."]
    if holding.kept_anniversary:
        said.append("Renewed early, so it counts from the last day of what it renewed.")
    return said


def _sentence(name: str, verb: str, rest: str) -> str:
    if not name:
        return f"{rest[:1].upper()}{rest[1:]}"
    return f"{name} {verb} {rest}" if verb else f"{name} {rest}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
