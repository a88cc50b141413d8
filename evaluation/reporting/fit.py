"""The section on the fit itself: whether the model holds, and on how little the first place hangs."""

from collections.abc import Iterator
from typing import Any

from evaluation.reporting.figures import decimal, p_phrase, percent, whole
from evaluation.reporting.method_names import capital, in_words
from evaluation.reporting.tables import Column, Section, Table
from evaluation.reporting.words import words

Report = dict[str, Any]


def fit_section(report: Report, language: str) -> Section | None:
    """Goodness of fit, influence and flips; None where an analysis has none of them."""
    say = words(language)
    goodness, influence, flips = (report.get(key) for key in ("goodness_of_fit", "influence", "flips"))
    if not any((goodness, influence, flips)):
        return None
    paragraphs = [*_goodness(goodness, language), *_influence(influence, language), *_flips(flips, language)]
    tables = [*_worst(goodness, language), *_influential(influence, language)]
    return Section("fit", say("fit"), tuple(paragraphs), None, tuple(tables))


def _goodness(fit: Report | None, language: str) -> Iterator[str]:
    if fit and fit["p"] is not None:
        yield words(language)(
            "goodness",
            test=in_words(fit["test"], language),
            statistic=decimal(fit["statistic"], 1, language=language),
            df=fit["df"],
            p=p_phrase(fit["p"], language=language),
        )


def _influence(found: Report | None, language: str) -> Iterator[str]:
    if found:
        say = words(language)
        yield say(
            "top_holds" if found["top_holds_without_each"] else "top_changes",
            top=found["top"],
            runner_up=found["runner_up"],
            gap=whole(found["gap"]),
            changing=found["changing_top"],
            largest=whole(found["largest_change"]),
        )


def _flips(found: Report | None, language: str) -> Iterator[str]:
    if not found:
        return
    say = words(language)
    if found["judgments"] is not None:
        yield say(
            "flips_exact" if found["exact"] else "flips",
            n=found["judgments"],
            share=percent(found["share"], language=language),
            challenger=found["challenger"],
            top=found["top"],
        )
    if found["participants"] is not None:
        yield say(
            "flips_people",
            n=found["participants"],
            share=percent(found["participants_share"], language=language),
            challenger=found["drop_challenger"],
            top=found["top"],
        )


def _worst(fit: Report | None, language: str) -> Iterator[Table]:
    if not fit or not fit["worst"]:
        return
    say = words(language)
    rows = tuple(
        (
            f"{row['a']} – {row['b']}",
            {"a": row["a"], "b": row["b"], "tie": say("tie")}[row["outcome"]],
            whole(row["observed"]),
            decimal(row["expected"], 1, language=language),
            decimal(row["residual"], language=language, signed=True),
            decimal(row["z"], language=language, signed=True),
        )
        for row in fit["worst"]
    )
    columns = (
        Column(say("pair"), "text"),
        Column(say("outcome"), "text"),
        *(Column(say(key)) for key in ("observed", "expected", "residual")),
        Column("z"),
    )
    yield Table("goodness_of_fit", say("worst_cells"), columns, rows, say("worst_note", cells=fit["cells"]))


def _influential(found: Report | None, language: str) -> Iterator[Table]:
    if not found or not found["most_influential"]:
        return
    say = words(language)
    rows = tuple(
        (
            str(row["ordinal"]),
            str(row["judgments"]),
            row["system"],
            decimal(row["change_refitted"], 1, language=language, signed=True),
            row["top_without"],
        )
        for row in found["most_influential"]
    )
    columns = (
        Column(say("participant_rank"), "text"),
        Column(say("judgments")),
        Column(say("system"), "text"),
        Column(say("change")),
        Column(say("top_without"), "text"),
    )
    note = say("influence_note", method=capital(in_words(found["method"], language)))
    yield Table("influence", say("influence"), columns, rows, note)
