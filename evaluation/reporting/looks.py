"""How each role of a plot looks. Files take the light palette; pages take the same roles as classes of `plots.css`."""

from collections.abc import Iterator
from dataclasses import dataclass

PALETTE = {
    "surface": "#ffffff",
    "ink": "#16181d",
    "ink-soft": "#565c69",
    "line": "#dcdee4",
    "line-strong": "#7d8492",
    "accent": "#e8562a",
    "heat": "#e8562a",
}
"""The light colours of `css/tokens.css`, by their names there."""


@dataclass(frozen=True, slots=True)
class Look:
    """Colours by their names in the palette; None paints nothing."""

    fill: str | None = None
    stroke: str | None = None
    width: float = 1.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    size: float = 14.0
    bold: bool = False
    round: bool = False


LOOKS = {
    "grid": Look(stroke="line"),
    "even": Look(stroke="line-strong", dash=(4, 4)),
    "name": Look(fill="ink", size=14),
    "value": Look(fill="ink", size=14, bold=True),
    "tick": Look(fill="ink-soft", size=12),
    "note": Look(fill="ink-soft", size=12),
    "heading": Look(fill="ink", size=13, bold=True),
    "cell-text": Look(fill="ink", size=13),
    "interval": Look(stroke="accent", width=4, opacity=0.55, round=True),
    "dot": Look(fill="accent", stroke="surface", width=2),
    "interval-second": Look(stroke="ink-soft", width=4, opacity=0.55, round=True),
    "dot-second": Look(fill="surface", stroke="ink-soft", width=3),
    "rank": Look(stroke="ink-soft", width=8, opacity=0.45, round=True),
    "band": Look(fill="accent", opacity=0.18),
    "course": Look(stroke="accent", width=2.5, round=True),
    "course-second": Look(stroke="ink-soft", width=1.5, dash=(5, 4)),
    "cell": Look(fill="surface", stroke="line"),
    "heat-6": Look(fill="heat", opacity=0.10),
    "heat-7": Look(fill="heat", opacity=0.18),
    "heat-8": Look(fill="heat", opacity=0.26),
    "heat-9": Look(fill="heat", opacity=0.34),
    "heat-10": Look(fill="heat", opacity=0.42),
}


def stylesheet() -> str:
    """The rules of `plots.css` for pages, where the colours follow the reader's theme."""
    rules = [f".plot .plot-{role} {{\n{''.join(_declarations(look))}}}\n" for role, look in LOOKS.items()]
    return "\n".join(rules)


def _declarations(look: Look) -> Iterator[str]:
    yield f"  fill: {f'var(--{look.fill})' if look.fill else 'none'};\n"
    if look.stroke:
        yield f"  stroke: var(--{look.stroke});\n"
        yield f"  stroke-width: {look.width:g};\n"
    if look.dash:
        yield f"  stroke-dasharray: {' '.join(f'{part:g}' for part in look.dash)};\n"
    if look.round:
        yield "  stroke-linecap: round;\n"
    if look.opacity != 1.0:
        yield f"  opacity: {look.opacity:g};\n"
    if look.fill and not look.stroke and look.size != 14.0:
        yield f"  font-size: {look.size:g}px;\n"
    if look.bold:
        yield "  font-weight: 600;\n"
