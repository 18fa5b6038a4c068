"""The portfolio as its people see it: adding on a phone, judging, sampling, signing off by signing in again."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.models import (
    Intake,
    PortfolioFile,
    PortfolioItem,
    PortfolioJudgement,
    PortfolioReading,
    PortfolioSample,
    PortfolioSignOff,
    PortfolioVersion,
    Recruit,
)
from courses.portfolio.handing_in import Evidence, hand_in, hand_in_anew
from courses.portfolio.judging import Marks, judge_item, seen_of
from courses.portfolio.quality import draw_judgements
from courses.programmes.intakes import open_intake
from courses.programmes.joining import join
from courses.programmes.trainers import add_trainer
from people import clock
from people.models import Unit, User
from tests import factories
from tests.courses.portfolio.acts import HOLDS, THIN, png, release
from tests.courses.programmes.acts import release as release_without
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db
ADD = "/my/portfolio/add/tutor/"
PASSWORD = "a long enough password"


@pytest.fixture
def where(ada: User) -> Intake:
    begins = clock.today() - timedelta(weeks=2)
    return open_intake("Intake A", release(), by=ada, at=clock.now(), starts_on=begins, place="Hendon")


@pytest.fixture
def rae(ada: User, where: Intake, team: Unit) -> Recruit:
    return join(factories.person("Rae Demo", unit=team, short_name="PC R. Demo"), where, by=ada, at=clock.now())


@pytest.fixture
def tess(ada: User, where: Intake) -> User:
    trainer = factories.person("Tess Demo", "trainer", family="initial")
    add_trainer(where, trainer, by=ada, at=clock.now(), on=where.starts_on)
    return trainer


def posted(**more: Any) -> dict[str, Any]:
    day = clock.today()
    said = {
        "title": "A search in the street",
        "words": "I explained the grounds before I searched.",
        "headings": ["searching"],
        "happened_on_day": str(day.day),
        "happened_on_month": str(day.month),
        "happened_on_year": str(day.year),
        "place": "Peckham ward",
        "token": str(uuid4()),
    }
    return {**said, **more}


def text(answer: Any) -> str:
    return html.unescape(answer.content.decode())


def handed_in(who: Recruit, *headings: str, **more: Any) -> PortfolioItem:
    said = Evidence(
        headings or ("searching",),
        "A search in the street",
        "I explained the grounds.",
        clock.today(),
        "Peckham",
        **more,
    )
    return hand_in(who, "tutor", said, token=uuid4(), by=who.officer, at=clock.now())


def judged(item: PortfolioItem, by: User, marks: Marks = HOLDS, reason: str = "") -> None:
    assert item.current is not None
    judge_item(item, marks, reason=reason, seen=seen_of(item.current), by=by, at=clock.now())


def at(who: Recruit, *rest: object) -> str:
    return "/".join(["/intakes/recruits", str(who.pk), "portfolio", *map(str, rest), ""])


# --- The recruit ---------------------------------------------------------------------------------------------------------


def test_a_recruit_adds_evidence_with_a_photo_and_sees_it_waits(rae: Recruit, signed_in: Any) -> None:
    client: Client = signed_in(rae.officer)
    assert "Keep the case out." in text(client.get(f"{ADD}?heading=property"))
    photo = SimpleUploadedFile("notebook.png", png(), "image/png")
    answer = client.post(ADD, posted(photo=photo, reference="Notebook 7"), follow=True)
    item = PortfolioItem.objects.get()
    assert answer.redirect_chain == [(f"/my/portfolio/{item.pk}/", 302)]
    assert "Waiting to be judged" in text(answer)
    assert "notebook.png" in text(answer)
    page = text(client.get("/my/portfolio/"))
    assert "0 of 2 items judged sufficient; 1 waits to be judged." in page
    assert f"/my/portfolio/{item.pk}/" in page


def test_the_heading_one_came_from_is_chosen_already(rae: Recruit, signed_in: Any) -> None:
    page = text(signed_in(rae.officer).get(f"{ADD}?heading=property"))
    assert re.search(r'value="property"[^>]*checked', page)
    assert "checked" not in text(signed_in(rae.officer).get(f"{ADD}?heading=%22%3E"))


def test_what_looks_like_a_case_is_asked_about_and_the_text_and_the_photo_stay(rae: Recruit, signed_in: Any) -> None:
    client: Client = signed_in(rae.officer)
    words = "I searched Mr Shah after CAD 1234 came in."
    photo = SimpleUploadedFile("notebook.png", png(), "image/png")
    sent = posted(words=words, evidence=photo)
    asked = client.post(ADD, sent)
    assert asked.status_code == 422
    page = text(asked)
    assert "‘Mr Shah’ looks like somebody’s name." in page
    assert "‘CAD 1234’ looks like a crime, incident or custody number." in page
    assert words in page
    kept = PortfolioFile.objects.get()
    assert re.search(rf'value="{kept.pk}"[^>]*checked', page)
    assert not PortfolioVersion.objects.exists()

    found = re.search(r'name="found" value="(\w+)"', page)
    assert found is not None
    again = {**sent, "kept": [str(kept.pk)], "found": found[1]}
    del again["evidence"]
    assert client.post(ADD, again).status_code == 422, "not confirmed"
    done = client.post(ADD, {**again, "confirmed": "on"}, follow=True)
    assert "The recruit confirmed that it is no detail of a case." in text(done)
    assert list(PortfolioVersion.objects.get().files.all()) == [kept]


def test_a_photo_survives_every_other_mistake(rae: Recruit, signed_in: Any) -> None:
    client: Client = signed_in(rae.officer)
    photo = SimpleUploadedFile("notebook.png", png(), "image/png")
    sent = posted(title="", place="", photo=photo, happened_on_day="31", happened_on_month="2")
    answer = client.post(ADD, sent)
    assert answer.status_code == 422
    assert "There is no such day." in text(answer)
    assert re.search(rf'value="{PortfolioFile.objects.get().pk}"[^>]*checked', text(answer))
    assert "Say in a few words what it is." in text(client.post(ADD, posted(token=sent["token"], title="")))


def test_a_file_that_is_none_is_refused_and_the_words_stay(rae: Recruit, signed_in: Any) -> None:
    answer = signed_in(rae.officer).post(
        ADD, posted(evidence=SimpleUploadedFile("run.exe", b"MZ\x00"), words="I kept my words.")
    )
    assert answer.status_code == 422
    assert "run.exe is not a photo, a PDF or an Office file. Nothing was uploaded." in text(answer)
    assert "I kept my words." in text(answer)


def test_a_returned_item_is_handed_in_anew_from_its_page(rae: Recruit, tess: User, signed_in: Any) -> None:
    item = handed_in(rae)
    judged(item, tess, THIN, "Say what you told them.")
    client: Client = signed_in(rae.officer)
    assert "Say what you told them." in text(client.get("/my/portfolio/"))
    address = f"/my/portfolio/{item.pk}/"
    assert "Hand it in anew" in text(client.get(address))
    page = text(client.get(f"{address}again/"))
    assert "Say what you told them." in page
    assert "I explained the grounds." in page
    answer = client.post(f"{address}again/", posted(seen="1", words="I told them why."), follow=True)
    assert "I told them why." in text(answer)
    assert "What was handed in before" in text(answer)
    late = client.post(f"{address}again/", posted(seen="1", words="Words of the other window."))
    assert late.status_code == 422
    assert "in another window" in text(late)
    assert "Words of the other window." in text(late)


def test_one_sees_ones_own_portfolio_only(rae: Recruit, where: Intake, ada: User, signed_in: Any) -> None:
    other = join(factories.person("Oda Demo"), where, by=ada, at=clock.now())
    item = handed_in(rae)
    client: Client = signed_in(other.officer)
    for address in (at(rae), at(rae, item.pk), f"/my/portfolio/{item.pk}/", f"/my/portfolio/{item.pk}/again/"):
        assert client.get(address).status_code == 404


def test_whoever_has_no_portfolio_is_told_of_none(ada: User, signed_in: Any) -> None:
    assert signed_in(factories.person()).get("/my/portfolio/").status_code == 404
    plain = open_intake("Plain", release_without(), by=ada, at=clock.now(), starts_on=clock.today(), place="Hendon")
    who = join(factories.person(), plain, by=ada, at=clock.now())
    client: Client = signed_in(who.officer)
    assert client.get("/my/portfolio/").status_code == 404
    assert client.get(ADD).status_code == 404
    assert "My portfolio" not in text(client.get("/my/path/"))


def test_the_path_leads_to_the_portfolio(rae: Recruit, signed_in: Any) -> None:
    client: Client = signed_in(rae.officer)
    assert 'href="/my/portfolio/"' in text(client.get("/my/path/"))
    assert 'href="/my/portfolio/"' in text(client.get("/my/"))


# --- Those who judge -----------------------------------------------------------------------------------------------------


def judging(item: PortfolioItem, *marks: str, reason: str = "", judged: int = 0) -> dict[str, Any]:
    return {"marks": list(marks), "reason": reason, "version": "1", "judged": str(judged)}


ALL = ("valid", "authentic", "up_to_date", "sufficient")


def test_a_trainer_finds_what_waits_and_judges_it(rae: Recruit, tess: User, signed_in: Any) -> None:
    item = handed_in(rae)
    client: Client = signed_in(tess)
    waiting = text(client.get("/portfolios/"))
    assert at(rae, item.pk) in waiting
    answer = client.post(at(rae, item.pk), judging(item, *ALL), follow=True)
    assert "Judged sufficient." in text(answer)
    assert "1 of 2 items judged sufficient." in text(answer)
    assert at(rae, item.pk) not in text(client.get("/portfolios/"))


def test_a_return_without_a_reason_keeps_what_was_ticked(rae: Recruit, tess: User, signed_in: Any) -> None:
    item = handed_in(rae)
    client: Client = signed_in(tess)
    answer = client.post(at(rae, item.pk), judging(item, "valid"))
    assert answer.status_code == 422
    assert "Say what is missing and what would do." in text(answer)
    assert re.search(r'value="valid"[^>]*checked', text(answer))
    client.post(at(rae, item.pk), judging(item, "valid", reason="Whose work is it?"))
    told = text(signed_in(rae.officer).get(f"/my/portfolio/{item.pk}/"))
    assert "Whose work is it?" in told
    assert "Not authentic. Not current. Not sufficient." in told


def test_of_two_who_judge_at_once_the_second_is_told_and_keeps_their_words(
    rae: Recruit, tess: User, asha: User, signed_in: Any
) -> None:
    item = handed_in(rae)
    signed_in(asha).post(at(rae, item.pk), judging(item, *ALL))
    client: Client = signed_in(tess)
    answer = client.post(at(rae, item.pk), judging(item, "valid", reason="I would ask for more."))
    assert answer.status_code == 422
    assert "Asha Demo judged this at" in text(answer)
    assert "I would ask for more." in text(answer)
    assert PortfolioJudgement.objects.count() == 1
    again = client.post(at(rae, item.pk), judging(item, "valid", reason="I would ask for more.", judged=1), follow=True)
    assert "Returned. The recruit sees why." in text(again)


def test_whoever_vouched_for_it_is_told_why_they_do_not_judge(rae: Recruit, tess: User, signed_in: Any) -> None:
    item = handed_in(rae, witness=tess.email)
    client: Client = signed_in(tess)
    assert "You are named as having been there" in text(client.get(at(rae, item.pk)))
    assert client.post(at(rae, item.pk), judging(item, *ALL)).status_code == 403
    assert at(rae, item.pk) not in text(client.get("/portfolios/"))


def test_who_only_reads_has_no_form(rae: Recruit, sergeant: User, ivan: User, signed_in: Any) -> None:
    item = handed_in(rae)
    for reader in (sergeant, ivan, factories.person("Aud Demo", "auditor")):
        client: Client = signed_in(reader)
        assert "Record the judgement" not in text(client.get(at(rae, item.pk)))
        assert client.post(at(rae, item.pk), judging(item, *ALL)).status_code == 403
    assert not PortfolioJudgement.objects.exists()


def test_who_looked_is_written_down_and_one_s_own_is_no_look(rae: Recruit, tess: User, signed_in: Any) -> None:
    handed_in(rae)
    mine: Client = signed_in(rae.officer)
    mine.get("/my/portfolio/")
    assert "Portfolio" not in text(mine.get("/my/record/looks/"))
    signed_in(tess).get(at(rae))
    assert "Evidence with what was judged of it" in text(mine.get("/my/record/looks/"))


def test_a_file_is_opened_by_who_may_read_the_item(rae: Recruit, tess: User, signed_in: Any) -> None:
    client: Client = signed_in(rae.officer)
    client.post(ADD, posted(photo=SimpleUploadedFile("notebook.png", png(), "image/png")))
    file = PortfolioFile.objects.get()
    address = f"/portfolios/files/{file.item_id}/{file.pk}/"
    for reader in (client, signed_in(tess)):
        answer = reader.get(address)
        assert answer.headers["Content-Type"] == "image/png"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert b"".join(answer.streaming_content).startswith(b"\x89PNG")
    assert signed_in(factories.person("Tom Demo", "trainer", family="initial")).get(address).status_code == 404


# --- Signing off -----------------------------------------------------------------------------------------------------------


def complete(rae: Recruit, asha: User) -> None:
    for item in (handed_in(rae), handed_in(rae, "searching", "property")):
        judged(item, asha)


def sent(client: Client, address: str, words: str = "Seen on ten shifts.") -> dict[str, str]:
    """Return what the page would send."""
    found = re.search(r'name="seen" value="(\w+)"', text(client.get(address)))
    assert found is not None
    return {"words": words, "seen": found[1]}


def test_a_sergeant_signs_off_by_signing_in_again(rae: Recruit, asha: User, sergeant: User, client: Client) -> None:
    complete(rae, asha)
    client.post("/accounts/login/", {"login": sergeant.email, "password": PASSWORD})
    assert "Sign off" in text(client.get(at(rae)))
    address = at(rae, "sign-off", "tutor")
    led = client.post(address, sent(client, address))
    assert led.status_code == 302
    assert led.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not PortfolioSignOff.objects.exists()
    wrong = client.post(led.headers["Location"], {"password": "not this one", "next": address})
    assert "That is not your password" in text(wrong)
    done = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": address}, follow=True)
    assert "Signed off. It is on the recruit’s record." in text(done)
    assert PortfolioSignOff.objects.get().words == "Seen on ten shifts."


def test_a_sign_in_that_confirmed_one_portfolio_does_not_confirm_the_next(
    rae: Recruit, where: Intake, team: Unit, ada: User, asha: User, sergeant: User, client: Client
) -> None:
    other = join(factories.person("Oda Demo", unit=team), where, by=ada, at=clock.now())
    complete(rae, asha)
    complete(other, asha)
    client.post("/accounts/login/", {"login": sergeant.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    first, second = at(rae, "sign-off", "tutor"), at(other, "sign-off", "tutor")
    assert client.post(first, sent(client, first)).headers["Location"] == at(rae)
    assert client.post(second, sent(client, second)).headers["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": second})
    assert PortfolioSignOff.objects.count() == 2


def test_an_unfinished_portfolio_is_refused_before_anybody_is_asked_for_a_password(
    rae: Recruit, sergeant: User, signed_in: Any
) -> None:
    client: Client = signed_in(sergeant)
    address = at(rae, "sign-off", "tutor")
    answer = client.post(address, sent(client, address))
    assert answer.status_code == 422
    assert "This cannot be signed off yet. Searching individuals" in text(answer)
    assert "Seen on ten shifts." in text(answer)
    assert client.get(at(rae, "sign-off", "foundation")).status_code == 404


def test_who_is_not_named_finds_no_sign_off(rae: Recruit, tess: User, signed_in: Any) -> None:
    assert signed_in(tess).get(at(rae, "sign-off", "tutor")).status_code == 404
    assert signed_in(rae.officer).get(at(rae, "sign-off", "tutor")).status_code == 404


# --- Quality ---------------------------------------------------------------------------------------------------------------


def test_a_quality_assurer_draws_reads_and_does_not_agree(rae: Recruit, tess: User, ivan: User, signed_in: Any) -> None:
    item = handed_in(rae)
    judged(item, tess)
    client: Client = signed_in(ivan)
    today = clock.today()
    plan = {
        f"{name}_{part}": str(getattr(today, part))
        for name in ("starts_on", "ends_on")
        for part in ("day", "month", "year")
    }
    assert "10" in text(client.get("/portfolios/samples/draw/"))
    wrong = client.post("/portfolios/samples/draw/", {**plan, "share": "lots", "least": "2", "seed": "7 7 7"})
    assert "The share is a number from 0.1 to 100 per cent" in text(wrong)
    drawn = client.post(
        "/portfolios/samples/draw/", {**plan, "share": "10", "least": "2", "seed": "7 7 7"}, follow=True
    )
    assert "0 of 1 read." in text(drawn)
    sample = PortfolioSample.objects.get()
    assert str(sample) in text(client.get("/portfolios/samples/"))
    member = f"/portfolios/samples/{sample.pk}/{sample.members.get().pk}/"
    assert "I explained the grounds." in text(client.get(member))
    refused = client.post(member, {"outcome": "not_agreed", "words": ""})
    assert "Say why you do not agree" in text(refused)
    client.post(member, {"outcome": "not_agreed", "words": "One search is not two."})
    assert PortfolioReading.objects.get().by == ivan
    assert "One search is not two." in text(signed_in(rae.officer).get(f"/my/portfolio/{item.pk}/"))
    assert at(rae, item.pk) in text(signed_in(tess).get("/portfolios/"))
    auditor: Client = signed_in(factories.person("Aud Demo", "auditor"))
    assert "Not agreed" in text(auditor.get(member))
    assert signed_in(tess).get("/portfolios/samples/").status_code == 403


def test_a_sampled_judgement_is_shown_with_what_was_judged(
    rae: Recruit, tess: User, ivan: User, signed_in: Any
) -> None:
    item = handed_in(rae)
    judged(item, tess, THIN, "Say what you told them.")
    said = Evidence(("searching",), "A search in the street", "I told them why.", clock.today(), "Peckham")
    hand_in_anew(item, said, seen=1, by=rae.officer, at=clock.now())
    today = clock.today()
    sample = draw_judgements(starts_on=today, ends_on=today, seed="7", share=1000, least=1, by=ivan, at=clock.now())
    page = text(signed_in(ivan).get(f"/portfolios/samples/{sample.pk}/{sample.members.get().pk}/"))
    assert "I explained the grounds." in page
    assert "I told them why." not in page
    assert "This is what was judged. It was handed in anew since." in page


# --- How much it costs -----------------------------------------------------------------------------------------------------


def test_pages_cost_the_same_for_one_item_and_for_sixty(rae: Recruit, tess: User, asha: User, signed_in: Any) -> None:
    mine, judge = signed_in(rae.officer), signed_in(tess)
    first = handed_in(rae)
    judged(first, asha)
    handed_in(rae)

    def costs() -> list[int]:
        counts = []
        for client, address in (
            (mine, "/my/portfolio/"),
            (mine, f"/my/portfolio/{first.pk}/"),
            (mine, "/my/path/"),
            (judge, at(rae)),
            (judge, "/portfolios/"),
        ):
            client.get(address)
            with counted_queries() as queries:
                assert client.get(address).status_code == 200
            counts.append(queries.count)
        return counts

    few = costs()
    for judge_again in (tess, asha, tess):
        judged(first, judge_again)
    for number in range(58):
        item = handed_in(rae, "searching", "property")
        if number % 2:
            judged(item, asha, *((HOLDS, "") if number % 3 else (THIN, "More of it.")))
    assert costs() == few
