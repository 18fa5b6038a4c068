"""What Celery discovers of waiting work."""

from people.work import do_work, sweep_once

__all__ = ["do_work", "sweep_once"]
