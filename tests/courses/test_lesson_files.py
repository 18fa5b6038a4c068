"""Files of lessons, and what course and lesson pages may cost."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from courses.models import (
    Enrolment,
    ReleaseDemand,
    ReleaseFile,
    StoredFile,
)
from courses.progress import finish_step
from people import clock
from tests.courses.factories import (
    NOTE,
    SLOT,
    enrolled,
    lesson,
    release,
)
from tests.courses.lesson_pages import FIRST, learner_fixture, text  # noqa: F401
from tests.queries import at_most_queries, counted_queries

pytestmark = pytest.mark.django_db


# --- Files -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def shown_file(learner):
    def keep(name="picture.png", content_type="image/png", content=b"\x89PNG"):
        digest = (name.encode().hex() + "0" * 64)[:64]
        storages["private"].save(f"releases/{digest}", ContentFile(content))
        stored = StoredFile.objects.create(digest=digest, content_type=content_type, size=len(content))
        ReleaseFile.objects.create(step=learner.release.steps.first(), file=stored, name=name)
        return f"/learn/files/{digest}/{name}"

    return keep


def test_a_lessons_file_is_for_those_enrolled(learner, shown_file, person, signed_in, client):
    address = shown_file()
    response = learner.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "attachment" not in response["Content-Disposition"]
    assert b"".join(response.streaming_content) == b"\x89PNG"
    assert signed_in(person()).get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_a_file_that_could_run_is_only_handed_over(learner, shown_file):
    for name, kind in (("page.html", "text/html"), ("sheet.xlsx", "application/x")):
        response = learner.get(shown_file(name, kind))
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")


def test_a_file_under_another_name_or_from_elsewhere_is_not_found(learner, shown_file):
    address = shown_file()
    assert learner.get(address.replace("picture", "other")).status_code == 404
    assert learner.get("/learn/files/" + "f" * 64 + "/picture.png").status_code == 404
    assert learner.get("/learn/files/..%2f..%2fkeys/secret_key").status_code == 404


def test_a_file_that_was_read_before_is_not_sent_again(learner, shown_file):
    address = shown_file()
    tag = learner.get(address)["ETag"]
    assert learner.get(address, headers={"If-None-Match": tag}).status_code == 304


# --- Budgets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [3, 300])
def test_a_course_page_asks_at_most_seven_queries(person, signed_in, steps):
    officer = person()
    made = release(steps=[lesson(f"step-{number}", module=f"part-{number // 30}") for number in range(steps)])
    enrolment = enrolled(officer, made)
    finish_step(enrolment, "step-0", by=officer, at=clock.now())
    client = signed_in(officer)
    client.get("/catalogue/eth-900/")
    with at_most_queries(7) as asked:
        page = client.get("/catalogue/eth-900/")
    assert asked.count == 6
    assert len(page.content) < 30_000


@pytest.mark.parametrize("steps", [3, 300])
def test_a_lesson_asks_at_most_eight_queries(person, signed_in, steps):
    officer = person()
    made = release(steps=[lesson(f"step-{number}") for number in range(steps)])
    enrolment = enrolled(officer, made)
    finish_step(enrolment, "step-0", by=officer, at=clock.now())
    client = signed_in(officer)
    address = "/learn/eth-900/step-1/"
    client.post(address, {"do": f"check:{SLOT}", SLOT: "a", NOTE: "Kept"})
    client.get(address)
    with at_most_queries(8) as asked:
        page = client.get(address)
    assert asked.count == 7
    assert len(page.content) < 30_000


def test_a_course_page_with_a_demand_stays_within_its_budget(learner):
    release(learner.release.course, demand=ReleaseDemand.ACKNOWLEDGE)
    learner.get("/catalogue/eth-900/")
    with at_most_queries(7):
        learner.get("/catalogue/eth-900/")


def test_ten_thousand_other_learners_change_nothing(learner, person):
    learner.get(FIRST)
    with counted_queries() as alone:
        learner.get(FIRST)
    others = [person() for _ in range(3)]
    Enrolment.objects.bulk_create(
        Enrolment(
            officer=others[number % 3],
            course=learner.release.course,
            release=learner.release,
            occasion=number,
            enrolled_at=clock.now() - timedelta(days=1),
            closed_at=clock.now(),
            outcome="left",
        )
        for number in range(10_000)
    )
    with counted_queries() as crowded:
        learner.get(FIRST)
    assert alone.count == crowded.count
