"""Who may read a file of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from courses.models import Enrolment, EnrolmentOutcome, ReleaseFile, StoredFile

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser


def file_for_reader(user: AbstractBaseUser | AnonymousUser, digest: str, name: str) -> StoredFile | None:
    """Return the file if a release the person is on, or has completed, shows it under this name."""
    if "\0" in digest + name:
        return None  # PostgreSQL refuses even to look for it.
    read = Enrolment.objects.of(user).exclude(outcome__in=[EnrolmentOutcome.LEFT, EnrolmentOutcome.REPLACED])
    shown = ReleaseFile.objects.filter(file=digest, name=name, step__release__in=read.values("release"))
    entry = shown.select_related("file").first()
    return entry.file if entry else None
