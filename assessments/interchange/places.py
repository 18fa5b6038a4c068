"""Where imported questions go: a bank, and a topic below it. A path is typed as the tree of topics has it: ``Law/Custody`` is Custody in
the bank Law.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assessments.bank import LONGEST, BankRefused
from assessments.banks import check_bank, families_by_bank
from assessments.interchange.texts import one_line
from assessments.models import FormerPath
from assessments.question_types.words import check_line, says_something
from assessments.topic_paths import SEPARATOR, key_of, titles_in
from assessments.topics import (
    TopicRefused,
    bank_topic,
    name_of_bank,
    topics_at,
    words_for,
)

_SYSTEM_PARTS = re.compile(r"\$[a-z0-9]+\$|top|Default for .*", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """Where questions arrive: a bank, its family, and the topic below it as it is typed, '' for the bank itself.

    ``former`` are the paths that once led to a topic of the bank, with the one it stands at now.
    """

    bank: str
    topic: str = ""
    family: str = ""
    former: Mapping[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """The place as somebody types it, the bank first."""
        return SEPARATOR.join(part for part in (self.bank, self.topic) if part)

    def holds(self, topic: str) -> bool:
        """Return whether a topic of the bank is this one or below it, whatever it was called when it was written down."""
        here, there = self._standing(self.topic), self._standing(topic)
        return not here or f"{there}/".startswith(f"{here}/")

    def _standing(self, topic: str) -> str:
        key = key_of(titles_in(topic))
        return self.former.get(key, key)


def place_for(path: str, *, bank: str = "", family: str = "") -> Place:
    """Return the place a typed path names: below the bank given, or below the one its first part names, which may be new.

    A path that starts with no bank there is, and that one bank alone has as a topic, is that topic. Raises ``BankRefused`` for a path
    that says nothing or is too long, and for a bank of another family.
    """
    titles = [title for part in titles_in(path) if (title := one_line(part))]
    if not says_something(SEPARATOR.join(titles)):
        raise BankRefused("Name a topic, such as Law/Custody.")
    try:
        bank, below = _divided(titles, bank)
    except TopicRefused as refusal:
        raise BankRefused(str(refusal)) from refusal
    topic = SEPARATOR.join(below)
    if len(topic) > LONGEST["topic"] or any(check_line(title, "topic", longest=LONGEST["topic"]) for title in below):
        raise BankRefused(f"Name a topic in up to {LONGEST['topic']} characters below its bank, such as Law/Custody.")
    family = _family_of(bank, family)
    moved = FormerPath.objects.filter(bank=bank).values_list("path", "topic__path")
    return Place(bank, topic, family, dict(moved))


def topic_of(place: Place, about: Mapping[str, Any]) -> str:
    """Return the topic of one question: the place's own, or one below it where the file has categories."""
    own = str(about.get("topic", ""))
    if about.get("is_ours"):
        return own if place.holds(own) else place.topic
    parts = [one_line(part) for part in str(about.get("category", "")).split(SEPARATOR)]
    below = [part for part in parts if part and not _SYSTEM_PARTS.fullmatch(part)]
    if below and below[0].casefold() == place.bank.casefold():
        below = below[1:]
    path = SEPARATOR.join(below)
    if not path or path == place.topic:
        return place.topic
    is_below = not place.topic or path.startswith(f"{place.topic}{SEPARATOR}")
    topic = path if is_below else f"{place.topic}{SEPARATOR}{path}"
    return topic if len(topic) <= LONGEST["topic"] else place.topic


def _family_of(bank: str, family: str) -> str:
    """Return the family a bank belongs to, the one given for a new bank; raises ``BankRefused`` where another was given."""
    owners = families_by_bank().get(bank, set())
    if not owners and (top := bank_topic(bank)) is not None and top.family:
        owners = {top.family}
        if family and family not in owners:
            raise BankRefused(f"The bank {bank} belongs to another family of courses. Choose another name.")
    if not family and len(owners) == 1:
        family = next(iter(owners))
    check_bank(bank, family)
    return family


def _divided(titles: list[str], bank: str) -> tuple[str, list[str]]:
    """Return the bank, and the titles below it."""
    if bank:
        known = bank_topic(bank)
        bank = name_of_bank(bank) if known is None else known.bank
        return bank, titles[1:] if titles[0].casefold() == bank.casefold() else titles
    if (named := bank_topic(titles[0])) is not None:
        return named.bank, titles[1:]
    if len(alone := topics_at(SEPARATOR.join(titles))) == 1:
        return alone[0].bank, titles_in(words_for(alone[0]))
    return name_of_bank(titles[0]), titles[1:]
