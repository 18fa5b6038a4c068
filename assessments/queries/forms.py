"""What a candidate writes about a question."""

from __future__ import annotations

from django import forms

from assessments.question_types.words import wrong_in


class QueryForm(forms.Form):
    """A query in the candidate's own words; lengths and the rest are the verb's to say."""

    words = forms.CharField(
        label="What is wrong with the question?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Such as two answers that could both be right, or law that has changed. Write no case numbers or names.",
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"].replace("\r\n", "\n")
        if reason := wrong_in(words):
            raise forms.ValidationError(reason)
        return words
