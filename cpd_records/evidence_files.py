"""Evidence of CPD: files as ``people.file_checks`` checks them, refused as anything else of an activity is refused."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile

from cpd_records.activity_rules import ActivityRefused
from people.file_checks import checking, refusing
from people.file_checks.checking import ACCEPTED, PHOTOS
from people.file_checks.refusing import CheckedFile

__all__ = ["ACCEPTED", "PHOTOS", "CheckedFile", "FileRefused", "checked_file"]


class FileRefused(ActivityRefused):
    """A file that is not kept; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} {refusing.NOTHING}", "evidence")


def checked_file(upload: UploadedFile) -> CheckedFile:
    """Return the upload as it will be kept, or refuse it with a sentence."""
    try:
        return checking.checked_file(upload)
    except refusing.FileRefused as refused:
        raise FileRefused(str(refused).removesuffix(f" {refusing.NOTHING}")) from refused
