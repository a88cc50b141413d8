import pytest

from recsys.data.dataset import Dataset
from recsys.data.reading import read_dataset


@pytest.fixture(scope="session")
def toy(toy_folder) -> Dataset:
    return read_dataset(toy_folder)


@pytest.fixture(scope="session")
def toy_encoder(toy):
    from recsys.training.encoder_training import train_static_encoder

    return train_static_encoder(toy, seed=5)


@pytest.fixture(scope="session")
def toy_classifier(toy):
    from annotation.public import train_classifier

    return train_classifier("tfidf", toy.queries, seed=5)[0]


@pytest.fixture(scope="session")
def trained(toy, toy_encoder, toy_classifier):
    """Every registered recommender, trained on the toy."""
    from recsys.core.registry import RECOMMENDERS, recommender_class

    return {
        slug: recommender_class(slug).train(toy, seed=5, encoder=toy_encoder, classifier=toy_classifier)
        for slug in RECOMMENDERS
    }
