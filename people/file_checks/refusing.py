"""Files that are not kept, and what a checked one is."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING = "Nothing was uploaded."


class FileRefused(Exception):
    """A file that is not kept; the message is a sentence that says why."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} {NOTHING}")


@dataclass(frozen=True)
class CheckedFile:
    """A file as it will be kept: without a camera's particulars, with the ending and media type of what it is."""

    name: str
    content: bytes
    ending: str
    media_type: str
