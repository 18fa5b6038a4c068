"""Forms for files of questions: the file to import and where its questions go, and what is written to a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from assessments.admin.fields import WordsField
from assessments.admin.forms import PlaceForm
from assessments.admin.list_forms import INDENT
from assessments.interchange.formats import LABELS
from assessments.interchange.handing_in import MOST_BYTES
from assessments.topics import Place

FORMATS = [(name, LABELS[name]) for name in ("moodle-xml", "gift", "aiken", "qti")]
TOO_LARGE = f"The file is larger than {MOST_BYTES // (1024 * 1024)} MB. Divide it."


class ImportForm(PlaceForm):
    """A file, and the bank and topic its questions go to."""

    file = forms.FileField(
        label="File",
        allow_empty_file=True,
        help_text=f"GIFT, Moodle XML, Aiken, or a QTI 2.1 or 2.2 item or package; {MOST_BYTES // (1024 * 1024)} MB at most.",
        error_messages={"required": "Choose the file that has the questions."},
    )
    topic = WordsField(
        label="Topic below the bank (optional)",
        max_length=120,
        help_text="Such as Custody/Rights. It is made where there is none; categories of the file become topics below it.",
    )
    format = forms.ChoiceField(
        label="Format",
        required=False,
        choices=[("", "Found by its content"), *FORMATS],
        help_text="Leave it unless the file is taken for another.",
    )
    field_order = ["file", "chosen", "new_bank", "new_family", "topic", "format"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"]

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


class ExportForm(forms.Form):
    """Which topic of which bank is written, and how."""

    bank = forms.ChoiceField(label="Bank", error_messages={"required": "Choose a bank."})
    topic = forms.ChoiceField(label="Topic, with those below it", required=False)
    format = forms.ChoiceField(label="Format", choices=FORMATS)

    def __init__(self, *args: Any, banks: list[str], places: list[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bank, topic = self.fields["bank"], self.fields["topic"]
        if isinstance(bank, forms.ChoiceField) and isinstance(topic, forms.ChoiceField):
            bank.choices = [("", "Choose a bank"), *((name, name) for name in banks)]
            topic.choices = [
                ("", "The whole bank"),
                *((place.words, INDENT * (place.depth - 1) + place.topic.title) for place in places if place.depth),
            ]
