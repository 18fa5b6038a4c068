"""A finished course awards the qualifications it leads to: with the completion or not at all, and taken back with it."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from courses.leading import what_contradicts
from courses.models import Completion
from courses.progress import complete_course
from courses.qualifying import known_qualifications
from cpd_records.certificates.revoking import revoke_certificate
from cpd_records.currency import Verdict, currency_of
from cpd_records.models import EntryKind, ReadablePart
from cpd_records.qualifications.rules import Terms, change_rule, rule_on
from cpd_records.schemes.record import learning_of
from people import clock
from tests.courses.factories import do_lessons, enrolled, release
from tests.cpd_records.currency.acts import award, make_qualification, qualification

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _qualifications(db):
    make_qualification("CARE", "Care in custody", validity_months=24)
    make_qualification("EVER", "Once", validity_months=None)
    make_qualification("TALK", "Talking first", validity_months=24)


def leading(*codes, **more):
    return release(leads_to=codes, **more)


def finished(officer, made):
    do_lessons(enrolled(officer, made, at=clock.now()), at=clock.now())
    return Completion.objects.select_related("certificate", "entry__readable").get(enrolment__officer=officer)


def verdict(officer, code, *, on=None):
    found = currency_of(officer, on=on or clock.today()).qualifications
    return next((one for one in found if one.code == code), None)


def entries(officer, kind):
    return list(ReadablePart.objects.filter(officer=officer.public_id, kind=kind).order_by("recorded_at"))


def test_a_finished_course_awards_what_it_leads_to(person):
    officer = person()
    completion = finished(officer, leading("CARE"))
    found = verdict(officer, "CARE")
    assert found.verdict == Verdict.IN_DATE
    assert found.valid_until == completion.certificate.valid_until == completion.entry.readable.valid_until
    said = json.loads(entries(officer, EntryKind.QUALIFICATION)[0].payload)
    assert (said["basis"], said["completion"], said["course"]) == ("course", str(completion.entry_id), "ETH-900")
    assert said["title"] == "Saying so"


def test_a_course_that_leads_to_two_awards_both(person):
    officer = person()
    finished(officer, leading("CARE", "TALK"))
    assert {part.subject for part in entries(officer, EntryKind.QUALIFICATION)} == {"CARE", "TALK"}


def test_a_course_that_leads_to_nothing_awards_nothing_and_lasts_as_its_release_says(person):
    officer = person()
    completion = finished(officer, release(validity_months=6))
    assert entries(officer, EntryKind.QUALIFICATION) == []
    assert completion.certificate.valid_until > clock.today() + timedelta(days=150)


def test_the_length_counts_once_with_the_completion(person):
    officer = person()
    finished(officer, leading("CARE", minutes=60))
    assert [(one.title, one.minutes) for one in learning_of(officer)] == [("Saying so", 60)]


def test_completion_award_and_certificate_are_one(person, monkeypatch):
    officer = person()
    enrolment = enrolled(officer, leading("CARE"), at=clock.now())

    def fails(*args, **more):
        raise RuntimeError("no certificate today")

    monkeypatch.setattr("courses.progress.award_certificate", fails)
    with pytest.raises(RuntimeError), transaction.atomic():
        do_lessons(enrolment, at=clock.now())
    assert not ReadablePart.objects.filter(officer=officer.public_id).exists()
    assert not Completion.objects.exists()


def test_the_certificate_keeps_the_anniversary_where_the_qualification_does(person):
    make_qualification("KEEP", "Kept", validity_months=12, early_renewal_days=30)
    officer, today = person(), clock.today()
    award(officer, "KEEP", today - timedelta(days=350))
    ends = verdict(officer, "KEEP").valid_until
    completion = finished(officer, leading("KEEP", validity_months=12))
    assert completion.certificate.valid_until == verdict(officer, "KEEP").valid_until
    assert completion.certificate.valid_until - ends > timedelta(days=364)


def test_a_rule_that_changed_since_the_release_decides_for_the_certificate_too(person):
    officer, made = person(), leading("CARE", validity_months=24)
    shorter = replace(Terms.of(rule_on(qualification("CARE"), clock.today())), validity_months=12)
    change_rule(qualification("CARE"), terms=shorter, by=None, valid_from=clock.today())
    completion = finished(officer, made)
    assert completion.certificate.valid_until == verdict(officer, "CARE").valid_until
    assert completion.certificate.valid_until <= clock.today() + timedelta(days=366)


def test_the_first_to_end_is_the_last_day_of_the_certificate(person):
    make_qualification("LONG", "Long", validity_months=None)
    officer = person()
    completion = finished(officer, leading("LONG", "CARE"))
    assert completion.certificate.valid_until == verdict(officer, "CARE").valid_until
    assert verdict(officer, "LONG").valid_until is None


def test_a_certificate_that_is_withdrawn_takes_the_award_back(person):
    officer, other = person(), person("Another", "training-admin")
    completion = finished(officer, leading("CARE"))
    revoke_certificate(
        completion.certificate, by=other, approved_by=person(), reason="The attempt was re-marked.", at=clock.now()
    )
    assert verdict(officer, "CARE") is None
    correction = entries(officer, EntryKind.CORRECTION)[0]
    said = json.loads(correction.payload)
    assert (said["void"], said["reason"], said["by"]) == (True, "The attempt was re-marked.", str(other.public_id))


def test_what_another_source_awarded_stays_when_a_certificate_is_withdrawn(person):
    officer, other = person(), person("Another", "training-admin")
    award(officer, "CARE", clock.today() - timedelta(days=5))
    completion = finished(officer, leading("CARE"))
    revoke_certificate(completion.certificate, by=other, approved_by=person(), reason="A mistake.", at=clock.now())
    assert verdict(officer, "CARE").valid_from == clock.today() - timedelta(days=5)


def test_after_a_withdrawal_the_course_awards_again(person):
    officer, other, made = person(), person("Another", "training-admin"), leading("CARE")
    completion = finished(officer, made)
    revoke_certificate(completion.certificate, by=other, approved_by=person(), reason="A mistake.", at=clock.now())
    do_lessons(enrolled(officer, made, at=clock.now()), at=clock.now())
    assert verdict(officer, "CARE").verdict == Verdict.IN_DATE


@pytest.mark.parametrize(
    ("codes", "months", "said"),
    [
        (["CARE"], 24, []),
        ([], 7, []),
        (["CARE"], 12, ["It lasts 12 months, but it leads to Care in custody, which lasts 24 months by its rule. Write 24 months."]),
        (["CARE"], None, ["It does not expire, but it leads to Care in custody, which lasts 24 months by its rule. Write 24 months."]),
        (["EVER"], 1, ["It lasts 1 month, but it leads to Once, which does not lapse by its rule. Let it not expire."]),
        (["NONE"], 24, ["It leads to the qualification 'NONE', and there is none of that code. Choose one there is, or take it out."]),
        (
            ["CARE", "PPST"],
            24,
            [
                "It leads to Care in custody (24 months) and to Public and personal safety training (12 months). A certificate has one "
                "last day, so a course leads only to qualifications that last equally long."
            ],
        ),
    ],
)  # fmt: skip
def test_course_and_qualification_never_say_different_days(codes, months, said):
    known = known_qualifications(codes, on=date(2026, 11, 28))
    assert [fault.sentence for fault in what_contradicts(codes, months, known)] == said


def test_finishing_twice_awards_once(person):
    officer = person()
    completion = finished(officer, leading("CARE"))
    assert complete_course(completion.enrolment, at=clock.now()) == completion
    assert len(entries(officer, EntryKind.QUALIFICATION)) == 1
