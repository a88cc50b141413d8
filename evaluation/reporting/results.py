"""The sections on ratings and pairs: what `analyze` says, whether of a study or of a file."""

from collections.abc import Iterator
from typing import Any

from evaluation.reporting.effects import effect_tables
from evaluation.reporting.figures import count, decimal, p_phrase, p_value, percent, span, whole
from evaluation.reporting.method_names import capital, in_words
from evaluation.reporting.plots.matrix import matrix_plot
from evaluation.reporting.plots.over_time import over_time_plot
from evaluation.reporting.plots.ratings import ranked, rating_plot
from evaluation.reporting.tables import Column, Section, Table
from evaluation.reporting.words import words

Report = dict[str, Any]


def ratings_section(report: Report, language: str) -> Section:
    say, model = words(language), report["model"]
    paragraphs = [*_scale(report, language)]
    if tested := model.get("all_equal"):
        test = in_words(tested["test"], language)
        paragraphs.append(say("all_equal", test=test, p=p_phrase(tested["p"], language=language)))
    note = say(
        "ratings_note",
        model=capital(in_words(model["name"], language)),
        interval=in_words(model.get("interval"), language),
        start=whole(report.get("elo_start", 1500)),
        k=f"{report['elo_k']:g}",
    )
    columns = ("rank_title", "rating", "interval", "win_rate", "interval", "elo_title", "judgments", "won_tied_lost")
    rows = tuple(
        (
            row["name"],
            span(row["rank_ci"], "rank"),
            whole(row["bt"]),
            span(row["bt_ci"]),
            percent(row["win_rate"], language=language),
            span(row["win_rate_ci"], "percent", language=language),
            whole(row["elo"]),
            str(row["judgments"]),
            f"{row['wins']} / {row['ties']} / {row['losses']}",
        )
        for row in ranked(report["systems"])
    )
    table = Table("ratings", say("ratings"), _columns(say, "system", *columns), rows, note)
    plot = rating_plot(report["systems"], language)
    return Section("ratings", say("ratings"), tuple(paragraphs), plot, (table,) if rows else ())


def _scale(report: Report, language: str) -> Iterator[str]:
    if parts := report["model"].get("components"):
        groups = "; ".join(", ".join(f"{row['name']} {whole(row['bt'])}" for row in part) for part in parts)
        yield words(language)("no_common_scale", groups=groups)


def pairs_section(report: Report, language: str) -> Section | None:
    pairs = report["pairs"]
    if not pairs:
        return None
    say = words(language)
    columns = ("judgments", "first_tied_second", "participants", "win_rate_of_first", "interval", "p", "p_holm")
    rows = tuple(
        (
            f"{row['a']} – {row['b']}",
            str(row["judgments"]),
            f"{row['wins_a']} / {row['ties']} / {row['wins_b']}",
            count(row["participants"]),
            percent(row["win_rate_a"], language=language),
            span(row["win_rate_a_ci"], "percent", language=language),
            p_value(row["by_participant"]["p"], language=language),
            p_value(row["by_participant"]["p_holm"], language=language),
        )
        for row in pairs
    )
    tests = dict.fromkeys(in_words(row["by_participant"]["test"], language) for row in pairs)
    known = report["participants"] is not None
    note = say("pairs_note", test="; ".join(tests), n=len(pairs)) if known else say("nobody_known")
    main = Table("pairs", say("pairs"), _columns(say, "pair", *columns), rows, note)
    tables = (main, *effect_tables(report, language), _mann_whitney(pairs, language))
    return Section("pairs", say("pairs"), (), None, tables)


def _mann_whitney(pairs: list[dict[str, Any]], language: str) -> Table:
    say = words(language)
    rows = tuple(
        (
            f"{row['a']} – {row['b']}",
            decimal(row["mann_whitney"]["u"], 1, language=language),
            p_value(row["mann_whitney"]["p"], language=language),
            p_value(row["mann_whitney"]["p_holm"], language=language),
            decimal(row["mann_whitney"]["cliffs_delta"], language=language, signed=True),
            decimal(row["cluster_mann_whitney"]["theta"], 3, language=language),
            p_value(row["cluster_mann_whitney"]["p"], language=language),
            p_value(row["cluster_mann_whitney"]["p_holm"], language=language),
        )
        for row in pairs
    )
    by = say("clustered")
    columns = (
        *_columns(say, "pair", "U", "p", "p_holm", "δ"),
        *(Column(f"{title}, {by}") for title in ("θ", "p", say("p_holm"))),
    )
    note = say("mann_whitney_note", reading=in_words(pairs[0]["mann_whitney"]["reading"], language))
    return Table("mann_whitney", say("mann_whitney"), columns, rows, note)


def matrix_section(report: Report, language: str) -> Section | None:
    matrix = report.get("win_matrix")
    plot = matrix_plot(matrix, language)
    if not matrix or plot is None:
        return None
    say, names = words(language), matrix["systems"]
    rows = tuple(
        (
            f"{row + 1}. {name}",
            *(
                "–" if row == column else f"{matrix['wins'][row][column]} ({matrix['ties'][row][column]})"
                for column in range(len(names))
            ),
        )
        for row, name in enumerate(names)
    )
    columns = (Column(say("system"), "text"), *(Column(str(number + 1)) for number in range(len(names))))
    table = Table("win_matrix", say("matrix"), columns, rows, say("matrix_note"))
    return Section("matrix", say("matrix"), (), plot, (table,))


def over_time_section(report: Report, language: str) -> Section | None:
    course = report.get("over_time")
    if not course:
        return None
    say = words(language)
    names = [row["name"] for row in ranked(report["systems"])]
    limits = {"judgments": course["least_judgments"], "people": course["least_participants"]}
    plot = over_time_plot(course, names, language)
    if plot is None:
        return Section("over_time", say("over_time"), (say("over_time_none", **limits),))
    points = course["points"]
    quarters = dict.fromkeys(-(-len(points) * number // 4) - 1 for number in (1, 2, 3, 4))
    rows = tuple(
        (
            str(point["judgments"]),
            count(point["participants"]),
            (point["until"] or "–")[:16].replace("T", " "),
            row["name"],
            whole(row["bt"]),
            span(row["bt_ci"]),
            whole(row["elo"]),
        )
        for point in (points[number] for number in quarters)
        for name in names
        for row in point["systems"]
        if row["name"] == name and row["bt"] is not None
    )
    columns = (
        *(Column(say(key)) for key in ("judgments", "participants")),
        Column(say("until"), "text"),
        *_columns(say, "system", "rating", "interval", "elo_title"),
    )
    note = say(
        "over_time_note",
        method=f"{capital(in_words(course['model'], language))}; {in_words(course['method'], language)}",
        **limits,
    )
    table = Table("over_time", say("over_time"), columns, rows, note)
    return Section("over_time", say("over_time"), (), plot, (table,))


def _columns(say: Any, first: str, *keys: str) -> tuple[Column, ...]:
    """Columns by their keys; a sign of one letter stands for itself."""
    return (Column(say(first), "text"), *(Column(key if len(key) == 1 else say(key)) for key in keys))
