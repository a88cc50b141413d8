"""A study opens with the classifier in use, and keeps it."""

import pytest
from django.db.models import ProtectedError

from annotation.services.classifier_promotion import promote
from annotation.services.classifier_records import record_run
from evaluation.services.studies import close_study, create_study, open_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(versions):
    systems = {"popularity": versions["popularity"], "bm25": versions["bm25"]}
    return create_study(slug="draft", title="Draft", systems=systems, consent="I agree.")


@pytest.fixture
def another_run(classifier_run, other_classifier_folder):
    return record_run(directory=other_classifier_folder, name="Another")[0]


def test_a_draft_has_no_classifier_and_opens_with_the_one_in_use(promoted, draft):
    assert draft.classifier is None
    assert open_study(study=draft).classifier == promoted


def test_a_run_that_nobody_promoted_is_not_taken(classifier_run, draft):
    assert open_study(study=draft).classifier is None


def test_without_any_classifier_the_study_opens_all_the_same(draft):
    study = open_study(study=draft)
    assert (study.status, study.classifier) == ("open", None)


def test_a_later_promotion_changes_nothing(promoted, another_run, draft):
    study = open_study(study=draft)
    promote(run=another_run, by=None)
    for again in (open_study(study=study), open_study(study=close_study(study=study))):
        assert again.classifier == promoted
    study.refresh_from_db()
    assert study.classifier == promoted


def test_a_study_that_opened_without_one_never_gets_one(classifier_run, draft):
    study = open_study(study=draft)
    promote(run=classifier_run, by=None)
    assert open_study(study=close_study(study=study)).classifier is None


def test_the_latest_promotion_counts(promoted, another_run, draft):
    promote(run=another_run, by=None)
    assert open_study(study=draft).classifier == another_run


def test_a_run_in_a_study_cannot_go(promoted, draft):
    open_study(study=draft)
    promoted.promotions.all().delete()
    with pytest.raises(ProtectedError):
        promoted.delete()


@pytest.mark.parametrize("status", ["draft", "open", "closed"])
def test_the_admin_shows_it_and_lets_nobody_change_it(admin_client, promoted, draft, status):
    if status != "draft":
        open_study(study=draft)
    if status == "closed":
        close_study(study=draft)
    page = admin_client.get(f"/admin/evaluation/study/{draft.pk}/change/").content.decode()
    assert 'name="classifier"' not in page
    assert ("Toy n-grams" in page) == (status != "draft")
    assert admin_client.get("/admin/evaluation/study/").status_code == 200
