"""Answering a form with what a rule refused: the sentence beside the field it is about, and all that was typed stays."""

from __future__ import annotations

from collections.abc import Mapping

from django import forms


def answer_refusal(form: forms.BaseForm, refused: Exception, *, fields: Mapping[str, str] | None = None) -> None:
    """Put a refusal's sentence on the form: beside the field it names where the form has it, else above all.

    A refusal is an exception whose words are for the person; its ``field``, where it has one, is a name of the rule. ``fields`` says
    what the form calls it where that differs.
    """
    named = getattr(refused, "field", "")
    field = (fields or {}).get(named, named)
    form.add_error(field if field in form.fields else None, str(refused))
