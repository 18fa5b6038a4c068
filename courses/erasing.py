"""What of this app goes when an officer's records are erased, and in which order: what hangs on a row goes before it."""

from __future__ import annotations

from typing import Any

from cpd_records.models import TRAINING_RECORD
from people.erasure_plans import Files, Part, Plan, not_ended

# An item names what was handed in last, and a version names its item: the one lets go first.
LET_GO = {"current": None, "state": "waiting", "decided_on": None}


def _course(row: Any) -> str:
    return f"{row.release.title}, begun on {row.enrolled_at:%d %B %Y}".replace(" on 0", " on ")


def _programme(row: Any) -> str:
    return f"{row.release.programme.title}, begun on {row.began_on:%d %B %Y}".replace(" on 0", " on ")


PLANS = (
    Plan(
        "courses.Enrolment",
        "officer",
        "Courses",
        "cpd",
        made="enrolled_at",
        since=("closed_at",),
        going_on=not_ended("closed_at"),
        parts=(
            Part("courses.Completion", "enrolment", entries=("entry",)),
            Part("courses.StepDone", "enrolment"),
            Part("courses.CheckAnswer", "enrolment"),
            Part("courses.ReflectionNote", "enrolment"),
            Part("courses.ReleaseAcknowledgement", "enrolment"),
        ),
        name=_course,
    ),
    Plan(
        "courses.ParadeMember",
        "officer",
        "Parades",
        "cpd",
        made="parade__asked_at",
        since=("parade__day",),
        # The file holds others' certificates too, which they have: it is asked for again.
        parts=(Part("courses.ParadeFile", "parade__members", files=Files("path"), blanks={"path": ""}),),
    ),
    Plan("courses.Nomination", "officer", "Nominations", "cpd", made="nominated_at", since=("closed_at",)),
    Plan(
        "courses.Recruit",
        "officer",
        "Initial training",
        "initial-training",
        made="added_at",
        going_on=not_ended("closed_at"),
        listed_in=lambda row: (TRAINING_RECORD,),
        parts=(
            Part("courses.PortfolioReading", "member__judgement__version__item__recruit"),
            Part("courses.PortfolioSampleMember", "judgement__version__item__recruit"),
            Part("courses.PortfolioJudgement", "version__item__recruit"),
            Part("courses.PortfolioClaim", "version__item__recruit"),
            Part("courses.PortfolioItem", "recruit", blanks=LET_GO),
            Part("courses.PortfolioVersion", "item__recruit"),
            Part("courses.PortfolioFile", "item__recruit", files=Files("path")),
            Part("courses.PortfolioItem", "recruit"),
            Part("courses.PortfolioSignOff", "recruit", entries=("entry",)),
            Part("courses.ShiftNoteWithdrawal", "note__recruit"),
            Part("courses.ShiftNote", "recruit", blanks={"corrects": None}),
            Part("courses.ShiftNote", "recruit"),
            Part("courses.TutorPairing", "recruit", blanks={"supersedes": None}),
            Part("courses.TutorPairing", "recruit", entries=("entry",)),
            Part("courses.RecordKept", "recruit"),
            Part("courses.RecruitState", "recruit", blanks={"supersedes": None}),
            Part("courses.RecruitState", "recruit", entries=("entry",)),
        ),
        name=_programme,
    ),
    Plan("courses.IntakeTrainer", "trainer", "Intakes taught", "service", made="recorded_at", is_chain=True),
)
STAYS = {
    "It is part of the recruit's record, and goes with that.": (("courses.TutorPairing", "tutor"),),
    "Who asked for evidence about somebody, and why, is kept as long as it may have been used.": (
        ("courses.EvidencePack", "officer"),
    ),
}
