from django.utils import translation

from recsys.offline_page import breakdowns, paired_tests, warnings_of

RESULT = {
    "tests": [{"metric": "mrr"}, {"metric": "ndcg@10", "a": "x"}, {"metric": "ndcg@10", "a": "y"}],
    "breakdown": {
        "other": [{"group": "g", "n": 3, "systems": {}}],
        "category": [
            {"group": "travel", "titles": {"en": "Travel", "ru": "Путешествия"}, "n": 40, "small": False,
             "systems": {"bm25": {"ndcg@10": {"value": 0.5, "ci": None}}}},
        ],
    },
    "warnings": [{"code": "c", "values": {}, "text": "Few."}],
}  # fmt: skip


def test_the_main_metrics_come_first():
    assert [(group["metric"], len(group["tests"])) for group in paired_tests(RESULT)] == [("ndcg@10", 2), ("mrr", 1)]


def test_breakdowns_have_a_figure_for_each_system_or_none():
    first, second = breakdowns(RESULT, ["bm25", "popularity"])
    assert (first["by"], second["by"], second["title"]) == ("category", "other", "other")
    assert first["groups"][0]["figures"] == [{"value": 0.5, "ci": None}, None]
    with translation.override("ru"):
        assert breakdowns(RESULT, [])[0]["groups"][0]["title"] == "Путешествия"


def test_what_an_older_run_lacks_is_left_out():
    assert paired_tests({}) == breakdowns({}, []) == warnings_of({}) == []
    assert warnings_of(RESULT) == ["Few."]


def test_cautions_in_the_reader_s_language():
    result = {"warnings": [{"code": "caution_few", "values": {"clusters": 12}, "text": "Few."}]}
    assert "only 12 independent" in warnings_of(result)[0]
    with translation.override("ru"):
        assert "всего 12" in warnings_of(result)[0]
