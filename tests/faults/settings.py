"""Settings of a site whose processes can be struck at a commit: those of a site in service, and the app that watches commits."""

from training_site.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.points.Points"]  # noqa: F405
