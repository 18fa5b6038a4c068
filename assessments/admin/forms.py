"""Forms around a question: where it belongs, what it says, what is decided about it, and how the list is narrowed."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from assessments import question_types
from assessments.admin.fields import NumberText, WordsField
from assessments.admin.type_editor import is_written_here
from assessments.bank import MOST_MARKS, BankRefused, can_be_max_mark
from assessments.banks import banks_to_write_in, check_bank, families_to_write_for
from assessments.describing import tags_in
from assessments.models import Difficulty, Question, QuestionUse, QuestionVersion
from assessments.question_types.authoring import STEM
from assessments.topic_paths import key_of, titles_in
from assessments.topics import words_for
from people.families import family_titles
from people.models import User

BANK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SEPARATOR = "\x1f"
TAKEN = "This code is in use, and codes are never reused. Choose another."


def type_choices() -> list[tuple[str, str]]:
    """Return the types that can be written here, with their labels."""
    return [(name, question_types.get(name).label) for name in question_types.names() if is_written_here(name)]


class PlaceForm(forms.Form):
    """Where something new belongs: a bank there is, or a new one of a family one writes for. Cleans to ``bank`` and ``family``."""

    chosen = forms.ChoiceField(label="Bank", required=False, help_text="The bank of a course has the course's code.")
    new_bank = WordsField(label="Code of its course", max_length=60, help_text="Such as MH-101. Choose no bank above.")
    new_family = forms.ChoiceField(label="Family of the new bank", required=False)
    code = WordsField(
        label="Code",
        max_length=80,
        help_text="Small letters, digits and hyphens, such as mh-101-q23. It stays for ever and is never reused.",
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._banks = banks_to_write_in(by)
        families = families_to_write_for(by)
        titles = family_titles([*families, *(family for _bank, family in self._banks)])
        named = len({family for _bank, family in self._banks}) > 1
        self._choice("chosen").choices = [
            ("", "Choose a bank"),
            *(
                (bank + SEPARATOR + family, f"{bank} ({titles[family]})" if named and family else bank)
                for bank, family in self._banks
            ),
        ]
        named_families = sorted(((family, titles[family]) for family in families), key=lambda choice: choice[1])
        self._choice("new_family").choices = [("", "Choose a family"), *named_families]
        if len(families) == 1:
            self.fields["new_family"].initial = families[0]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if not CODE.fullmatch(code):
            raise forms.ValidationError(
                "Give it a code of small letters, digits and single hyphens, such as mh-101-q23."
            )
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen, new = cleaned.get("chosen", ""), cleaned.get("new_bank", "")
        if chosen and new:
            self.add_error("new_bank", "Choose a bank or begin one, not both.")
        elif chosen:
            cleaned["bank"], _sign, cleaned["family"] = chosen.partition(SEPARATOR)
        elif "chosen" not in self.errors and "new_bank" not in self.errors:
            self._begin_bank(cleaned, new)
        return cleaned

    @property
    def begins_bank(self) -> bool:
        """Whether a bank is begun here: there is none to choose, one was named, or something is wrong with it."""
        errors = self.errors if self.is_bound else {}
        return not self._banks or bool(self["new_bank"].value()) or bool({"new_bank", "new_family"} & set(errors))

    def is_place(self) -> bool:
        """Return whether this may be written; a code that was taken meanwhile is for the saving to refuse, with what was typed kept."""
        return self.is_valid() or (list(self.errors) == ["code"] and self.has_error("code", "taken"))

    def _begin_bank(self, cleaned: dict[str, Any], name: str) -> None:
        if not name:
            self.add_error("chosen", "Choose a bank, or begin one under ‘Begin a bank instead’.")
        elif not BANK_NAME.fullmatch(name):
            self.add_error("new_bank", "Letters, digits, hyphens and underscores only, such as MH-101.")
        elif not cleaned.get("new_family"):
            self.add_error("new_family", "Choose the family of the new bank.")
        else:
            try:
                check_bank(name, cleaned["new_family"])
            except BankRefused as refused:
                self.add_error("new_bank", str(refused))
            cleaned["bank"], cleaned["family"] = name, cleaned["new_family"]

    def _choice(self, name: str) -> forms.ChoiceField:
        field = self.fields[name]
        if not isinstance(field, forms.ChoiceField):
            raise TypeError(name)
        return field


class NewQuestionForm(PlaceForm):
    """The first screen of a new question; what follows depends on its type."""

    use = forms.ChoiceField(
        label="For", choices=QuestionUse.choices, widget=forms.RadioSelect, initial=QuestionUse.EXAM
    )
    type = forms.ChoiceField(label="Type", widget=forms.RadioSelect)
    field_order = ["type", "use", "chosen", "new_bank", "new_family", "code"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choice("type").choices = type_choices()

    def clean_code(self) -> str:
        code = super().clean_code()
        if Question.objects.filter(code=code).exists():
            raise forms.ValidationError(TAKEN, code="taken")
        return code


class ReferencesField(WordsField):
    """Ids of references, one a line; cleans to a list."""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        return [line.strip() for line in super().clean(value).split("\n") if line.strip()]


class TagsField(WordsField):
    """Tags with commas between them; cleans to a list."""

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        return tags_in(super().clean(value))


class MarkField(NumberText):
    """The mark a question carries; cleans to an exact decimal, 1 where nothing was typed."""

    def clean(self, value: Any) -> Decimal:  # type: ignore[override]
        text = super().clean(value)
        try:
            mark = Decimal(text or "1")
        except InvalidOperation:
            mark = Decimal(-1)
        if not (mark.is_finite() and can_be_max_mark(mark)):
            raise forms.ValidationError(f"Write the marks as a number from 0 to {MOST_MARKS}, such as 1, 2 or 0.5.")
        return mark


class QuestionForm(forms.Form):
    """What every question has, whatever its type."""

    stem = WordsField(label=STEM.label, long=True, help_text=STEM.hint)
    confidence = forms.BooleanField(
        label="Ask how sure the candidate is",
        required=False,
        help_text="It changes the mark only in assessments that say so. The result says how often they were right when sure.",
    )
    outcome = WordsField(label="Outcome", max_length=20, help_text="Such as LO1. Assessments draw by it.")
    topic = WordsField(
        label="Topic",
        max_length=120,
        help_text="Its place in the bank’s tree of topics, such as Custody/Rights. What is missing is made.",
    )
    difficulty = forms.ChoiceField(label="Difficulty", choices=Difficulty.choices, initial=Difficulty.MEDIUM)
    must_pass = WordsField(
        label="Must-pass rule (optional)",
        max_length=120,
        help_text="The rule it tests. Who gets it wrong fails the assessment.",
    )
    max_mark = MarkField(
        label="Marks", help_text="What it weighs beside the other questions of a test: 1, 2 or 0.5. Empty is 1."
    )
    references = ReferencesField(label="References (optional)", long=True, help_text="Their ids, one a line.")
    module = WordsField(label="Module (optional)", max_length=120, help_text="Your own grouping inside the bank.")
    tags = TagsField(
        label="Tags (optional)", max_length=1_300, help_text="With commas between them. They may change at any time."
    )
    source = WordsField(label="Source (optional)", max_length=300, help_text="Where the question came from.")
    explanation = WordsField(
        label="Explanation (optional)",
        long=True,
        help_text="Told after every answer, right or wrong, beside its own feedback.",
    )
    note = WordsField(
        label="Note (optional)",
        long=True,
        max_length=20_000,
        help_text="The mistake behind each wrong answer. Candidates never see it.",
    )

    @staticmethod
    def initial_of(version: QuestionVersion) -> dict[str, Any]:
        """Return what the fields show of a stored version."""
        kept = {name: getattr(version, name) for name in ("outcome", "topic", "difficulty", "must_pass", "note")}
        shown = {"stem": version.definition["stem"], "references": "\n".join(version.references)}
        question = version.question
        # Where the question stands today, also where its topic was renamed or moved since this was written.
        moved = question.topic is not None and question.topic.path != key_of(titles_in(version.topic))
        place = {"topic": words_for(question.topic)} if moved else {}
        beside = {"tags": ", ".join(tag.word for tag in question.tags.all()), "source": question.source}
        told = {
            "confidence": version.definition.get("confidence", False),
            "explanation": version.definition.get("explanation", ""),
            "max_mark": f"{version.max_mark.normalize():f}",
        }
        return {**kept, **shown, **told, **place, **beside, "module": question.module}


class ReasonForm(forms.Form):
    """Why a version is sent back, retired or approved."""

    reason = WordsField(
        label="Reason",
        long=True,
        max_length=500,
        help_text="Needed to send back and to retire. Everybody who works on the question reads it.",
    )
