import json

import pytest

from annotation.classifier.evidence import Evidence, Prediction

PREDICTIONS = (
    Prediction("q1", "en", "run", "sports-activity", "sports-activity", 0.95),
    Prediction("q2", "ru", "день победы", "cultural-historical", "travel", 0.05),
    Prediction("q3", "en", "\ud800", "travel", "travel", 1.0),
)
EVIDENCE = Evidence({"train": ("q4", "q5"), "validation": (), "test": ("q1", "q2", "q3")}, PREDICTIONS)


def test_it_is_read_back_as_it_was_written(tmp_path):
    EVIDENCE.write(tmp_path)
    assert Evidence.read(tmp_path) == EVIDENCE
    rows = (tmp_path / "predictions.jsonl").read_text(encoding="utf-8", errors="surrogatepass").splitlines()
    assert json.loads(rows[1])["truth"] == "cultural-historical"
    assert "день победы" in rows[1]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', "null"])
def test_damage_is_noticed(tmp_path, line):
    EVIDENCE.write(tmp_path)
    (tmp_path / "predictions.jsonl").write_text(line)
    with pytest.raises((KeyError, TypeError, ValueError)):
        Evidence.read(tmp_path)


def test_bins_count_each_query_once_and_alpha_1_belongs_to_the_last():
    bins = EVIDENCE.reliability(10)
    assert [one.queries for one in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 2]
    assert bins[-1].alpha == pytest.approx(0.975)
    assert (bins[0].personalised, bins[-1].personalised) == (0, 2)
    assert bins[5].alpha is None
    assert bins[5].share_ci is None
    assert bins[-1].share_ci[1] == 1.0
