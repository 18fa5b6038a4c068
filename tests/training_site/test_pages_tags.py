"""Tags, filters and the navigation that every page uses."""

from datetime import UTC, date, datetime

import pytest
from django.template import engines

from tests import factories
from tests.courses.authoring import family
from training_site import navigation
from training_site.icons import SHAPES
from training_site.states import LOOKS


def render(text, request=None, **context):
    return engines["django"].from_string(text).render(context, request)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ 75|hours }}", "1 h 15 min"),
        ("{{ 540|hours }}", "9 h"),
        ("{{ 45|hours }}", "45 min"),
        ("{{ 0|hours }}", "0 min"),
        ("{{ nothing|hours }}", ""),
        ("{{ 72060|hours }}", "1,201 h"),
        ("{{ -75|hours }}", "−1 h 15 min"),
        ("{{ 52117|ledger_number }}", "52\u202f117"),
        ("{{ 3|in_words }}", "three"),
        ("{{ 14|in_words }}", "14"),
        ("{{ code|code_groups }}", "7KQ4 M2XD 9TRF"),
        ("{{ day|date_long }}", "28 February 2026"),
        ("{{ day|date_short }}", "28 Feb 2026"),
        ("{{ day|date_day }}", "28 February"),
        ("{{ day|weekday_date }}", "Saturday 28 February 2026"),
        ("{{ moment|clock }}", "00:15"),
        ("{{ moment|date_long }}", "2 July 2026"),
    ],
)
def test_figures_and_days_read_as_people_write_them(text, shown):
    found = render(
        text, day=date(2026, 2, 28), moment=datetime(2026, 7, 1, 23, 15, tzinfo=UTC), code="7KQ4M2XD9TRF", nothing=None
    )
    assert found.replace("\u00a0", " ") == shown


@pytest.mark.parametrize("state", LOOKS)
def test_every_state_has_a_shape_that_exists_and_a_word(state):
    look = LOOKS[state]
    assert look.icon in SHAPES or state == "information"
    assert look.tone in {"green", "ochre", "red", "purple", "grey"}
    assert look.word in render("{% verdict state %}", state=state.replace("-", "_"))


def test_an_icon_without_a_word_is_hidden_from_screen_readers_and_one_with_a_word_says_it():
    assert 'aria-hidden="true"' in render('{% icon "tick" %}')
    assert "Done</span>" in render('{% icon "tick" word="Done" %}')


def test_content_between_tags_is_kept_and_arguments_are_escaped():
    html = render(
        '{% section title id="x" %}{% rows %}{% row title href=title detail=title side=title %}<b>kept</b>{% endrow %}'
        "{% endrows %}{% endsection %}",
        title='"><script>',
    )
    assert "<b>kept</b>" in html
    assert "<script" not in html


@pytest.mark.parametrize(
    ("done", "total", "filled", "current", "drawn"),
    [(14, 19, 14, 1, 19), (0, 5, 0, 0, 5), (5, 5, 5, 0, 5), (1, 300, 1, 1, 30), (299, 300, 29, 1, 30), (0, 0, 0, 0, 0)],
)
def test_segments_show_neither_nothing_nor_everything_too_early(done, total, filled, current, drawn):
    html = render("{% progress_segments done=done total=total %}", done=done, total=total)
    assert html.count("progress__part--done") == filled
    assert html.count("progress__part--current") == current
    assert html.count('class="progress__part') == drawn
    assert f"{done} of {total} steps done" in html


def test_a_button_that_posts_carries_the_token(rf):
    html = render('{% button_form action="/x/" text="Enrol" %}{% endbutton_form %}', rf.get("/"))
    assert 'name="csrfmiddlewaretoken"' in html


@pytest.fixture
def _every_address_exists(monkeypatch):
    monkeypatch.setattr(navigation, "address_exists", lambda address: True)


@pytest.mark.django_db
@pytest.mark.usefixtures("_every_address_exists")
@pytest.mark.parametrize(
    ("roles", "more"),
    [
        ([], []),
        (["supervisor"], ["My team"]),
        (["trainer"], ["Authoring", "Assessments", "Portfolios"]),
        (["approver"], ["Authoring", "Assessments"]),
        (["assessor"], ["Marking", "Portfolios"]),
        (["iqa"], ["Marking", "Portfolios", "Exam rooms"]),
        (["training-admin"], ["Intakes and sessions", "Qualifications", "Imports"]),
        (["disclosure-officer"], ["Evidence", "Ledger"]),
    ],
)
def test_a_role_adds_its_items_to_everybodys_four(rf, person, roles, more):
    from tests import factories

    request = rf.get("/")
    request.user = person("Bo", *roles, **({"unit": factories.unit()} if "supervisor" in roles else {}))
    names = [item.text for item in navigation.navigation_for(request)]
    assert names == ["My learning", "Catalogue", "My record", "Log CPD", *more]


@pytest.mark.django_db
@pytest.mark.usefixtures("_every_address_exists")
def test_inspectors_are_not_asked_for_cpd_and_nobody_gets_more_than_seven(rf, person):
    request = rf.get("/")
    request.user = person("Bo", "auditor")
    names = [item.text for item in navigation.navigation_for(request)]
    assert names == ["My learning", "Catalogue", "My record", "Qualifications", "Audit sample", "Evidence", "Ledger"]
    request.user = person("Cy", "trainer", "assessor", "training-admin", "disclosure-officer")
    assert len(navigation.navigation_for(request)) == 7
    assert [item.text for item in navigation.beyond_navigation(request)] == [
        "Portfolios",
        "Intakes and sessions",
        "Qualifications",
        "Imports",
        "Adjustments",
        "Audit sample",
        "Evidence",
        "Ledger",
        "Exam rooms",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("_every_address_exists")
@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/my/", ("my-learning", "page")),
        ("/learn/eth-101/codes/", ("my-learning", "true")),
        ("/my/record/", ("my-record", "page")),
        ("/my/record/x/", ("my-record", "true")),
        ("/catalogue/eth-101/", ("catalogue", "true")),
        ("/cpd/", ("log-cpd", "true")),
        ("/cpd/samples/", ("log-cpd", "true")),
        ("/help/", None),
    ],
)
def test_the_page_one_is_on_is_marked(rf, person, path, current):
    request = rf.get(path)
    request.user = person()
    marked = [(item.key, item.current) for item in navigation.navigation_for(request) if item.current]
    assert marked == ([current] if current else [])


@pytest.mark.django_db
def test_every_item_of_ours_leads_somewhere_its_person_may_go(rf, person, signed_in):
    family("ethics")
    for role in ("supervisor", "training-admin", "auditor", "system-admin", "trainer"):
        more = {"supervisor": {"unit": factories.unit()}, "trainer": {"family": "ethics"}}.get(role, {})
        request = rf.get("/")
        request.user = person(f"Only {role}", role, **more)
        browser = signed_in(request.user)
        for item in navigation.navigation_for(request):
            assert browser.get(item.address).status_code == 200, f"{role}: {item.address}"


@pytest.mark.django_db
def test_what_has_no_place_in_the_navigation_stands_on_ones_account(person, signed_in):
    many = person("Bo", "supervisor", "trainer", "training-admin", "auditor", unit=factories.unit())
    page = signed_in(many).get("/account/").content.decode()
    assert page.index("Also yours") < page.index('href="/cpd/samples/"')
    assert "Also yours" not in signed_in(person("Cy", "assessor")).get("/account/").content.decode()


@pytest.mark.django_db
def test_an_item_without_an_address_is_absent(rf, person):
    assert navigation.address_exists("/help/")
    assert not navigation.address_exists("/no-such-part/")
    assert not navigation.address_exists("/admin/no-such-part/")
