"""Which schemes hold for whom, and what the record brings to them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from cpd_records.ledger.checkpoints import last_checkpoint
from cpd_records.ledger.entries import append_entry
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import EntryKind, LedgerEntry, Qualification, Requirement, Scheme, SchemeInForce, SchemeRules
from cpd_records.schemes import asked_at_submission, progress_of
from cpd_records.schemes.keeping import SchemeRefused, change_rules, create_scheme, put_in_force, take_out_of_force
from cpd_records.schemes.officers import officers_under
from cpd_records.schemes.overview import overview_of
from cpd_records.schemes.reading_rules import RulesRefused, read_rules
from people import clock
from people.dated_rows import add_row
from people.models import Absence, Posting, Rank, Role, Unit, User, WorkingPattern
from people.roles import grant_role
from tests import factories
from tests.cpd_records.schemes.conftest import LONG_AGO, Record
from tests.cpd_records.schemes.examples import hours, reasons, rules

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
InForce = Callable[..., SchemeInForce]


def unit_of(person: User) -> Unit:
    return Posting.objects.in_force(TODAY).get(officer=person).unit


def codes(officer: User, on: date = TODAY) -> list[str]:
    return [progress.code for progress in progress_of(officer, on=on)]


def test_every_shipped_scheme_can_be_read_and_none_is_in_force() -> None:
    assert set(Scheme.objects.values_list("code", flat=True)) == {
        "college-model",
        "local-development-target",
        "like-nmc",
        "like-hcpc",
        "like-sra",
    }
    for row in SchemeRules.objects.all():
        assert read_rules(row.rules).period.years
    assert not SchemeInForce.objects.exists()


def test_with_no_scheme_in_force_nothing_is_asked_and_one_query_says_so(
    officer: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        assert progress_of(officer, on=TODAY) == ()
    with django_assert_num_queries(1):
        assert asked_at_submission(officer, on=TODAY) == frozenset()


def test_a_scheme_asks_at_submission_for_what_it_names_and_for_what_its_categories_need(
    officer: User, in_force: InForce
) -> None:
    in_force("local-development-target")
    assert asked_at_submission(officer, on=TODAY) == {
        "is_structured",
        "is_participatory",
        "applied",
        "no_evidence_reason",
        "on_duty",
    }


def test_several_schemes_ask_together(officer: User, in_force: InForce) -> None:
    in_force("like-nmc")
    in_force("like-sra", role=None)
    assert asked_at_submission(officer, on=TODAY) == {"is_participatory", "applied", "principles"}
    assert codes(officer) == ["like-nmc", "like-sra"]


def test_a_scheme_holds_for_the_whole_force_from_its_day_until_its_last(officer: User, in_force: InForce) -> None:
    row = in_force("like-sra", since=date(2026, 6, 1))
    assert codes(officer, date(2026, 5, 31)) == []
    assert codes(officer, date(2026, 6, 1)) == ["like-sra"]
    take_out_of_force(row, by=None, last_day=date(2026, 8, 31), reason="Not for us")
    assert codes(officer, date(2026, 8, 31)) == ["like-sra"]
    assert codes(officer, date(2026, 9, 1)) == []


def test_a_scheme_for_a_unit_holds_for_those_posted_to_it_or_below_it(team: dict[str, User], in_force: InForce) -> None:
    below = factories.unit("shift-1", parent=unit_of(team["officer"]))
    new = factories.person("Recruit R. Demo", unit=below)
    in_force("like-sra", unit=unit_of(team["officer"]))
    assert codes(team["officer"]) == codes(new) == ["like-sra"]
    assert codes(team["elsewhere"]) == []
    assert set(officers_under(Scheme.objects.get(code="like-sra"), on=TODAY)) == {
        team["officer"],
        team["sergeant"],
        team["training_admin"],
        new,
    }


def test_a_scheme_for_a_role_or_a_rank_holds_for_those_who_hold_it(team: dict[str, User], in_force: InForce) -> None:
    grant_role(team["elsewhere"], "tutor-constable", by=None, valid_from=LONG_AGO)
    in_force("like-sra", role=Role.objects.get(code="tutor-constable"))
    in_force("like-hcpc", rank=Rank.objects.get(code="constable"))
    assert codes(team["elsewhere"]) == ["like-sra"]
    assert codes(team["officer"]) == ["like-hcpc"]
    assert codes(team["sergeant"]) == []
    assert list(officers_under(Scheme.objects.get(code="like-hcpc"), on=TODAY)) == [team["officer"]]
    assert list(officers_under(Scheme.objects.get(code="like-nmc"), on=TODAY)) == []


def test_courses_verified_activities_and_imports_count_and_certificates_do_not(
    officer: User, in_force: InForce, recorded: Record
) -> None:
    in_force("local-development-target")
    recorded(officer, "Mental health course", "2026-05-01", 240, kind=EntryKind.COMPLETION)
    recorded(officer, "Briefing", "2026-06-01", 60, structured=False, participatory=True, has_reflection=True)
    recorded(officer, "An older course", "2026-06-02", 120, kind=EntryKind.IMPORTED)
    recorded(officer, "Certificate", "2026-06-03", 240, kind=EntryKind.CERTIFICATE)
    (found,) = progress_of(officer, on=TODAY)
    assert {target.target.title: target.counted for target in found.targets} == {
        "In all": 7 * 60,
        "Structured": 4 * 60,
        "With others": 60,
    }
    assert reasons(found)["An older course"] == "The record does not say whether it was structured."


def test_an_entry_counts_as_its_last_correction_has_it(officer: User, in_force: InForce, recorded: Record) -> None:
    in_force("local-development-target")
    wrong = recorded(officer, "Briefing", "2026-06-01", 600, has_reflection=True, structured=True)
    twice = recorded(officer, "The same briefing", "2026-06-01", 60, has_reflection=True)
    for entry, minutes, reason in ((wrong, 60, "One hour, not ten"), (twice, 0, "Recorded twice")):
        with transaction.atomic():
            append_entry(
                kind=EntryKind.CORRECTION,
                officer=officer.public_id,
                day=date(2026, 6, 2),
                minutes=minutes,
                corrects=entry.pk,
                payload={"reason": reason, "by": "Sergeant D. Demo", "approved_by": "Inspector C. Demo"},
            )
    (found,) = progress_of(officer, on=TODAY)
    assert found.targets[0].counted == 60
    corrected = next(entry.learning for entry in found.entries if entry.learning.title == "Briefing")
    assert (corrected.minutes, corrected.day, corrected.structured) == (60, date(2026, 6, 2), True)
    assert reasons(found)["The same briefing"] == "A correction took it back: Recorded twice"


def require(code: str, **whom: Any) -> None:
    qualification = Qualification.objects.get(code=code)
    subject = {"qualification": qualification, "role": None, "rank": None, "unit": None, **whom}
    add_row(Requirement, subject=subject, by=None, valid_from=date(2026, 5, 1))


def award(who: User, code: str, day: str, minutes: int | None, **said: Any) -> LedgerEntry:
    with transaction.atomic():
        return append_entry(
            kind=EntryKind.QUALIFICATION,
            officer=who.public_id,
            day=date.fromisoformat(day),
            minutes=minutes,
            subject=code,
            payload={"title": f"Training for {code}", **said},
        )


def test_training_that_a_role_required_on_its_day_is_mandatory(
    officer: User, in_force: InForce, recorded: Record
) -> None:
    in_force("local-development-target")
    require("PPST", rank=Rank.objects.get(code="constable"))
    require("FALP", rank=Rank.objects.get(code="sergeant"))
    course = recorded(officer, "Safety training", "2026-06-01", 720, kind=EntryKind.COMPLETION)
    award(officer, "PPST", "2026-06-01", 720, basis="course", completion=str(course.pk))
    award(officer, "PPST", "2026-07-01", 720, basis="imported")
    award(officer, "PPST", "2026-04-05", 60, basis="imported")
    award(officer, "FALP", "2026-07-02", 360, basis="authorised")
    award(officer, "DP", "2026-07-03", None, basis="imported")
    (found,) = progress_of(officer, on=TODAY)
    assert {(entry.learning.title, entry.learning.day.month): entry.learning.mandatory for entry in found.entries} == {
        ("Safety training", 6): True,
        ("Training for PPST", 7): True,
        ("Training for PPST", 4): False,
        ("Training for FALP", 7): False,
    }
    # 24 h of required training count as 15, with 1 h before it was required and 6 h that only sergeants need.
    assert found.targets[0].counted == (15 + 1 + 6) * 60


def test_an_award_that_was_never_true_counts_for_nothing(officer: User, in_force: InForce) -> None:
    in_force("local-development-target")
    wrong = award(officer, "PPST", "2026-07-01", 720, basis="imported")
    with transaction.atomic():
        append_entry(
            kind=EntryKind.CORRECTION,
            officer=officer.public_id,
            day=date(2026, 7, 1),
            minutes=720,
            subject="PPST",
            corrects=wrong.pk,
            payload={"reason": "Another officer's", "by": "H. Demo", "approved_by": "Inspector C. Demo", "void": True},
        )
    (found,) = progress_of(officer, on=TODAY)
    assert reasons(found) == {"Training for PPST": "A correction took it back: Another officer's"}


def test_absence_part_time_and_the_first_posting_reduce_targets(officer: User, in_force: InForce) -> None:
    in_force("local-development-target")
    add_row(
        Absence,
        subject={"officer": officer},
        by=None,
        valid_from=date(2026, 4, 1),
        valid_until=date(2026, 9, 30),
        kind="parental",
    )
    add_row(WorkingPattern, subject={"officer": officer}, by=None, valid_from=date(2026, 10, 1), percent=60)
    (found,) = progress_of(officer, on=TODAY)
    assert found.targets[0].asked == 9 * 60
    assert found.share == "Targets are reduced to 30 % for absence and part-time work."
    new = factories.person("Recruit R. Demo")
    factories.posting(new, unit_of(officer), since=date(2026, 10, 1))
    (found,) = progress_of(new, on=TODAY)
    assert found.targets[0].asked == 15 * 60


def test_ten_years_of_entries_cost_no_more_queries_than_none(
    officer: User, in_force: InForce, recorded: Record, django_assert_max_num_queries: Any
) -> None:
    in_force("local-development-target", unit=unit_of(officer))
    for year in range(2020, 2026):
        recorded(officer, f"Briefing {year}", f"{year}-05-01", has_reflection=True)
    with django_assert_max_num_queries(8):
        progress_of(officer, on=TODAY)


# --- Keeping schemes


def test_changed_rules_hold_from_their_day_and_past_periods_keep_theirs(officer: User, in_force: InForce) -> None:
    in_force("local-development-target")
    scheme = Scheme.objects.get(code="local-development-target")
    fewer = rules(targets=[hours("In all", 20)])
    change_rules(scheme, fewer, by=None, valid_from=date(2026, 4, 1), reason="Agreed with the federation")
    assert progress_of(officer, on=date(2026, 3, 31))[0].targets[0].asked == 30 * 60
    assert progress_of(officer, on=date(2026, 4, 1))[0].targets[0].asked == 20 * 60
    again = rules(targets=[hours("In all", 21)])
    change_rules(scheme, again, by=None, valid_from=date(2026, 4, 1), reason="A slip")
    assert progress_of(officer, on=date(2026, 4, 1))[0].targets[0].asked == 21 * 60
    earlier = rules(targets=[hours("In all", 25)])
    change_rules(scheme, earlier, by=None, valid_from=date(2025, 4, 1), reason="Found in the minutes")
    assert [progress_of(officer, on=day)[0].targets[0].asked // 60 for day in (date(2025, 5, 1), TODAY)] == [25, 21]
    assert progress_of(officer, on=date(2025, 3, 31))[0].targets[0].asked == 30 * 60


def test_rules_that_are_the_same_or_that_no_scheme_can_have_are_refused() -> None:
    scheme = Scheme.objects.get(code="like-sra")
    kept = read_rules(SchemeRules.objects.get(scheme=scheme).rules)
    with pytest.raises(SchemeRefused, match="These are the rules already"):
        change_rules(scheme, kept, by=None, valid_from=TODAY, reason="Again")
    with pytest.raises(SchemeRefused, match="Say why"):
        change_rules(scheme, rules(), by=None, valid_from=TODAY, reason=" \u200b ")
    with pytest.raises(SchemeRefused, match="300 fit"):
        change_rules(scheme, rules(), by=None, valid_from=TODAY, reason="x" * 301)
    with pytest.raises(SchemeRefused, match="Choose a day"):
        change_rules(scheme, rules(), by=None, valid_from=date(1999, 12, 31), reason="Long ago")
    unknown = rules(never=[{"title": "Dreams", "of": {"kind": "dreaming"}}])
    with pytest.raises(RulesRefused, match="There is no kind of learning 'dreaming'"):
        change_rules(scheme, unknown, by=None, valid_from=TODAY, reason="Dreams")


def test_a_scheme_of_the_forces_own_is_a_local_default() -> None:
    made = create_scheme("ours", title=" Our  target ", source="", rules=rules(), by=None, valid_from=TODAY)
    assert (made.title, made.is_local_default) == ("Our target", True)
    with pytest.raises(SchemeRefused, match="already"):
        create_scheme("ours", title="Another", source="", rules=rules(), by=None, valid_from=TODAY)
    with pytest.raises(SchemeRefused, match="Give the scheme a name"):
        create_scheme("theirs", title="\u200b", source="", rules=rules(), by=None, valid_from=TODAY)


def test_a_scheme_is_in_force_once_for_the_same_people_and_only_with_rules(officer: User, in_force: InForce) -> None:
    in_force("like-sra")
    with pytest.raises(SchemeRefused, match="in force for them already"):
        in_force("like-sra", since=TODAY)
    with pytest.raises(SchemeRefused, match="not several"):
        in_force("like-nmc", unit=unit_of(officer), rank=Rank.objects.get(code="constable"))
    with pytest.raises(SchemeRefused, match="last day is before"):
        in_force("like-nmc", since=TODAY, valid_until=LONG_AGO)
    new = create_scheme("ours", title="Ours", source="", rules=rules(), by=None, valid_from=TODAY)
    with pytest.raises(SchemeRefused, match="has no rules on 1 January 2020"):
        put_in_force(new, by=None, valid_from=LONG_AGO, reason="Too early")


def test_what_has_ended_is_not_ended_later(in_force: InForce) -> None:
    row = in_force("like-sra", valid_until=date(2026, 3, 31))
    with pytest.raises(SchemeRefused, match="It ends on 31 March 2026 already"):
        take_out_of_force(row, by=None, last_day=TODAY, reason="Later")


def test_progress_as_known_at_a_time_is_cut_by_the_last_checkpoint_by_then(
    officer: User, in_force: InForce, recorded: Record
) -> None:
    in_force("local-development-target")
    recorded(officer, "Briefing", "2026-06-01", 60, has_reflection=True)
    seal_now()
    before = last_checkpoint()
    assert before
    recorded(officer, "Another briefing", "2026-06-02", 120, has_reflection=True)
    (now,) = progress_of(officer, on=TODAY)
    (then,) = progress_of(officer, on=TODAY, known_at=before.time)
    assert (now.targets[0].counted, then.targets[0].counted) == (180, 60)
    assert progress_of(officer, on=TODAY, known_at=before.time - timedelta(days=1)) == ()
    seal_now()
    assert progress_of(officer, on=TODAY, known_at=before.time) == (then,)
    overview = overview_of(officer, on=TODAY, known_at=before.time)
    assert (overview.footing.size, overview.minutes) == (before.size, 60)
    assert not overview.may_declare
    assert overview_of(officer, on=TODAY).footing.size == before.size + 1


def test_the_page_asks_about_another_day_and_names_the_tree_it_rests_on(
    officer: User, in_force: InForce, recorded: Record, signed_in: Callable[[User], Client]
) -> None:
    recorded(officer, "Briefing", "2026-06-01", 60)
    seal_now()
    browser, yesterday = signed_in(officer), clock.today() - timedelta(days=1)
    now = browser.get("/cpd/progress/").content.decode()
    assert "This answer rests on everything recorded until now: 1 sealed entry of the ledger" in now
    then = browser.get("/cpd/progress/", {"known_on": f"{yesterday:%d/%m/%Y}"}).content.decode()
    assert "this answer rests on the first 0 entries of the ledger" in then
    assert "Enter a day" in browser.get("/cpd/progress/", {"known_on": "soon"}).content.decode()
