"""Whether a reference is to an act and section somebody names, however either is abbreviated. Pure."""

from __future__ import annotations

import re

from assessments.search_words import words_of, words_wanted

SHORT_FOR = {
    "s": "section",
    "ss": "section",
    "sec": "section",
    "sections": "section",
    "reg": "regulation",
    "regs": "regulation",
    "regulations": "regulation",
    "art": "article",
    "articles": "article",
    "para": "paragraph",
    "paras": "paragraph",
    "paragraphs": "paragraph",
    "sch": "schedule",
    "schedules": "schedule",
}
GLUED = re.compile(r"(s|ss|sec|reg|art|para|sch)(\d\w*)")


def is_cited(act: str, provision: str, *, wanted_act: str, wanted_provision: str) -> bool:
    """Return whether a reference to ``act`` and ``provision`` is one to what is wanted; an empty wanted provision is the whole act.

    Words of the act match by how they begin; those of a provision whole, so that section 13 is not section 136, while section 136 takes
    in its subsections.
    """
    words = words_of(act).split()
    if not wanted_act.strip() or not all(
        any(word.startswith(want) for word in words) for want in words_wanted(wanted_act)
    ):
        return False
    return provision_words(wanted_provision) <= provision_words(provision)


def provision_words(provision: str) -> frozenset[str]:
    """Return the words of a provision with short forms written out: 's.136(1A)' is section, 136, 1a."""
    found: set[str] = set()
    for word in words_of(provision).split():
        glued = GLUED.fullmatch(word)
        for part in glued.groups() if glued else (word,):
            found.add(SHORT_FOR.get(part, part))
    return frozenset(found)
