"""Figures of an analysis as a page shows them."""

from __future__ import annotations

from django import template

from assessments.analysis.figures import in_words, percent

register = template.Library()
register.filter("figure", in_words)
register.filter("percent", percent)
