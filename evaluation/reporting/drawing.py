"""A plot as primitives: what stands where, and in which role. How a role looks is in `looks.py`."""

from dataclasses import dataclass
from typing import Literal

Anchor = Literal["start", "middle", "end"]
_WIDE = frozenset("MWmw@%ШЩЖЮФМшщжюфм—…")
_NARROW = frozenset("iljtfrI.,:;'|!()[] ")


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    role: str


@dataclass(frozen=True, slots=True)
class Rectangle:
    x: float
    y: float
    width: float
    height: float
    role: str


@dataclass(frozen=True, slots=True)
class Circle:
    x: float
    y: float
    radius: float
    role: str


@dataclass(frozen=True, slots=True)
class Path:
    """Points joined by straight lines; `closed` makes an area of them."""

    points: tuple[tuple[float, float], ...]
    role: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text whose baseline is at `y`."""

    x: float
    y: float
    text: str
    role: str
    anchor: Anchor = "start"


Shape = Line | Rectangle | Circle | Path | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """A plot.

    Attributes:
        width: in units of the drawing; the origin is the upper left corner and y grows downwards.
        height: likewise.
        title: what it shows, in one line.
        description: its figures in words, for those who do not see it.
        shapes: in the order in which they are painted.
    """

    width: float
    height: float
    title: str
    description: str
    shapes: tuple[Shape, ...]


def text_width(text: str, size: float) -> float:
    """A width that the text will hardly exceed in a sans-serif type of this size; no font is asked."""
    return size * sum(_width(character) for character in text)


def fitting(text: str, width: float, size: float) -> str:
    """The text in one line, cut with an ellipsis where it would be wider."""
    line = " ".join(text.split())
    if text_width(line, size) <= width:
        return line
    while line and text_width(line + "…", size) > width:
        line = line[:-1]
    return line.rstrip() + "…"


def _width(character: str) -> float:
    if character in _WIDE or ord(character) >= 0x1100:
        return 1.0
    return 0.4 if character in _NARROW else 0.64
