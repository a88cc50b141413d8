"""The section on how participants judged: who is flagged and why, and the ratings with and without them."""

from collections.abc import Iterator
from typing import Any

from evaluation.reporting.figures import p_value, percent, span, whole
from evaluation.reporting.tables import Column, Section, Table
from evaluation.reporting.words import words

Report = dict[str, Any]


def participants_section(report: Report, language: str) -> Section | None:
    """The review of the participants; None where judgments do not say who made them, or there are none."""
    quality = report.get("quality")
    if not quality or not report["judgments"]:
        return None
    say = words(language)
    tables = (_ratings(quality, language),) if quality["without_flagged"] else ()
    return Section("participants", say("review"), tuple(_said(quality, language)), None, tables)


def _said(quality: Report, language: str) -> Iterator[str]:
    say, everybody, without = words(language), quality["with_everybody"], quality["without_flagged"]
    if quality["checks"]:
        yield say("checks_taken", taken=quality["checks"], failed=quality["checks_failed"])
    if without is None:
        yield say("nobody_flagged", participants=everybody["participants"])
        return
    yield say(
        "some_flagged",
        flagged=quality["flagged"],
        participants=everybody["participants"],
        left_out=everybody["judgments"] - without["judgments"],
        judgments=everybody["judgments"],
        reasons="; ".join(
            f"{say('flag_' + each['flag'])}: {each['participants']}"
            for each in quality["flagged_by"]
            if each["participants"]
        ),
    )
    verdict = {True: "same_top", False: "other_top", None: "no_top"}
    yield say(verdict[quality["same_top"]])
    for key, reading in (("pair_with", everybody), ("pair_without", without)):
        if pair := reading["top_pair"]:
            yield say(
                key,
                a=pair["a"],
                b=pair["b"],
                rate=percent(pair["win_rate_a"], language=language),
                interval=span(pair["win_rate_a_ci"], "percent", language=language),
                p=p_value(pair["p_holm"], language=language),
            )


def _ratings(quality: Report, language: str) -> Table:
    say = words(language)
    rows = tuple(
        (
            before["name"],
            *(
                cell
                for reading in (before, after)
                for cell in (whole(reading["bt"]), span(reading["bt_ci"]), span(reading["rank_ci"], "rank"))
            ),
        )
        for before, after in zip(
            quality["with_everybody"]["systems"], quality["without_flagged"]["systems"], strict=True
        )
    )
    reading = ("interval", "rank_title")
    titles = ("rating_with", *reading, "rating_without", *reading)
    columns = (Column(say("system"), "text"), *(Column(say(title)) for title in titles))
    return Table("participants", say("with_and_without"), columns, rows, say("review_note"))
