"""The forms on a page, read as a browser reads them, filled in and sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from tests.permissions.acts import act_for
from tests.permissions.asking import World
from tests.permissions.matrix import rows

TOKEN = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class PageForm:
    """A form: where it is sent, what stands in it. ``typed`` names fields somebody types into, ``secret`` those never shown again."""

    page: str
    action: str
    values: dict[str, Any] = field(hash=False)
    typed: tuple[str, ...]
    hidden: tuple[str, ...]
    secret: tuple[str, ...]
    files: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]

    def sent(self, **more: Any) -> dict[str, Any]:
        """Return what is sent when the first button is pressed with ``more`` typed."""
        return {**self.values, **dict(self.buttons[:1]), **more}


def forms_of(html: str, page: str) -> list[PageForm]:
    """Return the forms of a page that are posted."""
    reader = _Reader()
    reader.feed(html)
    return [
        _form(known, controls, page) for known, controls in reader.forms if known.get("method", "").lower() == "post"
    ]


class _Reader(HTMLParser):
    """Collects forms with their controls in order: (tag, attributes), where a text area and a select carry what they hold as ``value``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[tuple[dict[str, str], list[tuple[str, dict[str, str]]]]] = []
        self.is_inside = False
        self.text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((known, []))
            self.is_inside = True
        elif self.is_inside and tag in {"input", "button", "textarea", "select"}:
            self.forms[-1][1].append((tag, known))
            self.text = [] if tag == "textarea" else None
        elif self.is_inside and tag == "option" and self.forms[-1][1]:
            holder = self.forms[-1][1][-1][1]
            if "selected" in known or "value" not in holder:
                holder["value"] = known.get("value", "")

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.text is not None:
            # A browser leaves out the line end that begins a text area.
            self.forms[-1][1][-1][1]["value"] = "".join(self.text).removeprefix("\n")
            self.text = None
        elif tag == "form":
            self.is_inside = False


def _form(known: dict[str, str], controls: list[tuple[str, dict[str, str]]], page: str) -> PageForm:
    values: dict[str, Any] = {}
    kinds: dict[str, list[str]] = {kind: [] for kind in ("typed", "hidden", "secret", "files")}
    buttons = []
    for tag, control in controls:
        name, kind = control.get("name", ""), control.get("type", "text").lower()
        if not name or name == TOKEN or "disabled" in control or "__prefix__" in name:
            continue
        if tag == "button" or kind in {"submit", "button"}:
            buttons.append((name, control.get("value", "")))
        elif kind in {"radio", "checkbox"}:
            if "checked" in control or (kind == "radio" and name not in values):
                values[name] = control.get("value", "on")
        elif kind == "file":
            kinds["files"].append(name)
        else:
            values[name] = control.get("value", "")
            if tag != "select":
                kinds["hidden" if kind == "hidden" else "typed"].append(name)
            if kind == "password":
                kinds["secret"].append(name)
    if {"slug", "point"} <= set(values):
        # The blocks of a lesson are drawn by a script, which also counts them.
        values["body-count"] = "0"
    action = urljoin(page, known.get("action") or page).split("#")[0]
    return PageForm(
        page, action, values, **{kind: tuple(names) for kind, names in kinds.items()}, buttons=tuple(buttons)
    )


# Pages that show another form to another person than the one who reads most of them.
ALSO_READ = (
    ("Reviewer", "/admin/course-reviews/<list>/"),
    ("Approver", "/admin/courses/<course id>/review-dates/"),
    ("Owner", "/catalogue/<changed course>/"),
    ("Owner", "/catalogue/<replaced course>/"),
    ("Learner", "/catalogue/<new course>/"),
    ("Owner", "/cpd/<handed in>/"),
)


@dataclass(frozen=True)
class FoundForm:
    """A form, who found it, and what a page of ours would send where the matrix has a row for that."""

    person: str
    form: PageForm
    act: dict[str, Any] = field(hash=False)

    def __str__(self) -> str:
        return f"{self.person} on {self.form.page}, sending {self.form.action}"

    @property
    def is_wagtails(self) -> bool:
        return self.form.action.startswith("/admin/") and not self.form.action.startswith(OURS_IN_ADMIN)


OURS_IN_ADMIN = ("/admin/course", "/admin/class-lists", "/admin/people-roles", "/admin/assessments", "/admin/users")


def every_form(world: World) -> list[FoundForm]:
    """Return every posted form of the pages of the matrix, each address and set of fields once."""
    acts = {world.address(row.address): act_for(row.what) for row in rows() if row.method == "POST"}
    places = [(row.reader, row.address) for row in rows() if row.method == "GET" and "yes" in dict(row.asked).values()]
    found: dict[tuple[str, tuple[str, ...]], FoundForm] = {}
    for person, pattern in (*places, *ALSO_READ):
        page = world.address(pattern)
        response = world.ask(person, "GET", page).response
        if response.status_code == 200 and "html" in response.headers.get("Content-Type", ""):
            for form in forms_of(response.content.decode(), page):  # type: ignore[attr-defined]
                act = acts[form.action].data(world) if form.action in acts else {}
                if not isinstance(act, dict) or not set(act) & set(form.typed):
                    act = {}  # sent by another form of that page
                key = (form.action, (*sorted(form.values), *form.files))
                found.setdefault(key, FoundForm(person, form, act))
    return list(found.values())
