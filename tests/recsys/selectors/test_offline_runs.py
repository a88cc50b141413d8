import pytest

from recsys.models import OfflineRun
from recsys.selectors.offline_runs import figures_of, figures_of_run, offline_runs


def run(version: str, *systems: dict) -> OfflineRun:
    return OfflineRun.objects.create(
        dataset_name="toy",
        dataset_version=version,
        dataset_fingerprint="f" * 64,
        split="test",
        seed=3,
        code_version="1",
        result={"queries": 46, "systems": list(systems)},
    )


def system(fingerprint: str, value: float) -> dict:
    return {
        "system": "bm25",
        "fingerprint": fingerprint,
        "floor": False,
        "hits@10": {"value": value, "ci": [value - 0.1, value + 0.1]},
        "coverage": {"value": 0.25, "ci": None, "tracks": 3, "gini": 0.5},
        "ms_per_query": {"value": 1.0, "p50": 1.0, "p95": 2.0},
    }


@pytest.fixture
def two_runs(db):
    return run("1", system("aaa", 1.0), system("bbb", 2.0)), run("2", system("aaa", 3.0))


def test_the_newest_run_comes_first(two_runs, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert offline_runs() == [two_runs[1], two_runs[0]]
    assert offline_runs(limit=1) == [two_runs[1]]


def test_figures_of_one_system_version(two_runs, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = figures_of("aaa")
    assert [(one.dataset, one.figures["hits@10"].value) for one in found] == [("toy 2", 3.0), ("toy 1", 1.0)]
    assert found[0].figures["hits@10"].ci == (2.9, 3.1)
    assert found[0].figures["coverage"].ci is None
    assert set(found[0].figures) == {"hits@10", "coverage"}
    assert found[0].ms_per_query["p95"] == 2.0
    assert (found[0].queries, found[0].split, found[0].seed) == (46, "test", 3)


def test_a_fingerprint_that_nobody_evaluated_has_none(two_runs):
    assert figures_of("ccc") == []


def test_all_systems_of_a_run(two_runs):
    assert [one.fingerprint for one in figures_of_run(two_runs[0])] == ["aaa", "bbb"]
