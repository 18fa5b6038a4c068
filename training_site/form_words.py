"""The words people have for what they typed: labels, legends and choices, read from the page on which the form stands.

They are read from the very HTML that people see, so every form has them without saying anything twice. The page is asked for in this
process, as the person who reads now: whoever may not see it gets no words of it, and nothing it might write is kept.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.contrib.messages.storage import default_storage
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db import transaction
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve

logger = logging.getLogger(__name__)

CHOSEN = frozenset({"radio", "checkbox"})
# Nothing somebody typed or chose: what the page says to the site, and what is pressed.
UNSEEN = frozenset({"hidden", "submit", "button", "image", "reset"})
# The key of a choice, a number, a digest, a moment: what stands in a field that the page does not show.
KEY = re.compile(r"[a-z0-9_:.+-]*|[0-9A-Fa-f-]{32,}|[0-9T:.+Z-]+")


@dataclass
class Control:
    """One input of a form. ``legend`` is the question of its group, ``label`` its own; a choice has its ``value``."""

    name: str
    kind: str
    value: str = ""
    label: str = ""
    legend: str = ""
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Typed:
    """A row of what was typed: the words before it (empty where the page has none), and what was typed or chosen."""

    label: str
    text: str


@dataclass
class Form:
    """A form of a page: where it goes, and its controls in order."""

    action: str
    is_post: bool
    controls: list[Control] = field(default_factory=list)

    def named(self, name: str) -> list[Control]:
        return [control for control in self.controls if control.name == name]


def form_on_page(request: HttpRequest, page: str, *, action: str, names: Iterable[str]) -> Form:
    """Return the form of a page of this site that goes to ``action``; one without controls where the page does not show it.

    ``page`` and ``action`` are addresses on this site; of several forms it is the one that has most of the fields ``names``.
    """
    forms = [one for one in forms_of(_html_of(request, page)) if one.is_post and _goes_to(one, page) == _path(action)]
    sent = set(names)
    return max(forms, key=lambda one: len(sent & {control.name for control in one.controls}), default=Form("", True))


def in_words(form: Form, fields: Iterable[tuple[str, str]]) -> list[Typed]:
    """Return what was sent in the form's own words, in the order it was sent; never the name of a field.

    What belongs to one question stands together. What the form does not show is left out, unless it reads like something written.
    """
    rows: list[Typed] = []
    for name, value in fields:
        row = _in_words(form.named(name), value) if value.strip() else None
        if row is None:
            continue
        if rows and row.label and rows[-1].label == row.label:
            row = Typed(row.label, f"{rows.pop().text}, {row.text}")
        rows.append(row)
    return rows


def label_of(form: Form, name: str) -> str:
    """Return the words before a field; empty where the form does not show it."""
    return next((control.legend or control.label for control in form.named(name)), "")


def _in_words(controls: list[Control], value: str) -> Typed | None:
    if not controls:
        return None if KEY.fullmatch(value.strip()) else Typed("", value)
    chosen = next(
        (control for control in controls if control.kind not in CHOSEN or control.value == value), controls[0]
    )
    if chosen.kind in UNSEEN:
        return None
    if chosen.kind in CHOSEN:
        return Typed(chosen.legend, chosen.label) if chosen.legend else Typed(chosen.label, "Yes")
    text = chosen.options.get(value, value)
    if chosen.legend:
        return Typed(chosen.legend, f"{chosen.label} {text}".strip())
    return Typed(chosen.label, text)


def forms_of(html: str) -> list[Form]:
    """Return the forms of a page with their controls and the words beside them."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    for form in reader.forms:
        for control in form.controls:
            control.label = control.label or reader.labels.get(reader.ids.get(id(control), ""), "")
    return reader.forms


def _goes_to(form: Form, page: str) -> str:
    return _path(urljoin(page, form.action)) if form.action else _path(page)


def _path(address: str) -> str:
    return urlsplit(address).path


def _html_of(request: HttpRequest, page: str) -> str:
    """Return the page as the reader of ``request`` would get it now; nothing where they would get another, or none."""
    if not page or not isinstance(request, WSGIRequest):
        return ""
    asked = _asking(request, page)
    try:
        match = resolve(asked.path_info)
        asked.resolver_match = match
        with transaction.atomic():
            answer = match.func(asked, *match.args, **match.kwargs)
            if not getattr(answer, "is_rendered", True):
                answer = answer.render()
            # Nobody has looked at it: not even that is recorded.
            transaction.set_rollback(True)
    except (Resolver404, Http404, PermissionDenied):
        return ""
    except Exception:
        # A page that fails must not take with it what somebody typed: it is shown without the page's words.
        logger.exception("The page of a kept form cannot be drawn")
        return ""
    is_page = (
        answer.status_code == 200 and not answer.streaming and "text/html" in answer.headers.get("Content-Type", "")
    )
    return answer.content.decode() if is_page else ""


def _asking(request: WSGIRequest, page: str) -> WSGIRequest:
    """Return a GET of the page by the same person in the same session; its messages are not the reader's."""
    parts = urlsplit(page)
    environ = {
        **request.environ,
        "REQUEST_METHOD": "GET",
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "CONTENT_LENGTH": "0",
        "CONTENT_TYPE": "",
        "wsgi.input": io.BytesIO(),
    }
    asked = WSGIRequest(environ)
    asked.session, asked.user = request.session, request.user
    asked._messages = default_storage(asked)  # type: ignore[attr-defined]
    return asked


class _Reader(HTMLParser):
    """Collects forms, controls, labels, legends and options in one pass."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.labels: dict[str, str] = {}
        self.ids: dict[int, str] = {}
        self._form: Form | None = None
        self._legends: list[str] = []
        self._words: list[str] | None = None
        self._label_for = ""
        self._labelled: list[Control] | None = None
        self._select: Control | None = None
        self._option = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has: dict[str, Any] = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(has.get("action", ""), has.get("method", "").lower() == "post")
            self.forms.append(self._form)
        elif tag == "fieldset":
            self._legends.append("")
        elif tag in {"legend", "label"}:
            self._words = []
            self._label_for = has.get("for", "")
            self._labelled = [] if tag == "label" else None
        elif tag == "option":
            self._words, self._option = [], has.get("value", "")
        elif tag in {"input", "textarea", "select", "button"}:
            self._control(tag, has)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "fieldset" and self._legends:
            self._legends.pop()
        elif tag == "select":
            self._select = None
        elif tag in {"legend", "label", "option"} and self._words is not None:
            text, self._words = " ".join("".join(self._words).split()), None
            if tag == "legend" and self._legends:
                self._legends[-1] = text
            elif tag == "option" and self._select is not None:
                self._select.options[self._option] = text
            elif tag == "label":
                self._label(text)

    def handle_data(self, data: str) -> None:
        if self._words is not None:
            self._words.append(data)

    def _label(self, text: str) -> None:
        if self._label_for:
            self.labels[self._label_for] = text
        for control in self._labelled or []:
            control.label = control.label or text
        self._labelled = None

    def _control(self, tag: str, has: dict[str, Any]) -> None:
        if self._form is None or not has.get("name"):
            return
        kind = has.get("type", "text" if tag == "input" else "submit").lower() if tag in {"input", "button"} else tag
        legend = next((words for words in reversed(self._legends) if words), "")
        control = Control(has["name"], kind, has.get("value", "on"), has.get("aria-label", ""), legend)
        self._form.controls.append(control)
        self.ids[id(control)] = has.get("id", "")
        if self._labelled is not None:
            self._labelled.append(control)
        if tag == "select":
            self._select = control
