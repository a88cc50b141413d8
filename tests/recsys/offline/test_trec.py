"""Written runs, read back by a standard tool, give our numbers."""

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, P, R, Success, nDCG

from recsys.offline.metrics import metrics
from recsys.offline.queries import OfflineQuery
from recsys.offline.rankings import judged
from recsys.offline.trec import escaped, falling, qrels_lines, query_lines, run_lines, unescaped

IDS = [*(f"t{number}" for number in range(200)), "Ёлка 1", "100% sure", "a\tb", "no\u00a0break", "zero\u200bwidth"]


def queries(rng: np.random.Generator, n: int) -> list[OfflineQuery]:
    return [
        OfflineQuery(
            id=f"playlist:вечер {number}",
            text=f"evening\n{number}",
            relevant=tuple(sorted(rng.choice(len(IDS), size=int(rng.integers(1, 60)), replace=False).tolist())),
            listener="Ann Lee" if number % 2 else None,
            language="en",
            cluster=f"c{number}",
        )
        for number in range(n)
    ]


def test_a_standard_tool_reads_our_numbers(tmp_path):
    rng = np.random.default_rng(1)
    asked = queries(rng, 12)
    rows = np.stack([rng.permutation(len(IDS))[:150] for _ in asked]).astype(np.int32)
    scores = np.sort(rng.normal(size=rows.shape), axis=1)[:, ::-1].copy()
    scores[0] = 0.0  # all tied
    scores[1, 3:40] = scores[1, 3]  # a run of ties
    scores[2] = 1 + scores[2] * 1e-12  # equal as 32 bit floats
    scores[3] *= 1e30
    (tmp_path / "x.run").write_text("".join(run_lines(asked, rows, scores, IDS, tag="x")))
    (tmp_path / "qrels.txt").write_text("".join(qrels_lines(asked, IDS)))
    found = judged(rows, asked, np.zeros(len(IDS), dtype=np.int64))
    ours = {name: metric.of(found) for name, metric in metrics().items()}
    pairs = {
        nDCG @ 10: "ndcg@10",
        nDCG @ 100: "ndcg@100",
        R @ 10: "recall@10",
        R @ 100: "recall@100",
        RR: "mrr",
        P @ 10: "precision@10",
        Success @ 10: "success@10",
    }
    qrels = list(ir_measures.read_trec_qrels(str(tmp_path / "qrels.txt")))
    run = list(ir_measures.read_trec_run(str(tmp_path / "x.run")))
    means = ir_measures.pytrec_eval.calc_aggregate(list(pairs), qrels, run)
    for measure, name in pairs.items():
        assert means[measure] == pytest.approx(ours[name].mean(), abs=1e-9), name
    places = {escaped(query.id): number for number, query in enumerate(asked)}
    checked = 0
    for one in ir_measures.pytrec_eval.iter_calc(list(pairs), qrels, run):
        assert one.value == pytest.approx(ours[pairs[one.measure]][places[one.query_id]], abs=1e-9), one
        checked += 1
    assert checked == len(asked) * len(pairs)


def test_ties_would_have_been_reordered_without_care():
    """The tool sorts equal scores by id, later first: a run with its ties as they are is another ranking."""
    qrels = [ir_measures.Qrel("q", "a", 1)]
    tied = [ir_measures.ScoredDoc("q", name, 1.0) for name in ("a", "b", "c")]
    assert ir_measures.pytrec_eval.calc_aggregate([RR], qrels, tied)[RR] == pytest.approx(1 / 3)


@given(st.lists(st.floats(-1e30, 1e30), min_size=2, max_size=30))
def test_scores_fall_strictly_and_stay_what_they_can(scores):
    ordered = np.sort(np.array([scores]))[:, ::-1]
    written = falling(ordered)
    assert (np.diff(written[0]) < 0).all()
    assert written[0, 0] == np.float32(ordered[0, 0])


def test_scores_that_fall_already_are_only_rounded():
    scores = np.array([[3.0, 2.5, 0.1, -4.0]])
    assert falling(scores).tolist() == scores.astype(np.float32).tolist()


def test_what_is_printed_is_read_back_whole(rng):
    scores = np.sort(rng.normal(size=(1, 50)))[:, ::-1]
    asked = queries(rng, 1)
    rows = np.arange(50, dtype=np.int32)[None]
    lines = list(run_lines(asked, rows, scores, IDS, tag="x"))
    read = np.array([float(line.split()[4]) for line in lines], dtype=np.float32)
    assert (read == falling(scores)[0]).all()
    assert [int(line.split()[3]) for line in lines] == list(range(1, 51))


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_ids_become_one_word_and_come_back(name):
    word = escaped(name)
    assert len(word.split()) == 1
    assert word.isascii()
    assert unescaped(word) == name


def test_plain_ids_stay_as_they_are():
    assert escaped("playlist:p001/x_y") == "playlist:p001/x_y"


def test_queries_file_has_three_columns(rng):
    lines = [line.rstrip("\n").split("\t") for line in query_lines(queries(rng, 2))]
    assert [len(line) for line in lines] == [3, 3]
    assert lines[1][1:] == ["evening 1", "Ann%20Lee"]
