"""Which classifier is in use: promoted, rolled back, and never one whose files are not what was trained."""

import pytest

from annotation.models import ClassifierPromotion
from annotation.public import ClassifierVersion, load_classifier, promoted_classifier
from annotation.services.classifier_promotion import (
    NothingToRollBackError,
    NotPromotableError,
    promote,
    roll_back,
)
from annotation.services.classifier_records import record_run

pytestmark = pytest.mark.django_db


@pytest.fixture
def runs(settings, tmp_path, little):
    """Two finished runs."""
    from annotation.classifier.registry import train_classifier
    from annotation.classifier.spec import Spec

    settings.MODELS_ROOT = tmp_path / "models"
    made = []
    for seed in (1, 2):
        folder = settings.MODELS_ROOT / f"seed-{seed}"
        train_classifier(Spec(model="tfidf", seed=seed), little)[0].save(folder)
        made.append(record_run(directory=folder, name=f"Seed {seed}")[0])
    return made


def test_nobody_has_promoted_one():
    assert promoted_classifier() is None


def test_the_newest_promotion_is_the_one_in_use(runs, lead):
    promote(run=runs[0], by=lead)
    promote(run=runs[1], by=lead)
    found = promoted_classifier()
    assert found == ClassifierVersion(runs[1].pk, "Seed 2", runs[1].fingerprint, runs[1].directory)
    assert found.path.is_absolute() and load_classifier(found.path).classify(["for running"])
    assert [promotion.run_id for promotion in ClassifierPromotion.objects.all()] == [runs[1].pk, runs[0].pk]


def test_promoting_the_one_in_use_adds_nothing(runs, lead):
    assert promote(run=runs[0], by=lead) == promote(run=runs[0], by=lead)
    assert ClassifierPromotion.objects.count() == 1


@pytest.mark.parametrize("state", ["queued", "running", "stopping", "stopped", "failed"])
def test_only_a_finished_run(runs, state):
    type(runs[0]).objects.filter(pk=runs[0].pk).update(state=state)
    with pytest.raises(NotPromotableError, match="only a finished run can be put to use"):
        promote(run=runs[0], by=None)


def test_altered_files_are_found_before_anybody_uses_them(runs):
    (runs[0].directory / "CARD.md").write_text("better than ever")
    with pytest.raises(NotPromotableError, match=r"CARD\.md: this file was altered"):
        promote(run=runs[0], by=None)
    assert promoted_classifier() is None


def test_another_classifier_in_the_folder_is_found(runs):
    type(runs[0]).objects.filter(pk=runs[0].pk).update(fingerprint="0" * 64)
    with pytest.raises(NotPromotableError, match="another classifier is in this folder"):
        promote(run=runs[0], by=None)


class TestRollBack:
    def test_goes_back_to_the_one_before_and_the_history_grows(self, runs, lead):
        promote(run=runs[0], by=lead)
        newest = promote(run=runs[1], by=lead)
        back = roll_back(expected=newest.pk, by=lead)
        assert (back.run_id, promoted_classifier().run) == (runs[0].pk, runs[0].pk)
        assert ClassifierPromotion.objects.count() == 3
        assert roll_back(expected=back.pk, by=lead).run_id == runs[1].pk

    def test_a_second_click_does_not_go_back_again(self, runs, lead):
        promote(run=runs[0], by=lead)
        newest = promote(run=runs[1], by=lead)
        roll_back(expected=newest.pk, by=lead)
        with pytest.raises(NothingToRollBackError, match="meanwhile"):
            roll_back(expected=newest.pk, by=lead)
        assert promoted_classifier().run == runs[0].pk

    def test_there_is_nothing_before_the_first(self, runs, lead):
        with pytest.raises(NothingToRollBackError, match="No other classifier"):
            roll_back(expected=1, by=lead)
        first = promote(run=runs[0], by=lead)
        with pytest.raises(NothingToRollBackError, match="No other classifier"):
            roll_back(expected=first.pk, by=lead)

    def test_not_to_one_whose_files_are_gone(self, runs, lead):
        promote(run=runs[0], by=lead)
        newest = promote(run=runs[1], by=lead)
        (runs[0].directory / "manifest.json").unlink()
        with pytest.raises(NotPromotableError, match="no whole classifier here"):
            roll_back(expected=newest.pk, by=lead)
        assert promoted_classifier().run == runs[1].pk
