"""Every Django form of ours in the design system's markup.

Django's widget templates, which Wagtail's admin shares, stay untouched: only ``{{ form }}`` and ``{{ field.as_field_group }}`` are
ours, and what they need to know of a field is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString


class GovukRenderer(TemplatesSetting):
    """Fields and forms render from ``templates/forms/``; Django's widget templates, which the admin shares, stay untouched."""

    form_template_name = "forms/form.html"
    formset_template_name = "forms/formset.html"
    field_template_name = "forms/field.html"


@dataclass(frozen=True)
class Choice:
    """One radio or checkbox, or a group heading with choices below it."""

    id: str = ""
    label: Any = ""
    tag: SafeString | str = ""
    heading: str = ""


@dataclass(frozen=True)
class Box:
    """One of the boxes of a date or a length."""

    id: str
    label: str
    tag: SafeString


@dataclass(frozen=True)
class FieldParts:
    """``kind`` names the template in ``forms/fields/``; ``first_id`` is where a link in the error summary leads."""

    kind: str
    first_id: str
    hint_id: str
    error_id: str
    described_by: str
    label_size: str = ""
    modifiers: str = ""
    control: SafeString | str = ""
    choices: list[Choice] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)


@dataclass(frozen=True)
class Problem:
    """A sentence, and the address of the field it is about ('' for the form as a whole)."""

    text: str
    target: str = ""


# Looks asked for by a form, and placeholders: a label that vanishes when one begins to type is no label.
OWN_ATTRIBUTES = ("data-width", "data-inline", "data-small", "data-label-size", "placeholder")


def kind_of(widget: forms.Widget) -> str:
    """Return which template draws the widget."""
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.MultiWidget) and hasattr(widget, "boxes"):
        return "boxes"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    return "control"


def parts_of(bound: forms.BoundField) -> FieldParts:
    """Return everything the field templates draw ``bound`` from."""
    widget = bound.field.widget
    kind = kind_of(widget)
    auto_id = str(bound.auto_id or bound.html_name)
    hint_id, error_id = f"{auto_id}_helptext", f"{auto_id}_error"
    described_by = " ".join(
        [hint_id] * bool(bound.help_text and bound.auto_id) + [error_id] * bool(bound.errors and bound.auto_id)
    )
    common: dict[str, Any] = {
        "kind": kind,
        "hint_id": hint_id,
        "error_id": error_id,
        "described_by": described_by,
        "label_size": str(widget.attrs.get("data-label-size", "")),
    }
    if kind in {"radios", "checkboxes"}:
        choices = _choices(bound, kind)
        modifiers = "".join(
            f" govuk-{kind}--{look}" for look in ("inline", "small") if widget.attrs.get(f"data-{look}") == "true"
        )
        first = next((choice.id for choice in choices if choice.id), auto_id)
        return FieldParts(first_id=first, choices=choices, modifiers=modifiers, **common)
    if kind == "boxes":
        boxes = _boxes(bound)
        return FieldParts(first_id=boxes[0].id, boxes=boxes, **common)
    if kind == "checkbox":
        small = " govuk-checkboxes--small" if widget.attrs.get("data-small") == "true" else ""
        control = _control(bound, "govuk-checkboxes__input", described_by)
        return FieldParts(first_id=bound.id_for_label, control=control, modifiers=small, **common)
    return FieldParts(
        first_id=str(bound.id_for_label or auto_id),
        control=_control(bound, _classes(bound, kind), described_by),
        **common,
    )


def problems_of(forms_or_formsets: Iterable[Any]) -> list[Problem]:
    """Return the errors of forms and formsets in the order of their fields; None among them is passed over."""
    problems: list[Problem] = []
    for item in forms_or_formsets:
        if isinstance(item, BaseFormSet):
            problems += [Problem(str(text)) for text in item.non_form_errors()] if item.is_bound else []
            problems += problems_of(item.forms)
        elif isinstance(item, forms.BaseForm) and item.is_bound:
            problems += [Problem(str(text)) for text in item.non_field_errors()]
            for bound in item:
                if bound.is_hidden:
                    problems += [Problem(str(text)) for text in bound.errors]
                else:
                    problems += [Problem(str(text), parts_of(bound).first_id) for text in list(bound.errors)[:1]]
    return problems


def _classes(bound: forms.BoundField, kind: str) -> str:
    widget = bound.field.widget
    if isinstance(widget, forms.Textarea):
        name = "govuk-textarea"
    elif isinstance(widget, forms.Select):
        name = "govuk-select"
    elif isinstance(widget, forms.FileInput):
        name = "govuk-file-upload"
    else:
        name = "govuk-input"
    classes = [name]
    if kind == "password":
        classes.append("govuk-password-input__input")
    if bound.errors:
        classes.append(f"{name}--error")
    width = widget.attrs.get("data-width")
    if width and name == "govuk-input":
        classes.append(f"govuk-input--width-{width}")
    return " ".join(classes)


def _control(bound: forms.BoundField, classes: str, described_by: str) -> SafeString:
    """Draw the widget with Django's own template, our classes added and our own attributes left out."""
    widget = bound.field.widget
    attrs: dict[str, str | bool] = {"class": f"{widget.attrs.get('class', '')} {classes}".strip()}
    if described_by and not widget.attrs.get("aria-describedby"):
        attrs["aria-describedby"] = described_by
    own: tuple[str, ...] = OWN_ATTRIBUTES
    if isinstance(widget, forms.NumberInput):
        # A number box of the browser's throws away what is no number; a text box keeps what was typed.
        widget.input_type = "text"
        widget.attrs.setdefault("inputmode", "numeric")
        own = (*OWN_ATTRIBUTES, "min", "max", "step")
    kept = widget.attrs
    widget.attrs = {name: value for name, value in kept.items() if name not in own}
    try:
        return bound.as_widget(attrs=attrs)
    finally:
        widget.attrs = kept


def _choices(bound: forms.BoundField, kind: str) -> list[Choice]:
    """Return the choices with their inputs drawn; groups give a heading each."""
    drawn: list[Choice] = []
    group = ""
    for item in bound.subwidgets:
        data = item.data
        data["attrs"] = {name: value for name, value in data["attrs"].items() if name not in OWN_ATTRIBUTES}
        data["attrs"]["class"] = f"govuk-{kind}__input"
        data["attrs"].pop("aria-describedby", None)
        data["attrs"].pop("required", None)
        heading = _group_of(bound, data["value"])
        if heading != group:
            group = heading
            drawn.append(Choice(heading=heading))
        drawn.append(Choice(id=str(item.id_for_label), label=item.choice_label, tag=item.tag()))
    return drawn


def _group_of(bound: forms.BoundField, value: Any) -> str:
    for name, options in bound.field.widget.choices:  # type: ignore[attr-defined]
        if isinstance(options, list | tuple) and any(str(key) == str(value) for key, _ in options):
            return str(name)
    return ""


def _boxes(bound: forms.BoundField) -> list[Box]:
    """Return the text boxes of a date or a length, each with its label; one error marks them all."""
    context = bound.field.widget.get_context(bound.html_name, bound.value(), {"id": bound.auto_id})
    renderer = bound.form.renderer
    boxes = []
    for data, (_, label, width) in zip(
        context["widget"]["subwidgets"],
        bound.field.widget.boxes,  # type: ignore[attr-defined]
        strict=True,
    ):
        classes = f"govuk-input govuk-date-input__input govuk-input--width-{width}"
        if bound.errors:
            classes += " govuk-input--error"
        attrs = {name: value for name, value in data["attrs"].items() if name not in (*OWN_ATTRIBUTES, "required")}
        data["attrs"] = attrs | {"class": classes} | ({"aria-invalid": "true"} if bound.errors else {})
        tag = SafeString(renderer.render(data["template_name"], {"widget": data}))
        boxes.append(Box(id=str(attrs["id"]), label=label, tag=tag))
    return boxes
