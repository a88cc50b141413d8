import pytest

from recsys.data.dataset import Dataset
from recsys.data.reading import read_dataset


@pytest.fixture(scope="session")
def toy(toy_folder) -> Dataset:
    return read_dataset(toy_folder)


@pytest.fixture(scope="session")
def toy_encoder(toy_models):
    from recsys.training.encoder import load_encoder

    return load_encoder(str(toy_models / "encoder"))


@pytest.fixture(scope="session")
def toy_classifier(toy_models):
    from annotation.public import load_classifier

    return load_classifier(toy_models / "retriever-cr-dp" / "classifier")


@pytest.fixture(scope="session")
def trained(toy, toy_encoder, toy_classifier):
    """Every registered recommender, trained on the toy."""
    from recsys.core.registry import RECOMMENDERS, recommender_class

    return {
        slug: recommender_class(slug).train(toy, seed=5, encoder=toy_encoder, classifier=toy_classifier)
        for slug in RECOMMENDERS
    }
