import json
from math import nan

from annotation.agreement.figures import Basis, Figure

BASIS = Basis(n_items=4, n_votes=9, undefined="Nobody chose it.")


def test_a_value_with_its_interval():
    figure = BASIS.figure("Cohen 1960", "BCa", 0.5, 0.2, 0.7)
    assert figure == Figure(0.5, 0.2, 0.7, 4, 9, "Cohen 1960; BCa")
    assert figure.as_json() == {
        "value": 0.5, "ci": [0.2, 0.7], "items": 4, "votes": 9, "method": "Cohen 1960; BCa", "reason": ""
    }  # fmt: skip


def test_what_is_not_a_number_is_a_sentence():
    assert BASIS.figure("m", "BCa", nan, nan, nan) == Figure(None, None, None, 4, 9, "m", "Nobody chose it.")
    flat = BASIS.figure("m", "BCa", 0.0, nan, nan)
    assert (flat.value, flat.low, flat.reason) == (
        0.0, None, "Every resample gives the same value, so there is no interval."
    )  # fmt: skip
    json.dumps([flat.as_json()], allow_nan=False)


def test_perfect_agreement_has_a_lower_end():
    figure = BASIS.figure("m", "BCa", 1.0, nan, nan, perfect=0.4)
    assert (figure.low, figure.high, figure.method) == (0.4, 1.0, "m; exact bound, since nobody disagreed")
