"""A breakdown as rows of one table: each figure with how many judgments and people it is from, and how it was reached.

Core: no Django.
"""

from collections.abc import Iterator
from typing import Any

COLUMNS = (
    "figure", "group", "half", "a", "b", "judgments", "participants", "wins", "losses", "ties", "value", "low", "high",
    "method", "statistic", "p", "p_holm", "test", "note",
)  # fmt: skip


def breakdown_rows(breakdown: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a row per figure of the JSON of a breakdown; `figure` says which it is.

    `group`: a half or a label, all its judgments. `win_rate`: of system a in a group. `pair_win_rate`: of system a
    against b in a half. `difference`: of the win rates of a against b, first half less second; its judgments and
    participants are those of both halves, written "12+34".
    """
    for group in (*breakdown["by_half"], *breakdown["values"]):
        yield from _of_group(group, breakdown["interval"])
    for pair in breakdown["pairs"]:
        test = pair["by_participant"] or {}
        yield _row(
            figure="pair_win_rate",
            group=pair["half"],
            half=pair["half"],
            a=pair["a"],
            b=pair["b"],
            judgments=pair["judgments"],
            participants=pair["participants"],
            wins=pair["wins_a"],
            losses=pair["wins_b"],
            ties=pair["ties"],
            **_estimate(pair["win_rate_a"], pair["win_rate_a_ci"], breakdown["interval"]),
            **{name: test.get(name) for name in ("statistic", "p", "p_holm", "test")},
            note=pair["note"],
        )
    for contrast in breakdown["contrasts"]:
        yield _row(
            figure="difference",
            group=" – ".join(breakdown["halves"]),
            a=contrast["a"],
            b=contrast["b"],
            judgments="+".join(map(str, contrast["judgments"])),
            participants="+".join(map(str, contrast["participants"])),
            **_estimate(contrast["difference"], contrast["difference_ci"], breakdown["contrast"]),
            **{name: contrast[name] for name in ("statistic", "p", "p_holm", "test", "note")},
        )


def _of_group(group: dict[str, Any], method: str) -> Iterator[dict[str, Any]]:
    named = {"group": group["value"], "half": group["half"]}
    counts = {name: group[name] for name in ("judgments", "participants", "ties", "note")}
    yield _row(figure="group", **named, **counts)
    for system in group["systems"]:
        counts = {name: system[name] for name in ("judgments", "participants", "wins", "losses", "ties")}
        rate = _estimate(system["win_rate"], system["win_rate_ci"], method)
        yield _row(figure="win_rate", **named, a=system["name"], **counts, **rate)


def _estimate(value: float | None, ends: list[float] | None, method: str) -> dict[str, Any]:
    if value is None:
        return {}
    low, high = ends or (None, None)
    return {"value": value, "low": low, "high": high, "method": method}


def _row(**cells: Any) -> dict[str, Any]:
    return dict.fromkeys(COLUMNS) | cells
