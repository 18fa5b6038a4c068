"""What every question type answers: plain values in, plain values out.

A *definition* is the JSON of the question as the content guide writes it. A *response* is a small JSON object, or None for 'no
answer'. Fractions are integers in millionths of full marks.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from assessments.question_types import rational
from assessments.question_types.authoring import AuthorForm, Lines, Values
from assessments.question_types.exchange import Asking, Exchanged, NotExchanged

Definition = Mapping[str, Any]
Response = dict[str, Any]

FULL_MARKS = 1_000_000


class Posted(Protocol):
    """Fields as a browser posts them; Django's ``QueryDict`` is one."""

    def get(self, key: str, default: Any = None, /) -> Any: ...

    def getlist(self, key: str, /) -> list[Any]: ...


class BadResponse(ValueError):
    """What was posted cannot be an answer to this question; the message is a sentence for the person."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a definition: ``path`` such as ``options.1.feedback``, and a sentence.

    Without structure a question cannot be shown or marked, and is not kept. A house rule is what the content guide asks of a good
    question: a draft may break it, an approved question may not.
    """

    path: str
    message: str
    is_house_rule: bool = False

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


@dataclass(frozen=True)
class Marked:
    """A mark: ``fraction`` in millionths, or None where a person has to mark; and what to tell the candidate."""

    fraction: int | None
    feedback: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Something candidates could choose, for those who look at who chose what.

    ``group`` says of what it is a choice, where a question asks for several, such as 'Gap 2'.
    """

    id: str
    text: str
    is_right: bool
    group: str = ""


@dataclass(frozen=True)
class AnsweredPart:
    """One part of an answer in plain words: of what, what was given ('' for nothing), and what is right.

    ``fraction`` is the part's own share in millionths, None where a person marks it or where parts have none by themselves.
    """

    of: str
    answer: str
    key: str
    fraction: int | None = None

    @property
    def is_right(self) -> bool:
        return self.fraction == FULL_MARKS

    @property
    def is_partly_right(self) -> bool:
        return self.fraction is not None and 0 < self.fraction < FULL_MARKS


@dataclass(frozen=True)
class FaceOption:
    """One option as the candidate sees it."""

    id: str
    text: str
    is_chosen: bool = False
    is_right: bool = False
    feedback: str = ""


@dataclass(frozen=True)
class FacePicture:
    """A picture as a page shows it: where it lies, its size in pixels, and the words that stand for it."""

    address: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class FacePart:
    """A question inside a question, and what has happened since the one before."""

    face: Face
    since: str = ""


@dataclass(frozen=True)
class Face:
    """A question as the candidate sees it; the context of the type's template under the name ``question``.

    ``name`` is the name of the form field, the beginning of the names of others (``answer.a``), and the stem of every id; ``level`` 1
    makes the question the page's heading. ``typed`` is shown in a text field and ``error`` beside it. A closed face takes no answer and,
    where it ``tells``, shows which choice was right. ``more`` is for types that need anything else. ``pictures`` by the name under
    which the words mention them, and ``confidence`` (how sure the candidate is, '' before they said so), are the engine's; ``parts`` are
    questions inside.
    """

    template_name: str
    name: str
    scene: str
    question: str
    options: tuple[FaceOption, ...] = ()
    typed: str = ""
    unit: str = ""
    hint: str = ""
    error: str = ""
    level: int = 1
    is_closed: bool = False
    tells: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple[FacePart, ...] = ()
    pictures: Mapping[str, FacePicture] = field(default_factory=dict)
    asks_confidence: bool = False
    confidence: str = ""
    counts_confidence: bool = False


class QuestionType(ABC):
    """One kind of question. Objects have no state; every method is a function of its arguments."""

    name: str
    label: str
    template_name: str
    # Whether a machine marks it: only then can a candidate be asked how sure they are.
    is_closed: bool = True
    # Whether its answers are files, handed in before they are part of an answer.
    takes_files: bool = False
    # The kinds of asking it takes from other systems, where a file does not name our type.
    takes: frozenset[Asking] = frozenset()

    @abstractmethod
    def validate(self, definition: Definition) -> list[Problem]:
        """Return everything wrong with the definition; an empty list means it may be used."""

    @abstractmethod
    def parse(self, definition: Definition, data: Posted, name: str) -> Response | None:
        """Return the response posted under the field ``name``, None for no answer, or raise ``BadResponse``."""

    @abstractmethod
    def mark(self, definition: Definition, response: Response | None) -> Marked:
        """Return the mark of a response; None scores nothing."""

    @abstractmethod
    def summarise(self, definition: Definition, response: Response | None) -> str:
        """Return the response in plain words, empty for no answer."""

    @abstractmethod
    def summarise_key(self, definition: Definition) -> str:
        """Return the right answer in plain words."""

    def parts(self, definition: Definition, response: Response | None) -> list[AnsweredPart]:
        """Return the answer part by part beside what is right; empty for a type whose answer is one."""
        return []

    def explain_key(self, definition: Definition) -> tuple[str, ...]:
        """Return what the right answer's own feedback says, to be told to those who gave another; empty where a type has none."""
        return ()

    @abstractmethod
    def face(
        self,
        definition: Definition,
        response: Response | None,
        *,
        name: str = "answer",
        order: Sequence[str] = (),
        level: int = 1,
        is_closed: bool = False,
        error: str = "",
        typed: Posted | None = None,
    ) -> Face:
        """Return what the type's template shows. ``typed`` are the fields as posted and refused, to be shown again."""

    def is_answered(self, definition: Definition, response: Response | None) -> bool:
        return response is not None

    def what_is_missing(self, definition: Definition, response: Response | None) -> str:
        """Return what an answer lacks that could be whole, as a sentence such as 'Two of four are matched.'; empty for a whole one."""
        return ""

    def is_marked_by_machine(self, definition: Definition) -> bool:
        """Return whether no person is needed for a mark."""
        return self.is_closed

    def why_practice_only(self, definition: Definition) -> str:
        """Return why a question cannot count in an assessment yet, as a sentence; empty where it can."""
        return ""

    def choices(self, definition: Definition) -> list[Choice]:
        """Return what can be chosen, in the author's order; empty for a type that is answered in the candidate's own words."""
        return []

    def chosen(self, definition: Definition, response: Response | None) -> list[str]:
        """Return the ids of the ``choices`` that a response chose."""
        return []

    def option_order(self, definition: Definition, seed: str) -> list[str]:
        """Return the ids of the options in the order ``seed`` gives them; empty where there are none."""
        return []

    def written_order(self, definition: Definition, seed: str) -> list[str]:
        """Return the order for a person whose options are not shuffled: as the author wrote them.

        A type whose written order would tell the answer keeps the seeded one.
        """
        return self.option_order({**definition, "shuffle": False}, seed)

    def normalise(self, definition: Definition) -> dict[str, Any]:
        """Return the definition as it is stored: exact numbers as text, so that equal questions have equal digests."""
        return rational.as_stored(definition, keys=frozenset({"fraction"}))  # type: ignore[no-any-return]

    def plain(self, definition: Definition) -> dict[str, Any]:
        """Return a stored definition as an author writes it: numbers as numbers. The inverse of ``normalise``."""
        return rational.as_written(definition, keys=frozenset({"fraction"}))  # type: ignore[no-any-return]

    def author_form(self) -> AuthorForm:
        """Return what an author fills in beside the stem; empty for a type that is not written in the admin."""
        return AuthorForm()

    def filled_in(self, definition: Definition) -> tuple[Values, Lines]:
        """Return what the author's form shows of a stored definition. The inverse of ``put_together``."""
        return {}, {}

    def put_together(self, values: Values, lines: Lines) -> dict[str, Any]:
        """Return the definition without its stem from what an author filled in, as far as it goes."""
        return {}

    def from_exchange(self, item: Exchanged) -> dict[str, Any]:
        """Return the definition of a question from another system, or raise ``NotExchanged`` with the reason."""
        raise NotExchanged(f"Questions of the type '{self.label}' are not read from other systems.")

    def to_exchange(self, definition: Definition) -> Exchanged:
        """Return a stored definition in the shape in which questions travel, or raise ``NotExchanged`` with the reason.

        Confidence, pictures and, where a type does not carry it itself, the explanation are for the interchange to add.
        """
        raise NotExchanged(f"Questions of the type '{self.label}' do not travel to other systems.")
