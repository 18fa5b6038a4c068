"""Files that were handed in to be imported: what was found in them, what became of every line, and what their columns mean."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ColumnMapping(models.Model):
    """What the titles of a list mean, remembered for every list with the same titles.

    ``digest`` is that of the set of titles; ``mapping`` names our column by title's key, '' for a column that is not used.
    """

    kind = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "digest"], name="one_mapping_for_a_set_of_titles")]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


class ImportState(models.TextChoices):
    """How far an import is."""

    UPLOADED = "uploaded", "Not checked yet"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Checked, nothing written yet"
    WRITING = "writing", "Being written"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused, nothing written"
    STOPPED = "stopped", "Stopped"
    DISCARDED = "discarded", "Discarded, nothing written"


AT_WORK = (ImportState.CHECKING, ImportState.WRITING)
OPEN = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.REFUSED)


class FileImport(models.Model):
    """A file that somebody hands in to be imported, in private storage under ``path``.

    First every line is checked, then, when whoever handed it in says so, the lines are written in pieces of one transaction each.
    ``position`` is the number of the last line that the present turn has dealt with, ``done`` how many lines that is, ``total`` how many
    there are (None until the first turn has reached the end). ``on`` is the day from which a line holds that names none. ``turn``
    counts how often checking began. ``sentence`` says why an import stopped. ``let_go_at`` is when the file was
    deleted, and with it the names and reasons in the answers; the row stays.
    """

    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    found = models.CharField(max_length=200, help_text="How the file was understood, in words.")
    titles_row = models.PositiveIntegerField()
    titles = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    on = models.DateField()
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.UPLOADED)
    all_or_nothing = models.BooleanField(default=True)
    turn = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(null=True)
    sentence = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    let_go_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(done__lte=F("total")), name="no_more_done_than_there_is"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.name}"

    @property
    def is_at_work(self) -> bool:
        return self.state in AT_WORK

    @property
    def is_open(self) -> bool:
        """Whether it waits for whoever handed it in."""
        return self.state in OPEN


class ImportAnswer(models.Model):
    """What becomes of one line: before anything is written, what would become of it."""

    file_import = models.ForeignKey(FileImport, on_delete=models.CASCADE, related_name="answers")
    line = models.PositiveIntegerField()
    who = models.CharField(max_length=80)
    verdict = models.CharField(max_length=12)
    words = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file_import", "line"], name="one_answer_for_a_line")]
        indexes = [models.Index(fields=["file_import", "verdict", "line"])]
