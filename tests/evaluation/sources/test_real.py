"""Judgments of real people through the whole analysis; docs/real-judgments.md has what comes out."""

import gzip
from collections import Counter, defaultdict

import numpy as np
import pytest
from scipy.stats import kendalltau
from sklearn.metrics import cohen_kappa_score

from evaluation.sources.registry import SOURCES
from evaluation.stats.analysis import analyze


@pytest.fixture(scope="module")
def pandalm(real):
    return SOURCES["pandalm"].read(real("pandalm-human-testset"))


def test_the_kappas_of_pandalm_reproduce(pandalm):
    """0.85, 0.88 and 0.86 stand in the source's README."""
    by_annotator = defaultdict(list)
    for item, annotator, label in sorted(pandalm.labels):
        by_annotator[annotator].append((item, label))
    first, second, third = ([label for _, label in by_annotator[f"annotator-{number}"]] for number in (1, 2, 3))
    kappas = [cohen_kappa_score(*pair) for pair in ((first, second), (first, third), (second, third))]
    assert kappas == pytest.approx([0.852, 0.879, 0.862], abs=5e-4)


def test_three_people_are_three_people_however_much_they_judge(pandalm):
    result = analyze(pandalm.judgments, replicates=200)
    assert (result.judgments, result.participants) == (2997, 3)
    ranked = sorted(result.systems, key=lambda system: -system.bt)
    assert [system.name for system in ranked][::4] == ["llama-7b", "cerebras-gpt-6.7B"]
    assert min(pair.by_participant.p for pair in result.pairs) == pytest.approx(2 / 2**3)
    assert "too_few_participants" in {caution.code for caution in result.cautions}
    # what independent judgments would make of the same data
    assert sum(pair.mann_whitney.p_holm < 0.05 for pair in result.pairs) == 9


def test_ratings_agree_with_the_order_that_the_authors_of_sigir2010_derived(real):
    folder = real("sigir2010-music-similarity-preferences")
    result = analyze(SOURCES["sigir2010"].read(folder).judgments, replicates=20)
    assert len(result.model.components) == 11
    ratings = {system.name: system.bt for group in result.model.components for system in group}
    rows = [line.split("\t") for line in (folder / "relevance_groups.tsv").read_text().splitlines()[1:]]
    groups = {f"{query} / {document}": int(group) for query, document, group in rows}
    assert groups.keys() == ratings.keys()
    right = wrong = 0
    by_query = defaultdict(list)
    for name, group in groups.items():
        by_query[name.split(" / ")[0]].append((ratings[name], -group))
    for values in by_query.values():
        assert kendalltau(*zip(*values, strict=True)).statistic > 0.6
        table = np.array(values)
        product = np.sign(np.subtract.outer(table[:, 0], table[:, 0]) * np.subtract.outer(table[:, 1], table[:, 1]))
        right, wrong = right + (product > 0).sum() // 2, wrong + (product < 0).sum() // 2
    assert right / (right + wrong) == pytest.approx(0.951, abs=5e-4)


@pytest.mark.parametrize("dimension", ["arousal", "valence"])
def test_majorities_are_those_of_the_authors_of_musav(real, dimension):
    folder = real("musav")
    answers = defaultdict(Counter)
    for item, _, label in SOURCES[f"musav-{dimension}"].read(folder).labels:
        answers[item][{"a": "a", "b": "b", "tie": "ab"}[label]] += 1
    with gzip.open(folder / "pair_agreement.tsv.gz", "rt") as stream:
        header = next(stream).rstrip("\n").split("\t")
        rows = [dict(zip(header, line.rstrip("\n").split("\t"), strict=True)) for line in stream]
    compared = [row for row in rows if row["dimension"] == dimension and row["agreement"] != "disagreement"]
    clear = [row for row in compared if answers[f"{row['track_a']} {row['track_b']}"].most_common(1)[0][1] >= 2]
    assert len(clear) > 1300
    for row in clear:
        ((answer, _),) = answers[f"{row['track_a']} {row['track_b']}"].most_common(1)
        assert answer == row["majority_answer"]


def test_metal_is_more_arousing_than_folk(real):
    result = analyze(SOURCES["musav-genre-arousal"].read(real("musav")).judgments, replicates=100)
    systems = {system.name: system for system in result.systems}
    assert systems["metal"].bt_ci[0] > systems["folk"].bt_ci[1]
    assert systems["metal"].rank_ci[0] == 1
    assert result.participants == 21
