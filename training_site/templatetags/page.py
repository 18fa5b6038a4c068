"""Template tags every page may use without loading them. What each gives is shown in ``docs/front-end.md`` and at ``/style/``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from cpd_records.readiness.words import Cell
from training_site import form_renderer, icons, words
from training_site.navigation import ADDRESSES, Item, navigation_for
from training_site.states import look_of

register = template.Library()

MOST_SEGMENTS = 30


def _render(context: Context, component_name: str, /, **values: Any) -> SafeString:
    """Render a component with its own values and the request's token only."""
    component = context.template.engine.get_template(f"components/{component_name}.html")  # type: ignore[union-attr]
    values.setdefault("csrf_token", context.get("csrf_token"))
    return component.render(context.new(values))


@register.simple_tag(takes_context=True)
def filled(context: Context, name: str) -> SafeString:
    """What a page put into a block, so that the frame can ask whether there is anything and use it twice.

    The frame does not declare such a block in place; ``heading`` is the ``h1`` and the browser's title.
    """
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    if block is None:
        return SafeString("")
    with context.push():
        return SafeString(block.nodelist.render(context).strip())


# --- Shapes and states -----------------------------------------------------------------------------------------------
@register.simple_tag
def icon(name: str, word: str = "") -> SafeString:
    """The icon; ``word`` for screen readers, where no word stands beside it."""
    return icons.draw(name, word)


@register.simple_tag
def verdict(state: str, word: str = "", *, quiet: bool = False) -> SafeString:
    """A tag with shape, word and colour."""
    look = look_of(state)
    return format_html(
        '<span class="verdict {}tone-{}">{}<span>{}</span></span>',
        "verdict--quiet " if quiet else "",
        look.tone,
        icons.draw(look.icon) if look.icon else "",
        word or look.word,
    )


@register.simple_tag
def board_cells(cells: Iterable[Cell]) -> SafeString:
    """The cells of one person on the team board."""
    return mark_safe("".join(map(_board_cell, cells)))  # noqa: S308 - each is made of escaped parts


@lru_cache(maxsize=4096)
def _board_cell(cell: Cell) -> SafeString:
    """Return a cell: icon and short day for the eye, whole words for a screen reader and for a phone.

    Kept, since a board has hundreds of cells and most of them are alike.
    """
    if not cell.state:
        return format_html(
            '<td role="cell" data-label="{}" class="cell is-quiet"><span aria-hidden="true">–</span>'
            '<span class="govuk-visually-hidden">not required</span></td>',
            cell.column,
        )
    look = look_of(cell.state)
    return format_html(
        '<td role="cell" data-label="{}" class="cell cell--{}{}"><span class="cell__state tone-{}">{}'
        '<span class="cell__short" aria-hidden="true">{}</span><span class="cell__words">{}</span></span></td>',
        cell.column,
        cell.state,
        " is-quiet" if cell.is_quiet else "",
        look.tone,
        icons.draw("tick-bare" if cell.state == "in_date" else look.icon),
        cell.text,
        cell.words,
    )


@register.simple_tag
def save_state(state: str = "none", text: str = "") -> SafeString:
    """Where the page says whether an answer has arrived; scripts change ``data-save-state`` and the text."""
    return format_html(
        '<div class="save-state" data-save-state="{}">{}{}{}<span data-save-text>{}</span></div>',
        state,
        icons.draw("tick"),
        icons.draw("spinner"),
        icons.draw("warning"),
        text,
    )


# --- Parts of a page -------------------------------------------------------------------------------------------------
@register.simple_block_tag(takes_context=True)
def section(
    context: Context, content: str, heading: str, *, id: str = "", level: int = 2, rule: str = ""
) -> SafeString:
    """A rule, a heading and what belongs to it; ``rule`` is '', 'plain' or 'check'."""
    return _render(context, "section", content=content, heading=heading, id=id, level=level, rule=rule)


@register.simple_block_tag(takes_context=True)
def do_next(
    context: Context,
    content: str,
    heading: str,
    *,
    button: str = "",
    href: str = "",
    action: str = "",
    label: str = "Do next",
) -> SafeString:
    """The one warm thing on a page; ``action`` posts, ``href`` leads."""
    return _render(
        context, "do_next", content=content, heading=heading, button=button, href=href, action=action, label=label
    )


@register.simple_block_tag
def rows(content: str) -> SafeString:
    """A list of rows with hairlines."""
    return format_html('<ul class="rows">{}</ul>', content)


@register.simple_block_tag(takes_context=True)
def row(
    context: Context,
    content: str,
    title: str,
    *,
    href: str = "",
    detail: str = "",
    side: str = "",
    icon: str = "",
    icon_word: str = "",
    level: int = 3,
    short: bool = False,
) -> SafeString:
    """One row; ``side`` stands at the right, ``short`` keeps it there on a phone; the content stands under the detail."""
    return _render(
        context,
        "row",
        content=SafeString(content.strip()),
        title=title,
        href=href,
        detail=detail,
        side=side,
        icon=icons.draw(icon, icon_word) if icon else "",
        level=level,
        short=short,
    )


@register.simple_block_tag(takes_context=True)
def panel(
    context: Context, content: str, state: str, heading: str, *, level: int = 2, icon: bool = True, id: str = ""
) -> SafeString:
    """A tinted answer with a coloured edge."""
    look = look_of(state)
    drawn = icons.draw(look.icon) if icon and look.icon else ""
    return _render(context, "panel", content=content, tone=look.tone, icon=drawn, heading=heading, level=level, id=id)


@register.simple_block_tag(takes_context=True)
def notice(context: Context, content: str, state: str = "information", *, role: str = "") -> SafeString:
    """A paragraph or two with a coloured edge."""
    return _render(context, "notice", content=content, tone=look_of(state).tone, role=role)


@register.simple_block_tag(takes_context=True)
def timeline_entry(
    context: Context, content: str, *, day: str, title: str, icon: str = "tick", detail: str = "", level: int = 4
) -> SafeString:
    """One entry of a timeline; the content holds its links."""
    return _render(
        context,
        "timeline_entry",
        content=SafeString(content.strip()),
        day=day,
        title=title,
        icon=icons.draw(icon),
        detail=detail,
        level=level,
    )


@register.simple_block_tag(takes_context=True)
def button_form(
    context: Context,
    content: str,
    *,
    action: str,
    text: str,
    kind: str = "primary",
    prevent_double: bool = True,
    name: str = "",
    value: str = "",
) -> SafeString:
    """A form with one button that posts; the content holds hidden fields."""
    return _render(
        context,
        "button_form",
        content=content,
        action=action,
        text=text,
        kind=kind,
        prevent_double=prevent_double,
        name=name,
        value=value,
    )


# --- Lessons ---------------------------------------------------------------------------------------------------------
@register.simple_block_tag(takes_context=True)
def case(context: Context, content: str, title: str) -> SafeString:
    """A case study, on mist."""
    return _render(context, "case", content=content, title=title)


@register.simple_block_tag(takes_context=True)
def key_point(context: Context, content: str) -> SafeString:
    """A sentence to keep."""
    return _render(context, "key_point", content=content)


@register.simple_block_tag(takes_context=True)
def content_warning(context: Context, content: str, title: str, *, topic: str = "", level: int = 2) -> SafeString:
    """What is coming, by its name where it has one, before it comes."""
    heading = f"{title}: {topic}" if topic else title
    return _render(context, "content_warning", content=content, title=heading, level=level)


@register.simple_block_tag(takes_context=True)
def law(
    context: Context,
    content: str,
    title: str,
    *,
    href: str = "",
    link: str = "Read it on legislation.gov.uk",
    checked_on: date | None = None,
) -> SafeString:
    """Act and section, a paraphrase, the official text, and when somebody last looked."""
    return _render(context, "law", content=content, title=title, href=href, link=link, checked_on=checked_on)


# --- Figures ---------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def progress_segments(
    context: Context, *, done: int, total: int, noun: str = "steps", words: bool = True
) -> SafeString:
    """'14 of 19 steps done' and a segment for each, at most thirty; the first that is not done is the current one."""
    drawn = min(total, MOST_SEGMENTS)
    filled = done if drawn == total else done * drawn // total
    if 0 < done < total:
        filled = min(max(filled, 1), drawn - 1)
    kinds = ["done"] * filled + (["current"] if 0 < done < total else [])
    kinds += [""] * (drawn - len(kinds))
    return _render(context, "progress_segments", done=done, total=total, noun=noun, kinds=kinds, words=words)


@register.simple_tag(takes_context=True)
def bar_row(context: Context, label: str, *, minutes: int, most: int) -> SafeString:
    """A bar with its value written beside it; ``most`` is what the full length stands for."""
    percent = round(100 * minutes / most, 1) if most else 0
    return _render(context, "bar_row", label=label, minutes=minutes, percent=str(min(percent, 100)))


# --- Navigation ------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def navigation_items(context: Context) -> list[Item]:
    """The items of the person who reads the page."""
    request = context.get("request")
    if request is None or not hasattr(request, "user"):
        return []
    return navigation_for(request, context.get("navigation_current") or "")


@register.simple_tag
def address(key: str) -> str:
    """Where a part of the site begins: ``my-learning``, ``catalogue``, ``my-record``, ``log-cpd``, ``verify``, ``front-page``, …"""
    return ADDRESSES[key]


# --- Forms -----------------------------------------------------------------------------------------------------------
@register.simple_tag
def field_parts(field: forms.BoundField) -> form_renderer.FieldParts:
    """What ``templates/forms/field.html`` draws a field from."""
    return form_renderer.parts_of(field)


@register.simple_tag
def field(bound: forms.BoundField, *, label: str = "", hint: str | None = None, width: str = "") -> SafeString:
    """A field of somebody else's form in our words: the page gives label and hint."""
    bound.label = label or bound.label
    bound.help_text = bound.help_text if hint is None else hint
    if width:
        bound.field.widget.attrs["data-width"] = width
    return bound.as_field_group()


@register.simple_tag(takes_context=True)
def error_summary(context: Context, *of: Any) -> SafeString:
    """Every error of the forms (or formsets), each a link to its field; nothing where there is none."""
    problems = form_renderer.problems_of(of)
    return _render(context, "error_summary", problems=problems) if problems else SafeString("")


# --- Words and figures -----------------------------------------------------------------------------------------------
def _filter(name: str, function: Any) -> None:
    """Register a filter that answers '' for None and ''."""

    def filtered(value: Any) -> str:
        return "" if value is None or value == "" else function(value)

    register.filter(name, filtered)


_filter("hours", words.hours)
_filter("ledger_number", words.ledger_number)
_filter("in_words", words.in_words)
_filter("code_groups", words.code_groups)

DAY_PATTERNS = {
    "date_long": "j F Y",
    "date_short": "j M Y",
    "date_day": "j F",
    "weekday_date": "l j F Y",
    "clock": "H:i",
    "clock_seconds": "H:i:s",
}


def _day_filter(name: str, pattern: str) -> None:
    def filtered(value: date | datetime | None) -> str:
        return words.day_as(value, pattern) if value else ""

    register.filter(name, filtered)


for _name, _pattern in DAY_PATTERNS.items():
    _day_filter(_name, _pattern)


@register.filter
def first_lower(text: str) -> str:
    """Return words as they stand inside a sentence: without the capital they begin with, unless it begins an abbreviation."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def first_errors(errors: Sequence[str]) -> Sequence[str]:
    """A field shows its first error; the rest follow when that one is mended."""
    return list(errors)[:1]
