"""How the list of questions is narrowed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from assessments import question_types
from assessments.admin.fields import SearchField
from assessments.finding import Choices
from assessments.models import Difficulty, QuestionUse, VersionState
from assessments.topics import Place

ANY = ("", "Any")
INDENT = "\u2003"


class ListForm(forms.Form):
    """The list of questions, narrowed. The topics offered are those of the bank asked for."""

    q = SearchField(
        label="Words of question, answers or code", max_length=200, help_text="The beginning of a word will do."
    )
    bank = forms.ChoiceField(label="Bank", required=False)
    topic = forms.TypedChoiceField(label="Topic, with what is below it", required=False, coerce=UUID, empty_value=None)
    use = forms.ChoiceField(label="For", required=False, choices=[ANY, *QuestionUse.choices])
    type = forms.ChoiceField(label="Type", required=False)
    outcome = forms.ChoiceField(label="Outcome", required=False)
    difficulty = forms.ChoiceField(label="Difficulty", required=False, choices=[ANY, *Difficulty.choices])
    state = forms.ChoiceField(label="State", required=False, choices=[ANY, *VersionState.choices])
    tag = SearchField(label="Tag", max_length=60)
    reference = SearchField(label="Act and section, or a reference’s id", max_length=200)
    author = forms.TypedChoiceField(label="Author", required=False, coerce=int, empty_value=None)
    reviewer = forms.TypedChoiceField(label="Approved by", required=False, coerce=int, empty_value=None)
    overdue = forms.BooleanField(label="A reference should have been checked again by now", required=False)

    weak = forms.BooleanField(
        label="Performed badly",
        required=False,
        help_text="An analysis of at least thirty candidates says that somebody should look at it.",
    )

    def __init__(self, *args: Any, choices: Choices, places: list[Place], sees_analysis: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_analysis:
            del self.fields["weak"]
        types = [(name, question_types.get(name).label) for name in question_types.names()]
        topics = [
            (place.topic.pk, f"{INDENT * (place.depth - 1)}{place.topic.title}") for place in places if place.depth
        ]
        offered: dict[str, list[tuple[Any, str]]] = {
            "bank": [(bank, bank) for bank in choices.banks],
            "topic": topics,
            "outcome": [(outcome, outcome) for outcome in choices.outcomes],
            "type": list(types),
            "author": list(choices.authors),
            "reviewer": list(choices.reviewers),
        }
        for name, entries in offered.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [ANY, *entries]
        if not topics:
            self.fields["topic"].help_text = "Choose a bank and press Show to choose among its topics."
