"""The words of a question on a page: paragraphs and bold, everything else as typed."""

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from assessments import question_types
from assessments.key_tables import KeyTables, key_tables
from assessments.models import QuestionUse, Topic
from assessments.question_types import FacePicture
from assessments.question_types.around import PICTURE
from assessments.question_types.asking import CONFIDENCE
from assessments.question_types.words import quoted, quoted_sentence, without_emphasis
from assessments.topics import words_for
from people.families import family_titles

register = template.Library()
register.filter(quoted)
register.filter(quoted_sentence)
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*")


@register.filter
def question_words(text: str, pictures: Mapping[str, FacePicture] | None = None) -> SafeString:
    """Return words of a question escaped, with ``**NOT**`` in bold and pictures in their places.

    A picture whose address is not given is named by its words, so that a list or a mail says at least what is there.
    """

    bold = _EMPHASIS.sub(r"<strong>\1</strong>", str(escape(text)))
    return mark_safe(PICTURE.sub(lambda found: picture_of(found[1], pictures), bold))  # noqa: S308  escaped first


@register.filter
def picture_of(name: str, pictures: Mapping[str, FacePicture] | None = None) -> SafeString:
    """Return a picture with its alternative text; its name alone where no address is known."""
    shown = (pictures or {}).get(name)
    if shown is None:
        return format_html("(picture: {})", name)
    return format_html(
        '<img class="question__picture" src="{}" width="{}" height="{}" alt="{}">',
        shown.address,
        shown.width,
        shown.height,
        shown.alt,
    )


@register.filter
def key_of(check: Mapping[str, Any]) -> KeyTables | None:
    """Return the tables of what a question's definition says."""
    return key_tables(check["type"], check["definition"])


@register.simple_tag
def confidence_levels() -> dict[str, str]:
    """Return the answers to how sure one is, in words."""
    return CONFIDENCE


@register.filter
def confidence_words(level: str) -> str:
    """Return an answer to how sure one is in words."""
    return CONFIDENCE.get(level, "")


@register.filter
def plain_words(text: str) -> str:
    """Return words of a question without the marks of bold and pictures, for where only plain text can stand."""
    return PICTURE.sub("(picture)", without_emphasis(text))


@register.filter
def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


@register.filter
def family_title(code: str) -> str:
    """Return what a family of courses is called, of its code."""
    return family_titles([code])[code]


@register.filter
def use_label(name: str) -> str:
    """Return what a use of questions is called."""
    return QuestionUse(name).label


@register.filter
def topic_words(topic: Topic | None) -> str:
    """Return the path of a topic below its bank."""
    return words_for(topic)


@register.filter
def type_label(name: str) -> str:
    """Return what authors call a question type; one that is no longer built keeps its name."""
    return question_types.get(name).label if name in question_types.names() else name
