"""What a trainer answers to a query."""

from __future__ import annotations

from typing import Any

from django import forms

from assessments.admin.fields import WordsField
from assessments.models import QuestionDecision
from assessments.models.queries import WORDS_LENGTH


class AnswerForm(forms.Form):
    """The answer, and the decision on the question that goes with it. Cleans ``decision`` to a row or None."""

    words = WordsField(
        label="Your answer",
        long=True,
        max_length=WORDS_LENGTH,
        help_text="The candidate reads it. Tell no key that the assessment does not show.",
    )
    decision = forms.ChoiceField(
        label="Decision that follows",
        required=False,
        help_text="None: the mark stays. Propose a decision on the question first, then answer with it.",
    )

    def __init__(self, *args: Any, decisions: list[QuestionDecision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._decisions = {str(one.pk): one for one in decisions}
        field = self.fields["decision"]
        if isinstance(field, forms.ChoiceField):
            named = [(key, one.get_kind_display()) for key, one in self._decisions.items()]
            field.choices = [("", "None"), *named]

    def clean_decision(self) -> QuestionDecision | None:
        return self._decisions.get(self.cleaned_data["decision"])
