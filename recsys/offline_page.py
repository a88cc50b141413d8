"""What the page of an offline run shows, in the reader's words: tests, breakdowns, cautions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recsys.offline.words import WORDS

FIRST = ("ndcg@10", "hits@10")
"""The metrics whose tests come first; breakdowns show the first of them."""


def paired_tests(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The paired tests of a result, grouped by metric: `{"metric", "tests"}`."""
    groups: dict[str, list[Any]] = {}
    for test in result.get("tests", []):
        groups.setdefault(test["metric"], []).append(test)
    order = [*(name for name in FIRST if name in groups), *(name for name in groups if name not in FIRST)]
    return [{"metric": name, "tests": groups[name]} for name in order]


def breakdowns(result: Mapping[str, Any], systems: Sequence[str]) -> list[dict[str, Any]]:
    """The figures within groups of queries: `{"by", "title", "groups"}`, each group with one figure a system."""
    titles = {
        "personalised": _("Personalised or not"),
        "category": _("By type of query"),
        "language": _("By language"),
        "origin": _("By origin"),
    }
    found = result.get("breakdown") or {}
    order = [*(by for by in titles if by in found), *(by for by in found if by not in titles)]
    return [
        {"by": by, "title": titles.get(by, by), "groups": [_group(group, systems) for group in found[by]]}
        for by in order
    ]


def warnings_of(result: Mapping[str, Any]) -> list[str]:
    """What must be known before the figures; a sentence that the words no longer have stays as it was written."""
    language = "ru" if (get_language() or "").startswith("ru") else "en"
    return [
        WORDS[warning["code"]][language].format(**warning["values"]) if warning["code"] in WORDS else warning["text"]
        for warning in result.get("warnings", [])
    ]


def _group(group: Mapping[str, Any], systems: Sequence[str]) -> dict[str, Any]:
    titles = group.get("titles") or {}
    language = (get_language() or "en")[:2]
    return {
        "title": titles.get(language) or titles.get("en") or _group_words().get(group["group"], group["group"]),
        "n": group["n"],
        "small": group.get("small", False),
        "figures": [group["systems"].get(system, {}).get(FIRST[0]) for system in systems],
    }


def _group_words() -> dict[str, str]:
    return {
        "personalised": _("Personalised queries"),
        "other": _("Other queries"),
        "playlist": _("Titles of playlists"),
        "request": _("Requests"),
        "en": _("English"),
        "ru": _("Russian"),
        "?": _("Unknown"),
    }
