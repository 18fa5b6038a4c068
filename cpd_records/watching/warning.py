"""Warning by mail those who must know at once: auditors and system administrators. A mail names no entry; the page does."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from cpd_records.ledger.refusals import WARN_WORK
from cpd_records.models import AskedVerification, NightlyVerification, SealRefusal
from cpd_records.watching import silence
from people import access, clock, mail, work
from people.holders import holders_of
from people.models import User

WARN_ONE_WORK = "ledger.warn_one"
REFUSED = (
    "The ledger refuses to sign",
    "The ledger cannot show that what it would sign follows from what it signed before, and at a true time; so it signs nothing. "
    "Entries are written and wait; none is lost.",
)
WANTING = (
    "The ledger was found wanting",
    "Last night's verification of the ledger found something that does not hold.",
)
ASKED_WANTING = (
    "The ledger was found wanting",
    "A verification of the ledger that somebody asked for found something that does not hold.",
)
STOPPED = "The ledger is not sealed"
LATE = "The ledger is not verified"
NO_LONGER = ("", "")


@work.background(WARN_WORK)
def warn(key: str) -> None:
    """Ask for a mail to each who is to know; ``key`` is ``refusal-<number>``, ``night-<date>``, ``asked-<number>``, or a silence's."""
    people = holders_of(access.AUDITOR, access.SYSTEM_ADMIN, family="")
    work.ask_many(WARN_ONE_WORK, [f"{key}@{number}" for number in people.values_list("pk", flat=True)])


@work.background(WARN_ONE_WORK)
def warn_one(key: str) -> None:
    """Send one person the warning, unless what it is about is gone or the account is closed."""
    about, _at, number = key.rpartition("@")
    person = User.objects.filter(pk=number).first()
    subject, said = _words(about)
    if person is None or not subject:
        return
    mail.tell(person, subject, said, reverse("cpd_records:ledger"), name=f"ledger-{about}-{person.public_id}")


def _words(about: str) -> tuple[str, str]:
    kind, _dash, which = about.partition("-")
    if kind == "refusal":
        return REFUSED if SealRefusal.objects.filter(pk=which, ended_at__isnull=True).exists() else NO_LONGER
    if kind in (silence.WAITING, silence.LATE):
        look, subject = (
            (silence.sealing_stopped, STOPPED) if kind == silence.WAITING else (silence.nights_stopped, LATE)
        )
        said = look(at=clock.now())
        return NO_LONGER if said is None else (subject, said)
    if kind == "asked":
        found = AskedVerification.objects.filter(pk=which, problem_count__gt=0).exists()
        return ASKED_WANTING if found else NO_LONGER
    night = NightlyVerification.objects.filter(night=date.fromisoformat(which)).first()
    return WANTING if night is not None and night.problem_count else NO_LONGER
