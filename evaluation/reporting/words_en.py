"""What reports say in English."""

ENGLISH = {
    # headings of columns and axes
    "system": "System",
    "pair": "Pair",
    "rank": "rank",
    "rank_title": "Rank",
    "rating": "Rating",
    "interval": "95% interval",
    "win_rate": "Win rate",
    "win_rate_of_first": "Win rate of the first",
    "elo_online": "online Elo",
    "elo_title": "Online Elo",
    "judgments": "Judgments",
    "participants": "Participants",
    "ties": "Equivalent",
    "won_tied_lost": "won / equal / lost",
    "first_tied_second": "first / equal / second",
    "p_holm": "p, Holm",
    "p_bh": "p, BH",
    "group": "Group",
    "rating_with_interval": "rating, 95% interval",
    "simultaneous_rank": "rank, all at once",
    "matrix_counts": "wins of the row over the column (equal)",
    "matrix_shares": "win rate of the row against the column, %",
    "until": "Last judgment",
    "n": "n",
    "median": "median",
    "p90": "90%",
    "share": "Share",
    "state": "State",
    "trials": "Trials",
    "page": "page {number} of {total}",
    "rehearsal": (
        "Rehearsal: participants are simulated, their preferences drawn at random. Nothing here says anything "
        "about the systems."
    ),
    "as_of": "as of {when}",
    "method_is": "Method: {method}.",
    "contents_note": "Small figures are 95% intervals.",
    # plots
    "rating_plot": "Ratings with their 95% intervals, and simultaneous rank intervals",
    "matrix_plot": "Who beat whom",
    "over_time_plot": "Ratings at growing numbers of judgments, with 95% intervals",
    "kinds_plot": "Win rates by kind of query with their 95% intervals",
    "language_plot": "Win rates by language of the query with their 95% intervals",
    "tenure_plot": "Win rates in a participant's first five judgments and in later ones",
    "position_plot": "Win rates by the side on which the system was shown",
    "failures_plot": "Share of playlists that failed, with 95% intervals",
    # sections
    "summary": "What was judged",
    "no_judgments": "There are no judgments yet, so there is nothing to rate or test.",
    "cautions": "Before you read on",
    "ratings": "Ratings",
    "ratings_note": (
        "{model}; Elo scale, mean 1500. Rank: the best and worst rank that all systems' ranks allow together with 95% "
        "probability. Interval of the rating: {interval}. Online Elo: start {start}, K = {k}, in the order of time."
    ),
    "no_common_scale": (
        "No chain of judgments connects all systems, so there is no common scale. Within each group: {groups}."
    ),
    "all_equal": "Are all systems equally strong? {test}: {p}.",
    "pairs": "Pair by pair",
    "pairs_note": (
        "p: {test}; two-sided. Holm's correction runs over all {n} judged pairs. The participant, not the judgment, is "
        "the unit."
    ),
    "mann_whitney": "Mann–Whitney, for comparison with other papers",
    "mann_whitney_note": (
        "Left: {reading}; it treats judgments as independent and rejects too often. Right (by "
        "participant): Obuchowski's version with participants as clusters, t on participants − 1."
    ),
    "clustered": "by participant",
    "matrix": "Who beat whom",
    "matrix_note": (
        "Wins of the system of the row over the system of the column; in brackets, judgments that called them equal."
    ),
    "over_time": "Ratings over time",
    "over_time_note": (
        "{method}. Points share judgments and are not independent of each other; no test may be read from "
        "the course, and stopping where it looks best is peeking. All points are in over_time.csv. Below "
        "{judgments} judgments by {people} participants nothing is rated."
    ),
    "over_time_none": (
        "There are too few judgments for a course: {judgments} judgments by {people} participants are needed."
    ),
    "kinds": "By kind of query",
    "kinds_intro": (
        "Each query's category is told by the study's classifier, whose mistakes blur what follows: "
        "differences between kinds look smaller than they are."
    ),
    "language": "By language of the query",
    "language_intro": "The language is told from the letters of each query.",
    "language_missing": "No judgment has a language.",
    "tenure": "By tenure of the participant",
    "tenure_intro": (
        "Does the preference change as people get used to the task? Each judgment counts by its number in its "
        "participant's own sequence: the first five against all later ones."
    ),
    "group_note": (
        "Win rate with ties one half; interval: {method}. A rate needs {judgments} judgments by {people} participants; "
        "groups with fewer are left out of the table: {left_out}."
    ),
    "nothing_left_out": "none",
    "too_few_all": (
        "Too few: no system was judged {judgments} times by {people} participants in any group, so there are no rates."
    ),
    "contrasts": "Difference between the two",
    "contrast_title": "{first} less {second}",
    "difference": "Difference, points",
    "contrast_note": "Interval: {method}; Holm's correction runs over the {tests} tests of this section. {why}",
    "why_chosen": "Participants chose what to ask for, so a difference is shown here, its cause is not.",
    "why_stayed": (
        "Only those who went on judging are among the later judgments, so a difference is shown here, its cause is not."
    ),
    "too_few": "too few",
    "unlabelled": "Judgments without the label, left out here: {n}.",
    "personalised": "Personalised",
    "non-personalised": "Not personalised",
    "first": "first five",
    "later": "later",
    "position": "Does the side matter?",
    "position_counts": "Playlist A was preferred {first} times, playlist B {second} times; {p} ({test}).",
    "position_share": "That is a share of {share} for A (95% interval {ends}).",
    "position_delta": "Being shown first adds {delta} to the log-odds (95% interval {ends}).",
    "shown_first": "shown first",
    "shown_second": "shown second",
    "position_note": (
        "Win rate with ties one half; interval: {method}. A rate needs {judgments} judgments by {people} participants."
    ),
    "waiting": "Waiting times",
    "waiting_note": (
        "In seconds; {method}. Model: the recommender alone. Shown after: from the request to the moment "
        "both playlists appear, over the trials the system took part in; it includes the slower of the two "
        "and the common tick."
    ),
    "model_seconds": "Model",
    "shown_after": "Shown after",
    "waiting_none": "No playlist has been made yet, so there are no times.",
    "failures": "Failures",
    "failures_note": (
        "Every playlist asked of a system counts, also in trials that were replaced; interval: {method}. "
        "Failed trials are not judged and stay in the data."
    ),
    "failures_none": "No playlist has been asked for yet.",
    "sides": "Playlists",
    "failed": "Failed",
    "unfinished": "Unfinished",
    "trial_states": "Trials by state",
    "generating": "being made",
    "ready": "waiting for a judgment",
    "judged": "judged",
    "identical": "identical playlists",
    "expired": "expired",
    "failed_trial": "failed",
    "all": "all",
    "methods": "Methods, ready for a paper",
    "kinds_intro_file": "Each judgment's category stands in the file.",
    "language_intro_file": "The language of each query stands in the file.",
    "sides_random": "Sides are drawn at random, so no system gains from a lean to one side.",
    "nobody_known": "Nobody knows who made these judgments, so there is no test by participant.",
}
