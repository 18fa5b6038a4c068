"""A case as one QTI item: each question in its own part of the body, with a response, a score and feedback of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from assessments.interchange.qti import markup
from assessments.interchange.qti.markup import PART, SINCE, TOLD, Names, Pieces
from assessments.question_types.exchange import Exchanged


def write_case(item: Exchanged, names: Names, write: Callable[[Exchanged, Names], Pieces]) -> Pieces:
    """Return the pieces of a case. A part's score runs to its weight; together they are scaled to the mark of the whole."""
    declared, outcomes, rules, scores = "", "", "", ""
    body = markup.blocks(item.text, item)
    tells = False
    # Weights without an end as decimals are written as what they are to each other.
    scale = markup.whole_scale(part.max_mark for part in item.parts)
    for number, one in enumerate(item.parts, start=1):
        part, own = replace(one, pictures=item.pictures, max_mark=one.max_mark * scale), Names(f"_{number}")
        pieces = write(part, own)
        declared += pieces.declarations
        outcomes += markup.score_declared(own.score, part.max_mark) + pieces.outcomes
        outcomes += markup.identifiers_declared(own.feedback, pieces.feedback_cardinality)
        rules += pieces.rules
        scores += f'<variable identifier="{own.score}"/>'
        body += f'<div class="{PART}">{_since(part)}{pieces.body}{_feedback(part, pieces)}</div>'
        tells = tells or pieces.tells or bool(part.feedback)
    weights = sum((part.max_mark for part in item.parts), Fraction(0))
    rules += markup.set_score(names, markup.times(f"<sum>{scores}</sum>", item.max_mark / weights / scale))
    return Pieces(declared, body, rules, outcomes=outcomes, tells=tells)


def _since(part: Exchanged) -> str:
    since = str(part.settings.get("since", ""))
    return f'<div class="{SINCE}">{markup.blocks(since, part)}</div>' if since else ""


def _feedback(part: Exchanged, pieces: Pieces) -> str:
    """Return what is told of a part, where the part stands; its explanation after every answer."""
    told = "".join(markup.block(outcome, identifier, words, part) for outcome, identifier, words in pieces.feedback)
    return told + (markup.block(TOLD, TOLD, part.feedback, part) if part.feedback else "")
