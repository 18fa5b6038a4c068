"""Cells that a spreadsheet would take for a formula: marked when a CSV file is written, unmarked when it is read again.

A cell that begins with ``= + - @`` (also in their wide forms, after spaces or after marks), a tab or a line break is written with an
apostrophe before it, which spreadsheets show as text. Reading takes exactly that apostrophe away, so a file written here and read again
says the same.
"""

import re

_LOOKS_LIKE_A_FORMULA = re.compile(r"'*[\t\r\n]|['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]")
MARK = "'"


def harmless(text: str) -> str:
    """Return the text as a cell of a CSV file that no spreadsheet evaluates."""
    return MARK + text if _LOOKS_LIKE_A_FORMULA.match(text) else text


def unmarked(cell: str) -> str:
    """Return what ``harmless`` was given; any other cell as it is."""
    return cell[1:] if cell.startswith(MARK) and _LOOKS_LIKE_A_FORMULA.match(cell, 1) else cell
