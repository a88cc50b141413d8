"""Loading: whole or not at all, once, with few queries."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError

from recsys.core.errors import DatasetError
from recsys.data.reading import read_dataset
from recsys.models import Dataset, Interaction, Listener, Playlist, Track
from recsys.services.catalogue import load_dataset

pytestmark = pytest.mark.django_db

SAMPLE = Path(__file__).parents[3] / "sample"
TRACK = {"id": "t1", "title": "Перемен", "artists": ["Кино"], "genres": ["rock"], "moods": [], "themes": []}


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "dataset.json").write_text(
        json.dumps({"name": "tiny", "version": "1", "licence": "CC0-1.0", "source": "a test", "languages": ["en"]})
    )
    tracks = [{**TRACK, "year": 1989, "popularity": 95}, {**TRACK, "id": "t2", "title": "Кукушка"}]
    (tmp_path / "tracks.jsonl").write_text("".join(json.dumps(track) + "\n" for track in tracks))
    (tmp_path / "playlists.jsonl").write_text('{"id": "p1", "title": "rain", "tracks": ["t2", "t1"], "split": "test"}')
    (tmp_path / "listeners.jsonl").write_text('{"id": "bob", "description": {"en": "Rock", "ru": "Рок"}}')
    (tmp_path / "interactions.csv").write_text(
        "listener,track,event,count,timestamp\nann,t1,listen,12,1767607200\nann,t2,like,1,2026-01-05T13:00+03:00\n"
    )
    return tmp_path


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Dataset, Track, Playlist, Listener, Interaction))


def test_writes_what_the_folder_says(folder):
    summary = load_dataset(folder=folder)

    dataset = Dataset.objects.get()
    assert summary.dataset_id == dataset.pk
    assert (dataset.name, dataset.version, dataset.licence, dataset.languages) == ("tiny", "1", "CC0-1.0", ["en"])
    assert dataset.fingerprint == summary.fingerprint == read_dataset(folder).fingerprint
    assert Path(dataset.folder) == folder.resolve()
    track = Track.objects.get(dataset=dataset, external_id="t1")
    assert (track.title, track.artists, track.year, track.popularity) == ("Перемен", ["Кино"], 1989, 95.0)
    assert (track.genres, track.energy, track.preview_url) == (["rock"], None, "")
    assert Playlist.objects.get().track_ids == ["t2", "t1"]
    assert list(Listener.objects.values_list("external_id", "description_ru")) == [("ann", ""), ("bob", "Рок")]
    like = Interaction.objects.get(event=Interaction.Event.LIKE)
    assert (like.listener.external_id, like.track.external_id, like.count) == ("ann", "t2", 1)
    assert like.timestamp == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert dict(summary.added) == {"tracks": 2, "playlists": 1, "listeners": 2, "interactions": 2}
    assert summary.skipped == ()


def test_the_same_version_again_changes_nothing_and_says_so(folder):
    first = load_dataset(folder=folder)
    before = rows()
    again = load_dataset(folder=folder)
    assert rows() == before
    assert again.dataset_id == first.dataset_id
    assert again.added == {}
    assert again.skipped == ("Everything: tiny 1 is loaded already, with the same content.",)


def test_the_same_version_with_other_content_is_refused(folder):
    load_dataset(folder=folder)
    before = rows()
    (folder / "tracks.jsonl").write_text(json.dumps(TRACK) + "\n" + json.dumps({**TRACK, "id": "t2"}) + "\n")
    with pytest.raises(DatasetError, match=r"^dataset\.json, field version: tiny 1 is loaded .* raise the version\.$"):
        load_dataset(folder=folder)
    with pytest.raises(DatasetError, match="raise the version"):
        load_dataset(folder=folder, dry_run=True)
    assert rows() == before


def test_another_version_is_another_data_set(folder):
    load_dataset(folder=folder)
    about = json.loads((folder / "dataset.json").read_text())
    (folder / "dataset.json").write_text(json.dumps({**about, "version": "2"}))
    load_dataset(folder=folder)
    assert rows() == (2, 4, 2, 4, 4)


def test_nothing_is_written_when_the_last_line_of_the_last_file_is_wrong(folder):
    with (folder / "interactions.csv").open("a") as stream:
        stream.write("ann,t9,like,1,5\n")
    with pytest.raises(DatasetError, match="line 4"):
        load_dataset(folder=folder)
    assert rows() == (0, 0, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_when_writing_fails_half_way(folder):
    def fail(step: str, _done: int, _total: int) -> None:
        if step == "playlists":
            raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        load_dataset(folder=folder, progress=fail)
    assert rows() == (0, 0, 0, 0, 0)
    assert load_dataset(folder=folder).added["tracks"] == 2


def test_labelled_queries_go_to_annotation(folder):
    from annotation.models import Query

    label = {"annotator": "a1", "category": "sports-activity"}
    (folder / "queries.jsonl").write_text(
        json.dumps({"id": "q1", "text": "для бега", "lang": "ru", "annotations": [label]})
    )
    assert load_dataset(folder=folder).added["queries"] == 1
    query = Query.objects.get(dataset="tiny", dataset_version="1", external_id="q1")
    assert (query.text, query.language) == ("для бега", "ru")
    assert load_dataset(folder=folder).added == {}


def test_a_category_outside_the_taxonomy_is_refused_before_anything_is_written(folder):
    label = {"annotator": "a1", "category": "chess"}
    (folder / "queries.jsonl").write_text(json.dumps({"id": "q1", "text": "x", "lang": "en", "annotations": [label]}))
    with pytest.raises(DatasetError, match=r'^queries\.jsonl, line 1, .* "chess" is not known; use one of emotional'):
        load_dataset(folder=folder)
    assert rows() == (0, 0, 0, 0, 0)


def test_a_dry_run_writes_nothing(folder):
    summary = load_dataset(folder=folder, dry_run=True)
    assert (summary.dataset_id, summary.added) == (None, {})
    assert summary.read["tracks"] == 2
    assert summary.skipped == ("Everything: this was a dry run.",)
    assert rows() == (0, 0, 0, 0, 0)


def test_says_what_stays_in_the_folder(folder):
    (folder / "requests.jsonl").write_text('{"id": "r1", "query": "x", "relevant": ["t1"]}')
    (folder / "tag_names.json").write_text('{"rock": ["рок"]}')
    assert load_dataset(folder=folder).skipped == (
        "requests, tag_names: training and evaluation read them from the folder.",
    )


def test_the_database_refuses_a_second_row_of_one_version_and_a_second_track_of_one_id(folder):
    load_dataset(folder=folder)
    dataset = Dataset.objects.get()
    with pytest.raises(IntegrityError):
        Track.objects.create(dataset=dataset, external_id="t1", title="again", artists=["x"])


def test_the_sample_is_loaded_in_few_queries_and_reports_as_it_goes(django_assert_max_num_queries):
    (steps := []).clear()
    with django_assert_max_num_queries(900):  # SQLite takes about 1,000 values at a time, PostgreSQL whole batches
        summary = load_dataset(folder=SAMPLE, progress=lambda *step: steps.append(step))
    assert summary.read["tracks"] == summary.added["tracks"] == 3204
    assert summary.added["interactions"] == Interaction.objects.count() == 24871
    assert summary.added["listeners"] == 300
    assert ("tracks", 3204, 3204) in steps
    assert ("interactions", 24871, 24871) in steps
