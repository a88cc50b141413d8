"""The clock: sends again what nobody took, gives up what nobody will answer, removes what is old."""

import os
import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from recsys.models import Tryout
from recsys.services import tryouts
from recsys.services.tryout_tending import tend_tryouts

pytestmark = pytest.mark.django_db
NOBODY = 2**22 + 1  # above any process id


def tended(*, created=0.0, sent=0.0, started=None, **values) -> dict[str, int]:
    now = timezone.now()
    ago = {"created_at": created, "sent_at": sent, **({} if started is None else {"started_at": started})}
    Tryout.objects.update(**values, **{name: now - timedelta(seconds=seconds) for name, seconds in ago.items()})
    return tend_tryouts()


def test_a_fresh_one_is_left_alone(make_tryout):
    make_tryout()
    assert tended() == {"sent": 0, "given_up": 0, "removed": 0}


def test_a_lost_call_is_sent_again_and_not_twice(make_tryout, settings):
    make_tryout()
    late = settings.GENERATION_RESEND_AFTER_S + 1
    assert tended(created=late, sent=late)["sent"] == 1
    assert tend_tryouts()["sent"] == 0


def test_one_that_a_living_worker_has_is_left_alone(make_tryout):
    make_tryout()
    worker = f"{socket.gethostname()}/{os.getppid()}"
    assert tended(created=20, sent=20, started=20, attempts=1, worker=worker)["sent"] == 0


def test_one_whose_worker_died_is_sent_again(make_tryout):
    make_tryout()
    assert tended(created=20, sent=20, started=15, attempts=1, worker=f"{socket.gethostname()}/{NOBODY}")["sent"] == 1


def test_one_that_killed_two_workers_is_given_up(make_tryout):
    make_tryout()
    assert (
        tended(created=20, sent=20, started=15, attempts=2, worker=f"{socket.gethostname()}/{NOBODY}")["given_up"] == 1
    )
    row = Tryout.objects.get()
    assert (row.state, row.error) == ("failed", tryouts.LOST) and row.finished_at is not None


def test_one_that_nobody_answered_in_time_is_given_up(make_tryout, settings):
    make_tryout()
    assert tended(created=settings.GENERATION_DEADLINE_S + 1)["given_up"] == 1
    assert Tryout.objects.get().error == tryouts.LATE
    assert tend_tryouts()["given_up"] == 0


def test_after_a_day_it_is_removed(make_tryout):
    make_tryout()
    assert tended(created=86_390, state="done")["removed"] == 0
    assert tended(created=86_410, state="done")["removed"] == 1
    assert not Tryout.objects.exists()


def test_looking_costs_two_queries_and_the_time(make_tryout, django_assert_max_num_queries):
    make_tryout()
    with django_assert_max_num_queries(3):
        tend_tryouts()
