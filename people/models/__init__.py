"""Who is who: users, units, and the rows with two times that say what somebody was on a day.

Nothing here knows of courses, assessments or the ledger.
"""

from people.models.availability import Absence, AbsenceKind, Adjustment, Delegation, WorkingPattern
from people.models.dated import DatedQuerySet, DatedRow, LastStamp
from people.models.exports import SubjectExport
from people.models.force import ForceSettings
from people.models.held import Posting, RankHeld, RoleHeld
from people.models.imports import ColumnMapping, FileImport, ImportAnswer, ImportState
from people.models.looks import Look
from people.models.reference import Duty, Rank, Role, Unit, UnitName, UnitPlace
from people.models.user import User, display_name
from people.models.work import Hold, WaitingWork

__all__ = [
    "Absence",
    "AbsenceKind",
    "Adjustment",
    "ColumnMapping",
    "DatedQuerySet",
    "DatedRow",
    "Delegation",
    "Duty",
    "FileImport",
    "ForceSettings",
    "Hold",
    "ImportAnswer",
    "ImportState",
    "LastStamp",
    "Look",
    "Posting",
    "Rank",
    "RankHeld",
    "Role",
    "RoleHeld",
    "SubjectExport",
    "Unit",
    "UnitName",
    "UnitPlace",
    "User",
    "WaitingWork",
    "WorkingPattern",
    "display_name",
]
