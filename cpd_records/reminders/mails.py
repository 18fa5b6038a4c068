"""The one mail of reminders a person gets on a day, with a calendar file. Nothing is sent twice, whatever crashes when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from smtplib import SMTPException, SMTPServerDisconnected

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from cpd_records.models import CurrencyException, DigestMail, Reminder, Standing
from people import clock, work
from people.force import force
from people.mail import mail_host
from people.models import User

SUBJECT_OWN = "What falls due for you"
SUBJECT_TEAM = "What falls due in your team"


@work.background("reminders.mail")
def send_digest(key: str) -> None:
    """Send a person's mail of a day (``user key:ISO day``), with everything that waits to be told them.

    What did not leave on its day is left to the next search, which asks for a mail of its own day.
    """
    to, day = key.split(":")
    if date.fromisoformat(day) >= clock.today():
        send_what_waits(int(to), day=date.fromisoformat(day))


@work.background("reminders.mail_now")
def send_asked(key: str) -> None:
    """Send what a supervisor asked for; where the day's mail has gone, it is in the next day's."""
    to, day, _qualification = key.split(":")
    sent_on = max(date.fromisoformat(day), clock.today())
    if not send_what_waits(int(to), day=sent_on):
        tomorrow = sent_on + timedelta(days=1)
        moment = timezone.make_aware(datetime.combine(tomorrow, datetime.min.time().replace(hour=6, minute=40)))
        work.ask("reminders.mail", f"{to}:{tomorrow.isoformat()}", at=moment)


def send_what_waits(to: int, *, day: date) -> bool:
    """Send one mail with all that waits for ``to``; return False where the day's mail has left, or may have left, before.

    Three steps, each committed: the mail is taken with its reminders; it leaves; it is marked as sent. After a crash between the last
    two nobody knows whether it left: it is not sent again, and its reminders wait for the next day's mail, which says so. Where the
    mail server cannot be reached, or says no, nothing was sent for certain: the reminders wait on, and the work is tried again.
    """
    person = User.objects.filter(pk=to, is_active=True).exclude(email="").first()
    if person is None:
        return True
    if DigestMail.objects.filter(to=person, day=day, handed_over_at__isnull=False).exists():
        return False
    with get_connection() as server:  # nothing is taken while nobody is there to take it to
        mail, repeats = _taken(person, day=day)
        if mail is None:
            return not repeats
        message = message_for(mail, repeats=repeats)
        message.connection = server
        try:
            message.send()
        except SMTPServerDisconnected:
            raise  # it may have arrived, or not
        except SMTPException:
            _give_back(mail)
            raise
    DigestMail.objects.filter(pk=mail.pk).update(sent_at=clock.now())
    return True


@transaction.atomic
def _taken(person: User, *, day: date) -> tuple[DigestMail | None, bool]:
    """Take the day's mail with all that waits; return it and whether it repeats what one before may have said.

    None, and whether another process was quicker, where there is nothing to send.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    mail, _created = DigestMail.objects.get_or_create(to=person, day=day)
    if mail.handed_over_at is not None:
        return None, True
    repeats = _take_back_unsure(person, before=day)
    if not Reminder.objects.filter(to=person, mail__isnull=True).update(mail=mail):
        return None, False
    mail.handed_over_at = clock.now()
    mail.save(update_fields=["handed_over_at"])
    return mail, repeats


@transaction.atomic
def _give_back(mail: DigestMail) -> None:
    """Let what a mail said wait again: the server did not take it."""
    Reminder.objects.filter(mail=mail).update(mail=None)
    DigestMail.objects.filter(pk=mail.pk).update(handed_over_at=None)


def _take_back_unsure(person: User, *, before: date) -> bool:
    """Let what an interrupted mail of an earlier day said wait again, to be said in this one; return whether there was any."""
    unsure = DigestMail.objects.filter(to=person, day__lt=before, handed_over_at__isnull=False, sent_at__isnull=True)
    return bool(Reminder.objects.filter(mail__in=unsure).update(mail=None))


def message_for(mail: DigestMail, *, repeats: bool = False) -> EmailMessage:
    """Return the mail as it leaves: own things first, then the team's, worst first; addresses to look, and a calendar file."""
    rows = list(
        mail.reminders.select_related("officer", "qualification", "asked_by").order_by(
            "ends_on", "qualification__order", "officer__name"
        )
    )
    excepted = set(
        CurrencyException.objects.in_force(mail.day)
        .filter(officer__in={row.officer_id for row in rows})
        .values_list("officer_id", "qualification_id", "valid_until")
    )
    in_grace = set(
        Standing.objects.filter(officer__in={row.officer_id for row in rows}, grace_until__isnull=False).values_list(
            "officer_id", "qualification_id", "grace_until"
        )
    )
    for row in rows:
        about = (row.officer_id, row.qualification_id, row.ends_on)
        row.is_exception = about in excepted  # type: ignore[attr-defined]
        row.is_grace = about in in_grace  # type: ignore[attr-defined]
    own = [row for row in rows if row.officer_id == mail.to_id]
    team = [row for row in rows if row.officer_id != mail.to_id]
    words = render_to_string(
        "cpd_records/mail/reminders.txt",
        {
            "to": mail.to,
            "day": mail.day,
            "own": own,
            "team": team,
            "repeats": repeats,
            "force": force(),
            "site": settings.SITE_ADDRESS,
        },
    )
    message = EmailMessage(
        SUBJECT_OWN if own else SUBJECT_TEAM,
        words.strip() + "\n",
        to=[mail.to.email],
        headers={
            "Auto-Submitted": "auto-generated",
            "Message-ID": f"<reminders-{mail.day.isoformat()}-{mail.to.public_id}@{mail_host()}>",
        },
    )
    wish = getattr(mail.to, "reminder_wish", None)
    coming = [row for row in own if row.ends_on is not None and row.ends_on >= mail.day]
    if coming and (wish is None or wish.with_calendar):
        message.attach("due.ics", calendar_of(coming, at=clock.now()).decode(), "text/calendar")
    return message


def calendar_of(rows: list[Reminder], *, at: datetime) -> bytes:
    """Return the days on which things end as an iCalendar file (RFC 5545), each an event of a whole day with its own lasting id."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{force().service_name}//EN")
    calendar.add("version", "2.0")
    for row in rows:
        assert row.ends_on is not None
        event = Event()
        event.add("uid", f"{row.qualification.code}-{row.ends_on.isoformat()}-{row.officer.public_id}@{mail_host()}")
        event.add("dtstamp", at)
        event.add("dtstart", row.ends_on)
        event.add("dtend", row.ends_on + timedelta(days=1))
        ends = (
            f"Grace for {row.qualification.title} ends"
            if getattr(row, "is_grace", False)
            else f"{row.qualification.title} ends"
        )
        event.add("summary", ends)
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{ends} in 7 days")
        alarm.add("trigger", timedelta(days=-7))
        event.add_component(alarm)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
