"""Screens about a course that has come out: withdrawing it, recording when the force reviewed it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from courses import course_reviews, review_decisions, withdrawals
from courses.admin.forms import ReviewDateForm, WithdrawalForm
from courses.models import Course
from people import access, clock
from people.admin.screens import AdminScreen, signed_in


class CourseScreen(AdminScreen):
    """A screen about one course of the families one works for."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        visible = Course.objects.run_by(request.user).select_related("current_release__review_list", "page")
        self.course = get_object_or_404(visible, pk=kwargs["course_id"])
        if self.course.page_id:
            self.crumbs = [(reverse("wagtailadmin_pages:edit", args=[self.course.page_id]), self.course.code)]

    def again(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))


class WithdrawalView(CourseScreen):
    """Take a course out of the catalogue, or put it back."""

    template_name = "courses/admin/withdraw.html"
    header_icon = "download"

    def get_page_title(self) -> str:
        return f"Withdraw {self.course.code}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", WithdrawalForm())
        return super().get_context_data(
            course=self.course,
            may=withdrawals.may_withdraw(self.course, signed_in(self.request)),
            open_one=self.course.withdrawals.filter(ended_at__isnull=True).select_related("by").first(),
            learners=self.course.enrolments.filter(closed_at__isnull=True).count(),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        restore = request.POST.get("do") == "restore"
        form = WithdrawalForm(None if restore else request.POST)
        if not restore and not form.is_valid():
            return self.again(form)
        try:
            if restore:
                withdrawals.restore_course(self.course, by=signed_in(request), at=clock.now())
            else:
                withdrawals.withdraw_course(
                    self.course, by=signed_in(request), at=clock.now(), reason=form.cleaned_data["reason"]
                )
        except withdrawals.WithdrawalRefused as refused:
            messages.error(request, str(refused))
            return self.again(form)
        said = "is back in the catalogue" if restore else "is withdrawn. Those who are in it may finish"
        messages.success(request, f"{self.course.code} {said}.")
        return redirect("courses_admin:withdraw", self.course.pk)


class ReviewDatesView(CourseScreen):
    """Record that the force reviewed the current release; approvers of the family do."""

    template_name = "courses/admin/review_dates.html"
    header_icon = "calendar-alt"

    def get_page_title(self) -> str:
        return f"Review dates of {self.course.code}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", ReviewDateForm())
        release = self.course.current_release
        listed = release.review_list if release else None
        return super().get_context_data(
            course=self.course,
            release=release,
            recorded=release.reviews.select_related("reviewed_by").order_by("-recorded_at") if release else [],
            why_not=review_decisions.why_not_decide(listed, access.APPROVER, self.request.user) if listed else "",
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReviewDateForm(request.POST)
        if not form.is_valid() or self.course.current_release is None:
            return self.again(form)
        try:
            course_reviews.record_review(
                self.course.current_release, by=signed_in(request), at=clock.now(), **form.cleaned_data
            )
        except (course_reviews.BadReviewDate, review_decisions.NotYours) as refused:
            form.add_error(None, str(refused))
            return self.again(form)
        messages.success(request, "Recorded. Learners now see the review date.")
        return redirect("courses_admin:review_dates", self.course.pk)
