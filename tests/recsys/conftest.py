"""A researcher's try-outs and an offline run, for the tests of pages, interface and services."""

import uuid
from collections.abc import Callable

import pytest


@pytest.fixture
def version(versions):
    """The toy version whose scores have all the parts."""
    from recsys.models import SystemVersion

    return SystemVersion.objects.select_related("dataset").get(pk=versions["retriever-cr-dp"])


@pytest.fixture
def listener(toy_dataset) -> str:
    """Somebody who likes something."""
    from recsys.selectors.catalogue import listener_choices

    return listener_choices(toy_dataset.pk, 1)[0].id


@pytest.fixture
def make_tryout(version, researcher) -> Callable[..., object]:
    from recsys.services.tryouts import ask

    def make(**given: object) -> object:
        values = {"by": researcher, "versions": [version], "query": "rain", "k": 5, "key": uuid.uuid4().hex}
        return ask(**{**values, **given})[0][0]

    return make


def system_line(version, value: float) -> dict[str, object]:
    """A system's line as `evaluate --json` writes it."""
    return {
        "system": version.system,
        "fingerprint": version.fingerprint,
        "hits@10": {"value": value, "ci": [value - 0.1, value + 0.1]},
        "ndcg@10": {"value": value / 2, "ci": [value / 2 - 0.1, value / 2 + 0.1]},
        "coverage": {"value": 0.25, "ci": None},
        "ms_per_query": {"p50": 2.5, "p95": 12.25},
    }


def offline_result(versions) -> dict[str, object]:
    """The result of an evaluation of these versions, with one breakdown and one test."""
    first, second = (version.system for version in versions[:2])
    figures = {
        first: {"ndcg@10": {"value": 0.111, "ci": None}},
        second: {"ndcg@10": {"value": 0.222, "ci": [0.1, 0.3]}},
    }
    test = {
        "metric": "ndcg@10", "a": first, "b": second, "n": 40, "clusters": 40, "difference": -0.25, "ci": [-0.4, -0.1],
        "t": {"p": 0.001, "p_bonferroni": 0.012}, "sign_flip": {"p": 0.002, "p_bonferroni": 0.024}, "significant": True,
    }  # fmt: skip
    group = {"group": "travel", "titles": {"en": "Travel", "ru": "Путешествия"}, "n": 9, "small": True}
    return {
        "queries": 40,
        "systems": [system_line(version, 0.5 + number / 10) for number, version in enumerate(versions)],
        "tests": [{**test, "metric": "mrr", "significant": None, "t": None, "sign_flip": None, "ci": None}, test],
        "breakdown": {"category": [{**group, "systems": figures}], "language": []},
        "warnings": [
            {
                "code": "caution_few",
                "values": {"clusters": 12},
                "text": "There are only 12 independent listeners or playlists: intervals and tests are rough.",
            }
        ],
        "methods": {"comparisons": 12},
    }


@pytest.fixture
def make_run(versions) -> Callable[..., object]:
    from recsys.models import OfflineRun, SystemVersion

    def make(*systems: str, **given: object) -> object:
        wanted = systems or ("popularity", "retriever-cr-dp")
        rows = [SystemVersion.objects.get(pk=versions[system]) for system in wanted]
        values = {
            "dataset_name": "toy", "dataset_version": "2", "dataset_fingerprint": "f", "split": "test", "seed": 7,
            "code_version": "0.1.0+abc", "result": offline_result(rows),
        }  # fmt: skip
        return OfflineRun.objects.create(**{**values, **given})

    return make
