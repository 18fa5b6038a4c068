"""Digests by which a folder, or its canonical form, is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from courses.folder.files import Files


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over names and contents, in order of name."""
    whole = hashlib.sha256()
    for path in sorted(files):
        content = hashlib.sha256(files[path]).hexdigest()
        whole.update(f"{path}\0{content}\n".encode())
    return whole.hexdigest()


def digest_of_folder(folder: Path) -> str:
    """Return the digest of a course folder as it lies on the disk; empty for one that cannot be read safely."""
    files = Files(folder)
    files.find()
    if files.problems:
        return ""
    return digest_of_files({name: files.content(name) for name in files.paths})


def files_on_disk(folder: Path) -> dict[str, bytes]:
    """Return what lies in a folder by its path, links and other oddities left out."""
    files = Files(folder)
    files.find()
    return {name: files.content(name) for name in files.paths}
