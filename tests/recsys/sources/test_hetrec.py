"""The listeners: what is held out, and who says what a tag belongs to."""

from collections import defaultdict

import pytest

from recsys.core.errors import SourceError
from recsys.data.writing import write_dataset
from recsys.sources import hetrec, lastfm_tags
from recsys.sources.hetrec import import_listeners
from recsys.sources.imported import Wanted

USERS, ARTISTS = 40, 30


@pytest.fixture
def folder(source_folder):
    """Forty listeners of twenty artists each; all of them call even artists Hip-Hop or hip hop, odd ones awesome."""
    plays = [f"{u}\t{(u + a) % ARTISTS}\t{1000 - a}" for u in range(USERS) for a in range(20)]
    given = [f"{u}\t{a}\t{(u % 2) + 1 if a % 2 == 0 else 3}\t1\t4\t2009" for u in range(USERS) for a in range(ARTISTS)]
    given += [f"{u}\t1\t4\t1\t4\t2009" for u in range(3)] + ["0\t999\t1\t1\t4\t2009"]
    names = [f"{a}\tArtist {a}\tu" for a in range(ARTISTS)]
    return source_folder(
        artists__tsv__gz="\n".join(["artistID\tname\tlastfm_url", *names]) + "\n",
        tags__tsv__gz="tagID\ttagValue\n1\thip-hop\n2\thip hop\n3\tawesome\n4\trare\n5\tArtist 3\n",
        user_artists__tsv__gz="\n".join(["userID\tartistID\tweight", *plays]) + "\n",
        user_taggedartists__tsv__gz="\n".join(["userID\tartistID\ttagID\tday\tmonth\tyear", *given]) + "\n",
    )


@pytest.fixture
def data(folder, tmp_path):
    return write_dataset(import_listeners(folder, Wanted(seed=3, val=0.2, test=0.3)).dataset, tmp_path / "out")


def test_what_is_relevant_to_a_listener_is_nowhere_in_the_interactions(data):
    heard = defaultdict(set)
    for event in data.interactions:
        heard[event.listener].add(event.track)
    personal = [request for request in data.requests if request.listener]
    assert personal
    for request in personal:
        assert request.split in ("val", "test")
        assert len(request.relevant) >= hetrec.FEWEST_RELEVANT
        assert not heard[request.listener] & set(request.relevant)
        assert len(heard[request.listener]) == 16  # a fifth of twenty is held out


def test_listeners_of_training_keep_all_they_played(data):
    asked = {request.listener for request in data.requests}
    counts = defaultdict(int)
    for event in data.interactions:
        counts[event.listener] += 1
    assert {counts[listener.id] for listener in data.listeners if listener.id not in asked} <= {16, 20}
    assert 20 in counts.values()
    assert len(data.listeners) == USERS


def test_tags_are_cleaned_and_come_in_one_spelling(data):
    assert {genre for track in data.tracks for genre in track.genres} == {"hip hop"}
    assert all(bool(track.genres) == (int(track.id.rpartition("-")[2]) % 2 == 0) for track in data.tracks)
    assert {request.turns for request in data.requests} == {("hip hop",)}


def test_items_do_not_show_the_tags_that_requests_ask_for(folder, monkeypatch):
    """With every listener but one kept for tests, no artist has the two training listeners that a tag needs."""
    monkeypatch.setattr(hetrec, "_split_of", lambda listener, _: "train" if listener == "0" else "test")
    data = import_listeners(folder, Wanted(seed=3)).dataset
    assert not any(track.genres for track in data.tracks)
    [everybodys] = [request for request in data.requests if not request.listener]
    assert len(everybodys.relevant) == ARTISTS // 2


def test_another_seed_holds_out_others_and_the_same_the_same(folder):
    first, again, other = (import_listeners(folder, Wanted(seed=seed)).dataset for seed in (1, 1, 2))
    assert first == again
    assert first.interactions != other.interactions


def test_says_that_items_are_artists_and_moments_unknown(data):
    assert "An item is an artist" in data.source
    assert {event.timestamp for event in data.interactions} == {hetrec.DAY}
    assert data.tracks[4].title == data.tracks[4].artists[0] == "Artist 4"
    assert data.listeners[0].description_en == "Hip hop"


def test_counts_what_is_left_out(folder):
    left_out = import_listeners(folder, Wanted()).counts.left_out
    assert left_out["tags that few use or that describe no music"] == 3
    assert left_out["tags given to an artist without a name"] == 1
    assert left_out["tags given that few use or that describe no music"] == USERS * ARTISTS // 2 + 3


def test_refuses_what_the_tables_do_not_know(folder):
    import gzip

    (folder / "tags.tsv.gz").write_bytes(gzip.compress(b"tagID\ttagValue\n1\thip-hop\n"))
    with pytest.raises(SourceError, match=r"user_taggedartists.tsv.gz, line 3, column tagID: tags.tsv has no tag 3"):
        import_listeners(folder, Wanted())
    (folder / "artists.tsv.gz").write_bytes(gzip.compress(b"artistID\tname\n1\tA\n"))
    with pytest.raises(SourceError, match=r"user_artists.tsv.gz, line 2, column artistID: artists.tsv has no artist 0"):
        import_listeners(folder, Wanted())


def test_no_mood_is_an_opinion():
    assert not lastfm_tags.MOODS & lastfm_tags.OPINIONS
