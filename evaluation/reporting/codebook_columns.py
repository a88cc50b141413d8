"""The meanings of the columns: those of one file, and under "" those that mean the same in every file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Meaning:
    text: str
    type: str
    values: str = ""


def _count(text: str) -> Meaning:
    return Meaning(text, "integer", "0 and more")


def _share(text: str) -> Meaning:
    return Meaning(text, "number", "0 to 1")


def _number(text: str, values: str = "") -> Meaning:
    return Meaning(text, "number", values)


def _text(text: str, values: str = "") -> Meaning:
    return Meaning(text, "text", values)


FILES = {
    "judgments.csv": (
        "One row per judgment, in the order they were made; `manage.py analyze` reads it and says the "
        "same. Participants have pseudonyms: no identifier of a platform or account is in it. Queries are "
        "in the participants' own words, and with the times they can tell somebody who was there who "
        "asked; publish them with that in mind."
    ),
    "judgments.jsonl, judgments.parquet": (
        "The judgments as they are downloaded from the report's page, with how each trial was drawn; participants by "
        "their random public id."
    ),
    "systems.csv": "One row per system.",
    "pairs.csv": "One row per pair of systems that was judged: the significance table.",
    "breakdown.csv": "By kind of query, one row per figure.",
    "breakdown_language.csv": "By language of the query, one row per figure.",
    "breakdown_tenure.csv": (
        "By the number of the judgment in its participant's own sequence (1-5, 6-10, 11-20, 21+; `first` "
        "is the first five, `later` the rest), one row per figure."
    ),
    "over_time.csv": "One row per system and point: what the ratings were after the first judgments by time.",
    "by_side.csv": "One row per system: how it fared when it was shown first (as A) and second (as B).",
    "waiting.csv": "One row per system: how long it took, in seconds.",
    "anytime.csv": "One row per pair: the test that may be looked at after every participant.",
    "failures.csv": "One row per system: how often no playlist came.",
}

INTERVALS = {
    "win_rate_ci": "interval of `win_rate`",
    "win_rate_a_ci": "interval of `win_rate_a`",
    "elo_ci": "interval of `elo`",
    "bt_ci": "interval of `bt`",
    "rank_ci": "range of ranks that holds for all systems at once",
    "share_ci": "interval of `share`",
    "first_win_rate_ci": "interval of `first_win_rate`",
    "second_win_rate_ci": "interval of `second_win_rate`",
    "bt_gap_ci": "interval of `bt_gap`",
    "win_rate_decisive_a_ci": "interval of `win_rate_decisive_a`",
    "tie_share_ci": "interval of `tie_share`",
    "cles_ci": "interval of `cles`",
    "cliffs_delta_ci": "interval of `cliffs_delta`",
}

_BREAKDOWN = {
    "figure": _text("which figure the row has", "group, win_rate, pair_win_rate, difference"),
    "group": _text("the label or half whose judgments are counted"),
    "half": _text("the half that the label belongs to"),
    "a": _text("the system, or the first of the pair"),
    "b": _text("the second of the pair"),
    "judgments": _text("how many judgments; of a difference, of both halves", "whole number, or two joined by +"),
    "participants": _text("how many participants; likewise", "whole number, or two joined by +"),
    "wins": _count("judgments that preferred a"),
    "losses": _count("judgments that preferred the other"),
    "value": _number("the figure: a win rate, or a difference of win rates", "-1 to 1"),
    "low": _number("lower end of its interval", "-1 to 1"),
    "high": _number("upper end of its interval", "-1 to 1"),
    "method": _text("how the interval was reached"),
    "statistic": _number("the statistic of the test"),
    "p": _share("p-value, two-sided, not corrected"),
    "p_holm": _share("p-value corrected over all tests of this breakdown (Holm)"),
    "test": _text("the test"),
    "note": _text("why there is no figure; empty where there is one"),
}

COLUMNS: dict[str, dict[str, Meaning]] = {
    "": {
        "name": _text("name of the system in the study"),
        "system": _text("name of the system in the study"),
        "a": _text("first system of the pair"),
        "b": _text("second system of the pair"),
        "judgments": _count("judgments"),
        "participants": _count("participants who judged"),
        "wins": _count("judgments that preferred it"),
        "losses": _count("judgments that preferred its opponent"),
        "ties": _count("judgments that called the two equivalent"),
        "win_rate": _share("share of judgments won, ties one half"),
        "elo": _number("online Elo rating in time order, start 1500"),
        "bt": _number("Bradley-Terry rating with ties on the Elo scale, mean 1500"),
        "note": _text("why there is no figure; empty where there is one"),
    },
    "judgments.csv": {
        "participant": _text(
            "pseudonym of the participant", "random hexadecimal id, or p1, p2, …; empty where nobody is known"
        ),
        "query": _text("the participant's words", "up to 500 characters"),
        "system_a": _text("system whose playlist was shown first, as A"),
        "system_b": _text("system whose playlist was shown second, as B"),
        "outcome": _text("the judgment", "a, b, tie"),
        "created_at": Meaning("when it was made", "time", "ISO 8601; without a zone it is UTC"),
        "category": _text("category of the query, by the study's classifier", "slug of the taxonomy, or empty"),
        "language": _text("language of the query", "two letters, or empty"),
    },
    "judgments.jsonl, judgments.parquet": {
        "participant": _text("random public id of the participant", "32 hexadecimal digits"),
        "query": _text("the participant's words", "up to 500 characters"),
        "system_a": _text("system whose playlist was shown first, as A"),
        "system_b": _text("system whose playlist was shown second, as B"),
        "outcome": _text("the judgment", "a, b, tie"),
        "created_at": Meaning("when it was made", "time", "ISO 8601 in UTC"),
        "category": _text("category of the query, by the study's classifier", "slug of the taxonomy, or empty"),
        "alpha": _share("probability that the query is personalised, by the same classifier"),
        "classifier": _text("fingerprint of the classifier", "hexadecimal, or empty"),
        "language": _text("language of the query", "two letters, or empty"),
        "reason": _text("why, in the participant's words", "up to 1,000 characters, mostly empty"),
        "trial": _text("random public id of the trial", "32 hexadecimal digits"),
        "number": _count("number of the draw within the study"),
        "sampler": _text("name and version of the rule that drew pair and sides"),
        "pair_probability": _share("probability with which this pair was drawn"),
        "side_probability": _share("probability with which system_a was put first"),
        "replaces_failed": Meaning("whether the trial replaced one that failed", "boolean", "true, false"),
        "version_a": _text("fingerprint of the system version shown as A", "hexadecimal"),
        "version_b": _text("fingerprint of the system version shown as B", "hexadecimal"),
        "model_seconds_a": _number("seconds that A's recommender took", "0 and more"),
        "model_seconds_b": _number("seconds that B's recommender took", "0 and more"),
        "shared_tracks": _count("tracks that are in both playlists"),
    },
    "systems.csv": {
        "elo_order_mean": _number("mean of online Elo over random orders of the same judgments"),
        "elo_order_sd": _number("standard deviation of online Elo over these orders", "0 and more"),
        "bt_position_adjusted": _number("`bt` in the model with a term for the side shown first"),
        "share_first": _share("share of resamples of participants in which it has the highest `bt`"),
    },
    "pairs.csv": {
        "wins_a": _count("judgments that preferred a"),
        "wins_b": _count("judgments that preferred b"),
        "win_rate_a": _share("share of judgments won by a, ties one half"),
        "mann_whitney_u": _number("U of a against b, judgments taken as independent", "0 to judgments squared"),
        "mann_whitney_p": _share("its p-value, two-sided, asymptotic with tie and continuity correction"),
        "mann_whitney_p_holm": _share("the same corrected over all pairs (Holm)"),
        "mann_whitney_cliffs_delta": _number("P(a's score higher) less P(lower)", "-1 to 1"),
        "mann_whitney_reading": _text("which samples the test compares"),
        "by_participant_test": _text("the test whose unit is the participant: the one to quote"),
        "by_participant_statistic": _number(
            "mean over participants of their mean score of a, less one half", "-0.5 to 0.5"
        ),
        "by_participant_p": _share("its p-value, two-sided"),
        "by_participant_p_holm": _share("the same corrected over all pairs (Holm)"),
        "cluster_mann_whitney_theta": _share("P(a's score higher) + half P(equal)"),
        "cluster_mann_whitney_t": _number("(theta - 1/2) over its standard error, participants as clusters"),
        "cluster_mann_whitney_df": _count("degrees of freedom: participants less one"),
        "cluster_mann_whitney_p": _share("its p-value, two-sided"),
        "cluster_mann_whitney_p_holm": _share("the same corrected over all pairs that have one (Holm)"),
        **{
            f"{test}_{name}": meaning
            for test, said in (
                ("mann_whitney", "Mann-Whitney"),
                ("by_participant", "the test by participant"),
                ("cluster_mann_whitney", "Mann-Whitney with participants as clusters"),
                ("wilcoxon", "Wilcoxon's signed ranks by participant"),
                ("sign_test", "the sign test"),
            )
            for name, meaning in (
                ("p_bonferroni", _share(f"p of {said}, corrected over all pairs (Bonferroni)")),
                ("p_bh", _share(f"p of {said}, corrected by Benjamini and Hochberg: for exploring only")),
                ("reason", _text(f"why {said} has no p; empty where it has one")),
            )
        },
        **{
            f"{test}_{name}": meaning
            for test, said in (("wilcoxon", "Wilcoxon's signed ranks by participant"), ("sign_test", "the sign test"))
            for name, meaning in (
                ("test", _text(f"the form of {said}")),
                ("statistic", _number(f"statistic of {said}")),
                ("p", _share(f"p of {said}, two-sided")),
                ("p_holm", _share("the same corrected over all pairs that have one (Holm)")),
            )
        },
        "mann_whitney_n_a": _count("scores of a that the test compares"),
        "mann_whitney_n_b": _count("scores of b that it compares"),
        "mann_whitney_warning": _text("what is wrong with it"),
        "by_participant_n": _count("participants in the test"),
        "cluster_mann_whitney_test": _text("its name"),
        "cluster_mann_whitney_n": _count("participants in the test"),
        "wilcoxon_n": _count("participants in the test"),
        "sign_test_n": _count("decisive judgments in the test, at most one of each participant"),
        "win_rate_decisive_a": _share("share of the decisive judgments won by a"),
        "tie_share": _share("share of judgments that called the two equivalent"),
        "cles": _share("P(a's score higher) + half P(equal): common language effect size"),
        "cliffs_delta": _number("2 cles - 1", "-1 to 1"),
        "bt_gap": _number("rating of a less rating of b, Elo scale"),
        "bt_gap_p": _share("p of no gap"),
        "effective_judgments": _number(
            "judgments by as many different people that would be as informative", "0 and more"
        ),
    },
    "breakdown.csv": _BREAKDOWN,
    "breakdown_language.csv": _BREAKDOWN,
    "breakdown_tenure.csv": _BREAKDOWN,
    "over_time.csv": {
        "judgments": _count("judgments known at this point: the first so many by time"),
        "participants": _count("participants who had judged by then"),
        "until": Meaning("time of the last of them", "time", "ISO 8601 in UTC"),
        "interval": _text("method of the interval of `bt`"),
    },
    "by_side.csv": {
        f"{side}_{name}": meaning
        for side in ("first", "second")
        for name, meaning in (
            ("judgments", _count(f"judgments in which it was shown {side}")),
            ("participants", _count(f"participants who saw it {side}")),
            (
                "win_rate",
                _share("share of these judgments won, ties one half; empty below 20 judgments by 6 participants"),
            ),
        )
    },
    "waiting.csv": {
        f"{what}_{name}": meaning
        for what, said in (
            ("model_seconds", "seconds of the recommender alone"),
            ("shown_after_seconds", "seconds from the request to the moment both playlists appeared"),
        )
        for name, meaning in (
            ("n", _count(f"how many of: {said}")),
            ("median", _number(f"median of: {said}", "0 and more")),
            ("p90", _number(f"90th percentile of: {said}", "0 and more")),
        )
    },
    "anytime.csv": {
        "participants": _count("participants who have finished and judged the pair"),
        "win_rate_a": _share("mean over participants of their own win rate of a, ties one half"),
        "e": _number("evidence against no preference after the last participant", "0 and more; empty above 1e299"),
        "log_e": _number("its natural logarithm"),
        "p_anytime": _share("1 / the largest e at any look"),
        "p_anytime_holm": _share("the same corrected over all pairs (Holm)"),
        "crossed_at": _count("participants of this pair after whom e first reached 20"),
    },
    "failures.csv": {
        "participants": _count("participants for whom a playlist was asked of it"),
        "sides": _count("playlists that were made or failed"),
        "failures": _count("of these, failed"),
        "unfinished": _count("playlists that are still waited for, or whose trial ended before"),
        "share": _share("failures over sides"),
    },
}
