import pytest

from recsys.training.fine_tuning.history import History
from recsys.training.fine_tuning.params import FineTuningParams


def after(before, values, **options):
    history = History("ndcg@10", before=before)
    kept = [history.add(loss=1 / (n + 1), value=value, pairs=10) for n, value in enumerate(values)]
    return history, kept


@pytest.mark.parametrize(
    ("before", "values", "best", "kept"),
    [
        (0.2, [0.3, 0.5, 0.4], 2, [True, True, False]),
        (0.2, [0.1, 0.2], 0, [False, False]),
        (0.2, [0.3, 0.3], 1, [True, False]),
        (None, [None, None], 2, [True, True]),
    ],
)
def test_the_first_of_the_best_epochs_is_kept_and_none_if_none_is_better(before, values, best, kept):
    history, found = after(before, values)
    assert (history.best, found) == (best, kept)


@pytest.mark.parametrize(("values", "goes_on"), [([0.3, 0.2], True), ([0.3, 0.2, 0.1], False), ([0.1, 0.1], False)])
def test_stops_after_so_many_epochs_without_a_better_one(values, goes_on):
    history, _ = after(0.2, values)
    assert history.goes_on(FineTuningParams(epochs=9, patience=2)) is goes_on
    assert history.goes_on(FineTuningParams(epochs=9, patience=0))
    assert not history.goes_on(FineTuningParams(epochs=len(values)))


def test_says_what_happened():
    history, _ = after(0.25, [0.3, 0.5, 0.4])
    assert history.figures() == {
        "epochs": 3.0,
        "best_epoch": 2.0,
        "pairs": 30.0,
        "loss": 0.5,
        "val_ndcg@10_before": 0.25,
        "val_ndcg@10": 0.5,
    }
    assert "number 2 is kept: ndcg@10 on the validation queries 0.250 before, 0.500 after" in history.sentence()
    assert "as it came" in after(0.2, [0.1])[0].sentence()
    assert "the last of which is kept" in after(None, [None])[0].sentence()


def test_what_a_checkpoint_keeps_brings_it_back():
    history, _ = after(0.25, [0.3, None])
    other = History("ndcg@10")
    other.restore(history.state())
    assert other == history
