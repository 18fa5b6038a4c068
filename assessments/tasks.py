"""What Celery discovers: importing this makes the app's background work known. The rules stand in their own modules."""

from assessments.attempts import expire_when_due, sweep_overdue
from assessments.reviews import tell_reviewer

__all__ = ["expire_when_due", "sweep_overdue", "tell_reviewer"]
