"""The two pictures of a model card, as SVG of our own: reliability diagram and learning curve."""

from collections.abc import Callable, Sequence
from html import escape

from annotation.classifier.evidence import ReliabilityBin
from annotation.classifier.learning_curve import Curve

WIDTH, HEIGHT = 560.0, 380.0
LEFT, RIGHT, TOP, BOTTOM = 64.0, 20.0, 34.0, 52.0
INK, FAINT, ONE, OTHER = "#1f2933", "#c3cad3", "#1d6fb8", "#b4451f"
Place = Callable[[float], float]


def reliability_drawing(bins: Sequence[ReliabilityBin]) -> str:
    """Alpha against the share of queries that are personalised; dots sized by their queries, Wilson's intervals."""
    x, y = _scale(0, 1, LEFT, WIDTH - RIGHT), _scale(0, 1, HEIGHT - BOTTOM, TOP)
    most = max((one.queries for one in bins), default=0) or 1
    parts = [*_axes(x, y, [0, 0.25, 0.5, 0.75, 1], [0, 0.25, 0.5, 0.75, 1], "alpha, as told", "share personalised")]
    parts.append(_line([(x(0), y(0)), (x(1), y(1))], FAINT, dashed=True))
    for one in bins:
        if one.alpha is None or one.share_ci is None:
            continue
        share = one.personalised / one.queries
        at = x(one.alpha)
        parts.append(_line([(at, y(one.share_ci[0])), (at, y(one.share_ci[1]))], ONE))
        words = f"{one.queries} queries, alpha {one.alpha:.2f}, {one.personalised} personalised"
        radius = 3 + 7 * (one.queries / most) ** 0.5
        parts.append(
            f'<circle cx="{at:.1f}" cy="{y(share):.1f}" r="{radius:.1f}" fill="{ONE}"><title>{words}</title></circle>'
        )
    total = sum(one.queries for one in bins)
    return _svg(f"Reliability of alpha on {total} test queries", parts)


def curve_drawing(curve: Curve) -> str:
    """Macro-F1 of both targets by the number of labels, with 95 % intervals."""
    labels = [point.labels for point in curve.points]
    x = _scale(0, labels[-1], LEFT, WIDTH - RIGHT)
    lines = (
        ("personalised or not", ONE, [point.binary_macro_f1 for point in curve.points]),
        ("19 categories", OTHER, [point.category_macro_f1 for point in curve.points]),
    )
    lowest = min(figure.ci[0] for _, _, figures in lines for figure in figures)
    floor = int(lowest * 10) / 10
    y = _scale(floor, 1, HEIGHT - BOTTOM, TOP)
    ticks = [floor + (1 - floor) * part / 4 for part in range(5)]
    parts = [*_axes(x, y, [0, *labels], ticks, "labels learned from", "macro-F1")]
    for number, (name, colour, figures) in enumerate(lines):
        parts.append(_line([(x(n), y(one.value)) for n, one in zip(labels, figures, strict=True)], colour))
        for n, one in zip(labels, figures, strict=True):
            parts.append(_line([(x(n), y(one.ci[0])), (x(n), y(one.ci[1]))], colour))
            words = f"{name}, {n} labels: {one.value:.3f} ({one.ci[0]:.3f} to {one.ci[1]:.3f})"
            parts.append(
                f'<circle cx="{x(n):.1f}" cy="{y(one.value):.1f}" r="4" fill="{colour}"><title>{words}</title></circle>'
            )
        parts.append(_text(LEFT + 12, TOP + 16 + 18 * number, name, colour=colour))
    return _svg("Learning curve", parts)


def _svg(title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(title)}" font-family="sans-serif" font-size="13">\n'
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#ffffff"/>\n'
        + "\n".join([_text(LEFT, 20, title), *parts])
        + "\n</svg>\n"
    )


def _axes(
    x: Place, y: Place, x_ticks: Sequence[float], y_ticks: Sequence[float], x_name: str, y_name: str
) -> list[str]:
    parts = []
    for tick in y_ticks:
        parts.append(_line([(LEFT, y(tick)), (WIDTH - RIGHT, y(tick))], "#e6e9ee"))
        parts.append(_text(LEFT - 8, y(tick) + 4, f"{tick:.2f}", anchor="end"))
    last = -1e9
    for tick in x_ticks:
        if x(tick) - last < 34:  # labels would run into each other
            continue
        last = x(tick)
        parts.append(_text(last, HEIGHT - BOTTOM + 18, f"{tick:g}", anchor="middle"))
    parts.append(_line([(LEFT, TOP), (LEFT, HEIGHT - BOTTOM), (WIDTH - RIGHT, HEIGHT - BOTTOM)], INK))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_name, anchor="middle"))
    middle = (TOP + HEIGHT - BOTTOM) / 2
    parts.append(
        f'<text x="16" y="{middle:.1f}" fill="{INK}" text-anchor="middle" transform="rotate(-90 16 {middle:.1f})">'
        f"{escape(y_name)}</text>"
    )
    return parts


def _scale(low: float, high: float, start: float, end: float) -> Place:
    return lambda value: start + (value - low) / (high - low) * (end - start)


def _line(points: Sequence[tuple[float, float]], colour: str, *, dashed: bool = False) -> str:
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = ' stroke-dasharray="5 5"' if dashed else ""
    return f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="1.5"{dashes}/>'


def _text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}">{escape(words)}</text>'
