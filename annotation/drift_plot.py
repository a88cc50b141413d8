"""Where the steps of a small drawing of one annotator's agreement over time stand. Core: no Django."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 160.0, 48.0, 4.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A window of labels: its place, and what a reader is told about it."""

    x: float
    y: float
    first: int
    last: int
    agreement: float


@dataclass(frozen=True, slots=True)
class DriftPlot:
    """One dot per window on a scale from no agreement, below, to full agreement, above; `line` joins them."""

    width: float
    height: float
    dots: tuple[Dot, ...]
    line: str

    @property
    def last(self) -> Dot:
        return self.dots[-1]


def drift_plot(windows: Sequence[tuple[int, int, float]]) -> DriftPlot | None:
    """Lay out windows (first label, last label, agreement between 0 and 1) in their order; None below two.

    Each dot stands at the middle of its window, so that windows of different lengths keep their distances.
    """
    if len(windows) < 2:
        return None
    labels = windows[-1][1]
    dots = tuple(
        Dot(
            x=round(EDGE + (first + last - 1) / 2 / labels * (WIDTH - 2 * EDGE), 2),
            y=round(EDGE + (1 - agreement) * (HEIGHT - 2 * EDGE), 2),
            first=first,
            last=last,
            agreement=agreement,
        )
        for first, last, agreement in windows
    )
    return DriftPlot(WIDTH, HEIGHT, dots, " ".join(f"{dot.x:g},{dot.y:g}" for dot in dots))
