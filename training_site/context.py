"""What every page needs: the force's name and looks, and the navigation of the person who reads it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from people import sessions
from people.force import force
from people.models import ForceSettings

STANDARD_COLOUR = str(ForceSettings._meta.get_field("brand_colour").default)


def site_context(request: HttpRequest) -> dict[str, Any]:
    """Return ``force`` (a ``people.force.Force``), ``theme_address`` ('' where the force keeps the standard colour) and ``session_end``.

    ``session_end`` is called by the template that asks for it and is None for strangers.
    """
    return {
        "force": SimpleLazyObject(force),
        "theme_address": SimpleLazyObject(_theme_address),
        "session_end": partial(sessions.end_of, request),
    }


def _theme_address() -> str:
    colour = force().brand_colour.lower()
    return "" if colour == STANDARD_COLOUR else f"{reverse('theme')}?colour={colour[1:]}"
