"""CPD schemes as data: what is asked of whom, what counts towards it and what does not, and why.

``asked_at_submission``, ``asked_on_days``, ``lost_without_reflection`` and ``progress_of`` are what other parts of the product call.
``rules``, ``learning``, ``periods``, ``pro_rata``, ``counting`` and ``progress`` are pure: they decide from values alone and know no
database.
"""

from cpd_records.schemes.foreseeing import lost_without_reflection
from cpd_records.schemes.officers import asked_at_submission, asked_on_days, progress_of
from cpd_records.schemes.progress import Progress, TargetProgress

__all__ = [
    "Progress",
    "TargetProgress",
    "asked_at_submission",
    "asked_on_days",
    "lost_without_reflection",
    "progress_of",
]
