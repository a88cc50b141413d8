"""The sections on sides, waiting, failures and trials."""

from typing import Any

from evaluation.reporting.figures import decimal, p_phrase, percent, seconds, span
from evaluation.reporting.method_names import in_words
from evaluation.reporting.plots.ratings import ranked
from evaluation.reporting.plots.shares import Mark, ShareRow, share_plot
from evaluation.reporting.tables import Column, Section, Table
from evaluation.reporting.words import words

Report = dict[str, Any]


def position_section(report: Report, language: str) -> Section | None:
    say, bias = words(language), report.get("position_bias")
    if not bias or not report["judgments"]:
        return None
    p = p_phrase(bias["p"], language=language)
    counts = {"first": bias["first"], "second": bias["second"]}
    paragraphs = [say("position_counts", **counts, p=p, test=in_words(bias.get("test") or "", language))]
    if bias.get("share_first_ci"):
        ends = span(bias["share_first_ci"], "percent", language=language)
        paragraphs.append(say("position_share", share=percent(bias["share_first"], language=language), ends=ends))
    if bias.get("delta_ci"):
        ends = span(bias["delta_ci"], "decimal", language=language)
        delta = decimal(bias["delta"], language=language, signed=True)
        paragraphs.append(say("position_delta", delta=delta, ends=ends))
    sides = report.get("by_side")
    if not sides:
        return Section("position", say("position"), tuple(paragraphs))
    limits = {"judgments": sides["least_judgments"], "people": sides["least_participants"]}
    by_name = {row["name"]: row for row in sides["systems"]}
    ordered = [by_name[row["name"]] for row in ranked(report["systems"])]
    shown = [row for row in ordered if any(row[side]["win_rate"] is not None for side in ("first", "second"))]
    if not shown:
        return Section("position", say("position"), (*paragraphs, say("too_few_all", **limits)))
    keys = (say("shown_first"), say("shown_second"))
    rows = [ShareRow(row["name"], (_mark(row["first"]), _mark(row["second"]))) for row in shown]
    plot = share_plot(rows, title=say("position_plot"), keys=keys, language=language)
    cells = tuple((row["name"], *_side(row["first"], language), *_side(row["second"], language)) for row in shown)
    columns = [Column(say("system"), "text")]
    for key in keys:
        columns += [Column(f"{say(name)}, {key}") for name in ("judgments", "win_rate")] + [Column(say("interval"))]
    note = say("position_note", method=in_words(sides["method"], language), **limits)
    if "study" in report:
        note += " " + say("sides_random")
    table = Table("by_side", say("position_plot"), tuple(columns), cells, note)
    return Section("position", say("position"), tuple(paragraphs), plot, (table,))


def _mark(side: dict[str, Any]) -> Mark | None:
    return None if side["win_rate"] is None else Mark(side["win_rate"], side["win_rate_ci"])


def _side(side: dict[str, Any], language: str) -> tuple[str, str, str]:
    rate = percent(side["win_rate"], language=language)
    return str(side["judgments"]), rate, span(side["win_rate_ci"], "percent", language=language)


def waiting_section(report: Report, language: str) -> Section | None:
    say, waiting = words(language), report.get("waiting")
    if waiting is None:
        return None
    if not any(row["model_seconds"]["n"] for row in waiting["systems"]):
        return Section("waiting", say("waiting"), (say("waiting_none"),))
    columns = [Column(say("system"), "text")]
    for key in ("model_seconds", "shown_after"):
        columns += [Column(f"{say(key)}: {say(name)}") for name in ("n", "median", "p90")]
    rows = tuple(
        (row["name"], *_times(row["model_seconds"], language), *_times(row["shown_after_seconds"], language))
        for row in waiting["systems"]
    )
    note = say("waiting_note", method=in_words(waiting["method"], language))
    return Section("waiting", say("waiting"), tables=(Table("waiting", say("waiting"), tuple(columns), rows, note),))


def _times(value: dict[str, Any], language: str) -> tuple[str, str, str]:
    return (
        str(value["n"]),
        seconds(value["median"], language=language),
        seconds(value["p90"], language=language),
    )


def failures_section(report: Report, language: str) -> Section | None:
    say, failures = words(language), report.get("failures")
    if failures is None:
        return None
    systems = failures["systems"]
    if not any(row["sides"] for row in systems):
        return Section("failures", say("failures"), (say("failures_none"),))
    rows = tuple(
        (
            row["name"],
            str(row["sides"]),
            str(row["participants"]),
            str(row["failures"]),
            percent(row["share"], language=language),
            span(row["share_ci"], "percent", language=language),
            str(row["unfinished"]),
        )
        for row in systems
    )
    columns = ("sides", "participants", "failed", "share", "interval", "unfinished")
    note = say("failures_note", method=in_words(failures["method"], language))
    titled = (Column(say("system"), "text"), *(Column(say(name)) for name in columns))
    marks = [
        ShareRow(row["name"], (None if row["share"] is None else Mark(row["share"], row["share_ci"]),))
        for row in systems
    ]
    ends = [end for row in systems for end in (row["share"], *(row["share_ci"] or ())) if end is not None]
    high = min(1.0, max([*ends, 0.02]) * 1.08)
    plot = share_plot(marks, title=say("failures_plot"), high=high, even=None, language=language)
    return Section("failures", say("failures"), (), plot, (Table("failures", say("failures"), titled, rows, note),))


def trials_section(report: Report, language: str) -> Section | None:
    trials = report.get("trial_states")
    if not trials:
        return None
    say = words(language)
    rows = [
        (say("failed_trial" if state == "failed" else state), str(count))
        for state, count in trials.items()
        if state != "trials"
    ]
    rows.append((say("all"), str(trials["trials"])))
    columns = (Column(say("state"), "text"), Column(say("trials")))
    return Section("trials", say("trial_states"), tables=(Table("trials", say("trial_states"), columns, tuple(rows)),))
