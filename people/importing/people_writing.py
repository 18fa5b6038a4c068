"""Writing what was decided of several people: new rows together, whatever replaces or ends another by the verb that does so everywhere."""

from __future__ import annotations

from collections.abc import Sequence

from people.dated_rows import NewRow, add_rows, end_row
from people.importing.people_decisions import Decision
from people.models import Posting, RankHeld, RoleHeld, User
from people.postings import post_officer
from people.roles import end_role, give_rank, refresh_groups

REASON, LEFT = "Imported", "Left"


def write_decisions(decisions: Sequence[Decision], *, by: User | None) -> None:
    """Write them; call inside a transaction. Raises ``PeriodsOverlap``, ``AlreadyCorrected`` or ``IntegrityError``: undo it then."""
    _write_people(decisions)
    for decision in decisions:
        _replace(decision, by=by)
        _end(decision, by=by)
    add_rows(
        Posting, [_posting(one) for one in decisions if one.posting and not one.replaces_posting], by=by, reason=REASON
    )
    add_rows(RankHeld, [_rank(one) for one in decisions if one.rank and not one.replaces_rank], by=by, reason=REASON)
    add_rows(RoleHeld, [row for one in decisions for row in _roles(one)], by=by, reason=REASON)
    for decision in decisions:
        if any(not role.role.duty for role in decision.roles):
            refresh_groups(decision.person)


def _write_people(decisions: Sequence[Decision]) -> None:
    for decision in decisions:
        for name, value in decision.particulars.items():
            setattr(decision.person, name, value)
        if decision.is_new:
            decision.person.set_unusable_password()
        elif decision.particulars:
            decision.person.save(update_fields=list(decision.particulars))
    User.objects.bulk_create([decision.person for decision in decisions if decision.is_new])


def _replace(decision: Decision, *, by: User | None) -> None:
    if decision.posting is not None and decision.replaces_posting:
        unit, number = decision.posting
        post_officer(decision.person, unit, by=by, valid_from=decision.since, shoulder_number=number, reason=REASON)
    if decision.rank is not None and decision.replaces_rank:
        give_rank(decision.person, decision.rank.code, by=by, valid_from=decision.since, reason=REASON)


def _end(decision: Decision, *, by: User | None) -> None:
    for posting in decision.ended_postings:
        end_row(posting, by=by, last_day=decision.last_day, reason=LEFT)
    for held in decision.ended_roles:
        end_role(held, by=by, last_day=decision.last_day, reason=LEFT)


def _posting(decision: Decision) -> NewRow:
    assert decision.posting is not None
    unit, number = decision.posting
    return NewRow({"officer": decision.person}, decision.since, {"unit": unit, "shoulder_number": number})


def _rank(decision: Decision) -> NewRow:
    return NewRow({"officer": decision.person, "is_acting": False}, decision.since, {"rank": decision.rank})


def _roles(decision: Decision) -> list[NewRow]:
    return [
        NewRow(
            {"officer": decision.person, "role": role.role, "family": role.family, "unit": role.unit},
            decision.since,
            {},
        )
        for role in decision.roles
    ]
