"""Shapes to QTI items: 2.1, which every 2.2 reader takes too."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from assessments.interchange.about import write_about
from assessments.interchange.gift_writing import decimal_text
from assessments.interchange.html_words import html_of_words
from assessments.interchange.picture_files import file_name
from assessments.interchange.qti.body import EXPLANATION
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged
from assessments.question_types.rational import to_text

NAMESPACE = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PICTURES = "pictures"
_GAP = re.compile(r"\[\[gap:([^\]]+)\]\]")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


@dataclass(frozen=True)
class _Parts:
    """What a kind of question puts into its item: declarations, body, rules and feedback beside that of the options."""

    declarations: str
    body: str
    rules: str
    feedback: str = ""
    feedback_cardinality: str = "single"


def write_item(item: Exchanged, about: Mapping[str, Any], identifier: str) -> str:
    """Return an item as XML; raises ``NotExchanged`` for what QTI 2 has no words for."""
    write = _KINDS.get(item.asking)
    if write is None:
        raise NotExchanged("QTI 2 has no words for questions of this kind.")
    parts = write(item)
    explanation = _modal(EXPLANATION, EXPLANATION, item.feedback, item) if item.feedback else ""
    told = (
        f'<outcomeDeclaration identifier="{EXPLANATION}" cardinality="single" baseType="identifier">'
        f"<defaultValue><value>{EXPLANATION}</value></defaultValue></outcomeDeclaration>"
        if item.feedback
        else ""
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{NAMESPACE}" identifier={quoteattr(identifier)} '
        f'title={quoteattr(item.name)} adaptive="false" timeDependent="false">\n<!-- {write_about(about)} -->\n{parts.declarations}'
        f'<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="{_number(item.max_mark)}">'
        f"<defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n"
        f'<outcomeDeclaration identifier="FEEDBACK" cardinality="{parts.feedback_cardinality}" baseType="identifier"/>{told}\n'
        f"<itemBody>{parts.body}</itemBody>\n<responseProcessing>{parts.rules}</responseProcessing>\n"
        f"{parts.feedback}{explanation}</assessmentItem>\n"
    )


def _choice(item: Exchanged) -> _Parts:
    is_single = item.asking is not Asking.CHOICES
    ids = [_id(answer, number) for number, answer in enumerate(item.answers)]
    right = [
        identity
        for identity, answer in zip(ids, item.answers, strict=True)
        if (answer.fraction == 1 if is_single else answer.fraction > 0)
    ]
    options = "".join(
        f'<simpleChoice identifier="{identity}">{_inside(answer.text, item)}{_inline(identity, answer.feedback, item)}</simpleChoice>'
        for identity, answer in zip(ids, item.answers, strict=True)
    )
    most = 1 if is_single else max(len(right), 1)
    body = (
        f"{_blocks(item.text, item)}"
        f'<choiceInteraction responseIdentifier="RESPONSE" shuffle="{_flag(item.is_shuffled)}" maxChoices="{most}">'
        f"{options}</choiceInteraction>"
    )
    return _mapped(item, body, ids, right, is_single=is_single)


def _mapped(item: Exchanged, body: str, ids: Sequence[str], right: Sequence[str], *, is_single: bool) -> _Parts:
    """Return an item whose options are worth something each, or in which only the whole set scores."""
    cardinality = "single" if is_single else "multiple"
    worth = [(identity, answer.fraction * item.max_mark) for identity, answer in zip(ids, item.answers, strict=True)]
    told = '<setOutcomeValue identifier="FEEDBACK"><variable identifier="RESPONSE"/></setOutcomeValue>'
    if is_single or item.settings.get("partial", True):
        score = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
        declared = _declared("RESPONSE", cardinality, "identifier", right, worth)
    else:
        score = _if_right(item.max_mark)
        declared = _declared("RESPONSE", cardinality, "identifier", right)
    return _Parts(declared, body, score + told, feedback_cardinality=cardinality)


def _typed(item: Exchanged) -> _Parts:
    """Return an item with one field: rules try the answers one after the other."""
    is_number = item.asking is Asking.NUMBER
    branches, feedback = [], []
    for place, answer in enumerate(item.answers):
        branch = "responseIf" if not place else "responseElseIf"
        told = f"ANSWER{place + 1}" if answer.feedback else ""
        test = _test("RESPONSE", answer, is_number=is_number)
        branches.append(f"<{branch}>{test}{_set_score(answer.fraction * item.max_mark)}{_tell(told)}</{branch}>")
        feedback.append(_modal("FEEDBACK", told, answer.feedback, item) if told else "")
    if item.feedback_wrong:
        branches.append(f"<responseElse>{_tell('OTHER')}</responseElse>")
        feedback.append(_modal("FEEDBACK", "OTHER", item.feedback_wrong, item))
    right = [answer.text for answer in item.answers if answer.fraction == 1][:1]
    correct = [decimal_text(text) for text in right] if is_number else right
    kind = "float" if is_number else "string"
    # The unit travels in our comment: here it would read as words of the question.
    body = f'{_blocks(item.text, item)}<p><textEntryInteraction responseIdentifier="RESPONSE"/></p>'
    rules = f"<responseCondition>{''.join(branches)}</responseCondition>"
    return _Parts(_declared("RESPONSE", "single", kind, correct), body, rules, "".join(feedback))


def _pairs(item: Exchanged) -> _Parts:
    texts = [answer for answer in item.answers if answer.text]
    matches = list(dict.fromkeys(answer.match for answer in item.answers))
    left = "".join(
        f'<simpleAssociableChoice identifier="L{place}" matchMax="1">{_inside(answer.text, item)}</simpleAssociableChoice>'
        for place, answer in enumerate(texts)
    )
    right = "".join(
        f'<simpleAssociableChoice identifier="R{place}" matchMax="0">{_inside(text, item)}</simpleAssociableChoice>'
        for place, text in enumerate(matches)
    )
    pairs = [f"L{place} R{matches.index(answer.match)}" for place, answer in enumerate(texts)]
    worth = [(pair, item.max_mark / len(pairs)) for pair in pairs]
    body = (
        f"{_blocks(item.text, item)}"
        f'<matchInteraction responseIdentifier="RESPONSE" shuffle="{_flag(item.is_shuffled)}" maxAssociations="{len(pairs)}">'
        f"<simpleMatchSet>{left}</simpleMatchSet><simpleMatchSet>{right}</simpleMatchSet></matchInteraction>"
    )
    score = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/></setOutcomeValue>'
    verdicts, feedback = _verdicts(item)
    return _Parts(_declared("RESPONSE", "multiple", "directedPair", pairs, worth), body, score + verdicts, feedback)


def _order(item: Exchanged) -> _Parts:
    ids = [_id(answer, number) for number, answer in enumerate(item.answers)]
    # As written they would stand in the right order: a reader that does not shuffle would give it away.
    options = "".join(
        f'<simpleChoice identifier="{identity}">{_inside(answer.text, item)}</simpleChoice>'
        for identity, answer in sorted(zip(ids, item.answers, strict=True), key=lambda pair: pair[1].text)
    )
    body = (
        f"{_blocks(item.text, item)}"
        f'<orderInteraction responseIdentifier="RESPONSE" shuffle="true">{options}</orderInteraction>'
    )
    verdicts, feedback = _verdicts(item)
    declared = _declared("RESPONSE", "ordered", "identifier", ids)
    return _Parts(declared, body, _if_right(item.max_mark) + verdicts, feedback)


def _gaps(item: Exchanged) -> _Parts:
    whole = sum((gap.weight for gap in item.gaps), Fraction(0)) or Fraction(1)
    declared, rules, fields = "", "", {}
    for gap in item.gaps:
        answers = [answer for answer in item.answers if answer.gap == gap.id]
        share = gap.weight / whole * item.max_mark
        name = f"GAP_{gap.id}"
        right = [answer for answer in answers if answer.fraction == 1]
        if gap.asking is Asking.CHOICE:
            ids = [_id(answer, number) for number, answer in enumerate(answers)]
            worth = [(identity, answer.fraction * share) for identity, answer in zip(ids, answers, strict=True)]
            correct = [identity for identity, answer in zip(ids, answers, strict=True) if answer.fraction == 1]
            declared += _declared(name, "single", "identifier", correct, worth)
            choices = "".join(
                f'<inlineChoice identifier="{identity}">{escape(answer.text)}</inlineChoice>'
                for identity, answer in zip(ids, answers, strict=True)
            )
            fields[gap.id] = (
                f'<inlineChoiceInteraction responseIdentifier="{name}" shuffle="true">{choices}</inlineChoiceInteraction>'
            )
            rules += _add(f'<mapResponse identifier="{name}"/>')
        elif gap.asking is Asking.TEXT:
            worth = [(answer.text, answer.fraction * share) for answer in answers]
            declared += _declared(name, "single", "string", [answer.text for answer in right][:1], worth)
            fields[gap.id] = f'<textEntryInteraction responseIdentifier="{name}"/>'
            rules += _add(f'<mapResponse identifier="{name}"/>')
        else:
            declared += _declared(name, "single", "float", [decimal_text(answer.text) for answer in right][:1])
            fields[gap.id] = f'<textEntryInteraction responseIdentifier="{name}"/>'
            for answer in answers:
                test = _test(name, answer, is_number=True)
                worth_it = f'<baseValue baseType="float">{_number(answer.fraction * share)}</baseValue>'
                rules += f"<responseCondition><responseIf>{test}{_add(worth_it)}</responseIf></responseCondition>"
    body = _GAP.sub(lambda match: fields.get(match[1], ""), _blocks(item.text, item))
    return _Parts(declared, body, rules)


def _regions(item: Exchanged) -> _Parts:
    picture = item.pictures.get(str(item.settings.get("picture", "")))
    if picture is None or any(answer.area is None for answer in item.answers):
        raise NotExchanged("The picture its places lie on is not there.")
    name = f"{PICTURES}/{file_name(str(item.settings['picture']), picture.content)}"
    ids = [_id(answer, number) for number, answer in enumerate(item.answers)]
    choose = int(item.settings.get("choose") or 1)
    places = "".join(
        f'<hotspotChoice identifier="{identity}" shape="{answer.area["shape"]}" '
        f'coords="{",".join(str(part) for part in answer.area["coords"])}" hotspotLabel={quoteattr(answer.text)}/>'
        for identity, answer in zip(ids, item.answers, strict=True)
        if answer.area is not None
    )
    body = (
        f"{_blocks(item.text, item)}"
        f'<hotspotInteraction responseIdentifier="RESPONSE" maxChoices="{choose}">'
        f'<object data={quoteattr(name)} type="image/png">{escape(picture.alt)}</object>{places}</hotspotInteraction>'
    )
    right = [identity for identity, answer in zip(ids, item.answers, strict=True) if answer.fraction > 0]
    return _mapped(item, body, ids, right, is_single=choose == 1)


def _open(item: Exchanged) -> _Parts:
    lines = f' expectedLines="{int(item.settings["lines"])}"' if item.settings.get("lines") else ""
    is_file = item.asking is Asking.FILES
    field = "uploadInteraction" if is_file else "extendedTextInteraction"
    guidance = item.settings.get("guidance")
    rubric = f'<rubricBlock view="scorer">{_blocks(str(guidance), item)}</rubricBlock>' if guidance else ""
    body = f'{_blocks(item.text, item)}<{field} responseIdentifier="RESPONSE"{"" if is_file else lines}/>{rubric}'
    return _Parts(_declared("RESPONSE", "single", "file" if is_file else "string", []), body, "")


def _test(name: str, answer: Answer, *, is_number: bool) -> str:
    variable = f'<variable identifier="{name}"/>'
    if not is_number:
        value = f'<baseValue baseType="string">{escape(answer.text)}</baseValue>'
        return f'<stringMatch caseSensitive="false">{variable}{value}</stringMatch>'
    value = f'<baseValue baseType="float">{decimal_text(answer.text)}</baseValue>'
    slip = _number(answer.tolerance) if answer.tolerance else ""
    mode = f'toleranceMode="absolute" tolerance="{slip} {slip}"' if slip else 'toleranceMode="exact"'
    return f"<equal {mode}>{variable}{value}</equal>"


def _declared(
    name: str, cardinality: str, kind: str, correct: Sequence[str], worth: Sequence[tuple[str, Fraction]] = ()
) -> str:
    values = "".join(f"<value>{escape(value)}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if values else ""
    entries = "".join(f'<mapEntry mapKey={quoteattr(key)} mappedValue="{_number(value)}"/>' for key, value in worth)
    mapping = f'<mapping lowerBound="0" defaultValue="0">{entries}</mapping>' if entries else ""
    head = f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{kind}">'
    return f"{head}{right}{mapping}</responseDeclaration>\n"


def _if_right(worth: Fraction) -> str:
    match = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    return f"<responseCondition><responseIf>{match}{_set_score(worth)}</responseIf></responseCondition>"


def _set_score(worth: Fraction) -> str:
    return f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{_number(worth)}</baseValue></setOutcomeValue>'


def _add(expression: str) -> str:
    return (
        f'<setOutcomeValue identifier="SCORE"><sum><variable identifier="SCORE"/>{expression}</sum></setOutcomeValue>'
    )


def _tell(identifier: str) -> str:
    if not identifier:
        return ""
    return f'<setOutcomeValue identifier="FEEDBACK"><baseValue baseType="identifier">{identifier}</baseValue></setOutcomeValue>'


def _verdicts(item: Exchanged) -> tuple[str, str]:
    """Return rules and words for the feedback of a right and of any other answer."""
    right = _tell("RIGHT") if item.feedback_right else ""
    wrong = _tell("WRONG") if item.feedback_wrong else ""
    if not right and not wrong:
        return "", ""
    match = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
    rules = f"<responseCondition><responseIf>{match}{right}</responseIf><responseElse>{wrong}</responseElse></responseCondition>"
    told = _modal("FEEDBACK", "RIGHT", item.feedback_right, item) if right else ""
    return rules, told + (_modal("FEEDBACK", "WRONG", item.feedback_wrong, item) if wrong else "")


def _modal(outcome: str, identifier: str, words: str, item: Exchanged) -> str:
    return (
        f'<modalFeedback outcomeIdentifier="{outcome}" identifier="{identifier}" showHide="show">'
        f"{_inside(words, item)}</modalFeedback>\n"
    )


def _inline(identifier: str, words: str, item: Exchanged) -> str:
    if not words:
        return ""
    # Paragraphs may not stand in the line: two breaks say the same.
    told = _inside(words, item).replace("</p><p>", "<br/><br/>").removeprefix("<p>").removesuffix("</p>")
    return f'<feedbackInline outcomeIdentifier="FEEDBACK" identifier="{identifier}" showHide="show">{told}</feedbackInline>'


def _inside(words: str, item: Exchanged) -> str:
    """Return words as XML that may stand inside a paragraph, or be paragraphs of its own."""

    def source(name: str) -> tuple[str, str]:
        picture = item.pictures.get(name)
        return (name, "") if picture is None else (f"{PICTURES}/{file_name(name, picture.content)}", picture.alt)

    html = html_of_words(words, source).replace("<br>", "<br/>")
    return re.sub(r"(<img [^>]*[^/])>", r"\1/>", html)


def _blocks(words: str, item: Exchanged) -> str:
    inside = _inside(words, item)
    return inside if inside.startswith("<p>") else f"<p>{inside}</p>"


def _id(answer: Answer, number: int) -> str:
    # Digits may not begin an identifier.
    return answer.id if _IDENTIFIER.fullmatch(answer.id) else f"O{number + 1}"


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _number(value: Fraction) -> str:
    return decimal_text(to_text(value))


_KINDS: dict[Asking, Callable[[Exchanged], _Parts]] = {
    Asking.CHOICE: _choice,
    Asking.CHOICES: _choice,
    Asking.TRUTH: _choice,
    Asking.TEXT: _typed,
    Asking.NUMBER: _typed,
    Asking.PAIRS: _pairs,
    Asking.ORDER: _order,
    Asking.GAPS: _gaps,
    Asking.REGIONS: _regions,
    Asking.OPEN: _open,
    Asking.FILES: _open,
}
