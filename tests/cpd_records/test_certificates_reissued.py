"""A certificate is issued again under its holder's present name: the same fact, the older one superseded, nothing completed anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client

from courses.certificates_held import certificates_of
from courses.my_record import record_of
from courses.parades.looking import latest_certificates
from cpd_records.certificates import CertificateRefused, standing_of
from cpd_records.certificates.awarding import award_training_record, particulars_of
from cpd_records.certificates.issues import fact_of, newest_issue
from cpd_records.certificates.listing import Table
from cpd_records.certificates.reissuing import (
    PutRight,
    of_another_name,
    put_certificate_right,
    reissue_under_present_name,
)
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.certificates.suspending import lift_suspension, suspend_certificate
from cpd_records.certificates.telling import TELL_REPLACED, TELL_WITHDRAWN
from cpd_records.credentials.awards import achievement_of, credential_of
from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.erasure import erase_readable_part
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Certificate, EntryKind, ReadablePart, RecordProposal
from cpd_records.proposals.certificates import propose_certificate_withdrawal, propose_putting_right
from cpd_records.proposals.deciding import approve_proposal
from cpd_records.proposals.refusals import NotYourDecision, ProposalRefused, Stale
from cpd_records.qualifications.certifying import issue_qualification_certificate
from cpd_records.qualifications.recorded import everything_recorded
from cpd_records.schemes.record import learning_of
from people import clock, work
from people.models import User, WaitingWork
from tests import factories
from tests.cpd_records.certificate_acts import AWARDED, award, issue, issued, stored_bytes, text_of
from tests.cpd_records.currency.acts import award as award_qualification

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
LATER = datetime(2026, 9, 20, 12, tzinfo=UTC)
ON = date(2026, 9, 30)


@pytest.fixture
def officer() -> User:
    return factories.person("Alexandra Bell")


@pytest.fixture
def two() -> tuple[User, User]:
    return factories.person("M. Demo", "training-admin"), factories.person("Z. Demo", "system-admin")


def renamed(officer: User, name: str = "Sasha Bell") -> User:
    User.objects.filter(pk=officer.pk).update(name=name)
    return User.objects.get(pk=officer.pk)


def again(certificate: Certificate, by: User) -> Certificate:
    return reissue_under_present_name(read(certificate), by=by, at=LATER)


def read(certificate: Certificate) -> Certificate:
    return Certificate.objects.with_standing().select_related("officer").get(pk=certificate.pk)


def stands(certificate: Certificate) -> str:
    return str(standing_of(read(certificate), on=ON))


def verify(certificate: Certificate) -> str:
    return Client().get(f"/verify/{certificate.code}/").content.decode()


def test_it_says_the_same_of_the_same_fact_under_the_present_name(officer: User) -> None:
    older = issued(officer)
    completions = ReadablePart.objects.filter(kind=EntryKind.COMPLETION).count()
    newer = issue(again(older, renamed(officer)))
    before, now = particulars_of(older), particulars_of(newer)
    assert before is not None
    assert now == replace(before, code=newer.code, name="Sasha Bell")
    assert newer.code != older.code
    assert (newer.supersedes_id, newer.completion_entry_id) == (older.pk, older.completion_entry_id)
    assert ReadablePart.objects.filter(kind=EntryKind.COMPLETION).count() == completions
    text = text_of(stored_bytes(newer))
    assert "Sasha Bell" in text
    assert "Alexandra" not in text


def test_a_letter_of_something_granted_is_issued_again_too(officer: User) -> None:
    letter = issued(officer, is_grant=True, title="Independent patrol", minutes=0, valid_until=None, assessed=False)
    now = particulars_of(again(letter, renamed(officer)))
    assert now is not None
    assert (now.is_grant, now.name, now.awarded_on) == (True, "Sasha Bell", AWARDED)


def test_the_older_code_says_replaced_and_leads_to_no_new_name(officer: User) -> None:
    older = issued(officer)
    newer = issue(again(older, renamed(officer)))
    page = verify(older)
    assert "This certificate was replaced" in page
    assert "The holder can show you that one." in page
    for secret in ("Sasha", newer.code):
        assert secret not in page
    assert "Sasha Bell" in verify(newer)
    assert (stands(older), stands(newer)) == ("superseded", "valid")


def test_asked_twice_it_is_the_same_one(officer: User) -> None:
    older, holder = issued(officer), renamed(officer)
    newer = again(older, holder)
    assert again(older, holder) == newer
    with pytest.raises(CertificateRefused, match="bears your present name and number already"):
        again(newer, holder)
    third = again(newer, renamed(officer, "Sasha Cole"))
    assert newest_issue(read(older)) == third
    assert Certificate.objects.count() == 3


def test_an_expired_one_is_issued_again_and_stays_expired(officer: User) -> None:
    older = issued(officer, valid_until=date(2026, 9, 10))
    assert stands(again(older, renamed(officer))) == "expired"


def test_nobody_else_has_it_issued_again(officer: User, two: tuple[User, User]) -> None:
    older = issued(officer)
    renamed(officer)
    with pytest.raises(CertificateRefused, match="Only its holder"):
        again(older, two[0])
    assert Certificate.objects.count() == 1


def test_what_is_withdrawn_suspended_erased_or_replaced_is_not_issued_again(
    officer: User, two: tuple[User, User]
) -> None:
    by, approved_by = two
    withdrawn, suspended, erased = (issued(officer, subject=subject) for subject in ("A-1", "A-2", "A-3"))
    replaced = issued(officer, subject="A-4")
    award(officer, subject="A-4", awarded_on=date(2026, 9, 15))
    holder = renamed(officer)
    revoke_certificate(withdrawn, by=by, approved_by=approved_by, reason="Proved.", at=LATER)
    suspend_certificate(suspended, by=by, reason="Asked about.", at=LATER)
    erase_readable_part(erased.entry, retention_class="leaver", authority="The DPO", at=LATER)
    sentences = (
        (withdrawn, "was withdrawn on"),
        (suspended, "is suspended since 20 September 2026"),
        (erased, "lawfully erased"),
        (replaced, "A newer certificate replaced this one"),
    )
    for certificate, sentence in sentences:
        with pytest.raises(CertificateRefused, match=sentence):
            again(certificate, holder)
    assert Certificate.objects.filter(created_at=LATER).count() == 0


def test_a_list_is_asked_for_anew_instead(officer: User) -> None:
    tables = [Table("Courses completed", ("Course",), (("Stop and search",),))]
    with transaction.atomic():
        record = award_training_record(officer, tables, on=AWARDED, at=LATER)
    with pytest.raises(CertificateRefused, match="Ask for a new one"):
        again(record, renamed(officer))


def test_withdrawing_one_withdraws_every_issue_of_the_same(officer: User, two: tuple[User, User]) -> None:
    older = issued(officer)
    newer = issue(again(older, renamed(officer)))
    other = issued(officer, subject="A-1")
    revoke_certificate(read(newer), by=two[0], approved_by=two[1], reason="Sat by another.", at=LATER)
    assert [stands(one) for one in (older, newer, other)] == ["revoked", "revoked", "valid"]
    assert "Do not rely on it" in verify(older)
    titles = [entry.title for entry in record_of(officer, year=2026, on=ON, everything=True).entries]
    assert titles.count("Certificate withdrawn: Stop and search: fair and effective") == 1
    assert titles.count("Replaced certificate withdrawn: Stop and search: fair and effective") == 1


def test_withdrawing_the_older_one_withdraws_the_newer_too(officer: User, two: tuple[User, User]) -> None:
    older = issued(officer)
    newer = again(older, renamed(officer))
    revoke_certificate(read(older), by=two[0], approved_by=two[1], reason="Sat by another.", at=LATER)
    assert [stands(one) for one in (older, newer)] == ["revoked", "revoked"]


def test_suspending_one_suspends_every_issue_and_lifting_lifts_them(officer: User, two: tuple[User, User]) -> None:
    older = issued(officer)
    newer = again(older, renamed(officer))
    suspend_certificate(read(newer), by=two[0], reason="Asked about.", at=LATER)
    assert [stands(one) for one in (older, newer)] == ["suspended", "suspended"]
    lift_suspension(read(newer), by=two[0], approved_by=two[1], reason="Nothing was found.", at=LATER)
    assert [stands(one) for one in (older, newer)] == ["superseded", "valid"]


def test_parades_badges_and_the_record_follow_the_newest(officer: User) -> None:
    older = issued(officer)
    newer = issue(again(older, renamed(officer)))
    assert latest_certificates("SPEC-110", [officer])[officer.pk] == newer
    badge = json.loads(credential_of(newer, shows_name=True))
    assert badge["credentialSubject"]["identifier"][0]["identityHash"] == "Sasha Bell"
    record = record_of(officer, year=2026, on=ON)
    assert [entry.certificate for entry in record.entries] == [newer.get_absolute_url()]
    assert [one.id for one in certificates_of(officer, on=ON)] == [newer.pk]


def test_an_older_one_issued_again_does_not_say_what_a_course_awards_now(officer: User) -> None:
    older = issued(officer, title="Stop and search")
    issued(factories.person("Bo"), title="Stop and search: fair", awarded_on=date(2026, 9, 10))
    issue(again(older, renamed(officer)))
    assert achievement_of("SPEC-110")["name"] == "Stop and search: fair"


def test_what_bears_another_name_is_listed_with_why_it_cannot_be_issued_again(
    officer: User, two: tuple[User, User]
) -> None:
    first, second = issued(officer, subject="A-1"), issued(officer, subject="A-2")
    assert of_another_name(officer) == []
    suspend_certificate(second, by=two[0], reason="Asked about.", at=LATER)
    found = {one.certificate.pk: (one.name, bool(one.refusal)) for one in of_another_name(renamed(officer))}
    assert found == {first.pk: ("Alexandra Bell", False), second.pk: ("Alexandra Bell", True)}


def test_the_holder_asks_on_their_own_pages(officer: User, signed_in: Browser) -> None:
    older = issued(officer, awarded_on=clock.today())
    holder = renamed(officer)
    own = signed_in(holder)
    address = f"/my/record/issue/again/{older.pk}/"
    for page in ("/my/record/", "/my/record/issue/"):
        assert f'action="{address}"' in own.get(page).content.decode()
    waiting = own.post(address, follow=True)
    assert waiting.status_code == 202
    newer = Certificate.objects.get(supersedes=older)
    for page in ("/my/record/", "/my/record/issue/"):
        assert "Issue again" not in own.get(page).content.decode()
    refused = own.post(f"/my/record/issue/again/{newer.pk}/")
    assert refused.status_code == 422
    assert "bears your present name" in refused.content.decode()
    assert signed_in(factories.person("Cy")).post(address).status_code == 404


def test_a_fact_is_the_completion_and_not_the_paper(officer: User) -> None:
    older = issued(officer)
    newer = again(older, renamed(officer))
    assert fact_of(older) == fact_of(newer) == older.completion_entry_id
    assert fact_of(award(officer)) != fact_of(older)


# --- A misprint put right, by two ---------------------------------------------------------------------------------------


@pytest.fixture
def misprinted(officer: User) -> Certificate:
    return issued(officer, title="Stop and serach", release_label="Release 3", minutes=240)


RIGHT = PutRight("Stop and search", "Release 3", 240)


def proposed(certificate: Certificate, by: User, wanted: PutRight = RIGHT) -> RecordProposal:
    return propose_putting_right(read(certificate), wanted, by=by, at=LATER, reason="The title was misprinted.")


def test_a_misprint_is_put_right_by_two_and_the_entry_names_both(
    misprinted: Certificate, two: tuple[User, User]
) -> None:
    proposal = proposed(misprinted, two[0])
    assert stands(misprinted) == "valid", "nothing counts until a second person approved it"
    done = approve_proposal(proposal, by=two[1], at=LATER)
    newer = issue(Certificate.objects.get(supersedes=misprinted))
    before, now = particulars_of(misprinted), particulars_of(newer)
    assert before is not None
    assert now == replace(before, code=newer.code, title="Stop and search")
    assert (newer.title, newer.completion_entry_id) == ("Stop and search", misprinted.completion_entry_id)
    entry = ReadablePart.objects.get(entry=done.entry_id)
    said = json.loads(entry.payload)
    assert (entry.kind, entry.corrects) == (EntryKind.CORRECTION, misprinted.entry_id)
    assert (said["by_name"], said["approved_by_name"], said["reason"]) == (
        "M. Demo",
        "Z. Demo",
        "The title was misprinted.",
    )
    assert said["issued_again"] == str(newer.entry_id)
    assert (stands(misprinted), stands(newer)) == ("superseded", "valid")


def test_strangers_are_led_to_the_one_put_right_since_the_name_is_the_same(
    misprinted: Certificate, two: tuple[User, User]
) -> None:
    approve_proposal(proposed(misprinted, two[0]), by=two[1], at=LATER)
    newer = issue(Certificate.objects.get(supersedes=misprinted))
    assert f"/verify/{newer.code}/" in verify(misprinted)


def test_a_misprint_put_right_keeps_the_name_and_what_counts(misprinted: Certificate, two: tuple[User, User]) -> None:
    renamed(misprinted.officer)
    hours = learning_of(misprinted.officer)
    approve_proposal(proposed(misprinted, two[0]), by=two[1], at=LATER)
    now = particulars_of(Certificate.objects.get(supersedes=misprinted))
    assert now is not None
    assert now.name == "Alexandra Bell", "whether to show another name is for the holder"
    assert learning_of(misprinted.officer) == hours


def test_whoever_may_not_put_a_certificate_right_is_told_why(misprinted: Certificate, two: tuple[User, User]) -> None:
    for by in (misprinted.officer, factories.person("Tim", "trainer")):
        with pytest.raises(ProposalRefused):
            proposed(misprinted, by)
    proposal = proposed(misprinted, two[0])
    with pytest.raises(NotYourDecision):
        approve_proposal(proposal, by=two[0], at=LATER)
    with pytest.raises(CertificateRefused, match="A second person decides"):
        put_certificate_right(read(misprinted), RIGHT, by=two[0], approved_by=two[0], reason="Mine.", at=LATER)
    assert Certificate.objects.count() == 1


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (PutRight("Stop and serach", "Release 3", 240), "Nothing was changed"),
        (PutRight(" ", "Release 3", 240), "what it is for"),
        (PutRight("Stop", "", 240), "by which release"),
        (PutRight("Stop", "Release 3", -1), "less than nothing"),
        (PutRight("S" * 256, "Release 3", 240), "at most 255 characters"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_a_sentence(
    misprinted: Certificate, two: tuple[User, User], wanted: PutRight, sentence: str
) -> None:
    with pytest.raises(ProposalRefused, match=sentence):
        proposed(misprinted, two[0], wanted)


def test_a_suspended_one_is_not_put_right(misprinted: Certificate, two: tuple[User, User]) -> None:
    suspend_certificate(misprinted, by=two[0], reason="Asked about.", at=LATER)
    with pytest.raises(ProposalRefused, match="is suspended since"):
        proposed(misprinted, two[0])


def test_a_qualification_is_put_right_with_its_award(officer: User, two: tuple[User, User]) -> None:
    award_qualification(officer, "FALP", AWARDED, basis="authorised")
    certificate = issue_qualification_certificate(officer, "FALP", by=officer, at=LATER)
    with pytest.raises(ProposalRefused, match="follows its award"):
        proposed(certificate, two[0])
    newer = again(certificate, renamed(officer))
    now = particulars_of(newer)
    assert now is not None
    assert (now.name, newer.supersedes_id, fact_of(newer)) == ("Sasha Bell", certificate.pk, fact_of(certificate))


def test_a_proposal_about_one_that_was_replaced_since_is_stale(misprinted: Certificate, two: tuple[User, User]) -> None:
    proposal = proposed(misprinted, two[0])
    again(misprinted, renamed(misprinted.officer))
    with pytest.raises(Stale):
        approve_proposal(proposal, by=two[1], at=LATER)


def test_an_administrator_proposes_on_the_persons_page_and_another_approves(
    misprinted: Certificate, two: tuple[User, User], signed_in: Browser
) -> None:
    author, second = signed_in(two[0]), signed_in(two[1])
    person = f"/qualifications/people/{misprinted.officer.public_id}/"
    address = f"{person}certificates/{misprinted.pk}/put-right/"
    assert address in author.get(person).content.decode()
    assert 'value="Stop and serach"' in author.get(address).content.decode()
    typed = {
        "title": "Stop and search",
        "release": "Release 3",
        "minutes_hours": "4",
        "minutes_minutes": "",
        "reason": "",
    }
    refused = author.post(address, typed).content.decode()
    assert "Say what was misprinted" in refused
    assert 'value="Stop and search"' in refused
    assert author.post(address, {**typed, "reason": "Misprinted."}).headers["Location"] == person
    page = f"/qualifications/proposals/{RecordProposal.objects.get().pk}/"
    assert "now: Stop and serach" in second.get(page).content.decode()
    second.post(page, {"do": "approve"})
    newer = Certificate.objects.get(supersedes=misprinted)
    shown = author.get(person).content.decode()
    assert f'Replaced by <a href="#certificate-{newer.code}">{newer.display_code}</a>' in shown
    assert f'Replaces <a href="#certificate-{misprinted.code}">' in shown


# --- The holder is told, and sees the chain -----------------------------------------------------------------------------


def asked_to_tell(certificate: Certificate) -> bool:
    return WaitingWork.objects.filter(kind=TELL_REPLACED, key=str(certificate.pk)).exists()


def test_the_holder_is_told_of_a_replacement_they_did_not_ask_for(
    misprinted: Certificate, two: tuple[User, User]
) -> None:
    approve_proposal(proposed(misprinted, two[0]), by=two[1], at=LATER)
    newer = Certificate.objects.get(supersedes=misprinted)
    assert work.do_work(TELL_REPLACED, str(newer.pk))
    (told,) = mail.outbox
    assert told.to == [misprinted.officer.email]
    assert told.subject == "A certificate of yours was replaced by a newer one"
    assert "?show=replaced#certificates" in str(told.body)
    for secret in ("Stop and", "misprinted", newer.code, "Bell"):
        assert secret not in told.subject + str(told.body)


def test_completing_a_course_again_tells_of_the_older_one_and_a_first_time_does_not(officer: User) -> None:
    first = award(officer)
    assert not asked_to_tell(first)
    assert asked_to_tell(award(officer))


def test_nobody_is_told_of_what_they_have_just_asked_for(officer: User) -> None:
    assert not asked_to_tell(again(issued(officer), renamed(officer)))
    award_qualification(officer, "FALP", AWARDED, basis="authorised")
    issue_qualification_certificate(officer, "FALP", by=officer, at=LATER)
    newer = issue_qualification_certificate(officer, "FALP", by=renamed(officer, "Sasha Cole"), at=LATER)
    assert newer.supersedes_id is not None
    assert not asked_to_tell(newer)


def test_the_holder_is_told_of_a_training_record_that_a_parade_replaces(officer: User) -> None:
    tables = [Table("Courses completed", ("Course",), (("Stop and search",),))]
    award_training_record(officer, tables, on=AWARDED, at=LATER, is_asked=True)
    assert asked_to_tell(award_training_record(officer, tables, on=ON, at=LATER))


def test_the_holder_is_told_of_a_withdrawal_once(officer: User, two: tuple[User, User]) -> None:
    by, approved_by = two
    first, second = issued(officer, subject="A-1"), issued(officer, subject="A-2")
    withdrawal = revoke_certificate(first, by=by, approved_by=approved_by, reason="Marked again.", at=LATER)
    assert work.do_work(TELL_WITHDRAWN, str(withdrawal.pk))
    (told,) = mail.outbox
    assert (told.to, told.subject) == ([officer.email], "A certificate of yours was withdrawn")
    assert "Marked again" not in str(told.body)
    approve_proposal(
        propose_certificate_withdrawal(read(second), by=by, at=LATER, reason="Sat by another."),
        by=approved_by,
        at=LATER,
    )
    assert WaitingWork.objects.filter(kind=TELL_WITHDRAWN).count() == 1, "the proposal tells of its own"


def test_the_holder_finds_the_chain_one_click_away(officer: User, signed_in: Browser) -> None:
    older = issued(officer)
    newer = issue(again(older, renamed(officer)))
    own = signed_in(User.objects.get(pk=officer.pk))
    page = own.get("/my/record/").content.decode()
    assert '<a href="?show=replaced#certificates">With those that were replaced</a>' in page
    assert older.get_absolute_url() not in page
    chain = own.get("/my/record/?show=replaced").content.decode()
    assert f'Replaced by <a href="{newer.get_absolute_url()}">{newer.display_code}</a>' in chain
    assert f'Replaces <a href="{older.get_absolute_url()}">{older.display_code}</a>' in chain
    assert "Without those that were replaced" in chain


def test_without_a_chain_nothing_is_said_of_replaced_ones(officer: User, signed_in: Browser) -> None:
    issued(officer)
    assert "were replaced" not in signed_in(officer).get("/my/record/").content.decode()


def test_all_that_was_recorded_says_which_replaced_which(
    misprinted: Certificate, two: tuple[User, User], signed_in: Browser
) -> None:
    approve_proposal(proposed(misprinted, two[0]), by=two[1], at=clock.now())
    newer = issue(Certificate.objects.get(supersedes=misprinted))
    by_code = {thing.code: thing for thing in everything_recorded(misprinted.officer).things if thing.code}
    old, new = by_code[misprinted.display_code], by_code[newer.display_code]
    assert (old.is_standing, old.replaced_by, old.replaces) == (False, new.code, "")
    assert (new.is_standing, new.replaced_by, new.replaces) == (True, "", old.code)
    assert old.stands.startswith("Replaced by a newer one on")
    assert [entry.reason for entry in old.entries] == ["", "The title was misprinted."]
    page = signed_in(two[0]).get(f"/qualifications/people/{misprinted.officer.public_id}/recorded/").content.decode()
    assert f'Replaced by <a href="#certificate-{newer.code}">{newer.display_code}</a>' in page
    assert "A misprint was put right: the one issued in its place says ‘Stop and search’" in page


def test_as_recorded_before_it_was_replaced_it_stands(officer: User) -> None:
    older = issued(officer)
    seal_now()
    before = last_checkpoint()
    assert before is not None
    again(older, renamed(officer))
    (thing,) = (one for one in everything_recorded(officer, known_at=before.time).things if one.code)
    assert (thing.code, thing.is_standing, thing.replaced_by) == (older.display_code, True, "")
