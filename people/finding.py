"""Finding a person by what somebody typed."""

import re

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

import people.any_of  # noqa: F401  # the lookup
from people.models import User

# As many characters as an e-mail address has; a longer text names nobody, and SQLite compares no text of megabytes.
LONGEST = 254


def people_named(typed: str) -> QuerySet[User]:
    """Return who has this e-mail address or service number, in capitals or not: one person or none."""
    typed = typed.strip()
    if not typed or len(typed) > LONGEST:
        return User.objects.none()
    return User.objects.filter(Q(email__iexact=typed) | Q(service_number__iexact=typed))


def named_in(text: str) -> tuple[list[User], list[tuple[int, str]]]:
    """Return the active people whom lines of text name, each once and in order, and ``(line, text)`` of those that name nobody.

    A line is a service number or an e-mail address; what stands behind a comma, semicolon or tab is not read. One query.
    """
    lines = [
        (number, re.split(r"[,;\t]", line, maxsplit=1)[0].strip()) for number, line in enumerate(text.splitlines(), 1)
    ]
    typed = {number: words for number, words in lines if words}
    wanted = {words.lower() for words in typed.values() if len(words) <= LONGEST}
    named = User.objects.annotate(as_mail=Lower("email"), as_number=Lower("service_number"))
    found = named.filter(Q(as_mail__any_of=wanted) | Q(as_number__any_of=wanted), is_active=True)
    known = {name.lower(): person for person in found for name in (person.email or "", person.service_number) if name}
    people = dict.fromkeys(known[words.lower()] for words in typed.values() if words.lower() in known)
    return list(people), [(number, words) for number, words in typed.items() if words.lower() not in known]
