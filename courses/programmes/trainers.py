"""Who teaches an intake: rows with two times. Named and ended by a training administrator, never by the trainer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from courses.models import Intake, IntakeTrainer, RecruitState
from courses.programmes.refusals import (
    MovedMeanwhile,
    NotYours,
    RecruitRefused,
    checked_words,
    refuse_unless_administrator,
)
from courses.programmes.states import Kind
from cpd_records.currency.facts import footing_at
from people import access, clock
from people.dated_rows import PeriodsOverlap, add_row, end_row
from people.dates import long_date
from people.models import User, display_name

TO_DO = "name an intake’s trainers"
OWN = "You cannot decide about yourself as a trainer. Another training administrator has to."


def add_trainer(
    intake: Intake, trainer: User, *, by: User, at: datetime, on: date, until: date | None = None
) -> IntakeTrainer:
    """Make somebody who holds the trainer's role a trainer of the intake from ``on``, to ``until`` where that is known.

    The same days twice are once. Refused for whoever is a recruit of the intake, and for days already recorded.
    """
    refuse_unless_administrator(by, to_do=TO_DO)
    _refuse_own(trainer, by=by)
    _refuse_days(intake, on, until, today=timezone.localdate(at))
    if not access.has_role(trainer, access.TRAINER):
        raise RecruitRefused(f"{display_name(trainer)} holds no trainer’s role today.", "trainer")
    with transaction.atomic():
        Intake.objects.select_for_update().get(pk=intake.pk)
        if RecruitState.objects.known().filter(
            kind=Kind.INTAKE, is_void=False, intake=intake, recruit__officer=trainer
        ):
            raise RecruitRefused(
                f"{display_name(trainer)} is or was a recruit of {intake.name}. Choose somebody else.", "trainer"
            )
        same = _standing(intake).filter(trainer=trainer, valid_from=on, valid_until=until).first()
        if same is not None:
            return same
        try:
            return add_row(
                IntakeTrainer,
                subject={"intake": intake, "trainer": trainer},
                by=by,
                valid_from=on,
                valid_until=until,
            )
        except PeriodsOverlap as overlap:
            present = _standing(intake).filter(trainer=trainer).order_by("-valid_from").first()
            raise RecruitRefused(
                f"{display_name(trainer)} is a trainer of {intake.name} {days_of(present)} already. "
                "End that first, or choose other days.",
                "on",
            ) from overlap


def end_trainer(row: IntakeTrainer, *, by: User, at: datetime, last_day: date, reason: str) -> IntakeTrainer:
    """Record the last day of a trainer; a day before the first says that they never taught the intake."""
    refuse_unless_administrator(by, to_do=TO_DO)
    _refuse_own(row.trainer, by=by)
    reason = checked_words(reason, field="reason", missing="Say why it ends, in a sentence.")
    if last_day > timezone.localdate(at) + timedelta(days=366):
        raise RecruitRefused("That is more than a year ahead. Check the day.", "last_day")
    with transaction.atomic():
        Intake.objects.select_for_update().get(pk=row.intake_id)
        standing = _standing(row.intake).filter(pk=row.pk).first()
        if standing is None:
            raise MovedMeanwhile("Somebody changed this meanwhile. Look at the trainers, then decide again.")
        if standing.valid_until is not None and last_day >= standing.valid_until:
            raise RecruitRefused(
                f"It ends on {long_date(standing.valid_until)} as it is. Choose an earlier day, or add them again to go on.",
                "last_day",
            )
        return end_row(standing, by=by, last_day=last_day, reason=reason)


def trainers_of(intake: Intake) -> list[IntakeTrainer]:
    """Return who teaches or taught the intake, as it stands now, the latest first."""
    return list(_standing(intake).select_related("trainer", "recorded_by").order_by("-valid_from", "-pk"))


def trainer_row(intake: Intake, number: int) -> IntakeTrainer | None:
    """Return a row of the intake that stands, by its number."""
    return _standing(intake).filter(pk=number).select_related("trainer", "intake").first()


@dataclass(frozen=True, slots=True)
class TaughtThen:
    """Who taught an intake on a day, as recorded by the end of another; ``changes`` are sentences about what is told otherwise today.

    ``size`` is that of the tree it rests on; ``provisional`` says that a later checkpoint may add to it.
    """

    on: date
    known_on: date
    rows: tuple[IntakeTrainer, ...]
    changes: tuple[str, ...]
    size: int
    provisional: bool


def taught_on(intake: Intake, on: date, *, known_on: date) -> TaughtThen:
    """Return who taught the intake on ``on``, as recorded by the last checkpoint until the end of ``known_on``: the same for ever."""
    footing = footing_at(clock.end_of_day(known_on))
    then, now = trainers_on(intake, on, known_at=footing.cut.moment), trainers_on(intake, on)
    names_then, names_now = _names(then), _names(now)
    added = tuple(f"As recorded today: {name} taught it." for name in names_now if name not in names_then)
    gone = tuple(f"No longer said today: {name} taught it." for name in names_then if name not in names_now)
    return TaughtThen(on, known_on, then, added + gone, footing.size, footing.is_provisional)


def days_of(row: IntakeTrainer) -> str:
    """Say which days: 'from 5 January 2026', 'from 5 January 2026 to 1 March 2026'."""
    until = f" to {long_date(row.valid_until)}" if row.valid_until else ""
    return f"from {long_date(row.valid_from)}{until}"


def trainers_on(intake: Intake, on: date, *, known_at: datetime | None = None) -> tuple[IntakeTrainer, ...]:
    rows = IntakeTrainer.objects.in_force(on, known_at).filter(intake=intake)
    return tuple(rows.select_related("trainer", "recorded_by").order_by("valid_from", "pk"))


def _names(rows: Sequence[IntakeTrainer]) -> list[str]:
    return [f"{display_name(row.trainer)}, service number {row.trainer.service_number}," for row in rows]


def _standing(intake: Intake) -> Any:
    return IntakeTrainer.objects.known().filter(intake=intake, is_void=False)


def _refuse_own(trainer: User, *, by: User) -> None:
    if access.is_own(by, trainer):
        raise NotYours(OWN, "trainer")


def _refuse_days(intake: Intake, on: date, until: date | None, *, today: date) -> None:
    if on < intake.starts_on:
        raise RecruitRefused(
            f"{intake.name} begins on {long_date(intake.starts_on)}. Choose that day or a later one.", "on"
        )
    if on > max(today, intake.starts_on) + timedelta(days=366):
        raise RecruitRefused("That is more than a year ahead. Check the day.", "on")
    if until is not None and until < on:
        raise RecruitRefused("The last day is before the first. Check both days.", "until")
