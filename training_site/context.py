"""What every page needs: the force's name and looks, and the navigation of the person who reads it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from people.force import force
from people.models import ForceSettings

STANDARD_COLOUR = str(ForceSettings._meta.get_field("brand_colour").default)


def site_context(request: HttpRequest) -> dict[str, Any]:
    """Return ``force`` (a ``people.force.Force``) and ``theme_address`` ('' where the force keeps the standard colour)."""
    return {"force": SimpleLazyObject(force), "theme_address": SimpleLazyObject(_theme_address)}


def _theme_address() -> str:
    colour = force().brand_colour.lower()
    return "" if colour == STANDARD_COLOUR else f"{reverse('theme')}?colour={colour[1:]}"
