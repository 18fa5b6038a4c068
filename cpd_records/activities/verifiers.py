"""Who may verify whose CPD: the officer's supervisors, or a named other person with the knowledge; never oneself.

With the knowledge is whoever holds a supervisor's, trainer's, assessor's or IQA's role, or the rank of sergeant or a higher one.
"""

from __future__ import annotations

from datetime import date

from cpd_records.activity_rules import OWN, ActivityRefused, OwnActivity, cleaned_text
from cpd_records.models import Activity, ActivityState
from cpd_records.models.verifying import may_be_named
from people import access, clock
from people.finding import people_named
from people.models import RoleHeld, User
from people.postings import posting_of

SECOND = "Somebody else has to read this second: not the officer, and not you."


def verifiers_for(officer: User, *, on: date | None = None) -> list[User]:
    """Return those who supervise the officer on the day, the ones of the officer's own unit first."""
    found = list(access.supervisors_of(officer, on=on))
    posting = posting_of(officer, on=on)
    if posting is None or len(found) < 2:
        return found
    day = on or clock.today()
    nearest = set(
        RoleHeld.objects.in_force(day)
        .filter(role__code=access.SUPERVISOR, unit=posting.unit_id)
        .values_list("officer_id", flat=True)
    )
    return sorted(found, key=lambda person: person.pk not in nearest)


def find_verifier(text: str, *, officer: User, first: User | None = None) -> User:
    """Return the person with this e-mail address or service number who may verify for ``officer``; refuse everybody else alike.

    ``first`` is who proposed to reject it, where somebody is sought to read it second.
    """
    person = people_named(cleaned_text(text)).filter(is_active=True).first()
    if person is not None and access.is_own(person, officer):
        raise OwnActivity(SECOND if first else OWN, "other_verifier")
    if person is not None and first is not None and access.is_own(person, first):
        raise ActivityRefused(SECOND, "other_verifier")
    if person is None or not is_verifier(person, officer):
        raise ActivityRefused(
            "Nobody who may verify CPD has that e-mail address or service number. Check it, or choose from the list.",
            "other_verifier",
        )
    return person


def may_verify(by: User, activity: Activity) -> bool:
    """Return whether ``by`` is whom it was handed in to, or supervises the officer; never for an activity of their own."""
    if access.is_own(by, activity.officer) or not access.is_person(by):
        return False
    named = activity.verifier_id == by.pk and may_be_named(by)
    return named or access.supervises(by, activity.officer)


def may_read_second(by: User, activity: Activity) -> bool:
    """Return whether ``by`` may decide on a proposed rejection: the one named, or another supervisor, never who proposed it."""
    if access.is_own(by, activity.officer) or by.pk == activity.rejection_by_id or not access.is_person(by):
        return False
    if activity.state != ActivityState.PROPOSED:
        return False
    named = activity.second_reviewer_id == by.pk and may_be_named(by)
    return named or access.supervises(by, activity.officer)


def is_verifier(person: User, officer: User) -> bool:
    """Return whether the officer may hand something in to this person."""
    return person.is_active and (may_be_named(person) or access.supervises(person, officer))
