"""The background functions of this app that Celery discovers; each is written in the module of its subject."""

from courses.releases import publish_scheduled

__all__ = ["publish_scheduled"]
