"""What Celery discovers of waiting work."""

from training_site.erasing import carry_out_erasure
from training_site.everything import delete_everything, make_everything

__all__ = ["carry_out_erasure", "delete_everything", "make_everything"]
