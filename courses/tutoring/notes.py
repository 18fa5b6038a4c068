"""The note at the end of a shift: written by the tutor, read by the recruit, corrected by a further note or withdrawn, never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.models import Recruit, ShiftNote, ShiftNoteWithdrawal, TutorPairing
from courses.models.tutoring import WORDS_LENGTH
from courses.programmes.recruits import standing_on
from courses.programmes.refusals import MovedMeanwhile, NotYours, RecruitRefused, checked_words
from courses.programmes.states import WORDS
from courses.tutoring.headings import chosen, headings_of
from courses.tutoring.rules import monday_of, refuse_shift
from people import access
from people.dates import long_date
from people.models import User

WENT_WELL = "Say one thing that went well."
WHAT_NEXT = "Say what comes next, so that the recruit knows what to work on."


@dataclass(frozen=True, slots=True)
class Said:
    """What a note says: two sentences or so, and the codes of the headings the shift touched."""

    day: date
    went_well: str
    what_next: str
    headings: Collection[str] = ()


def write_shift_note(recruit: Recruit, said: Said, *, by: User, at: datetime, token: UUID) -> ShiftNote:
    """Write the note of a shift; ``said.day`` is the day it began. The same ``token`` again is the same note.

    Refused for anybody but the tutor of that day, for a day to come, and where the tutor wrote about that shift already.
    """
    said = _checked(said)
    try:
        with transaction.atomic():
            recruit = _locked(recruit)
            sent = ShiftNote.objects.filter(client_token=token).first()
            if sent is not None:
                return _if_the_same(sent, recruit, by)
            pairing = _pairing(recruit, said.day, by=by, at=at)
            _refuse_second(recruit, said.day, by=by)
            return _create(recruit, pairing, said, by=by, at=at, token=token)
    except IntegrityError:
        # The same form twice at the same moment: the other one has written it.
        return _if_the_same(ShiftNote.objects.get(client_token=token), recruit, by)


def correct_shift_note(note: ShiftNote, said: Said, *, by: User, at: datetime, reason: str, token: UUID) -> ShiftNote:
    """Write what the note should have said; the note itself stays, with the reason why it was wrong."""
    said = _checked(said)
    reason = checked_words(reason, field="reason", missing="Say what was wrong with the note.")
    with transaction.atomic():
        recruit = _locked(note.recruit)
        sent = ShiftNote.objects.filter(client_token=token).first()
        if sent is not None:
            return _if_the_same(sent, recruit, by)
        present = ShiftNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
        if not access.is_own(by, present.tutor):
            raise NotYours("Only whoever wrote a note corrects it.")
        _refuse_unless_standing(present, to_do="correct")
        pairing = _pairing(recruit, said.day, by=by, at=at)
        if said.day != present.day:
            _refuse_second(recruit, said.day, by=by)
        present.corrected_at = at
        present.save(update_fields=["corrected_at"])
        return _create(recruit, pairing, said, by=by, at=at, token=token, corrects=present, reason=reason)


def withdraw_shift_note(note: ShiftNote, *, by: User, at: datetime, reason: str) -> ShiftNoteWithdrawal:
    """Withdraw a note of one's own: its words are no longer shown, that it stood and why it went remain."""
    reason = checked_words(reason, field="reason", missing="Say why the note is withdrawn, in a sentence.")
    with transaction.atomic():
        _locked(note.recruit)
        present = ShiftNote.objects.select_for_update(of=("self",)).get(pk=note.pk)
        if not access.is_own(by, present.tutor):
            raise NotYours("Only whoever wrote a note withdraws it.")
        _refuse_unless_standing(present, to_do="withdraw")
        present.withdrawn_at = at
        present.save(update_fields=["withdrawn_at"])
        return ShiftNoteWithdrawal.objects.create(note=present, reason=reason, at=at, by=by)


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """That a note about a shift stood and was withdrawn: nothing of what it said."""

    day: date
    title: str
    tutor: User
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class NotesOfAWeek:
    """The notes of a week that stand, and those that were withdrawn, the latest first."""

    monday: date
    notes: tuple[ShiftNote, ...]
    withdrawn: tuple[Withdrawn, ...] = ()

    @property
    def heading(self) -> str:
        return f"Week of {long_date(self.monday)}"


def notes_of(recruit: Recruit, *, known_at: datetime | None = None) -> list[NotesOfAWeek]:
    """Return the notes about a recruit that stood at a time (None is now), by week, the latest first. Two queries."""
    notes = recruit.shift_notes.known(known_at).select_related("tutor", "corrects")  # type: ignore[attr-defined]
    standing, withdrawn = defaultdict[date, list[ShiftNote]](list), defaultdict[date, list[Withdrawn]](list)
    for note in notes.order_by("-day", "-written_at"):
        standing[monday_of(note.day)].append(note)
    for gone in _withdrawn(recruit, known_at):
        withdrawn[monday_of(gone.day)].append(gone)
    mondays = sorted(standing.keys() | withdrawn.keys(), reverse=True)
    return [NotesOfAWeek(monday, tuple(standing[monday]), tuple(withdrawn[monday])) for monday in mondays]


def last_note(recruit: Recruit) -> ShiftNote | None:
    """Return the note of the latest shift about a recruit."""
    notes = recruit.shift_notes.known().select_related("tutor")  # type: ignore[attr-defined]
    found: ShiftNote | None = notes.order_by("-day", "-written_at").first()
    return found


def may_write(recruit: Recruit, by: User) -> bool:
    """Return whether somebody is or was a tutor of this recruit, so that they may write about a shift of theirs."""
    return _pairings(recruit, by).exists()


def _withdrawn(recruit: Recruit, known_at: datetime | None) -> list[Withdrawn]:
    rows = ShiftNoteWithdrawal.objects.filter(note__recruit=recruit).select_related("note__tutor")
    if known_at is not None:
        rows = rows.filter(at__lte=known_at)
    return [
        Withdrawn(row.note.day, row.note.title, row.note.tutor, row.at, row.reason)
        for row in rows.order_by("-note__day", "-at")
    ]


def _refuse_unless_standing(note: ShiftNote, *, to_do: str) -> None:
    """Refuse what was corrected or withdrawn already, such as on another device."""
    gone_at, did = (note.corrected_at, "corrected") if note.corrected_at else (note.withdrawn_at, "withdrew")
    if gone_at is None:
        return
    when = timezone.localtime(gone_at)
    so = f"Open that one and {to_do} it; nothing was recorded here." if note.corrected_at else "It is no longer shown."
    raise MovedMeanwhile(
        f"You {did} this note at {when:%H:%M} on {long_date(when.date())}, perhaps on another device. {so}"
    )


def _pairings(recruit: Recruit, by: User) -> QuerySet[TutorPairing]:
    return TutorPairing.objects.known().filter(recruit=recruit, is_void=False, tutor=by)


def _locked(recruit: Recruit) -> Recruit:
    locked = Recruit.objects.select_for_update(of=("self",)).select_related("officer", "release__programme")
    found: Recruit = locked.get(pk=recruit.pk)
    return found


def _checked(said: Said) -> Said:
    went_well = checked_words(said.went_well, field="went_well", missing=WENT_WELL, most=WORDS_LENGTH)
    what_next = checked_words(said.what_next, field="what_next", missing=WHAT_NEXT, most=WORDS_LENGTH)
    return Said(said.day, went_well, what_next, tuple(said.headings))


def _pairing(recruit: Recruit, day: date, *, by: User, at: datetime) -> TutorPairing:
    """Return the pairing of the tutor with the recruit on the day; refuse a day that cannot be one of their shifts."""
    if access.is_own(by, recruit.officer):
        raise NotYours("Nobody writes the tutor’s note about themselves.")
    pairings = list(_pairings(recruit, by))
    if not pairings:
        raise NotYours("Only this recruit’s tutor writes about a shift.")
    # First, because pairings end with the training: that it ended says more than that the day is outside of them.
    standing = standing_on(recruit, day)
    if standing.ended is not None and standing.ended_on is not None:
        raise RecruitRefused(
            f"{WORDS[standing.ended]} on {long_date(standing.ended_on)}, so there was no shift of theirs on that day.",
            "day",
        )
    refuse_shift(day, [one.period for one in pairings], today=timezone.localdate(at))
    return next(one for one in pairings if day in one.period)


def _refuse_second(recruit: Recruit, day: date, *, by: User) -> None:
    known = ShiftNote.objects.known().filter(recruit=recruit, tutor=by, day=day).first()
    if known is not None:
        when = timezone.localtime(known.written_at)
        raise RecruitRefused(
            f"You wrote about the shift that began on {long_date(day)} already, at {when:%H:%M} on {long_date(when.date())}. "
            "Correct that note with what is new.",
            "day",
        )


def _if_the_same(sent: ShiftNote, recruit: Recruit, by: User) -> ShiftNote:
    """Return the note that was sent under the token before; a token of somebody else's or of another page writes nothing."""
    if sent.tutor_id != by.pk or sent.recruit_id != recruit.pk:
        raise RecruitRefused("This page was sent before. Open it anew and send it again.")
    return sent


def _create(
    recruit: Recruit,
    pairing: TutorPairing,
    said: Said,
    *,
    by: User,
    at: datetime,
    token: UUID,
    corrects: ShiftNote | None = None,
    reason: str = "",
) -> ShiftNote:
    return ShiftNote.objects.create(
        recruit=recruit,
        officer=recruit.officer,
        pairing=pairing,
        tutor=by,
        day=said.day,
        went_well=said.went_well,
        what_next=said.what_next,
        headings=chosen(said.headings, headings_of(recruit)),
        client_token=token,
        written_at=at,
        corrects=corrects,
        reason=reason,
    )
