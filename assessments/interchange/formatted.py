"""Texts in the formats other systems write them in, as plain words."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

from assessments.interchange.html_words import LONGEST_HTML, Pictures, words_of_html
from assessments.interchange.reading import NotRead
from assessments.interchange.texts import kept_words

_LOOKS_LIKE_HTML = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,10}(?:\s[^<>]{0,2000})?/?>|&(?:[a-z]{2,8}|#[0-9]{1,6});")
_MARKDOWN = MarkdownIt("commonmark", {"html": True})
# Moodle XML's names beside GIFT's.
_SAME = {"moodle_auto_format": "moodle", "plain_text": "plain", "": "moodle"}


def words_in(kind: str, text: str, pictures: Pictures) -> str:
    """Return a text in the format ``html``, ``markdown``, ``plain`` or ``moodle`` (plain, or HTML where it has tags) as plain words."""
    kind = _SAME.get(kind, kind)
    if kind == "html":
        return words_of_html(text, pictures)
    if kind == "markdown":
        if len(text) > LONGEST_HTML:
            raise NotRead(
                f"A text of this question is longer than {LONGEST_HTML:,} characters. Shorten it and import it again."
            )
        return words_of_html(_MARKDOWN.render(text), pictures)
    if kind == "moodle" and _LOOKS_LIKE_HTML.search(text):
        return words_of_html(text.replace("\n", "<br>"), pictures)
    return kept_words(text)
