"""What somebody may decide about a recruit now, as a page offers it: each with its address, its words and its form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms

from courses.models import Recruit
from courses.programmes import moving
from courses.programmes.forms import BackCourseForm, DecisionForm, UntilForm
from courses.programmes.recruits import standing_on
from courses.programmes.releasing import plan_of
from courses.programmes.states import BESIDE, ENDS, WORDS, Kind, Standing
from courses.programmes.values import Decider
from people import access
from people.models import User

Act = Callable[..., Any]
# What a decision is called while it can be begun, while it can be ended, and on its button.
BEGINNINGS = {
    Kind.ACTION_PLAN: ("Open a plan of action", "Close the plan of action", "Open the plan"),
    Kind.EXTENDED: ("Extend probation", "End the longer probation", "Extend probation"),
    Kind.PAUSED: ("Pause training", "Resume training", "Pause training"),
    Kind.DISCHARGE_CONSIDERED: (
        "Record that discharge is considered",
        "Record that discharge is no longer considered",
        "Record it",
    ),
}
ENDINGS = {
    Kind.CONFIRMED: ("Confirm in rank", "Confirm them in rank"),
    Kind.DISCHARGED: ("Record a discharge under regulation 13", "Record the discharge"),
    Kind.LEFT: ("Record that they left", "Record that they left"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One decision: ``key`` is its word in the address, ``done`` what is said afterwards."""

    key: str
    title: str
    button: str
    done: str
    act: Act
    form: type[forms.Form] = DecisionForm
    help: str = ""


def offers_for(recruit: Recruit, by: User, *, on: date) -> list[Offer]:
    """Return what ``by`` may decide about the recruit on the day, the usual first; nothing about oneself or after the end."""
    standing = standing_on(recruit, on)
    if access.is_own(by, recruit.officer) or standing.ended is not None:
        return []
    is_administrator = access.has_role(by, access.TRAINING_ADMIN)
    supervises = access.supervises(by, recruit.officer, on=on)
    found = [*_phase(recruit, standing, is_administrator=is_administrator, supervises=supervises)]
    if is_administrator or supervises:
        found += [_back_course(), _beside(Kind.ACTION_PLAN, standing)]
    if is_administrator:
        found += [_beside(kind, standing) for kind in BESIDE if kind is not Kind.ACTION_PLAN]
        found += [_end(kind) for kind in ENDS if _can_end(recruit, standing, kind)]
    return found


def _phase(recruit: Recruit, standing: Standing, *, is_administrator: bool, supervises: bool) -> list[Offer]:
    plan = plan_of(recruit.release)
    if not standing.phase or standing.is_paused:
        return []
    phase, following = plan.phase(standing.phase), plan.after(standing.phase)
    may = is_administrator if phase.decided_by is Decider.ADMINISTRATOR else supervises
    if not may or following is None:
        return []
    granted = " Independent patrol is granted with it, and a letter says so." if phase.grants else ""
    return [
        Offer(
            "phase",
            f"{phase.title} is done",
            f"Record that {phase.title.lower()} is done",
            f"Recorded: {phase.title} is done, {following.title} has begun.",
            moving.end_phase,
            help=f"‘{following.title}’ begins on that day.{granted}",
        )
    ]


def _back_course() -> Offer:
    return Offer(
        "back-course",
        "Move to a later intake",
        "Move them",
        "Recorded: moved to a later intake.",
        moving.back_course,
        BackCourseForm,
        "The phase begins anew on that day, and a pairing with a tutor ends the day before. The cause is counted, never with a name.",
    )


def _beside(kind: Kind, standing: Standing) -> Offer:
    words = WORDS[kind]
    title, ends_title, button = BEGINNINGS[kind]
    if standing.has(kind):

        def end(recruit: Recruit, *, by: User, at: datetime, on: date, reason: str, seen: int | None, **_: Any) -> Any:
            return moving.end_beside(recruit, kind, by=by, at=at, on=on, reason=reason, seen=seen)

        help_words = "The day you give is the first on which it no longer stands."
        return Offer(
            f"{_word(kind)}-ends",
            ends_title,
            "Record that it ends",
            f"Recorded: {words.lower()} has ended.",
            end,
            help=help_words,
        )

    def begin(recruit: Recruit, **given: Any) -> Any:
        return moving.record_beside(recruit, kind, **given)

    form = UntilForm if kind is Kind.EXTENDED else DecisionForm
    return Offer(_word(kind), title, button, f"Recorded: {words.lower()}.", begin, form)


def _end(kind: Kind) -> Offer:
    def end(recruit: Recruit, **given: Any) -> Any:
        return moving.record_end(recruit, kind, **given)

    title, button = ENDINGS[kind]
    return Offer(
        _word(kind),
        title,
        button,
        f"Recorded: {WORDS[kind].lower()}.",
        end,
        help="Nothing follows after that. A pairing with a tutor ends with it.",
    )


def _can_end(recruit: Recruit, standing: Standing, kind: Kind) -> bool:
    if kind is Kind.DISCHARGED:
        return standing.has(Kind.DISCHARGE_CONSIDERED)
    if kind is Kind.CONFIRMED:
        plan = plan_of(recruit.release)
        return standing.phase == plan.phases[-1].slug and not standing.is_paused
    return True


def _word(kind: Kind) -> str:
    return kind.value.replace("_", "-")
