"""A tiny course folder on the disk, and a way to change it and look at it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from courses.folder.checking import Findings, check_folder
from tests.courses.folder import tiny

TODAY = date(2026, 11, 22)
Check = Callable[..., Findings]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tiny.write(tmp_path / "catalogue", tiny.files())


@pytest.fixture
def check(folder: Path) -> Check:
    """Return a function that replaces words of one file, or adds files, and checks the folder."""

    def check_after(path: str = "", old: str = "", new: str = "", *, on: date = TODAY, **added: bytes) -> Findings:
        if path:
            place = folder / path
            text = place.read_text(encoding="utf-8")
            assert old in text, f"{old!r} is not in {path}"
            place.write_text(text.replace(old, new, 1), encoding="utf-8")
        tiny.write(folder, added)
        return check_folder(folder, on=on)

    return check_after
