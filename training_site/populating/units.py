"""The tree of an invented force: directorates, areas, functions of about 300 people, shifts of about 12."""

from __future__ import annotations

from dataclasses import dataclass

SHIFT_SIZE = 12
SHIFTS_IN_A_FUNCTION = 25
FUNCTIONS_IN_AN_AREA = 6
AREAS_IN_A_DIRECTORATE = 5
# What a function does, in turn, with the post its people are put in.
FUNCTIONS = (
    ("response", "response-officer"),
    ("neighbourhoods", "neighbourhood-officer"),
    ("investigation", "detective"),
    ("response", "response-officer"),
    ("custody", "custody-officer"),
    ("control room", "control-room"),
)
DIRECTORATES = ("Frontline policing", "Operations", "Crime", "Specialist operations", "Borough support")
FORCE, DIRECTORATE, AREA, FUNCTION, SHIFT = range(5)


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit to be. ``parent`` is its place in the list of units, None for the force; ``post`` the role of those who work there."""

    code: str
    name: str
    level: int
    parent: int | None
    post: str = ""


def plan_units(officers: int) -> list[PlannedUnit]:
    """Return the units of a force of so many people, each after the one it stands under."""
    shifts = max(1, round(officers * 0.99 / SHIFT_SIZE))
    functions = -(-shifts // SHIFTS_IN_A_FUNCTION)
    areas = -(-functions // FUNCTIONS_IN_AN_AREA)
    units = [PlannedUnit("force", "The force", FORCE, None)]
    directorates = []
    for number in range(-(-areas // AREAS_IN_A_DIRECTORATE)):
        turn, place = divmod(number, len(DIRECTORATES))
        name = DIRECTORATES[place] + (f" {turn + 1}" if turn else "")
        directorates.append(_added(units, PlannedUnit(f"d{number + 1:02}", name, DIRECTORATE, 0)))
    placed = []
    for number in range(areas):
        parent = directorates[number // AREAS_IN_A_DIRECTORATE]
        placed.append(_added(units, PlannedUnit(f"a{number + 1:03}", f"Area {number + 1}", AREA, parent)))
    working = []
    for number in range(functions):
        area, turn = divmod(number, FUNCTIONS_IN_AN_AREA)
        what, post = FUNCTIONS[turn]
        second = " 2" if turn == 3 else ""
        unit = PlannedUnit(f"f{number + 1:04}", f"Area {area + 1} {what}{second}", FUNCTION, placed[area], post)
        working.append(_added(units, unit))
    for number in range(shifts):
        function = working[number // SHIFTS_IN_A_FUNCTION]
        name = f"{units[function].name}, shift {number % SHIFTS_IN_A_FUNCTION + 1}"
        units.append(PlannedUnit(f"s{number + 1:05}", name, SHIFT, function, units[function].post))
    return units


def _added(units: list[PlannedUnit], unit: PlannedUnit) -> int:
    units.append(unit)
    return len(units) - 1
