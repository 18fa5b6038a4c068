"""The world of qualifications: an award with its evidence, an exemption, a restriction, an absence; and what is posted about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from cpd_records.certificates.suspending import suspend_certificate
from cpd_records.evidence_files import checked_file
from cpd_records.ledger.entries import append_entry
from cpd_records.models import Activity, AwardEvidence, Certificate, EntryKind, Qualification
from cpd_records.proposals.awards import propose_exemption
from cpd_records.qualifications.awarding import authorise_award
from cpd_records.qualifications.requirements import require
from cpd_records.qualifications.rules import add_need
from cpd_records.qualifications.rulings import grant_exemption, restrict
from people import clock
from people.absences import record_absence
from tests import factories

if TYPE_CHECKING:
    from tests.permissions.asking import World


def what_is_held(made: World, picture: bytes) -> None:
    """The owner was awarded driving on an administrator's authority, is exempt, restricted and away; it needs and is asked."""
    owner, by, now, today = made.people["Owner"], made.people["Training admin"], clock.now(), clock.today()
    drive = Qualification.objects.get(code="DRV-R")
    entry = authorise_award(
        owner,
        drive,
        by=by,
        at=now,
        day=today - timedelta(days=30),
        reason="I saw the certificate.",
        taught_by="The driving school",
        files=[checked_file(SimpleUploadedFile("a.png", picture, "image/png"))],
    )
    decided = {"by": by, "at": now, "reason": "As the policy says."}
    with transaction.atomic():
        imported = append_entry(
            kind=EntryKind.IMPORTED,
            officer=owner.public_id,
            day=today - timedelta(days=400),
            payload={"title": "First aid at work", "source": "The old list"},
        )
        completion = append_entry(
            kind=EntryKind.COMPLETION,
            officer=owner.public_id,
            day=today - timedelta(days=50),
            subject="SPEC-110",
            minutes=240,
            payload={"title": "Stop and search"},
        )
    exemption = grant_exemption(
        owner, Qualification.objects.get(code="ETH"), approved_by=made.people["System admin"], **decided
    )
    restriction = restrict(owner, Qualification.objects.get(code="CED"), **decided)
    third = factories.person("Third", "training-admin")
    dei, pops = Qualification.objects.get(code="DEI"), Qualification.objects.get(code="POPS3")
    proposal = propose_exemption(owner, dei, **{**decided, "by": third})
    own = propose_exemption(owner, pops, **decided)
    absence = record_absence(owner, "secondment", by=by, valid_from=today + timedelta(days=90))
    need = add_need(drive, Qualification.objects.get(code="ETH"), by=None, valid_from=date(2020, 1, 1))
    requirement = require(drive, by=None, valid_from=today + timedelta(days=1))
    reached = {"qualification": "PPST", **boxes("day", today), **boxes("until", None)}
    made.places |= {
        "proposal": str(proposal.pk),
        "admin’s proposal": str(own.pk),
        "award": str(entry.pk),
        "imported record": str(imported.pk),
        "completion": str(completion.pk),
        "recorded CPD": str(Activity.objects.of(owner).filter(entry__isnull=False).earliest("pk").entry_id),
        "award file": str(AwardEvidence.objects.get(entry=entry).pk),
        "exemption": str(exemption.pk),
        "restriction": str(restriction.pk),
        "absence": str(absence.pk),
        "qualification number": str(drive.pk),
        "need": str(need.pk),
        "requirement": str(requirement.pk),
        "what was reached": urlencode(reached),
    }


def boxes(name: str, day: date | None) -> dict[str, Any]:
    return {f"{name}_{part}": getattr(day, part) if day else "" for part in ("day", "month", "year")}


def a_suspension(world: World) -> None:
    """The owner's certificate is suspended."""
    certificate = Certificate.objects.select_related("officer").get(pk=world.places["certificate"])
    third = factories.person("Third suspends", "training-admin")
    suspend_certificate(certificate, by=third, reason="It is being looked into.", at=clock.now())


def an_award(world: World) -> dict[str, Any]:
    return {"taught_by": "Sergeant Demo", "reference": "Register 7 of 2026", "reason": "I saw the register."}


def a_correction(world: World) -> dict[str, Any]:
    day = clock.today() - timedelta(days=31)
    return {**boxes("day", day), **boxes("until", None), "reason": "It was the day before."}


def a_correction_of_an_import(world: World) -> dict[str, Any]:
    day = clock.today() - timedelta(days=401)
    return {"title": "First aid at work", **boxes("day", day), "result": "Passed", "reason": "The register says so."}


def a_correction_of_a_course(world: World) -> dict[str, Any]:
    day = clock.today() - timedelta(days=51)
    return {**boxes("day", day), "minutes_hours": "4", "minutes_minutes": "0", "reason": "The register says so."}


def a_correction_of_cpd(world: World) -> dict[str, Any]:
    day = clock.today() - timedelta(days=3)
    said = {"title": "An exercise", "kind": "briefing", "minutes_hours": "0", "minutes_minutes": "20"}
    return {**said, **boxes("day", day), "reason": "The register says so."}


def a_withdrawal(world: World) -> dict[str, Any]:
    return {**boxes("last_day", clock.today()), "reason": "A check was failed."}


def an_end(world: World) -> dict[str, Any]:
    return {**boxes("last_day", clock.today()), "reason": "Back on the street."}


def a_ruling(world: World) -> dict[str, Any]:
    days = {**boxes("valid_from", clock.today()), **boxes("until", None)}
    return {"qualification": "DP", "reason": "Not to be done alone.", **days}


def an_absence(world: World) -> dict[str, Any]:
    days = {**boxes("valid_from", clock.today()), **boxes("valid_until", clock.today() + timedelta(days=9))}
    return {"kind": "parental", **days}


RULE = {
    "validity_months": "24",
    "warning_days": "90",
    "grace_days": "0",
    "early_renewal_days": "0",
    "exception_days": "90",
    "lapse": "No driving",
    "status": "illustrative",
}


def a_rule(world: World) -> dict[str, Any]:
    return {**RULE, "valid_from": clock.today().isoformat(), "reason": "Agreed"}


def a_new_one(world: World) -> dict[str, Any]:
    names = {"code": "DRONE", "title": "Drone pilot", "short_title": "Drone"}
    return {**names, **RULE, "valid_from": clock.today().isoformat()}


def a_requirement(world: World) -> dict[str, Any]:
    return {
        "asked-role": "response-officer",
        "asked-valid_from": clock.today().isoformat(),
        "asked-stops_duty": "on",
        "asked-reason": "",
    }


def the_end(world: World) -> dict[str, Any]:
    return {"end-last_day": (clock.today() + timedelta(days=1)).isoformat(), "end-reason": "Agreed"}
