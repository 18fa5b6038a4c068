"""What the templates of a preview ask for: Wagtail gives them a page, saved or not."""

from django import template

from courses.models import CoursePage, PartOfCourse
from courses.previews import ShownCourse, ShownStep, course_as_saved, step_as_saved

register = template.Library()


@register.simple_tag
def shown_step(page: PartOfCourse) -> ShownStep:
    """Return a step as its page will show it."""
    return step_as_saved(page)


@register.simple_tag
def shown_course(page: CoursePage) -> ShownCourse:
    """Return a course as its page will show it."""
    return course_as_saved(page)
