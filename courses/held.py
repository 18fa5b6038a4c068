"""What this app holds about a person, for whoever asks to be handed all of it."""

from __future__ import annotations

from collections.abc import Iterator

from people.held import DEED
from people.models import User
from people.subject_data import Held, LeftOut, Part, parts_of

HELD = (
    Held("courses.Enrolment", "officer", "Courses begun"),
    Held("courses.StepDone", "enrolment__officer", "Steps finished"),
    Held("courses.CheckAnswer", "enrolment__officer", "Answers to checks inside lessons", is_long=True),
    Held("courses.ReflectionNote", "enrolment__officer", "What you wrote for yourself in lessons"),
    Held("courses.ReleaseAcknowledgement", "enrolment__officer", "Changes you acknowledged"),
    Held("courses.Completion", "enrolment__officer", "Courses completed", leaves=("attempt",)),
    Held("courses.Nomination", "officer", "Nominations"),
    Held("courses.Recruit", "officer", "Initial training"),
    Held("courses.RecruitState", "recruit__officer", "Decisions on initial training"),
    Held("courses.RecordKept", "recruit__officer", "Records kept in initial training"),
    Held("courses.TutorPairing", "officer", "Your tutors"),
    Held("courses.TutorPairing", "tutor", "Whom you tutored"),
    Held("courses.ShiftNote", "officer", "What tutors wrote about you"),
    Held("courses.ShiftNoteWithdrawal", "note__officer", "Tutor's notes withdrawn"),
    Held("courses.PortfolioItem", "recruit__officer", "Portfolio"),
    Held("courses.PortfolioVersion", "item__recruit__officer", "What you handed in to your portfolio"),
    Held("courses.PortfolioClaim", "version__item__recruit__officer", "Under which headings"),
    Held("courses.PortfolioFile", "item__recruit__officer", "Files of your portfolio", path="path", name="name"),
    Held("courses.PortfolioJudgement", "version__item__recruit__officer", "How your portfolio was judged"),
    Held("courses.PortfolioSignOff", "recruit__officer", "Portfolios signed off"),
    Held("courses.IntakeTrainer", "trainer", "Intakes you taught"),
    Held("courses.EvidencePack", "officer", "Evidence packs about you"),
    Held("courses.ParadeMember", "officer", "Parades you were on the list of"),
)
LEFT_OUT: LeftOut = {
    DEED: (
        "courses.Completion.confirmed_by",
        "courses.CourseFolder.loaded_by",
        "courses.CourseReview.reviewed_by",
        "courses.CourseWithdrawal.by",
        "courses.CourseWithdrawal.ended_by",
        "courses.Enrolment.enrolled_by",
        "courses.EvidencePack.asked_by",
        "courses.Intake.opened_by",
        "courses.IntakeTrainer.recorded_by",
        "courses.LawChange.by",
        "courses.LawCheck.by",
        "courses.Parade.asked_by",
        "courses.Nomination.nominated_by",
        "courses.Nomination.closed_by",
        "courses.PortfolioJudgement.by",
        "courses.PortfolioJudgement.witness",
        "courses.PortfolioReading.by",
        "courses.PortfolioReading.judged_by",
        "courses.PortfolioSample.drawn_by",
        "courses.PortfolioSignOff.by",
        "courses.PortfolioSignOff.ended_by",
        "courses.PortfolioVersion.witness",
        "courses.ProgrammeRelease.released_by",
        "courses.ProgrammeWithdrawal.by",
        "courses.Recruit.added_by",
        "courses.RecruitState.recorded_by",
        "courses.RecordKept.by",
        "courses.Release.released_by",
        "courses.ReviewDecision.by",
        "courses.ReviewList.requested_by",
        "courses.ShiftNote.tutor",
        "courses.ShiftNoteWithdrawal.by",
        "courses.TutorPairing.recorded_by",
    ),
    "It repeats the owner of rows that are handed over by another way.": (
        "courses.PortfolioJudgement.officer",
        "courses.PortfolioSignOff.officer",
        "courses.PortfolioVersion.officer",
    ),
    "It is about how an assessor judged, whose work was sampled.": (
        "courses.PortfolioReading.officer",
        "courses.PortfolioSampleMember.judgement",
    ),
    "It leads to a row that is handed over, from another that is.": (
        "courses.IntakeTrainer.supersedes",
        "courses.PortfolioItem.current",
        "courses.PortfolioVersion_files.portfolioversion",
        "courses.PortfolioVersion_files.portfoliofile",
        "courses.RecruitState.supersedes",
        "courses.ShiftNote.corrects",
        "courses.ShiftNote.pairing",
        "courses.ShiftNote.recruit",
        "courses.TutorPairing.recruit",
        "courses.TutorPairing.supersedes",
        "courses.Completion.certificate",
        "courses.Completion.attempt",
        "courses.ParadeMember.certificate",
    ),
    "It is the file of a pack for those who disclose; the pack's row is handed over.": (
        "courses.EvidencePackFile.pack",
    ),
}


def export_officer(officer: User) -> Iterator[Part]:
    """Yield everything this app holds about somebody, table by table."""
    return parts_of(HELD, officer)
