"""Mail that tells one person what waits for them: plain words and an address. Sent by background work only, never inside a request.

A subject is read on locked phones and kept by mail servers for years: it names the thing, and nobody.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
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
    return send(person, subject=subject, words=render_to_string(template, {**about, "address": full_address(path)}))


def tell(person: User, subject: str, said: str, path: str, *, name: str) -> bool:
    """Send a few sentences and where to read on, ``path`` on this site; return whether it was sent. ``name`` is that of ``send``."""
    words = render_to_string("people/mail/told.txt", {"said": said, "address": full_address(path)})
    return send(person, subject=subject, words=words, name=name)


def send(person: User, *, subject: str, words: str, page: str = "", name: str = "") -> bool:
    """Send one mail to somebody with an open account and an address; return whether it was sent.

    ``words`` are the mail as plain text, ``page`` the same as HTML, empty for none. ``name`` is the same whenever the same mail is sent
    again after a crash, so that a mailbox can tell.
    """
    if not (person.is_active and person.email):
        return False
    headers = {"Auto-Submitted": "auto-generated"}
    if name:
        headers["Message-ID"] = f"<{name}@{mail_host()}>"
    message = EmailMultiAlternatives(_one_line(subject), words.strip() + "\n", to=[person.email], headers=headers)
    if page:
        message.attach_alternative(page.strip() + "\n", "text/html")
    return bool(message.send())


def full_address(path: str) -> str:
    """Return the whole address of a page of this site."""
    return f"{settings.SITE_ADDRESS}{path}"


def mail_host() -> str:
    """Return this site's host, as the names of mails end."""
    return settings.SITE_ADDRESS.split("//")[-1].split(":")[0].split("/")[0] or "localhost"


def _one_line(subject: str) -> str:
    line = " ".join(subject.split())
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"
