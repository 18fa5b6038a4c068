"""What people and programs type into fields that were not made for it. Every form of the product is asked to bear all of it."""

from __future__ import annotations

# Markup that would run, or break out of an attribute, if a page showed it as it is. The word in it is nobody else's.
RUNS = ("<script>hostile()</script>", '"><img src=x onerror=hostile()>', "javascript:hostile()")

HOSTILE: dict[str, str] = {
    "markup": RUNS[0] + RUNS[1],
    "attribute": "' onfocus='hostile()' autofocus='",
    "template": "{{ settings.SECRET_KEY }}{% now 'Y' %}{% load static %}",
    "sql": "Robert'); DROP TABLE people_user; --",
    "sql wildcard": "%' OR '1'='1",
    "format": "%s %d %(name)s {0} {name!r} ${HOME} `id`",
    "right to left": "\u202eright to left\u202c \u05d0\u05d1\u05d2 \u0627\u0644\u0634\u0631\u0637\u0629",
    "zero width": "zero\u200bwidth\u200d\ufeffspace\u2060s",
    "emoji": "👮🏽‍♀️🚓🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "thousand marks": "Z" + "\u0301" * 1000,
    "null": "nul\x00in the\x00 middle",
    "controls": "bell\x07 escape\x1b[31m delete\x7f next line\x85",
    "halves": "first half \ud83d alone",
    "lines": "one\r\ntwo\rthree\n\n\nfour\u2028five",
    "path": "../../../../etc/passwd%00.png",
    "address": "//evil.example/%0d%0aSet-Cookie:%20a=b",
    "number": "-99999999999999999999999999999999.5e308",
    "digits of others": "٣٤٥",
    "formula": '=HYPERLINK("http://evil.example","click")',
    "blank": " \u00a0\u3000\t",
    "long": "long " * 2_000,
}

TEN_MEGABYTES = "ten megabytes " * 750_000


def sendable(text: str) -> str:
    """Return what a browser would send of the text: a lone half of a pair cannot be written in UTF-8."""
    return text.encode("utf-8", "replace").decode()


def runs_in(html: str) -> list[str]:
    """Return what in a page would run, of what was typed."""
    return [text for text in (*RUNS[:2], "' onfocus='hostile()") if text in html]
