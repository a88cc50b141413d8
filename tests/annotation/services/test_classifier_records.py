"""Classifiers from the command line in the registry: whole ones, once."""

import shutil

import pytest

from annotation.classifier.artifacts import verify
from annotation.models import ClassifierRun
from annotation.services.classifier_records import record_run
from playoff.common.errors import InvalidInputError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def models(settings, tmp_path):
    settings.MODELS_ROOT = tmp_path / "models"
    return settings.MODELS_ROOT


def test_a_folder_from_elsewhere_is_copied_whole(artifact, trained, models, lead):
    run, new = record_run(directory=artifact, name="From the shell", data_name="queries.jsonl", by=lead)
    assert new
    assert (run.state, run.name, run.data_name, run.model, run.seed) == (
        "finished", "From the shell", "queries.jsonl", "tfidf", 7,
    )  # fmt: skip
    assert (run.campaign, run.gold, run.created_by) == (None, None, lead)
    assert run.metrics["binary"]["macro_f1"]["value"] == trained[1].metrics.binary.macro_f1.value
    assert models in run.directory.parents
    shutil.rmtree(artifact)
    assert verify(run.directory).fingerprint == run.fingerprint == trained[1].fingerprint


def test_a_folder_below_the_models_stays_where_it_is(artifact, models):
    shutil.copytree(artifact, models / "classifier")
    run, _ = record_run(directory=models / "classifier")
    assert (run.artifact, run.name, run.data_name) == ("classifier", "tfidf", "classifier")


def test_recording_again_changes_nothing(artifact):
    first, _ = record_run(directory=artifact, name="One")
    again, new = record_run(directory=artifact, name="Two")
    assert (again.pk, again.name, new) == (first.pk, "One", False)
    assert ClassifierRun.objects.count() == 1


def test_what_is_no_whole_classifier_is_refused(artifact, tmp_path):
    with pytest.raises(InvalidInputError, match="no whole classifier here"):
        record_run(directory=tmp_path / "nowhere")
    (artifact / "CARD.md").write_text("x")
    with pytest.raises(InvalidInputError, match=r"CARD\.md: this file was altered"):
        record_run(directory=artifact)
    assert not ClassifierRun.objects.exists()
