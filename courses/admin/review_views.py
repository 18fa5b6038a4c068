"""Screens of a review: what is submitted, the list as it will come out, what changed, and the decision."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.admin import messages

from courses import course_reviews, freezing, previews, readiness, rendering, review_decisions, reviews
from courses.admin.forms import DecisionForm, SubmissionForm
from courses.admin.shown_list import shown_steps
from courses.authoring import drafts_of
from courses.awaiting import awaiting_review
from courses.differences import difference_of
from courses.lesson_media import FOLDER
from courses.models import Course, CoursePage, ReviewList, StoredFile
from courses.reference_words import check_in_words, confidence_in_words
from people import access, clock
from people.admin.screens import AdminScreen, signed_in

REFUSALS = (review_decisions.NotYours, review_decisions.NotUnderReview, review_decisions.CommentNeeded)


class ReviewIndex(AdminScreen):
    """Lists under review, and the last ones decided, of the families one works for."""

    page_title = "Course reviews"
    template_name = "courses/admin/reviews.html"
    header_icon = "clipboard-list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        lists = ReviewList.objects.visible_to(self.request.user).select_related("course", "requested_by")
        decided = lists.filter(frozen_because="").exclude(pk__in=lists.still_open().values("pk"))
        return super().get_context_data(
            waiting=lists.still_open().order_by("requested_at"),
            decided=decided.prefetch_related("decisions__by").order_by("-requested_at")[:20],
            courses=course_reviews.with_review_dates(Course.objects.run_by(self.request.user)),
            **kwargs,
        )


class DraftIndex(AdminScreen):
    """Every course one has changed and that has not come out so."""

    page_title = "My drafts"
    template_name = "courses/admin/drafts.html"
    header_icon = "edit"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=drafts_of(signed_in(self.request)), **kwargs)


class AwaitingIndex(AdminScreen):
    """Every course and question one may decide about now."""

    page_title = "Awaiting my review"
    template_name = "courses/admin/waiting.html"
    header_icon = "clipboard-list"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(rows=awaiting_review(signed_in(self.request)), **kwargs)


class SubmissionView(AdminScreen):
    """Before a course goes to review: what stops it, and what its next release asks of learners."""

    template_name = "courses/admin/submit.html"
    page_title = "Submit for review"
    header_icon = "resubmit"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # By the number of the page itself: a number too large for a database is then found nowhere, rather than an error.
        self.page = get_object_or_404(CoursePage, id=kwargs["page_id"])

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.page.permissions_for_user(request.user).can_edit():
            raise PermissionDenied
        self.crumbs = [(reverse("wagtailadmin_pages:edit", args=[self.page.pk]), self.page.title)]
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self._form())
        problems = readiness.what_stops_publication(self.page)
        go_live = self.page.get_latest_revision_as_object().go_live_at
        return super().get_context_data(page=self.page, problems=problems, go_live_at=go_live, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self._form(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            review_list = reviews.submit_course(self.page, by=signed_in(request), at=clock.now(), **form.cleaned_data)
        except (reviews.AlreadyUnderReview, reviews.NoWorkflow, freezing.NotReady) as refused:
            messages.error(request, str(refused))
            return self.render_to_response(self.get_context_data(form=form))
        messages.success(request, f"{self.page.title} is with the subject reviewers now.")
        return redirect("courses_admin:review", review_list.pk)

    def _form(self, data: Any = None) -> SubmissionForm:
        course = getattr(self.page, "course", None)
        return SubmissionForm(data, first=course is None or course.current_release_id is None)


class ReviewView(AdminScreen):
    """A list as it will come out, beside what it changes; the decision below it for those who may take it."""

    template_name = "courses/admin/review.html"
    header_icon = "clipboard-list"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = ReviewList.objects.visible_to(request.user).select_related("course__page", "requested_by")
        self.review_list = get_object_or_404(visible, pk=kwargs["list_id"])
        self.crumbs = [(reverse("courses_admin:reviews"), "Course reviews")]

    def get_page_title(self) -> str:
        return str(self.review_list.draft["title"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown, user = self.review_list, self.request.user
        state = reviews.task_waiting(shown)
        role = state.task.specific.role if state else ""
        kwargs.setdefault("form", DecisionForm())
        release = getattr(shown, "release", None)
        return super().get_context_data(
            review_list=shown,
            particulars=shown.draft["particulars"],
            references=[
                {**rendering.readable(one), "checked": check_in_words(one), "confidence": confidence_in_words(one)}
                for one in shown.draft["particulars"]["references"]
            ],
            steps=shown_steps(shown),
            difference=difference_of(shown),
            decisions=shown.decisions.select_related("by"),
            task=state.task.specific if state else None,
            why_not=review_decisions.why_not_decide(shown, role, user) if state else "",
            may_withdraw=bool(state) and access.has_role(user, access.TRAINER, family=shown.course.family),
            release=release,
            review=course_reviews.review_of(release) if release else None,
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = DecisionForm(request.POST)
        if form.is_valid():
            try:
                said = self._decide(request, form.cleaned_data["comment"])
            except REFUSALS as refused:
                form.add_error("comment" if isinstance(refused, review_decisions.CommentNeeded) else None, str(refused))
            else:
                messages.success(request, said)
                return redirect("courses_admin:review", self.review_list.pk)
        return self.render_to_response(self.get_context_data(form=form))

    def _decide(self, request: HttpRequest, comment: str) -> str:
        what, by, at = request.POST.get("do"), signed_in(request), clock.now()
        if what == "pass":
            reviews.pass_review(self.review_list, by=by, at=at, comment=comment)
            return "You passed the subject review. The approvers decide now."
        if what == "approve":
            reviews.approve(self.review_list, by=by, at=at, comment=comment)
            return "You approved the course. It comes out now, or on the day set for it."
        if what == "send-back":
            reviews.send_back(self.review_list, by=by, at=at, comment=comment)
            return "The course went back to its authors with your comment."
        if what == "withdraw":
            reviews.withdraw_submission(self.review_list, by=by, at=at)
            return "The submission is withdrawn. The course page can be changed again."
        raise review_decisions.NotUnderReview("Choose what to do with the course.")


@require_safe
def step_as_learners_read_it(request: HttpRequest, list_id: int, slug: str) -> HttpResponse:
    """Show a step of a list in the learners' own page."""
    review_list = get_object_or_404(ReviewList.objects.visible_to(request.user), pk=list_id)
    shown = previews.step_of_list(review_list, slug)
    if shown is None:
        raise Http404
    return render(request, "courses/lesson_preview.html", {"shown": shown})


@require_safe
def listed_file(request: HttpRequest, list_id: int, digest: str, name: str) -> FileResponse:
    """Answer with a file that a list's lessons show, for those who may read the list."""
    review_list = get_object_or_404(ReviewList.objects.visible_to(request.user), pk=list_id)
    wanted = {"digest": digest, "name": name}
    if not any(wanted in step["files"] for step in review_list.draft["steps"]):
        raise Http404
    stored = get_object_or_404(StoredFile, pk=digest)
    answer = FileResponse(
        storages["private"].open(f"{FOLDER}/{digest}"), content_type=stored.content_type, filename=name
    )
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
