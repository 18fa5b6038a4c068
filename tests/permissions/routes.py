"""Walking the resolver: every route there is, and whose view answers at it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import get_resolver
from django.urls.resolvers import URLPattern


def module_of(view: Callable[..., Any]) -> str:
    """Return where a view is defined, whatever was wrapped around it."""
    view = inspect.unwrap(view)
    return str(getattr(getattr(view, "view_class", view), "__module__", ""))


def routes(patterns: Any = None, beginning: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    """Walk the resolver: every route, written as ``resolve`` writes it, with its view."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        own = str(pattern.pattern)
        route = beginning + own.removeprefix("^") if beginning else own
        if isinstance(pattern, URLPattern):
            yield route, pattern.callback
        else:
            yield from routes(pattern.url_patterns, route)
