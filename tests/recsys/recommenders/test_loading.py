"""The service that keeps loaded recommenders."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from recsys.core.errors import ArtifactError, RequestError
from recsys.services import recommendations
from recsys.services.recommendations import load_recommender, recommend


@pytest.fixture(autouse=True)
def nothing_loaded():
    recommendations._loaded.clear()


def test_loads_once_per_process(toy_models):
    first = load_recommender(toy_models / "bm25")
    assert load_recommender(toy_models / "bm25") is first
    assert load_recommender(toy_models / "popularity") is not first


def test_loads_once_though_many_ask(toy_models):
    with ThreadPoolExecutor(8) as pool:
        assert len({id(model) for model in pool.map(load_recommender, [toy_models / "retriever"] * 32)}) == 1


def test_an_artifact_that_was_replaced_is_loaded_anew(toy_models, tmp_path):
    shutil.copytree(toy_models / "bm25", tmp_path / "m")
    assert load_recommender(tmp_path / "m").slug == "bm25"
    shutil.rmtree(tmp_path / "m")
    shutil.copytree(toy_models / "popularity", tmp_path / "m")
    assert load_recommender(tmp_path / "m").slug == "popularity"


def test_forgets_the_one_not_asked_for_longest(toy_models, monkeypatch):
    monkeypatch.setattr(recommendations, "_AT_MOST", 2)
    first = load_recommender(toy_models / "bm25")
    for system in ("popularity", "bm25", "retriever"):
        load_recommender(toy_models / system)
    assert load_recommender(toy_models / "bm25") is first
    assert len(recommendations._loaded) == 2


def test_recommends(toy_models):
    assert len(recommend(directory=toy_models / "retriever", query="rock", k=4).tracks) == 4


def test_refuses_what_is_not_there(toy_models, tmp_path):
    with pytest.raises(ArtifactError, match="no whole artifact"):
        recommend(directory=tmp_path, query="x")
    with pytest.raises(RequestError, match="one of cpu, cuda"):
        load_recommender(toy_models / "bm25", device="tpu")
    with pytest.raises(RequestError, match="no system 'static-encoder'"):
        load_recommender(toy_models / "encoder")
