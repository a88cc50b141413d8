"""A drawing as PDF, in vectors, and the types that every PDF of ours is set in.

The same drawing gives the same bytes: reportlab's `invariant` leaves the time and the random identifier out.
"""

import io
from pathlib import Path as FilePath
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from evaluation.reporting.drawing import Circle, Drawing, Line, Path, Rectangle, Text
from evaluation.reporting.looks import LOOKS, PALETTE, Look

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
_FONTS = FilePath(__file__).with_name("fonts")
_POINTS = 0.75  # a unit of the drawing is a CSS pixel


def register_fonts() -> None:
    """Make the types known to reportlab; its own have Latin letters only."""
    known = pdfmetrics.getRegisteredFontNames()
    for name in (REGULAR, BOLD):
        if name not in known:
            pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


def pdf_file(drawing: Drawing) -> bytes:
    """The drawing as one page of its own size."""
    register_fonts()
    stream = io.BytesIO()
    size = (drawing.width * _POINTS, drawing.height * _POINTS)
    canvas = Canvas(stream, pagesize=size, invariant=1, initialFontName=REGULAR)
    canvas.setTitle(drawing.title)
    canvas.setAuthor("Playoff")
    canvas.setSubject(drawing.description[:500])
    draw(canvas, drawing, scale=_POINTS)
    canvas.showPage()
    canvas.save()
    return stream.getvalue()


def draw(canvas: Any, drawing: Drawing, *, scale: float) -> None:
    """Paint the drawing with its lower left corner at the origin of the canvas."""
    canvas.saveState()
    canvas.scale(scale, scale)
    for shape in drawing.shapes:
        look = LOOKS[shape.role]
        canvas.saveState()
        fill, stroke = _brush(canvas, look)
        match shape:
            case Line():
                canvas.line(shape.x1, drawing.height - shape.y1, shape.x2, drawing.height - shape.y2)
            case Rectangle():
                bottom = drawing.height - shape.y - shape.height
                canvas.rect(shape.x, bottom, shape.width, shape.height, stroke=stroke, fill=fill)
            case Circle():
                canvas.circle(shape.x, drawing.height - shape.y, shape.radius, stroke=stroke, fill=fill)
            case Path():
                _trace(canvas, shape, drawing.height, stroke, fill)
            case Text():
                canvas.setFont(BOLD if look.bold else REGULAR, look.size * 0.92)  # DejaVu is wider than a page's type
                put = {"start": canvas.drawString, "middle": canvas.drawCentredString, "end": canvas.drawRightString}
                put[shape.anchor](shape.x, drawing.height - shape.y, shape.text)
        canvas.restoreState()
    canvas.restoreState()


def _brush(canvas: Any, look: Look) -> tuple[int, int]:
    if look.fill:
        canvas.setFillColor(HexColor(PALETTE[look.fill]))
        canvas.setFillAlpha(look.opacity)
    if look.stroke:
        canvas.setStrokeColor(HexColor(PALETTE[look.stroke]))
        canvas.setStrokeAlpha(look.opacity)
        canvas.setLineWidth(look.width)
        canvas.setDash(list(look.dash) if look.dash else [])
        canvas.setLineCap(1 if look.round else 0)
    return int(look.fill is not None), int(look.stroke is not None)


def _trace(canvas: Any, shape: Path, height: float, stroke: int, fill: int) -> None:
    path = canvas.beginPath()
    for number, (x, y) in enumerate(shape.points):
        (path.lineTo if number else path.moveTo)(x, height - y)
    if shape.closed:
        path.close()
    canvas.drawPath(path, stroke=stroke, fill=fill if shape.closed else 0)
