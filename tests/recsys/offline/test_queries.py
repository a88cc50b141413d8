from dataclasses import replace

import pytest

from recsys.core.errors import RequestError
from recsys.data.dataset import Playlist, Request
from recsys.data.splits import title_key
from recsys.offline.queries import language_of, offline_queries


def test_a_title_seen_in_training_is_left_out_and_named(small):
    queries, left_out = offline_queries(small, "test")
    assert [query.id for query in queries] == ["playlist:e", "playlist:g", "request:r1", "request:r2", "request:r3"]
    assert left_out.seen_titles == ("road  TRIP!",)


def test_no_title_of_a_query_stands_over_a_training_playlist(small):
    queries, _ = offline_queries(small, "test")
    trained = {title_key(playlist.title) for playlist in small.playlists if playlist.split in ("train", "")}
    assert not trained & {title_key(query.text) for query in queries if query.id.startswith("playlist:")}


def test_seen_titles_may_be_refused_or_kept(small):
    with pytest.raises(RequestError, match=r"1 titles of the split test stand over training playlists.*road  TRIP!"):
        offline_queries(small, "test", seen_titles="refuse")
    queries, left_out = offline_queries(small, "test", seen_titles="keep")
    assert queries[0].id == "playlist:d"
    assert left_out.seen_titles


def test_playlists_of_one_title_are_one_query_for_all_their_tracks(small):
    queries, left_out = offline_queries(small, "test")
    assert queries[0].relevant == (7, 8, 9)
    assert left_out.joined_titles == 1


def test_a_conversation_is_joined_or_its_last_turn(small):
    def asked(turns):
        return next(query.text for query in offline_queries(small, "test", turns=turns)[0] if query.id == "request:r1")

    assert asked("all") == "something calm but louder"
    assert asked("last") == "but louder"


def test_queries_of_one_listener_share_a_cluster(small):
    clusters = {query.id: query.cluster for query in offline_queries(small, "test")[0]}
    assert clusters["request:r1"] == clusters["request:r2"] == "listener:ann"
    assert clusters["request:r3"] == "listener:bob"
    assert clusters["playlist:e"] == "playlist:e"


def test_says_what_is_suspicious(small):
    _, left_out = offline_queries(small, "test")
    assert left_out.seen_requests == 2  # `for the gym` is a training request, `calm` a training title
    assert (left_out.heard, left_out.pairs) == (1, 4)  # ann liked t20 already
    assert left_out.cold == 1  # nothing is known of bob


def test_a_query_without_tracks_of_the_catalogue_is_counted(small):
    gone = replace(small, requests=(*small.requests, Request("r5", ("x",), ("nowhere",), "", "test")))
    queries, left_out = offline_queries(gone, "test")
    assert "request:r5" not in {query.id for query in queries}
    assert left_out.nothing_relevant == 1


def test_limit_takes_the_first(small):
    queries, left_out = offline_queries(small, "test", limit=2)
    assert len(queries) == 2
    assert left_out.beyond_limit == 3


def test_a_split_without_queries_is_refused(small):
    with pytest.raises(RequestError, match="The split val of small holds no query"):
        offline_queries(small, "val")


def test_language_is_the_playlists_own_else_the_scripts(small):
    languages = {query.id: query.language for query in offline_queries(small, "test")[0]}
    assert languages["playlist:e"] == "en"
    assert languages["playlist:g"] == "ru"
    tagged = replace(small, playlists=(Playlist("z", "música", ("t00",), "test", "es"),), requests=())
    assert offline_queries(tagged, "test")[0][0].language == "es"


@pytest.mark.parametrize(
    ("text", "language"), [("рок 80s", "ru"), ("rock из 80", "en"), ("演歌 hits", "en"), ("演歌", ""), ("2024 🔥", "")]
)
def test_language_by_script(text, language):
    assert language_of(text) == language
