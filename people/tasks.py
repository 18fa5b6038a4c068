"""What Celery discovers of waiting work."""

from people.importing.letting_go import let_go_for_day
from people.importing.working import go_on
from people.work import do_work, sweep_once

__all__ = ["do_work", "go_on", "let_go_for_day", "sweep_once"]
