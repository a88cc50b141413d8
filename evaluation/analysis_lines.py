"""An analysis as lines of text, for a terminal. Core: no Django."""

from collections.abc import Iterable, Iterator
from textwrap import wrap

from evaluation.stats.breakdown_results import Breakdown
from evaluation.stats.quality.results import Quality, QualityReading
from evaluation.stats.results import Analysis, Bounds, PairResult, SystemResult

WIDTH = 120
MOST_GROUPS = 20


def analysis_lines(result: Analysis) -> list[str]:
    people = "unknown" if result.participants is None else result.participants
    counted = f"{result.judgments} judgments ({result.ties} ties) by {people} participants"
    drawn = f"K {result.elo_k:g}, seed {result.seed}, {result.replicates} resamples"
    ranked = sorted(result.systems, key=lambda system: (-(system.bt or 0.0), -(system.win_rate or 0.0), system.name))
    header = ("system", "n", "won", "lost", "tied", "win rate", "95 %", "rating", "95 %", "rank", "Elo", "95 %")
    against = ("pair", "n", "won", "lost", "tied", "win rate", "95 %", "gap", "95 %", "p", "p (Holm)", "MW p (Holm)")
    sizes = ("pair", "decisive", "95 %", "tied", "CLES", "95 %", "Cliff's δ", "95 %")
    others = (
        "p (Holm) of other tests",
        "Bonferroni",
        "BH (exploratory)",
        "Wilcoxon",
        "sign",
        "clustered MW",
        "any time",
    )
    anytime = {(pair.a, pair.b): pair.p_anytime_holm for pair in result.anytime.pairs} if result.anytime else {}
    bias = result.position_bias
    lines = [f"{counted}; {drawn}", "", *_table([header, *map(_system_row, ranked)]), ""]
    lines += [*_groups(result), ""] if result.model.components else []
    lines += [*_table([against, *map(_pair_row, result.pairs)]), ""]
    if result.pairs:
        lines += [*_table([sizes, *map(_size_row, result.pairs)]), ""]
        lines += [*_table([others, *(_test_row(pair, anytime.get((pair.a, pair.b))) for pair in result.pairs)]), ""]
        lines.append(f"Mann-Whitney: {result.pairs[0].mann_whitney.reading}")
        lines += ["any time: e-process by participant; its p holds however often one looks"] if result.anytime else []
    if result.breakdown:
        lines += [*_kinds(result.breakdown), ""]
    if result.quality and result.quality.without_flagged:
        lines += [*_without_flagged(result.quality, result.quality.without_flagged), ""]
    lines.append(f"rating: {result.model.name}, Elo scale; intervals and p: the {result.unit} is the unit")
    lines.append(f"intervals of ratings: {result.model.interval or 'none'}")
    lines += _said("", _firmness(result))
    lines.append(f"shown first won {bias.first}, shown second won {bias.second}, p {_p(bias.p)}")
    lines += _said("note: ", (note.text for note in result.notes))
    return lines + _said("! ", result.warnings)


def _groups(result: Analysis) -> list[str]:
    """Ratings within the groups of systems that no judgment connects; the JSON has all of them."""
    header = ("group", "system", "rating", "95 %")
    shown = result.model.components[:MOST_GROUPS]
    rows = [
        (str(number), one.name, *_with_bounds(one.bt, one.bt_ci, ".0f"))
        for number, group in enumerate(shown, start=1)
        for one in sorted(group, key=lambda rated: -rated.bt)
    ]
    left = len(result.model.components) - len(shown)
    return [*_table([header, *rows]), *([f"… and {left} more groups"] if left else [])]


def _firmness(result: Analysis) -> Iterator[str]:
    """Whether the model fits, and on how few people and judgments the first place hangs."""
    fit, people, flips = result.goodness_of_fit, result.influence, result.flips
    if fit:
        worst = fit.worst[0]
        yield (
            f"fit: Pearson X² {fit.statistic:.1f} on {fit.df}, p over {result.unit}s {_p(fit.p)}; worst cell "
            f"{worst.a} – {worst.b}, {worst.outcome}: {worst.observed:g} judgments, {worst.expected:.1f} expected"
        )
    if people:
        held = "stays first without any one participant"
        if not people.top_holds_without_each:
            held = f"loses the first place without one of {people.changing_top} participants"
        yield f"{people.top} {held}; one moves a rating by up to {people.largest_change:.0f}"
    if flips and flips.judgments:
        count = f"{'' if flips.exact else 'at most '}{flips.judgments}"
        yield f"{flips.challenger} would be first if {count} of {result.judgments} judgments were turned"
    if flips and flips.participants:
        dropped = f"at most {flips.participants} of {result.participants} participants were left out"
        yield f"{flips.drop_challenger} would be first if {dropped}"


def _kinds(breakdown: Breakdown) -> list[str]:
    """Win rates by half, and where they differ; the JSON has every category and pair."""
    header = ("kind of query", "system", "n", "participants", "win rate", "95 %")
    rates = [
        (
            half.value,
            share.name,
            str(share.judgments),
            "–" if share.participants is None else str(share.participants),
            *_with_bounds(share.win_rate, share.win_rate_ci, ".3f"),
        )
        for half in breakdown.by_half
        for share in half.systems
    ]
    against = (" less ".join(breakdown.halves), "n", "win rate", "95 %", "p", "p (Holm)")
    differences = [
        (
            f"{contrast.a} – {contrast.b}",
            "{} + {}".format(*contrast.judgments),
            *_with_bounds(contrast.difference, contrast.difference_ci, "+.3f"),
            *map(_p, (contrast.p, contrast.p_holm)),
        )
        for contrast in breakdown.contrasts
    ]
    lines = [*_table([header, *rates]), ""] if rates else []
    lines += _table([against, *differences]) if differences else []
    return lines + _said("! ", breakdown.notes)


def _without_flagged(quality: Quality, without: QualityReading) -> list[str]:
    """Ratings without the flagged participants beside everybody's; the JSON says who is flagged and why."""
    header = (f"flagged: {quality.flagged}", "rating", "95 %", "without them", "95 %")
    rows = [
        (before.name, *_with_bounds(before.bt, before.bt_ci, ".0f"), *_with_bounds(after.bt, after.bt_ci, ".0f"))
        for before, after in zip(quality.with_everybody.systems, without.systems, strict=True)
    ]
    return _table([header, *rows])


def _system_row(system: SystemResult) -> tuple[str, ...]:
    ranks = "–" if system.rank_ci is None else f"{system.rank_ci[0]} to {system.rank_ci[1]}"
    counts = (str(count) for count in (system.judgments, system.wins, system.losses, system.ties))
    return (
        system.name,
        *counts,
        *_with_bounds(system.win_rate, system.win_rate_ci, ".3f"),
        *_with_bounds(system.bt, system.bt_ci, ".0f"),
        ranks,
        *_with_bounds(system.elo, system.elo_ci, ".0f"),
    )


def _pair_row(pair: PairResult) -> tuple[str, ...]:
    counts = (str(count) for count in (pair.judgments, pair.wins_a, pair.wins_b, pair.ties))
    tests = (pair.by_participant.p, pair.by_participant.p_holm, pair.mann_whitney.p_holm)
    return (
        f"{pair.a} – {pair.b}",
        *counts,
        *_with_bounds(pair.win_rate_a, pair.win_rate_a_ci, ".3f"),
        *_with_bounds(pair.bt_gap, pair.bt_gap_ci, "+.0f"),
        *map(_p, tests),
    )


def _size_row(pair: PairResult) -> tuple[str, ...]:
    return (
        f"{pair.a} – {pair.b}",
        *_with_bounds(pair.win_rate_decisive_a, pair.win_rate_decisive_a_ci, ".3f"),
        f"{pair.tie_share:.3f}",
        *_with_bounds(pair.cles, pair.cles_ci, ".3f"),
        *_with_bounds(pair.cliffs_delta, pair.cliffs_delta_ci, "+.3f"),
    )


def _test_row(pair: PairResult, anytime: float | None) -> tuple[str, ...]:
    main = pair.by_participant
    tests = (pair.wilcoxon.p_holm, pair.sign_test.p_holm, pair.cluster_mann_whitney.p_holm, anytime)
    return (f"{pair.a} – {pair.b}", *map(_p, (main.p_bonferroni, main.p_bh, *tests)))


def _with_bounds(value: float | None, bounds: Bounds | None, form: str) -> tuple[str, str]:
    middle = "–" if value is None else format(value, form)
    return middle, "–" if bounds is None else f"{bounds[0]:{form}} to {bounds[1]:{form}}"


def _p(value: float | None) -> str:
    if value is None:
        return "–"
    return "< 0.0001" if value < 0.0001 else f"{value:.4f}"


def _said(mark: str, sentences: Iterable[str]) -> list[str]:
    return [
        line
        for text in sentences
        for line in wrap(mark + text, WIDTH, subsequent_indent=" " * len(mark), break_long_words=False)
    ]


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.ljust(width) if not at else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
