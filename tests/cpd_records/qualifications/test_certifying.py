"""Certificates of qualifications: asked for by the officer, of what stands, and put right with the award they certify."""

from __future__ import annotations

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from cpd_records.certificates import CertificateRefused, Standing, standing_of
from cpd_records.certificates.checking import Verdict, answer_for_code, answer_for_file
from cpd_records.certificates.keys import signing_identity
from cpd_records.certificates.offline import check_offline
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.suspending import lift_suspension, suspend_certificate
from cpd_records.certificates.templates import Wording, make_template, retire_template
from cpd_records.currency import currency_of
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.keys import verifier_keys
from cpd_records.models import Certificate, LedgerEntry, PublicReason, Sort
from cpd_records.qualifications.certifying import certifiable_of, issue_qualification_certificate
from cpd_records.qualifications.corrections import correct_award, void_award, withdraw_award
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.certificate_acts import issue, opened, stored_bytes, text_of
from tests.cpd_records.currency.acts import award
from tests.cpd_records.qualifications.conftest import Station

pytestmark = pytest.mark.django_db
CODE = "FALP"


def awarded(officer: User, *, day: date | None = None, code: str = CODE, **more: Any) -> LedgerEntry:
    return award(officer, code, day or clock.today(), **{"basis": "authorised", **more})


def asked(officer: User, code: str = CODE) -> Certificate:
    return issue_qualification_certificate(officer, code, by=officer, at=clock.now())


def said(certificate: Certificate) -> dict[str, Any]:
    return json.loads(certificate.entry.readable.payload)


def stands(certificate: Certificate) -> Standing:
    return standing_of(Certificate.objects.with_standing().get(pk=certificate.pk), on=clock.today())


def two(station: Station, **more: Any) -> dict[str, Any]:
    return {"by": station.training_admin, "approved_by": station.system_admin, "reason": "A slip.", **more}


# --- What it says -------------------------------------------------------------------------------------------------------


def test_it_says_what_was_awarded_when_and_to_which_day_it_is_valid(station: Station) -> None:
    entry = awarded(station.officer)
    certificate = asked(station.officer)
    (standing,) = [one for one in currency_of(station.officer, on=clock.today()).qualifications if one.code == CODE]
    assert certificate.valid_until == standing.valid_until
    payload = said(certificate)
    assert (payload["award"], payload["name"]) == (str(entry.pk), "PC O. Demo")
    assert (payload["day"], payload["release"]) == (clock.today().isoformat(), "Qualification FALP")
    assert payload["valid_until"] == standing.valid_until.isoformat()


def test_the_file_is_signed_carries_what_every_certificate_carries_and_proves_itself(station: Station) -> None:
    awarded(station.officer)
    certificate = issue(asked(station.officer))
    pdf = stored_bytes(certificate)
    text = text_of(pdf)
    assert "has been awarded the qualification" in text
    assert "Certificate of qualification" in text
    assert "completed" not in text
    with opened(pdf) as document:
        assert sorted(document.attachments) == ["certificate.json", "certificate.tlog-proof", "credential.json"]
        badge = json.loads(document.attachments["credential.json"].get_file().read_bytes())
        with document.open_metadata() as metadata:
            assert (metadata["pdfuaid:part"], metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == (
                "1",
                "3",
                "A",
            )
    assert badge["credentialSubject"]["achievement"]["achievementType"] == "Certificate"
    offline = check_offline(
        pdf, signers=[signing_identity().certificate], ledger_keys=[str(key) for key in verifier_keys()]
    )
    assert offline.problems == []
    assert offline.particulars is not None
    assert offline.particulars.is_qualification


def test_a_name_as_long_as_names_get_is_not_cut(station: Station) -> None:
    name = "Oluwaseyifunmi Adebisi-Wolstenholme-Featherstonehaugh-Cholmondeley"
    officer = factories.person(name)
    awarded(officer)
    text = text_of(stored_bytes(issue(asked(officer))))
    assert name.replace("-", "") in text.replace("- ", "").replace("-", "")


def test_what_does_not_lapse_has_no_end(station: Station) -> None:
    from tests.cpd_records.currency.acts import make_qualification

    make_qualification("EVER", "Once", validity_months=None)
    awarded(station.officer, code="EVER")
    assert asked(station.officer, "EVER").valid_until is None


def test_a_stranger_is_answered_by_code_and_by_file(station: Station) -> None:
    awarded(station.officer)
    certificate = issue(asked(station.officer))
    answer = answer_for_code(certificate.code, on=clock.today())
    assert answer.verdict is Verdict.VALID
    assert dict(answer.rows)["For"] == certificate.title
    assert answer_for_file(stored_bytes(certificate), on=clock.today()).verdict is Verdict.VALID
    assert answer_for_file(stored_bytes(certificate) + b"\n", on=clock.today()).verdict is Verdict.EDITED


def test_the_command_answers_in_json(station: Station, tmp_path: Path) -> None:
    awarded(station.officer)
    certificate = issue(asked(station.officer))
    file, out = tmp_path / "certificate.pdf", io.StringIO()
    file.write_bytes(stored_bytes(certificate))
    call_command("verify_certificate", str(file), "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["valid"], answer["standing"]) == (True, "valid")
    assert answer["checks"] == dict.fromkeys(("signature", "integrity", "inclusion", "checkpoint", "credential"), True)
    assert answer["particulars"]["title"] == certificate.title


# --- Asked for ----------------------------------------------------------------------------------------------------------


def test_asked_again_with_nothing_changed_it_is_the_same_one(station: Station) -> None:
    awarded(station.officer)
    assert asked(station.officer) == asked(station.officer)


def test_a_new_name_and_a_renewal_each_bring_another_that_supersedes_it(station: Station) -> None:
    officer = station.officer
    awarded(officer, day=clock.today() - timedelta(days=300))
    first = asked(officer)
    officer.name = "PC O. Example"
    officer.save()
    second = asked(officer)
    awarded(officer)
    third = asked(officer)
    assert (second.supersedes, third.supersedes) == (first, second)
    assert (stands(first), stands(third)) == (Standing.SUPERSEDED, Standing.VALID)


def test_one_that_lapsed_is_certified_as_expired(station: Station) -> None:
    awarded(station.officer, day=clock.today() - timedelta(days=900))
    assert stands(asked(station.officer)) is Standing.EXPIRED


def test_only_the_officer_asks(station: Station) -> None:
    awarded(station.officer)
    for other in (station.training_admin, station.system_admin, station.sergeant, station.auditor):
        with pytest.raises(CertificateRefused, match="Only the officer asks for a certificate of their qualification"):
            issue_qualification_certificate(station.officer, CODE, by=other, at=clock.now())
    assert not Certificate.objects.exists()


def test_of_what_was_never_awarded_there_is_none(station: Station) -> None:
    for code in (CODE, "NONE"):
        with pytest.raises(CertificateRefused, match="No award of this qualification is on your record"):
            asked(station.officer, code)


def test_what_another_system_asserts_is_theirs_to_certify(station: Station) -> None:
    awarded(station.officer, basis="imported", details={"source": "the former system"})
    with pytest.raises(CertificateRefused, match="brought over, so the certificate is theirs to give"):
        asked(station.officer)
    ((one),) = certifiable_of(station.officer, on=clock.today())
    assert one.refusal


# --- Put right ----------------------------------------------------------------------------------------------------------


def test_a_corrected_award_has_its_certificate_superseded_by_one_with_the_right_days(station: Station) -> None:
    entry = awarded(station.officer)
    first = issue(asked(station.officer))
    earlier = clock.today() - timedelta(days=20)
    correct_award(station.officer, entry.pk, day=earlier, minutes=60, valid_until=None, **two(station))
    second = Certificate.objects.get(supersedes=first)
    assert second.awarded_on == earlier
    assert (
        second.valid_until
        == issue_qualification_certificate(station.officer, CODE, by=station.officer, at=clock.now()).valid_until
    )
    issue(second)
    answer = answer_for_file(stored_bytes(first), on=clock.today())
    assert answer.verdict is Verdict.SUPERSEDED
    assert answer.newer == second


def test_a_correction_of_the_length_alone_leaves_it_as_it_is(station: Station) -> None:
    entry = awarded(station.officer)
    first = asked(station.officer)
    correct_award(station.officer, entry.pk, day=clock.today(), minutes=90, valid_until=None, **two(station))
    assert stands(first) is Standing.VALID


def test_an_award_that_ends_by_decision_has_one_that_ends_with_it(station: Station) -> None:
    entry = awarded(station.officer, day=clock.today() - timedelta(days=30))
    first = asked(station.officer)
    yesterday = clock.today() - timedelta(days=1)
    withdraw_award(station.officer, entry.pk, last_day=yesterday, **two(station))
    second = Certificate.objects.get(supersedes=first)
    assert (second.valid_until, stands(second)) == (yesterday, Standing.EXPIRED)


def test_an_award_that_was_never_true_has_its_certificate_withdrawn_in_the_names_of_the_two(station: Station) -> None:
    entry = awarded(station.officer)
    certificate = issue(asked(station.officer))
    void_award(station.officer, entry.pk, **two(station))
    assert stands(certificate) is Standing.REVOKED
    assert certificate.revocation.reason == "A slip."
    payload = json.loads(certificate.revocation.entry.readable.payload)
    assert payload["by"] == str(station.training_admin.public_id)
    assert payload["approved_by"] == str(station.system_admin.public_id)
    with pytest.raises(CertificateRefused, match="No award of this qualification is on your record"):
        asked(station.officer)


def test_with_an_older_award_left_the_withdrawn_one_is_replaced_by_that(station: Station) -> None:
    older = awarded(station.officer, day=clock.today() - timedelta(days=200))
    newer = awarded(station.officer)
    first = asked(station.officer)
    void_award(station.officer, newer.pk, **two(station))
    assert stands(first) is Standing.REVOKED
    second = asked(station.officer)
    assert said(second)["award"] == str(older.pk)
    assert stands(second) is Standing.VALID


def test_a_result_that_was_re_marked_takes_the_certificate_along_and_strangers_are_told_why(station: Station) -> None:
    from cpd_records.qualifications.corrections import void_awards_of

    with transaction.atomic():
        completion = append_entry(
            kind="completion", officer=station.officer.public_id, day=clock.today(), subject="A", payload={"title": "A"}
        )
    awarded(station.officer, basis="course", details={"completion": completion.pk})
    certificate = issue(asked(station.officer))
    void_awards_of(
        station.officer,
        completion.pk,
        by=station.training_admin,
        approved_by=station.system_admin,
        reason="Re-marked.",
        public_reason=PublicReason.RESULT_CORRECTED,
    )
    answer = answer_for_code(certificate.code, on=clock.today())
    assert answer.verdict is Verdict.REVOKED
    assert "The result it rested on was corrected." in answer.sentence


def test_withdrawing_the_certificate_declares_its_award_never_true_and_no_other_is_made(station: Station) -> None:
    awarded(station.officer)
    certificate = asked(station.officer)
    revoke_certificate(certificate, at=clock.now(), **two(station))
    assert stands(certificate) is Standing.REVOKED
    assert Certificate.objects.count() == 1
    assert not [one for one in certifiable_of(station.officer, on=clock.today()) if one.held.code == CODE]


# --- While it is suspended -----------------------------------------------------------------------------------------------


def suspend(station: Station, certificate: Certificate) -> None:
    suspend_certificate(certificate, by=station.system_admin, reason="Another may have sat it.", at=clock.now())


def test_what_replaces_a_suspended_one_stands_suspended_until_two_lift_it(station: Station) -> None:
    entry = awarded(station.officer)
    first = issue(asked(station.officer))
    suspend(station, first)
    earlier = clock.today() - timedelta(days=20)
    correct_award(station.officer, entry.pk, day=earlier, minutes=60, valid_until=None, **two(station))
    second = issue(Certificate.objects.get(supersedes=first))
    assert [stands(first), stands(second)] == [Standing.SUSPENDED, Standing.SUSPENDED]
    assert answer_for_code(second.code, on=clock.today()).verdict is Verdict.SUSPENDED
    goes_on, began = second.suspensions.get(), first.suspensions.get()
    assert (goes_on.reason, goes_on.suspended_by) == ("Another may have sat it.", station.system_admin)
    assert json.loads(goes_on.entry.readable.payload)["goes_on_from"] == str(began.entry_id)
    lift_suspension(second, at=clock.now(), **two(station))
    assert [stands(first), stands(second)] == [Standing.SUPERSEDED, Standing.VALID]


def test_an_award_that_ends_by_decision_ends_although_its_certificate_is_suspended(station: Station) -> None:
    entry = awarded(station.officer, day=clock.today() - timedelta(days=30))
    first = asked(station.officer)
    suspend(station, first)
    yesterday = clock.today() - timedelta(days=1)
    withdraw_award(station.officer, entry.pk, last_day=yesterday, **two(station))
    second = Certificate.objects.get(supersedes=first)
    assert (second.valid_until, stands(second)) == (yesterday, Standing.SUSPENDED)


def test_while_it_is_suspended_another_of_its_award_is_not_made_and_one_of_a_renewal_is(station: Station) -> None:
    officer = station.officer
    awarded(officer, day=clock.today() - timedelta(days=300))
    first = asked(officer)
    suspend(station, first)
    assert asked(officer) == first
    officer.name = "PC O. Example"
    officer.save()
    with pytest.raises(CertificateRefused, match=r"is suspended since .* issued again once that is lifted"):
        asked(officer)
    awarded(officer)
    assert stands(asked(officer)) is Standing.VALID


# --- Its template -------------------------------------------------------------------------------------------------------


def test_the_newest_offered_template_for_qualifications_words_it_and_retiring_goes_back(station: Station) -> None:
    for number, (name, closing) in enumerate((("Shield", "Keep it."), ("Star", "Wear it."))):
        words = Wording(completed="holds", passed="holds", closing=closing, design="plain")
        star = make_template(name, words, by=station.system_admin, at=clock.now(), sort=Sort.QUALIFICATION)
        assert number < 2
    awarded(station.officer)
    text = text_of(stored_bytes(issue(asked(station.officer))))
    assert "holds" in text
    assert "Wear it." in text
    assert "Form star/1" in text
    retire_template(star, by=station.system_admin, at=clock.now())
    other = factories.person("Another")
    awarded(other)
    assert said(asked(other))["template"] == "shield/1"


def test_a_template_for_courses_words_no_qualification(station: Station) -> None:
    make_template("Passing out", Wording(), by=station.system_admin, at=clock.now())
    awarded(station.officer)
    assert "template" not in said(asked(station.officer))
