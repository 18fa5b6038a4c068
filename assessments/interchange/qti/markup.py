"""The pieces QTI items are written of: names of variables, declarations, rules, words and feedback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from xml.sax.saxutils import escape, quoteattr

from assessments.interchange.gift_writing import decimal_text
from assessments.interchange.html_words import html_of_words
from assessments.interchange.picture_files import file_name
from assessments.question_types.exchange import Answer, Exchanged
from assessments.question_types.rational import to_text

PICTURES = "pictures"
# The outcome by which feedback inside a body is told after every answer, whatever it was.
TOLD = "TOLD"
# The classes by which a question inside a case, what has happened since, and a judgement are known again.
PART, SINCE, JUDGEMENT = "case-part", "case-since", "judgement"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class Names:
    """What the variables of a question are called; those of a question inside a case end in its number."""

    end: str = ""

    @property
    def response(self) -> str:
        return f"RESPONSE{self.end}"

    @property
    def score(self) -> str:
        return f"SCORE{self.end}"

    @property
    def feedback(self) -> str:
        return f"FEEDBACK{self.end}"

    @property
    def distance(self) -> str:
        return f"DISTANCE{self.end}"

    def gap(self, identity: str) -> str:
        return f"GAP{self.end}_{identity}"

    def told_of_gap(self, identity: str) -> str:
        return f"FEEDBACK{self.end}_{identity}"


# The outcome, the identifier in it that tells the words, and the words.
Told = tuple[str, str, str]


@dataclass(frozen=True)
class Pieces:
    """What a kind of question puts into its item: declarations, body, rules, and feedback by its outcome and the identifier that tells it.

    ``tells`` says that feedback inside its body is told after every answer.
    """

    declarations: str
    body: str
    rules: str
    feedback: tuple[Told, ...] = ()
    feedback_cardinality: str = "single"
    outcomes: str = ""
    tells: bool = False


def declared(
    name: str, cardinality: str, kind: str, correct: Sequence[str], worth: Sequence[tuple[str, Fraction]] = ()
) -> str:
    """Return the declaration of a response with its right values and what values are worth."""
    values = "".join(f"<value>{escape(value)}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if values else ""
    entries = "".join(f'<mapEntry mapKey={quoteattr(key)} mappedValue="{number(value)}"/>' for key, value in worth)
    mapping = f'<mapping lowerBound="0" defaultValue="0">{entries}</mapping>' if entries else ""
    head = f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{kind}">'
    return f"{head}{right}{mapping}</responseDeclaration>\n"


def score_declared(name: str, most: Fraction) -> str:
    """Return the declaration of a score that begins at 0."""
    return (
        f'<outcomeDeclaration identifier="{name}" cardinality="single" baseType="float" normalMaximum="{number(most)}">'
        f"<defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n"
    )


def identifiers_declared(name: str, cardinality: str = "single", default: str = "") -> str:
    """Return the declaration of an outcome that holds identifiers."""
    inside = f"<defaultValue><value>{default}</value></defaultValue></outcomeDeclaration>" if default else ""
    head = f'<outcomeDeclaration identifier="{name}" cardinality="{cardinality}" baseType="identifier"'
    return f"{head}>{inside}" if inside else f"{head}/>"


def test(name: str, answer: Answer, *, is_number: bool) -> str:
    """Return the expression that is true for this typed answer."""
    variable = f'<variable identifier="{name}"/>'
    if not is_number:
        value = f'<baseValue baseType="string">{escape(answer.text)}</baseValue>'
        return f'<stringMatch caseSensitive="false">{variable}{value}</stringMatch>'
    value = f'<baseValue baseType="float">{decimal_text(answer.text)}</baseValue>'
    slip = number(answer.tolerance) if answer.tolerance else ""
    mode = f'toleranceMode="absolute" tolerance="{slip} {slip}"' if slip else 'toleranceMode="exact"'
    return f"<equal {mode}>{variable}{value}</equal>"


def is_right(names: Names) -> str:
    return f'<match><variable identifier="{names.response}"/><correct identifier="{names.response}"/></match>'


def if_right(names: Names, worth: Fraction) -> str:
    """Return the rule that gives marks for the right answer only."""
    rule = f"{is_right(names)}{set_score(names, constant(worth))}"
    return f"<responseCondition><responseIf>{rule}</responseIf></responseCondition>"


def set_outcome(name: str, expression: str) -> str:
    return f'<setOutcomeValue identifier="{name}">{expression}</setOutcomeValue>'


def set_score(names: Names, expression: str) -> str:
    return set_outcome(names.score, expression)


def add(names: Names, expression: str) -> str:
    """Return the rule that adds to the score."""
    return set_score(names, f'<sum><variable identifier="{names.score}"/>{expression}</sum>')


def constant(value: Fraction, kind: str = "float") -> str:
    return f'<baseValue baseType="{kind}">{number(value)}</baseValue>'


def place_of(names: Names, place: int) -> str:
    """Return the expression for what stands at a place of an order."""
    return f'<index n="{place}"><variable identifier="{names.response}"/></index>'


def at_place(names: Names, place: int, identity: str) -> str:
    """Return the expression that is true where an option stands at a place of an order."""
    value = f'<baseValue baseType="identifier">{identity}</baseValue>'
    return f"<match>{place_of(names, place)}{value}</match>"


def mapped(names: Names) -> str:
    return f'<mapResponse identifier="{names.response}"/>'


def times(expression: str, factor: Fraction) -> str:
    """Return an expression times a number, exact where the number has no end as a decimal."""
    if factor.numerator != 1:
        expression = f"<product>{expression}{constant(Fraction(factor.numerator))}</product>"
    return (
        expression
        if factor.denominator == 1
        else f"<divide>{expression}{constant(Fraction(factor.denominator))}</divide>"
    )


def tell(outcome: str, identifier: str) -> str:
    """Return the rule that tells a piece of feedback; none for no identifier."""
    return set_outcome(outcome, f'<baseValue baseType="identifier">{identifier}</baseValue>') if identifier else ""


def verdicts(outcome: str, test: str, right: str, wrong: str) -> tuple[str, tuple[Told, ...]]:
    """Return rules and words for the feedback of a right and of any other answer; ``test`` is true for a right one."""
    if not right and not wrong:
        return "", ()
    rules = (
        f"<responseCondition><responseIf>{test}{tell(outcome, 'RIGHT' if right else '')}</responseIf>"
        f"<responseElse>{tell(outcome, 'WRONG' if wrong else '')}</responseElse></responseCondition>"
    )
    told = ((outcome, "RIGHT", right), (outcome, "WRONG", wrong))
    return rules, tuple(one for one in told if one[2])


def modal(outcome: str, identifier: str, words: str, item: Exchanged) -> str:
    """Return feedback beside the body."""
    return (
        f'<modalFeedback outcomeIdentifier="{outcome}" identifier="{identifier}" showHide="show">'
        f"{inside(words, item)}</modalFeedback>\n"
    )


def block(outcome: str, identifier: str, words: str, item: Exchanged) -> str:
    """Return feedback inside the body, where the question stands that it is about."""
    return (
        f'<feedbackBlock outcomeIdentifier="{outcome}" identifier="{identifier}" showHide="show">'
        f"{blocks(words, item)}</feedbackBlock>"
    )


def inline(outcome: str, identifier: str, words: str, item: Exchanged) -> str:
    """Return feedback inside an option; nothing where there is none."""
    if not words:
        return ""
    # Paragraphs may not stand in the line: two breaks say the same.
    told = inside(words, item).replace("</p><p>", "<br/><br/>").removeprefix("<p>").removesuffix("</p>")
    return f'<feedbackInline outcomeIdentifier="{outcome}" identifier="{identifier}" showHide="show">{told}</feedbackInline>'


def inside(words: str, item: Exchanged) -> str:
    """Return words as XML that may stand inside a paragraph, or be paragraphs of its own."""

    def source(name: str) -> tuple[str, str]:
        picture = item.pictures.get(name)
        return (name, "") if picture is None else (f"{PICTURES}/{file_name(name, picture.content)}", picture.alt)

    html = html_of_words(words, source).replace("<br>", "<br/>")
    return re.sub(r"(<img [^>]*[^/])>", r"\1/>", html)


def blocks(words: str, item: Exchanged) -> str:
    """Return words as paragraphs."""
    written = inside(words, item)
    return written if written.startswith("<p>") else f"<p>{written}</p>"


def identifier_of(answer: Answer, place: int) -> str:
    # Digits may not begin an identifier.
    return answer.id if _IDENTIFIER.fullmatch(answer.id) else f"O{place + 1}"


def flag(value: bool) -> str:
    return "true" if value else "false"


def number(value: Fraction) -> str:
    return decimal_text(to_text(value))


def whole_scale(values: Iterable[Fraction]) -> int:
    """Return the least whole number that makes each of these a decimal with an end."""
    scale = 1
    for value in values:
        below = value.denominator
        for prime in (2, 5):
            while below % prime == 0:
                below //= prime
        scale = lcm(scale, below)
    return scale
