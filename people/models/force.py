"""What a force calls itself and looks like, kept in Wagtail's site settings."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from people.kept import forget

# Where ``people.force`` keeps what it read.
FORCE_CACHE_KEY = "people.force"
# The logo as pages and certificates show it: 40 px high, twice as large for sharp screens.
LOGO_SIZE = "max-200x80"
# A list of people is personal data that is on the record by now, so it is not kept for years beside it.
MOST_IMPORT_DAYS = 366

HEX_COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", "Write the colour as # and six digits, for example #10264d.")

# The header's white words on the brand colour, and headings in it on white (WCAG 1.4.6, the enhanced level).
LEAST_CONTRAST = 7.0


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of a colour (``#rrggbb``) with white, 1 to 21, as WCAG 2.2 defines it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 1.05 / (luminance + 0.05)


def days_in(text: str) -> tuple[int, ...]:
    """Return the days written in a text, the most first; empty where it is no list of days from 0 to 365."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdecimal() and int(part) <= 365 for part in parts):
        return ()
    return tuple(sorted({int(part) for part in parts}, reverse=True))


@register_setting(icon="cog")
class ForceSettings(BaseSiteSetting):
    """Force name, service name, logo, brand colour, chequer, certificate signatory, support contacts."""

    force_name = models.CharField(max_length=120, default="Example Police Service")
    service_name = models.CharField(max_length=120, default="Learning and record")
    brand_colour = models.CharField(max_length=7, default="#10264d", validators=[HEX_COLOUR])
    show_chequer = models.BooleanField(default=True)
    logo = models.ForeignKey("wagtailimages.Image", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    signatory_name = models.CharField(max_length=120, default="J. Demo")
    signatory_title = models.CharField(max_length=160, default="Head of Learning and Development")
    contact_email = models.EmailField(default="learning@force.example")
    support = models.TextField(
        blank=True,
        default="Your force wellbeing service\nSamaritans, 116 123, free, day and night",
        help_text="Where somebody upset by content finds support, a line each.",
    )
    cpd_year_starts_month = models.PositiveSmallIntegerField(default=4)
    reminder_days = models.CharField(
        max_length=60,
        default="90, 30, 7, 0",
        help_text="How many days before something ends we remind the officer and the supervisor; 0 is the day itself.",
    )
    import_files_days = models.PositiveSmallIntegerField(
        "days a list is kept",
        default=30,
        help_text="How many days after an import its file is deleted, with the names in its report. A local default, no national rule.",
    )

    panels = [
        MultiFieldPanel([FieldPanel("force_name"), FieldPanel("service_name"), FieldPanel("contact_email")], "Names"),
        MultiFieldPanel([FieldPanel("brand_colour"), FieldPanel("show_chequer"), FieldPanel("logo")], "Looks"),
        MultiFieldPanel([FieldPanel("signatory_name"), FieldPanel("signatory_title")], "Certificates"),
        MultiFieldPanel(
            [FieldPanel("support"), FieldPanel("cpd_year_starts_month"), FieldPanel("reminder_days")], "Learning"
        ),
        MultiFieldPanel([FieldPanel("import_files_days")], "Imports"),
    ]

    class Meta:
        verbose_name = "force"

    @classmethod
    def for_site(cls, site: Site | None) -> ForceSettings:
        """Return the site's settings; the standard ones, not saved, where nobody has set any. Wagtail's own would write a row."""
        if site is None:
            raise cls.DoesNotExist("There are no force settings without a site.")
        return cls.base_queryset().filter(site=site).first() or cls(site=site)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let the next page show it. The logo is made small here, so that no reader has to."""
        super().save(*args, **kwargs)
        if self.logo is not None:
            self.logo.get_rendition(LOGO_SIZE)
        forget(FORCE_CACHE_KEY)

    def clean(self) -> None:
        super().clean()
        if self.logo is not None and self.logo.file.name.lower().endswith(".svg"):
            raise ValidationError(
                {"logo": "A logo is a PNG, JPEG, GIF or WebP picture, because certificates carry it. Choose another."}
            )
        if self.cpd_year_starts_month is not None and not 1 <= self.cpd_year_starts_month <= 12:
            raise ValidationError({"cpd_year_starts_month": "Write the month as a number, 1 to 12."})
        if self.import_files_days is not None and not 1 <= self.import_files_days <= MOST_IMPORT_DAYS:
            raise ValidationError({"import_files_days": f"Write whole days, 1 to {MOST_IMPORT_DAYS}."})
        if not days_in(self.reminder_days):
            raise ValidationError(
                {"reminder_days": "Write whole days from 0 to 365 with commas, for example 90, 30, 7, 0."}
            )
        try:
            HEX_COLOUR(self.brand_colour)
        except ValidationError:
            return  # said already, at the field
        measured = contrast_with_white(self.brand_colour)
        if measured < LEAST_CONTRAST:
            raise ValidationError(
                {
                    "brand_colour": f"{self.brand_colour} has a contrast of {measured:.1f} to 1 on white; at least 7 to 1 is "
                    "needed for words to be read by everybody. Choose a darker colour."
                }
            )
