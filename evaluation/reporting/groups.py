"""The sections by kind of query, by language and by tenure: one breakdown each."""

from collections.abc import Callable, Iterator
from typing import Any

from evaluation.reporting.figures import count, p_value, percent, points, span
from evaluation.reporting.method_names import in_words
from evaluation.reporting.plots.ratings import ranked
from evaluation.reporting.plots.shares import breakdown_plot
from evaluation.reporting.tables import Column, Section, Table
from evaluation.reporting.words import LANGUAGES, words

PARTS = {"kinds": "breakdown", "language": "by_language", "tenure": "by_tenure"}
"""Section to the key of its breakdown in the report."""
HALVES = ("personalised", "non-personalised")


def group_section(report: dict[str, Any], key: str, language: str) -> Section | None:
    """The section of one breakdown; None where there is none (only of language it is said)."""
    say, breakdown = words(language), report.get(PARTS[key])
    if not breakdown:
        if key == "language" and report["judgments"]:
            return Section(key, say(key), (say("language_missing"),))
        return None
    limits = {"judgments": breakdown["least_judgments"], "people": breakdown["least_participants"]}
    of_file = "study" not in report and key != "tenure"
    paragraphs = [say(f"{key}_intro_file" if of_file else f"{key}_intro")]
    if breakdown["unlabelled"]:
        paragraphs.append(say("unlabelled", n=breakdown["unlabelled"]))
    order = [row["name"] for row in ranked(report["systems"])]
    groups = [_in_order(group, order) for group in _groups(breakdown)]
    if not any(system["win_rate"] is not None for group in groups for system in group["systems"]):
        return Section(key, say(key), (*paragraphs, say("too_few_all", **limits)))
    titles = _titles(report, language)
    halves = [titles(half["value"]) for half in breakdown["by_half"]]
    plot = breakdown_plot(groups[: len(halves)], halves, say(f"{key}_plot"), language) if halves else None
    tables = [_rates(groups, key, breakdown, titles, language), *_contrasts(breakdown, key, titles, language)]
    return Section(key, say(key), tuple(paragraphs), plot, tuple(tables))


def _titles(report: dict[str, Any], language: str) -> Callable[[str], str]:
    """What a group is called: a half or a category by its name in the language; any other label is its own name."""
    categories = report.get("category_titles", {})

    def title(value: str) -> str:
        if value in ("first", "later", *HALVES):
            return LANGUAGES[language].get(value, value)
        return str(categories.get(value, {}).get(language) or value)

    return title


def _groups(breakdown: dict[str, Any]) -> list[dict[str, Any]]:
    """Halves, then labels; a label that is a half of its own once."""
    sizes = {group["value"]: group["judgments"] for group in breakdown["by_half"]}
    own = [group for group in breakdown["values"] if sizes.get(group["half"]) != group["judgments"]]
    return [*breakdown["by_half"], *own]


def _in_order(group: dict[str, Any], order: list[str]) -> dict[str, Any]:
    """The group with its systems from the best rated to the worst, as everywhere in the report."""
    return {**group, "systems": sorted(group["systems"], key=lambda row: order.index(row["name"]))}


def _rates(
    groups: list[dict[str, Any]], key: str, breakdown: dict[str, Any], titles: Callable[[str], str], language: str
) -> Table:
    say = words(language)
    rows = tuple(
        (
            titles(group["value"]),
            system["name"],
            str(system["judgments"]),
            count(system["participants"]),
            percent(system["win_rate"], language=language),
            span(system["win_rate_ci"], "percent", language=language),
        )
        for group in groups
        for system in group["systems"]
        if system["win_rate"] is not None
    )
    thin = [group for group in groups if any(system["win_rate"] is None for system in group["systems"])]
    left_out = ", ".join(f"{titles(group['value'])} ({group['judgments']})" for group in thin)
    note = say(
        "group_note",
        method=in_words(breakdown["interval"], language),
        judgments=breakdown["least_judgments"],
        people=breakdown["least_participants"],
        left_out=left_out or say("nothing_left_out"),
    )
    columns = (
        Column(say("group"), "text"),
        Column(say("system"), "text"),
        *(Column(say(name)) for name in ("judgments", "participants", "win_rate", "interval")),
    )
    return Table(f"by_{key}", say(key), columns, rows, note)


def _contrasts(breakdown: dict[str, Any], key: str, titles: Callable[[str], str], language: str) -> Iterator[Table]:
    if not breakdown["contrasts"]:
        return
    say = words(language)
    first, second = (titles(name) for name in breakdown["halves"])
    rows = tuple(
        (
            f"{row['a']} – {row['b']}",
            " + ".join(map(str, row["judgments"])),
            " + ".join(map(str, row["participants"] or ("–",))),
            say("too_few") if row["difference"] is None else points(row["difference"], language=language),
            span(row["difference_ci"], "points", language=language),
            p_value(row["p"], language=language),
            p_value(row["p_holm"], language=language),
        )
        for row in breakdown["contrasts"]
    )
    columns = (
        Column(say("pair"), "text"),
        *(Column(say(name)) for name in ("judgments", "participants", "difference", "interval")),
        Column("p"),
        Column(say("p_holm")),
    )
    why = say("why_stayed" if key == "tenure" else "why_chosen")
    note = say("contrast_note", method=in_words(breakdown["contrast"], language), tests=breakdown["tests"], why=why)
    caption = f"{say('contrasts')}: {say('contrast_title', first=first, second=second)}"
    yield Table(f"by_{key}_differences", caption, columns, rows, note)
