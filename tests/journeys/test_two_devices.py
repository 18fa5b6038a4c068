"""A test begun at a desk, gone on with on a phone, and taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from assessments.models import Attempt
from people import clock
from tests.courses import factories as taught
from tests.journeys import stories
from tests.journeys.visitors import ON_A_PHONE

START = "/learn/eth-901/final-test/"


def ready_for_the_test(who):
    enrolment = taught.enrolled(who, taught.release_with_test())
    taught.do_lessons(enrolment, at=clock.now())
    return enrolment


def starts(somebody):
    somebody.goes_to(START)
    with somebody.page.expect_response("**/questions/"):
        somebody.presses("Start the test")
    stories.stands_at_question(somebody, 1)


def test_a_second_device_takes_the_test_over_and_the_first_says_so(visitor):
    olu = stories.person("Olu Demo")
    ready_for_the_test(olu)
    desk, phone = visitor(), visitor(**ON_A_PHONE)

    # Given a test begun at a desk, with one answer.
    stories.signs_in(desk, olu)
    starts(desk)
    desk.chooses("Say so", exact=True)
    expect(desk.page.locator("[data-save-state]")).to_contain_text("Saved at")

    # When the same person goes on with it on a phone, the answer is there, and the next one is saved from there.
    stories.signs_in(phone, olu)
    phone.goes_to(START)
    with phone.page.expect_response("**/save/"):
        phone.presses("Continue the test")
    expect(phone.page.get_by_label("Say so", exact=True)).to_be_checked()
    phone.presses("Next question")
    phone.chooses("Say nothing", exact=True)
    expect(phone.page.locator("[data-save-state]")).to_contain_text("Saved at")

    # Then the desk is told at its next answer and takes no more; what it sent late changed nothing.
    desk.chooses("Wait and see", exact=True)
    desk.sees("You moved to another device at")
    desk.sees("This one is now read only.")
    expect(desk.page.get_by_label("Say so", exact=True)).to_be_disabled()
    answers = list(Attempt.objects.get().items.order_by("position").values_list("response", flat=True))
    assert answers[:2] == [{"option": "a"}, {"option": "b"}]

    # And it may take the test back, on purpose: what was chosen there and refused is not lost, and is sent now.
    with desk.page.expect_response("**/save/"):
        desk.follows("Go on here instead")
    stories.stands_at_question(desk, 1)
    expect(desk.page.get_by_label("Wait and see", exact=True)).to_be_checked()
    desk.presses("Next question")
    expect(desk.page.get_by_label("Say nothing", exact=True)).to_be_checked()
    expect(desk.page.locator("[data-save-state]")).to_contain_text("Saved at")
    answers = list(Attempt.objects.get().items.order_by("position").values_list("response", flat=True))
    assert answers[:2] == [{"option": "c"}, {"option": "b"}]
    phone.chooses("Say so", exact=True)
    phone.sees("This one is now read only.")
