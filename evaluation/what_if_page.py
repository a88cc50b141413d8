"""What the what-if page shows: the choices there are, and both analyses row by row."""

from typing import Any

from evaluation.services.what_if import WhatIfResult

MOST_LISTED = 100  # participants; nobody reads a list of thousands, and it would take longer than the statistics


def what_if_page(result: WhatIfResult) -> dict[str, Any]:
    """What the templates of the what-if take."""
    from evaluation.what_if_query import MODELS, NO_LABEL  # numpy comes in with it, which most pages do without

    asked, table, before = result.asked, result.table.table, result.unchanged.analysis
    after = result.after or before
    return {
        "asked": asked,
        "is_changed": result.after is not None,
        "before": before,
        "after": after,
        "changes": result.changes,
        "systems": _systems(result),
        "pairs": _pairs(result),
        "participants": _participants(result),
        "people": len(result.unchanged.profiles),
        "most_listed": MOST_LISTED,
        "system_choices": [{"name": name, "out": name in asked.systems} for name in table.systems],
        "category_choices": _labels(table.labels["category"].names, asked.categories, NO_LABEL),
        "language_choices": _labels(table.labels["language"].names, asked.languages, NO_LABEL),
        "model_choices": [{"name": name, "chosen": name == asked.model} for name in MODELS],
    }


def _participants(result: WhatIfResult) -> list[dict[str, Any]]:
    """Those who are left out and those who judged most, in the order of their numbers."""
    out, profiles = set(result.asked.participants), result.unchanged.profiles
    if len(profiles) > MOST_LISTED:
        first = sorted(profiles, key=lambda row: (row.participant + 1 not in out, -row.judgments, row.participant))
        profiles = tuple(sorted(first[: max(MOST_LISTED, len(out))], key=lambda row: row.participant))
    return [{"number": row.participant + 1, "profile": row, "out": row.participant + 1 in out} for row in profiles]


def _labels(names: tuple[str, ...], out: tuple[str, ...], none: str) -> list[dict[str, Any]]:
    return [{"name": name, "value": name or none, "out": name in out} for name in names]


def _systems(result: WhatIfResult) -> list[dict[str, Any]]:
    """Both results of each system, the best rated of the unchanged analysis first."""
    before = result.unchanged.analysis
    after = result.after or before
    rows = [
        {
            "name": was.name,
            "before": was,
            "after": now,
            "move": now.bt - was.bt if now.bt is not None and was.bt is not None else None,
            "elo_move": now.elo - was.elo if now.elo is not None and was.elo is not None else None,
        }
        for was, now in zip(before.systems, after.systems, strict=True)
    ]
    return sorted(rows, key=lambda row: (row["before"].bt is None, -(row["before"].bt or 0.0), row["name"]))


def _pairs(result: WhatIfResult) -> list[dict[str, Any]]:
    """Both results of each pair that met before, with what became of it."""
    before = result.unchanged.analysis
    after = {(pair.a, pair.b): pair for pair in (result.after or before).pairs}
    fate: dict[tuple[str, str], str] = {}
    if result.changes:
        for name in ("kept", "lost", "untested", "gained", "turned"):
            fate.update(dict.fromkeys(getattr(result.changes, name), name))
    return [
        {
            "a": was.a,
            "b": was.b,
            "before": was,
            "after": after.get((was.a, was.b)),
            "fate": fate.get((was.a, was.b), ""),
        }
        for was in before.pairs
    ]
