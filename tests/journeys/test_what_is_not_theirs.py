"""An officer tries the addresses of somebody else's attempt, result, certificate, draft, evidence and lesson file."""

from __future__ import annotations

import uuid

from courses.enrolments import enrol
from courses.models import ReleaseFile
from cpd_records.activities import log_activity
from cpd_records.models import Certificate, LedgerEntry
from people import clock
from tests.courses import factories as taught
from tests.journeys import stories

NOBODYS = "6f1f3f56-0d0c-4a4e-9a53-0123456789ab"


def test_what_is_somebody_elses_is_not_found_and_nothing_is_told_of_it(visitor, a_moment_passes, tmp_path):
    # Given Robin's open attempt, her certificate and its file, her draft of CPD, and a course with a file in it.
    robin, olu = stories.person("Robin Demo"), stories.person("Olu Demo")
    enrolment = taught.enrolled(robin, taught.release_with_test())
    taught.do_lessons(enrolment, at=clock.now())
    passed = taught.sit(enrolment, at=clock.now())
    other = taught.enrolled(robin, taught.release_with_test("ETH-902"))
    taught.do_lessons(other, at=clock.now())
    attempt = taught.sit(other, at=clock.now(), submit=False)
    a_moment_passes()
    certificate = Certificate.objects.get(officer=robin)
    assert certificate.is_ready
    draft = log_activity(
        robin,
        title="What I saw in Robin's shift",
        kind="briefing",
        day=clock.today(),
        minutes=30,
        learned="A thing of Robin's",
        client_token=uuid.uuid4(),
        at=clock.now(),
    )
    handing_over = stories.handing_over_is_out(tmp_path)
    enrol(robin, handing_over, by=robin, at=clock.now())
    form = ReleaseFile.objects.get(name__endswith=".txt")
    file = f"/learn/files/{form.file_id}/{form.name}"

    entry = LedgerEntry.objects.filter(readable__kind="completion").get()
    keys = (attempt.pk, passed.pk, certificate.pk, draft.pk, entry.pk)

    # When Olu goes to their addresses, each is as if there were nothing there.
    officer = visitor()
    stories.signs_in(officer, olu)
    secrets = ("Robin", "A thing of", certificate.code)
    for theirs in (
        f"/assess/{attempt.pk}/",
        f"/assess/{attempt.pk}/questions/",
        f"/assess/{attempt.pk}/review/",
        f"/assess/{passed.pk}/receipt/",
        f"/certificates/{certificate.pk}/",
        f"/cpd/{draft.pk}/",
        f"/cpd/{draft.pk}/reflect/",
        f"/cpd/{draft.pk}/change/",
        f"/cpd/team/{draft.pk}/",
        f"/learn/eth-901/final-test/result/{passed.pk}/",
    ):
        told = officer.is_refused(theirs, secrets=secrets)
        key = next(str(key) for key in keys if str(key) in theirs)
        nobodys = officer.is_refused(theirs.replace(key, NOBODYS))
        assert told == nobodys, f"{theirs} is told apart from one that does not exist"
    officer.is_refused(file, secrets=("Seen:",))
    # A lesson of a course they are not on says how to get there, and nothing of what it teaches.
    officer.is_refused("/learn/tiny-101/what-you-did-not-check/", status=403, secrets=("locked room", form.name))
    # Authors' pages are closed to them, and so is the team's CPD.
    officer.is_refused("/admin/", status=403)
    officer.is_refused("/team/cpd/", status=403)

    # What is theirs opens: the same file, once they are on the course.
    officer.goes_to("/catalogue/tiny-101/")
    officer.presses("Enrol")
    assert officer.page.request.get(officer.address + file).status == 200
    # And a stranger is asked to sign in.
    stranger = visitor()
    for closed in (file, f"/certificates/{certificate.pk}/", f"/assess/{attempt.pk}/", f"/cpd/{draft.pk}/", "/my/"):
        stranger.goes_to(closed)
        assert "/accounts/login/" in stranger.page.url, closed
        assert "Robin" not in stranger.page.content()
