"""A believable past for the demonstration people: each act through the product's own verb, at its simulated moment.

It runs on an empty ledger while the sweeper waits. Every simulated day with an act ends with a seal, so each has its checkpoint.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path

from django.utils import timezone

from courses.folder.loading import load_catalogue
from cpd_records.activities import log_activity, return_activity, submit_activity, verify_activity
from cpd_records.currency.following import CHUNK_WORK, follow
from cpd_records.ledger.sealing import seal_now
from cpd_records.models import Activity, LedgerEntry
from cpd_records.readiness.comparing import count_readiness
from people import clock, work
from people.models import Hold, User
from training_site.demonstration import authoring, portfolio, questions
from training_site.demonstration.duties import (
    bring_awards,
    except_public_order,
    exempt_recruit,
    give_duties,
    hold_a_record,
    propose_correction_of_a_day,
    restrict_driving,
)
from training_site.demonstration.people import create_accounts, create_units
from training_site.demonstration.recruits import correct_last_note, note, open_intakes, pair_recruit
from training_site.demonstration.studies import Act, confirming, study

STARTER_CATALOGUE = Path(__file__).resolve().parent.parent.parent / "courses" / "starter_catalogue"
FIRST_DAY = 84
HOLD, HOLD_MINUTES = "sample history", 20


class HistoryRefused(Exception):
    """Sample history is only written where nothing is recorded yet."""


def write_history() -> dict[str, User]:
    """Create the demonstration people and their past; return the people by key. Refuses on a ledger that holds anything."""
    if LedgerEntry.objects.exists():
        raise HistoryRefused("The ledger already holds entries, so no sample history is added to it.")
    with _sweeper_waits():
        with clock.sample_time(_moment(FIRST_DAY, time(7, 30))):
            first_day = clock.today()
            people = create_accounts(create_units(since=first_day), since=first_day)
            give_duties(people, since=first_day)
            # By nobody, as the command does: whoever brings a course out cannot record that the force reviewed it.
            load_catalogue(STARTER_CATALOGUE, by=None, at=clock.now())
            seal_now()
        acts = sorted(_story(people), key=lambda act: (-act.days_ago, act.at))
        for number, act in enumerate(acts):
            moment = _moment(act.days_ago, act.at)
            with clock.sample_time(moment):
                act.do(moment)
            last_of_day = number + 1 == len(acts) or acts[number + 1].days_ago != act.days_ago
            if last_of_day:
                with clock.sample_time(moment + timedelta(minutes=20)):
                    _end_the_day()
    return people


def is_unfinished() -> bool:
    """Return whether a past was begun here and not finished, so that the site is only half written."""
    return Hold.objects.filter(name=HOLD).exists()


@contextmanager
def _sweeper_waits() -> Iterator[None]:
    """Let the sweeper wait; the row stays where the writing breaks off, however it does, and tells ``is_unfinished``."""
    Hold.objects.update_or_create(name=HOLD, defaults={"until": timezone.now() + timedelta(minutes=HOLD_MINUTES)})
    yield
    Hold.objects.filter(name=HOLD).delete()


def _end_the_day() -> None:
    """Seal, do what waits, let the standings follow and count them, so that units have a trend from the first day on."""
    seal_now()
    _do_waiting_work()
    seal_now()
    follow()
    for kind, key in work.due_work():
        if kind == CHUNK_WORK:  # the roll to the next day waits for its own day
            work.do_work(kind, key)
    count_readiness(on=clock.today())


def _do_waiting_work() -> None:
    """Do what the sweeper would do, inside the simulated moment, so that certificates carry its day."""
    for kind, key in work.due_work():
        work.do_work(kind, key)


def _moment(days_ago: int, at: time) -> datetime:
    day = timezone.localdate() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, at))


def _story(people: dict[str, User]) -> Iterator[Act]:
    recruit, officer, supervisor = people["recruit"], people["officer"], people["supervisor"]

    # The recruit: one course finished, halfway through the foundations, stop and search begun.
    yield from study(recruit, "MH-101", first=40, lessons_a_day=2, missed=2)
    yield from study(recruit, "INIT-101", first=16, lessons_a_day=1, only=11)
    yield from study(recruit, "SPEC-110", first=4, lessons_a_day=1, only=2)

    # The officer: ethics and leadership finished, a test not passed at first, halfway through one course.
    yield from study(officer, "ETH-101", first=75, lessons_a_day=2, missed=1)
    yield from study(officer, "LEAD-101", first=58, lessons_a_day=3, missed=2)
    yield Act(51, time(10, 20), confirming(officer, "LEAD-101", supervisor))
    yield from study(officer, "SPEC-110", first=33, lessons_a_day=3, failed_before=8, missed=1)
    yield from study(officer, "MH-101", first=6, lessons_a_day=2, only=8)

    # Others of the demonstration, so that lists and class lists have more than one row.
    yield from study(supervisor, "ETH-101", first=66, lessons_a_day=3, missed=0)
    yield from study(supervisor, "MH-101", first=21, lessons_a_day=4, failed_before=7, missed=2)
    yield from study(people["assessor"], "LEAD-101", first=30, lessons_a_day=3, missed=1)
    yield from study(people["training-admin"], "ETH-101", first=12, lessons_a_day=2, only=3)
    yield from study(people["auditor"], "ETH-101", first=19, lessons_a_day=5, missed=1)

    yield Act(FIRST_DAY, time(8, 0), lambda at: bring_awards(people))
    yield Act(FIRST_DAY, time(8, 10), lambda at: open_intakes(people, at))
    yield Act(20, time(14, 0), lambda at: exempt_recruit(people, at))
    yield Act(3, time(10, 15), lambda at: propose_correction_of_a_day(people, at))
    yield Act(9, time(9, 40), lambda at: hold_a_record(people, at))
    yield Act(16, time(11, 30), lambda at: except_public_order(people, at))
    yield Act(5, time(16, 10), lambda at: restrict_driving(people, at))
    yield from _portfolio(people)
    yield from _shifts(people)
    yield from _cpd(officer, supervisor)
    yield from _cpd_of_others(recruit, supervisor)
    yield from _authoring(people["trainer"], people["reviewer"])


def _shifts(people: dict[str, User]) -> Iterator[Act]:
    """Patrols with a tutor: two early shifts, a late one, a night shift told the morning after, and a note put right."""
    first = note(
        people,
        "Wrote the notebook up at the scene and signed each correction.",
        "Say who you are before what you want on the radio.",
        "course:INIT-101",
    )
    search = note(
        people,
        "Told the person searched what for and why before the first pocket.",
        "Name the fact that links the person to the item, first.",
        "course:SPEC-110",
    )
    late = note(
        people,
        "Asked a neighbour one question at a time and waited for the answer.",
        "Read the notes of an interview back before the end of the shift.",
        "course:INIT-101",
        "course:ETH-101",
    )
    night = note(
        people,
        "Stayed calm with somebody in distress and called the right help early.",
        "Hand over times at the end of the shift, not impressions.",
        "course:MH-101",
        "qualification:FALP",
    )
    yield Act(12, time(6, 50), lambda at: pair_recruit(people, at))
    yield Act(11, time(14, 20), first)
    yield Act(6, time(14, 40), search)
    yield Act(3, time(22, 10), late)
    yield Act(1, time(7, 5), night)
    again = "Hand over times at the end of the shift, not impressions; write the first one down on arrival."
    yield Act(1, time(19, 30), lambda at: correct_last_note(people, again, "Left out where to begin.", at))


def _log(officer: User, title: str, kind: str, minutes: int, learned: str) -> Callable[[datetime], Activity]:
    return lambda at: log_activity(
        officer,
        title=title,
        kind=kind,
        day=timezone.localdate(at),
        minutes=minutes,
        learned=learned,
        client_token=uuid.uuid5(uuid.NAMESPACE_URL, f"{officer.public_id}/{title}"),
        at=at,
    )


def _activity(officer: User, title: str) -> Activity:
    return Activity.objects.get(officer=officer, title=title)


def _cpd(officer: User, supervisor: User) -> Iterator[Act]:
    verified = [
        (
            70,
            "Briefing on recording grounds",
            "briefing",
            45,
            "I name the fact that links the person to the item, first.",
        ),
        (52, "Reading: keeping a decision log", "reading", 30, "I write the option I did not take, and why."),
        (44, "Workshop on talking with people in crisis", "briefing", 180, "I ask one question at a time and wait."),
        (27, "Team talk after a missing person search", "briefing", 60, "I record who gave each fact, and when."),
        (17, "Coached by a colleague on statements", "on_the_job", 90, "I let the witness finish before I write."),
    ]
    for days_ago, title, kind, minutes, learned in verified:
        yield Act(days_ago, time(16, 10), _log(officer, title, kind, minutes, learned))
        yield Act(days_ago - 1, time(9, 30), _submitting(officer, title, supervisor))
        yield Act(days_ago - 2, time(13, 0), _verifying(officer, title, supervisor))
    yield Act(
        9,
        time(17, 0),
        _log(officer, "Shadowed the custody desk", "on_the_job", 240, "I bring the property list ready."),
    )
    yield Act(8, time(9, 0), _submitting(officer, "Shadowed the custody desk", supervisor))
    yield Act(7, time(15, 0), _returning(officer, "Shadowed the custody desk", supervisor))
    yield Act(
        5,
        time(16, 0),
        _log(officer, "Briefing on body-worn video", "briefing", 40, "I say out loud when I start recording."),
    )
    yield Act(4, time(8, 30), _submitting(officer, "Briefing on body-worn video", supervisor))
    yield Act(
        3,
        time(17, 40),
        _log(
            officer,
            "Reading: hearing loss and interviews",
            "reading",
            25,
            "I ask where to sit before I ask anything else.",
        ),
    )
    yield Act(
        1, time(18, 5), _log(officer, "Team talk on handovers", "briefing", 20, "I hand over times, not impressions.")
    )


def _cpd_of_others(recruit: User, supervisor: User) -> Iterator[Act]:
    yield Act(
        11, time(16, 30), _log(recruit, "Tutor's talk on pocket notebooks", "briefing", 30, "I sign each correction.")
    )
    yield Act(10, time(12, 0), _submitting(recruit, "Tutor's talk on pocket notebooks", supervisor))
    yield Act(9, time(12, 0), _verifying(recruit, "Tutor's talk on pocket notebooks", supervisor))
    yield Act(
        2,
        time(16, 30),
        _log(recruit, "Radio practice with the team", "on_the_job", 60, "I say who I am before what I want."),
    )
    yield Act(1, time(9, 20), _submitting(recruit, "Radio practice with the team", supervisor))
    yield Act(
        14,
        time(10, 0),
        _log(supervisor, "Reading: supervising risk decisions", "reading", 60, "I ask what was ruled out."),
    )


def _portfolio(people: dict[str, User]) -> Iterator[Act]:
    def about(act: Callable[..., object], piece: portfolio.Piece) -> Callable[[datetime], object]:
        return lambda at: act(piece, people, at)

    for piece in portfolio.PIECES:
        yield Act(piece.days_ago, time(18, 20), about(portfolio.hand_in_piece, piece))
        if piece.returned is not None:
            yield Act(piece.returned, time(11, 0), about(portfolio.return_piece, piece))
        if piece.returned is not None and piece.anew:
            yield Act(piece.returned - 2, time(18, 40), about(portfolio.hand_in_piece_anew, piece))
        if piece.judged is not None:
            yield Act(piece.judged, time(11, 20), about(portfolio.judge_piece, piece))
    yield Act(portfolio.SAMPLED_DAYS_AGO, time(9, 0), lambda at: portfolio.sample_judgements(people, at))
    yield Act(portfolio.READ_DAYS_AGO, time(9, 10), lambda at: portfolio.read_first_of_sample(people, at))


def _authoring(trainer: User, reviewer: User) -> Iterator[Act]:
    yield Act(8, time(10, 20), lambda at: authoring.revise_and_submit(authoring.TO_APPROVE, by=trainer, at=at))
    yield Act(5, time(11, 40), lambda at: authoring.pass_to_approver(authoring.TO_APPROVE, by=reviewer, at=at))
    yield Act(3, time(14, 15), lambda at: authoring.revise_and_submit(authoring.TO_REVIEW, by=trainer, at=at))
    yield Act(1, time(10, 30), lambda at: authoring.write_draft(by=trainer))
    yield Act(1, time(11, 10), lambda at: questions.write_draft_questions(by=trainer, at=at))


def _submitting(officer: User, title: str, verifier: User) -> Callable[[datetime], object]:
    return lambda at: submit_activity(_activity(officer, title), by=officer, verifier=verifier, at=at)


def _verifying(officer: User, title: str, verifier: User) -> Callable[[datetime], object]:
    return lambda at: verify_activity(_activity(officer, title), by=verifier, at=at)


def _returning(officer: User, title: str, verifier: User) -> Callable[[datetime], object]:
    reason = "Four hours is the whole shift. Log the time you spent learning, and what you did there."
    return lambda at: return_activity(_activity(officer, title), by=verifier, reason=reason, at=at)
