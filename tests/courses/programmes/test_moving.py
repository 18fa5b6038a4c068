"""What is decided about a recruit, told as it happens; every illegal move refused by a sentence."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from courses.models import Intake, Recruit, RecruitState
from courses.programmes.moving import (
    Kind,
    back_course,
    end_beside,
    end_phase,
    keep_record,
    last_seen,
    record_beside,
    record_end,
)
from courses.programmes.recruits import path_of, standing_on
from courses.programmes.refusals import MovedMeanwhile, NotYours, RecruitRefused
from cpd_records.certificates.checking import answer_for_code
from cpd_records.models import Certificate, EntryKind, ReadablePart
from people.models import User
from tests import factories
from tests.courses.programmes.acts import START, administrator, intake, noon, qualify, recruit, release, weeks
from tests.cpd_records.certificate_acts import issue, stored_bytes, text_of

pytestmark = pytest.mark.django_db


def done(who: Recruit, by: User, week: int, **more: object) -> RecruitState | None:
    """Decide that the present phase is over after so many weeks."""
    day = weeks(week)
    return end_phase(who, by=by, at=noon(day), on=day, reason="All of it was seen", **more)  # type: ignore[arg-type]


def reported(who: Recruit, by: User, week: int = 5) -> None:
    keep_record(who, "report", by=by, at=noon(weeks(week)), on=weeks(week), words="Kept with the tutor’s file")


def at_the_last_phase(rae: Recruit, ada: User, sergeant: User) -> None:
    qualify(rae)
    done(rae, ada, 4)
    reported(rae, sergeant)
    done(rae, sergeant, 6)


def test_a_recruit_goes_from_the_first_phase_to_confirmation(rae: Recruit, ada: User, sergeant: User) -> None:
    at_the_last_phase(rae, ada, sergeant)
    assert standing_on(rae, weeks(6)).phase == "confirmation"
    assert standing_on(rae, weeks(6)).patrol_since == weeks(6)
    record_end(rae, Kind.CONFIRMED, by=ada, at=noon(weeks(7)), on=weeks(7), reason="Fit to be confirmed")
    stands = standing_on(rae, weeks(7))
    assert (stands.ended, stands.ended_on, stands.phase) == (Kind.CONFIRMED, weeks(7), "")
    rae.refresh_from_db()
    assert rae.closed_at == noon(weeks(7))


def test_every_decision_is_an_entry_in_the_ledger_with_who_and_why(rae: Recruit, ada: User, sergeant: User) -> None:
    at_the_last_phase(rae, ada, sergeant)
    entries = ReadablePart.objects.filter(officer=rae.officer.public_id, kind=EntryKind.DECISION)
    said = [json.loads(payload) for payload in entries.order_by("recorded_at").values_list("payload", flat=True)]
    assert [one["decision"] for one in said] == ["phase_done", "record_kept", "phase_done", "patrol"]
    assert said[0]["reason"] == "All of it was seen"
    assert said[0]["by"] == str(ada.public_id)
    assert said[0]["release_digest"] == rae.release.digest


def test_independent_patrol_comes_with_a_letter(rae: Recruit, ada: User, sergeant: User) -> None:
    at_the_last_phase(rae, ada, sergeant)
    letter = Certificate.objects.get(officer=rae.officer)
    assert (letter.subject, letter.title, letter.awarded_on) == ("TEST-PATROL", "Independent patrol", weeks(6))
    text = text_of(stored_bytes(issue(letter)))
    assert "has been granted Independent patrol Two-phase programme, release 1 Granted 16 February 2026" in text
    assert "Letter of independent patrol" in text
    assert "Learning 0" not in text, "no time of learning is certified"
    assert "Learning" not in dict(answer_for_code(letter.code, on=weeks(6)).rows)


def test_a_phase_is_not_over_while_something_is_missing(rae: Recruit, ada: User, sergeant: User) -> None:
    with pytest.raises(RecruitRefused, match=r"‘Foundation’ is not done\. First aid: Never held"):
        done(rae, ada, 4)
    qualify(rae)
    done(rae, ada, 4)
    with pytest.raises(RecruitRefused, match=r"‘Tutor phase’ is not done\. Tutor’s report: Not recorded yet"):
        done(rae, sergeant, 6)
    assert standing_on(rae, weeks(6)).phase == "tutor"


def test_who_decides_is_who_the_phase_names(rae: Recruit, ada: User, sergeant: User) -> None:
    qualify(rae)
    with pytest.raises(NotYours, match="‘Foundation’ is decided by a training administrator"):
        done(rae, sergeant, 4)
    done(rae, ada, 4)
    reported(rae, ada)
    with pytest.raises(NotYours, match="‘Tutor phase’ is decided by a supervisor of the recruit"):
        done(rae, ada, 6)


def test_nobody_decides_about_themselves(ada: User, where: Intake) -> None:
    other = administrator("Bea Demo")
    own = recruit(where, by=ada, name="Own")
    from_admin = Recruit.objects.get(pk=own.pk)
    from_admin.officer = other
    from_admin.save()
    for act in (
        lambda: done(own, other, 4),
        lambda: back_course(own, where, by=other, at=noon(START), on=START, cause="exam", reason="Why"),
        lambda: record_beside(own, Kind.PAUSED, by=other, at=noon(START), on=START, reason="Why"),
        lambda: end_beside(own, Kind.PAUSED, by=other, at=noon(START), on=weeks(1), reason="Why"),
        lambda: record_end(own, Kind.LEFT, by=other, at=noon(START), on=weeks(1), reason="Why"),
        lambda: keep_record(own, "report", by=other, at=noon(START), on=START, words="Mine"),
    ):
        with pytest.raises(NotYours, match="You cannot decide about your own training"):
            act()


def test_a_phase_does_not_end_before_it_began(rae: Recruit, ada: User) -> None:
    qualify(rae)
    with pytest.raises(RecruitRefused, match="‘Foundation’ began on 5 January 2026, so it cannot be over by 5 January"):
        done(rae, ada, 0)
    with pytest.raises(RecruitRefused, match="They began on 5 January 2026"):
        end_phase(rae, by=ada, at=noon(START), on=START - timedelta(days=1), reason="Too early")
    with pytest.raises(RecruitRefused, match=r"2 February 2026 is still to come\. Record it when the day has come"):
        end_phase(rae, by=ada, at=noon(START), on=weeks(4), reason="Too late")
    with pytest.raises(RecruitRefused, match="more than a year ahead"):
        record_beside(rae, Kind.PAUSED, by=ada, at=noon(START), on=date(2027, 2, 1), reason="Absence")


def test_after_the_last_phase_there_is_confirmation_only(rae: Recruit, ada: User, sergeant: User) -> None:
    at_the_last_phase(rae, ada, sergeant)
    with pytest.raises(RecruitRefused, match=r"‘Confirmation’ is the last phase\. Confirm them in rank instead"):
        done(rae, ada, 7)


def test_a_recruit_is_moved_to_a_later_intake_and_the_phase_begins_anew(rae: Recruit, ada: User, where: Intake) -> None:
    later = intake("Intake B", by=ada, starts_on=weeks(8), of=where.release)
    back_course(rae, later, by=ada, at=noon(weeks(3)), on=weeks(8), cause="injury", reason="A broken wrist")
    assert standing_on(rae, weeks(3)).intake == where.pk
    stands = standing_on(rae, weeks(8))
    assert (stands.intake, stands.phase, stands.since) == (later.pk, "foundation", weeks(8))
    assert RecruitState.objects.get(intake=later).cause == "injury"


def test_whoever_waits_for_a_later_intake_is_in_no_phase_until_it_begins(
    rae: Recruit, ada: User, where: Intake
) -> None:
    later = intake("Intake B", by=ada, starts_on=weeks(8), of=where.release)
    back_course(rae, later, by=ada, at=noon(weeks(3)), on=weeks(3), cause="injury", reason="A broken wrist")
    waits = standing_on(rae, weeks(5))
    assert (waits.intake, waits.phase) == (later.pk, "")
    path = path_of(rae, weeks(5))
    assert path.present is None
    assert [(one.phase.slug, one.starts_on, one.is_done) for one in path.phases] == [
        ("foundation", weeks(8), False),
        ("tutor", weeks(12), False),
        ("confirmation", weeks(14), False),
    ]
    with pytest.raises(RecruitRefused, match="They are in no phase on that day"):
        done(rae, ada, 5)


def test_a_move_recorded_late_replaces_what_was_recorded_after_its_day(rae: Recruit, ada: User, where: Intake) -> None:
    qualify(rae)
    done(rae, ada, 5)
    later = intake("Intake B", by=ada, starts_on=weeks(2), of=where.release)
    back_course(rae, later, by=ada, at=noon(weeks(6)), on=weeks(4), cause="exam", reason="The test was not passed")
    assert standing_on(rae, weeks(3)).phase == "foundation"
    assert (standing_on(rae, weeks(6)).phase, standing_on(rae, weeks(6)).since) == ("foundation", weeks(4))


def test_a_phase_is_not_ended_before_the_next_that_is_recorded(rae: Recruit, ada: User) -> None:
    qualify(rae)
    done(rae, ada, 5)
    with pytest.raises(
        RecruitRefused, match=r"‘Tutor phase’ is recorded from 9 February 2026\. Decide from that day on"
    ):
        end_phase(rae, by=ada, at=noon(weeks(6)), on=weeks(4), reason="It was earlier")


def test_back_coursing_goes_to_a_later_intake_of_the_same_programme_for_a_known_cause(
    rae: Recruit, ada: User, where: Intake
) -> None:
    earlier = intake("Earlier", by=ada, starts_on=START - timedelta(weeks=4), of=where.release)
    other = intake("Other", by=ada, starts_on=weeks(8), of=release("OTHER", title="Other"))
    for there, cause, says in (
        (earlier, "exam", "an intake that began later than theirs"),
        (where, "exam", "an intake that began later than theirs"),
        (other, "exam", "Other follows another programme"),
        (other, "bad luck", "Choose the cause from the list"),
    ):
        with pytest.raises(RecruitRefused, match=says):
            back_course(rae, there, by=ada, at=noon(START), on=weeks(1), cause=cause, reason="Why")


def test_a_pause_stops_the_phase_until_it_is_over(rae: Recruit, ada: User) -> None:
    qualify(rae)
    record_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Absence")
    with pytest.raises(RecruitRefused, match=r"Their training is paused\. Resume it first"):
        done(rae, ada, 4)
    end_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(3)), on=weeks(3), reason="Back at work")
    assert standing_on(rae, weeks(3) - timedelta(days=1)).is_paused
    assert not standing_on(rae, weeks(3)).is_paused
    done(rae, ada, 4)


def test_what_stands_is_not_recorded_twice_and_what_does_not_stand_is_not_ended(rae: Recruit, ada: User) -> None:
    record_beside(rae, Kind.ACTION_PLAN, by=ada, at=noon(weeks(1)), on=weeks(1), reason="Two failed tests")
    with pytest.raises(RecruitRefused, match="Action plan: that stands already"):
        record_beside(rae, Kind.ACTION_PLAN, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Again")
    with pytest.raises(RecruitRefused, match="Paused: that does not stand on this day"):
        end_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Over")


def test_what_was_opened_today_may_be_closed_today_and_then_never_stood(rae: Recruit, ada: User) -> None:
    record_beside(rae, Kind.ACTION_PLAN, by=ada, at=noon(weeks(1)), on=weeks(1), reason="Meant for somebody else")
    end_beside(rae, Kind.ACTION_PLAN, by=ada, at=noon(weeks(1)), on=weeks(1), reason="Recorded by mistake")
    assert not standing_on(rae, weeks(1)).has(Kind.ACTION_PLAN)


def test_two_of_a_kind_share_no_day(rae: Recruit, ada: User) -> None:
    record_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(1)), on=weeks(3), reason="Absence to come")
    with pytest.raises(RecruitRefused, match="Paused: one is recorded for part of that time already"):
        record_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(1)), on=weeks(2), reason="Absence")


def test_an_extension_of_probation_says_until_when(rae: Recruit, ada: User) -> None:
    for until, says in ((None, "Say until when"), (START, "The end is before the beginning")):
        with pytest.raises(RecruitRefused, match=says):
            record_beside(
                rae, Kind.EXTENDED, by=ada, at=noon(weeks(1)), on=weeks(1), until=until, reason="Under regulation 12"
            )
    record_beside(
        rae, Kind.EXTENDED, by=ada, at=noon(weeks(1)), on=weeks(1), until=weeks(60), reason="Under regulation 12"
    )
    (extension,) = standing_on(rae, weeks(2)).beside
    assert (extension.kind, extension.until, extension.reason) == (Kind.EXTENDED, weeks(60), "Under regulation 12")
    with pytest.raises(IntegrityError), transaction.atomic():
        RecruitState.objects.create(
            recruit=rae, kind="extended", valid_from=START, recorded_at=noon(START), recorded_by=ada
        )


def test_a_discharge_follows_its_consideration(rae: Recruit, ada: User) -> None:
    def discharge() -> None:
        record_end(rae, Kind.DISCHARGED, by=ada, at=noon(weeks(5)), on=weeks(5), reason="Regulation 13", evidence="R1")

    with pytest.raises(RecruitRefused, match="A discharge follows its consideration under regulation 13"):
        discharge()
    record_beside(rae, Kind.DISCHARGE_CONSIDERED, by=ada, at=noon(weeks(4)), on=weeks(4), reason="Notice given")
    discharge()
    stands = standing_on(rae, weeks(5))
    assert (stands.ended, stands.beside) == (Kind.DISCHARGED, ())


def test_an_end_is_recorded_when_its_day_has_come_and_ends_what_was_to_begin(rae: Recruit, ada: User) -> None:
    record_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(1)), on=weeks(3), reason="Absence to come")
    with pytest.raises(RecruitRefused, match="is still to come"):
        record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(1)), on=weeks(2), reason="Resigned")
    record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Resigned")
    stands = standing_on(rae, weeks(4))
    assert (stands.ended, stands.phase, stands.beside) == (Kind.LEFT, "", ())


def test_nothing_follows_after_the_end(rae: Recruit, ada: User) -> None:
    record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(2)), on=weeks(2), reason="Resigned")
    qualify(rae)
    for act in (
        lambda: done(rae, ada, 4),
        lambda: record_beside(rae, Kind.PAUSED, by=ada, at=noon(weeks(3)), on=weeks(3), reason="Why"),
        lambda: record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(3)), on=weeks(3), reason="Again"),
    ):
        with pytest.raises(RecruitRefused, match="Left on 19 January 2026: nothing follows after that"):
            act()


def test_confirmation_is_of_the_last_phase(rae: Recruit, ada: User) -> None:
    with pytest.raises(RecruitRefused, match="Only somebody in the last phase, ‘Confirmation’, can be confirmed"):
        record_end(rae, Kind.CONFIRMED, by=ada, at=noon(weeks(1)), on=weeks(1), reason="In a hurry")


def test_of_two_administrators_at_once_the_second_is_told(rae: Recruit, ada: User) -> None:
    seen = last_seen(rae)
    other = administrator("Bea Demo")
    record_beside(rae, Kind.PAUSED, by=other, at=noon(weeks(1)), on=weeks(1), reason="Absence", seen=seen)
    with pytest.raises(MovedMeanwhile, match=r"Bea Demo recorded something about this recruit at .* nothing of yours"):
        record_end(rae, Kind.LEFT, by=ada, at=noon(weeks(1)), on=weeks(1), reason="Resigned", seen=seen)
    assert standing_on(rae, weeks(1)).ended is None


def test_who_is_nobody_to_them_decides_nothing(rae: Recruit) -> None:
    stranger = factories.person("Sid Demo", "supervisor", unit=factories.unit("elsewhere"))
    for act, says in (
        (lambda: done(rae, stranger, 4), "is decided by a training administrator"),
        (
            lambda: record_beside(rae, Kind.ACTION_PLAN, by=stranger, at=noon(START), on=START, reason="Why"),
            "somebody who supervises this recruit today",
        ),
        (
            lambda: record_beside(rae, Kind.PAUSED, by=stranger, at=noon(START), on=START, reason="Why"),
            "Paused: only a training administrator records that",
        ),
        (
            lambda: keep_record(rae, "report", by=stranger, at=noon(START), on=START, words="Seen"),
            "somebody who supervises this recruit today",
        ),
    ):
        with pytest.raises(NotYours, match=says):
            act()


def test_a_record_is_kept_once_for_a_day_gone_by(rae: Recruit, ada: User) -> None:
    with pytest.raises(RecruitRefused, match="is still to come"):
        keep_record(rae, "report", by=ada, at=noon(START), on=weeks(1), words="Soon")
    with pytest.raises(RecruitRefused, match="asks for no such record"):
        keep_record(rae, "ballet", by=ada, at=noon(START), on=START, words="Danced")
    with pytest.raises(RecruitRefused, match="Say in a sentence what was done"):
        keep_record(rae, "report", by=ada, at=noon(START), on=START, words=" . ")
    first = keep_record(rae, "report", by=ada, at=noon(START), on=START, words="Kept in the file")
    assert keep_record(rae, "report", by=ada, at=noon(weeks(1)), on=weeks(1), words="Twice") == first


def test_a_reason_is_asked_for_and_is_short(rae: Recruit, ada: User) -> None:
    for reason, says in (("", "Say why"), ("x" * 301, "301 characters long and 300 fit")):
        with pytest.raises(RecruitRefused, match=says):
            record_beside(rae, Kind.PAUSED, by=ada, at=noon(START), on=START, reason=reason)


def test_a_day_gone_by_is_answered_as_it_was_known_then(rae: Recruit, ada: User, where: Intake) -> None:
    record_beside(rae, Kind.ACTION_PLAN, by=ada, at=noon(weeks(1)), on=weeks(1), reason="Two failed tests")
    before = RecruitState.objects.get(kind="action_plan").recorded_at
    end_beside(rae, Kind.ACTION_PLAN, by=ada, at=noon(weeks(2)), on=weeks(2), reason="All passed")
    assert standing_on(rae, weeks(2), known_at=before).has(Kind.ACTION_PLAN)
    assert not standing_on(rae, weeks(2)).has(Kind.ACTION_PLAN)


def test_the_path_says_where_they_are_what_is_missing_and_what_is_next(rae: Recruit, ada: User, sergeant: User) -> None:
    path = path_of(rae, weeks(1))
    assert path.present is not None
    assert (path.present.phase.title, path.week, path.present.ends_on) == (
        "Foundation",
        2,
        weeks(4) - timedelta(days=1),
    )
    assert [(need.title, need.met) for need in path.needs] == [("First aid", False)]
    assert path.following is not None
    assert (path.following.phase.title, path.following.starts_on) == ("Tutor phase", weeks(4))

    qualify(rae)
    done(rae, ada, 5)
    later = path_of(rae, weeks(5))
    assert [(one.phase.slug, one.is_done, one.starts_on) for one in later.phases] == [
        ("foundation", True, START),
        ("tutor", False, weeks(5)),
        ("confirmation", False, weeks(7)),
    ]
    assert [(need.title, need.reason) for need in later.needs] == [("Tutor’s report", "Not recorded yet.")]
