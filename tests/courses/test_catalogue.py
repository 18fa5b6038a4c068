"""Finding a course: search, families, filters in the address, and what each would leave."""

from datetime import timedelta

import pytest
from django.urls import reverse

from courses.catalogue import fold, listing, query_from
from courses.course_reviews import record_review
from courses.models import Release
from courses.progress import finish_step
from courses.withdrawals import withdraw_course
from people import clock
from tests.courses.authoring import family
from tests.courses.factories import do_lessons, enrolled, lesson, release
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db
TODAY = clock.today()


@pytest.fixture
def three(db):
    family("ethics", "Ethics")
    family("specialist", "Specialist")
    return {
        "ethics": release(code="ETH-1", title="Ethical decisions", minutes=90),
        "search": release(
            code="SPEC-1",
            title="Stop and search: fair and effective",
            family="specialist",
            minutes=240,
            audience=["Constables"],
            promise="Build grounds from fact.",
        ),
        "cyber": release(
            code="SPEC-2",
            title="Responding to cybercrime",
            family="specialist",
            minutes=300,
            audience=["Volume investigators"],
            references=[{"id": "r", "title": "Computer Misuse Act 1990", "provision": "section 3ZA", "url": ""}],
        ),
    }


def found(user, address="", **more):
    from django.http import QueryDict

    data = QueryDict(address)
    return listing(query_from(data, audiences=data.getlist("for"), **more), user, on=TODAY)


def titles(result):
    return [entry.title for entry in result.entries]


def test_everything_that_came_out_is_listed_by_title(three, person):
    result = found(person())
    assert titles(result) == ["Ethical decisions", "Responding to cybercrime", "Stop and search: fair and effective"]
    assert [(one.code, one.count) for one in result.families] == [("ethics", 1), ("specialist", 2)]


def test_a_search_looks_through_subject_law_and_code(three, person):
    assert titles(found(person(), "q=SEARCH")) == ["Stop and search: fair and effective"]
    assert titles(found(person(), "q=misuse+3za")) == ["Responding to cybercrime"]
    assert titles(found(person(), "q=spec-2")) == ["Responding to cybercrime"]
    assert titles(found(person(), "q=grounds+fact")) == ["Stop and search: fair and effective"]


def test_a_search_does_not_mind_accents_case_or_punctuation():
    assert fold("Café: “Müller’s” ") == "cafe   muller s"


def test_a_course_whose_title_matches_comes_first(three, person):
    release(code="ETH-3", title="A course on anything", promise="After a search, write it down.")
    assert titles(found(person(), "q=search"))[0] == "Stop and search: fair and effective"


def test_a_search_that_finds_nothing_says_what_to_try(three, signed_in, person):
    page = signed_in(person()).get("/catalogue/ethics/?q=kettling").content.decode()
    assert "No course matches “kettling”" in page
    assert "Try fewer words, or look in" in page
    elsewhere = found(person(), "q=cybercrime", family="ethics")
    assert [one.code for one in elsewhere.elsewhere] == ["specialist"]


def test_filters_that_hide_what_a_search_finds_are_not_called_a_search_that_finds_nothing(three, signed_in, person):
    page = signed_in(person()).get("/catalogue/?q=cybercrime&hours=2").content.decode()
    assert "No course is left by these filters." in page
    assert "No course matches" not in page


def test_a_stranger_is_told_nothing_about_having_started(three, client, signed_in, person):
    assert "Not started" in signed_in(person()).get("/catalogue/").content.decode()
    client.logout()
    assert "Not started" not in client.get("/catalogue/").content.decode()


def test_filters_narrow_down_and_know_their_counts(three, person):
    officer = person()
    result = found(officer, "hours=2")
    assert titles(result) == ["Ethical decisions"]
    counts = {(choice.name, choice.value): choice.count for choice in result.choices}
    assert counts[("hours", "2")] == 1
    assert titles(found(officer, "for=volume-investigators")) == ["Responding to cybercrime"]
    assert titles(found(officer, "for=volume-investigators&hours=2")) == []


def test_my_own_state_narrows_down_and_hides_what_is_in_date(three, person):
    officer = person()
    do_lessons(enrolled(officer, three["ethics"]), at=clock.now())
    finish_step(enrolled(officer, three["search"]), "first-word", by=officer, at=clock.now())
    assert titles(found(officer, "mine=started")) == ["Stop and search: fair and effective"]
    assert titles(found(officer, "mine=not-started")) == ["Responding to cybercrime"]
    hiding = found(officer, "hide=in-date")
    assert "Ethical decisions" not in titles(hiding)
    assert hiding.hidden_in_date == 1
    states = {entry.code: entry.mine for entry in found(officer).entries}
    assert (states["ETH-1"].state, states["SPEC-1"].state, states["SPEC-2"].state) == (
        "in-date",
        "started",
        "not-started",
    )
    assert (states["SPEC-1"].done, states["SPEC-1"].total) == (1, 2)


def test_what_expires_soon_or_has_expired_says_so(three, person):
    officer = person()
    do_lessons(enrolled(officer, three["ethics"]), at=clock.now() - timedelta(days=680))
    assert found(officer).entries[0].mine.state == "due"
    result = listing(query_from({}), officer, on=TODAY + timedelta(days=100))
    assert result.entries[0].mine.state == "expired"


def test_strangers_see_the_catalogue_without_their_state(three, client):
    page = client.get("/catalogue/specialist/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Stop and search: fair and effective" in text
    assert "Ethical decisions" not in text
    assert "Hide what I hold in date" not in text


def test_a_withdrawn_course_is_not_offered(three, person):
    withdraw_course(
        three["ethics"].course, by=person("", "trainer", family="ethics"), at=clock.now(), reason="The code changed."
    )
    assert "Ethical decisions" not in titles(found(person()))


def test_what_is_not_understood_in_an_address_is_left_out(three, signed_in, person):
    client = signed_in(person())
    for address in (
        "?hours=x&mine=y&hide=z&page=nothing",
        "?q=%00%00",
        "?q=" + "a" * 5000,
        "?for=<script>",
        "?page=99",
    ):
        assert client.get("/catalogue/" + address).status_code == 200


def test_what_was_searched_for_is_shown_and_never_runs(three, signed_in, person):
    page = signed_in(person()).get("/catalogue/", {"q": "<script>alert(1)</script> ‮ 😀"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_the_list_says_once_what_the_force_has_not_reviewed(three, client, person):
    approver = person("", "approver")
    address = "/catalogue/specialist/"
    assert client.get(address).content.decode().count("Illustrative content, to be reviewed by the force.") == 1
    record_review(three["search"], by=approver, reviewed_on=TODAY, at=clock.now())
    assert (
        "One of these courses is illustrative content, to be reviewed by the force"
        in client.get(address).content.decode()
    )
    record_review(three["cyber"], by=approver, reviewed_on=TODAY, at=clock.now())
    assert "llustrative content" not in client.get(address).content.decode()


def test_a_long_catalogue_comes_in_pages(db, signed_in, person):
    for number in range(25):
        release(code=f"ETH-{number}", title=f"Course {number:02}", steps=[lesson("only")])
    client = signed_in(person())
    assert client.get("/catalogue/").content.decode().count('class="result"') == 20
    assert client.get("/catalogue/?page=2").content.decode().count('class="result"') == 5


def test_the_catalogue_asks_as_much_for_three_courses_as_for_thirty(three, signed_in, person):
    officer = person()
    enrolled(officer, three["ethics"])
    client = signed_in(officer)
    client.get(reverse("courses:catalogue"))
    with counted_queries() as few:
        client.get(reverse("courses:catalogue"))
    for number in range(27):
        made = release(code=f"LEAD-{number}", title=f"Course {number}", steps=[lesson("only")])
        enrolled(officer, made)
    client.get(reverse("courses:catalogue"))
    with counted_queries() as many:
        client.get(reverse("courses:catalogue"))
    assert Release.objects.count() == 30
    assert few.count == many.count, f"{few}\n{many}"
