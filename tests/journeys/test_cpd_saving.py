"""After a night shift: what an officer types on a phone saves by itself, without signal, beside a second device, refused, signed out."""

from __future__ import annotations

from playwright.sync_api import expect

from cpd_records.models import Activity, UnfinishedForm
from tests import factories
from tests.cpd_records.cpd_acts import logged
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

TITLE, LEARNED = "Searched a garage with the dog unit", "Open the door and step back."


def at_the_form(visitor, who, *, address="/cpd/log/"):
    officer = visitor(**ON_A_PHONE)
    stories.signs_in(officer, who)
    officer.goes_to(address)
    return officer


def reads(somebody, title):
    expect(somebody.page.get_by_label("What did you do?")).to_have_value(title)


def test_a_draft_saves_by_itself_through_a_tunnel_and_is_finished_at_a_desk(visitor):
    olu = stories.person("Olu Demo", unit=factories.unit("team-c", name="Response team C"))
    phone = at_the_form(visitor, olu)

    # A save that takes its time says so; the answer is held back until that was seen.
    held = []
    phone.page.route("**/cpd/log/", lambda route: held.append(route))
    phone.writes("What did you do?", TITLE)
    phone.sees("Saving")
    for route in held:
        route.continue_()
    phone.page.unroute("**/cpd/log/")
    phone.sees("Draft saved at")
    assert UnfinishedForm.objects.get().fields["title"] == TITLE

    # Without signal the words stay on the phone; back in signal they go without a press.
    phone.context.set_offline(True)
    phone.writes("What did you learn?", LEARNED)
    phone.sees("Not saved: no connection")
    phone.sees("Your words are kept on this phone and go when you are back in signal.")
    assert not UnfinishedForm.objects.get().fields.get("learned")
    phone.context.set_offline(False)
    phone.sees("Draft saved at")
    assert UnfinishedForm.objects.get().fields["learned"] == LEARNED

    # At a desk the half-written form is found, goes on there, and is logged there.
    desk = visitor()
    stories.signs_in(desk, olu)
    desk.goes_to("/cpd/")
    expect(desk.region("Half written")).to_contain_text("Not logged yet.")
    desk.follows(TITLE)
    reads(desk, TITLE)
    expect(desk.page.get_by_label("What did you learn?")).to_have_value(LEARNED)
    desk.writes("What did you do?", f"{TITLE}, at the docks")
    desk.sees("Draft saved at")

    # The phone has not seen that: it is told, keeps its own words, and overwrites nothing.
    phone.writes("What did you do?", "Searched a lock-up")
    phone.sees("Not saved yet")
    phone.sees("This was changed in another window at")
    reads(phone, "Searched a lock-up")
    assert UnfinishedForm.objects.get().fields["title"] == f"{TITLE}, at the docks"

    desk.chooses("Today", exact=True)
    desk.chooses("45 min", exact=True)
    desk.chooses("On the job")
    desk.presses("Log 45 minutes")
    desk.sees("Logged: 45 min on")
    assert Activity.objects.get().title == f"{TITLE}, at the docks"
    assert not UnfinishedForm.objects.exists()


def test_a_draft_that_cannot_be_saved_as_it_stands_says_why_and_saves_once_it_is_put_right(visitor):
    olu = stories.person("Olu Demo", unit=factories.unit("team-c", name="Response team C"))
    draft = logged(olu, title=TITLE)
    officer = at_the_form(visitor, olu, address=f"/cpd/{draft.pk}/change/")
    officer.writes("Hours", "25")
    officer.sees("Not saved yet")
    officer.sees("Length must be 24 hours or less on one day.")
    reads(officer, TITLE)
    assert Activity.objects.get().minutes == 45

    officer.writes("Hours", "1")
    officer.sees("Saved at")
    expect(officer.page.get_by_text("Length must be 24 hours or less on one day.")).to_be_hidden()
    assert Activity.objects.get().minutes == 105


def test_whoever_is_signed_out_while_writing_is_told_and_finds_the_words_after_signing_in(visitor):
    olu = stories.person("Olu Demo", unit=factories.unit("team-c", name="Response team C"))
    officer = at_the_form(visitor, olu)
    officer.is_signed_out()
    officer.writes("What did you do?", TITLE)
    officer.sees("Not saved yet")
    officer.sees("You are signed out, or this page is too old. Your words are kept here; open the page again to go on.")
    assert not UnfinishedForm.objects.exists()

    officer.goes_to("/cpd/log/")
    officer.gives_password(olu.email, stories.PASSWORD)
    reads(officer, TITLE)
    officer.writes("What did you learn?", LEARNED)
    officer.sees("Draft saved at")
    assert UnfinishedForm.objects.get().fields["title"] == TITLE
