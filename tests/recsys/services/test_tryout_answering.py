"""Answering: the parts make the score, refusals are sentences, and who was overtaken stores nothing."""

import shutil

import pytest
from django.utils import timezone

from recsys.models import SystemVersion, Tryout
from recsys.services import tryout_answering
from recsys.services.recommendations import recommend
from recsys.services.tryout_answering import answer_tryout

pytestmark = pytest.mark.django_db


def answered(row) -> Tryout:
    answer_tryout(tryout_id=row.pk)
    return Tryout.objects.get(pk=row.pk)


def test_the_answer_is_the_system_s_with_its_parts(make_tryout, version, listener, toy_models):
    row = answered(make_tryout(listener=listener, query="songs I will like"))
    ranked = recommend(directory=toy_models / version.system, query=row.query, listener=listener, k=5)
    tracks = row.answer["tracks"]
    assert (row.state, row.error, row.attempts) == ("done", "", 1) and row.finished_at is not None
    assert [track["id"] for track in tracks] == list(ranked.tracks)
    assert row.answer["alpha"] == ranked.alpha
    for track in tracks:  # eq. 2: s = s_llm * s_cf ** alpha
        assert track["score"] == pytest.approx(track["semantic"] * track["collaborative"] ** ranked.alpha)
    assert any(track["collaborative"] < 1 for track in tracks)
    assert row.answer["seconds"] > 0 and tracks[0]["title"] and tracks[0]["artists"]


def test_the_type_of_the_query_comes_from_the_version_s_classifier(make_tryout, versions):
    assert answered(make_tryout()).answer["category"]
    fixed = SystemVersion.objects.get(pk=versions["retriever-cr"])
    answer = answered(make_tryout(versions=[fixed])).answer
    assert answer["category"] is None and answer["alpha"] == 1.0


def test_a_score_without_parts(make_tryout, versions):
    plain = SystemVersion.objects.get(pk=versions["popularity"])
    answer = answered(make_tryout(versions=[plain])).answer
    assert answer["alpha"] is None and "semantic" not in answer["tracks"][0]


def test_an_artifact_that_is_gone_is_one_sentence(make_tryout, settings, tmp_path):
    settings.MODELS_ROOT = tmp_path
    row = answered(make_tryout())
    assert row.state == "failed" and row.answer is None
    assert "there is no whole artifact here (manifest.json is missing); train it again." in row.error


def test_an_altered_artifact_is_refused(make_tryout, settings, tmp_path, toy_models):
    shutil.copytree(toy_models / "retriever-cr-dp", tmp_path / "retriever-cr-dp")
    (tmp_path / "retriever-cr-dp" / "params.json").write_text("{}")
    settings.MODELS_ROOT = tmp_path
    row = answered(make_tryout())
    assert row.state == "failed" and "params.json" in row.error


def test_more_tracks_than_there_are_is_one_sentence(make_tryout, toy_dataset):
    Tryout.objects.filter(pk=(row := make_tryout()).pk).update(k=30_000)
    assert answered(row).error == (
        f"`k` must be between 1 and {toy_dataset.tracks.count()}, the number of tracks, got 30000."
    )


def test_what_nobody_foresaw_is_recorded_and_raised(make_tryout, monkeypatch):
    def broken(_):
        raise ZeroDivisionError

    monkeypatch.setattr(tryout_answering, "_answer", broken)
    row = make_tryout()
    with pytest.raises(ZeroDivisionError):
        answer_tryout(tryout_id=row.pk)
    row.refresh_from_db()
    assert row.state == "failed" and row.error == tryout_answering.BROKE


def test_answered_once(make_tryout):
    row = make_tryout()
    assert answer_tryout(tryout_id=row.pk)
    assert not answer_tryout(tryout_id=row.pk)
    assert Tryout.objects.get().attempts == 1


def test_whoever_was_overtaken_stores_nothing(make_tryout, monkeypatch):
    row = make_tryout()
    honest = tryout_answering._answer

    def slow(tryout):
        Tryout.objects.filter(pk=tryout.pk).update(attempts=2, worker="elsewhere/1")
        return honest(tryout)

    monkeypatch.setattr(tryout_answering, "_answer", slow)
    assert not answer_tryout(tryout_id=row.pk)
    assert Tryout.objects.get().state == "queued"


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"worker": "elsewhere/1", "attempts": 1, "age": 5}, False),  # somebody is at it
        ({"worker": "elsewhere/1", "attempts": 1, "age": 60}, True),  # longer than any task may take
        ({"worker": "elsewhere/1", "attempts": 2, "age": 60}, False),  # twice is enough
    ],
)
def test_what_another_worker_has_is_taken_only_from_the_dead(make_tryout, given, taken):
    row = make_tryout()
    started = timezone.now() - timezone.timedelta(seconds=given["age"])
    Tryout.objects.update(worker=given["worker"], attempts=given["attempts"], started_at=started)
    assert answer_tryout(tryout_id=row.pk) is taken


def test_past_its_deadline_nothing_is_answered(make_tryout, settings):
    row = make_tryout()
    Tryout.objects.update(created_at=timezone.now() - timezone.timedelta(seconds=settings.GENERATION_DEADLINE_S + 1))
    assert not answer_tryout(tryout_id=row.pk)


def test_of_a_row_that_is_gone_nothing_is_said(db):
    assert not answer_tryout(tryout_id=12_345)
