import pytest
from django.utils import translation

from annotation.classifier_page import curve_words
from annotation.models import ClassifierRun


def run_with(low: float, high: float) -> ClassifierRun:
    figure = {"value": 0.5, "ci": [0.4, 0.6]}
    point = {"labels": 100, "binary_macro_f1": figure, "category_macro_f1": figure}
    gain = {"before": 100, "after": 300, "gain": {"value": (low + high) / 2, "ci": [low, high]}}
    return ClassifierRun(metrics={"curve": {"points": [point], "last": gain, "forecast": gain}})


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.03, "by about +0.020 (+0.010 to +0.030): more labels still help."),
        (-0.002, 0.004, "by about +0.001 (-0.002 to +0.004): more labels of this kind hardly help."),
        (-0.02, 0.04, "by about +0.010 (-0.020 to +0.040): the test is too small to tell."),
    ],
)
def test_the_curve_in_one_sentence(low, high, words):
    assert curve_words(run_with(low, high)) == f"200 more labels would change macro-F1 {words}"


def test_in_russian_too():
    with translation.override("ru"):
        assert curve_words(run_with(0.01, 0.03)).endswith("новые метки ещё помогают.")


def test_without_a_curve_nothing_is_said():
    assert curve_words(ClassifierRun(metrics={})) == curve_words(ClassifierRun(metrics={"curve": None})) == ""
