"""The random audit sample: anybody can draw it again, some are left out or selected again, and every rejection has a second assessor."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from cpd_records.activity_rules import ActivityRefused
from cpd_records.models import SELECTED, Sample, SampleMember, SampleReading, Scheme
from cpd_records.sampling.asking import asked_of
from cpd_records.sampling.drawing import DrawRefused, draw_sample
from cpd_records.sampling.lot import draw, how_many
from cpd_records.sampling.outcomes import ReadingRefused, came_to, record_reading
from cpd_records.schemes.keeping import put_in_force
from people import clock
from people.dated_rows import add_row, correct_row
from people.models import Absence, Look, User
from tests import factories
from tests.cpd_records.schemes.conftest import Record, officer, recorded, team
from tests.hostile import HOSTILE, runs_in, sendable

__all__ = ["officer", "recorded", "team"]

Browser = Callable[[User], Client]
VECTOR = Path(__file__).parent / "vectors" / "cpd-sample.json"
Why = SampleMember.Why


def drawn(by: User, **more: Any) -> Sample:
    """Draw a sample of last year from everybody, all of them unless told."""
    today = clock.today()
    given: dict[str, Any] = {
        "scheme": None,
        "starts_on": date(today.year - 1, 1, 1),
        "ends_on": date(today.year - 1, 12, 31),
        "seed": "Lottery of 12 November",
        "share": 1000,
        "least_months": 0,
        "asked": "Be ready to show your notes.",
        "answer_by": today + timedelta(days=60),
        "by": by,
        "at": clock.now(),
    }
    return draw_sample(**{**given, **more})


def member_of(sample: Sample, who: User) -> SampleMember:
    return SampleMember.objects.get(sample=sample, officer=who)


# --- The lot


def test_the_worked_example_of_the_documentation_is_drawn() -> None:
    known = json.loads(VECTOR.read_text())
    lot = draw(known["seed"], [UUID(row["public_id"]) for row in known["population"]], share=known["share"])
    assert [str(public_id) for public_id in lot.selected] == known["selected"]
    for row in known["population"]:
        text = (known["seed"] + row["public_id"]).encode()
        assert hashlib.sha256(text).hexdigest() == row["digest"]
    documentation = Path("docs/cpd-sample.md").read_text()
    assert known["seed"] in documentation
    assert all(public_id in documentation for public_id in known["selected"])


@pytest.mark.parametrize(
    ("population", "share", "number"),
    [(1, 25, 1), (39, 25, 1), (40, 25, 1), (41, 25, 2), (1000, 25, 25), (45_000, 25, 1125), (10, 1000, 10), (3, 1, 1)],
)
def test_the_share_is_rounded_up(population: int, share: int, number: int) -> None:
    assert how_many(population, share) == number


people = st.sets(st.uuids(), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None)
@given(people, st.text(max_size=20), st.integers(1, 1000), st.randoms(use_true_random=False))
def test_a_draw_depends_on_the_seed_and_the_people_and_on_nothing_else(
    population: set[UUID], seed: str, share: int, chance: Any
) -> None:
    seed = sendable(seed)
    shuffled = sorted(population)
    chance.shuffle(shuffled)
    lot = draw(seed, shuffled, share=share)
    assert lot == draw(seed, sorted(population), share=share)
    assert set(lot.order) == population
    assert len(lot.selected) == how_many(len(population), share)
    again = set(shuffled[:3])
    beside = draw(seed, population, share=share, again=again)
    assert not again & set(beside.order)
    assert len(beside.selected) == min(how_many(len(population), share), len(population) - len(again))


def test_another_seed_selects_others() -> None:
    population = [uuid4() for _ in range(200)]
    assert draw("one", population, share=100).selected != draw("two", population, share=100).selected


# --- Drawing


@pytest.mark.django_db
def test_a_draw_is_kept_with_everybody_it_was_made_from(team: dict[str, User]) -> None:
    for number in range(20):
        factories.person(f"Officer {number}", unit=factories.unit())
    sample = drawn(team["training_admin"], share=100)
    members = list(sample.members.select_related("officer"))
    assert sample.population == len(members)
    assert [member.place for member in members] == list(range(1, len(members) + 1))
    lot = draw(sample.seed, [member.officer.public_id for member in members], share=100)
    assert tuple(member.officer.public_id for member in members) == lot.order
    assert [member.why for member in members].count(Why.BY_LOT) == lot.number == how_many(len(members), 100)
    # Somebody who is posted nowhere is not drawn from.
    assert not sample.members.filter(officer=team["auditor"]).exists()


@pytest.mark.django_db
def test_those_away_and_those_new_are_left_out_with_the_reason(team: dict[str, User]) -> None:
    today = clock.today()
    new = factories.person("Recruit R. Demo")
    factories.posting(new, factories.unit(), since=today - timedelta(days=300))
    away = team["sergeant"]
    add_row(Absence, subject={"officer": away}, by=None, valid_from=today - timedelta(days=9), kind="parental")
    sample = drawn(team["training_admin"], least_months=12, ends_on=today)
    assert member_of(sample, new).why == Why.NEW
    assert member_of(sample, away).why == Why.ABSENT
    assert member_of(sample, away).place is None
    assert sample.population == sample.members.filter(why=Why.BY_LOT).count()


@pytest.mark.django_db
def test_a_sample_of_a_scheme_is_drawn_from_those_it_held_for(team: dict[str, User]) -> None:
    scheme = Scheme.objects.get(code="like-hcpc")
    unit = team["elsewhere"].postings.get().unit
    put_in_force(scheme, by=None, valid_from=date(2020, 1, 1), unit=unit, reason="A test")
    sample = drawn(team["training_admin"], scheme=scheme)
    assert [member.officer for member in sample.members.all()] == [team["elsewhere"]]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seed": " \u200b "}, "Enter the seed as it was published"),
        ({"seed": "x" * 201}, "200 fit"),
        ({"ends_on": date(2020, 1, 1)}, "The last day is before the first"),
        ({"starts_on": date(2999, 1, 1), "ends_on": date(2999, 1, 1)}, "This period has not begun"),
        ({"share": 0}, "from 0.1 to 100"),
        ({"share": 1001}, "from 0.1 to 100"),
        ({"least_months": 61}, "from 0 to 60"),
        ({"answer_by": date(2020, 1, 1)}, "has passed already"),
        ({"asked": ""}, "Say what is asked"),
        ({"asked": "x" * 1001}, "1,000 fit"),
    ],
)
def test_what_cannot_be_drawn_is_refused(team: dict[str, User], changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ActivityRefused, match=said):
        drawn(team["training_admin"], **changes)
    assert not Sample.objects.exists()


@pytest.mark.django_db
def test_only_a_training_administrator_draws_and_once_from_a_seed(team: dict[str, User]) -> None:
    for who in ("auditor", "sergeant", "system_admin", "officer"):
        with pytest.raises(DrawRefused, match="Training administrators draw"):
            drawn(team[who])
    drawn(team["training_admin"])
    with pytest.raises(DrawRefused, match="drawn from this seed already"):
        drawn(team["second"], seed="  Lottery of  12 November ")


@pytest.mark.django_db
def test_nobody_posted_is_nobody_to_draw_from(person: Callable[..., User]) -> None:
    with pytest.raises(DrawRefused, match="There is nobody to draw from: nobody was posted"):
        drawn(person("Administrator", "training-admin"))


@pytest.mark.django_db
def test_where_everybody_is_left_out_it_says_why_and_what_to_change(person: Callable[..., User]) -> None:
    today, where = clock.today(), factories.unit()
    new, away = person("Recruit R. Demo"), person("Officer A. Demo")
    for one in (new, away):
        factories.posting(one, where, since=today - timedelta(days=300))
    add_row(Absence, subject={"officer": away}, by=None, valid_from=today - timedelta(days=9), kind="parental")
    administrator = person("Administrator", "training-admin")
    why = r"of 2, 1 have less than 12 months of service and 1 are away\. Enter fewer months"
    with pytest.raises(DrawRefused, match=why) as refusal:
        drawn(administrator, least_months=12, ends_on=today)
    assert refusal.value.field == "least_months"
    add_row(Absence, subject={"officer": new}, by=None, valid_from=today - timedelta(days=9), kind="parental")
    with pytest.raises(DrawRefused, match="all 2 are away today"):
        drawn(administrator, least_months=12, ends_on=today)


# --- Assessing


@pytest.mark.django_db
def test_a_rejection_stands_when_a_second_assessor_rejects_too(team: dict[str, User]) -> None:
    mine = member_of(drawn(team["training_admin"]), team["officer"])
    read = {"outcome": "rejected", "words": "Nothing was recorded.", "at": clock.now()}
    record_reading(mine, by=team["training_admin"], **read)
    assert came_to(mine) == "second"
    (asked,) = asked_of(team["officer"])
    assert (asked.standing, asked.words) == ("Waiting to be read", "")
    with pytest.raises(ReadingRefused, match="A second assessor reads it"):
        record_reading(mine, by=team["training_admin"], **{**read, "outcome": "accepted"})
    record_reading(mine, by=team["second"], **read)
    assert came_to(mine) == "rejected"
    (asked,) = asked_of(team["officer"])
    assert (asked.standing, asked.words) == ("Rejected", "Nothing was recorded.")
    with pytest.raises(ReadingRefused, match="This is settled: rejected"):
        record_reading(mine, by=team["second"], **{**read, "outcome": "accepted"})


@pytest.mark.django_db
def test_a_second_assessor_may_find_otherwise(team: dict[str, User]) -> None:
    mine = member_of(drawn(team["training_admin"]), team["officer"])
    record_reading(mine, by=team["training_admin"], outcome="rejected", words="Nothing.", at=clock.now())
    record_reading(mine, by=team["second"], outcome="advice", words="Write more.", at=clock.now())
    assert came_to(mine) == "advice"


@pytest.mark.django_db
def test_what_was_returned_is_read_again_and_a_new_rejection_needs_its_own_second(team: dict[str, User]) -> None:
    mine = member_of(drawn(team["training_admin"]), team["officer"])
    for by, outcome, then in (
        ("training_admin", "returned", "returned"),
        ("training_admin", "rejected", "second"),
        ("second", "returned", "returned"),
        ("second", "rejected", "second"),
        ("training_admin", "rejected", "rejected"),
    ):
        record_reading(mine, by=team[by], outcome=outcome, words="Two are missing.", at=clock.now())
        assert came_to(mine) == then


@pytest.mark.django_db
def test_nobody_assesses_their_own_nor_without_the_role(team: dict[str, User]) -> None:
    sample = drawn(team["training_admin"])
    accepted = {"outcome": "accepted", "words": "", "at": clock.now()}
    with pytest.raises(ReadingRefused, match="You cannot assess your own CPD"):
        record_reading(member_of(sample, team["training_admin"]), by=team["training_admin"], **accepted)
    mine = member_of(sample, team["officer"])
    for who in ("auditor", "sergeant", "system_admin"):
        with pytest.raises(ReadingRefused, match="Training administrators assess"):
            record_reading(mine, by=team[who], **accepted)
    with pytest.raises(ActivityRefused, match="Say what is missing"):
        record_reading(mine, by=team["second"], outcome="advice", words="\u200b", at=clock.now())
    with pytest.raises(ReadingRefused, match="Choose what came of it"):
        record_reading(mine, by=team["second"], outcome="burnt", words="", at=clock.now())
    assert not SampleReading.objects.exists()


@pytest.mark.django_db
def test_those_not_selected_are_not_assessed(team: dict[str, User]) -> None:
    sample = drawn(team["training_admin"], share=1)
    assessors = [team["training_admin"], team["second"]]
    other = sample.members.exclude(why__in=SELECTED).exclude(officer__in=assessors).first()
    assert other is not None
    with pytest.raises(ReadingRefused, match="was not selected"):
        record_reading(other, by=team["second"], outcome="accepted", words="", at=clock.now())


@pytest.mark.django_db
@pytest.mark.parametrize(("outcome", "is_again"), [("accepted", False), ("advice", True), ("returned", True)])
def test_advice_and_returns_are_selected_again_next_time(team: dict[str, User], outcome: str, is_again: bool) -> None:
    first = drawn(team["training_admin"])
    record_reading(member_of(first, team["officer"]), by=team["second"], outcome=outcome, words="More.", at=clock.now())
    second = drawn(team["training_admin"], seed="Another", share=1)
    assert (member_of(second, team["officer"]).why == Why.AGAIN) == is_again
    selected = second.members.filter(why__in=SELECTED)
    assert selected.count() == 1 + is_again
    if is_again:
        record_reading(
            member_of(second, team["officer"]), by=team["second"], outcome="accepted", words="", at=clock.now()
        )
        third = drawn(team["training_admin"], seed="A third", share=1)
        assert member_of(third, team["officer"]).why != Why.AGAIN


@pytest.mark.django_db
def test_somebody_who_is_away_is_selected_again_when_they_are_back(team: dict[str, User]) -> None:
    first, today = drawn(team["training_admin"]), clock.today()
    record_reading(
        member_of(first, team["officer"]), by=team["second"], outcome="advice", words="More.", at=clock.now()
    )
    away = add_row(Absence, subject={"officer": team["officer"]}, by=None, valid_from=today, kind="parental")
    assert member_of(drawn(team["training_admin"], seed="Another", share=1), team["officer"]).why == Why.ABSENT
    correct_row(away, by=None, reason="Back already", is_void=True)
    assert member_of(drawn(team["training_admin"], seed="A third", share=1), team["officer"]).why == Why.AGAIN


# --- The pages


def boxes(**days: date) -> dict[str, int]:
    return {f"{name}_{part}": getattr(day, part) for name, day in days.items() for part in ("day", "month", "year")}


def a_form(**more: Any) -> dict[str, Any]:
    today = clock.today()
    days = boxes(starts_on=date(today.year - 1, 1, 1), ends_on=date(today.year - 1, 12, 31), answer_by=today)
    texts = {"scheme": "", "seed": "Lottery", "share": "100 %", "least_months": "", "asked": "Be ready."}
    return {**days, **texts, **more}


@pytest.mark.django_db
def test_a_sample_is_drawn_read_and_told_on_pages(team: dict[str, User], signed_in: Browser, recorded: Record) -> None:
    clients = {name: signed_in(user) for name, user in team.items()}
    admin, mine = clients["training_admin"], team["officer"]
    day = date(clock.today().year - 1, 3, 1).isoformat()
    recorded(mine, "Briefing on grounds", day, 45, learned="Say the grounds aloud.")
    html = admin.get("/cpd/samples/draw/").content.decode()
    assert 'value="2.5"' in html
    page = admin.post("/cpd/samples/draw/", a_form(), follow=True)
    sample = Sample.objects.get()
    html = page.content.decode()
    assert "4 selected of 4." in html
    assert "You. Another assessor reads this." in html
    assert "was selected for the audit sample" in clients["officer"].get("/cpd/progress/").content.decode()

    address = f"/cpd/samples/{sample.pk}/{member_of(sample, mine).pk}/"
    for reader in ("training_admin", "auditor"):
        html = clients[reader].get(address).content.decode()
        assert "Briefing on grounds" in html
        assert "Say the grounds aloud." in html
    assert Look.objects.filter(officer=mine, looker=team["auditor"], where="CPD audit sample").exists()
    assert "Record the outcome" not in html
    own = f"/cpd/samples/{sample.pk}/{member_of(sample, team['training_admin']).pk}/"
    refused = admin.get(own)
    assert refused.status_code == 403
    assert "You cannot assess your own CPD" in refused.content.decode()
    assert "Say what is missing" in admin.post(address, {"outcome": "advice", "words": ""}).content.decode()
    admin.post(address, {"outcome": "rejected", "words": "Nothing reflects."})
    assert "You proposed to reject this." in admin.get(address).content.decode()
    clients["second"].post(address, {"outcome": "advice", "words": "Reflect on it."})
    html = clients["officer"].get("/cpd/progress/").content.decode()
    assert "accepted with advice." in html
    assert "Reflect on it." in html

    table = list(
        csv.DictReader(io.StringIO(clients["auditor"].get(f"/cpd/samples/{sample.pk}/public-ids.csv").content.decode()))
    )
    lot = draw(sample.seed, [UUID(row["public_id"]) for row in table], share=sample.share)
    assert [str(public_id) for public_id in lot.order] == [row["public_id"] for row in table]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": "2.55"}, "one decimal at most"),
        ({"share": "0"}, "one decimal at most"),
        ({"share": "nan"}, "one decimal at most"),
        ({"share": "1e9"}, "one decimal at most"),
        ({"least_months": "-1"}, "from 0 to 60"),
        ({"least_months": "٣"}, "from 0 to 60"),
        ({"seed": ""}, "Enter the seed as it was published"),
        ({"starts_on_day": "31", "starts_on_month": "2"}, "There is no such day"),
        ({"ends_on_year": ""}, "Enter a day, a month and a year"),
        ({"scheme": "no-such"}, "Choose a scheme from the list."),
    ],
)
def test_the_form_of_the_draw_refuses_with_sentences(
    team: dict[str, User], signed_in: Browser, changes: dict[str, str], said: str
) -> None:
    answer = signed_in(team["training_admin"]).post("/cpd/samples/draw/", a_form(**changes))
    assert said in answer.content.decode()
    assert not Sample.objects.exists()


@pytest.mark.django_db
def test_the_pages_of_the_sample_bear_hostile_words(team: dict[str, User], signed_in: Browser) -> None:
    admin, sample = signed_in(team["training_admin"]), drawn(team["training_admin"])
    address = f"/cpd/samples/{sample.pk}/{member_of(sample, team['officer']).pk}/"
    for text in (
        sendable(HOSTILE[name]) for name in ("markup", "attribute", "null", "halves", "number", "thousand marks")
    ):
        answers = [
            admin.post("/cpd/samples/draw/", dict.fromkeys(a_form(), text)),
            admin.post("/cpd/samples/draw/", a_form(seed=text, asked=text), follow=True),
            admin.post(address, {"outcome": "returned", "words": text}, follow=True),
            admin.post(address, {"outcome": text, "words": text}),
        ]
        for answer in answers:
            assert answer.status_code == 200
            assert not runs_in(answer.content.decode())
