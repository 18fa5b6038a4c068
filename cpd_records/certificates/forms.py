"""The two ways to ask about a certificate."""

from django import forms

from cpd_records.certificates.files import LARGEST_ISSUED


class CodeForm(forms.Form):
    """The code as somebody types it; whether it leads anywhere is not the form's business."""

    code = forms.CharField(
        label="Code on the certificate",
        help_text="Twelve characters, for example 7KQ4 M2XD 9TRF. Spaces and small letters do not matter.",
        error_messages={"required": "Enter the code that stands under the square pattern on the certificate."},
        widget=forms.TextInput(
            attrs={"data-width": "20", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )


class FileForm(forms.Form):
    """The certificate itself."""

    file = forms.FileField(
        label="Certificate as a PDF file",
        help_text=f"Under {LARGEST_ISSUED >> 20} MB. We look at it once and do not keep it.",
        error_messages={
            "required": "Choose the PDF file of the certificate.",
            "empty": "This file is empty. Choose the PDF file of the certificate.",
            "missing": "Choose the PDF file of the certificate.",
            "invalid": "The file did not arrive. Choose it again.",
        },
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf", "data-drop": str(LARGEST_ISSUED)}),
    )
