"""What Celery discovers: importing this makes the app's background work known. The rules stand in their own modules."""

from assessments.analysis.weak_questions import ask_for_analyses, find_weak_questions
from assessments.attempts import expire_when_due, sweep_overdue
from assessments.reviews import tell_reviewer

__all__ = ["ask_for_analyses", "expire_when_due", "find_weak_questions", "sweep_overdue", "tell_reviewer"]
