"""What the holder of a certificate decides before taking its credential."""

from django import forms

LEAST, NAMED = "least", "named"


class DisclosureForm(forms.Form):
    """Whether the credential shows the holder's name. Nothing is chosen beforehand but the least."""

    shows = forms.ChoiceField(
        label="What the badge says about you",
        choices=[
            (LEAST, "Not my name. Somebody I told it to can confirm that the badge is mine."),
            (NAMED, "My name, for everybody to read."),
        ],
        initial=LEAST,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose whether the badge shows your name.",
            "invalid_choice": "Choose whether the badge shows your name.",
        },
    )
