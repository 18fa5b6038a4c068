"""Icons on a grid of 20, drawn inline. The shape carries the meaning; there is none without one."""

from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_RING = '<circle cx="10" cy="10" r="7.5"{}/>'
_MARK = '<path class="icon__cut" d="M10 5.8v5.4M10 13v1.9"/>'

SHAPES: dict[str, str] = {
    # in date, saved, passed
    "tick": '<circle class="icon__solid" cx="10" cy="10" r="8.5"/><path class="icon__cut" d="M6 10.2l2.9 2.9L14 7.4"/>',
    "tick-bare": '<path d="M3.5 10.5l4.3 4.3 8.7-9.6"/>',
    # due
    "clock": _RING.format("") + '<path d="M10 5.5V10l3 2"/>',
    # in grace
    "hourglass": '<path d="M4.5 2.8h11M4.5 17.2h11M6 3v2.6L10 10l4-4.4V3M6 17v-2.6L10 10l4 4.4V17"/>',
    # expired, no
    "octagon": (
        '<path class="icon__solid" d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z"/>'
        '<path class="icon__cut" d="M7 7l6 6M13 7l-6 6"/>'
    ),
    # never held, unknown
    "dashed-ring": _RING.format(' stroke-dasharray="2.7 2.01"'),
    # exempt
    "bar": '<path d="M3.5 10h13"/>',
    # excepted, superseded
    "diamond": '<path class="icon__solid" d="M10 .8L19.2 10 10 19.2.8 10z"/>' + _MARK,
    # restricted, corrected
    "square": '<path d="M2.5 2.5h15v15h-15zM6.2 10h7.6"/>',
    # started
    "half-disc": _RING.format("") + '<path class="icon__solid" d="M10 2.5a7.5 7.5 0 0 1 0 15z"/>',
    # not started
    "ring": _RING.format(""),
    # not open
    "padlock": (
        '<path class="icon__solid" d="M4.2 8.8h11.6a.8.8 0 0 1 .8.8v8H3.4v-8a.8.8 0 0 1 .8-.8z"/>'
        '<path d="M6.4 9V6.3a3.6 3.6 0 0 1 7.2 0V9"/>'
    ),
    # not saved
    "warning": '<path class="icon__solid" d="M10 1.2L19.6 18H.4z"/><path class="icon__cut" d="M10 6.8v5.4M10 14v1.9"/>',
    "document": '<path d="M4 2h7.5L16 6.500V18H4zM7 10.500h6M7 14h6"/>',
    "eye": (
        '<path d="M1.5 10S4.8 4.8 10 4.8 18.5 10 18.5 10 15.2 15.2 10 15.2 1.5 10 1.5 10z"/>'
        '<circle class="icon__solid" cx="10" cy="10" r="2.4"/>'
    ),
    # the mark of a force that has not set a logo
    "shield": '<path d="M10 1.300l7.2 2.500v5.700c0 4.5-2.9 7.5-7.2 9.2-4.3-1.7-7.2-4.7-7.2-9.200V3.800z"/>'
    '<path d="M6.6 10l2.5 2.5 4.4-4.7"/>',
    "spinner": '<path d="M14.5 4A7.5 7.5 0 1 1 10 2.5"/>',
}


@lru_cache(maxsize=256)
def draw(name: str, word: str = "") -> SafeString:
    """Return the inline SVG of an icon; ``word`` is added for screen readers only. Raises KeyError for an unknown name."""
    svg = mark_safe(  # noqa: S308 - our own constants
        f'<svg class="icon icon--{name}" viewBox="0 0 20 20" aria-hidden="true" focusable="false">{SHAPES[name]}</svg>'
    )
    if not word:
        return svg
    return format_html('{}<span class="govuk-visually-hidden">{}</span>', svg, word)
