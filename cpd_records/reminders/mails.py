"""The one mail of reminders a person gets on a day, with a calendar file. Nothing is sent twice, whatever crashes when."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from cpd_records.models import DigestMail, Reminder
from people import clock, work
from people.force import force
from people.models import User

SUBJECT_OWN = "What falls due for you"
SUBJECT_TEAM = "What falls due in your team"


@work.background("reminders.mail")
def send_digest(key: str) -> None:
    """Send a person's mail of a day (``user key:ISO day``), with everything that waits to be told them."""
    to, day = key.split(":")
    send_what_waits(int(to), day=date.fromisoformat(day))


@work.background("reminders.mail_now")
def send_asked(key: str) -> None:
    """Send what a supervisor asked for; where the day's mail has gone, it is in the next day's."""
    to, day, _qualification = key.split(":")
    if not send_what_waits(int(to), day=date.fromisoformat(day)):
        tomorrow = date.fromisoformat(day) + timedelta(days=1)
        moment = timezone.make_aware(datetime.combine(tomorrow, datetime.min.time().replace(hour=6, minute=40)))
        work.ask("reminders.mail", f"{to}:{tomorrow.isoformat()}", at=moment)


def send_what_waits(to: int, *, day: date) -> bool:
    """Send one mail with all that waits for ``to``; return False where the day's mail has left, or may have left, before.

    Three steps, each committed: the mail is taken with its reminders; it leaves; it is marked as sent. After a crash between the last
    two nobody knows whether it left: it is not sent again, and its reminders wait for the next day's mail.
    """
    person = User.objects.filter(pk=to, is_active=True).exclude(email="").first()
    if person is None:
        return True
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=to)
        mail, _created = DigestMail.objects.get_or_create(to=person, day=day)
        if mail.handed_over_at is not None:
            return False
        _take_back_unsure(person, before=day)
        reminders = Reminder.objects.filter(to=person, mail__isnull=True)
        if not reminders.update(mail=mail):
            return True
        mail.handed_over_at = clock.now()
        mail.save(update_fields=["handed_over_at"])
    message_for(mail).send()
    DigestMail.objects.filter(pk=mail.pk).update(sent_at=clock.now())
    return True


def _take_back_unsure(person: User, *, before: date) -> None:
    """Let what an interrupted mail of an earlier day said wait again, to be said in this one."""
    unsure = DigestMail.objects.filter(to=person, day__lt=before, handed_over_at__isnull=False, sent_at__isnull=True)
    Reminder.objects.filter(mail__in=unsure).update(mail=None)


def message_for(mail: DigestMail) -> EmailMessage:
    """Return the mail as it leaves: own things first, then the team's, worst first; addresses to look, and a calendar file."""
    rows = list(
        mail.reminders.select_related("officer", "qualification", "asked_by").order_by(
            "ends_on", "qualification__order", "officer__name"
        )
    )
    own = [row for row in rows if row.officer_id == mail.to_id]
    team = [row for row in rows if row.officer_id != mail.to_id]
    words = render_to_string(
        "cpd_records/mail/reminders.txt",
        {
            "to": mail.to,
            "day": mail.day,
            "own": own,
            "team": team,
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
            "Message-ID": f"<reminders-{mail.day.isoformat()}-{mail.to.public_id}@{_host()}>",
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
        event.add("uid", f"{row.qualification.code}-{row.ends_on.isoformat()}-{row.officer.public_id}@{_host()}")
        event.add("dtstamp", at)
        event.add("dtstart", row.ends_on)
        event.add("dtend", row.ends_on + timedelta(days=1))
        event.add("summary", f"{row.qualification.title} ends")
        event.add("transp", "TRANSPARENT")
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{row.qualification.title} ends in 7 days")
        alarm.add("trigger", timedelta(days=-7))
        event.add_component(alarm)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _host() -> str:
    return settings.SITE_ADDRESS.split("//")[-1].split(":")[0].split("/")[0] or "localhost"
