"""What a course folder holds, as values. Nothing here knows a file system, a database or a page.

``lines`` says on which line of ``file`` a key was read *and understood*: a check looks at a key only if it is there, so that one mistake is
reported once. Lines, files and file contents take no part in comparisons: two folders that say the same are equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from assessments.sittings import AT_ONCE, FREE, ONE, QUERY_DAYS

FORMAT = 1
LESSON = "lesson"
REFLECTIVE_TASK = "reflective_task"
CHOICE_TYPES = ("single_choice", "multiple_response")
QUESTION_TYPES = (*CHOICE_TYPES, "true_false", "number", "short_text")
# Keys of a test that stand in its file only where they say something unusual.
SITTING = (
    "results",
    "results_from",
    "query_days",
    "opens_at",
    "closes_at",
    "layout",
    "navigation",
    "is_invigilated",
    "counts_confidence",
)

Lines = Mapping[str, int]


@dataclass(frozen=True, order=True)
class Problem:
    """Something that stands against a folder: the file (relative to the folder read), the line from 1, and a sentence.

    A warning also says of which ``kind`` it is and what it is ``about`` (a question, a reference, a step, a file or the course), so that a
    reason can be given for it.
    """

    file: str
    line: int
    reason: str
    kind: str = field(default="", compare=False)
    about: str = field(default="", compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class Family:
    """A family of courses, in the order of the catalogue."""

    code: str
    title: str
    introduction: str = ""
    lines: Lines = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Outcome:
    """What somebody can do after the course."""

    id: str
    text: str
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Reference:
    """A law or standard the course cites, and how it was checked."""

    id: str
    title: str
    provision: str
    says: str
    extent: str
    url: str
    text_as_at: date | None
    checked_on: date | None
    checked_by: str
    against: str
    confidence: str
    review_by: date | None
    lines: Lines = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_sound(self) -> bool:
        """Whether a must-pass rule may rest on it."""
        return self.confidence == "H" and self.against in ("live", "stored-copy")


@dataclass(frozen=True)
class ContentWarning:
    """What a course says before distressing content, and the other ways round it. ``topic`` ends its heading; may be empty."""

    text: str
    alternative: str
    support: tuple[str, ...]
    topic: str = ""


@dataclass(frozen=True)
class ExtraMinutes:
    """Time beside lessons and tests, in minutes, and what it is for."""

    minutes: int
    purpose: str


@dataclass(frozen=True)
class Block:
    """One part of a lesson in Markdown.

    ``kind`` is ``text`` between blocks, else the word after ``:::``. ``title`` is the title of a case or accordion and the caption of a
    picture. ``words`` are the other arguments: reference ids, a check's id and place, a medium's file, captions and minutes.
    """

    kind: str
    text: str = ""
    title: str = ""
    words: tuple[str, ...] = ()
    line: int = field(default=0, compare=False, repr=False)
    text_line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Lesson:
    """A lesson file. ``number`` is the file's, ``slug`` the identity of the step."""

    number: int
    slug: str
    title: str
    minutes: int
    point: str
    outcomes: tuple[str, ...]
    topics: tuple[str, ...]
    blocks: tuple[Block, ...]
    file: str = field(default="", compare=False)
    lines: Lines = field(default_factory=dict, compare=False, repr=False)
    kind: str = LESSON

    def blocks_of(self, *kinds: str) -> Iterator[Block]:
        return (block for block in self.blocks if block.kind in kinds)


@dataclass(frozen=True)
class ReflectiveTask:
    """A reflective task: its prompt in Markdown, no word limit, no required blocks."""

    number: int
    slug: str
    title: str
    minutes: int
    outcomes: tuple[str, ...]
    prompt: str
    file: str = field(default="", compare=False)
    lines: Lines = field(default_factory=dict, compare=False, repr=False)
    kind: str = REFLECTIVE_TASK


Step = Lesson | ReflectiveTask


@dataclass(frozen=True)
class Question:
    """A question. ``fields`` are those of its type in the folder's own words, from ``options`` to ``otherwise``, as plain data."""

    id: str
    type: str
    use: str
    must_pass: str
    outcome: str
    topic: str
    difficulty: str
    refs: tuple[str, ...]
    stem: str
    fields: Mapping[str, Any]
    note: str
    author: str = ""
    file: str = field(default="", compare=False)
    lines: Lines = field(default_factory=dict, compare=False, repr=False)

    @property
    def definition(self) -> dict[str, Any]:
        """What a question type validates and marks: the stem and the fields of the type."""
        return {"stem": self.stem, **self.fields}


@dataclass(frozen=True)
class Module:
    """A module: its steps in order and its questions in the order of their file."""

    number: int
    slug: str
    title: str
    summary: str
    steps: tuple[Step, ...]
    questions: tuple[Question, ...] = ()
    author: str = ""
    file: str = field(default="", compare=False)
    lines: Lines = field(default_factory=dict, compare=False, repr=False)

    @property
    def folder(self) -> str:
        return f"{self.number}-{self.slug}"


@dataclass(frozen=True)
class DrawLine:
    """How many exam items a test draws, by outcome, topic and difficulty, as far as they are given; at least one of them is.

    A topic takes in what is below it.
    """

    outcome: str
    count: int
    topic: str = ""
    difficulty: str = ""
    section: str = ""
    least: int | None = None
    line: int = field(default=0, compare=False, repr=False)

    @property
    def rule(self) -> dict[str, str | int]:
        """The line as the engine's rules have it."""
        row: dict[str, str | int] = {"outcome": self.outcome, "count": self.count}
        said = {"topic": self.topic, "difficulty": self.difficulty, "section": self.section, "least": self.least}
        return row | {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Test:
    """A test of the course. ``slug`` is its file's name and the identity of its step; ``module`` the slug it stands in, or empty."""

    slug: str
    id: str
    title: str
    minutes: int
    pass_percent: int | None
    must_pass: bool
    attempts: int | None
    wait_hours: int
    feedback: str
    draw: tuple[DrawLine, ...]
    introduction: str = ""
    module: str = ""
    results: str = AT_ONCE
    results_from: datetime | None = None
    query_days: int = QUERY_DAYS
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    layout: str = ONE
    navigation: str = FREE
    is_invigilated: bool = False
    counts_confidence: bool = False
    file: str = field(default="", compare=False)
    lines: Lines = field(default_factory=dict, compare=False, repr=False)

    __test__ = False  # not a test case, whatever pytest makes of the name


@dataclass(frozen=True)
class MediaFile:
    """A file of ``media/``. ``content`` reads it; equality goes by name and SHA-256."""

    name: str
    size: int
    digest: str
    content: Callable[[], bytes] = field(compare=False, repr=False)


@dataclass(frozen=True)
class Course:
    """A course folder. ``folder`` is its name beside ``families.yaml``."""

    folder: str = field(compare=False)
    code: str
    title: str
    promise: str
    family: str
    audience: tuple[str, ...]
    minutes: int
    extra_minutes: ExtraMinutes | None
    validity_months: int | None
    leads_to: tuple[str, ...]
    certificate_template: str
    local_defaults: tuple[str, ...]
    marking: str
    jurisdiction: str
    requires: tuple[str, ...]
    completion: str
    content_warning: ContentWarning | None
    outcomes: tuple[Outcome, ...]
    description: str
    references: tuple[Reference, ...]
    modules: tuple[Module, ...]
    tests: tuple[Test, ...]
    media: tuple[MediaFile, ...] = ()
    lines: Lines = field(default_factory=dict, compare=False, repr=False)
    description_line: int = field(default=0, compare=False, repr=False)

    @property
    def file(self) -> str:
        return f"{self.folder}/course.md"

    @property
    def slug(self) -> str:
        """The course's place in addresses."""
        return self.code.lower()

    def steps(self) -> Iterator[Step]:
        return (step for module in self.modules for step in module.steps)

    def lessons(self) -> Iterator[Lesson]:
        return (step for step in self.steps() if isinstance(step, Lesson))

    def questions(self) -> Iterator[Question]:
        return (question for module in self.modules for question in module.questions)


@dataclass(frozen=True)
class Catalogue:
    """What one folder holds: families in order and courses by name of their folder."""

    families: tuple[Family, ...]
    courses: tuple[Course, ...]
