"""Wagtail page types: catalogue > family > course > module > step. They hold content, never learners.

A course is published as a whole: workflow and publishing belong to the course page; modules and steps answer ``get_workflow`` with
None and refuse to be published. What learners read is a release (``courses.models.releases``).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import slugify
from modelcluster.fields import ParentalKey
from wagtail.actions.publish_page_revision import PublishPagePermissionError
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, PublishingPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Orderable, Page, PagePermissionTester
from wagtail.search import index

from courses.admin import page_forms
from courses.admin.panels import NamesForBlocksPanel
from courses.blocks import INLINE_FEATURES, LessonBlocks
from courses.page_permissions import CoursePermissionTester, FamilyPermissionTester, PartPermissionTester


class CompletionRule(models.TextChoices):
    """What completes a course."""

    PASS = "pass", "Passing its assessment"
    ALL_STEPS = "all_steps", "Doing all its steps"
    SUPERVISOR = "supervisor", "All steps, confirmed by a supervisor"


# A step's identity is its slug, unique in its course, so authors see it as what it is: the last part of the address.
ADDRESS_PANELS = [FieldPanel("slug", help_text="Last part of the address; different for every step of a course.")]


class CataloguePage(Page):
    """The root of what is taught; one in a site."""

    max_count = 1
    subpage_types = ["courses.FamilyPage"]
    template = "courses/catalogue_preview.html"


class FamilyPage(Page):
    """A family of courses: one group of authors and one collection of media each. ``code`` never changes."""

    code = models.SlugField(max_length=60, unique=True)
    introduction = models.TextField(blank=True)

    parent_page_types = ["courses.CataloguePage"]
    subpage_types = ["courses.CoursePage"]
    content_panels = [*Page.content_panels, FieldPanel("code"), FieldPanel("introduction")]
    promote_panels = ADDRESS_PANELS
    settings_panels: list[Any] = []
    template = "courses/catalogue_preview.html"

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return FamilyPermissionTester(user, self)


class CoursePage(Page):
    """A course as its authors see it. Minutes are integer minutes; ``validity_months`` null means no expiry.

    ``leads_to`` lists the codes of the qualifications that finishing it awards; it lasts as long as they do. ``certificate_template``
    is the code of the template of its certificates, empty for the product's own form.

    Its slug is its code in lower case, so its address is ``/catalogue/<slug>/`` wherever it stands in the tree.
    """

    code = models.CharField(max_length=40, unique=True)
    promise = models.CharField(
        max_length=300, blank=True, help_text="One sentence: what one can do afterwards. Shown in the catalogue."
    )
    description = RichTextField(features=[*INLINE_FEATURES, "h2"], blank=True)
    audience = models.JSONField(default=list, blank=True)
    minutes = models.PositiveIntegerField(default=0)
    extra_minutes = models.PositiveIntegerField(null=True, blank=True)
    extra_for = models.CharField(max_length=200, blank=True)
    validity_months = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="Empty: it does not expire. Where it leads to a qualification, as that one's rule says.",
    )
    leads_to = models.JSONField(default=list, blank=True)
    certificate_template = models.CharField(
        max_length=40, blank=True, help_text="What its certificates look like and say. Look at specimens first."
    )
    completion = models.CharField(max_length=12, choices=CompletionRule.choices, default=CompletionRule.PASS)
    requires = models.JSONField(default=list, blank=True)
    local_defaults = models.JSONField(default=list, blank=True)
    marking = models.CharField(max_length=40, default="OFFICIAL")
    jurisdiction = models.CharField(max_length=80, default="England and Wales")
    warning_topic = models.CharField("topic", max_length=120, blank=True)
    warning_text = models.TextField("content warning", blank=True)
    warning_alternative = models.TextField("alternative route", blank=True)
    warning_support = models.JSONField("where support is found", default=list, blank=True)

    admin_default_ordering = "ord"  # as learners meet them, and movable
    parent_page_types = ["courses.FamilyPage"]
    subpage_types = ["courses.ModulePage", "courses.AssessmentStepPage"]
    template = "courses/course_preview.html"
    base_form_class = page_forms.CoursePageForm
    search_fields = [*Page.search_fields, index.SearchField("promise"), index.SearchField("code")]

    content_panels = [
        # Wagtail's own title writes the address as one types; here that follows from the code, and there is no such field.
        FieldPanel("title", classname="title"),
        FieldPanel("code"),
        FieldPanel("promise"),
        FieldPanel("description"),
        FieldPanel("audience"),
        MultiFieldPanel(
            [
                FieldPanel("minutes"),
                FieldPanel("extra_minutes"),
                FieldPanel("extra_for"),
                FieldPanel("validity_months"),
                FieldPanel("leads_to"),
                FieldPanel("certificate_template"),
                FieldPanel("completion"),
                FieldPanel("requires"),
                FieldPanel("local_defaults"),
            ],
            heading="Hours, validity, completion",
        ),
        MultiFieldPanel(
            [
                FieldPanel("warning_topic", help_text="A few words that end the heading ‘Before you start: …’."),
                FieldPanel("warning_text"),
                FieldPanel("warning_alternative"),
                FieldPanel("warning_support"),
            ],
            heading="Content warning",
        ),
        InlinePanel("outcomes", heading="Outcomes", label="Outcome"),
        InlinePanel("references", heading="Law and standards cited", label="Reference"),
    ]
    promote_panels: list[Any] = []
    settings_panels = [PublishingPanel(children=[FieldPanel("go_live_at", widget=page_forms.go_live_widget())])]

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return CoursePermissionTester(user, self)

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._take_slug_from_code()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """Wagtail's check of drafts: they are not cleaned in full, but need their address too."""
        self._take_slug_from_code()
        super().minimal_clean()

    def _take_slug_from_code(self) -> None:
        if address := slugify(self.code)[:60]:
            self.slug: str = address

    def clean(self) -> None:
        super().clean()
        known = getattr(self, "course", None) if self.pk else None
        if known is not None and known.code != self.code:
            raise ValidationError(
                {
                    "code": f"This course has been brought out as {known.code}, and a code never changes. Write {known.code}."
                }
            )

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        parts = super().get_url_parts(request)
        return (parts[0], parts[1], f"/catalogue/{self.slug}/") if parts else None

    def publish(self, *args: Any, **kwargs: Any) -> Any:
        """Publish whole or not at all: where the release is refused, so is the publication."""
        with transaction.atomic():
            return super().publish(*args, **kwargs)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The address in Wagtail's tree leads to the one learners read."""
        return redirect(f"/catalogue/{self.slug}/")


class CourseOutcome(Orderable):
    """What somebody can do after the course."""

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="outcomes")
    code = models.CharField(max_length=20)
    text = models.CharField(max_length=300)

    panels = [FieldPanel("code"), FieldPanel("text")]


class CourseReference(Orderable):
    """A law or standard the course cites, once, with when and how it was checked."""

    class Against(models.TextChoices):
        LIVE = "live", "The live official text"
        STORED_COPY = "stored-copy", "A stored copy of the official text"
        SECONDARY = "secondary", "A secondary source"
        NOT_CHECKED = "not-checked", "Not checked"

    class Confidence(models.TextChoices):
        HIGH = "H", "High"
        MIDDLE = "M", "Medium"
        LOW = "L", "Low"

    page = ParentalKey(CoursePage, on_delete=models.CASCADE, related_name="references")
    code = models.SlugField(max_length=80)
    title = models.CharField(max_length=255)
    provision = models.CharField(max_length=255, blank=True)
    says = models.TextField(blank=True)
    extent = models.CharField(max_length=120, blank=True)
    url = models.URLField(max_length=500, blank=True)
    text_as_at = models.DateField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.CharField(max_length=200, blank=True)
    against = models.CharField(max_length=12, choices=Against.choices, default=Against.NOT_CHECKED)
    confidence = models.CharField(max_length=1, choices=Confidence.choices, default=Confidence.LOW)
    review_by = models.DateField(null=True, blank=True)


class PartOfCourse(Page):
    """Abstract. A module or a step: part of a course, and never published by itself."""

    base_form_class = page_forms.PartForm
    promote_panels = ADDRESS_PANELS
    settings_panels: list[Any] = []

    class Meta:
        abstract = True

    @property
    def status_string(self) -> str:
        """It has no state of its own: what is read of it stands in a release of its course."""
        return "with its course"

    def get_workflow(self) -> None:
        """It is brought out with its course."""

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        return PartPermissionTester(user, self)

    def publish(self, *args: Any, **kwargs: Any) -> None:
        raise PublishPagePermissionError(
            "Modules and steps are brought out with their course. Submit the course for review instead."
        )

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str] | None:
        """A step is read at ``/learn/<course>/<step>/``; a module at its course's address."""
        parts = super().get_url_parts(request)
        if parts is None:
            return None
        course = self.get_ancestors().type(CoursePage).values_list("slug", flat=True).last()
        step = "" if isinstance(self, ModulePage) else f"{self.slug}/"
        return parts[0], parts[1], f"/learn/{course}/{step}" if step else f"/catalogue/{course}/"


class ModulePage(PartOfCourse):
    """A module: a title, a summary, and its steps in order."""

    summary = models.TextField(blank=True)

    admin_default_ordering = "ord"
    parent_page_types = ["courses.CoursePage"]
    subpage_types = ["courses.LessonPage", "courses.AssessmentStepPage", "courses.ReflectiveTaskPage"]
    content_panels = [*Page.content_panels, FieldPanel("summary")]


class LessonPage(PartOfCourse):
    """One lesson: one decision an officer will face."""

    point = models.CharField(max_length=300, blank=True)
    minutes = models.PositiveIntegerField(default=10)
    outcomes = models.JSONField(default=list, blank=True)
    topics = models.JSONField(default=list, blank=True)
    body = StreamField(LessonBlocks(), blank=True)

    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    template = "courses/lesson_preview.html"
    base_form_class = page_forms.LessonPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("point", help_text="One sentence: what stays when the rest is forgotten."),
        FieldPanel("minutes"),
        FieldPanel("outcomes"),
        FieldPanel("topics"),
        FieldPanel("body"),
        NamesForBlocksPanel(heading="References and checks of this course"),
    ]


class AssessmentStepPage(PartOfCourse):
    """The place of an assessment in a course."""

    assessment = models.ForeignKey("assessments.Assessment", on_delete=models.PROTECT, related_name="+")
    introduction = models.TextField(blank=True)

    parent_page_types = ["courses.CoursePage", "courses.ModulePage"]
    subpage_types: list[str] = []
    template = "courses/lesson_preview.html"
    base_form_class = page_forms.AssessmentStepForm
    content_panels = [*Page.content_panels, FieldPanel("assessment"), FieldPanel("introduction")]


class ReflectiveTaskPage(PartOfCourse):
    """A task somebody writes about for themselves; done when they say so."""

    prompt = RichTextField(features=INLINE_FEATURES)
    minutes = models.PositiveIntegerField(default=15)
    outcomes = models.JSONField(default=list, blank=True)

    parent_page_types = ["courses.ModulePage"]
    subpage_types: list[str] = []
    template = "courses/lesson_preview.html"
    base_form_class = page_forms.ReflectiveTaskForm
    content_panels = [*Page.content_panels, FieldPanel("prompt"), FieldPanel("minutes"), FieldPanel("outcomes")]
