"""Forest plots as SVG of our own: one panel for each metric, one line for each system, the best on top."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from recsys.offline.page.numbers import Writer

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 520.0, 150.0, 76.0, 10.0, 30.0, 28.0
METRICS = ("hits@10", "ndcg@10", "recall@100", "mrr")


def forest(systems: Sequence[Mapping[str, Any]], metric: str, writer: Writer) -> str:
    """One panel: means as dots, 95 % intervals as bars, on a scale from zero."""
    ranked = sorted(systems, key=lambda system: (-system[metric]["value"], system["system"]))
    most = max(max(system[metric]["value"], (system[metric]["ci"] or (0, 0))[1]) for system in ranked) or 1.0
    step = _step(most)
    ticks = [step * number for number in range(int(most / step + 1e-9) + 2)]
    bottom = TOP + ROW * len(ranked)

    def x(value: float) -> float:
        return round(LEFT + value / ticks[-1] * (WIDTH - LEFT - RIGHT), 2)

    parts = []
    for tick in ticks:
        parts.append(f'<line class="plot-grid" x1="{x(tick)}" x2="{x(tick)}" y1="{TOP}" y2="{bottom}"/>')
        label = writer.number(tick, _places(step))
        parts.append(f'<text class="plot-tick" x="{x(tick)}" y="{bottom}" dy="18" text-anchor="middle">{label}</text>')
    for number, system in enumerate(ranked):
        parts.append(_row(system, metric, TOP + ROW * (number + 0.5), x, writer))
    said = "; ".join(
        f"{escape(system['system'])}: {writer.number(system[metric]['value'])}"
        f" ({writer.interval(system[metric]['ci'])})"
        for system in ranked
    )
    title = writer.metric(metric)
    return (
        f'<figure class="panel"><figcaption>{title}</figcaption>'
        f'<svg class="plot" viewBox="0 0 {WIDTH:g} {bottom + FOOT:g}" role="img" aria-label="{title}: {said}">'
        + "".join(parts)
        + "</svg></figure>"
    )


def _row(system: Mapping[str, Any], metric: str, y: float, x: Any, writer: Writer) -> str:
    value, ci = system[metric]["value"], system[metric]["ci"]
    name = system["system"] if len(system["system"]) <= 20 else f"{system['system'][:19]}…"
    bar = "" if ci is None else f'<line class="plot-interval" x1="{x(ci[0])}" x2="{x(ci[1])}" y1="{y}" y2="{y}"/>'
    return (
        f'<g class="{"floor" if system["floor"] else "asked"}">'
        f'<text class="plot-name" x="{LEFT - 10}" y="{y}" dy="0.35em" text-anchor="end">{escape(name)}</text>'
        f'{bar}<circle class="plot-dot" cx="{x(value)}" cy="{y}" r="5"/>'
        f'<text class="plot-value" x="{WIDTH - RIGHT + 8}" y="{y}" dy="0.35em">{writer.number(value)}</text></g>'
    )


def _step(most: float) -> float:
    """A round step of which at most five reach the largest value."""
    step = 1e-4
    while most / step > 5:
        step *= 2.5 if str(f"{step:e}")[0] == "2" else 2
    return float(f"{step:.3g}")


def _places(step: float) -> int:
    text = f"{step:.6f}".rstrip("0")
    return len(text.partition(".")[2])
