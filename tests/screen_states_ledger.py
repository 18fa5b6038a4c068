"""States of certificates that change, of erasures, holds and parades, and of certificates that are late, for the photographs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from courses.models import Parade
from courses.parades.issuing import ask_for_parade
from cpd_records.certificates.awarding import ISSUE_WORK
from cpd_records.certificates.reissuing import PutRight, reissue_under_present_name
from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.erasures.due import LIST_WORK
from cpd_records.importing.corrections import Said
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.holds import place_hold
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, EntryKind, ErasureGround, RecordProposal
from cpd_records.proposals.awards import propose_correction_of_import, propose_void_of_import
from cpd_records.proposals.certificates import propose_lifting, propose_putting_right
from cpd_records.proposals.deciding import approve_proposal
from people import clock, work
from people.models import User, WaitingWork
from tests.training_site.erasures import acts as erasures

DAY = timedelta(days=1)
LONG_TITLE = (
    "Stop and search: grounds, information, record and respect, for officers, supervisors and those who review them"
)
Person = Callable[..., User]
Known = Callable[[str], User]
Award = Callable[..., Certificate]


def ledger_states(
    now: datetime, person: Person, known: Known, award: Award, do_waiting_work: Callable[[], None]
) -> dict[str, str]:
    """Make all but the late ones and return their addresses by name; ``award`` awards a certificate some days ago."""
    return {
        **of_changing_certificates(person, known, award, do_waiting_work),
        **of_imported_records(person, known),
        **of_erasures(now, person, known),
        **of_parades(known, do_waiting_work),
    }


def of_changing_certificates(
    person: Person, known: Known, award: Award, do_waiting_work: Callable[[], None]
) -> dict[str, str]:
    """One whose certificates were issued again under a new name, put right, suspended, and suspended with lifting proposed."""
    holder = person("chain", "Maximiliana Wolfeschlegelstein", "PC M. Wolfeschlegelstein")
    magda, zainab = known("training-admin"), known("admin")
    year = {"on": 40 * DAY, "lasts": 365 * DAY}
    renamed = award(holder, "SPEC-120", LONG_TITLE, **year)
    misprinted = award(holder, "DRV-120", "Response drivnig: refresher", **year)
    suspended = award(holder, "CUS-120", "Custody: care and welfare", **year)
    looked_into = award(holder, "FA-120", "Life support for response officers", **year)
    plain = award(holder, "PO-120", "Public order, level 3", **year)
    do_waiting_work()
    User.objects.filter(pk=holder.pk).update(name="Maximiliana Wolfeschlegelstein-Featherstonehaugh")
    holder.refresh_from_db()
    reissue_under_present_name(_read(renamed), by=holder, at=clock.now())
    right = PutRight("Response driving: refresher", "Release 1", 90)
    proposal = propose_putting_right(
        _read(misprinted), right, by=magda, at=clock.now(), reason="The title has a misprint."
    )
    approve_proposal(proposal, by=zainab, at=clock.now())
    for one, reason in (
        (suspended, "The final test may have been sat by somebody else; professional standards are asking."),
        (looked_into, "The register of the day is missing."),
    ):
        suspend_certificate(_read(one), by=magda, reason=reason, at=clock.now())
    lifting = propose_lifting(
        _read(looked_into), by=zainab, at=clock.now(), reason="The register was found; it names the officer."
    )
    again = PutRight("Public order, level 3", "Release 1", 120)
    waits = propose_putting_right(_read(plain), again, by=zainab, at=clock.now(), reason="The course took two hours.")
    do_waiting_work()
    page = f"/qualifications/people/{holder.public_id}/"
    fresh = award(holder, "MH-120", "Mental health: places of safety", **year)
    do_waiting_work()
    return {
        "chain-person": page,
        "chain-recorded": f"{page}recorded/",
        "certificate-suspend": f"{page}certificates/{fresh.pk}/suspend/",
        "certificate-lift": f"{page}certificates/{suspended.pk}/lift/",
        "certificate-put-right": f"{page}certificates/{fresh.pk}/put-right/",
        "certificate-withdraw": f"{page}certificates/{fresh.pk}/withdraw/",
        "certificate-badge": f"/certificates/{fresh.pk}/badge/",
        "proposal-lift": _page_of(lifting),
        "proposal-put-right": _page_of(waits),
        "verify-suspended": f"/verify/{suspended.code}/",
        "verify-renamed": f"/verify/{renamed.code}/",
    }


def _read(certificate: Certificate) -> Certificate:
    return Certificate.objects.select_related("officer", "entry").get(pk=certificate.pk)


def _page_of(proposal: RecordProposal) -> str:
    return f"/qualifications/proposals/{proposal.pk}/"


def of_imported_records(person: Person, known: Known) -> dict[str, str]:
    """Three records of a list: one to put right, one whose correction waits, one whose withdrawal waits."""
    officer, magda, zainab = person("imported", "Ida Demo", "PC I. Demo"), known("training-admin"), known("admin")
    day = date(2019, 5, 14)
    entries = []
    for number, title in enumerate(("First aid at work", LONG_TITLE, "Rope rescue, operator")):
        with transaction.atomic():
            entry = append_entry(
                kind=EntryKind.IMPORTED,
                officer=officer.public_id,
                day=day + number * DAY,
                subject=f"old-{number}",
                minutes=480,
                valid_until=date(2022, 5, 13),
                payload={
                    "title": title,
                    "source": "The former training system",
                    "asserted_by": "Learning and Development",
                    "result": "Passed",
                },
            )
        entries.append(entry.pk)
    said = {"by": magda, "at": clock.now()}
    wanted = Said(LONG_TITLE, day, 360, date(2022, 5, 13), "Passed")
    correction = propose_correction_of_import(
        officer,
        entries[1],
        reason="The register of the course says the day before, and six hours.",
        wanted=wanted,
        **said,
    )
    void = propose_void_of_import(
        officer, entries[2], reason="It is of another officer of the same name.", **{**said, "by": zainab}
    )
    page = f"/qualifications/people/{officer.public_id}/"
    return {
        "imported-person": page,
        "imported-correct": f"{page}imported/{entries[0]}/correct/",
        "imported-void": f"{page}imported/{entries[0]}/void/",
        "proposal-imported": _page_of(correction),
        "proposal-imported-void": _page_of(void),
    }


def of_erasures(now: datetime, person: Person, known: Known) -> dict[str, str]:
    """Records that are due, of one who left; an erasure that waits for a second person, one that a hold keeps, holds to lift."""
    deniz, remi = known("disclosure"), known("records")
    gone = person("gone", "Gwen Demo", "PC G. Demo")
    for years in (8, 9, 11):
        erasures.entry_of(gone, erasures.long_ago(years))
    wanted = person("wanted", "Maximiliana Wolfeschlegelstein-Featherstonehaugh", "PC M. W.-Featherstonehaugh")
    for years in (8, 10):
        erasures.entry_of(wanted, erasures.long_ago(years))
    waiting = erasures.asked(
        wanted, deniz, ground=ErasureGround.RETENTION, classes=["cpd"], reason="Their time to be kept has ended."
    )
    kept = person("kept", "Kit Demo", "PC K. Demo")
    erasures.entry_of(kept, erasures.long_ago(9))
    held = erasures.asked(kept, remi, ground=ErasureGround.RETENTION, classes=["cpd"], reason="Due since last year.")
    hold = place_hold(
        kept, reason="Inquest into the death of a person in custody, reference 2026/114", by=deniz, at=now
    )
    place_hold(known("name-long"), reason="Complaint CO/2071", by=remi, at=now)
    refused = person("refused", "Rowan Demo", "PC R. Demo")
    erasures.entry_of(refused, erasures.long_ago(9))
    not_due = erasures.asked(refused, deniz, ground=ErasureGround.RETENTION, classes=["cpd"], reason="Due.")
    erasures.refused(not_due, remi)
    finished = person("finished", "Fay Demo", "PC F. Demo")
    erasures.entry_of(finished, erasures.long_ago(9))
    done = erasures.asked(
        finished, deniz, ground=ErasureGround.RETENTION, classes=["cpd"], reason="Due since last year."
    )
    erasures.approved(done, remi)
    # What the night does.
    work.ask(LIST_WORK, clock.today().isoformat())
    return {
        "erasure-waits": f"/evidence/erasures/{waiting.pk}/",
        "erasure-held": f"/evidence/erasures/{held.pk}/",
        "erasure-refused": f"/evidence/erasures/{not_due.pk}/",
        "erasure-done": f"/evidence/erasures/{done.pk}/",
        "erasure-new": f"/evidence/erasures/about/{gone.public_id}/?ground=retention",
        "hold-lift": f"/evidence/holds/{hold.pk}/lift/",
    }


def of_parades(known: Known, do_waiting_work: Callable[[], None]) -> dict[str, str]:
    """One whose file is made, with somebody left out."""
    magda = known("training-admin")
    people = [known(key) for key in ("name-long", "name-ethiopic", "name-arabic", "first-day")]
    asked = {"subject": "ETH-101", "day": clock.today() + 20 * DAY, "by": magda}
    made = ask_for_parade("Passing out of intake 26/07", people, shape="zip", at=clock.now(), **asked)
    do_waiting_work()
    do_waiting_work()
    assert Parade.objects.filter(pk=made.pk, file__isnull=False).exists()
    return {"parade": f"/intakes/parades/{made.pk}/"}


def late_states(known: Known, award: Award) -> dict[str, str]:
    """Three certificates that should have been made a while ago, what is in their way, and a parade that is being put together."""
    errors = (
        ("name-long", OSError(28, "No space left on device")),
        ("many", ValueError("something nobody thought of")),
        ("name-arabic", None),
    )
    for number, (key, error) in enumerate(errors):
        waits = award(
            known(key), f"LATE-{number}", LONG_TITLE, on=DAY, lasts=365 * DAY, at=clock.now() - timedelta(minutes=50)
        )
        if error is not None:
            rows = WaitingWork.objects.filter(kind=ISSUE_WORK, key=str(waits.pk))
            rows.update(last_error=repr(error), tries=4)
    seal_now()
    waits = ask_for_parade(
        "Awards evening of Central North response",
        [known("name-long"), known("name-ethiopic")],
        subject="ETH-101",
        shape="print",
        day=clock.today() + 20 * DAY,
        by=known("training-admin"),
        at=clock.now(),
    )
    return {"parade-waits": f"/intakes/parades/{waits.pk}/"}
