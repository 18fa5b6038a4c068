"""Files that are not kept, and what a checked one is."""

from __future__ import annotations

from dataclasses import dataclass

from cpd_records.activity_rules import ActivityRefused

NOTHING = "Nothing was uploaded."


class FileRefused(ActivityRefused):
    """A file that is not kept; the message says why."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} {NOTHING}", "evidence")


@dataclass(frozen=True)
class CheckedFile:
    """A file as it will be kept: without a camera's particulars, with the ending and media type of what it is."""

    name: str
    content: bytes
    ending: str
    media_type: str
