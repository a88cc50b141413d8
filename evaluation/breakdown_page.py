"""The breakdown by kind of query as the report shows it: titles in the reader's language, systems in one order."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from annotation.public import BY_SLUG
from evaluation.query_halves import PERSONALISED


def breakdown_page(breakdown: dict[str, Any] | None, systems: Sequence[str]) -> dict[str, Any] | None:
    """What the template takes; None without a breakdown.

    Args:
        breakdown: of the analysis, as JSON.
        systems: names, in the order of the page.
    """
    if breakdown is None:
        return None
    halves = [_group(group, systems) for group in breakdown["by_half"]]
    return {
        **breakdown,
        "by_half": halves,
        "values": [_group(group, systems) for group in breakdown["values"]],
        "systems": [
            {"name": name, "cells": [half["systems"][number] for half in halves]} for number, name in enumerate(systems)
        ],
        "pairs": [_pair(pair) for pair in breakdown["pairs"]],
        "contrasts": [{**contrast, "leans": _leans(contrast)} for contrast in breakdown["contrasts"]],
        "never_asked": [category_title(slug) for slug in breakdown["never_asked"]],
    }


def half_title(half: str | None) -> str:
    if half is None:
        return "–"
    return _("Personalised") if half == PERSONALISED else _("Not personalised")


def category_title(slug: str) -> str:
    """The category's title; a slug of another taxonomy stands for itself."""
    category = BY_SLUG.get(slug)
    return category.title(get_language() or "en") if category else slug


def _group(group: dict[str, Any], systems: Sequence[str]) -> dict[str, Any]:
    by_name = {system["name"]: system for system in group["systems"]}
    is_half = group["value"] == group["half"]
    title = half_title(group["half"]) if is_half else category_title(group["value"])
    return {
        **group,
        "title": title,
        "half_title": half_title(group["half"]),
        "systems": [by_name[name] for name in systems],
    }


def _pair(pair: dict[str, Any]) -> dict[str, Any]:
    test = pair["by_participant"] or {"p": None, "p_holm": None}
    return {**pair, "title": half_title(pair["half"]), "p": test["p"], "p_holm": test["p_holm"]}


def _leans(contrast: dict[str, Any]) -> str:
    """The system that does better with personalised queries than with others; empty where nobody can tell."""
    difference = contrast["difference"]
    if not difference:
        return ""
    return str(contrast["a"] if difference > 0 else contrast["b"])
