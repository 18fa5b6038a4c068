"""The pages of CPD: five answers, a private page, a supervisor who sees the summary and nothing else."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from cpd_records import activities
from cpd_records.models import Activity, ActivityFile, LedgerEntry
from people import clock
from people.models import User
from tests import factories
from tests.cpd_records.cpd_acts import office, pdf, photograph

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'; DROP TABLE cpd_records_activity; --",
    "\u202eright to left",
    "zero\u200bwidth",
    "👮🏽‍♀️🚓",
    "Z" + "\u0301" * 190,
    "{{ request.user }}{% now 'Y' %}",
]


@pytest.fixture
def team() -> dict[str, User]:
    team_c = factories.unit("team-c")
    return {
        "officer": factories.person("Officer A. Demo", unit=team_c),
        "sergeant": factories.person("Sergeant D. Demo", "supervisor", unit=team_c),
        "stranger": factories.person("Officer B. Demo", unit=factories.unit("other")),
        "elsewhere": factories.person("Sergeant X. Demo", "supervisor", unit=factories.unit("third")),
    }


def answers(**more: Any) -> dict[str, Any]:
    yesterday = clock.today() - timedelta(days=1)
    return {
        "title": "Briefing on knife-crime orders",
        "day_day": yesterday.day,
        "day_month": yesterday.month,
        "day_year": yesterday.year,
        "length_hours": "0",
        "length_minutes": "45",
        "kind": "briefing",
        "learned": "Orders can carry a search condition.",
        "client_token": str(uuid4()),
        **more,
    }


def logged(officer: User, **more: Any) -> Activity:
    given: dict[str, Any] = {
        "title": "Night scenario exercise",
        "kind": "on_the_job",
        "day": clock.today(),
        "minutes": 30,
        "learned": "Say the time aloud.",
        "client_token": None,
        "at": clock.now(),
        "is_another": True,
        **more,
    }
    return activities.log_activity(officer, **given)


def handed_in(team: dict[str, User], **more: Any) -> Activity:
    activity = logged(team["officer"], **more)
    return activities.submit_activity(activity, by=team["officer"], verifier=team["sergeant"], at=clock.now())


def text_of(response: Any) -> str:
    return response.content.decode()


# --- Log CPD ----------------------------------------------------------------------------------------------------------


def test_five_answers_make_a_draft_and_lead_to_the_private_page(team: dict[str, User], signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    page = text_of(browser.get("/cpd/log/"))
    for words in ("What did you do?", "When?", "How long?", "What kind?", "What did you learn?", "Log CPD"):
        assert words in page
    response = browser.post("/cpd/log/", answers())
    activity = Activity.objects.get()
    assert response.headers["Location"] == f"/cpd/{activity.pk}/reflect/"
    assert (activity.minutes, activity.kind, activity.state) == (45, "briefing", "draft")
    page = text_of(browser.get(response.headers["Location"]))
    assert "Logged: 45\u00a0min on" in page
    assert page.index("Only you can read a reflection") < page.index("What will you do differently?")
    assert "Submit to Sergeant D. Demo" in page


def test_presets_count_where_the_boxes_are_empty_and_the_boxes_win(team: dict[str, User], signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    today = clock.today()
    empty = dict.fromkeys(("day_day", "day_month", "day_year", "length_hours", "length_minutes"), "")
    browser.post("/cpd/log/", answers(**empty, day_preset=today.isoformat(), length_preset="120"))
    assert (Activity.objects.get().day, Activity.objects.get().minutes) == (today, 120)
    browser.post("/cpd/log/", answers(day_preset=today.isoformat(), length_preset="120"))
    assert Activity.objects.latest("created_at").minutes == 45
    assert Activity.objects.latest("created_at").day == today - timedelta(days=1)


def test_a_double_click_makes_one_draft(team: dict[str, User], signed_in: Browser) -> None:
    browser, form = signed_in(team["officer"]), answers()
    assert browser.post("/cpd/log/", form).headers["Location"] == browser.post("/cpd/log/", form).headers["Location"]
    assert Activity.objects.count() == 1


def test_the_form_sent_again_with_other_words_becomes_a_change_of_the_same_draft(
    team: dict[str, User], signed_in: Browser
) -> None:
    browser, form = signed_in(team["officer"]), answers()
    browser.post("/cpd/log/", form)
    activity = Activity.objects.get()
    response = browser.post("/cpd/log/", {**form, "title": "Edited after going back"})
    page = text_of(response)
    assert response.status_code == 409
    assert "You logged this already at" in page
    assert "Edited after going back" in page
    assert f'action="/cpd/{activity.pk}/change/"' in page
    changed_at = response.context["form"]["seen_at"].value()
    browser.post(f"/cpd/{activity.pk}/change/", {**form, "title": "Edited after going back", "seen_at": changed_at})
    assert Activity.objects.get().title == "Edited after going back"


def test_twenty_five_hours_is_refused_with_the_words_kept_and_a_remedy(
    team: dict[str, User], signed_in: Browser
) -> None:
    browser = signed_in(team["officer"])
    page = text_of(browser.post("/cpd/log/", answers(length_hours="25", length_minutes="0", learned="")))
    assert "There is a problem" in page
    assert page.index("Length must be 24 hours or less on one day.") < page.index("<h1>")
    assert "Say in a sentence what you learned." in page
    assert "What you typed is still here." in page
    assert 'value="Briefing on knife-crime orders"' in page
    assert 'value="25"' in page
    assert "Log both days at once" in page
    assert not Activity.objects.exists()


def test_both_days_can_be_logged_at_once(team: dict[str, User], signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    began = clock.today() - timedelta(days=2)
    form = answers(day_day=began.day, day_month=began.month, day_year=began.year, length_hours="25")
    page = text_of(browser.post("/cpd/log/", {**form, "two_days": "1"}))
    assert "How long on the first day?" in page
    assert "How long on the next day?" in page
    assert "There is a problem" not in page
    assert form["client_token"] in page
    assert 'value="Briefing on knife-crime orders"' in page

    form |= {"length_hours": "13", "length_minutes": "", "length_next_day_hours": "12", "length_next_day_minutes": ""}
    assert "13 h is more than 12 hours" in text_of(browser.post("/cpd/log/", form))
    for _ in range(2):
        assert browser.post("/cpd/log/", {**form, "is_long_day": "on"}).headers["Location"] == "/cpd/"
    assert sorted(Activity.objects.values_list("day", "minutes")) == [
        (began, 780),
        (began + timedelta(days=1), 720),
    ]


def test_the_next_day_must_not_be_still_to_come(team: dict[str, User], signed_in: Browser) -> None:
    today = clock.today()
    form = answers(
        day_day=today.day,
        day_month=today.month,
        day_year=today.year,
        length_next_day_hours="2",
        length_next_day_minutes="0",
    )
    assert "is still to come" in text_of(signed_in(team["officer"]).post("/cpd/log/", form))
    assert not Activity.objects.exists()


def test_a_day_that_would_have_25_hours_in_all_is_refused_at_the_length(
    team: dict[str, User], signed_in: Browser
) -> None:
    browser = signed_in(team["officer"])
    for part in ("first", "second"):
        browser.post(
            "/cpd/log/", answers(title=f"The {part} half", length_hours="12", length_minutes="0", is_long_day="on")
        )
    response = browser.post("/cpd/log/", answers(length_hours="1"))
    assert "You have already logged 24 h on" in text_of(response)
    assert response.context["form"].has_error("length")


def test_more_than_twelve_hours_asks_whether_that_is_right(team: dict[str, User], signed_in: Browser) -> None:
    browser, form = signed_in(team["officer"]), answers(length_hours="13", length_minutes="0")
    page = text_of(browser.post("/cpd/log/", form))
    assert "13 h is more than 12 hours. Tick the box if that is right." in page
    assert 'name="is_long_day"' in page
    assert 'name="is_long_day"' not in text_of(browser.get("/cpd/log/"))
    browser.post("/cpd/log/", {**form, "is_long_day": "on"})
    assert Activity.objects.get().minutes == 780


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Say in a few words what you did."),
        ({"title": "x" * 201}, "The title is 201 characters long and 200 fit. Shorten it."),
        ({"title": "nul\x00"}, "Null characters are not allowed."),
        ({"day_day": "", "day_month": "", "day_year": ""}, "Enter the day it happened, for example 22 11 2026."),
        ({"day_day": "31", "day_month": "2"}, "There is no such day."),
        ({"day_year": "2999"}, "is still to come. Enter the day it happened."),
        ({"day_year": "1999"}, "is too long ago. Enter a day since"),
        ({"day_preset": "tomorrow", "day_day": "", "day_month": "", "day_year": ""}, "Enter the day it happened"),
        ({"length_hours": "", "length_minutes": ""}, "Enter how long it took, in hours and minutes."),
        ({"length_hours": "-1"}, "Hours and minutes are whole numbers"),
        ({"length_hours": "0", "length_minutes": "0"}, "Length must be at least one minute."),
        ({"length_hours": "", "length_minutes": "", "length_preset": "1500"}, "Length must be 24 hours or less"),
        ({"kind": ""}, "Choose what kind of learning it was."),
        ({"kind": "holiday"}, "Choose what kind of learning it was."),
        ({"learned": "\u200b"}, "Say in a sentence what you learned."),
        ({"learned": "x" * 4001}, "What you learned is 4,001 characters long and 4,000 fit."),
    ],
)
def test_each_wrong_answer_is_named_and_nothing_is_logged(
    team: dict[str, User], signed_in: Browser, wrong: dict[str, str], sentence: str
) -> None:
    response = signed_in(team["officer"]).post("/cpd/log/", answers(**wrong))
    assert sentence in text_of(response)
    assert "govuk-error-summary" in text_of(response)
    assert not Activity.objects.exists()


def test_a_text_of_ten_megabytes_is_refused_by_a_sentence_and_kept(team: dict[str, User], signed_in: Browser) -> None:
    response = signed_in(team["officer"]).post("/cpd/log/", answers(learned="word " * 2_000_000))
    assert response.status_code == 200
    assert "What you learned is 9,999,999 characters long" in text_of(response)
    assert len(response.content) > 10_000_000


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_text_on_every_page(team: dict[str, User], signed_in: Browser, hostile: str) -> None:
    officer, sergeant = signed_in(team["officer"]), signed_in(team["sergeant"])
    officer.post("/cpd/log/", answers(title=hostile, learned=hostile))
    activity = Activity.objects.get()
    officer.post(f"/cpd/{activity.pk}/reflect/", {"reflection": hostile, "helps": hostile})
    activities.share_reflection(activity, by=team["officer"], at=clock.now())
    activities.submit_activity(activity, by=team["officer"], verifier=team["sergeant"], at=clock.now())
    pages = [officer.get(f"/cpd/{activity.pk}/"), officer.get("/cpd/"), officer.get(f"/cpd/{activity.pk}/reflect/")]
    pages += [sergeant.get("/team/cpd/"), sergeant.get(f"/team/cpd/{activity.pk}/")]
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in text_of(page)
        assert "<img src=x" not in text_of(page)
    assert (
        activity.title in officer.get("/cpd/", headers={"accept": "text/html"}).context["sections"][0]["rows"][0].title
    )
    sergeant.post(f"/team/cpd/{activity.pk}/return/", {"reason": hostile})
    assert "<script>alert" not in text_of(officer.get("/cpd/"))
    assert Activity.objects.get().state == "returned"


def test_whoever_is_signed_out_is_led_to_sign_in_and_nothing_is_logged(client: Client) -> None:
    for address in ("/cpd/", "/cpd/log/", f"/cpd/{uuid4()}/", "/team/cpd/"):
        assert client.get(address).headers["Location"].startswith("/accounts/login/?next=")
    assert client.post("/cpd/log/", answers()).status_code == 302
    assert not Activity.objects.exists()


# --- Changing and reflecting ------------------------------------------------------------------------------------------


def test_a_draft_is_changed_on_a_form_that_is_filled_in(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    page = browser.get(f"/cpd/{activity.pk}/change/")
    assert 'value="Night scenario exercise"' in text_of(page)
    seen = page.context["form"]["seen_at"].value()
    browser.post(f"/cpd/{activity.pk}/change/", answers(seen_at=seen))
    assert Activity.objects.get().title == "Briefing on knife-crime orders"


def test_a_change_from_another_tab_shows_both_and_saving_again_means_it(
    team: dict[str, User], signed_in: Browser
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    address = f"/cpd/{activity.pk}/change/"
    seen = browser.get(address).context["form"]["seen_at"].value()
    browser.post(address, answers(seen_at=seen, title="First tab"))
    conflict = browser.post(address, answers(seen_at=seen, title="Second tab"))
    assert conflict.status_code == 409
    assert "This was changed in another window at" in text_of(conflict)
    assert "First tab" in text_of(conflict)
    assert "Second tab" in text_of(conflict)
    again = answers(title="Second tab", seen_at=conflict.context["form"]["seen_at"].value())
    assert browser.post(address, again).status_code == 302
    assert Activity.objects.get().title == "Second tab"


def test_what_is_handed_in_has_no_change_page_and_a_late_change_keeps_the_words(
    team: dict[str, User], signed_in: Browser
) -> None:
    browser, activity = signed_in(team["officer"]), handed_in(team)
    address = f"/cpd/{activity.pk}/change/"
    assert browser.get(address).headers["Location"] == f"/cpd/{activity.pk}/"
    page = text_of(browser.post(address, answers(seen_at=activity.changed_at.isoformat(), title="Too late")))
    assert "This is waiting for Sergeant D. Demo. Take it back first, then change it." in page
    assert "Too late" in page


def test_the_private_page_may_stay_empty_or_be_kept_or_hand_the_activity_in(
    team: dict[str, User], signed_in: Browser
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    address = f"/cpd/{activity.pk}/reflect/"
    assert browser.post(address, {}).headers["Location"] == f"/cpd/{activity.pk}/"
    assert not Activity.objects.get().has_reflection
    words = {"reflection": "Ask control first.", "helps": "The public", "competencies": ["analyse", "innovative"]}
    response = browser.post(address, {**words, "submit_to": str(team["sergeant"].public_id)})
    assert response.headers["Location"] == f"/cpd/{activity.pk}/"
    kept = Activity.objects.get()
    assert (kept.reflection, kept.competencies, kept.state) == (
        "Ask control first.",
        ["analyse", "innovative"],
        "submitted",
    )
    page = text_of(browser.get(f"/cpd/{activity.pk}/"))
    for words_shown in ("Ask control first.", "We analyse critically", "Waiting for", "Take it back"):
        assert words_shown in page


def test_a_reflection_written_in_two_windows_loses_neither(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    address = f"/cpd/{activity.pk}/reflect/"
    browser.post(address, {"reflection": "First"})
    conflict = browser.post(address, {"reflection": "Second"})
    assert conflict.status_code == 409
    assert "First" in text_of(conflict)
    assert "Second" in text_of(conflict)
    seen = conflict.context["form"]["seen_at"].value()
    assert browser.post(address, {"reflection": "Second", "seen_at": seen}).status_code == 302
    assert Activity.objects.get().reflection == "Second"


def test_a_reflection_too_long_is_refused_with_its_words(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    page = browser.post(f"/cpd/{activity.pk}/reflect/", {"reflection": "y" * 20001, "competencies": ["kindness"]})
    assert "Your text is 20,001 characters long" in text_of(page)
    assert "Choose competencies from the list." in text_of(page)
    assert "y" * 20001 in text_of(page)


def test_a_reflection_is_shared_and_taken_back_by_a_button(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), handed_in(team)
    browser.post(f"/cpd/{activity.pk}/share/")
    assert "There is no reflection to share yet." in text_of(browser.get(f"/cpd/{activity.pk}/"))
    browser.post(f"/cpd/{activity.pk}/reflect/", {"reflection": "A private thought"})
    sergeant = signed_in(team["sergeant"])
    assert "A private thought" not in text_of(sergeant.get(f"/team/cpd/{activity.pk}/"))
    browser.post(f"/cpd/{activity.pk}/share/")
    assert "A private thought" in text_of(sergeant.get(f"/team/cpd/{activity.pk}/"))
    browser.post(f"/cpd/{activity.pk}/unshare/")
    assert "A private thought" not in text_of(sergeant.get(f"/team/cpd/{activity.pk}/"))


# --- Handing in -------------------------------------------------------------------------------------------------------


def test_a_supervisor_or_somebody_else_with_the_role_is_chosen(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    address = f"/cpd/{activity.pk}/submit/"
    assert "Sergeant D. Demo" in text_of(browser.get(address))
    assert "Choose who verifies it." in text_of(browser.post(address, {}))
    other = {"verifier": "somebody-else", "other_verifier": team["elsewhere"].email}
    assert browser.post(address, other).headers["Location"] == f"/cpd/{activity.pk}/"
    assert Activity.objects.get().verifier == team["elsewhere"]


@pytest.mark.parametrize("whom", ["officer", "stranger", "", "\x00", "<b>nobody</b>"])
def test_nobody_chooses_themselves_or_somebody_who_may_not(
    team: dict[str, User], signed_in: Browser, whom: str
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    name = team[whom].service_number if whom in team else whom
    page = text_of(browser.post(f"/cpd/{activity.pk}/submit/", {"verifier": "somebody-else", "other_verifier": name}))
    if whom == "officer":
        assert "You cannot verify your own activity. Choose another verifier." in page
    elif whom != "\x00":
        assert "Nobody who may verify CPD has that e-mail address or service number." in page
    assert Activity.objects.get().state == "draft"


def test_a_forged_verifier_is_refused(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    for forged in (team["officer"], team["stranger"], team["elsewhere"]):
        page = browser.post(f"/cpd/{activity.pk}/submit/", {"submit_to": str(forged.public_id)})
        assert "That person does not supervise you now. Choose again." in text_of(page)
    assert Activity.objects.get().state == "draft"


def test_an_officer_without_a_supervisor_is_asked_to_name_one(signed_in: Browser) -> None:
    officer = factories.person("Officer without a unit")
    browser, activity = signed_in(officer), logged(officer)
    assert "Choose who verifies it" in text_of(browser.get(f"/cpd/{activity.pk}/"))
    assert "Somebody else" in text_of(browser.get(f"/cpd/{activity.pk}/submit/"))


def test_it_is_taken_back_and_deleted_by_two_presses(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), handed_in(team)
    browser.post(f"/cpd/{activity.pk}/delete/")
    assert "Only a private draft can be deleted." in text_of(browser.get(f"/cpd/{activity.pk}/"))
    browser.post(f"/cpd/{activity.pk}/withdraw/")
    assert "Delete this draft?" in text_of(browser.get(f"/cpd/{activity.pk}/delete/"))
    browser.post(f"/cpd/{activity.pk}/delete/")
    assert not Activity.objects.exists()


# --- The list ---------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_counts(team: dict[str, User], signed_in: Browser) -> None:
    page = text_of(signed_in(team["officer"]).get("/cpd/"))
    assert "Nothing is logged yet." in page
    assert "0 min" in page.replace("\xa0", " ")


def test_the_list_shows_what_needs_me_first_and_six_rows_of_each(team: dict[str, User], signed_in: Browser) -> None:
    for number in range(8):
        logged(team["officer"], title=f"Draft {number}", day=clock.today() - timedelta(days=number))
    activities.return_activity(
        handed_in(team, title="Came back"), by=team["sergeant"], reason="Which one?", at=clock.now()
    )
    activities.verify_activity(handed_in(team, title="Counted"), by=team["sergeant"], at=clock.now())
    browser = signed_in(team["officer"])
    page = text_of(browser.get("/cpd/"))
    order = [page.index(words) for words in ("Returned to you", "Which one?", "Drafts only you can see", "Verified")]
    assert order == sorted(order)
    assert "Draft 5" in page
    assert "Draft 6" not in page
    assert "Show all 8" in page
    assert "Draft 7" in text_of(browser.get("/cpd/?all=drafts"))


def test_the_list_costs_the_same_for_one_and_for_many(team: dict[str, User], signed_in: Browser) -> None:
    browser = signed_in(team["officer"])
    logged(team["officer"])
    handed_in(team)
    activities.verify_activity(handed_in(team), by=team["sergeant"], at=clock.now())
    browser.get("/cpd/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        browser.get("/cpd/")
    for number in range(12):
        logged(team["officer"], day=clock.today() - timedelta(days=number))
        handed_in(team, day=clock.today() - timedelta(days=number))
    with CaptureQueriesContext(connection) as many:
        browser.get("/cpd/")
    assert len(few) == len(many) <= 14


def test_the_pages_of_one_activity_ask_few_questions(team: dict[str, User], signed_in: Browser) -> None:
    activity = logged(team["officer"])
    browser = signed_in(team["officer"])
    for address, most in ((f"/cpd/{activity.pk}/", 12), (f"/cpd/{activity.pk}/reflect/", 11), ("/cpd/log/", 4)):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        assert len(queries) <= most, [query["sql"] for query in queries]


# --- Other people's ---------------------------------------------------------------------------------------------------


def test_somebody_elses_draft_does_not_exist(team: dict[str, User], signed_in: Browser) -> None:
    draft, waiting = logged(team["officer"]), handed_in(team)
    superuser = factories.person("Superuser", "system-admin")
    for who in (team["sergeant"], team["stranger"], team["elsewhere"], superuser):
        browser = signed_in(who)
        for activity in (draft, waiting):
            for page in ("", "change/", "reflect/", "submit/", "delete/"):
                assert browser.get(f"/cpd/{activity.pk}/{page}").status_code == 404
            for act in ("change/", "reflect/", "submit/", "withdraw/", "share/", "unshare/", "delete/"):
                assert browser.post(f"/cpd/{activity.pk}/{act}", answers()).status_code == 404
        assert browser.get(f"/team/cpd/{draft.pk}/").status_code == 404
        assert browser.post(f"/team/cpd/{draft.pk}/verify/").status_code == 404
        assert browser.post(f"/team/cpd/{draft.pk}/return/", {"reason": "x"}).status_code == 404
    for who in (team["stranger"], team["elsewhere"], superuser):
        assert signed_in(who).get(f"/team/cpd/{waiting.pk}/").status_code == 404
        assert signed_in(who).post(f"/team/cpd/{waiting.pk}/verify/").status_code == 404
    assert {activity.state for activity in Activity.objects.all()} == {"draft", "submitted"}


def test_acts_are_posts_only(team: dict[str, User], signed_in: Browser) -> None:
    activity = handed_in(team)
    for act in ("withdraw", "share", "unshare"):
        assert signed_in(team["officer"]).get(f"/cpd/{activity.pk}/{act}/").status_code == 405
    for act in ("verify", "return"):
        assert signed_in(team["sergeant"]).get(f"/team/cpd/{activity.pk}/{act}/").status_code == 405


# --- The supervisor's part --------------------------------------------------------------------------------------------


def test_a_supervisor_reads_the_summary_and_verifies_it(team: dict[str, User], signed_in: Browser) -> None:
    activity = handed_in(team)
    browser = signed_in(team["sergeant"])
    assert "Night scenario exercise" in text_of(browser.get("/team/cpd/"))
    page = browser.get(f"/team/cpd/{activity.pk}/")
    assert "Say the time aloud." in text_of(page)
    assert "You do not see a reflection or files here" in text_of(page)
    assert "Verify 30 min" in text_of(page)
    for _ in range(2):
        response = browser.post(f"/team/cpd/{activity.pk}/verify/", {"seen": page.context["seen"]})
        assert response.headers["Location"] == "/team/cpd/"
    assert Activity.objects.get().state == "verified"
    assert LedgerEntry.objects.count() == 1
    page = text_of(browser.get("/team/cpd/"))
    assert "Verified by you" in page
    assert "Nothing is waiting for you." in page
    assert "It is on the record." in text_of(browser.get(f"/team/cpd/{activity.pk}/"))
    mine = text_of(signed_in(team["officer"]).get(f"/cpd/{activity.pk}/"))
    assert "Verified by" in mine
    assert "Take it back" not in mine


def test_a_supervisor_returns_it_with_a_reason_that_the_officer_reads(
    team: dict[str, User], signed_in: Browser
) -> None:
    activity = handed_in(team)
    browser = signed_in(team["sergeant"])
    page = text_of(browser.post(f"/team/cpd/{activity.pk}/return/", {"reason": ""}))
    assert "Say what is missing, so that it can be put right." in page
    browser.post(f"/team/cpd/{activity.pk}/return/", {"reason": "Which exercise was it?"})
    assert "Which exercise was it?" in text_of(signed_in(team["officer"]).get(f"/cpd/{activity.pk}/"))
    assert browser.get(f"/team/cpd/{activity.pk}/").status_code == 404


def test_verifying_something_that_changed_meanwhile_is_refused(team: dict[str, User], signed_in: Browser) -> None:
    activity = handed_in(team)
    browser = signed_in(team["sergeant"])
    browser.post(f"/team/cpd/{activity.pk}/verify/", {"seen": "of another summary"})
    assert "The officer changed this since you opened it." in text_of(browser.get("/team/cpd/"))
    assert Activity.objects.get().state == "submitted"


def test_a_sergeant_who_verifies_their_own_reads_why_not(signed_in: Browser) -> None:
    inspector_unit = factories.unit("area")
    sergeant_unit = factories.unit("shift", parent=inspector_unit)
    sergeant = factories.person("Sergeant", "supervisor", unit=sergeant_unit)
    inspector = factories.person("Inspector", "supervisor", unit=inspector_unit)
    activity = activities.submit_activity(logged(sergeant), by=sergeant, verifier=inspector, at=clock.now())
    browser = signed_in(sergeant)
    assert browser.get(f"/team/cpd/{activity.pk}/").status_code == 404
    for act in ("verify/", "return/"):
        response = browser.post(f"/team/cpd/{activity.pk}/{act}", {"reason": "x"}, follow=True)
        assert "You cannot verify your own activity. Choose another verifier." in text_of(response)
    assert Activity.objects.get().state == "submitted"


def test_the_page_for_supervisors_is_refused_to_others_with_a_sentence(
    team: dict[str, User], signed_in: Browser
) -> None:
    response = signed_in(team["officer"]).get("/team/cpd/")
    assert response.status_code == 403


def test_the_supervisors_list_costs_the_same_for_one_and_for_many(team: dict[str, User], signed_in: Browser) -> None:
    browser = signed_in(team["sergeant"])
    handed_in(team)
    browser.get("/team/cpd/")
    with CaptureQueriesContext(connection) as few:
        browser.get("/team/cpd/")
    for number in range(9):
        handed_in(team, title=f"Number {number}")
    with CaptureQueriesContext(connection) as many:
        page = text_of(browser.get("/team/cpd/"))
    assert len(few) == len(many)
    assert page.count("row__title") == 6
    assert text_of(browser.get("/team/cpd/?all=mine")).count("row__title") == 10


# --- Evidence ---------------------------------------------------------------------------------------------------------


def attach(browser: Client, activity: Activity, name: str, content: bytes) -> Any:
    upload = SimpleUploadedFile(name, content)
    return browser.post(f"/cpd/{activity.pk}/reflect/", {"evidence": [upload], "seen_at": ""})


def test_a_photograph_is_kept_upright_and_without_its_place(
    team: dict[str, User], signed_in: Browser, django_capture_on_commit_callbacks: Any
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    for _ in range(2):
        assert attach(browser, activity, "Löcation.JPG", photograph()).status_code == 302
    kept = ActivityFile.objects.get()
    answer = browser.get(f"/cpd/{activity.pk}/files/{kept.pk}/")
    content = b"".join(answer.streaming_content)
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (20, 40)
        assert not dict(picture.getexif())
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "Löcation.JPG" in text_of(browser.get(f"/cpd/{activity.pk}/"))

    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"/cpd/{activity.pk}/files/{kept.pk}/remove/")
    assert not ActivityFile.objects.exists()
    assert not storages["private"].exists(kept.path)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (
            "photo.jpg",
            b"<html>",
            "This file is not a picture, although its name ends in .jpg. Nothing was uploaded.",
        ),
        ("broken.png", photograph("PNG")[:60], "although its name ends in .png"),
        ("run.exe", b"MZ\x00", "run.exe is not a photo, a PDF or an Office file. Nothing was uploaded."),
        ("empty.pdf", b"", "empty"),
        ("big.pdf", b"%PDF-" + b"0" * 10 * 1024 * 1024, "big.pdf is larger than 10 MB. Nothing was uploaded."),
        ("macro.docx", b"PK\x03\x04 not a zip", "This file is not an Office file, although its name ends in .docx."),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_and_the_words_are_kept(
    team: dict[str, User], signed_in: Browser, name: str, content: bytes, sentence: str
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    upload = SimpleUploadedFile(name, content)
    response = browser.post(f"/cpd/{activity.pk}/reflect/", {"evidence": [upload], "reflection": "Kept words"})
    assert sentence in text_of(response)
    assert "Kept words" in text_of(response)
    assert not ActivityFile.objects.exists()


def test_a_pdf_and_an_office_file_are_kept_and_one_with_macros_is_not(
    team: dict[str, User], signed_in: Browser
) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    attach(browser, activity, "../../notes.pdf", pdf())
    attach(browser, activity, "plan.docx", office("word/document.xml"))
    page = attach(browser, activity, "plan.docm", office("word/document.xml", "word/vbaProject.bin"))
    assert "Office files with macros are not kept." in text_of(page)
    assert list(ActivityFile.objects.values_list("name", "media_type")) == [
        ("notes.pdf", "application/pdf"),
        ("plan.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ]


def test_files_are_the_officers_own_until_shared(team: dict[str, User], signed_in: Browser) -> None:
    activity = handed_in(team)
    attach(signed_in(team["officer"]), activity, "notes.pdf", pdf())
    address = f"/cpd/{activity.pk}/files/{ActivityFile.objects.get().pk}/"
    assert signed_in(team["officer"]).get(address).status_code == 200
    assert signed_in(team["sergeant"]).get(address).status_code == 404
    activities.share_reflection(activity, by=team["officer"], at=clock.now())
    assert signed_in(team["sergeant"]).get(address).status_code == 200
    assert "notes.pdf" in text_of(signed_in(team["sergeant"]).get(f"/team/cpd/{activity.pk}/"))
    for who in ("stranger", "elsewhere"):
        assert signed_in(team[who]).get(address).status_code == 404
    activities.verify_activity(activity, by=team["sergeant"], at=clock.now())
    page = attach(signed_in(team["officer"]), activity, "more.pdf", pdf("other words"))
    assert "so they stay as they were seen" in text_of(page)
    assert ActivityFile.objects.count() == 1


def test_at_most_ten_files_are_kept(team: dict[str, User], signed_in: Browser) -> None:
    browser, activity = signed_in(team["officer"]), logged(team["officer"])
    uploads = [SimpleUploadedFile(f"{number}.pdf", pdf(str(number))) for number in range(11)]
    page = browser.post(f"/cpd/{activity.pk}/reflect/", {"evidence": uploads})
    assert "10 files fit, and there are 10 already." in text_of(page)
    assert ActivityFile.objects.count() == 10


def test_the_day_shown_is_the_day_in_words(team: dict[str, User], signed_in: Browser) -> None:
    activity = logged(team["officer"], day=date(2026, 2, 28), at=clock.now().replace(year=2026, month=3, day=1))
    assert "28 February 2026" in text_of(signed_in(team["officer"]).get(f"/cpd/{activity.pk}/"))
