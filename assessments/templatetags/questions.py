"""The words of a question on a page: paragraphs and bold, everything else as typed."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from assessments import question_types
from assessments.question_types.words import quoted, quoted_sentence
from people.families import family_titles

register = template.Library()
register.filter(quoted)
register.filter(quoted_sentence)
_EMPHASIS = re.compile(r"\*\*(.+?)\*\*")


@register.filter
def question_words(text: str) -> SafeString:
    """Return one line of a question escaped, with ``**NOT**`` in bold."""
    return mark_safe(_EMPHASIS.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S308  escaped first


@register.filter
def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


@register.filter
def family_title(code: str) -> str:
    """Return what a family of courses is called, of its code."""
    return family_titles([code])[code]


@register.filter
def type_label(name: str) -> str:
    """Return what authors call a question type; one that is no longer built keeps its name."""
    return question_types.get(name).label if name in question_types.names() else name
