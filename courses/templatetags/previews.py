"""What the templates of a preview ask for: Wagtail gives them a page, saved or not."""

from django import template
from django.template import Context

from courses.models import CataloguePage, CoursePage, FamilyPage, PartOfCourse
from courses.previews import ShownCourse, ShownListing, ShownStep, course_as_saved, listing_as_saved, step_as_saved
from people import clock

register = template.Library()


@register.simple_tag
def shown_step(page: PartOfCourse) -> ShownStep:
    """Return a step as its page will show it."""
    return step_as_saved(page)


@register.simple_tag
def shown_course(page: CoursePage) -> ShownCourse:
    """Return a course as its page will show it."""
    return course_as_saved(page)


@register.simple_tag(takes_context=True)
def shown_listing(context: Context, page: CataloguePage | FamilyPage) -> ShownListing:
    """Return the catalogue, or a family of it, as its page will list it to whoever looks at the preview."""
    return listing_as_saved(page, context["request"].user, on=clock.today())
