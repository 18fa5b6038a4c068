"""Submission and review in the admin, the authoring home, and a course after it came out."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments import bank
from courses import course_reviews, releases, review_decisions, reviews, withdrawals
from courses.authoring import drafts_of, waiting_for
from courses.awaiting import awaiting_review
from courses.enrolments import enrol
from courses.models import Course, CoursePage, CourseReference, CourseReview, Decision, Release, ReviewList
from people import clock
from tests import factories
from tests.assessments.building import TRUE_FALSE
from tests.courses import authoring
from tests.courses.authoring import LATER, NOON
from tests.courses.authoring_pages import edit_form, trainer_fixture, written_fixture  # noqa: F401

pytestmark = pytest.mark.django_db


# --- Submission and review screens ------------------------------------------------------------------------------------


def test_saving_leads_on_to_the_submission(written, trainer, signed_in):
    client = signed_in(trainer)
    data = edit_form(client, f"/admin/pages/{written.pk}/edit/")
    answer = client.post(f"/admin/pages/{written.pk}/edit/", {**data, "promise": "A new one.", "action-to-review": "1"})
    assert answer["Location"] == f"/admin/course-reviews/submit/{written.pk}/"
    assert CoursePage.objects.get(pk=written.pk).get_latest_revision_as_object().promise == "A new one."


def test_the_submission_screen_names_what_stops_it(written, trainer, signed_in):
    authoring.question("eth900-c01").question.versions.update(state="draft")
    content = signed_in(trainer).get(f"/admin/course-reviews/submit/{written.pk}/").content.decode()
    assert "cannot come out yet" in content
    assert "knowledge check &#x27;eth900-c01&#x27; is not approved" in content
    assert f"/admin/pages/{authoring.lesson_of(written).pk}/edit/" in content


def test_a_course_goes_through_the_screens_from_trainer_to_release(written, trainer, signed_in):
    answer = signed_in(trainer).post(f"/admin/course-reviews/submit/{written.pk}/", {"note": "All of it is new."})
    review_list = ReviewList.objects.get()
    address = f"/admin/course-reviews/{review_list.pk}/"
    assert answer["Location"] == address
    reviewer = signed_in(authoring.reviewer())
    content = reviewer.get(address).content.decode()
    assert "All of it is new." in content
    assert "You see a colleague take a shortcut." in content
    assert "It will be read as consent." in content
    assert "80 per cent" in content
    assert "Code of Ethics" in content
    assert reviewer.post(address, {"do": "pass", "comment": ""}).status_code == 302
    assert signed_in(authoring.approver()).post(address, {"do": "approve", "comment": "Good."}).status_code == 302
    assert Release.objects.get().released_by.name == "Ama Approver"


def test_the_list_says_in_words_how_each_reference_was_checked(written, trainer, signed_in):
    checks = [
        {"against": "live", "checked_on": date(2026, 11, 3), "checked_by": "A. Demo", "review_by": date(2027, 3, 1)},
        {"against": "stored-copy", "checked_on": date(2026, 11, 4)},
        {"against": "not-checked"},
    ]
    written.references = [
        CourseReference(code=f"code-{number}", title="Code of Ethics", **checked)
        for number, checked in enumerate(checks, 1)
    ]
    written.save_revision(user=trainer)
    review_list = reviews.submit_course(written, by=trainer, at=NOON)
    shown = signed_in(authoring.reviewer()).get(f"/admin/course-reviews/{review_list.pk}/").content.decode()
    for words in (
        "Checked 3 November 2026 by A. Demo against the official text; to be checked again by 1 March 2027",
        "Checked 4 November 2026 against a copy of the official text",
        "<td>Not checked</td>",
    ):
        assert words in shown
    assert "stored-copy" not in shown
    assert "not-checked" not in shown


def test_the_title_of_a_course_does_not_look_for_an_address_it_has_no_field_for(written, trainer, signed_in):
    form = signed_in(trainer).get(f"/admin/pages/{written.pk}/edit/").content.decode()
    (title,) = re.findall(r'<input[^>]*name="title"[^>]*>', form)
    assert "w-sync" not in title


def test_the_requester_sees_the_list_but_no_buttons(written, signed_in):
    both = factories.person("Both", "trainer", "subject-reviewer", family="ethics")
    review_list = reviews.submit_course(written, by=both, at=NOON)
    client = signed_in(both)
    content = client.get(f"/admin/course-reviews/{review_list.pk}/").content.decode()
    assert "somebody else decides about it" in content
    assert 'value="pass"' not in content
    answer = client.post(f"/admin/course-reviews/{review_list.pk}/", {"do": "pass", "comment": "Mine."})
    assert answer.status_code == 200
    assert "somebody else decides about it" in answer.content.decode()
    assert not review_list.decisions.exists()


def test_sending_back_without_a_word_keeps_the_screen_and_says_so(written, trainer, signed_in):
    review_list = reviews.submit_course(written, by=trainer, at=NOON)
    answer = signed_in(authoring.reviewer()).post(
        f"/admin/course-reviews/{review_list.pk}/", {"do": "send-back", "comment": " "}
    )
    assert "Write what has to change" in answer.content.decode()


def test_the_screen_shows_what_changed_since_the_last_release(written, trainer, signed_in):
    releases.publish_release(written, by=None, at=NOON)
    authoring.rewrite(authoring.lesson_of(written), "A paragraph that was not there.", by=trainer)
    written.get_descendants().get(slug="the-second-time").delete()
    review_list = reviews.submit_course(CoursePage.objects.get(pk=written.pk), by=trainer, at=LATER)
    content = signed_in(authoring.reviewer()).get(f"/admin/course-reviews/{review_list.pk}/").content.decode()
    assert "1 step changed, 1 step removed since release 1." in content
    assert "<ins>A paragraph that was not there.</ins>" in content


@pytest.mark.parametrize("role", ["officer", "other family", "assessor"])
def test_the_list_is_closed_to_others(written, trainer, signed_in, role):
    review_list = reviews.submit_course(written, by=trainer, at=NOON)
    somebody = {
        "officer": lambda: factories.person("Officer"),
        "assessor": lambda: factories.person("Assessor", "assessor"),
        "other family": lambda: authoring.trainer("Other", family="leadership"),
    }[role]()
    for address in (f"/admin/course-reviews/{review_list.pk}/", f"/admin/course-reviews/submit/{written.pk}/"):
        assert signed_in(somebody).get(address).status_code in (302, 403, 404)


def test_a_reviewer_reads_a_step_and_its_files_as_learners_will(trainer, signed_in):
    paper = authoring.document()
    page = authoring.course(
        by=trainer, body=authoring.lesson_body(("document", {"document": paper.pk, "title": "The form"}))
    )
    review_list = reviews.submit_course(page, by=trainer, at=NOON)
    client = signed_in(authoring.reviewer())
    content = client.get(f"/admin/course-reviews/{review_list.pk}/steps/the-shortcut/").content.decode()
    file = review_list.draft["steps"][0]["files"][0]
    address = f"/admin/course-reviews/{review_list.pk}/files/{file['digest']}/{file['name']}"
    assert address in content
    assert b"".join(client.get(address).streaming_content) == b"%PDF-1.4 a form"
    assert client.get(address.replace(file["name"], "other.pdf")).status_code == 404


# --- Home -------------------------------------------------------------------------------------------------------------


def test_the_home_lists_my_drafts_with_what_stops_them(written, trainer, signed_in):
    authoring.question("eth900-c01").question.versions.update(state="draft")
    content = signed_in(trainer).get("/admin/").content.decode()
    assert "My drafts" in content
    assert "is not approved" in content
    assert drafts_of(authoring.trainer("Another")) == []


def test_a_draft_leaves_the_list_when_it_is_under_review_and_when_it_is_out(written, trainer):
    assert [draft.page for draft in drafts_of(trainer)] == [written]
    review_list = reviews.submit_course(written, by=trainer, at=NOON)
    assert drafts_of(trainer) == []
    reviews.pass_review(review_list, by=authoring.reviewer(), at=NOON)
    reviews.approve(review_list, by=authoring.approver(), at=NOON)
    assert drafts_of(trainer) == []
    authoring.rewrite(authoring.lesson_of(written), "More.", by=trainer)
    assert len(drafts_of(trainer)) == 1


def test_the_home_lists_what_awaits_my_review_and_never_my_own(written, trainer, signed_in):
    reviews.submit_course(written, by=trainer, at=NOON)
    reviewer, approver = authoring.reviewer(), authoring.approver()
    assert [row.changes for row in waiting_for(reviewer)] == ["First release."]
    assert waiting_for(approver) == []
    assert waiting_for(trainer) == []
    content = signed_in(reviewer).get("/admin/").content.decode()
    assert "Awaiting my review" in content
    assert "Saying so" in content


def test_the_home_lists_questions_with_courses_the_oldest_first_and_never_more_than_five(written, trainer, signed_in):
    reviews.submit_course(written, by=trainer, at=NOON)
    for number in range(5):
        words = {"bank": "ETH-900", "family": "ethics", "outcome": "LO1", "by": trainer, "at": NOON}
        draft = bank.save_question_version(f"eth-q{number}", type="true_false", definition=TRUE_FALSE, **words)
        bank.submit_for_review(draft, by=trainer, at=NOON + timedelta(hours=1 - 2 * (number % 2), minutes=number))
    rows = awaiting_review(authoring.reviewer())
    titles = ["eth-q1", "eth-q3", "Saying so", "eth-q0", "eth-q2", "eth-q4"]
    assert [row.title for row in rows] == titles
    assert [(row.task, row.sender, row.changes) for row in rows][1:3] == [
        ("Question", "Tess Trainer", "New question."),
        ("Subject review", "Tess Trainer", "First release."),
    ]
    client = signed_in(authoring.reviewer("Second"))
    home = client.get("/admin/").content.decode()
    assert [title for title in titles if f">{title}</a>" in home] == titles[:5]
    assert '<a href="/admin/awaiting-my-review/">Show all</a>' in home
    everything = client.get("/admin/awaiting-my-review/").content.decode()
    assert [title for title in titles if f">{title}</a>" in everything] == titles
    assert "Nothing awaits your review." in signed_in(trainer).get("/admin/awaiting-my-review/").content.decode()


def test_an_empty_home_says_so(signed_in):
    authoring.family()
    assert "Nothing is waiting for you." in signed_in(authoring.reviewer()).get("/admin/").content.decode()


# --- After it came out ------------------------------------------------------------------------------------------------


def test_an_approver_records_when_the_force_reviewed_a_release(written, signed_in):
    release = releases.publish_release(written, by=None, at=NOON)
    approver = authoring.approver()
    day = clock.today()
    answer = signed_in(approver).post(
        f"/admin/courses/{release.course_id}/review-dates/",
        {"reviewed_on": f"{day:%Y-%m-%d}", "reviewer_title": "Legal reviewer"},
    )
    assert answer.status_code == 302
    review = CourseReview.objects.get()
    assert (review.reviewed_by, review.reviewed_on, review.release) == (approver, day, release)


def test_approvers_find_the_courses_that_are_out_with_their_review_dates(written, signed_in):
    release = releases.publish_release(written, by=None, at=NOON)
    approver = authoring.approver()
    client = signed_in(approver)
    assert "Not yet" in client.get("/admin/course-reviews/").content.decode()
    course_reviews.record_review(release, by=approver, reviewed_on=clock.today(), at=NOON)
    content = client.get("/admin/course-reviews/").content.decode()
    assert "Not yet" not in content
    assert f"/admin/courses/{release.course_id}/review-dates/" in content


def test_an_author_does_not_record_the_review_of_their_own_course(trainer):
    both = factories.person("Both", "trainer", "approver", family="ethics")
    page = authoring.course(by=both)
    release = releases.publish_release(page, by=None, at=NOON)
    for somebody in (both, trainer):
        with pytest.raises(review_decisions.NotYours):
            course_reviews.record_review(release, by=somebody, reviewed_on=clock.today(), at=NOON)


def test_a_review_is_not_in_the_future_and_the_next_comes_after_it(written):
    release = releases.publish_release(written, by=None, at=NOON)
    approver = authoring.approver()
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(course_reviews.BadReviewDate, match="in the future"):
        course_reviews.record_review(release, by=approver, reviewed_on=tomorrow, at=NOON)
    with pytest.raises(course_reviews.BadReviewDate, match="not after this one"):
        course_reviews.record_review(
            release, by=approver, reviewed_on=clock.today(), next_review_on=clock.today(), at=NOON
        )


def test_a_course_is_withdrawn_with_a_reason_and_put_back(written, trainer, signed_in):
    course = releases.publish_release(written, by=None, at=NOON).course
    client = signed_in(trainer)
    address = f"/admin/courses/{course.pk}/withdraw/"
    assert "Write why the course is withdrawn" in client.post(address, {"do": "withdraw"}).content.decode()
    assert client.post(address, {"do": "withdraw", "reason": "The Code changed."}).status_code == 302
    assert course.withdrawals.get(ended_at__isnull=True).reason == "The Code changed."
    assert "The Code changed." in client.get(address).content.decode()
    client.post(address, {"do": "restore"})
    assert not course.withdrawals.filter(ended_at__isnull=True).exists()


def test_a_withdrawn_course_is_withdrawn_once_and_by_its_family(written, trainer):
    course = releases.publish_release(written, by=None, at=NOON).course
    with pytest.raises(withdrawals.NotYourCourse):
        withdrawals.withdraw_course(course, by=factories.person("Officer"), at=NOON, reason="Because")
    withdrawals.withdraw_course(course, by=trainer, at=NOON, reason="Because")
    with pytest.raises(withdrawals.WithdrawalRefused, match="already"):
        withdrawals.withdraw_course(course, by=trainer, at=NOON, reason="Because")


def test_unpublishing_is_not_how_a_course_is_taken_out(written):
    written.save_revision().publish()
    admin = factories.person("Sys Admin", "system-admin")
    assert not CoursePage.objects.get(pk=written.pk).permissions_for_user(admin).can_unpublish()


def test_a_class_list_says_who_is_where(written, trainer, signed_in):
    release = releases.publish_release(written, by=None, at=NOON)
    officer = factories.person("Ola Officer")
    enrol(officer, Course.objects.get(), by=officer, at=NOON)
    content = signed_in(trainer).get(f"/admin/class-lists/{release.course_id}/").content.decode()
    assert "Ola Officer" in content
    assert "0 of 3 steps" in content
    other = authoring.trainer("Other", family="leadership")
    assert signed_in(other).get(f"/admin/class-lists/{release.course_id}/").status_code in (302, 403, 404)


def test_the_same_queries_for_a_class_of_one_or_of_ten(written, trainer, signed_in):
    releases.publish_release(written, by=None, at=NOON)
    client, course = signed_in(trainer), Course.objects.get()
    address = f"/admin/class-lists/{course.pk}/"
    counts = []
    for people in (1, 9):
        for _number in range(people):
            officer = factories.person()
            enrol(officer, course, by=officer, at=NOON)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_brought_out_list_is_kept_with_its_decisions(written, trainer):
    review_list = reviews.submit_course(written, by=trainer, at=NOON)
    reviews.withdraw_submission(review_list, by=trainer, at=LATER)
    assert [row.decision for row in review_list.decisions.all()] == [Decision.WITHDRAWN]
    assert review_list.decisions.get().by == trainer


def test_the_admin_leads_back_to_the_site(written, trainer, signed_in):
    assert "Back to the site" in signed_in(trainer).get("/admin/").content.decode()
