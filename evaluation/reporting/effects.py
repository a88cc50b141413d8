"""The tables of effect sizes and of the other tests of each pair; none where an analysis has no such keys."""

from collections.abc import Iterator
from typing import Any

from evaluation.reporting.figures import count, decimal, p_value, percent, span, whole
from evaluation.reporting.method_names import in_words
from evaluation.reporting.tables import Column, Table
from evaluation.reporting.words import words


def effect_tables(report: dict[str, Any], language: str) -> Iterator[Table]:
    """Effect sizes, the other tests, and the test that may be looked at any time."""
    pairs = report["pairs"]
    if pairs and "cles" in pairs[0]:
        yield _effect_sizes(report, language)
    if pairs and "wilcoxon" in pairs[0]:
        yield _other_tests(pairs, language)
    if (anytime := report.get("anytime")) and anytime["pairs"]:
        yield _anytime(anytime, language)


def _effect_sizes(report: dict[str, Any], language: str) -> Table:
    say, methods = words(language), report.get("methods") or {}
    rows = tuple(
        (
            f"{row['a']} – {row['b']}",
            whole(row.get("bt_gap")),
            span(row.get("bt_gap_ci")),
            percent(row["win_rate_decisive_a"], language=language),
            span(row["win_rate_decisive_a_ci"], "percent", language=language),
            percent(row["tie_share"], language=language),
            decimal(row["cles"], 3, language=language),
            span(row["cles_ci"], "decimal", language=language, places=3),
            decimal(row["cliffs_delta"], language=language, signed=True),
        )
        for row in report["pairs"]
    )
    columns = (
        Column(say("pair"), "text"),
        *(Column(say(key)) for key in ("bt_gap", "interval", "decisive", "interval", "tie_share")),
        Column("CLES"),
        Column(say("interval")),
        Column("δ"),
    )
    wilson, obuchowski = (in_words(methods.get(key), language) for key in ("tie_share_ci", "cles_ci"))
    note = say("effects_note", wilson=wilson, obuchowski=obuchowski)
    return Table("effect_sizes", say("effects"), columns, rows, note)


def _other_tests(pairs: list[dict[str, Any]], language: str) -> Table:
    say = words(language)
    rows = tuple(
        (
            f"{row['a']} – {row['b']}",
            p_value(row["by_participant"].get("p_bonferroni"), language=language),
            p_value(row["by_participant"].get("p_bh"), language=language),
            p_value(row["wilcoxon"]["p"], language=language),
            p_value(row["wilcoxon"]["p_holm"], language=language),
            p_value(row["sign_test"]["p"], language=language),
            p_value(row["sign_test"]["p_holm"], language=language),
        )
        for row in pairs
    )
    wilcoxon, sign = say("wilcoxon"), say("sign_test")
    columns = (
        Column(say("pair"), "text"),
        *(Column(say(key)) for key in ("p_bonferroni", "p_bh")),
        *(Column(f"{test}, {key}") for test in (wilcoxon, sign) for key in ("p", say("p_holm"))),
    )
    named = [
        "; ".join(dict.fromkeys(in_words(row[test]["test"], language) for row in pairs))
        for test in ("by_participant", "wilcoxon", "sign_test")
    ]
    note = say("tests_note", flips=named[0], wilcoxon=named[1], sign=named[2])
    return Table("other_tests", say("other_tests"), columns, rows, note)


def _anytime(anytime: dict[str, Any], language: str) -> Table:
    say = words(language)
    rows = tuple(
        (
            f"{row['a']} – {row['b']}",
            str(row["participants"]),
            percent(row["win_rate_a"], language=language),
            span(row["win_rate_a_ci"], "percent", language=language),
            decimal(row["e"], language=language),
            p_value(row["p_anytime"], language=language),
            p_value(row["p_anytime_holm"], language=language),
            count(row["crossed_at"]),
        )
        for row in anytime["pairs"]
    )
    keys = ("participants", "win_rate_of_first", "interval", "e", "p_anytime", "p_holm", "crossed")
    columns = (Column(say("pair"), "text"), *(Column(say(key)) for key in keys))
    return Table("anytime", say("anytime"), columns, rows, say("anytime_note"))
