"""What this app holds about a person, for whoever asks to be handed all of it."""

from __future__ import annotations

from collections.abc import Iterator

from people.models import User
from people.subject_data import Held, LeftOut, Part, parts_of, told

HELD = (
    Held("people.RankHeld", "officer", "Ranks"),
    Held("people.Posting", "officer", "Postings"),
    Held("people.RoleHeld", "officer", "Roles"),
    Held("people.Absence", "officer", "Absences"),
    Held("people.WorkingPattern", "officer", "Working pattern"),
    Held("people.Adjustment", "officer", "Reasonable adjustments"),
    Held("people.Delegation", "officer", "Teams you lent"),
    Held("people.Delegation", "delegate", "Teams lent to you"),
    Held("people.Look", "officer", "Who looked at your record", is_long=True),
    Held("people.Look", "looker", "Whose records you looked at", leaves=("officer",), is_long=True),
)
DEED = "It says who did it in the course of their work, and belongs to what was done."
LEFT_OUT: LeftOut = {
    DEED: (
        "people.RankHeld.recorded_by",
        "people.Posting.recorded_by",
        "people.RoleHeld.recorded_by",
        "people.Absence.recorded_by",
        "people.WorkingPattern.recorded_by",
        "people.Adjustment.recorded_by",
        "people.Delegation.recorded_by",
        "people.UnitName.recorded_by",
        "people.UnitPlace.recorded_by",
        "people.ColumnMapping.by",
        "people.FileImport.by",
        "people.FileImport.started_by",
        "people.SubjectExport.asked_by",
    ),
    "It follows from the roles held, which are handed over.": (
        "people.User_groups.user",
        "people.User_user_permissions.user",
    ),
    "It is the asking itself, made to hand this over.": ("people.SubjectExport.officer",),
    "A correction of a row of the same table, which is handed over.": (
        "people.RankHeld.supersedes",
        "people.Posting.supersedes",
        "people.RoleHeld.supersedes",
        "people.Absence.supersedes",
        "people.WorkingPattern.supersedes",
        "people.Adjustment.supersedes",
        "people.Delegation.supersedes",
    ),
}


def export_officer(officer: User) -> Iterator[Part]:
    """Yield everything this app holds about somebody, table by table."""
    yield Part("Who you are", "people.User", (told(officer, ("is_superuser",)),), (), is_long=False)
    yield from parts_of(HELD, officer)
