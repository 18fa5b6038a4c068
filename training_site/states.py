"""How a state looks: its tone, its icon, and the word where none is given. Meaning is in shape and word; colour follows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """``tone`` is green, ochre, red, purple or grey; ``icon`` is a name from ``training_site.icons`` or empty."""

    tone: str
    icon: str
    word: str


LOOKS: dict[str, Look] = {
    "in-date": Look("green", "tick", "In date"),
    "yes": Look("green", "tick", "Yes"),
    "passed": Look("green", "tick", "Passed"),
    "valid": Look("green", "tick", "Valid"),
    "done": Look("green", "tick", "Done"),
    "saved": Look("green", "tick", "Saved"),
    "due": Look("ochre", "clock", "Due"),
    "waiting": Look("ochre", "clock", "Waiting"),
    "certificate-expired": Look("ochre", "clock", "Expired"),
    "in-grace": Look("ochre", "hourglass", "In grace"),
    "expired": Look("red", "octagon", "Expired"),
    "no": Look("red", "octagon", "No"),
    "refused": Look("red", "octagon", "Refused"),
    "revoked": Look("red", "octagon", "Withdrawn"),
    "edited": Look("red", "octagon", "Edited"),
    "not-saved": Look("red", "warning", "Not saved"),
    "excepted": Look("purple", "diamond", "Excepted"),
    "superseded": Look("purple", "diamond", "Replaced"),
    "suspended": Look("purple", "square", "Suspended"),
    "restricted": Look("purple", "square", "Restricted"),
    "corrected": Look("purple", "square", "Corrected"),
    "never-held": Look("grey", "dashed-ring", "Never held"),
    "no-longer-held": Look("grey", "dashed-ring", "No longer held"),
    "unknown": Look("grey", "dashed-ring", "Unknown"),
    "exempt": Look("grey", "bar", "Exempt"),
    "not-open": Look("grey", "padlock", "Not open"),
    "not-started": Look("grey", "ring", "Not started"),
    "started": Look("grey", "half-disc", "Started"),
    "information": Look("grey", "", ""),
}


def look_of(state: str) -> Look:
    """Return the look of a state; underscores count as hyphens. Raises KeyError for a state that has none."""
    return LOOKS[str(state).replace("_", "-")]
