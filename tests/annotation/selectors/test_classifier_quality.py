"""What others are told of a finished run's classifier."""

import json

import pytest

from annotation import public
from annotation.models import ClassifierRun
from annotation.services.classifier_records import record_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(artifact, tmp_path, settings):
    settings.MODELS_ROOT = tmp_path
    return record_run(directory=artifact, name="Toy", data_name="toy")[0]


def test_the_version_is_the_folder_and_its_fingerprint(run, artifact):
    version = public.classifier_version(run=run.pk)
    manifest = json.loads((artifact / "manifest.json").read_text())
    assert (version.run, version.name, version.fingerprint) == (run.pk, "Toy", manifest["fingerprint"])
    assert (version.path / "manifest.json").read_bytes() == (artifact / "manifest.json").read_bytes()


def test_the_quality_is_that_of_the_manifest(run, artifact):
    quality = public.classifier_quality(run=run.pk)
    metrics = json.loads((artifact / "manifest.json").read_text())["metrics"]
    assert (quality.queries, quality.families) == (metrics["queries"], metrics["families"])
    for target, name in (("binary", "binary"), ("categories", "category")):
        for figure in ("accuracy", "macro_f1"):
            ours, theirs = getattr(quality, f"{name}_{figure}"), metrics[target][figure]
            assert (ours.value, list(ours.ci)) == (theirs["value"], theirs["ci"])
            assert ours.ci[0] <= ours.value <= ours.ci[1]


@pytest.mark.parametrize("ask", [public.classifier_version, public.classifier_quality])
def test_only_finished_runs(run, ask):
    ClassifierRun.objects.filter(pk=run.pk).update(state="stopped")
    with pytest.raises(ClassifierRun.DoesNotExist):
        ask(run=run.pk)


def test_each_costs_one_query(run, django_assert_num_queries):
    with django_assert_num_queries(1):
        public.classifier_version(run=run.pk)
    with django_assert_num_queries(1):
        public.classifier_quality(run=run.pk)
