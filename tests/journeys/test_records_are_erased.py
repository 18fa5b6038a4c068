"""One disclosure officer asks that an old record be erased, another approves it; the certificate's code then answers 'no longer held'."""

from __future__ import annotations

from datetime import timedelta

from cpd_records.erasures.due import list_due
from cpd_records.ledger.keys import verifier_keys
from cpd_records.models import Certificate, ReadablePart
from cpd_records.verification.examination import examine
from people import clock
from tests.cpd_records.certificate_acts import award
from tests.cpd_records.currency.acts import seal
from tests.journeys import stories
from tests.journeys.visitors import BOTH_WIDTHS
from tests.training_site.erasures.acts import entry_of
from training_site.erasing import ALL_PLANS


@BOTH_WIDTHS
def test_two_people_erase_a_record_and_its_certificate_is_no_longer_held(visitor, a_moment_passes, screen):
    olu = stories.person("Oluwaseun Adébáyọ̀-Featherstonehaugh Demo")
    certificate = award(olu, awarded_on=clock.today() - timedelta(days=8 * 366), valid_until=None)
    seal()
    a_moment_passes()
    dee, kit = (stories.person(name, "disclosure-officer") for name in ("Dee Demo", "Kit Demo"))

    asker = visitor(**screen)
    stories.signs_in(asker, dee)
    asker.goes_to("/evidence/")
    asker.follows("Erasures")
    asker.writes("Whose records?", olu.service_number)
    asker.presses("See what would go")
    asker.sees_heading("What would be erased")
    asker.sees("Still serves.")
    # Asked without a class or a reason, it comes back with a sentence for each.
    asker.presses("Ask for the erasure")
    asker.sees("Choose at least one class of records.")
    asker.sees("Say why, in a sentence.")
    asker.page.get_by_label("Courses, results and CPD").check()
    asker.writes("Why?", "Eight years have passed, nothing is pending")
    asker.presses("Ask for the erasure")
    asker.sees("It waits for a second disclosure officer.")

    decider = visitor(**screen)
    stories.signs_in(decider, kit)
    decider.goes_to("/evidence/erasures/")
    decider.sees("Waits for a decision")
    decider.follows(olu.name)
    decider.writes("Why do you decide so?", "Checked against the schedule")
    decider.presses("Approve and erase")
    decider.sees("The records are being erased.")
    a_moment_passes()
    a_moment_passes()
    decider.goes_to("/evidence/erasures/")
    decider.follows(olu.name)
    decider.sees("Each ledger entry keeps its place and its commitment")
    decider.sees("Certificates")

    stranger = visitor(**screen)
    stranger.goes_to(f"/verify/{certificate.code}/")
    stranger.sees("We no longer hold this record")
    assert olu.name not in stranger.page.content()
    assert Certificate.objects.get().title == ""
    assert examine([str(key) for key in verifier_keys()]).is_sound


@BOTH_WIDTHS
def test_several_are_disposed_of_in_one_act_and_told_to_whoever_decides(visitor, a_moment_passes, screen):
    people = [stories.person(name) for name in ("Amara Demo", "Bartholomew Featherstonehaugh-Cholmondeley Demo")]
    for one in people:
        entry_of(one, clock.today() - timedelta(days=8 * 366))
    list_due(ALL_PLANS, at=clock.now())
    dee, kit = (stories.person(name, "disclosure-officer") for name in ("Dee Demo", "Kit Demo"))

    asker = visitor(**screen)
    stories.signs_in(asker, dee)
    asker.goes_to("/evidence/erasures/due/")
    # Nobody chosen, it says so; all on the page are one button.
    asker.presses("Ask for those chosen")
    asker.sees("Choose at least one person, then ask.")
    asker.presses("Ask for all on this page")
    asker.sees_heading("Ask for disposal")
    asker.sees("What is due of 2 people.")
    asker.writes("Why?", "Eight years have passed, nothing is pending")
    asker.presses("Ask for the disposal")
    asker.sees("2 requests, one for each person, wait for a second disclosure officer.")
    a_moment_passes()

    decider = visitor(**screen)
    stories.signs_in(decider, kit)
    decider.goes_to("/my/")
    decider.follows("2 erasures to decide on")
    decider.sees_heading("Erasures to decide on")
    for one in people:
        decider.page.get_by_label(f"Choose this one: {one.name}").check()
    decider.writes("Why do you decide so?", "Checked against the schedule")
    decider.presses("Approve and erase")
    decider.sees("2 approved. The records are being erased")
    a_moment_passes()
    a_moment_passes()
    assert not ReadablePart.objects.exclude(kind="erasure").exists()
