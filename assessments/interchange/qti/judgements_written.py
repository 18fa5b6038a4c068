"""A situational judgement as a QTI item: ratings as pairs that are each worth something, an order by its distance from the key."""

from __future__ import annotations

from fractions import Fraction

from assessments.interchange.qti import markup
from assessments.interchange.qti.markup import JUDGEMENT, TOLD, Names, Pieces
from assessments.question_types.distances import farthest_order, worth_of_rating
from assessments.question_types.exchange import Answer, Exchanged, NotExchanged


def write_judgement(item: Exchanged, names: Names) -> Pieces:
    """Return the pieces of a judgement; what is said of each response is told after every answer."""
    if any(answer.rating is None for answer in item.answers):
        raise NotExchanged("A response has no rating in its key.")
    return _order(item, names) if item.settings.get("mode") == "rank" else _ratings(item, names)


def _ratings(item: Exchanged, names: Names) -> Pieces:
    scale = [str(label) for label in item.settings["scale"]]
    ids = [f"R{place}" for place in range(1, len(item.answers) + 1)]
    each = item.max_mark / len(item.answers)
    worth = {
        f"{identity} S{rating}": each * worth_of_rating(rating, _key(answer), len(scale))
        for identity, answer in zip(ids, item.answers, strict=True)
        for rating in range(1, len(scale) + 1)
    }
    right = [
        max((f"{identity} S{rating}" for rating in range(1, len(scale) + 1)), key=lambda pair: worth[pair])
        for identity in ids
    ]
    # Thirds have no end as decimals: the map is in whole parts, and the score divides them.
    parts = markup.whole_scale(worth.values())
    declared = markup.declared(
        names.response, "multiple", "directedPair", right, [(pair, value * parts) for pair, value in worth.items()]
    )
    rows = "".join(
        f'<simpleAssociableChoice identifier="{identity}" matchMax="1">{_response(item, answer)}</simpleAssociableChoice>'
        for identity, answer in zip(ids, item.answers, strict=True)
    )
    columns = "".join(
        f'<simpleAssociableChoice identifier="S{rating}" matchMax="0">{markup.inside(label, item)}</simpleAssociableChoice>'
        for rating, label in enumerate(scale, start=1)
    )
    body = (
        f"{markup.blocks(item.text, item)}"
        f'<matchInteraction class="{JUDGEMENT}" responseIdentifier="{names.response}" shuffle="false" '
        f'maxAssociations="{len(ids)}">'
        f"<simpleMatchSet>{rows}</simpleMatchSet><simpleMatchSet>{columns}</simpleMatchSet></matchInteraction>"
    )
    score = markup.set_score(names, markup.times(markup.mapped(names), Fraction(1, parts)))
    return Pieces(declared, body, score, tells=_tells(item))


def _order(item: Exchanged, names: Names) -> Pieces:
    ids = [markup.identifier_of(answer, place) for place, answer in enumerate(item.answers)]
    places = {identity: int(_key(answer)) for identity, answer in zip(ids, item.answers, strict=True)}
    number = len(ids)
    options = "".join(
        f'<simpleChoice identifier="{identity}">{_response(item, answer)}</simpleChoice>'
        for identity, answer in zip(ids, item.answers, strict=True)
    )
    body = (
        f"{markup.blocks(item.text, item)}"
        f'<orderInteraction class="{JUDGEMENT}" responseIdentifier="{names.response}" shuffle="true">{options}</orderInteraction>'
    )
    steps = "".join(_distance_at(place, places, names) for place in range(1, number + 1))
    farthest = Fraction(farthest_order(number))
    left = f'<subtract>{markup.constant(farthest, "integer")}<variable identifier="{names.distance}"/></subtract>'
    score = markup.set_score(names, markup.times(left, item.max_mark / farthest))
    # An order that is not whole scores nothing.
    is_whole = f"<not><isNull>{markup.place_of(names, number)}</isNull></not>"
    rules = f"<responseCondition><responseIf>{is_whole}{steps}{score}</responseIf></responseCondition>"
    outcomes = (
        f'<outcomeDeclaration identifier="{names.distance}" cardinality="single" baseType="integer">'
        "<defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n"
    )
    right = sorted(ids, key=lambda identity: places[identity])
    declared = markup.declared(names.response, "ordered", "identifier", right)
    return Pieces(declared, body, rules, outcomes=outcomes, tells=_tells(item))


def _distance_at(place: int, places: dict[str, int], names: Names) -> str:
    """Return the rule that adds how far the response at a place lies from its own."""
    branches: list[str] = []
    for identity, own in places.items():
        if own == place:
            continue
        branch = "responseElseIf" if branches else "responseIf"
        far = markup.constant(Fraction(abs(place - own)), "integer")
        grown = markup.set_outcome(names.distance, f'<sum><variable identifier="{names.distance}"/>{far}</sum>')
        branches.append(f"<{branch}>{markup.at_place(names, place, identity)}{grown}</{branch}>")
    return f"<responseCondition>{''.join(branches)}</responseCondition>"


def _response(item: Exchanged, answer: Answer) -> str:
    return markup.inside(answer.text, item) + markup.inline(TOLD, TOLD, answer.feedback, item)


def _tells(item: Exchanged) -> bool:
    return any(answer.feedback for answer in item.answers)


def _key(answer: Answer) -> Fraction:
    return Fraction(0) if answer.rating is None else answer.rating
