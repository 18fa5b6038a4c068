"""Where the admin is bent to courses: screens of ours, menus, and the ways of publishing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import DismissibleMenuItem, MenuItem
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.admin.widgets import Button
from wagtail.models import Page

from assessments.authors import WORKING_ROLES
from assessments.models import Question
from courses import freezing, releases
from courses.admin.home import authoring_panels
from courses.admin.menus import TO_REVIEW, OpenReviewItem, ToReviewItem, keep_what_applies
from courses.authoring import is_unreleased
from courses.models import CoursePage, ModulePage, PartOfCourse, Release, ReviewList
from courses.usage import usage_of
from people import access, clock
from people.admin.screens import signed_in

IN_PARTS = "Modules and steps are brought out with their course. Publish or submit the course instead."


@hooks.register("register_admin_urls")
def course_screens() -> list[URLPattern | URLResolver]:
    return [path("", include("courses.admin.urls")), path("programmes/", include("courses.programmes.admin.urls"))]


@hooks.register("insert_global_admin_css")
def brand() -> str:
    return format_html('<link rel="stylesheet" href="{}">', reverse("courses_admin:brand"))


# --- Home and menus ---------------------------------------------------------------------------------------------------


@hooks.register("construct_homepage_panels")
def authoring_home(request: HttpRequest, panels: list[Any]) -> None:
    """Ours above Wagtail's; Wagtail's two about workflows say the same of the page, not of the list."""
    instead = (WorkflowObjectsToModeratePanel, UserObjectsInWorkflowModerationPanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, instead)]
    panels.extend(authoring_panels(request.user))


class ReviewsItem(MenuItem):
    """Course reviews, for those who write, review or approve."""

    def is_shown(self, request: HttpRequest) -> bool:
        codes = (access.TRAINER, access.SUBJECT_REVIEWER, access.APPROVER, access.SYSTEM_ADMIN)
        return access.has_any_role(request.user, *codes)


@hooks.register("register_admin_menu_item")
def reviews_item() -> MenuItem:
    return ReviewsItem(
        "Course reviews", reverse("courses_admin:reviews"), name="course-reviews", icon_name="clipboard-list", order=150
    )


class LawChangedItem(MenuItem):
    """What rests on law that changed, for those who write, review or approve."""

    def is_shown(self, request: HttpRequest) -> bool:
        return access.has_any_role(request.user, *WORKING_ROLES)


@hooks.register("register_admin_menu_item")
def law_changed_item() -> MenuItem:
    return LawChangedItem(
        "The law changed",
        reverse("courses_admin:law_marks"),
        name="law-changed",
        icon_name="doc-full-inverse",
        order=165,
    )


@hooks.register("question_panels")
def question_usage(request: HttpRequest, question: Question) -> str:
    """Where a question is used: the bank below knows no course."""
    return render_to_string(
        "courses/admin/question_usage.html", {"usage": usage_of(question, seen_by=request.user)}, request=request
    )


class ProgrammesItem(MenuItem):
    """Programmes of initial training, which only a system administrator keeps."""

    def is_shown(self, request: HttpRequest) -> bool:
        return access.has_role(request.user, access.SYSTEM_ADMIN)


@hooks.register("register_admin_menu_item")
def programmes_item() -> MenuItem:
    return ProgrammesItem(
        "Programmes", reverse("programmes_admin:index"), name="programmes", icon_name="list-ol", order=170
    )


@hooks.register("construct_help_menu")
def without_counts(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Wagtail's news carries a count in a coloured circle until it is read; the editors' guide is linked on the home."""
    menu_items[:] = [item for item in menu_items if not isinstance(item, DismissibleMenuItem)]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def course_buttons(page: Page, user: Any, view_name: str = "", next_url: str | None = None) -> Iterator[Button]:
    """Class list, review dates and withdrawal of a course that has come out."""
    if page.specific_class is not CoursePage:
        return
    course = getattr(page.specific, "course", None)
    if course is None or course.current_release_id is None:
        return
    yield Button("Class list", reverse("courses_admin:class_list", args=[course.pk]), icon_name="group", priority=62)
    yield Button(
        "Review dates", reverse("courses_admin:review_dates", args=[course.pk]), icon_name="calendar-alt", priority=63
    )
    yield Button("Withdraw", reverse("courses_admin:withdraw", args=[course.pk]), icon_name="download", priority=64)


@hooks.register("register_page_action_menu_item")
def to_review() -> ToReviewItem:
    return ToReviewItem(order=5)


@hooks.register("register_page_action_menu_item")
def open_review() -> OpenReviewItem:
    return OpenReviewItem(order=6)


@hooks.register("construct_page_action_menu")
def page_actions(menu_items: list[Any], request: HttpRequest, context: Any) -> None:
    keep_what_applies(menu_items, context)


# --- Saving, submitting, publishing -----------------------------------------------------------------------------------


@hooks.register("after_edit_page")
def on_to_the_review(request: HttpRequest, page: Page) -> HttpResponse | None:
    if TO_REVIEW in request.POST and isinstance(page, CoursePage):
        return redirect("courses_admin:submit", page.pk)
    return None


@hooks.register("before_edit_page")
def submit_on_our_screen(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A course goes to review through our screen, which says what stops it and asks what the release demands."""
    wagtails_own = {"action-submit", "action-restart-workflow"} & set(request.POST)
    if wagtails_own and isinstance(page, CoursePage):
        messages.warning(request, "Courses are submitted here. Nothing was saved.")
        return redirect("courses_admin:submit", page.pk)
    return None


@hooks.register("before_create_page")
def save_first(request: HttpRequest, parent: Page, page_class: type[Page]) -> HttpResponse | None:
    """A page that does not exist yet can be neither submitted nor published."""
    if {"action-submit", "action-publish"} & set(request.POST) and issubclass(page_class, CoursePage | PartOfCourse):
        messages.warning(
            request, "Save a draft first: a page that is not there yet can be neither submitted nor published."
        )
        return redirect("wagtailadmin_explore", parent.pk)
    return None


@hooks.register("after_create_page")
def say_what_comes_next(request: HttpRequest, page: Page) -> None:
    """A new course is empty, and nothing in the editor says that modules stand under it."""
    following = {CoursePage: ("Add its first module", "modulepage"), ModulePage: ("Add its first lesson", "lessonpage")}
    if type(page) in following:
        label, model = following[type(page)]
        address = reverse("wagtailadmin_pages:add", args=["courses", model, page.pk])
        messages.info(request, f"Next, what stands under ‘{page.title}’.", buttons=[messages.button(address, label)])


@hooks.register("before_publish_page")
def freeze_before_publishing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Publishing from the editor: freeze what is saved, outside any transaction; where something stops it, say what."""
    if isinstance(page, PartOfCourse):
        messages.error(request, IN_PARTS)
        return redirect("wagtailadmin_pages:edit", page.pk)
    if isinstance(page, CoursePage):
        refused = _freeze(request, page)
        if refused:
            messages.error(request, f"{refused} Your changes are saved as a draft.")
            return redirect("courses_admin:submit", page.pk)
    return None


@hooks.register("after_publish_page")
def bring_out_on_the_day(request: HttpRequest, page: Page) -> None:
    if isinstance(page, CoursePage) and page.scheduled_revision:
        releases.ask_for_go_live(page.scheduled_revision.pk)


@hooks.register("before_bulk_action")
def freeze_before_bulk_publishing(
    request: HttpRequest, action_type: str, objects: list[Any], action_class_instance: Any
) -> HttpResponse | None:
    """The same for a bulk action: all the courses chosen, or none."""
    if action_type != "publish":
        return None
    pages = [(page, page.specific) for page in objects if isinstance(page, Page)]
    refused = IN_PARTS if any(isinstance(page, PartOfCourse) for _chosen, page in pages) else ""
    for chosen, page in pages:
        if isinstance(page, CoursePage) and not refused:
            if Release.objects.filter(course_revision=page.latest_revision_id).exists() and is_unreleased(page):
                # Only lessons changed: a revision of the course page stands for what is brought out now.
                chosen.latest_revision = page.save_revision(user=signed_in(request), changed=False)
                page.refresh_from_db()
            refused = _freeze(request, page)
    if refused:
        messages.error(request, refused)
        return redirect(action_class_instance.next_url)
    return None


@hooks.register("after_bulk_action")
def bring_out_on_their_days(
    request: HttpRequest, action_type: str, objects: list[Any], action_class_instance: Any
) -> None:
    if action_type == "publish":
        for page in CoursePage.objects.filter(pk__in=[one.pk for one in objects if isinstance(one, Page)]):
            if page.scheduled_revision:
                releases.ask_for_go_live(page.scheduled_revision.pk)


def _freeze(request: HttpRequest, page: CoursePage) -> str:
    """Freeze a list for the page's latest revision; return why it is refused, empty when it is not."""
    if ReviewList.objects.still_open().filter(course__page=page.pk).exists():
        return f"{page.title} is under review. It comes out when it is approved, or withdraw the submission first."
    by = signed_in(request)
    revision = freezing.saved_revision(page, by=by)
    try:
        releases.list_to_release(page, revision, by=by, at=clock.now())
    except (freezing.NotReady, releases.NotApproved) as refused:
        return str(refused)
    return ""
