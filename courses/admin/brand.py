"""The force's brand colour in the admin, as a style sheet of a few lines."""

import colorsys

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from people.force import force

# Links and main buttons, as on the learners' pages.
ACTION_COLOUR = "#1d4f9c"


@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """Return the admin's two colours: the force's own and the site's action blue; the rest of Wagtail's look is kept."""
    rules = ":root { " + _colour("primary", force().brand_colour) + _colour("secondary", ACTION_COLOUR) + "}\n"
    answer = HttpResponse(rules, content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=60"
    return answer


def _colour(name: str, colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    return (
        f"--w-color-{name}-hue: {hue * 360:.1f}; --w-color-{name}-saturation: {saturation * 100:.1f}%; "
        f"--w-color-{name}-lightness: {lightness * 100:.1f}%; "
    )
