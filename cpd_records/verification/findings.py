"""What a verification finds: problems, in the order in which they were met."""

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: about which entry (None: the tree as a whole), what kind of harm, what was seen."""

    entry: UUID | None
    kind: str
    detail: str


@dataclass
class Findings:
    """Problems as they are found."""

    problems: list[Problem] = field(default_factory=list)

    def found(self, entry: UUID | None, kind: str, detail: str) -> None:
        self.problems.append(Problem(entry, kind, detail))
