"""Which way of serving wins."""

import pytest

from annotation.classifier.encoder.export import Measurement, _judged, probabilities


def judged(*rows):
    measured = _judged([Measurement(name, ms, 1.0, deviation) for name, ms, deviation in rows])
    (winner,) = [each.runtime for each in measured if each.why.startswith("served")]
    return winner, {each.runtime: each.why for each in measured}


def test_the_fastest_exact_way_wins():
    assert judged(("onnx", 5.0, 1e-6), ("torch", 15.0, 0.0), ("onnx-int8", 2.0, 9e-4))[0] == "onnx-int8"
    assert judged(("onnx", 15.0, 1e-6), ("torch", 5.0, 0.0), ("onnx-int8", 7.0, 0.0))[0] == "torch"


def test_an_inexact_way_is_out_however_fast():
    winner, why = judged(("onnx", 5.0, 1e-6), ("torch", 15.0, 0.0), ("onnx-int8", 1.0, 2e-3))
    assert winner == "onnx"
    assert why["onnx-int8"] == "out: a probability moves by more than 0.001"
    assert judged(("onnx", 1.0, float("nan")), ("torch", 9.0, 0.0))[0] == "torch"


def test_a_small_lead_is_noise():
    assert judged(("onnx", 5.0, 0.0), ("torch", 4.6, 0.0))[0] == "onnx"
    assert judged(("onnx", 5.0, 0.0), ("torch", 4.4, 0.0))[0] == "torch"


def test_what_cannot_be_exported_is_served_by_torch():
    rows = [Measurement("onnx", None, None, None, "out: it cannot be made (no)"), Measurement("torch", 9.0, 1.0, 0.0)]
    onnx, torch = _judged(rows)
    assert torch.why.startswith("served")
    assert onnx.why == "out: it cannot be made (no)"


def test_probabilities_are_a_softmax_and_a_sigmoid():
    import numpy as np

    logits = np.zeros((1, 20))
    logits[0, 1:19] = -np.inf
    logits[0, 19] = np.log(3)
    assert probabilities(logits)[0, 0] == pytest.approx(1)
    assert probabilities(logits)[0, 19] == pytest.approx(0.75)
