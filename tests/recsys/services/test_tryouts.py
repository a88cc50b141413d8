"""Asking: one row a question, whatever is clicked; what is refused; who is called."""

import uuid

import pytest

from playoff.common.errors import InvalidInputError
from recsys.errors import TryoutKeyReusedError
from recsys.models import SystemVersion, Tryout
from recsys.services.tryouts import MAX_K, MAX_QUERY, ask
from recsys.tasks import answer_tryout

pytestmark = pytest.mark.django_db


@pytest.fixture
def calls(monkeypatch):
    """Every call of a worker, as the broker would get it."""
    sent = []
    monkeypatch.setattr(answer_tryout, "apply_async", lambda args, **options: sent.append((*args, options["expires"])))
    return sent


def test_a_row_is_written_and_a_worker_called(make_tryout, calls, django_capture_on_commit_callbacks, settings):
    with django_capture_on_commit_callbacks(execute=True):
        row = make_tryout(query="  rain ", k=7)
    assert (row.query, row.k, row.state, row.attempts) == ("rain", 7, "queued", 0)
    assert calls == [(row.pk, settings.GENERATION_DEADLINE_S)]


def test_a_double_click_is_one_row_and_one_call(make_tryout, calls, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        rows = [make_tryout(key="k"), make_tryout(key="k")]
    assert rows[0] == rows[1] and Tryout.objects.count() == len(calls) == 1


def test_the_same_key_of_somebody_else_is_another_question(make_tryout, make_user):
    other = make_user("colleague", is_researcher=True)
    assert make_tryout(key="k") != make_tryout(key="k", by=other)


def test_a_key_is_for_one_question(make_tryout):
    make_tryout(key="k")
    with pytest.raises(TryoutKeyReusedError, match="was used for another query"):
        make_tryout(key="k", query="sun")


def test_two_versions_are_asked_the_same(version, versions, researcher, calls, django_capture_on_commit_callbacks):
    both = [version, SystemVersion.objects.get(pk=versions["bm25"])]
    with django_capture_on_commit_callbacks(execute=True):
        rows, new = ask(by=researcher, versions=both, query="rain", key="k")
    assert new and [row.version for row in rows] == both and len(calls) == 2
    assert {row.query for row in rows} == {"rain"}
    assert ask(by=researcher, versions=both, query="rain", key="k") == (rows, False)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"query": " "}, f"between 1 and {MAX_QUERY} characters"),
        ({"query": "x" * (MAX_QUERY + 1)}, f"between 1 and {MAX_QUERY} characters"),
        ({"k": 0}, f"between 1 and {MAX_K} tracks, got 0"),
        ({"k": MAX_K + 1}, "got 101"),
        ({"listener": "nobody-we-know"}, "The data set toy 2 knows no listener “nobody-we-know”."),
        ({"key": ""}, "Idempotency-Key"),
        ({"versions": []}, "Choose one system version, or two different ones."),
    ],
)
def test_what_is_refused_leaves_no_row(make_tryout, given, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        make_tryout(**given)
    assert not Tryout.objects.exists()


def test_one_version_twice_is_refused(make_tryout, version):
    with pytest.raises(InvalidInputError, match="two different ones"):
        make_tryout(versions=[version, version])


def test_a_broker_that_is_down_is_no_error(make_tryout, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def down(*_, **__):
        raise OSError("no broker")

    monkeypatch.setattr(answer_tryout, "apply_async", down)
    with django_capture_on_commit_callbacks(execute=True):
        make_tryout(key=uuid.uuid4().hex)
    assert Tryout.objects.get().state == "queued" and "the clock will send it" in caplog.text


def test_the_task_goes_where_playlists_are_made(settings):
    assert settings.CELERY_TASK_ROUTES["recsys.tasks.answer_tryout"] == {"queue": "gpu"}
    assert settings.CELERY_BEAT_SCHEDULE["tend-tryouts"]["task"] == "recsys.tasks.tend_tryouts"
