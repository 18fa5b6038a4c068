"""An officer with a new name has their certificate issued under it; a misprint is put right by two; a stranger is led to no new name."""

from __future__ import annotations

from playwright.sync_api import expect

from cpd_records.models import Certificate
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.certificate_acts import award
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

COURSE, RIGHT = "Stop and serach: fair and effective", "Stop and search: fair and effective"


def test_a_certificate_follows_its_holder_and_is_put_right(visitor, a_moment_passes):
    sasha = stories.person("Alexandra Bell", unit=factories.unit("team-c", name="Response team C"))
    award(sasha, title=COURSE, awarded_on=clock.today(), at=clock.now())
    a_moment_passes()
    User.objects.filter(pk=sasha.pk).update(name="Sasha Bell")
    older = Certificate.objects.get()

    # Beside the certificate, on a phone: one press, and the file is made.
    officer = visitor(**ON_A_PHONE)
    stories.signs_in(officer, sasha)
    officer.goes_to("/my/record/issue/")
    expect(officer.region("Under your present name")).to_contain_text("to Alexandra Bell")
    officer.goes_to("/my/record/")
    expect(officer.region("Certificates")).to_contain_text("It bears the name Alexandra Bell.")
    officer.presses("Issue again under my present name")
    officer.sees("Your certificate is being made")
    a_moment_passes()
    newer = Certificate.objects.get(supersedes=older)

    # The chain is one click away.
    officer.goes_to("/my/record/")
    officer.does_not_see("Issue again under my present name")
    officer.follows("With those that were replaced")
    expect(officer.region("Certificates")).to_contain_text(f"Replaced by {newer.display_code}")

    # A stranger with the older code learns that it was replaced, and no name they did not know.
    stranger = visitor()
    stranger.goes_to(f"/verify/{older.code}/")
    stranger.sees("This certificate was replaced")
    stranger.does_not_see("Sasha")
    stranger.goes_to("/verify/how-it-works/")
    stranger.sees("Whether a badge still stands")

    # The title was misprinted: one administrator proposes what is right, another approves it.
    desk, second = visitor(), visitor(**ON_A_PHONE)
    stories.signs_in(desk, stories.person("Magda Demo", "training-admin"))
    desk.goes_to(f"/qualifications/people/{sasha.public_id}/")
    expect(desk.region("Certificates")).to_contain_text(f"Replaces {older.display_code}")
    desk.follows("Put right", exact=False)
    desk.writes("What it is for", RIGHT)
    desk.presses("Propose to issue it again")
    desk.sees("Say what was misprinted")
    expect(desk.page.get_by_label("What it is for")).to_have_value(RIGHT)
    desk.writes("Why?", "The title was misprinted in the course.")
    desk.presses("Propose to issue it again")
    desk.sees("Proposed. Nothing changes until another administrator approves it.")
    stories.signs_in(second, stories.person("Zainab Demo", "system-admin"))
    second.goes_to("/qualifications/proposals/")
    second.follows(f"{COURSE}, {newer.display_code}")
    expect(second.region("What it should say")).to_contain_text(f"now: {COURSE}")
    second.presses("Approve")
    second.sees("Approved. It is an entry of the ledger that names you both.")
    second.follows("All that was ever recorded")
    second.sees("A misprint was put right")
    a_moment_passes()
    stranger.goes_to(f"/verify/{newer.code}/")
    stranger.follows("See the newer certificate")
    stranger.sees(RIGHT)
