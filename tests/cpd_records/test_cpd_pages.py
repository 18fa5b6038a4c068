"""The pages of CPD: five answers, a private page, a supervisor who sees the summary and nothing else."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from cpd_records import activities
from cpd_records.models import Activity
from people import clock
from people.models import User
from tests.cpd_records.cpd_pages import HOSTILE, Browser, answers, handed_in, logged, team_fixture, text_of  # noqa: F401

pytestmark = pytest.mark.django_db


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
