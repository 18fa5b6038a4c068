"""What an officer's requirements ask to be done: what has ended, ends soon or was never held, each with the course that renews it.

And what a supervisor nominated the officer for. Whether something is in date is said by ``cpd_records.currency``; nothing here writes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from courses.models import Nomination
from courses.my_learning import Due, DueKind, OpenCourse, due_words
from courses.nominations import Way
from cpd_records.currency import CurrencyAnswer, QualificationVerdict, Verdict
from cpd_records.schemes.words import joined
from people.dates import long_date

ASKS = (Verdict.EXPIRED, Verdict.NEVER_HELD, Verdict.EXCEPTED, Verdict.IN_GRACE, Verdict.DUE)


def requirements_due(
    answer: CurrencyAnswer,
    ways: Mapping[str, Sequence[Way]],
    nominations: Iterable[Nomination],
    courses: Iterable[OpenCourse],
    *,
    on: date,
) -> list[Due]:
    """Return what is to be done about requirements and nominations, the most pressing first.

    Only what is asked of the officer, or needed by it, and that they can renew: a restriction is not theirs to end.
    """
    is_on = {course.reader.code: course for course in courses}
    allowed = frozenset(role.may for role in answer.roles if role.carries)
    named = {nomination.course_id: nomination for nomination in nominations}
    found, told = [], set()
    for one in answer.qualifications:
        if one.verdict in ASKS and (one.is_required or one.stops):
            way = _best_way(ways.get(one.code, ()), is_on, named)
            nomination = named.get(way.id) if way else None
            if nomination is not None:
                told.add(nomination.pk)
            found.append(_asked(one, way, nomination, is_on.get(way.code) if way else None, allowed, on=on))
    titles = {way.id: way for several in ways.values() for way in several}
    for nomination in named.values():
        if nomination.pk not in told and nomination.course.code not in is_on:
            found.append(_nominated(nomination, titles.get(nomination.course_id)))
    return found


def in_order(requirements: Iterable[Due], others: Iterable[Due], answered: Collection[str]) -> list[Due]:
    """Return everything due, the most pressing first: a course's own certificate is left out where its qualification is told of.

    ``answered`` are codes of courses that lead to something required of the officer.
    """
    left = [item for item in others if item.kind != DueKind.CERTIFICATE or item.course not in answered]
    return sorted([*requirements, *left], key=_pressing)


def ask_about(items: Sequence[Due], *, others: bool = False) -> str:
    """Return, once for all that is listed, to which of it no course here leads and whom to ask; '' where one leads to each.

    ``others`` says that something else stands in the same list.
    """
    left = [item for item in items if item.kind == DueKind.REQUIREMENT and not item.course]
    if not left:
        return ""
    them = "it" if len(left) == 1 else "them"
    if len(left) == len(items) and not others:
        which = "this" if len(left) == 1 else "any of these"
    else:
        which = joined([f"‘{item.title}’" for item in left], last="or")
    ways = {"gain" if item.state == Verdict.NEVER_HELD else "renew" for item in left}
    return f"No course here leads to {which}. Ask your supervisor how to {' or '.join(sorted(ways))} {them}."


def courses_answering(answer: CurrencyAnswer, ways: Mapping[str, Sequence[Way]]) -> set[str]:
    """Return the codes of the courses that lead to something required of the officer."""
    asked = [one.code for one in answer.qualifications if one.is_required or one.stops]
    return {way.code for code in asked for way in ways.get(code, ())}


def _pressing(item: Due) -> tuple[int, date, str]:
    if item.kind == DueKind.RELEASE:
        group = 0
    elif item.is_expired:
        group = 1 if item.blocks else 2
    elif item.kind == DueKind.NOMINATION:
        group = 3
    else:
        group = 4 if item.by is not None else 5 if item.blocks else 6
    return group, item.by or date.min, item.title


def _best_way(ways: Sequence[Way], is_on: Mapping[str, OpenCourse], named: Mapping[int, Nomination]) -> Way | None:
    """Return the course the officer is on, else the one they were nominated for, else the first."""
    return next(
        (way for way in ways if way.code in is_on),
        next((way for way in ways if way.id in named), ways[0] if ways else None),
    )


def _asked(
    one: QualificationVerdict,
    way: Way | None,
    nomination: Nomination | None,
    course: OpenCourse | None,
    allowed: Collection[str],
    *,
    on: date,
) -> Due:
    said = [one.beside_its_word[0], _consequence(one, allowed)]
    if nomination is not None:
        said.append(f"{nomination.nominated_by.get_short_name()} nominated you on {_day(nomination)}.")
    return Due(
        course=way.code if way else "",
        title=one.title,
        address=course.address if course else way.address if way else reverse("my-requirements"),
        detail=" ".join(filter(None, said)),
        words=_words(one, on=on),
        is_expired=one.verdict == Verdict.EXPIRED,
        by=_ends_on(one),
        kind=DueKind.REQUIREMENT,
        state=one.verdict.value,
        blocks=bool(one.stops) and not one.carries,
        nomination=nomination.pk if nomination else None,
    )


def _nominated(nomination: Nomination, way: Way | None) -> Due:
    by = nomination.nominated_by.get_short_name()
    said = [f"{by} nominated you on {_day(nomination)}.", nomination.reason]
    if way is None:
        said.append("The course is not on offer now. Ask your supervisor, or decline.")
    return Due(
        course=nomination.course.code if way else "",
        title=way.title if way else nomination.course.code,
        address=f"/catalogue/{nomination.course.slug}/",
        detail=" ".join(said),
        words="Nominated",
        is_expired=False,
        kind=DueKind.NOMINATION,
        state="waiting",
        nomination=nomination.pk,
    )


def _ends_on(one: QualificationVerdict) -> date | None:
    """Return the last day it carries, or carried."""
    if one.verdict == Verdict.NEVER_HELD:
        return None
    if one.verdict == Verdict.EXCEPTED:
        return one.lapses_on - timedelta(days=1) if one.lapses_on else None
    return one.grace_until or one.valid_until if one.verdict == Verdict.IN_GRACE else one.valid_until


def _consequence(one: QualificationVerdict, allowed: Collection[str]) -> str:
    """Say what the officer may not do without it: 'After that you may not carry Taser.'

    ``allowed`` is what they may do now: of something else it would not be true that they may do it until then.
    """
    stops = [may for may in one.stops if may in allowed or not one.carries]
    if not stops:
        return ""
    what = " or ".join(stops)
    if one.carries:
        # A rule that says what follows grace has said 'after that' already.
        return (
            f"{'From then on' if one.verdict == Verdict.IN_GRACE and one.lapse else 'After that'} you may not {what}."
        )
    return f"Until you {'hold' if one.verdict == Verdict.NEVER_HELD else 'renew'} it you may not {what}."


def _words(one: QualificationVerdict, *, on: date) -> str:
    if one.verdict == Verdict.DUE and one.valid_until is not None:
        return due_words(one.valid_until, on)
    if one.verdict == Verdict.IN_GRACE and one.grace_until is not None:
        left = (one.grace_until - on).days
        return "In grace, the last day" if left == 0 else f"In grace, {left} day{'' if left == 1 else 's'} left"
    return {
        Verdict.EXPIRED: "Expired",
        Verdict.NEVER_HELD: "Never held",
        Verdict.EXCEPTED: "By exception",
        Verdict.IN_GRACE: "In grace",
    }.get(one.verdict, "Due")


def _day(nomination: Nomination) -> str:
    return long_date(timezone.localdate(nomination.nominated_at))
