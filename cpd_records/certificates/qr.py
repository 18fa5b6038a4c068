"""The QR code of a certificate: 30 mm wide, with a clear margin of four modules, as one tagged figure."""

from __future__ import annotations

import segno
from django.utils.html import format_html
from django.utils.safestring import SafeString

MILLIMETRES = 30.0
MARGIN_MODULES = 4
# A row is drawn as strokes, two commands for each run. Rows overlap by a hair, so that no viewer shows seams between them.
_ROW_HEIGHT = 1.02


def qr_code(address: str) -> segno.QRCode:
    """Return the symbol for an address; error correction M or better."""
    return segno.make_qr(address, error="m", boost_error=True)


def qr_drawing(address: str, colour: str) -> SafeString:
    """Return the symbol as inline SVG. The margin is part of the drawing, which is moved left so that the symbol aligns."""
    matrix = [bytes(row) for row in qr_code(address).matrix]
    modules = len(matrix)
    millimetres_a_module = MILLIMETRES / modules
    margin = MARGIN_MODULES * millimetres_a_module
    whole = modules + 2 * MARGIN_MODULES
    runs = []
    for y, row in enumerate(matrix, start=MARGIN_MODULES):
        x = 0
        while x < modules:
            if not row[x]:
                x += 1
                continue
            start = x
            while x < modules and row[x]:
                x += 1
            runs.append(f"M{start + MARGIN_MODULES} {y}.5h{x - start}")
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {whole} {whole}" '
        'style="width: {width}mm; height: {width}mm; margin-left: -{margin}mm">'
        "<title>QR code that leads to {address}</title>"
        '<path fill="none" stroke="{colour}" stroke-width="{row_height}" d="{path}"/></svg>',
        whole=whole,
        width=f"{whole * millimetres_a_module:.3f}",
        margin=f"{margin:.3f}",
        address=address,
        colour=colour,
        row_height=_ROW_HEIGHT,
        path="".join(runs),
    )
