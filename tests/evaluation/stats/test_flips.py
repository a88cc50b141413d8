from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evaluation.stats.flips import flips
from evaluation.stats.influence import leaders
from evaluation.stats.likelihoods import DAVIDSON, LIKELIHOODS, RAO_KUPPER, TIES_HALF
from evaluation.stats.models import RatingModel, fit_ratings
from evaluation.stats.tables import JudgmentTable

MODELS = pytest.mark.parametrize("likelihood", LIKELIHOODS.values(), ids=list(LIKELIHOODS))
DENSE = [(0, 1, 12, 5, 4), (0, 2, 9, 8, 3), (1, 2, 7, 9, 6), (0, 3, 14, 2, 1), (1, 3, 8, 4, 2), (2, 3, 6, 6, 6)]
ROW = st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)).filter(lambda counts: sum(counts) > 1)


def model_of(table, likelihood=DAVIDSON):
    return RatingModel(table.cells(by_side=False), len(table.systems), likelihood=likelihood)


def changed(model, names, turned):
    """The counts with the judgments turned as told."""
    counts = model.cells.totals.copy()
    for turn in turned:
        pair = (names.index(turn.a), names.index(turn.b))
        row = next(at for at in range(model.cells.rows) if (model.cells.left[at], model.cells.right[at]) == pair)
        counts[["a", "b", "tie"].index(turn.outcome), row] -= turn.judgments
        counts[["a", "b", "tie"].index(turn.into), row] += turn.judgments
    assert (counts >= 0).all()
    return counts


def all_changes(totals):
    """Every data set with the same number of judgments of each pair, and how many were changed to get there."""
    per_row = []
    for row in range(totals.shape[1]):
        n = int(totals[:, row].sum())
        options = [(w, l, n - w - l) for w in range(n + 1) for l in range(n + 1 - w)]  # noqa: E741
        per_row.append([(o, np.maximum(totals[:, row] - o, 0).sum()) for o in options])
    for chosen in product(*per_row):
        yield np.array([counts for counts, _ in chosen]).T, sum(changes for _, changes in chosen)


@MODELS
def test_two_systems_by_hand(counted, likelihood):
    # 9 to 4: two more turned make 7 to 6, three make 6 to 7
    result = flips(model_of(counted([(0, 1, 9, 4, 3)]), likelihood), ["x", "y"])
    (turn,) = result.turned
    assert (result.top, result.challenger, result.judgments, result.share) == ("x", "y", 3, 3 / 16)
    assert (turn.a, turn.b, turn.outcome, turn.into, turn.judgments) == ("x", "y", "a", "b", 3)
    assert result.exact is (likelihood is TIES_HALF)


@MODELS
def test_turning_them_flips_and_one_fewer_does_not(simulated, likelihood):
    table = simulated(np.random.default_rng(0), 3_000, np.linspace(0.5, -0.5, 6), 80, taste=0.3)
    model = model_of(table, likelihood)
    names = list(table.systems)
    result = flips(model, names)
    after = model.refit(changed(model, names, result.turned)[None])[0][0]
    top, challenger = names.index(result.top), names.index(result.challenger)
    assert after[challenger] > after[top]
    assert sum(turn.judgments for turn in result.turned) == result.judgments
    (turn,) = result.turned
    one_fewer = changed(model, names, result.turned)
    back = changed(model, names, [type(turn)(turn.a, turn.b, turn.outcome, turn.into, 1)]) - model.cells.totals
    after = model.refit((one_fewer - back)[None])[0][0]
    assert after[challenger] <= after[top] + 1e-9


@settings(max_examples=25, deadline=None)
@given(st.tuples(ROW, ROW, ROW))
def test_brute_force_finds_none_smaller(rows):
    """Of all data sets that fewer changes lead to, none has another winner where the number is called exact."""
    table = table_of([(0, 1, *rows[0]), (0, 2, *rows[1]), (1, 2, *rows[2])])
    for likelihood in (TIES_HALF, DAVIDSON, RAO_KUPPER):
        model = model_of(table, likelihood)
        assume(not model.best.penalised)
        result = flips(model, ["x", "y", "z"])
        top = leaders(model.best.strengths)[0]
        assert result.judgments is not None
        fewer = [counts for counts, changes in all_changes(model.cells.totals) if 0 < changes < result.judgments]
        if not fewer:
            continue
        finite = [counts for counts in fewer if not of_counts(model, counts).best.penalised][:400]
        if finite:
            strengths = model.refit(np.array(finite, dtype=float))[0]
            flipped = (np.delete(strengths, top, axis=1).max(axis=1) > strengths[:, top] + 1e-9).any()
            if result.exact:
                assert not flipped


def table_of(rows):
    first, second, score = [], [], []
    for i, j, wins, losses, ties in rows:
        first += [i] * (wins + losses + ties)
        second += [j] * (wins + losses + ties)
        score += [1.0] * wins + [0.0] * losses + [0.5] * ties
    people = np.arange(len(first)) % 3
    return JudgmentTable(
        ("p", "q", "r"), ("x", "y", "z"), people, np.array(first), np.array(second), np.array(score, dtype=float)
    )


def of_counts(model, counts):
    rows = [
        (int(i), int(j), *map(int, counts[:, at]))
        for at, (i, j) in enumerate(zip(model.cells.left, model.cells.right, strict=True))
    ]
    return model_of(table_of(rows), model.likelihood)


def test_where_direct_wins_do_not_suffice_others_are_turned(counted):
    """0 and 1 met once; the rest of the gap lies in what they did against 2."""
    table = counted([(0, 1, 1, 1, 0), (0, 2, 30, 5, 2), (1, 2, 10, 25, 2)])
    names = ["x", "y", "z"]
    for likelihood in LIKELIHOODS.values():
        model = model_of(table, likelihood)
        result = flips(model, names)
        assert not result.exact
        after = model.refit(changed(model, names, result.turned)[None])[0][0]
        assert after[names.index(result.challenger)] > after[0]
        assert len(result.turned) > 1 or (result.turned[0].a, result.turned[0].b) != ("x", "y")


def test_dropping_the_named_number_of_participants_flips(simulated):
    table = simulated(np.random.default_rng(3), 2_000, [0.25, 0.15, -0.4], 50, taste=0.8)
    model = model_of(table)
    result = flips(model, list(table.systems))
    assert 1 < result.participants < 25
    assert result.participants_share == result.participants / 50
    # dropping at random so few does not: it takes those who favour the top
    rng = np.random.default_rng(0)
    kept = 0
    for _ in range(20):
        dropped = rng.choice(50, result.participants, replace=False)
        fit = fit_ratings(table.where(~np.isin(table.participant, dropped)).cells(by_side=False), 3)
        kept += int(np.argmax(fit.strengths) == leaders(model.best.strengths)[0])
    assert kept >= 12


def test_one_participant_who_carries_the_top_is_found(judge):
    rows = [(f"p{i}", "x", "y", "ab"[i % 2]) for i in range(20)] + [("fan", "x", "y", "a")] * 3
    result = flips(model_of(JudgmentTable.of(judge(rows))), ["x", "y"])
    assert (result.participants, result.drop_challenger) == (2, "y")  # without the fan alone they are level
    rows = [*rows, ("p1", "x", "y", "b")]
    result = flips(model_of(JudgmentTable.of(judge(rows))), ["x", "y"])
    assert result.participants == 1


def test_names_do_not_matter(simulated):
    table = simulated(np.random.default_rng(5), 1_500, np.linspace(0.4, -0.4, 4), 40)
    names = np.array([2, 0, 3, 1])
    renamed = JudgmentTable(
        table.participants, table.systems, table.participant, names[table.first], names[table.second], table.score
    )
    one, other = flips(model_of(table), "0123"), flips(model_of(renamed), "0123")
    assert (one.judgments, one.participants) == (other.judgments, other.participants)
    assert str(names[int(one.top)]) == other.top


def test_an_undefeated_winner_can_be_flipped_too(counted):
    result = flips(model_of(counted([(0, 1, 6, 0, 0), (1, 2, 3, 3, 1), (0, 2, 5, 0, 0)])), ["x", "y", "z"])
    assert result.top == "x"
    assert result.judgments >= 3
    assert not result.exact


def test_of_many_systems_only_the_nearest_are_tried(simulated, monkeypatch):
    table = simulated(np.random.default_rng(6), 4_000, np.linspace(0.6, -0.6, 8), 60)
    model = model_of(table, TIES_HALF)
    names = list(table.systems)
    every = flips(model, names)
    monkeypatch.setattr("evaluation.stats.flips.CHALLENGERS", 3)
    few = flips(model, names)
    assert (few.challenger, few.judgments) == (every.challenger, every.judgments)
    assert every.exact and not few.exact


def test_without_participants_nobody_can_be_left_out(simulated):
    cells = replace(
        simulated(np.random.default_rng(0), 500, [0.3, 0.0, -0.3], 500).cells(by_side=False), unit="judgment"
    )
    result = flips(RatingModel(cells, 3), "xyz")
    assert result.judgments > 0
    assert (result.drop_challenger, result.participants, result.participants_share) == (None, None, None)
