"""Read a folder and say everything that stands against it: the one way commands and screens look at a folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from courses.folder.reading import read_folder
from courses.folder.refusing import Known, refuse
from courses.folder.shapes import Catalogue, Problem
from courses.folder.warning import warn


@dataclass(frozen=True)
class Findings:
    """A folder as read, why it is refused (empty: it may be loaded), and what to look at."""

    catalogue: Catalogue
    refusals: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_folder(folder: Path, *, on: date, known: Known | None = None) -> Findings:
    """Read and check a folder as it stands on a day. One refusal refuses the whole folder."""
    reading = read_folder(folder)
    refusals = {*reading.problems, *refuse(reading.catalogue, known or Known())}
    return Findings(reading.catalogue, tuple(sorted(refusals)), tuple(sorted(set(warn(reading.catalogue, on=on)))))
