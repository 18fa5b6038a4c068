"""How demonstration people study: day by day, halfway or to the end, and guessing wrong before they have read."""

from __future__ import annotations

import pytest

from courses.models import CheckAnswer, Enrolment, ReflectionNote, Release
from courses.progress import steps_done
from people import clock
from people.models import User
from tests.courses import factories
from training_site.demonstration.history import _moment
from training_site.demonstration.studies import Act, study

pytestmark = pytest.mark.django_db


def asked_before(slug: str) -> dict[str, object]:
    return factories.lesson(slug, checks={factories.SLOT: factories.check(when="before")})


@pytest.fixture
def course() -> Release:
    factories.questions("ETH-901", 6)
    steps = [asked_before(f"lesson-{number}") for number in range(1, 5)]
    return factories.release(
        code="ETH-901",
        steps=[*steps, factories.sat(version=factories.assessment("ETH-901"))],
        completion="pass",
        at=_moment(30, clock.now().time()),
    )


def lived(acts: list[Act]) -> None:
    for act in sorted(acts, key=lambda act: (-act.days_ago, act.at)):
        moment = _moment(act.days_ago, act.at)
        with clock.sample_time(moment):
            act.do(moment)


def test_somebody_halfway_stands_at_the_next_lesson(course: Release, person) -> None:
    robin: User = person("Robin Demo")
    lived(list(study(robin, "ETH-901", first=6, lessons_a_day=1, only=2)))
    enrolment = Enrolment.objects.get(officer=robin)
    assert steps_done(enrolment) == {"lesson-1", "lesson-2"}
    assert enrolment.place == "lesson-3"
    assert ReflectionNote.objects.values_list("text", flat=True).distinct().count() == 2


def test_what_is_asked_before_the_text_is_guessed_wrong_in_every_other_lesson(course: Release, person) -> None:
    lived(list(study(person("Robin Demo"), "ETH-901", first=6, lessons_a_day=2, only=4)))
    answers = CheckAnswer.objects.order_by("at")
    assert [answer.fraction > 0 for answer in answers] == [True, False, True, False]


def test_somebody_who_reads_to_the_end_sits_the_test_and_completes_the_course(course: Release, person) -> None:
    robin: User = person("Robin Demo")
    lived(list(study(robin, "ETH-901", first=9, lessons_a_day=2, missed=1)))
    enrolment = Enrolment.objects.get(officer=robin)
    assert enrolment.closed_at is not None
    assert "final-test" in steps_done(enrolment)
