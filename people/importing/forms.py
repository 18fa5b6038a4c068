"""The forms of an import: the file and what is said of it, what its columns mean, all or nothing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from people.importing.files import titles_of
from people.importing.kinds import ImportKind, kind_of
from people.models import FileImport
from people.tables.rows import MOST_BYTES, column_letters

NOT_USED = ""
ALL_OR_NOTHING, GOOD_LINES = "all-or-nothing", "good-lines"


class UploadForm(forms.Form):
    """A file, and what is said once for the whole list."""

    file = forms.FileField(
        label="The list",
        help_text="CSV or XLSX. The first line gives the titles of the columns. Up to 200,000 lines and 50 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,.tsv"}),
        error_messages={
            "required": "Choose the file: CSV or XLSX.",
            "invalid": "Choose the file: CSV or XLSX.",
            "missing": "Choose the file: CSV or XLSX.",
            "empty": "The file is empty. Its first line gives the titles of the columns.",
        },
    )

    def __init__(self, *args: Any, kind: ImportKind, **more: Any) -> None:
        super().__init__(*args, **more)
        for option in kind.options:
            self.fields[option.name] = forms.CharField(
                label=option.title if option.is_needed else f"{option.title} (optional)",
                help_text=option.hint,
                required=option.is_needed,
                widget=forms.TextInput(attrs={"dir": "auto"}),
                error_messages={"required": "Enter it in a few words: the name of the system, or of the list."},
            )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Divide it.")
        return file

    @property
    def said(self) -> dict[str, str]:
        """What is said for the whole list; only of a valid form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "file"}


class ColumnsForm(forms.Form):
    """What each column means: one of ours, or not used."""

    def __init__(self, *args: Any, run: FileImport, first: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self._titles = titles_of(run)
        ours = [(column.name, _shown(column.title, column.hint)) for column in kind_of(run.kind).columns]
        for column, (key, text) in enumerate(zip(self._titles.keys, self._titles.texts, strict=True)):
            example = first[column] if column < len(first) else ""
            self.fields[f"column-{column}"] = forms.ChoiceField(
                label=text or f"Column {column_letters(column)}, without a title",
                choices=[(NOT_USED, "Not used"), *ours],
                required=False,
                initial=run.mapping.get(key, NOT_USED),
                help_text=f"First line: {example[:80]}" if example else "",
                error_messages={"invalid_choice": "Choose one of the columns in the list."},
            )

    @property
    def mapping(self) -> dict[str, str]:
        """Our column by title's key; only of a valid form."""
        return {key: self.cleaned_data[f"column-{column}"] for column, key in enumerate(self._titles.keys)}


class StartForm(forms.Form):
    """All or nothing, or the good lines."""

    choice = forms.ChoiceField(
        label="What about the lines that are refused?",
        choices=[
            (ALL_OR_NOTHING, "All or nothing: I mend them first"),
            (GOOD_LINES, "Leave them out and import the good lines"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what happens with the lines that are refused.",
            "invalid_choice": "Choose what happens with the lines that are refused.",
        },
    )


def _shown(title: str, hint: str) -> str:
    return f"{title} ({hint})" if hint else title
