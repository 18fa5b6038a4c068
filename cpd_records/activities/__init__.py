"""CPD activities: logged as a private draft, handed in, verified into the ledger, returned, or rejected by two people.

Only the summary (title, kind, day, minutes, what was learned, and what is asked at submission) ever leaves the officer's hands; the
reflection stays private unless shared, and is in no ledger entry. Nobody verifies their own activity.
"""

from cpd_records.activities.briefings import close_briefing, confirm_attendance, deny_attendance, record_briefing
from cpd_records.activities.correcting import (
    agree_to_correction,
    ask_for_correction,
    decline_correction,
    grant_correction,
    take_correction_back,
)
from cpd_records.activities.drafts import (
    change_activity,
    discard_activity,
    log_activity,
    log_on_days,
    log_over_two_days,
    summary_mark,
    summary_of,
)
from cpd_records.activities.planning import change_plan, plan_learning, set_plan_state
from cpd_records.activities.recording import recorded_answers
from cpd_records.activities.reflecting import share_reflection, unshare_reflection, write_reflection
from cpd_records.activities.saving import Seen
from cpd_records.activities.series import alike_days, other_days_in_hand, submit_days, verify_days
from cpd_records.activities.starting import Start, finished_courses, start_from
from cpd_records.activities.submitting import (
    Details,
    missing_answers,
    submit_activity,
    withdraw_activity,
    write_details,
)
from cpd_records.activities.templates import (
    Offered,
    change_template,
    delete_template,
    keep_as_template,
    offer_template,
)
from cpd_records.activities.totals import YearTotals, totals_of_year
from cpd_records.activities.unfinished import keep_unfinished, throw_away
from cpd_records.activities.verifiers import find_verifier, may_verify, verifiers_for
from cpd_records.activities.verifying import confirm_rejection, propose_rejection, return_activity, verify_activity
from cpd_records.activity_rules import (
    ActivityRefused,
    AlreadyLogged,
    ChangedMeanwhile,
    DaysRefused,
    LongDay,
    NotAnswered,
    NotYourActivity,
    OwnActivity,
    SameAgain,
    Summary,
)

__all__ = [
    "ActivityRefused",
    "AlreadyLogged",
    "ChangedMeanwhile",
    "DaysRefused",
    "Details",
    "LongDay",
    "NotAnswered",
    "NotYourActivity",
    "Offered",
    "OwnActivity",
    "SameAgain",
    "Seen",
    "Start",
    "Summary",
    "YearTotals",
    "agree_to_correction",
    "alike_days",
    "ask_for_correction",
    "change_activity",
    "change_plan",
    "change_template",
    "close_briefing",
    "confirm_attendance",
    "confirm_rejection",
    "decline_correction",
    "delete_template",
    "deny_attendance",
    "discard_activity",
    "find_verifier",
    "finished_courses",
    "grant_correction",
    "keep_as_template",
    "keep_unfinished",
    "log_activity",
    "log_on_days",
    "log_over_two_days",
    "may_verify",
    "missing_answers",
    "offer_template",
    "other_days_in_hand",
    "plan_learning",
    "propose_rejection",
    "record_briefing",
    "recorded_answers",
    "return_activity",
    "set_plan_state",
    "share_reflection",
    "start_from",
    "submit_activity",
    "submit_days",
    "summary_mark",
    "summary_of",
    "take_correction_back",
    "throw_away",
    "totals_of_year",
    "unshare_reflection",
    "verifiers_for",
    "verify_activity",
    "verify_days",
    "withdraw_activity",
    "write_details",
    "write_reflection",
]
