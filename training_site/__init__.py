"""The project: wiring, and pages that combine several apps. No rule lives here."""

from training_site.celery import app as celery_app

__all__ = ["celery_app"]
