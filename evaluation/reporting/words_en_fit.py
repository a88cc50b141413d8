"""What reports say in English of effect sizes and of the fit."""

ENGLISH_FIT = {
    "bt_gap": "Rating gap",
    "decisive": "Decisive won",
    "tie_share": "Equal",
    "p_bonferroni": "p, Bonferroni",
    "wilcoxon": "Wilcoxon",
    "sign_test": "sign test",
    "effects": "Effect sizes",
    "effects_note": (
        "Rating gap: rating of the first less rating of the second, with the interval of their joint "
        "covariance. Decisive won: share of the decisive judgments ({wilson}). CLES: P(first's score "
        "higher) + ½ P(equal); δ = 2 CLES − 1 ({obuchowski})."
    ),
    "other_tests": "Other tests and corrections",
    "tests_note": (
        "Bonferroni and BH (Benjamini–Hochberg, for exploring only) correct the test by participant "
        "({flips}). Wilcoxon: {wilcoxon}. Sign test, only where no participant gave two decisive judgments "
        "of the pair: {sign}."
    ),
    "fit": "Does the model hold, and on how little does it hang?",
    "goodness": (
        "Fit of the model: X² = {statistic} on {df} cells that are free, {p} ({test}). A small p says that "
        "one number per system does not explain these judgments."
    ),
    "top_holds": (
        "{top} leads {runner_up} by {gap} points and stays first whichever single participant is left out; "
        "the largest change of any rating by that is {largest} points."
    ),
    "top_changes": (
        "{top} leads {runner_up} by {gap} points, but {changing} participants change the first place by "
        "their absence alone; the largest change of any rating by that is {largest} points."
    ),
    "flips": "Turning {n} judgments ({share}) would put {challenger} above {top}; perhaps fewer would do.",
    "flips_exact": "No fewer than {n} turned judgments ({share}) put another system above {top}: {challenger}.",
    "flips_people": "Leaving out {n} participants ({share}), chosen for it, would put {challenger} above {top}.",
    "tie": "equal",
    "outcome": "Outcome",
    "observed": "Observed",
    "expected": "Expected",
    "residual": "Residual",
    "worst_cells": "Where the model is furthest from the judgments",
    "worst_note": (
        "The largest Pearson residuals of {cells} cells (pair and outcome); z takes the participant as the "
        "unit. Systems that beat each other in a circle appear here."
    ),
    "participant_rank": "Participant, by influence",
    "change": "Change",
    "top_without": "First without",
    "influence": "The most influential participants",
    "influence_note": (
        "Nobody is named: 1 is the one whose absence moves a rating most. Change: of that system's rating, "
        "in points, when the model is fitted again without them. {method}."
    ),
    "anytime": "Read at any time",
    "anytime_note": (
        "e: evidence against “neither is preferred”, each participant once, in the order in which they "
        "finished; p at any time: 1 / the largest e so far, Holm over all pairs. Valid however often one "
        "looks, and whenever one stops; the other tests of this report only if the number of participants "
        "was fixed beforehand. The win rate counts each participant once; its interval holds at all looks "
        "together."
    ),
    "crossed": "First below 5% after",
    "e": "e",
    "p_anytime": "p at any time",
}
