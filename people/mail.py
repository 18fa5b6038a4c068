"""Mail that tells one person what waits for them: plain words and an address. Sent by background work only, never inside a request.

A subject is read on locked phones and kept by mail servers for years: it names the thing, and nobody.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from wagtail.users.models import UserProfile

from people.models import User

LONGEST_SUBJECT = 150


def tell_of_submission(
    person: User, *, subject: str, template: str, about: dict[str, Any], path: str, wish: str = "submitted"
) -> bool:
    """Send ``template`` to somebody whom what was submitted concerns; return whether it was sent.

    ``path`` is where to look, on this site. Nothing is sent to a closed account, or to who turned such mail off in the admin, where
    ``wish`` names it: submitted, approved or rejected.
    """
    wishes = UserProfile.get_for_user(person)
    if not (person.is_active and person.email and getattr(wishes, f"{wish}_notifications")):
        return False
    words = render_to_string(template, {**about, "address": f"{settings.SITE_ADDRESS}{path}"})
    message = EmailMessage(
        _one_line(subject), words.strip() + "\n", to=[person.email], headers={"Auto-Submitted": "auto-generated"}
    )
    return bool(message.send())


def _one_line(subject: str) -> str:
    line = " ".join(subject.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"
