import json

import numpy as np
import pytest

from recsys.offline.cautions import cautions
from recsys.offline.compare import Chance
from recsys.offline.evaluate import Contestant, QueryKind, evaluate
from recsys.offline.page.document import offline_page
from recsys.offline.queries import offline_queries
from recsys.offline.random_floor import RandomFloor
from recsys.offline.results import as_json, per_query_lines
from recsys.offline.summary import summary

CHANCE = Chance(seed=1, replicates=200, flips=500)
BEST = {
    "Night drive": ["t07", "t08", "t09"],
    "танцы на кухне": ["t30", "t10"],
    "something calm but louder": ["t21"],
    "for the gym": ["t22"],
}
KINDS = [QueryKind("genre", personalised=number % 2 == 0) for number in range(5)]


@pytest.fixture
def result(small, told):
    systems = {
        "random": RandomFloor([one.id for one in small.tracks], 1),
        "blind": told("blind"),
        "retriever": told("retriever", BEST),
        "retriever-cr": told("retriever-cr", {**BEST, "calm": ["t23"]}),
    }
    queries, left_out = offline_queries(small, "test")
    contestants = [
        Contestant(name, lambda one=one: one, "f" * 8, "artifact", floor=name == "random")
        for name, one in systems.items()
    ]
    titles = {"genre": {"en": "Genre", "ru": "Жанр"}}
    evaluation = evaluate(
        contestants, queries, small, chance=CHANCE, kinds=KINDS, kind_titles=titles, cutoffs=[3], timed=True
    )
    return as_json(
        evaluation,
        small,
        split="test",
        left_out=left_out,
        cautions=cautions(evaluation, left_out, split="test", listeners_known=True),
        kinds=KINDS,
        classifier={"source": "given", "kind": "tfidf"},
        code_version="1",
        settings={"seen_titles": "exclude"},
    )


def of(result, name):
    return next(system for system in result["systems"] if system["system"] == name)


def test_figures_by_hand(result):
    retriever = of(result, "retriever")
    assert retriever["hits@10"]["value"] == pytest.approx((3 + 1 + 1 + 1 + 0) / 5)
    assert retriever["success@10"]["value"] == pytest.approx(4 / 5)
    assert retriever["mrr"]["value"] == pytest.approx((1 + 1 / 2 + 1 + 1 + 1 / 24) / 5)
    assert of(result, "retriever-cr")["mrr"]["value"] == pytest.approx((1 + 1 / 2 + 1 + 1 + 1) / 5)
    assert "hits@3" in retriever


def test_means_are_the_means_of_the_values_kept(result):
    for system in result["systems"]:
        for metric, values in result["per_query"]["values"][system["system"]].items():
            assert system[metric]["value"] == pytest.approx(np.mean(values), abs=1e-12)
    assert len(result["per_query"]["queries"]) == result["queries"] == 5
    rows = per_query_lines(result)
    assert len(rows) == 20
    assert rows[2]["system"] == "retriever"
    assert rows[2]["mrr"] == 1


def test_coverage_is_over_all_lists(result):
    blind = of(result, "blind")
    assert blind["coverage"] == {"value": 0.25, "ci": None, "tracks": 10, "gini": pytest.approx(0.75)}


def test_four_listeners_and_playlists_are_too_few_and_it_says_so(result):
    assert result["clusters"] == 4
    assert all(test["t"] is None and test["ci"] is None for test in result["tests"])
    codes = [one["code"] for one in result["warnings"]]
    assert {"caution_none", "caution_heard", "caution_seen", "caution_seen_requests", "caution_clusters"} <= set(codes)
    assert "1 of 4 pairs" in result["warnings"][codes.index("caution_heard")]["text"]


def test_breakdowns_are_there(result):
    assert {by: [group["group"] for group in groups] for by, groups in result["breakdown"].items()} == {
        "category": ["genre"],
        "personalised": ["personalised", "other"],
        "language": ["en", "ru"],
        "origin": ["playlist", "request"],
    }
    assert [gain["system"] for gain in result["reranking"]] == ["retriever-cr", "retriever-cr"]


def test_the_result_is_json_with_times(result):
    assert json.loads(json.dumps(result, allow_nan=False))["queries"] == 5
    assert of(result, "retriever")["ms_per_query"]["queries"] == 5


def test_a_ranking_is_never_asked_deeper_than_the_catalogue(result):
    assert result["depth"] == 40


def test_summary_names_every_system_and_caution(result):
    text = "\n".join(summary(result))
    for system in result["systems"]:
        assert f"\n{system['system']} " in text
    assert "the data cannot tell" in text
    assert "“road  TRIP!”" in text


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_stands_alone_and_escapes_what_it_shows(result, language):
    result["dataset"]["name"] = "<script>alert(1)</script>"
    result["systems"][2]["system"] = "retri<b>ever"
    page = offline_page(result, language=language, styles="p { color: red }")
    assert page.startswith("<!doctype html>")
    assert f'<html lang="{language}">' in page
    assert "<script" not in page and "<b>" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "&amp;#" not in page and "&amp;lt;" not in page  # nothing is escaped twice
    assert page.count("<section") == page.count("</section>")
    assert "<svg" in page


def test_the_page_of_a_language_has_its_words_and_commas(result):
    english, russian = offline_page(result), offline_page(result, language="ru")
    assert "Where re-ranking helps and hurts" in english and "0.800" in english
    assert "Где переранжирование помогает и вредит" in russian and "0,800" in russian
    assert "Жанр" in russian and "Genre" in english
