from evaluation.breakdown_table import COLUMNS, breakdown_rows

SYSTEM = {
    "name": "x", "judgments": 24, "participants": 8, "wins": 16, "losses": 8, "ties": 0, "win_rate": 2 / 3,
    "win_rate_ci": [0.3, 0.9], "effective_judgments": 8.0,
}  # fmt: skip
GROUP = {"value": "travel", "half": "personalised", "judgments": 24, "participants": 8, "ties": 0, "note": ""}
PAIR = {
    "half": "personalised", "a": "x", "b": "y", "judgments": 24, "participants": 8, "wins_a": 16, "wins_b": 8,
    "ties": 0, "win_rate_a": None, "win_rate_a_ci": None, "by_participant": None, "note": "too few",
}  # fmt: skip
CONTRAST = {
    "a": "x", "b": "y", "judgments": [24, 30], "participants": [8, 9], "in_both": 7, "difference": -0.1,
    "difference_ci": [-0.3, 0.1], "test": "t", "statistic": -1.0, "df": 7, "p": 0.35, "p_holm": 0.7, "replicates": 500,
    "note": "",
}  # fmt: skip


def rows(**given):
    bare = {"by_half": [], "values": [], "pairs": [], "contrasts": [], "interval": "Wilson", "contrast": "bootstrap"}
    return list(breakdown_rows({**bare, "halves": ["personalised", "other"], **given}))


def test_a_group_and_each_of_its_systems():
    group, share = rows(values=[{**GROUP, "systems": [SYSTEM]}])
    assert (group["figure"], group["group"], group["judgments"], group["value"]) == ("group", "travel", 24, None)
    assert (share["figure"], share["a"], share["wins"], share["value"]) == ("win_rate", "x", 16, 2 / 3)
    assert (share["low"], share["high"], share["method"]) == (0.3, 0.9, "Wilson")


def test_a_pair_without_a_rate_has_its_counts_and_its_sentence():
    (pair,) = rows(pairs=[PAIR])
    assert (pair["judgments"], pair["wins"], pair["note"]) == (24, 16, "too few")
    assert (pair["value"], pair["method"], pair["p"]) == (None, None, None)
    tested = {"test": "sign-flip", "statistic": 0.2, "p": 0.01, "p_holm": 0.03}
    (pair,) = rows(pairs=[{**PAIR, "win_rate_a": 0.7, "win_rate_a_ci": [0.5, 0.9], "by_participant": tested}])
    assert (pair["value"], pair["p_holm"], pair["test"]) == (0.7, 0.03, "sign-flip")


def test_a_difference_names_both_halves():
    (row,) = rows(contrasts=[CONTRAST])
    assert (row["group"], row["judgments"], row["participants"]) == ("personalised – other", "24+30", "8+9")
    assert (row["value"], row["low"], row["high"], row["method"]) == (-0.1, -0.3, 0.1, "bootstrap")


def test_every_row_has_every_column():
    found = rows(by_half=[{**GROUP, "systems": [SYSTEM]}], pairs=[PAIR], contrasts=[CONTRAST])
    assert all(tuple(row) == COLUMNS for row in found) and len(found) == 4
