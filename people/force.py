"""The force as pages and certificates show it, read once a minute from Wagtail's site settings. Reading never writes."""

from dataclasses import dataclass
from typing import Any

from wagtail.images.models import Filter
from wagtail.models import Site

from people.kept import kept
from people.models import ForceSettings
from people.models.force import FORCE_CACHE_KEY, LOGO_SIZE, days_in

CACHE_SECONDS = 60
# Another process than the one where the settings were changed shows them this much later at most.
MEMORY_SECONDS = 5


@dataclass(frozen=True)
class Force:
    """Names, looks and contacts of the force. ``logo_file`` is a name in storage, empty where there is none."""

    force_name: str
    service_name: str
    brand_colour: str
    show_chequer: bool
    logo_file: str
    logo_width: int
    logo_height: int
    signatory_name: str
    signatory_title: str
    contact_email: str
    support: tuple[str, ...]
    cpd_year_starts_month: int
    reminder_days: tuple[int, ...] = (90, 30, 7, 0)
    import_files_days: int = 30

    @property
    def logo_name(self) -> str:
        return self.logo_file.rsplit("/", 1)[-1]

    @property
    def logo_address(self) -> str:
        """Where a page finds the logo; empty where there is none."""
        return f"/branding/{self.logo_name}" if self.logo_file else ""


def force() -> Force:
    """Return the force's particulars; a change in the settings shows within a minute, at once where it was made."""
    return kept(FORCE_CACHE_KEY, _read, seconds=CACHE_SECONDS, in_memory=MEMORY_SECONDS)


def _read() -> Force:
    site = Site.objects.filter(is_default_site=True).first()
    settings = ForceSettings.for_site(site) if site else ForceSettings()
    logo = _as_shown(settings.logo) if settings.logo is not None else None
    return Force(
        force_name=settings.force_name,
        service_name=settings.service_name,
        brand_colour=settings.brand_colour,
        show_chequer=settings.show_chequer,
        logo_file=logo.file.name if logo else "",
        logo_width=logo.width if logo else 0,
        logo_height=logo.height if logo else 0,
        signatory_name=settings.signatory_name,
        signatory_title=settings.signatory_title,
        contact_email=settings.contact_email,
        support=tuple(line.strip() for line in settings.support.splitlines() if line.strip()),
        cpd_year_starts_month=settings.cpd_year_starts_month,
        reminder_days=days_in(settings.reminder_days),
        import_files_days=settings.import_files_days,
    )


def _as_shown(image: Any) -> Any:
    """Return the small copy of the logo, made when the settings were saved; the picture itself where that is gone since."""
    size = Filter(spec=LOGO_SIZE)
    return image.find_existing_renditions(size).get(size, image)
