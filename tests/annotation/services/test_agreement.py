"""Reports are computed once for one state of the labels, and say when they are behind it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from annotation.agreement.errors import AgreementError
from annotation.agreement.report import agreement_report
from annotation.selectors.agreement import campaign_votes
from annotation.services import agreement as services
from annotation.services.agreement import compute, compute_as_job, recompute, report_file, standing
from annotation.services.imported_labels import ImportedLabel, place_labels
from tests.labels import import_labels

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def campaign(make_campaign):
    """Four queries of six wait for labels; the two labelled ones agree once."""
    campaign = make_campaign(queries=6, seed=11)
    import_labels(campaign, "travel travel", "travel noise")
    return campaign


def test_the_figures_are_those_of_the_core(campaign):
    votes = campaign_votes(campaign)
    wanted = agreement_report(
        votes.planned, groups=votes.groups, families=votes.families, seed=11, resamples=1000, times=votes.times
    ).to_json()
    assert compute(campaign)["report"] == wanted
    assert wanted["observed"]["value"] == 0.5  # one query of two
    assert wanted["krippendorff_alpha"]["value"] == pytest.approx(0.0)  # 1 - (2 / 4) / (2 * 3 * 1 / (4 * 3))
    assert wanted["binary"]["observed"]["value"] == 0.5


def test_a_report_is_computed_once(campaign, django_assert_num_queries):
    first = standing(campaign)
    assert first.current
    assert first.since == 0
    with django_assert_num_queries(2):
        again = standing(campaign)
    assert again.kept == first.kept
    assert recompute(campaign).computed_at == first.computed_at


def test_a_new_label_leaves_the_report_and_is_counted(campaign):
    before = standing(campaign)
    import_labels(campaign, "travel travel noise", "travel noise", "noise noise")
    behind = standing(campaign)
    assert behind.kept == before.kept
    assert (behind.current, behind.since) == (False, 3)
    after = recompute(campaign)
    assert (after.current, after.since) == (True, 0)
    assert after.kept["report"]["votes"] == 7


def test_another_campaign_of_the_same_number_has_another_report(campaign):
    standing(campaign)
    campaign.created_at = timezone.now()
    campaign.save()
    assert services._cache().get(services._key(campaign, "report")) is None


def test_without_labels_every_figure_says_why(make_campaign):
    report = standing(make_campaign(queries=2)).kept["report"]
    assert report["observed"]["value"] is None
    assert report["observed"]["reason"] == "There are no votes yet."


def test_somebody_alone_on_their_queries_is_no_obstacle(campaign):
    queries = list(campaign.items.order_by("query").values_list("query", flat=True))
    place_labels(campaign=campaign, labels=[ImportedLabel(queries[5], "alone", "noise")])
    report = compute(campaign)["report"]
    alone = next(row for row in report["annotators"] if row["annotator"] == "alone")
    assert alone["kappa"]["reason"] == "Nobody else labelled an item of alone."


def test_the_file_holds_the_report_and_the_confusion_of_all_labels(campaign):
    held = report_file(standing(campaign).kept)
    assert held["observed"]["value"] == 0.5
    assert sum(map(sum, held["all_labels"]["confusion"]["counts"])) == 3  # one pair on the diagonal, one twice


class TestLargeCampaigns:
    @pytest.fixture(autouse=True)
    def large(self, monkeypatch):
        monkeypatch.setattr(services, "AT_ONCE", 1)

    def test_nothing_is_computed_unasked(self, campaign):
        found = standing(campaign)
        assert found.kept is None
        assert (found.job, found.current) == ("", False)

    def test_a_worker_computes_it(self, campaign, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True) as published:
            assert recompute(campaign).job == "waiting"
        assert len(published) == 1
        with django_capture_on_commit_callbacks() as published:
            recompute(campaign)
        assert not published  # asked for already
        compute_as_job(campaign.pk)
        found = standing(campaign)
        assert (found.current, found.job) == (True, "")

    def test_a_second_delivery_computes_nothing(self, campaign):
        compute_as_job(campaign.pk)
        first = standing(campaign).computed_at
        compute_as_job(campaign.pk)
        assert standing(campaign).computed_at == first
        compute_as_job(campaign.pk + 1)  # deleted meanwhile

    def test_a_missing_worker_is_told(self, campaign, monkeypatch, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            recompute(campaign)
        monkeypatch.setattr(services, "UNTAKEN", timedelta(0))
        assert standing(campaign).job == "untaken"
        with django_capture_on_commit_callbacks() as published:
            recompute(campaign)
        assert len(published) == 1  # may be asked for again

    def test_a_failure_is_told(self, campaign, monkeypatch):
        monkeypatch.setattr(services, "RESAMPLES", 1)  # fewer than the core takes
        with pytest.raises(AgreementError, match="resamples"):
            compute_as_job(campaign.pk)
        assert standing(campaign).job == "failed"

    def test_a_worker_that_fell_silent_has_failed(self, campaign, monkeypatch):
        services._note(campaign, "running")
        assert standing(campaign).busy
        monkeypatch.setattr(services, "LATE", timedelta(0))
        assert standing(campaign).job == "failed"

    def test_a_queue_that_does_not_answer_is_told(self, campaign, monkeypatch):
        from annotation.tasks import compute_agreement

        def unreachable(*args: object) -> None:
            raise OSError("no route")

        monkeypatch.setattr(compute_agreement, "delay", unreachable)
        services._publish(campaign)
        assert standing(campaign).job == "failed"
