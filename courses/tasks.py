"""The background functions of this app that Celery discovers; each is written in the module of its subject."""

from courses.evidence.building import build_pack
from courses.releases import publish_scheduled
from courses.review_mail import tell_decider, tell_requester

__all__ = ["build_pack", "publish_scheduled", "tell_decider", "tell_requester"]
