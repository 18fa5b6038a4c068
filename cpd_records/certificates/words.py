"""Days, hours and numbers as certificates and the pages about them write them."""

from datetime import date

from django.conf import settings
from django.utils.formats import date_format

NO_END = "no end date"


def check_address(code: str) -> str:
    """Return the address at which anyone can check a code; the QR code holds it."""
    return f"{settings.SITE_ADDRESS}/verify/{code}/"


def how_address() -> str:
    """Return the address of the page that explains checking; a specimen's QR code holds it."""
    return f"{settings.SITE_ADDRESS}/verify/how-it-works/"


def day_in_words(day: date) -> str:
    return date_format(day, "j F Y")


def period_in_words(period: tuple[date, date]) -> str:
    """Return '1 January 2026 to 31 December 2026'."""
    return " to ".join(map(day_in_words, period))


def learning_in_words(minutes: int) -> str:
    """Return learning time as it is printed: '4 hours', '1 hour 30 minutes', '45 minutes'."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(f"{hours} hour{'s' if hours != 1 else ''}")
    if rest or not hours:
        parts.append(f"{rest} minute{'s' if rest != 1 else ''}")
    return " ".join(parts)


def grouped(number: int) -> str:
    """Return a number in groups of three with thin spaces that do not break: 90 412."""
    return f"{number:,}".replace(",", "\u202f")
