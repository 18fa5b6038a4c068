"""Shapes to Moodle XML."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from assessments.interchange.about import write_about
from assessments.interchange.cloze import cloze_field
from assessments.interchange.cloze_cases import Source, case_html, explanations_of, judgement_html
from assessments.interchange.gift_writing import decimal_text
from assessments.interchange.html_words import html_of_words
from assessments.interchange.moodle_reading import PLUGIN_FILE
from assessments.interchange.percents import percent_of
from assessments.interchange.picture_files import file_name
from assessments.question_types.exchange import Answer, Asking, Exchanged, NotExchanged
from assessments.question_types.rational import to_text

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
FOOT = "</quiz>\n"
_PICTURE = re.compile(r"\[\[picture:([^\]]+)\]\]")
_GAP = re.compile(r"\[\[gap:([^\]]+)\]\]")


def category_element(topic: str) -> str:
    """Return the element that says to which category the following questions belong."""
    return f'<question type="category"><category>{_text("$course$/top/" + topic)}</category></question>\n'


def write_moodle_xml(item: Exchanged, about: Mapping[str, Any]) -> str:
    """Return one ``question`` element."""
    if item.asking not in _KINDS:
        raise NotExchanged("Moodle XML has no words for questions of this kind.")
    kind, write = _KINDS[item.asking]
    writer = _Writer(item)
    lines = [
        f'<question type="{kind}">',
        f"<!-- {write_about(about)} -->",
        f"<name>{_text(item.name)}</name>",
        writer.formatted(
            "questiontext",
            _TEXTS.get(item.asking, _plain)(item, writer.source),
        ),
        writer.words("generalfeedback", explanations_of(item)),
        f"<defaultgrade>{to_text(item.max_mark)}</defaultgrade>",
        "<penalty>0</penalty>",
        "<hidden>0</hidden>",
        f"<idnumber>{escape(str(about.get('code', '')))}</idnumber>",
        *write(item, writer),
    ]
    if tags := about.get("tags", ()):
        lines.append("<tags>" + "".join(f"<tag>{_text(tag)}</tag>" for tag in tags) + "</tags>")
    return "\n".join([*lines, "</question>\n"])


class _Writer:
    """Writes texts of a question with the files they mention."""

    def __init__(self, item: Exchanged) -> None:
        self.item = item

    def source(self, name: str) -> tuple[str, str]:
        picture = self.item.pictures.get(name)
        if picture is None:
            return PLUGIN_FILE + name, ""
        return PLUGIN_FILE + file_name(name, picture.content), picture.alt

    def words(self, tag: str, words: str, attributes: str = "", after: str = "") -> str:
        return self.formatted(tag, html_of_words(words, self.source) if words else "", attributes, after)

    def formatted(self, tag: str, html: str, attributes: str = "", after: str = "") -> str:
        files = "".join(
            f'<file name={quoteattr(file_name(name, picture.content))} path="/" encoding="base64">'
            f"{base64.b64encode(picture.content).decode()}</file>"
            for name, picture in self.item.pictures.items()
            if PLUGIN_FILE + file_name(name, picture.content) in html
        )
        return f'<{tag} format="html"{attributes}>{_text(html)}{files}{after}</{tag}>'

    def answer(self, answer: Answer, *, is_typed: bool = False, after: str = "") -> str:
        share = f' fraction="{percent_of(answer.fraction)}"'
        inside = self.words("feedback", answer.feedback) + after
        if is_typed:
            return f'<answer format="moodle_auto_format"{share}>{_text(answer.text)}{inside}</answer>'
        return self.words("answer", answer.text, share, inside)


def _choice(item: Exchanged, writer: _Writer) -> list[str]:
    is_single = "true" if item.asking is Asking.CHOICE else "false"
    return [
        f"<single>{is_single}</single>",
        f"<shuffleanswers>{str(item.is_shuffled).lower()}</shuffleanswers>",
        "<answernumbering>none</answernumbering>",
        *(writer.answer(answer) for answer in item.answers),
    ]


def _truth(item: Exchanged, writer: _Writer) -> list[str]:
    lines = []
    for answer in item.answers:
        share = f' fraction="{percent_of(answer.fraction)}"'
        inside = _text(answer.text.lower()) + writer.words("feedback", answer.feedback)
        lines.append(f'<answer format="moodle_auto_format"{share}>{inside}</answer>')
    return lines


def _short(item: Exchanged, writer: _Writer) -> list[str]:
    if any("*" in answer.text for answer in item.answers):
        raise NotExchanged("A star in an accepted answer stands for any letters in Moodle.")
    return [
        "<usecase>0</usecase>",
        *(writer.answer(one, is_typed=True) for one in item.answers),
        *_others(item, writer),
    ]


def _numbers(item: Exchanged, writer: _Writer) -> list[str]:
    lines = []
    for answer in item.answers:
        tolerance = decimal_text(to_text(answer.tolerance)) if answer.tolerance else "0"
        typed = Answer(decimal_text(answer.text), answer.fraction, answer.feedback)
        lines.append(writer.answer(typed, is_typed=True, after=f"<tolerance>{tolerance}</tolerance>"))
    lines += _others(item, writer)
    if unit := item.settings.get("unit"):
        lines.append(
            f"<units><unit><multiplier>1</multiplier><unit_name>{escape(str(unit))}</unit_name></unit></units>"
        )
        lines.append(
            "<unitgradingtype>0</unitgradingtype><unitpenalty>0</unitpenalty><showunits>3</showunits><unitsleft>0</unitsleft>"
        )
    return lines


def _others(item: Exchanged, writer: _Writer) -> list[str]:
    """Return the answer that stands for every other, where it has something to tell."""
    if not item.feedback_wrong:
        return []
    feedback = writer.words("feedback", item.feedback_wrong)
    after = "<tolerance>0</tolerance>" if item.asking is Asking.NUMBER else ""
    return [f'<answer format="moodle_auto_format" fraction="0">{_text("*")}{feedback}{after}</answer>']


def _pairs(item: Exchanged, writer: _Writer) -> list[str]:
    lines = [f"<shuffleanswers>{str(item.is_shuffled).lower()}</shuffleanswers>"]
    for answer in item.answers:
        lines.append(writer.words("subquestion", answer.text, after=f"<answer>{_text(answer.match)}</answer>"))
    return lines


def _open(item: Exchanged, writer: _Writer) -> list[str]:
    lines = [
        "<responseformat>editor</responseformat>",
        "<responserequired>1</responserequired>",
        f"<responsefieldlines>{int(item.settings.get('lines') or 15)}</responsefieldlines>",
        "<attachments>0</attachments>",
        writer.words("graderinfo", str(item.settings.get("guidance", ""))),
        writer.words("responsetemplate", ""),
    ]
    if most := item.settings.get("most_words"):
        lines.append(f"<maxwordlimit>{int(most)}</maxwordlimit>")
    return lines


def _files(item: Exchanged, writer: _Writer) -> list[str]:
    most = int(item.settings.get("most") or 1)
    return [
        "<responseformat>noinline</responseformat>",
        "<responserequired>0</responserequired>",
        f"<attachments>{most}</attachments><attachmentsrequired>1</attachmentsrequired>",
        writer.words("graderinfo", str(item.settings.get("guidance", ""))),
    ]


def _ordering(item: Exchanged, writer: _Writer) -> list[str]:
    number = len(item.answers)
    return [
        "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>",
        f"<selectcount>{number}</selectcount><gradingtype>ALL_OR_NOTHING</gradingtype><showgrading>SHOW</showgrading>",
        *(
            writer.words("answer", answer.text, f' fraction="{place}.0000000"')
            for place, answer in enumerate(item.answers, start=1)
        ),
    ]


def _embedded(_item: Exchanged, _writer: _Writer) -> list[str]:
    return []


def _plain(item: Exchanged, source: Source) -> str:
    return html_of_words(item.text, source)


def _with_fields(item: Exchanged, source: Source) -> str:
    """Return the text of a question with gaps as HTML with Moodle's fields in it."""
    gaps = {gap.id: gap for gap in item.gaps}

    def field(match: re.Match[str]) -> str:
        gap = gaps.get(match[1])
        if gap is None:
            return ""
        wrong = str(item.settings.get("wrong", {}).get(gap.id, ""))
        return cloze_field(gap, [answer for answer in item.answers if answer.gap == gap.id], wrong)

    return _GAP.sub(field, html_of_words(item.text, source))


_TEXTS: dict[Asking, Callable[[Exchanged, Source], str]] = {
    Asking.GAPS: _with_fields,
    Asking.CASE: case_html,
    Asking.RATINGS: judgement_html,
}
_KINDS = {
    Asking.CHOICE: ("multichoice", _choice),
    Asking.CHOICES: ("multichoice", _choice),
    Asking.TRUTH: ("truefalse", _truth),
    Asking.TEXT: ("shortanswer", _short),
    Asking.NUMBER: ("numerical", _numbers),
    Asking.PAIRS: ("matching", _pairs),
    Asking.OPEN: ("essay", _open),
    Asking.FILES: ("essay", _files),
    Asking.GAPS: ("cloze", _embedded),
    Asking.CASE: ("cloze", _embedded),
    Asking.RATINGS: ("cloze", _embedded),
    Asking.ORDER: ("ordering", _ordering),
}


def _text(text: str) -> str:
    return f"<text>{escape(text)}</text>"
