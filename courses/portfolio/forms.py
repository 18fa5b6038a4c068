"""What is posted about portfolios: evidence, a judgement, a sign-off, a draw, and what a quality assurer says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError

from courses.models import PortfolioFile, PortfolioReading, PortfolioVersion
from courses.models.portfolio import PLACE_LENGTH, REFERENCE_LENGTH, TITLE_LENGTH
from courses.portfolio.case_details import MOST_SHOWN, Found, digest_of
from courses.portfolio.handing_in import MOST_HEADINGS, Evidence
from courses.portfolio.judging import Marks
from courses.portfolio.quality import MOST_LEAST
from courses.programmes.forms import NO_CASES
from courses.programmes.values import Phase
from cpd_records.evidence_files import ACCEPTED, PHOTOS, CheckedFile
from cpd_records.form_fields import SeveralFilesField, SeveralFilesInput
from cpd_records.sampling.forms import tenths_of_a_per_cent
from people import clock
from people.form_fields import DayField

MARKS = {
    "valid": "Valid: it shows what the headings ask",
    "authentic": "Authentic: it is the recruit’s own work",
    "up_to_date": "Current: it shows what they can do now",
    "sufficient": "Sufficient: there is enough of it",
}


def _line(label: str, **more: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **more)


def _text(label: str, *, rows: int = 4, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "dir": "auto"})
    return forms.CharField(label=label, required=False, strip=False, widget=widget, **more)


class EvidenceForm(forms.Form):
    """A piece of evidence. ``kept`` are files that arrived with an earlier try, so that nobody takes a photograph twice."""

    title = _line("What is it?", help_text=f"A few words, {TITLE_LENGTH} characters at most.")
    words = _text("What did you do, and what does it show?", rows=6)
    headings = forms.MultipleChoiceField(
        label="Evidence for",
        required=False,
        help_text=f"One to {MOST_HEADINGS} headings: those it shows best.",
        widget=forms.CheckboxSelectMultiple(attrs={"data-small": "true"}),
        error_messages={"invalid_choice": "Choose headings from the list."},
    )
    happened_on = DayField(label="When was it?")
    place = _line(
        "Where was it?", help_text=f"A ward or a station, never an address. {PLACE_LENGTH} characters at most."
    )
    reference = _line(
        "Reference number",
        help_text=f"Under which it is kept: a notebook and page, a record. May be left empty. {REFERENCE_LENGTH} characters at most.",
    )
    witness = _line(
        "Who was there and can vouch for it?",
        help_text="A colleague’s service number or e-mail address. They do not judge it. May be left empty.",
    )
    kept = forms.MultipleChoiceField(
        label="Files that are with it",
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-small": "true"}),
        error_messages={"invalid_choice": "One of these files is no longer kept. Choose it again."},
    )
    evidence = SeveralFilesField(
        label="Add files",
        required=False,
        help_text="Photo, PDF or Office file, up to 10 MB. We remove the location from photos. Nobody else in the picture.",
        widget=SeveralFilesInput(attrs={"accept": ACCEPTED}),
    )
    photo = SeveralFilesField(
        label="Take a photo",
        required=False,
        widget=SeveralFilesInput(attrs={"accept": PHOTOS, "capture": "environment"}),
    )
    confirmed = forms.BooleanField(label="None of this is a detail of a case", required=False)
    found = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        phase: Phase,
        files: Iterable[PortfolioFile] = (),
        version: PortfolioVersion | None = None,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.looks_like: tuple[Found, ...] = ()
        headings: Any = self.fields["headings"]
        headings.choices = list(phase.heading_titles.items())
        self._offer(files)
        if not self.is_bound:
            self.initial = {**_initial(version), **self.initial}

    @property
    def client_token(self) -> UUID:
        """The form's own token, or a new one where what came back is none."""
        try:
            return UUID(str(self["token"].value()))
        except ValueError:
            return uuid4()

    @property
    def version_seen(self) -> int:
        return _number(str(self["seen"].value() or ""))

    @property
    def files_chosen(self) -> list[CheckedFile]:
        """The files that were chosen and the photos that were taken, whatever else is wrong."""
        return [*self.cleaned_data.get("evidence", ()), *self.cleaned_data.get("photo", ())]

    @property
    def written(self) -> Evidence:
        given = self.cleaned_data
        return Evidence(
            headings=tuple(given["headings"]),
            title=given["title"],
            words=given["words"],
            happened_on=given["happened_on"],
            place=given["place"],
            reference=given["reference"],
            witness=given["witness"],
            files=tuple(UUID(key) for key in given["kept"]),
        )

    @property
    def confirmation(self) -> str:
        """What was confirmed to be no detail of a case, as ``case_details.digest_of`` says it; '' where nothing was."""
        return self.cleaned_data["found"] if self.cleaned_data["confirmed"] else ""

    @property
    def shown(self) -> tuple[Found, ...]:
        return self.looks_like[:MOST_SHOWN]

    def keep(self, files: Iterable[PortfolioFile], token: UUID) -> None:
        """Let the bound form carry files that are kept now, so that they need not be chosen again."""
        new = list(files)
        kept: Any = self.fields["kept"]
        known = {key for key, _name in kept.choices}
        kept.choices = [*kept.choices, *((str(one.pk), one.name) for one in new if str(one.pk) not in known)]
        ticked = list(dict.fromkeys([*self.data.getlist("kept"), *(str(one.pk) for one in new)]))  # type: ignore[attr-defined]
        data = self.data.copy()  # type: ignore[attr-defined]
        data.setlist("kept", ticked)
        data["token"] = str(token)
        self.data = data
        if "kept" in self.cleaned_data:
            self.cleaned_data["kept"] = [key for key in ticked if key in {key for key, _name in kept.choices}]

    def ask_about(self, found: tuple[Found, ...]) -> None:
        """Let the bound form ask whether what was found is a detail of a case; what was confirmed before is asked again."""
        self.looks_like = found
        data = self.data.copy()  # type: ignore[attr-defined]
        data["found"] = digest_of(found)
        data.pop("confirmed", None)
        self.data = data
        self.add_error("confirmed", "Take it out of what you wrote, or confirm that it is no detail of a case.")

    def _offer(self, files: Iterable[PortfolioFile]) -> None:
        kept: Any = self.fields["kept"]
        kept.choices = [(str(one.pk), one.name) for one in files]


def _initial(version: PortfolioVersion | None) -> dict[str, Any]:
    """Return what the form begins with: nothing but a token and today, or what was handed in last."""
    if version is None:
        return {"token": str(uuid4()), "happened_on": clock.today()}
    return {
        "title": version.title,
        "words": version.words,
        "headings": [claim.heading for claim in version.claims.all()],  # type: ignore[attr-defined]
        "happened_on": version.happened_on,
        "place": version.place,
        "reference": version.reference,
        "witness": version.witness.service_number if version.witness else "",
        "kept": [str(file.pk) for file in version.files.all()],
        "token": str(version.item.client_token),
        "seen": str(version.number),
    }


class JudgementForm(forms.Form):
    """The four things asked of evidence, and what the recruit reads where one of them does not hold."""

    marks = forms.MultipleChoiceField(
        label="What holds",
        required=False,
        choices=list(MARKS.items()),
        help_text="With all four it is sufficient. Otherwise it goes back to the recruit with your reason.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list."},
    )
    reason = _text("What is missing, and what would do", help_text=f"The recruit reads this. {NO_CASES}")
    version = forms.CharField(required=False, widget=forms.HiddenInput)
    judged = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def given(self) -> dict[str, Any]:
        held = self.cleaned_data["marks"]
        seen = (_number(self.cleaned_data["version"]), _number(self.cleaned_data["judged"]))
        return {"marks": Marks(*(name in held for name in MARKS)), "reason": self.cleaned_data["reason"], "seen": seen}


class SignOffForm(forms.Form):
    """What the sign-off rests on; ``seen`` is the digest of the portfolio the page showed."""

    words = _text("What it rests on", rows=3, help_text="A sentence. The recruit reads it, and the ledger keeps it.")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class DrawForm(forms.Form):
    """A plan of a sample; the share in per cent."""

    starts_on = DayField(
        label="First day of the period", error_messages={"required": "Enter a day, for example 1 4 2026."}
    )
    ends_on = DayField(
        label="Last day of the period", error_messages={"required": "Enter a day, for example 30 6 2026."}
    )
    share = forms.CharField(
        label="Share of each judge’s judgements, in per cent",
        required=False,
        initial="10",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "data-width": "4", "autocomplete": "off"}),
    )
    least = forms.CharField(
        label="At least so many of each",
        required=False,
        initial="2",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "data-width": "4", "autocomplete": "off"}),
    )
    seed = _line("Seed", help_text="Something nobody here could choose, such as the lottery numbers of a day.")

    def clean_share(self) -> int:
        return tenths_of_a_per_cent(self.cleaned_data["share"])

    def clean_least(self) -> int:
        text = self.cleaned_data["least"].strip() or "0"
        if not re.fullmatch(r"[0-9]{1,2}", text) or int(text) > MOST_LEAST:
            raise ValidationError(f"At least so many of each: a whole number from 0 to {MOST_LEAST}.")
        return int(text)


class ReadingForm(forms.Form):
    """Whether a quality assurer agrees with a judgement."""

    outcome = forms.ChoiceField(
        label="Do you agree with the judgement?",
        choices=PortfolioReading.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether you agree.", "invalid_choice": "Choose whether you agree."},
    )
    words = _text("Why, if you do not agree", help_text="The judge and the recruit read this. The item is judged anew.")


def _number(text: str) -> int:
    """Return a small number a page carried; 0 for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,5}", text) else 0
