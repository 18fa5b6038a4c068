"""What a phase needs of a recruit, and what is there: courses finished, assessments passed, qualifications in date, records, headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils import timezone

from assessments.models import AssessmentVersion, Attempt, Outcome
from courses.completions import Finish, finishes
from courses.models import Completion, Course, RecordKept, Recruit
from courses.portfolio.counting import HeadingCount, PhaseCount, tallies_of
from courses.programmes.values import SIGNERS, Phase
from cpd_records.currency import CurrencyAnswer, currency_of_many
from cpd_records.models import Qualification
from people.dates import long_date

REQUIREMENTS = "/my/record/requirements/"


class NeedKind(StrEnum):
    COURSE = "course"
    ASSESSMENT = "assessment"
    QUALIFICATION = "qualification"
    RECORD = "record"
    HEADING = "heading"
    SIGN_OFF = "sign_off"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing a phase needs: whether it is ``met``, and a sentence that says why or why not. ``address`` leads to it, where it can."""

    kind: NeedKind
    code: str
    title: str
    met: bool
    reason: str
    address: str = ""

    @property
    def icon(self) -> str:
        return "tick" if self.met else "ring"

    @property
    def word(self) -> str:
        return "Done" if self.met else "Still needed"


def needs_of(recruit: Recruit, phase: Phase, *, on: date) -> list[Need]:
    """Return everything the phase needs of one recruit, as the record is now, on the day."""
    return needs_of_many([(recruit, phase)], on=on)[recruit.pk]


def needs_of_many(pairs: Sequence[tuple[Recruit, Phase]], *, on: date) -> dict[object, list[Need]]:
    """Return the needs of many recruits, each for a phase, by recruit; as many queries as for one."""
    officers = [recruit.officer_id for recruit, _phase in pairs]
    codes = {code for _recruit, phase in pairs for code in phase.courses}
    finished = _finished(officers, codes, on=on)
    courses = {
        course.code: course for course in Course.objects.filter(code__in=codes).select_related("current_release")
    }
    tests = {code for _recruit, phase in pairs for code in phase.assessments}
    sat = _sat(officers, tests, on=on) if tests else {}
    called = _titles_of(tests) if tests else {}
    asked = {code for _recruit, phase in pairs for code in phase.qualifications}
    titles = dict(Qualification.objects.filter(code__in=asked).values_list("code", "short_title"))
    currency = currency_of_many(officers, on=on) if asked else {}
    kept = {
        (row.recruit_id, row.slug): row
        for row in RecordKept.objects.filter(recruit__in=[recruit.pk for recruit, _phase in pairs], done_on__lte=on)
    }
    with_portfolio = [recruit.pk for recruit, phase in pairs if phase.portfolio]
    tallies = tallies_of(with_portfolio, on=on) if with_portfolio else None
    found: dict[object, list[Need]] = {}
    for recruit, phase in pairs:
        found[recruit.pk] = [
            *(_course(code, courses.get(code), finished.get((recruit.officer_id, code)), on) for code in phase.courses),
            *(_assessment(code, called.get(code), sat.get((recruit.officer_id, code))) for code in phase.assessments),
            *(
                _qualification(code, titles.get(code, code), currency.get(recruit.officer_id))
                for code in phase.qualifications
            ),
            *(_record(record.slug, record.title, kept.get((recruit.pk, record.slug))) for record in phase.records),
            *(_portfolio(tallies.of(recruit.pk, phase), recruit) if tallies and phase.portfolio else ()),
        ]
    return found


def unmet(needs: Iterable[Need]) -> list[Need]:
    return [need for need in needs if not need.met]


def _finished(officers: Sequence[int], codes: set[str], *, on: date) -> dict[tuple[int, str], Finish]:
    """Return by officer and course the last completion by the day that stands."""
    rows = finishes(Completion.objects.filter(enrolment__officer__in=officers, enrolment__course__code__in=codes))
    return {
        (one.completion.enrolment.officer_id, one.completion.enrolment.course.code): one
        for one in rows
        if one.day <= on
    }


def _sat(officers: Sequence[int], codes: set[str], *, on: date) -> dict[tuple[int, str], tuple[date, bool]]:
    """Return by officer and assessment the day of the first sitting that was passed, else of the last, and whether it was passed."""
    rows = (
        Attempt.objects.counted()
        .filter(officer__in=officers, assessment_version__assessment__code__in=codes, marked_at__isnull=False)
        .order_by("-marked_at")
        .values_list("officer", "assessment_version__assessment__code", "marked_at", "outcome")
    )
    found: dict[tuple[int, str], tuple[date, bool]] = {}
    for officer, code, marked_at, outcome in rows:
        day, is_passed = timezone.localdate(marked_at), outcome in (Outcome.PASSED, Outcome.COMPLETED)
        if day <= on and (is_passed or (officer, code) not in found):
            found[officer, code] = day, is_passed
    return found


def _titles_of(codes: set[str]) -> dict[str, str]:
    """Return the titles of assessments as their newest versions have them, by code."""
    rows = AssessmentVersion.objects.filter(assessment__code__in=codes).order_by("number")
    return dict(rows.values_list("assessment__code", "title"))


def _assessment(code: str, title: str | None, sat: tuple[date, bool] | None) -> Need:
    """Say whether an assessment is passed, and never the mark."""
    if title is None:
        return Need(NeedKind.ASSESSMENT, code, code, False, "This assessment has not come out yet.")
    if sat is None:
        return Need(NeedKind.ASSESSMENT, code, title, False, "Not passed yet.")
    day, is_passed = sat
    if not is_passed:
        return Need(NeedKind.ASSESSMENT, code, title, False, f"Not passed yet, last sat on {long_date(day)}.")
    return Need(NeedKind.ASSESSMENT, code, title, True, f"Passed on {long_date(day)}.")


def _course(code: str, course: Course | None, completion: Finish | None, on: date) -> Need:
    release = course.current_release if course else None
    title = release.title if release else code
    address = f"/catalogue/{course.slug}/" if course and release else ""
    if completion is None:
        why = "Not finished." if address else "This course has not come out yet."
        return Need(NeedKind.COURSE, code, title, False, why, address)
    until = completion.valid_until
    if until is not None and until < on:
        return Need(NeedKind.COURSE, code, title, False, f"Expired on {long_date(until)}.", address)
    return Need(NeedKind.COURSE, code, title, True, f"Finished on {long_date(completion.day)}.", address)


def _qualification(code: str, title: str, answer: CurrencyAnswer | None) -> Need:
    verdict = next((one for one in answer.qualifications if one.code == code), None) if answer else None
    address = REQUIREMENTS
    if verdict is None:
        return Need(
            NeedKind.QUALIFICATION, code, title, False, "Never held. No course, award or transfer is recorded.", address
        )
    return Need(NeedKind.QUALIFICATION, code, title, verdict.carries, " ".join(verdict.reasons), address)


def _record(slug: str, title: str, kept: RecordKept | None) -> Need:
    if kept is None:
        return Need(NeedKind.RECORD, slug, title, False, "Not recorded yet.")
    return Need(NeedKind.RECORD, slug, title, True, f"Recorded for {long_date(kept.done_on)}.")


def _portfolio(count: PhaseCount, recruit: Recruit) -> list[Need]:
    address = f"/intakes/recruits/{recruit.pk}/portfolio/"
    return [*(_heading(one, address) for one in count.headings), _sign_off(count, address)]


def _heading(count: HeadingCount, address: str) -> Need:
    heading = count.heading
    return Need(NeedKind.HEADING, heading.slug, heading.title, count.is_met, count.reason, f"{address}#{heading.slug}")


def _sign_off(count: PhaseCount, address: str) -> Need:
    is_signed = count.signed_on is not None
    who = SIGNERS[count.phase.portfolio_signed_by]
    why = count.reason if is_signed else f"{count.reason} {who[0].upper()}{who[1:]} signs it off."
    return Need(NeedKind.SIGN_OFF, "portfolio", "Portfolio signed off", is_signed, why, address)
