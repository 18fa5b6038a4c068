"""Cases and judgements as one text with embedded answers, which is the one question of Moodle's that asks several things at once.

Their parts are known again by the classes of their elements, which Moodle keeps; where those are gone, a text with gaps is what is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from assessments.interchange.assembling import as_part, in_whole_numbers
from assessments.interchange.cloze import CLOSE, OPEN, Field, cloze_field, embedded, fields_in, read_cloze
from assessments.interchange.formatted import words_in
from assessments.interchange.html_words import Pictures, html_of_words
from assessments.interchange.reading import NotRead
from assessments.question_types.distances import worth_of_rating
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged

PART, SINCE, JUDGED = "case-part", "case-since", "judged-response"
HEAVIEST = 9999
_SLIP = Fraction(1, 10_000)
_FIELD_ALONE = re.compile(rf"(.*?)\s*{OPEN}g1{CLOSE}\s*", re.DOTALL)
_GAP = re.compile(r"\[\[gap:([^\]]+)\]\]")
_NOT_EMBEDDED = {
    Asking.PAIRS: "pairs to match",
    Asking.ORDER: "things to put in order",
    Asking.REGIONS: "places on a picture",
    Asking.OPEN: "an answer that a person marks",
    Asking.FILES: "files to hand in",
    Asking.CASE: "a case",
}
# The source of a picture and the words that stand for it, by its name.
Source = Callable[[str], tuple[str, str]]


def _starts(name: str) -> re.Pattern[str]:
    return re.compile(rf"<div\b[^<>]{{0,200}}\bclass=[\"'][^\"'<>]{{0,200}}\b{name}\b[^<>]{{0,200}}>", re.IGNORECASE)


_PART_STARTS, _JUDGED_STARTS = _starts(PART), _starts(JUDGED)
_SINCE_BLOCK = re.compile(_starts(SINCE).pattern + r"(.*?)</div>", re.IGNORECASE | re.DOTALL)


def read_embedded(kind: str, text: str, pictures: Pictures) -> Exchanged:
    """Return a case, a judgement or a text with gaps; raises ``NotRead``."""
    stem, *parts = _PART_STARTS.split(text)
    if len(parts) > 1 and not fields_in(stem, pictures)[1]:
        read = [_part(kind, part, number, pictures) for number, part in enumerate(parts, start=1)]
        weights = in_whole_numbers([part.max_mark for part in read])
        weighted = tuple(replace(part, max_mark=weight) for part, weight in zip(read, weights, strict=True))
        return Exchanged(Asking.CASE, words_in(kind, stem, pictures), parts=weighted)
    return _question(kind, text, pictures)


def _question(kind: str, text: str, pictures: Pictures) -> Exchanged:
    stem, *judged = _JUDGED_STARTS.split(text)
    if len(judged) > 1:
        return _judgement(kind, stem, judged, pictures)
    words, gaps, answers = read_cloze(kind, text, pictures)
    whole = sum((gap.weight for gap in gaps), Fraction(0))
    return Exchanged(Asking.GAPS, words, answers, gaps=gaps, is_shuffled=False, max_mark=whole)


def _part(kind: str, text: str, number: int, pictures: Pictures) -> Exchanged:
    since = "\n\n".join(words_in(kind, found, pictures) for found in _SINCE_BLOCK.findall(text))
    rest = _SINCE_BLOCK.sub("", text)
    marked, fields = fields_in(rest, pictures)
    try:
        alone = _FIELD_ALONE.fullmatch(words_in(kind, marked, pictures)) if len(fields) == 1 else None
        shape = _alone(alone[1], fields[0]) if alone is not None else _question(kind, rest, pictures)
    except NotRead as reason:
        raise NotRead(f"Part {number}: {reason}") from None
    if shape.max_mark <= 0:
        raise NotRead(f"Part {number} counts nothing.")
    return as_part(shape, number=number, since=since)


def _alone(text: str, field: Field) -> Exchanged:
    """Return the question of one embedded answer that stands behind its words."""
    if not text:
        raise NotRead("It has no words that ask anything.")
    is_typed = field.asking in (Asking.TEXT, Asking.NUMBER)
    others = [answer for answer in field.answers if is_typed and answer.text == "*" and answer.fraction <= 0]
    answers = tuple(replace(answer, gap="") for answer in field.answers if answer not in others)
    return Exchanged(
        field.asking,
        text,
        answers,
        feedback_wrong=others[0].feedback if others else "",
        is_shuffled=field.is_shuffled,
        max_mark=field.weight,
    )


def _judgement(kind: str, stem: str, judged: Sequence[str], pictures: Pictures) -> Exchanged:
    answers, scale, whole = [], [""], Fraction(0)
    for number, piece in enumerate(judged, start=1):
        marked, fields = fields_in(piece, pictures)
        alone = _FIELD_ALONE.fullmatch(words_in(kind, marked, pictures))
        if len(fields) != 1 or alone is None or fields[0].asking is not Asking.CHOICE:
            raise NotRead(f"Response {number} is not rated by one choice of a label.")
        labels = [answer.text for answer in fields[0].answers]
        if (number > 1 and labels != scale) or (whole and fields[0].weight * (number - 1) != whole):
            raise NotRead("Its responses are not rated on one scale for the same marks.")
        scale, whole = labels, whole + fields[0].weight
        key = _key([answer.fraction for answer in fields[0].answers])
        if key is None:
            raise NotRead("Its ratings are not scored by their distance from a key.")
        told = fields[0].answers[0].feedback
        answers.append(Answer(alone[1], Fraction(1, len(judged)), told, rating=key))
    settings = {"mode": "rate", "scale": scale}
    return Exchanged(Asking.RATINGS, words_in(kind, stem, pictures), tuple(answers), max_mark=whole, settings=settings)


def _key(worths: Sequence[Fraction]) -> Fraction | None:
    """Return the rating that earns everything where the others earn by their distance from it, rounded as shares are."""
    key = next((Fraction(rating) for rating, worth in enumerate(worths, start=1) if worth == 1), None)
    if key is None or len(worths) < 2:
        return None
    near = all(
        abs(worth_of_rating(rating, key, len(worths)) - worth) < _SLIP for rating, worth in enumerate(worths, start=1)
    )
    return key if near else None


def case_html(item: Exchanged, source: Source) -> str:
    """Return a case as HTML with an embedded answer for each of its questions; raises ``NotExchanged``."""
    weights = _counts(item)
    html = _blocks(item.text, source)
    for number, part in enumerate(item.parts, start=1):
        since = str(part.settings.get("since", ""))
        happened = f'<div class="{SINCE}">{_blocks(since, source)}</div>' if since else ""
        if part.asking in _NOT_EMBEDDED:
            raise NotExchanged(
                f"Moodle has no embedded answer for {_NOT_EMBEDDED[part.asking]}, as part {number} asks."
            )
        html += f'<div class="{PART}">{happened}{_part_html(part, weights[number - 1], source)}</div>'
    return html


def judgement_html(item: Exchanged, source: Source) -> str:
    """Return the ratings of a judgement as HTML with a choice of labels for each response; raises ``NotExchanged``."""
    return _judgement_html(item, _counts(item)[0], source)


def explanations_of(item: Exchanged) -> str:
    """Return what is told after every answer: the explanation of the whole, and those of its parts."""
    told = [f"Part {number}: {part.feedback}" for number, part in enumerate(item.parts, start=1) if part.feedback]
    return "\n\n".join(words for words in (item.feedback, *told) if words)


def marks_counted(item: Exchanged) -> int:
    """Return as how many marks Moodle counts a case or a judgement."""
    return sum(sum(each) for each in _counts(item))


def _shares(part: Exchanged) -> list[Fraction]:
    """Return what each embedded answer of a question counts of it."""
    if part.asking is Asking.GAPS:
        whole = sum((gap.weight for gap in part.gaps), Fraction(0))
        return [gap.weight / whole for gap in part.gaps]
    number = len(part.answers) if part.asking is Asking.RATINGS else 1
    return [Fraction(1, number)] * number


def _counts(item: Exchanged) -> list[list[int]]:
    """Return the whole number each embedded answer counts, part by part: its marks where those are whole, else in proportion."""
    weighted = [(part.max_mark, _shares(part)) for part in item.parts] or [(Fraction(1), _shares(item))]
    weights = sum((weight for weight, _shares in weighted), Fraction(0))
    marks = [share * weight / weights * item.max_mark for weight, shares in weighted for share in shares]
    if not all(marks):
        marks = [share * weight for weight, shares in weighted for share in shares]
    whole = marks if all(mark.denominator == 1 for mark in marks) else in_whole_numbers(marks)
    if max(whole) > HEAVIEST:
        raise NotExchanged("Moodle counts embedded answers in whole marks, and its weights are no small whole numbers.")
    waiting = iter(whole)
    return [[int(next(waiting)) for _share in shares] for _weight, shares in weighted]


def _part_html(part: Exchanged, counts: Sequence[int], source: Source) -> str:
    if part.asking is Asking.RATINGS:
        return _judgement_html(part, counts, source)
    if part.asking is Asking.GAPS:
        fields = {
            gap.id: cloze_field(
                replace(gap, weight=Fraction(count)),
                [answer for answer in part.answers if answer.gap == gap.id],
                str(part.settings.get("wrong", {}).get(gap.id, "")),
            )
            for gap, count in zip(part.gaps, counts, strict=True)
        }
        return _GAP.sub(lambda match: fields.get(match[1], ""), _blocks(part.text, source))
    asking = Asking.CHOICE if part.asking is Asking.TRUTH else part.asking
    name = {
        Asking.CHOICE: "MULTICHOICE_VS" if part.is_shuffled else "MULTICHOICE_V",
        Asking.CHOICES: "MULTIRESPONSE_S" if part.is_shuffled else "MULTIRESPONSE",
        Asking.TEXT: "SHORTANSWER",
        Asking.NUMBER: "NUMERICAL",
    }[asking]
    field = embedded(name, asking, counts[0], part.answers, part.feedback_wrong)
    return f"{_blocks(part.text, source)}<p>{field}</p>"


def _judgement_html(item: Exchanged, counts: Sequence[int], source: Source) -> str:
    if item.settings.get("mode") == "rank":
        raise NotExchanged("Moodle scores an order in other ways than by its distance from a key.")
    scale = [str(label) for label in item.settings["scale"]]
    html = _blocks(item.text, source)
    for answer, count in zip(item.answers, counts, strict=True):
        key = answer.rating
        if key is None or key.denominator != 1:
            raise NotExchanged("A key lies between two labels, and in Moodle one label of each has to earn everything.")
        labels = [
            Answer(label, worth_of_rating(rating, key, len(scale)), answer.feedback)
            for rating, label in enumerate(scale, start=1)
        ]
        field = embedded("MULTICHOICE", Asking.CHOICE, count, labels)
        html += f'<div class="{JUDGED}">{_blocks(answer.text, source)}<p>{field}</p></div>'
    return html


def _blocks(words: str, source: Source) -> str:
    html = html_of_words(words, source)
    return html if html.startswith("<p>") else f"<p>{html}</p>"
