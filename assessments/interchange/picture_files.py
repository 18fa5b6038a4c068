"""What a picture is called as a file."""

from __future__ import annotations

_BEGINNINGS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))


def ending_of(content: bytes) -> str:
    """Return how the name of a picture's file ends, told by its content."""
    return next((ending for beginning, ending in _BEGINNINGS if content.startswith(beginning)), "bin")


def file_name(name: str, content: bytes) -> str:
    """Return the name of a picture's file: its name in the question, so that it comes back under the same."""
    return f"{name}.{ending_of(content)}"
