import pytest

from annotation.classifier.errors import ClassifierError
from annotation.classifier.registry import load_classifier
from annotation.classifier.spec import Spec
from annotation.services.training import train_classifier_into


def test_trains_once(little, trained, tmp_path):
    folder = tmp_path / "model"
    steps = []

    def train():
        return train_classifier_into(
            directory=folder, spec=Spec("tfidf", seed=7), queries=little, progress=lambda *step: steps.append(step)
        )

    assert train() == (trained[1], True)
    assert load_classifier(folder).classify(["run"]) == trained[0].classify(["run"])
    steps.clear()
    assert train() == (trained[1], False)
    assert steps == []


def test_refuses_before_the_work(little, artifact):
    steps = []
    with pytest.raises(ClassifierError, match="another classifier is here"):
        train_classifier_into(
            directory=artifact, spec=Spec("tfidf", seed=8), queries=little, progress=lambda *step: steps.append(step)
        )
    assert steps == []


def test_a_place_that_cannot_be_written_shows_before_the_work(little, tmp_path):
    (tmp_path / "file").touch()
    steps = []
    with pytest.raises(OSError, match="file"):
        train_classifier_into(
            directory=tmp_path / "file" / "model",
            spec=Spec("tfidf", seed=7),
            queries=little,
            progress=lambda *step: steps.append(step),
        )
    assert steps == []
