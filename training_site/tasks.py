"""What Celery discovers of waiting work."""

from training_site.everything import delete_everything, make_everything

__all__ = ["delete_everything", "make_everything"]
