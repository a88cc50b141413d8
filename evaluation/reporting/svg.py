"""A drawing as SVG: for files with its colours in it, for pages with classes, so that a dark page has a dark plot."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from evaluation.reporting.drawing import Circle, Drawing, Line, Path, Rectangle, Shape, Text
from evaluation.reporting.looks import LOOKS, PALETTE, Look

FONTS = "'DejaVu Sans', 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def svg_file(drawing: Drawing) -> str:
    """The drawing as a file of its own, on white."""
    size = f'width="{_n(drawing.width)}" height="{_n(drawing.height)}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" '
        f'role="img" font-family="{FONTS}">',
        f"<title>{_text(drawing.title)}</title>",
        f"<desc>{_text(drawing.description)}</desc>",
        f'<rect width="100%" height="100%" fill="{PALETTE["surface"]}"/>',
        *(_shape(shape, _attributes(LOOKS[shape.role], shape)) for shape in drawing.shapes),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def svg_page(drawing: Drawing, name: str) -> str:
    """The drawing for a page that has `plots.css`.

    Args:
        drawing: what to show.
        name: unique on the page; the ids of title and description start with it.
    """
    lines = [
        f'<svg class="plot" viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" role="img" '
        f"aria-labelledby={quoteattr(f'{name}-title {name}-desc')}>",
        f"<title id={quoteattr(f'{name}-title')}>{_text(drawing.title)}</title>",
        f"<desc id={quoteattr(f'{name}-desc')}>{_text(drawing.description)}</desc>",
        *(_shape(shape, f' class="plot-{shape.role}"') for shape in drawing.shapes),
        "</svg>",
    ]
    return "\n".join(lines)


def _shape(shape: Shape, look: str) -> str:
    match shape:
        case Line():
            ends = f'x1="{_n(shape.x1)}" y1="{_n(shape.y1)}" x2="{_n(shape.x2)}" y2="{_n(shape.y2)}"'
            return f"<line{look} {ends}/>"
        case Rectangle():
            box = f'x="{_n(shape.x)}" y="{_n(shape.y)}" width="{_n(shape.width)}" height="{_n(shape.height)}"'
            return f"<rect{look} {box}/>"
        case Circle():
            return f'<circle{look} cx="{_n(shape.x)}" cy="{_n(shape.y)}" r="{_n(shape.radius)}"/>'
        case Path():
            points = " ".join(f"{_n(x)},{_n(y)}" for x, y in shape.points)
            return f'<{"polygon" if shape.closed else "polyline"}{look} points="{points}"/>'
        case Text():
            at = f'x="{_n(shape.x)}" y="{_n(shape.y)}" text-anchor="{shape.anchor}"'
            return f"<text{look} {at}>{_text(shape.text)}</text>"


def _attributes(look: Look, shape: Shape) -> str:
    return "".join(f' {name}="{value}"' for name, value in _painted(look, text=isinstance(shape, Text)))


def _painted(look: Look, *, text: bool) -> Iterator[tuple[str, str]]:
    yield "fill", PALETTE[look.fill] if look.fill else "none"
    if look.stroke:
        yield "stroke", PALETTE[look.stroke]
        yield "stroke-width", f"{look.width:g}"
    if look.dash:
        yield "stroke-dasharray", " ".join(f"{part:g}" for part in look.dash)
    if look.round:
        yield "stroke-linecap", "round"
    if look.opacity != 1.0:
        yield "opacity", f"{look.opacity:g}"
    if text:
        yield "font-size", f"{look.size:g}"
        if look.bold:
            yield "font-weight", "600"


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))


def _n(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}".rstrip("0").rstrip(".")
