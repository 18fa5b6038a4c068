"""Who judges a recruit's evidence, and who signs off the whole. The one place where tutors, trainers and assessors are told apart."""

from __future__ import annotations

from datetime import date

from courses.models import IntakeTrainer, Recruit, RecruitState, TutorPairing
from courses.programmes.states import Kind
from courses.programmes.values import Phase, Signer
from people import access
from people.models import User


def may_judge(user: User, recruit: Recruit, *, on: date) -> bool:
    """Return whether ``user`` may judge the recruit's evidence on the day: their tutor, a trainer of their intake, or an assessor.

    Never the recruit. What somebody vouched for they do not judge either: that is asked of the item.
    """
    if not access.is_person(user) or access.is_own(user, recruit.officer):
        return False
    return (
        access.has_role(user, access.ASSESSOR, on=on)
        or _trains(user, recruit, on=on)
        or TutorPairing.objects.in_force(on).filter(recruit=recruit, tutor=user).exists()
    )


def judges_anybody(user: User, *, on: date) -> bool:
    """Return whether evidence may wait for this person: a trainer, an assessor, or somebody's tutor on the day."""
    return (
        access.has_any_role(user, access.TRAINER, access.ASSESSOR)
        or TutorPairing.objects.in_force(on).filter(tutor=user, recruit__closed_at__isnull=True).exists()
    )


def may_sign_off(user: User, recruit: Recruit, phase: Phase, *, on: date) -> bool:
    """Return whether ``user`` holds the part that the programme names for signing off the phase's portfolio; never the recruit."""
    if not access.is_person(user) or access.is_own(user, recruit.officer):
        return False
    if phase.portfolio_signed_by is Signer.SUPERVISOR:
        return access.supervises(user, recruit.officer, on=on)
    return access.has_role(user, phase.portfolio_signed_by, on=on)


def _trains(user: User, recruit: Recruit, *, on: date) -> bool:
    rows = RecruitState.objects.in_force(on).filter(recruit=recruit, kind=Kind.INTAKE)
    return IntakeTrainer.objects.in_force(on).filter(trainer=user, intake__in=rows.values("intake")).exists()
