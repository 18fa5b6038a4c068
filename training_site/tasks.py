"""What Celery discovers of waiting work."""

from training_site.erasing import carry_out_erasure, list_due_for_day
from training_site.everything import delete_everything, make_everything

__all__ = ["carry_out_erasure", "delete_everything", "list_due_for_day", "make_everything"]
