"""Reminders: each thing told once, in one mail a day, whatever was missed or crashed meanwhile."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar
from wagtail.models import Site

from cpd_records.currency.days import months_after
from cpd_records.currency.following import rebuild
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import DigestMail, Qualification, Reminder, Standing
from cpd_records.qualifications.rulings import grant_exception
from cpd_records.reminders.finding import find_reminders, remind
from cpd_records.reminders.mails import send_digest, send_what_waits
from cpd_records.reminders.wishes import set_wish
from people import clock, work
from people.dates import long_date
from people.models import ForceSettings, WaitingWork
from people.roles import give_rank, grant_role
from tests.cpd_records.readiness.teams import award
from tests.factories import LONG_AGO, person, unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift():
    """One Taser officer whose eyesight check alone is required beside what everybody must hold."""
    response = unit("response-c")
    sergeant = person("Sergeant D. Demo", "supervisor", unit=response)
    officer = person("Officer F. Demo", unit=response)
    grant_role(officer, "control-room", by=None, valid_from=LONG_AGO)
    return {"unit": response, "sergeant": sergeant, "officer": officer}


def ends_in(shift, days, code="MH"):
    """Award so that the qualification of 24 months ends in so many days, and bring the standings up to date."""
    today = clock.today()
    last = today + timedelta(days=days)
    award(shift["officer"], code, day=last.replace(year=last.year - 2))
    seal_now()
    rebuild()
    return last


def told(person, *, code="MH"):
    rows = Reminder.objects.filter(to=person, qualification__code=code).order_by("pk")
    return list(rows.values_list("days", flat=True))


def send_all(on):
    for row in WaitingWork.objects.filter(kind="reminders.mail", key__endswith=on.isoformat()):
        send_what_waits(int(row.key.split(":")[0]), day=on)


@pytest.mark.parametrize(("left", "threshold"), [(90, 90), (45, 90), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0)])
def test_the_latest_threshold_that_has_come_is_told(shift, left, threshold):
    ends_in(shift, left)
    find_reminders(on=clock.today())
    assert told(shift["officer"]) == [threshold]


def test_nothing_is_told_before_the_first_threshold(shift):
    ends_in(shift, 91)
    find_reminders(on=clock.today())
    assert told(shift["officer"]) == []


def test_a_search_again_tells_nothing_again(shift):
    ends_in(shift, 20)
    assert find_reminders(on=clock.today()) > 0
    assert find_reminders(on=clock.today()) == 0
    assert find_reminders(on=clock.today() + timedelta(days=1)) == 0


def test_a_week_without_a_search_misses_nothing_and_repeats_nothing(shift):
    ends_in(shift, 31)
    today = clock.today()
    find_reminders(on=today)
    find_reminders(on=today + timedelta(days=8))
    find_reminders(on=today + timedelta(days=33))
    assert told(shift["officer"]) == [90, 30, 0]


def test_officer_and_nearest_supervisor_get_one_mail_each_with_everything(shift):
    ends_in(shift, 20)
    ends_in(shift, 25, code="RCRP")
    find_reminders(on=clock.today())
    send_all(clock.today())
    assert sorted(message.to[0] for message in mail.outbox) == sorted([shift["officer"].email, shift["sergeant"].email])
    own = next(message for message in mail.outbox if message.to == [shift["officer"].email])
    assert "Mental health response and section 136: ends on" in own.body
    assert "Right Care, Right Person: ends on" in own.body
    team = next(message for message in mail.outbox if message.to == [shift["sergeant"].email])
    assert "Officer F. Demo: Mental health response" in team.body
    assert "Officer" not in own.subject + team.subject


def test_a_supervisor_farther_up_is_left_in_peace(shift):
    above = unit("directorate")
    chief = person("Chief E. Demo", "supervisor", unit=above)
    ends_in(shift, 20)
    find_reminders(on=clock.today())
    assert told(chief) == []


def test_the_calendar_file_has_a_day_for_each_that_ends(shift):
    last = ends_in(shift, 20)
    find_reminders(on=clock.today())
    send_what_waits(shift["officer"].pk, day=clock.today())
    (name, content, kind) = mail.outbox[0].attachments[0]
    assert (name, kind) == ("due.ics", "text/calendar")
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event.decoded("dtstart") == last
    assert str(event["summary"]) == "Mental health response and section 136 ends"


def test_what_somebody_wished_not_to_hear_is_not_told(shift):
    set_wish(shift["officer"], by_mail=True, own_days=[7], team_days=[], with_calendar=False)
    set_wish(shift["sergeant"], by_mail=False, own_days=[30], team_days=[30], with_calendar=True)
    ends_in(shift, 20)
    find_reminders(on=clock.today())
    assert told(shift["officer"]) == told(shift["sergeant"]) == []
    find_reminders(on=clock.today() + timedelta(days=14))
    assert told(shift["officer"]) == [7]


def test_a_mail_is_sent_once_a_day(shift):
    ends_in(shift, 20)
    find_reminders(on=clock.today())
    assert send_what_waits(shift["officer"].pk, day=clock.today())
    assert not send_what_waits(shift["officer"].pk, day=clock.today())
    assert len(mail.outbox) == 1


def test_a_crash_while_the_mail_leaves_sends_it_never_twice_and_says_it_the_next_day(shift, monkeypatch):
    ends_in(shift, 20)
    find_reminders(on=clock.today())

    def crash(self):
        raise SystemExit

    monkeypatch.setattr("django.core.mail.EmailMessage.send", crash)
    with pytest.raises(SystemExit):
        send_what_waits(shift["officer"].pk, day=clock.today())
    monkeypatch.undo()
    assert not send_what_waits(shift["officer"].pk, day=clock.today())
    assert mail.outbox == []
    assert send_what_waits(shift["officer"].pk, day=clock.today() + timedelta(days=1))
    assert "Mental health response" in mail.outbox[0].body
    assert DigestMail.objects.filter(sent_at__isnull=False).count() == 1


def test_a_crash_is_made_up_by_the_next_search_although_nothing_new_falls_due(shift, monkeypatch):
    ends_in(shift, 20)
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    find_reminders(on=today)
    monkeypatch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        send_what_waits(shift["officer"].pk, day=today)
    monkeypatch.undo()
    find_reminders(on=tomorrow)
    send_all(tomorrow)
    own = next(message for message in mail.outbox if message.to == [shift["officer"].email])
    assert "An earlier mail may not have reached you." in own.body
    find_reminders(on=tomorrow + timedelta(days=1))
    send_all(tomorrow + timedelta(days=1))
    assert len(mail.outbox) == 2  # one to the officer, one to the sergeant


def test_while_the_mail_server_is_away_nothing_is_taken_and_it_leaves_when_it_is_back(shift, monkeypatch):
    ends_in(shift, 20)
    find_reminders(on=clock.today())

    def refuse(self):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.open", refuse)
    key = f"{shift['officer'].pk}:{clock.today().isoformat()}"
    assert not work.do_work("reminders.mail", key)
    assert mail.outbox == []
    monkeypatch.undo()
    assert work.do_work("reminders.mail", key)
    assert [message.to for message in mail.outbox] == [[shift["officer"].email]]
    assert "An earlier mail" not in mail.outbox[0].body


def test_what_the_mail_server_refuses_waits_and_is_sent_once_it_is_taken(shift, monkeypatch):
    ends_in(shift, 20)
    find_reminders(on=clock.today())

    def refuse(self, messages):
        raise SMTPRecipientsRefused({shift["officer"].email: (451, b"try later")})

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    with pytest.raises(SMTPRecipientsRefused):
        send_what_waits(shift["officer"].pk, day=clock.today())
    monkeypatch.undo()
    assert send_what_waits(shift["officer"].pk, day=clock.today())
    assert not send_what_waits(shift["officer"].pk, day=clock.today())
    assert len(mail.outbox) == 1


def test_a_mail_of_a_day_gone_by_is_left_to_the_search_of_today(shift):
    ends_in(shift, 20)
    find_reminders(on=clock.today())
    send_digest(f"{shift['officer'].pk}:{(clock.today() - timedelta(days=1)).isoformat()}")
    assert mail.outbox == []


def test_what_a_requirement_needs_is_told_as_well(shift):
    grant_role(shift["officer"], "taser-officer", by=None, valid_from=LONG_AGO)
    ends_in(shift, 20, code="EYE")
    find_reminders(on=clock.today())
    assert told(shift["officer"], code="EYE") == told(shift["sergeant"], code="EYE") == [30]


def test_what_nobody_asks_for_is_not_told(shift):
    ends_in(shift, 20, code="EYE")
    find_reminders(on=clock.today())
    assert told(shift["officer"], code="EYE") == []


def test_what_is_held_by_an_exception_is_told_before_the_exception_ends(shift):
    give_rank(shift["sergeant"], "inspector", by=None, valid_from=LONG_AGO, acting=True)
    ends_in(shift, -400)
    last = clock.today() + timedelta(days=6)
    grant_exception(
        shift["officer"],
        Qualification.objects.get(code="MH"),
        by=shift["sergeant"],
        at=timezone.now(),
        until=last,
        reason="The course is booked.",
        conditions="Double-crewed.",
    )
    seal_now()
    rebuild()
    find_reminders(on=clock.today())
    assert told(shift["officer"]) == [7]
    send_what_waits(shift["officer"].pk, day=clock.today())
    assert "section 136: the exception ends on" in mail.outbox[0].body


def test_somebody_who_wants_one_day_only_misses_it_by_no_outage(shift):
    set_wish(shift["officer"], by_mail=True, own_days=[7], team_days=[], with_calendar=True)
    ends_in(shift, 8)
    today = clock.today()
    find_reminders(on=today)
    find_reminders(on=today + timedelta(days=9))
    find_reminders(on=today + timedelta(days=10))
    assert told(shift["officer"]) == [7]


def test_another_choice_of_days_by_the_force_silences_nobody(shift):
    set_wish(shift["officer"], by_mail=True, own_days=[7], team_days=[], with_calendar=True)
    ForceSettings(site=Site.objects.get(), reminder_days="60, 14").save()
    ends_in(shift, 20)
    find_reminders(on=clock.today())
    assert told(shift["officer"]) == [60]
    assert told(shift["sergeant"]) == [60]


def test_a_supervisor_reminds_with_a_click_once_a_day(shift):
    last = ends_in(shift, 200)
    number = Reminder._meta.get_field("qualification").related_model.objects.get(code="MH").pk
    asked = {"by": shift["sergeant"], "at": timezone.now(), "ends_on": last}
    assert remind(shift["officer"], number, **asked)
    send_what_waits(shift["officer"].pk, day=clock.today())
    assert "Sergeant D. Demo asked us to remind you" in mail.outbox[0].body
    assert not remind(shift["officer"], number, **asked)


def test_nobody_who_has_left_is_reminded(shift):
    ends_in(shift, 20)
    shift["officer"].is_active = False
    shift["officer"].save()
    find_reminders(on=clock.today())
    assert told(shift["officer"]) == []


# --- The end of grace -------------------------------------------------------------------------------------------------


def grace_ends_in(shift, days):
    """Award response fitness, of 12 months and 30 days of grace, so that its grace ends in so many days."""
    grant_role(shift["officer"], "response-officer", by=None, valid_from=LONG_AGO)
    last = clock.today() + timedelta(days=days)
    award(shift["officer"], "JRFT", day=months_after(last - timedelta(days=30), -12))
    seal_now()
    rebuild()
    assert Standing.objects.get(officer=shift["officer"], qualification__code="JRFT").grace_until == last
    return last


def told_of(person, last):
    """Return how often somebody was told of fitness that ends, or whose grace ends, on a day."""
    return Reminder.objects.filter(to=person, qualification__code="JRFT", ends_on=last).count()


@pytest.mark.parametrize(("left", "times"), [(8, 0), (7, 1), (1, 1), (0, 1), (-1, 1), (-31, 1), (-32, 0)])
def test_officer_and_supervisor_are_told_of_the_end_of_grace_on_the_nearest_day_before_it(shift, left, times):
    last = grace_ends_in(shift, left)
    find_reminders(on=clock.today())
    assert told_of(shift["officer"], last) == told_of(shift["sergeant"], last) == times


def test_the_end_of_grace_is_told_once(shift):
    last = grace_ends_in(shift, 7)
    for days in range(9):
        find_reminders(on=clock.today() + timedelta(days=days))
    set_wish(shift["officer"], by_mail=True, own_days=[0], team_days=[], with_calendar=True)
    find_reminders(on=clock.today() + timedelta(days=7))
    assert told_of(shift["officer"], last) == told_of(shift["sergeant"], last) == 1


def test_the_end_of_grace_is_gathered_in_the_one_mail_and_its_calendar_file(shift):
    last = grace_ends_in(shift, 5)
    ends_in(shift, 20)
    find_reminders(on=clock.today())
    send_all(clock.today())
    own, team = (
        [message for message in mail.outbox if message.to == [shift[who].email]] for who in ("officer", "sergeant")
    )
    assert len(own) == len(team) == 1
    assert f"Job-related fitness test, level 5.4: its grace ends on {long_date(last)}" in own[0].body.replace(
        "\xa0", " "
    )
    assert "its grace ends on" in team[0].body
    assert "Mental health response and section 136: ends on" in own[0].body
    events = Calendar.from_ical(own[0].attachments[0][1]).walk("VEVENT")
    assert {event.decoded("dtstart"): str(event["summary"]).startswith("Grace for ") for event in events}[last]


def test_the_end_of_grace_is_not_told_before_its_last_day_is_past(shift):
    last = grace_ends_in(shift, 31)
    find_reminders(on=clock.today())
    assert told_of(shift["officer"], last) == 0


def test_who_wants_only_the_last_day_hears_of_the_end_of_grace_then_and_who_wants_none_does_not(shift):
    set_wish(shift["officer"], by_mail=True, own_days=[0], team_days=[], with_calendar=True)
    set_wish(shift["sergeant"], by_mail=True, own_days=[30], team_days=[], with_calendar=True)
    last = grace_ends_in(shift, 3)
    find_reminders(on=clock.today())
    assert told_of(shift["officer"], last) == 0
    find_reminders(on=last)
    assert (told_of(shift["officer"], last), told_of(shift["sergeant"], last)) == (1, 0)


def test_the_end_of_grace_of_what_nobody_asks_for_is_not_told(shift):
    last = clock.today() + timedelta(days=3)
    award(shift["officer"], "JRFT", day=months_after(last - timedelta(days=30), -12))
    seal_now()
    rebuild()
    find_reminders(on=clock.today())
    assert told_of(shift["officer"], last) == 0
