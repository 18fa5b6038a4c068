"""The kinds of question with one way to answer, as the pieces of a QTI item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from assessments.interchange.gift_writing import decimal_text
from assessments.interchange.picture_files import file_name
from assessments.interchange.qti import markup
from assessments.interchange.qti.markup import PICTURES, Names, Pieces, Told
from assessments.question_types.exchange import Answer, Asking, Exchanged, Gap, NotExchanged

_GAP = re.compile(r"\[\[gap:([^\]]+)\]\]")


def write_choice(item: Exchanged, names: Names) -> Pieces:
    """One answer of several, or several."""
    is_single = item.asking is not Asking.CHOICES
    ids = [markup.identifier_of(answer, place) for place, answer in enumerate(item.answers)]
    right = [
        identity
        for identity, answer in zip(ids, item.answers, strict=True)
        if (answer.fraction == 1 if is_single else answer.fraction > 0)
    ]
    options = "".join(
        f'<simpleChoice identifier="{identity}">{markup.inside(answer.text, item)}'
        f"{markup.inline(names.feedback, identity, answer.feedback, item)}</simpleChoice>"
        for identity, answer in zip(ids, item.answers, strict=True)
    )
    most = 1 if is_single else max(len(right), 1)
    body = (
        f"{markup.blocks(item.text, item)}"
        f'<choiceInteraction responseIdentifier="{names.response}" shuffle="{markup.flag(item.is_shuffled)}" maxChoices="{most}">'
        f"{options}</choiceInteraction>"
    )
    return _by_worth(item, names, body, ids, right, is_single=is_single)


def _by_worth(
    item: Exchanged, names: Names, body: str, ids: Sequence[str], right: Sequence[str], *, is_single: bool
) -> Pieces:
    """Return an item whose options are worth something each, or in which only the whole set scores."""
    cardinality = "single" if is_single else "multiple"
    worth = [(identity, answer.fraction * item.max_mark) for identity, answer in zip(ids, item.answers, strict=True)]
    told = markup.set_outcome(names.feedback, f'<variable identifier="{names.response}"/>')
    if is_single or item.settings.get("partial", True):
        score = markup.set_score(names, markup.mapped(names))
        declared = markup.declared(names.response, cardinality, "identifier", right, worth)
    else:
        score = markup.if_right(names, item.max_mark)
        declared = markup.declared(names.response, cardinality, "identifier", right)
    return Pieces(declared, body, score + told, feedback_cardinality=cardinality)


def write_typed(item: Exchanged, names: Names) -> Pieces:
    """One field: rules try the answers one after the other."""
    is_number = item.asking is Asking.NUMBER
    branches, feedback = [], []
    for place, answer in enumerate(item.answers):
        branch = "responseIf" if not place else "responseElseIf"
        told = f"ANSWER{place + 1}" if answer.feedback else ""
        test = markup.test(names.response, answer, is_number=is_number)
        score = markup.set_score(names, markup.constant(answer.fraction * item.max_mark))
        branches.append(f"<{branch}>{test}{score}{markup.tell(names.feedback, told)}</{branch}>")
        if told:
            feedback.append((names.feedback, told, answer.feedback))
    if item.feedback_wrong:
        branches.append(f"<responseElse>{markup.tell(names.feedback, 'OTHER')}</responseElse>")
        feedback.append((names.feedback, "OTHER", item.feedback_wrong))
    right = [answer.text for answer in item.answers if answer.fraction == 1][:1]
    correct = [decimal_text(text) for text in right] if is_number else right
    kind = "float" if is_number else "string"
    # The unit travels in our comment: here it would read as words of the question.
    body = f'{markup.blocks(item.text, item)}<p><textEntryInteraction responseIdentifier="{names.response}"/></p>'
    rules = f"<responseCondition>{''.join(branches)}</responseCondition>"
    return Pieces(markup.declared(names.response, "single", kind, correct), body, rules, tuple(feedback))


def write_pairs(item: Exchanged, names: Names) -> Pieces:
    """Two sets to match."""
    texts = [answer for answer in item.answers if answer.text]
    matches = list(dict.fromkeys(answer.match for answer in item.answers))
    left = "".join(
        f'<simpleAssociableChoice identifier="L{place}" matchMax="1">{markup.inside(answer.text, item)}</simpleAssociableChoice>'
        for place, answer in enumerate(texts)
    )
    right = "".join(
        f'<simpleAssociableChoice identifier="R{place}" matchMax="0">{markup.inside(text, item)}</simpleAssociableChoice>'
        for place, text in enumerate(matches)
    )
    pairs = [f"L{place} R{matches.index(answer.match)}" for place, answer in enumerate(texts)]
    worth = [(pair, item.max_mark / len(pairs)) for pair in pairs]
    body = (
        f"{markup.blocks(item.text, item)}"
        f'<matchInteraction responseIdentifier="{names.response}" shuffle="{markup.flag(item.is_shuffled)}" '
        f'maxAssociations="{len(pairs)}">'
        f"<simpleMatchSet>{left}</simpleMatchSet><simpleMatchSet>{right}</simpleMatchSet></matchInteraction>"
    )
    rules, feedback = _verdicts(item, names)
    declared = markup.declared(names.response, "multiple", "directedPair", pairs, worth)
    return Pieces(declared, body, markup.set_score(names, markup.mapped(names)) + rules, feedback)


def _verdicts(item: Exchanged, names: Names) -> tuple[str, tuple[Told, ...]]:
    return markup.verdicts(names.feedback, markup.is_right(names), item.feedback_right, item.feedback_wrong)


def write_order(item: Exchanged, names: Names) -> Pieces:
    """Things to put in order, scored as a whole, by neighbours that follow each other, or by places."""
    ids = [markup.identifier_of(answer, place) for place, answer in enumerate(item.answers)]
    # As written they would stand in the right order: a reader that does not shuffle would give it away.
    options = "".join(
        f'<simpleChoice identifier="{identity}">{markup.inside(answer.text, item)}</simpleChoice>'
        for identity, answer in sorted(zip(ids, item.answers, strict=True), key=lambda pair: pair[1].text)
    )
    body = (
        f"{markup.blocks(item.text, item)}"
        f'<orderInteraction responseIdentifier="{names.response}" shuffle="true">{options}</orderInteraction>'
    )
    rules, feedback = _verdicts(item, names)
    declared = markup.declared(names.response, "ordered", "identifier", ids)
    return Pieces(declared, body, _order_score(item, names, ids) + rules, feedback)


def _order_score(item: Exchanged, names: Names, ids: Sequence[str]) -> str:
    scoring = item.settings.get("scoring", "exact")
    if scoring == "exact":
        return markup.if_right(names, item.max_mark)
    places = range(1, len(ids) + 1)
    if scoring == "places":
        counted = [[markup.at_place(names, place, ids[place - 1])] for place in places]
    else:
        counted = [
            [markup.at_place(names, place, one), markup.at_place(names, place + 1, other)]
            for place in places[:-1]
            for one, other in pairwise(ids)
        ]
    one_more = markup.add(names, markup.constant(Fraction(1)))
    rules = "".join(
        f"<responseCondition><responseIf><and>{''.join(tests)}</and>{one_more}</responseIf></responseCondition>"
        for tests in counted
    )
    most = Fraction(len(ids) if scoring == "places" else len(ids) - 1)
    return rules + markup.set_score(
        names, markup.times(f'<variable identifier="{names.score}"/>', item.max_mark / most)
    )


def write_gaps(item: Exchanged, names: Names) -> Pieces:
    """A text with fields in it; each gap tells what is said of a right and of any other answer to it."""
    whole = sum((gap.weight for gap in item.gaps), Fraction(0)) or Fraction(1)
    declared, rules, outcomes, fields = "", "", "", {}
    feedback: tuple[Told, ...] = ()
    for gap in item.gaps:
        answers = [answer for answer in item.answers if answer.gap == gap.id]
        one, rule, fields[gap.id] = _gap(names, gap, answers, gap.weight / whole * item.max_mark)
        verdict, told = _verdicts_of_gap(item, names, gap, answers)
        outcomes += markup.identifiers_declared(names.told_of_gap(gap.id)) if told else ""
        declared, rules, feedback = declared + one, rules + rule + verdict, feedback + told
    body = _GAP.sub(lambda match: fields.get(match[1], ""), markup.blocks(item.text, item))
    return Pieces(declared, body, rules, feedback, outcomes=outcomes)


def _gap(names: Names, gap: Gap, answers: Sequence[Answer], share: Fraction) -> tuple[str, str, str]:
    """Return the declaration of a gap, the rules that score it, and its field."""
    name = names.gap(gap.id)
    right = [answer for answer in answers if answer.fraction == 1]
    field = f'<textEntryInteraction responseIdentifier="{name}"/>'
    by_map = markup.add(names, f'<mapResponse identifier="{name}"/>')
    if gap.asking is Asking.CHOICE:
        ids = [markup.identifier_of(answer, place) for place, answer in enumerate(answers)]
        worth = [(identity, answer.fraction * share) for identity, answer in zip(ids, answers, strict=True)]
        correct = [identity for identity, answer in zip(ids, answers, strict=True) if answer.fraction == 1]
        choices = "".join(
            f'<inlineChoice identifier="{identity}">{escape(answer.text)}</inlineChoice>'
            for identity, answer in zip(ids, answers, strict=True)
        )
        field = (
            f'<inlineChoiceInteraction responseIdentifier="{name}" shuffle="true">{choices}</inlineChoiceInteraction>'
        )
        return markup.declared(name, "single", "identifier", correct, worth), by_map, field
    if gap.asking is Asking.TEXT:
        worth = [(answer.text, answer.fraction * share) for answer in answers]
        correct = [answer.text for answer in right][:1]
        return markup.declared(name, "single", "string", correct, worth), by_map, field
    rules = ""
    for answer in answers:
        test = markup.test(name, answer, is_number=True)
        rule = markup.add(names, markup.constant(answer.fraction * share))
        rules += f"<responseCondition><responseIf>{test}{rule}</responseIf></responseCondition>"
    correct = [decimal_text(answer.text) for answer in right][:1]
    return markup.declared(name, "single", "float", correct), rules, field


def _verdicts_of_gap(
    item: Exchanged, names: Names, gap: Gap, answers: Sequence[Answer]
) -> tuple[str, tuple[Told, ...]]:
    name = names.gap(gap.id)
    right = [(place, answer) for place, answer in enumerate(answers) if answer.fraction == 1]
    tests = [
        f'<match><variable identifier="{name}"/><baseValue baseType="identifier">'
        f"{markup.identifier_of(answer, place)}</baseValue></match>"
        if gap.asking is Asking.CHOICE
        else markup.test(name, answer, is_number=gap.asking is Asking.NUMBER)
        for place, answer in right
    ]
    said = right[0][1].feedback if right else ""
    wrong = str(item.settings.get("wrong", {}).get(gap.id, ""))
    return markup.verdicts(names.told_of_gap(gap.id), f"<or>{''.join(tests)}</or>", said, wrong) if tests else ("", ())


def write_regions(item: Exchanged, names: Names) -> Pieces:
    """Areas of a picture."""
    picture = item.pictures.get(str(item.settings.get("picture", "")))
    if picture is None or any(answer.area is None for answer in item.answers):
        raise NotExchanged("The picture its places lie on is not there.")
    name = f"{PICTURES}/{file_name(str(item.settings['picture']), picture.content)}"
    ids = [markup.identifier_of(answer, place) for place, answer in enumerate(item.answers)]
    choose = int(item.settings.get("choose") or 1)
    places = "".join(
        f'<hotspotChoice identifier="{identity}" shape="{answer.area["shape"]}" '
        f'coords="{",".join(str(part) for part in answer.area["coords"])}" hotspotLabel={quoteattr(answer.text)}/>'
        for identity, answer in zip(ids, item.answers, strict=True)
        if answer.area is not None
    )
    body = (
        f"{markup.blocks(item.text, item)}"
        f'<hotspotInteraction responseIdentifier="{names.response}" maxChoices="{choose}">'
        f'<object data={quoteattr(name)} type="image/png">{escape(picture.alt)}</object>{places}</hotspotInteraction>'
    )
    right = [identity for identity, answer in zip(ids, item.answers, strict=True) if answer.fraction > 0]
    return _by_worth(item, names, body, ids, right, is_single=choose == 1)


def write_open(item: Exchanged, names: Names) -> Pieces:
    """An answer that a person marks."""
    lines = f' expectedLines="{int(item.settings["lines"])}"' if item.settings.get("lines") else ""
    is_file = item.asking is Asking.FILES
    field = "uploadInteraction" if is_file else "extendedTextInteraction"
    guidance = item.settings.get("guidance")
    rubric = f'<rubricBlock view="scorer">{markup.blocks(str(guidance), item)}</rubricBlock>' if guidance else ""
    body = (
        f"{markup.blocks(item.text, item)}"
        f'<{field} responseIdentifier="{names.response}"{"" if is_file else lines}/>{rubric}'
    )
    return Pieces(markup.declared(names.response, "single", "file" if is_file else "string", []), body, "")
