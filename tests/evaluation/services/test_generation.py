import os
import socket
import subprocess
from datetime import timedelta

import pytest

from evaluation.models import Side, StudySystem, Trial
from evaluation.services.generation import Claim, claim_side, fail_side, generate, give_up, store_playlist
from evaluation.services.reaper import reap
from evaluation.services.trials import submit_query
from playoff.common.clock import database_now
from recsys import public as recsys
from recsys.public import TrackCard
from tests.conftest import WISH

pytestmark = pytest.mark.django_db

CARDS = [TrackCard(id="t1", title="One", artists=("A",), year=1970, preview_url="")]
OTHERS = [TrackCard(id="t2", title="Two", artists=("B",), year=None, preview_url="")]


@pytest.fixture
def trial(participant) -> Trial:
    return submit_query(participant=participant, query=WISH, idempotency_key="k")[0]


@pytest.fixture
def a(trial) -> Side:
    return trial.sides.get(name="a")


@pytest.fixture
def b(trial) -> Side:
    return trial.sides.get(name="b")


def dead_process() -> int:
    process = subprocess.Popen(["true"])
    process.wait()
    return process.pid


def test_two_real_playlists_make_a_ready_trial(trial, a, b):
    assert generate(side_id=a.pk)
    trial.refresh_from_db()
    assert trial.state == Trial.State.GENERATING
    assert generate(side_id=b.pk)
    trial.refresh_from_db()
    assert trial.state == Trial.State.READY
    assert trial.visible_from is not None and trial.expires_at is not None
    for side in trial.sides.all():
        assert len(side.tracks) == len(side.playlist) == trial.study.playlist_length
        assert set(side.playlist[0]) == {"title", "artists", "year", "preview_url"}
        assert side.attempt == 1 and side.model_seconds > 0


def test_a_doubled_message_changes_nothing(trial, a):
    assert generate(side_id=a.pk)
    before = Side.objects.filter(pk=a.pk).values().get()
    assert not generate(side_id=a.pk)
    assert Side.objects.filter(pk=a.pk).values().get() == before


def test_a_lease_keeps_others_out(a):
    assert claim_side(side_id=a.pk) == Claim(a.pk, 1)
    Side.objects.filter(pk=a.pk).update(worker="elsewhere/1")
    assert claim_side(side_id=a.pk) is None


def test_a_lapsed_lease_is_taken_over_and_the_late_worker_stores_nothing(trial, a):
    late = claim_side(side_id=a.pk)
    Side.objects.filter(pk=a.pk).update(worker="elsewhere/1", lease_until=database_now() - timedelta(seconds=1))
    second = claim_side(side_id=a.pk)
    assert second == Claim(a.pk, 2)
    assert not store_playlist(claim=late, cards=OTHERS, seconds=9.0)
    assert store_playlist(claim=second, cards=CARDS, seconds=0.1)
    assert not store_playlist(claim=late, cards=OTHERS, seconds=9.0)
    a.refresh_from_db()
    assert a.tracks == ["t1"]


def test_a_dead_worker_of_this_machine_is_taken_over_at_once(a):
    claim_side(side_id=a.pk)
    Side.objects.filter(pk=a.pk).update(worker=f"{socket.gethostname()}/{dead_process()}")
    assert claim_side(side_id=a.pk) == Claim(a.pk, 2)


def test_a_living_worker_of_this_machine_is_left_alone(a):
    claim_side(side_id=a.pk)
    Side.objects.filter(pk=a.pk).update(worker=f"{socket.gethostname()}/{os.getppid()}")
    assert claim_side(side_id=a.pk) is None


def test_poison_ends_after_two_attempts(trial, a):
    for _ in range(2):
        assert claim_side(side_id=a.pk) is not None
        Side.objects.filter(pk=a.pk).update(worker=f"{socket.gethostname()}/{dead_process()}")
    assert claim_side(side_id=a.pk) is None
    trial.refresh_from_db()
    a.refresh_from_db()
    assert (trial.state, a.state, a.failure, a.attempt) == ("failed", "failed", "worker lost", 2)


def test_an_error_gives_one_more_attempt_then_fails(trial, a, settings):
    StudySystem.objects.filter(pk=a.system_id).first().version.__class__.objects.filter(pk=a.system.version_id).update(
        artifact="gone"
    )
    for attempt in (1, 2):
        with pytest.raises(recsys.RecsysError):
            generate(side_id=a.pk)
        a.refresh_from_db()
        assert a.attempt == attempt
    trial.refresh_from_db()
    assert (trial.state, a.state, a.failure) == ("failed", "failed", "ArtifactError")
    assert not generate(side_id=a.pk)


def test_identical_playlists_are_recorded_and_not_shown(trial, a, b):
    for side in (a, b):
        store_playlist(claim=claim_side(side_id=side.pk), cards=CARDS, seconds=0.1)
    trial.refresh_from_db()
    assert trial.state == Trial.State.IDENTICAL


def test_another_order_is_not_identical(trial, a, b):
    store_playlist(claim=claim_side(side_id=a.pk), cards=[*CARDS, *OTHERS], seconds=0.1)
    store_playlist(claim=claim_side(side_id=b.pk), cards=[*OTHERS, *CARDS], seconds=0.1)
    trial.refresh_from_db()
    assert trial.state == Trial.State.READY


def test_release_is_on_a_whole_tick(trial, a, b, settings):
    settings.RELEASE_TICK_S = 2
    for side, cards in ((a, CARDS), (b, OTHERS)):
        store_playlist(claim=claim_side(side_id=side.pk), cards=cards, seconds=0.1)
    trial.refresh_from_db()
    assert (trial.visible_from - trial.created_at).total_seconds() == pytest.approx(2)


def test_a_late_playlist_does_not_revive_a_failed_trial(trial, a, b):
    claim = claim_side(side_id=b.pk)
    fail_side(side_id=a.pk, attempt=0, reason="deadline")
    store_playlist(claim=claim, cards=CARDS, seconds=0.1)
    trial.refresh_from_db()
    assert trial.state == Trial.State.FAILED


def test_giving_up_twice_counts_once(a):
    claim = claim_side(side_id=a.pk)
    give_up(claim=claim, reason="X")
    give_up(claim=claim, reason="X")
    a.refresh_from_db()
    assert (a.state, a.attempt) == ("queued", 1)


class TestReaper:
    def test_nothing_to_do(self, trial):
        assert reap() == {"woken": 0, "given_up": 0, "failed": 0, "expired": 0}

    def test_an_unheard_call_is_sent_again_once(self, trial, a):
        Side.objects.filter(pk=a.pk).update(sent_at=database_now() - timedelta(minutes=1))
        assert reap()["woken"] == 1
        assert reap()["woken"] == 0

    def test_a_lapsed_lease_is_called_for(self, trial, a):
        claim_side(side_id=a.pk)
        Side.objects.filter(pk=a.pk).update(lease_until=database_now() - timedelta(seconds=1))
        assert reap()["woken"] == 1

    def test_a_lapsed_second_attempt_is_given_up(self, trial, a):
        claim_side(side_id=a.pk)
        Side.objects.filter(pk=a.pk).update(lease_until=database_now() - timedelta(seconds=1), attempt=2)
        assert reap()["given_up"] == 1
        trial.refresh_from_db()
        assert trial.state == Trial.State.FAILED

    def test_a_late_trial_fails(self, trial):
        Trial.objects.filter(pk=trial.pk).update(deadline=database_now() - timedelta(seconds=1))
        assert reap()["failed"] == 1
        trial.refresh_from_db()
        assert trial.state == Trial.State.FAILED

    def test_an_unjudged_trial_expires(self, trial):
        Trial.objects.filter(pk=trial.pk).update(state="ready", expires_at=database_now() - timedelta(seconds=1))
        assert reap()["expired"] == 1
        trial.refresh_from_db()
        assert trial.state == Trial.State.EXPIRED
