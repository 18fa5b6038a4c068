"""Asking for a parade, and settling everybody on its list: one row of waiting work for each, so that a crash costs nobody else a thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.core.files.storage import storages
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from courses.models import PARADE_KEEPERS, MemberState, Parade, ParadeFile, ParadeMember, Shape
from courses.parades.looking import NO_RECRUIT, latest_certificates, recruits_among, subjects, why_not
from courses.training_records import tables_of_record
from cpd_records.certificates import CertificateRefused, award_training_record
from cpd_records.certificates.issues import newest_issue
from cpd_records.certificates.listing import count_of
from cpd_records.models import TRAINING_RECORD, Certificate
from people import access, clock
from people.looks import record_looks
from people.models import User
from people.work import NotYet, ask, ask_many, background

MEMBER_WORK, FILE_WORK = "parade-member", "parade-file"
MOST_PEOPLE = 2_000
TITLE_LENGTH = 120
SECONDS_BETWEEN = 3.0
NOT_FOR_YOU = (
    "Training administrators and system administrators hand out certificates of many at once. You hold neither role."
)
NO_FILE_YET = "Its file could not be made in time. It is on the officer's record as soon as it is."


class ParadeRefused(Exception):
    """Why a parade is not asked for or handed out; ``field`` names what it is about."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


def ask_for_parade(
    title: str, officers: Sequence[User], *, subject: str, shape: str, day: date, by: User, at: datetime
) -> Parade:
    """Record what is asked for, in the order of the list, and have it made. Raises ``ParadeRefused``.

    Whoever is on the list reads under 'who looked' that their certificate was taken for it.
    """
    refuse_others(by)
    said = " ".join(title.split())
    if not said or len(said) > TITLE_LENGTH:
        raise ParadeRefused(
            f"Give the parade a name of at most {TITLE_LENGTH} characters, such as Passing out, 4 December.", "title"
        )
    named = subjects().get(subject)
    if named is None:
        raise ParadeRefused("Choose what is handed out from the list.", "subject")
    if shape not in Shape.values:
        raise ParadeRefused("Choose a zip or one file for the printer.", "shape")
    if not officers:
        raise ParadeRefused(
            "Nobody is on the list. Choose an intake, or write one service number on each line.", "numbers"
        )
    if len(officers) > MOST_PEOPLE:
        raise ParadeRefused(f"{len(officers):,} people are on the list, and {MOST_PEOPLE:,} fit. Divide it.", "numbers")
    with transaction.atomic():
        parade = Parade.objects.create(
            title=said, day=day, subject=subject, subject_title=named, shape=shape, asked_by=by, asked_at=at
        )
        members = ParadeMember.objects.bulk_create(
            [ParadeMember(parade=parade, position=place, officer=one) for place, one in enumerate(officers, 1)]
        )
        record_looks([one.pk for one in officers], by=by, at=at, where="Parade", saw=f"Certificates for: {said}")
        ask_many(MEMBER_WORK, [str(member.pk) for member in members])
        ask(FILE_WORK, str(parade.pk))
    return parade


@background(MEMBER_WORK)
def settle_member(key: str) -> None:
    """Put somebody's certificate into the parade, or say why not; once that is settled, do nothing. ``NotYet`` until its file is made."""
    member = (
        ParadeMember.objects.select_related("parade", "officer", "certificate")
        .filter(pk=int(key), state=MemberState.WAITING)
        .first()
    )
    if member is None:
        return
    certificate = member.certificate
    if certificate is None:
        try:
            certificate = _certificate_for(member)
        except CertificateRefused as refusal:
            leave_out(ParadeMember.objects.filter(pk=member.pk), reason=str(refusal))
            return
    if not certificate.is_ready:
        raise NotYet(SECONDS_BETWEEN)
    # Issued again meanwhile, such as under a new name: that one is handed out.
    newest = newest_issue(certificate)
    if not newest.is_ready:
        raise NotYet(SECONDS_BETWEEN)
    ParadeMember.objects.filter(pk=member.pk, state=MemberState.WAITING).update(
        state=MemberState.INCLUDED, certificate=newest
    )


def leave_out(members: QuerySet[ParadeMember], *, reason: str) -> int:
    """Leave out those of the members who still wait; return how many."""
    return members.filter(state=MemberState.WAITING).update(state=MemberState.LEFT_OUT, reason=reason[:300])


def go_on_without(parade: Parade, *, by: User) -> int:
    """Leave out everybody whose file is not made yet, so that the others' is; return how many. Their certificates are made all the same."""
    refuse_others(by)
    with transaction.atomic():
        left = leave_out(ParadeMember.objects.filter(parade=parade), reason=NO_FILE_YET)
        ask(FILE_WORK, str(parade.pk))
    return left


def make_anew(parade: Parade, *, by: User) -> None:
    """Have the file made again of those whose certificates still stand; the one that was made goes.

    The row goes with it: until another is made there is nothing to hand out.
    """
    refuse_others(by)
    with transaction.atomic():
        Parade.objects.select_for_update().get(pk=parade.pk)
        file = ParadeFile.objects.filter(parade=parade).first()
        if file is None:
            return
        path, asked = file.path, f"{parade.pk}@{file.made_at:%Y%m%d%H%M%S%f}"
        file.delete()
        # Work that was done under its key is not done again: the file that goes names the next.
        ask(FILE_WORK, asked)
        if path:
            transaction.on_commit(lambda: storages["private"].delete(path))


def refuse_others(by: User) -> None:
    if not access.has_any_role(by, *PARADE_KEEPERS):
        raise ParadeRefused(NOT_FOR_YOU)


def _certificate_for(member: ParadeMember) -> Certificate:
    """Return the certificate to hand out and note it on the member's row; award a training record. Raises ``CertificateRefused``."""
    with transaction.atomic():
        # Two workers on one row would otherwise award twice on two sides of midnight.
        held = ParadeMember.objects.select_for_update().get(pk=member.pk)
        if held.certificate_id is not None:
            return Certificate.objects.get(pk=held.certificate_id)
        at = clock.now()
        today = timezone.localdate(at)
        if member.parade.subject == TRAINING_RECORD:
            if not recruits_among([member.officer], on=today):
                raise CertificateRefused(NO_RECRUIT)
            tables = tables_of_record(member.officer, on=today)
            if not count_of(tables):
                raise CertificateRefused("Nothing is recorded about them yet, so there is no training record.")
            certificate = award_training_record(member.officer, tables, on=today, at=at)
        else:
            found = latest_certificates(member.parade.subject, [member.officer]).get(member.officer_id)
            reason = why_not(found, on=today)
            if found is None or reason:
                raise CertificateRefused(reason)
            certificate = found
        ParadeMember.objects.filter(pk=member.pk).update(certificate=certificate)
        return certificate
