"""What the world needs to be asked about CPD schemes: one for the team, a declaration, a sample; and what is posted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from cpd_records.models import SampleMember, Scheme, SchemeInForce
from cpd_records.sampling.drawing import draw_sample
from cpd_records.schemes.declaring import declare
from cpd_records.schemes.keeping import create_scheme, put_in_force
from cpd_records.schemes.officers import progress_of
from cpd_records.schemes.rules import DeclarationRule, Measure, Period, Rules, Target
from people import clock
from people.models import Posting

if TYPE_CHECKING:
    from tests.permissions.asking import World

# It can be declared on any day, and asks for nothing when an activity is submitted.
RULES = Rules(
    Period(1, date(2020, 1, 1)),
    targets=(Target("In all", Measure.MINUTES, 60),),
    declaration=DeclarationRule("I have kept my record.", 366, 366, confirmed=True),
)


def under_a_scheme(made: World) -> None:
    """Put a scheme in force for the owner's team; the owner declared last year, and was sampled."""
    owner, now, today = made.people["Owner"], clock.now(), clock.today()
    scheme = create_scheme(
        "team-scheme", title="Team scheme", source="", rules=RULES, by=None, valid_from=date(2020, 1, 1)
    )
    unit = Posting.objects.in_force(today).get(officer=owner).unit
    row = put_in_force(scheme, by=None, valid_from=date(2020, 1, 1), unit=unit, reason="The world")
    (last_year,) = progress_of(owner, on=date(today.year - 1, 12, 31))
    declaration = declare(owner, last_year, by=owner, at=now, agreed=True)
    sample = draw_sample(
        scheme=scheme,
        starts_on=last_year.span.starts_on,
        ends_on=last_year.span.ends_on,
        seed="Balls of a day",
        share=1000,
        least_months=0,
        asked="Be ready to show your notes.",
        answer_by=today + timedelta(days=30),
        by=made.people["Training admin"],
        at=now,
    )
    made.places |= {
        "team scheme": scheme.code,
        "in force": str(row.pk),
        "declaration": str(declaration.pk),
        "sample": str(sample.pk),
        "sampled": str(SampleMember.objects.get(sample=sample, officer=owner).pk),
    }


def declaration(world: World) -> dict[str, Any]:
    return {"agreed": "on", "note": "", "on": "", "scheme": ""}


def a_statement(world: World) -> dict[str, Any]:
    today = clock.today()
    days = {"starts_on": date(today.year - 1, 1, 1), "ends_on": today}
    return {f"{name}_{part}": getattr(day, part) for name, day in days.items() for part in ("day", "month", "year")}


def a_draw(world: World) -> dict[str, Any]:
    today = clock.today()
    days = {"starts_on": date(today.year - 1, 1, 1), "ends_on": date(today.year - 1, 12, 31), "answer_by": today}
    boxes = {f"{name}_{part}": getattr(day, part) for name, day in days.items() for part in ("day", "month", "year")}
    return {
        **boxes,
        "scheme": "",
        "seed": "Other balls",
        "share": "2.5",
        "least_months": "0",
        "asked": "Be ready.",
    }


def put_in_force_for_all(world: World) -> dict[str, Any]:
    return {"unit": "", "role": "", "rank": "", "valid_from": clock.today().isoformat(), "reason": "Agreed"}


def the_end(world: World) -> dict[str, Any]:
    assert SchemeInForce.objects.filter(pk=world.places["in force"]).exists()
    return {"end-last_day": clock.today().isoformat(), "end-reason": "Agreed"}


def rules(world: World) -> dict[str, Any]:
    """Return what the editor of rules sends for a yearly scheme with one target."""
    assert Scheme.objects.filter(code=world.places["team scheme"]).exists()
    lists = {
        f"{name}-{key}": value
        for name in ("targets", "maxima", "never")
        for key, value in (
            ("TOTAL_FORMS", "2"),
            ("INITIAL_FORMS", "0"),
            ("MIN_NUM_FORMS", "0"),
            ("MAX_NUM_FORMS", "12"),
        )
    }
    return {
        **lists,
        "years": "1",
        "starts_on": "2020-01-01",
        "targets-0-title": "In all",
        "targets-0-measure": "minutes",
        "targets-0-amount": "20",
        "valid_from": clock.today().isoformat(),
        "reason": "Agreed",
        "do": "save",
    }


def new_scheme(world: World) -> dict[str, Any]:
    return {**rules(world), "code": "another-scheme", "title": "Another scheme", "source": ""}
