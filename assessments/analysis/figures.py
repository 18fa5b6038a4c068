"""Figures as others read them: the keys of the JSON that commands print, in the order a reader expects."""

from __future__ import annotations

from typing import Any

from assessments.analysis.items import ItemFigures, WholeFigures


def as_json(figures: WholeFigures) -> dict[str, Any]:
    """Return a test's figures: fractions, but mean, sd and standard error in marks; None where not defined."""
    return {
        "attempts": figures.candidates,
        "items": len(figures.items),
        "alpha": figures.alpha,
        "mean": figures.mean,
        "sd": figures.sd,
        "skewness": figures.skewness,
        "kurtosis": figures.kurtosis,
        "standard_error": figures.standard_error,
        "error_ratio": figures.error_ratio,
        "per_item": [item_as_json(item) for item in figures.items],
    }


def item_as_json(item: ItemFigures) -> dict[str, Any]:
    return {
        "item": item.name,
        "facility": item.facility,
        "sd": item.sd,
        "discrimination": item.discrimination,
        "discriminative_efficiency": item.discriminative_efficiency,
        "effective_weight": item.effective_weight,
        "alpha_if_deleted": item.alpha_if_deleted,
    }


def in_words(figure: float | None, places: int = 2) -> str:
    """Return a figure as people read it, with a true minus, or 'not defined'."""
    if figure is None:
        return "not defined"
    text = f"{figure:.{places}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def percent(share: float | None) -> str:
    return "not defined" if share is None else f"{share:.0%}"
