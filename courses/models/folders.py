"""What the folder of a course says that no page shows, kept so that the course can be written back as it came."""

from django.conf import settings
from django.db import models

from courses.models.releases import Course


class CourseFolder(models.Model):
    """Where a course came from: one row a course loaded from a folder, renewed when it is loaded again.

    ``numbers`` is ``{"modules": {slug: number}, "steps": {slug: number}}``, ``questions`` is ``{module slug: [question id, …]}`` in the
    order of the file. ``source_digest`` is over the folder's bytes, ``canonical_digest`` over its canonical form: if the course, written
    back, has another one, somebody has edited it in the product since.
    """

    course = models.OneToOneField(Course, on_delete=models.PROTECT, related_name="folder")
    numbers = models.JSONField(default=dict)
    questions = models.JSONField(default=dict)
    source_digest = models.CharField(max_length=64)
    canonical_digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"folder of {self.course_id}"
