"""What a shift can touch: what the phases of a programme need, by the names a recruit knows them by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from courses.models import Course, Recruit
from courses.programmes.releasing import plan_of
from courses.programmes.values import Phase
from cpd_records.models import Qualification


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: ``code`` says of which kind it is and which, such as ``record:tutor-report``."""

    code: str
    title: str


def headings_of(recruit: Recruit) -> dict[str, tuple[Heading, ...]]:
    """Return the headings of each phase of the recruit's programme, by the phase's slug. Two queries."""
    phases = plan_of(recruit.release).phases
    courses = {code for phase in phases for code in phase.courses}
    asked = {code for phase in phases for code in phase.qualifications}
    titles = {
        f"course:{code}": title
        for code, title in Course.objects.filter(code__in=courses, current_release__isnull=False).values_list(
            "code", "current_release__title"
        )
    }
    known = Qualification.objects.filter(code__in=asked).values_list("code", "short_title")
    titles |= {f"qualification:{code}": title for code, title in known}
    return {phase.slug: tuple(_headings(phase, titles)) for phase in phases}


def chosen(codes: Iterable[str], headings: dict[str, tuple[Heading, ...]]) -> list[dict[str, str]]:
    """Return what a note keeps of the headings of these codes, in the order of the programme; unknown ones are left out."""
    wanted, found = set(codes), {}
    for phase in headings.values():
        for one in phase:
            if one.code in wanted:
                found[one.code] = {"code": one.code, "title": one.title}
    return list(found.values())


def _headings(phase: Phase, titles: dict[str, str]) -> Iterator[Heading]:
    # The headings of the portfolio come first, because a shift is what fills them.
    for one in phase.portfolio:
        yield Heading(f"portfolio:{one.slug}", one.title)
    for record in phase.records:
        yield Heading(f"record:{record.slug}", record.title)
    for kind, codes in (("course", phase.courses), ("qualification", phase.qualifications)):
        for code in codes:
            yield Heading(f"{kind}:{code}", titles.get(f"{kind}:{code}", code))
