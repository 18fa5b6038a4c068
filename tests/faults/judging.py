"""Whether anything was lost: what was acknowledged against the steps of the attempt. Pure comparison, so that it can be tried by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Acknowledged:
    """A save the site said it has."""

    device: str
    sequence: int
    position: int
    response: Any


@dataclass(frozen=True)
class Told:
    """What the database says of an attempt afterwards. ``steps`` are its saves; ``agrees``: its rows are what its steps come to.

    ``receipts`` counts the mails sent of it, None where none is due.
    """

    deadline: str | None
    steps: tuple[Acknowledged, ...]
    agrees: bool
    state: str
    receipts: int | None = None


def found_wanting(
    acknowledged: list[Acknowledged], told: Told, *, deadline: str | None, last: dict[int, Any] | None = None
) -> list[str]:
    """Return a sentence for each thing that is not as it must be; none where nothing was lost.

    ``deadline`` is that of the start; ``last`` what stands in each question on the candidate's screen at the end.
    """
    kept = {(step.device, step.sequence): step for step in told.steps}
    wanting = []
    for save in acknowledged:
        step = kept.get((save.device, save.sequence))
        if step is None:
            wanting.append(f"{save.device} {save.sequence} was acknowledged and is in no step.")
        elif (step.position, step.response) != (save.position, save.response):
            wanting.append(
                f"{save.device} {save.sequence} was acknowledged as {save.response!r} and kept as {step.response!r}."
            )
    if len(kept) != len(told.steps):
        wanting.append("A save stands in two steps.")
    final = {step.position: step.response for step in told.steps}
    for position, response in (last or {}).items():
        if final.get(position) != response:
            wanting.append(f"Question {position} shows {response!r} and kept {final.get(position)!r}.")
    if told.deadline != deadline:
        wanting.append(f"The deadline was {deadline} and is {told.deadline}.")
    if not told.agrees:
        wanting.append("The rows of the attempt are not what its steps come to.")
    if told.receipts == 0:
        wanting.append("No receipt was sent.")
    return wanting
