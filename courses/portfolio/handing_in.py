"""A recruit hands in evidence under headings, and hands a returned item in anew. What was handed in before stays as it was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from courses.models import ItemState, PortfolioClaim, PortfolioItem, PortfolioVersion, Recruit
from courses.models.portfolio import PLACE_LENGTH, REFERENCE_LENGTH, TITLE_LENGTH, WORDS_LENGTH
from courses.portfolio.case_details import Found, case_details, digest_of
from courses.portfolio.files import MOST_FILES, NOT_THEIRS, forget_unsent, item_for_form
from courses.portfolio.refusals import (
    LooksLikeACase,
    NotYours,
    RecruitRefused,
    among,
    checked_text,
    locked_recruit,
    phase_of,
    refuse_ended,
    refuse_signed_off,
)
from courses.programmes.refusals import MovedMeanwhile
from courses.programmes.values import Phase
from people import access
from people.dates import long_date
from people.finding import people_named
from people.models import User

MOST_HEADINGS = 6


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a recruit says of a piece of evidence. ``witness`` is an e-mail address or service number, ``files`` are ids of kept files."""

    headings: tuple[str, ...]
    title: str
    words: str
    happened_on: date
    place: str
    reference: str = ""
    witness: str = ""
    files: tuple[UUID, ...] = ()


def hand_in(
    recruit: Recruit, phase: str, evidence: Evidence, *, token: UUID, by: User, at: datetime, confirmed: str = ""
) -> PortfolioItem:
    """Hand in a new piece of evidence for the portfolio of a phase; the same form again is the item it made.

    ``confirmed`` is the digest of what looks like a case and is none (``case_details.digest_of``). Raises ``RecruitRefused``, among it
    ``LooksLikeACase``.
    """
    with transaction.atomic():
        recruit = locked_recruit(recruit)
        item = item_for_form(recruit, phase, token, by=by, at=at)
        if item.current_id is not None:
            return item
        _write_version(item, recruit, evidence, by=by, at=at, confirmed=confirmed)
        forget_unsent(recruit, at=at)
        return item


def hand_in_anew(
    item: PortfolioItem, evidence: Evidence, *, seen: int, by: User, at: datetime, confirmed: str = ""
) -> PortfolioItem:
    """Hand a returned item in anew, as its next version. ``seen`` is the number of the version the page showed."""
    with transaction.atomic():
        recruit = locked_recruit(item.recruit)
        current = PortfolioItem.objects.select_related("current").get(pk=item.pk)
        if not access.is_own(by, recruit.officer):
            raise NotYours(NOT_THEIRS)
        refuse_ended(recruit)
        if current.current is None or current.current.number != seen:
            raise MovedMeanwhile(
                "You handed this in anew in another window. What you wrote here is below; nothing of it was recorded."
            )
        if current.state != ItemState.RETURNED:
            raise RecruitRefused("Only what was returned is handed in anew. Add this as another piece of evidence.")
        _write_version(current, recruit, evidence, by=by, at=at, confirmed=confirmed)
        return current


def _write_version(
    item: PortfolioItem, recruit: Recruit, evidence: Evidence, *, by: User, at: datetime, confirmed: str
) -> PortfolioVersion:
    phase = phase_of(recruit, item.phase)
    refuse_signed_off(recruit, phase)
    headings = _headings(evidence.headings, phase)
    title = checked_text(
        evidence.title, field="title", most=TITLE_LENGTH, missing="Say in a few words what it is.", lines=False
    )
    words = checked_text(
        evidence.words, field="words", most=WORDS_LENGTH, missing="Say what you did and what it shows of you."
    )
    place = checked_text(
        evidence.place, field="place", most=PLACE_LENGTH, missing="Say where it was, such as a ward.", lines=False
    )
    reference = checked_text(evidence.reference, field="reference", most=REFERENCE_LENGTH, lines=False)
    _refuse_day(evidence.happened_on, at=at)
    witness = _witness(evidence.witness, recruit.officer)
    files = list(item.files.filter(pk__in=evidence.files))
    if len(files) < len(set(evidence.files)):
        raise RecruitRefused("One of these files is no longer kept. Choose it again.", "evidence")
    if len(files) > MOST_FILES:
        raise RecruitRefused(f"{MOST_FILES} files fit. Leave some out.", "evidence")
    found = found_in(title, words, place, reference, [file.name for file in files])
    if found and confirmed != digest_of(found):
        raise LooksLikeACase(found)
    last = item.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = PortfolioVersion.objects.create(
        item=item,
        number=last + 1,
        title=title,
        words=words,
        reference=reference,
        happened_on=evidence.happened_on,
        place=place,
        officer=recruit.officer,
        witness=witness,
        confirmed=" ".join(dict.fromkeys(one.kind.value for one in found)),
        at=at,
    )
    version.files.set(files)
    PortfolioClaim.objects.bulk_create(PortfolioClaim(version=version, heading=heading) for heading in headings)
    item.current, item.state, item.decided_on = version, ItemState.WAITING, None
    item.save(update_fields=["current", "state", "decided_on"])
    return version


def found_in(title: str, words: str, place: str, reference: str, files: Iterable[str]) -> tuple[Found, ...]:
    """Return what looks like a case in what is handed in. A number is expected as the reference, and a place's name as the place."""
    texts = {"title": title, "words": words, "place": place, "reference": reference}
    texts |= {f"file {number}": name for number, name in enumerate(files)}
    return case_details(texts, numbers_in=("reference",), places_in=("place",))


def _headings(given: Iterable[str], phase: Phase) -> tuple[str, ...]:
    titles, wanted = phase.heading_titles, set(given)
    if not wanted:
        raise RecruitRefused("Choose the headings it is evidence for.", "headings")
    if wanted - set(titles):
        raise RecruitRefused("Choose headings from the list.", "headings")
    if len(wanted) > MOST_HEADINGS:
        raise RecruitRefused(
            f"One piece of evidence stands under {MOST_HEADINGS} headings at most. Choose those it shows best.",
            "headings",
        )
    return among(wanted, titles)


def _refuse_day(happened_on: date, *, at: datetime) -> None:
    today = timezone.localdate(at)
    if happened_on > today:
        raise RecruitRefused(f"{long_date(happened_on)} is still to come. Enter the day it happened.", "happened_on")
    if (today - happened_on).days > 3 * 366:
        raise RecruitRefused("That is more than three years ago. Check the day.", "happened_on")


def _witness(typed: str, officer: User) -> User | None:
    """Return who was there and can vouch for it, or None where nobody is named."""
    if not typed.strip():
        return None
    witness = people_named(typed).filter(is_active=True).first()
    if witness is None:
        raise RecruitRefused(
            "Nobody here has that service number or e-mail address. Check it, or leave this empty.", "witness"
        )
    if access.is_own(witness, officer):
        raise RecruitRefused("You cannot vouch for your own evidence. Name somebody who was there.", "witness")
    return witness
