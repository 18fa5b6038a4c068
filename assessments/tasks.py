"""What Celery discovers: importing this makes the app's background work known. The rules stand in their own modules."""

from assessments.analysis.weak_questions import ask_for_analyses, find_weak_questions
from assessments.attempts import expire_when_due, sweep_overdue
from assessments.decisions.applying import apply_decision, tell_of_decision
from assessments.interchange.handing_in import let_go
from assessments.queries.answering import tell_of_answer
from assessments.receipt_mail import send_receipt
from assessments.releasing import release_result
from assessments.rests import end_rest_when_due
from assessments.reviews import tell_reviewer
from assessments.rooms.opening import tell_invigilator
from assessments.rooms.unclosed import tell_of_unclosed_room, watch_room
from assessments.standard_setting.leading import tell_judge

__all__ = [
    "apply_decision",
    "ask_for_analyses",
    "end_rest_when_due",
    "expire_when_due",
    "find_weak_questions",
    "let_go",
    "release_result",
    "send_receipt",
    "sweep_overdue",
    "tell_invigilator",
    "tell_judge",
    "tell_of_answer",
    "tell_of_decision",
    "tell_of_unclosed_room",
    "tell_reviewer",
    "watch_room",
]
