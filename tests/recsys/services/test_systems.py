"""Playlists by system versions: a listener who came after training is known by the database."""

import pytest

from recsys.models import Interaction, Listener, Track
from recsys.services.recommendations import recommend
from recsys.services.systems import playlist_for

pytestmark = pytest.mark.django_db
FAVOURITE_GENRE = "rock"


def ids(cards) -> list[str]:
    return [card.id for card in cards]


@pytest.fixture
def newcomer(toy_dataset) -> str:
    """Somebody who likes rock, whom no artifact has seen, with a track disliked and then liked."""
    listener = Listener.objects.create(dataset=toy_dataset, external_id="newcomer")
    rock = [t for t in Track.objects.filter(dataset=toy_dataset) if FAVOURITE_GENRE in t.genres][:12]
    for n, track in enumerate(rock):
        Interaction.objects.create(
            listener=listener, track=track, event="like", timestamp=f"2026-01-{n + 1:02d}T00:00Z"
        )
    Interaction.objects.create(listener=listener, track=rock[0], event="dislike", timestamp="2025-01-01T00:00Z")
    return listener.external_id


def ask(versions, system: str, listener: str | None, k: int = 20) -> list[str]:
    return ids(playlist_for(version_id=versions[system], query="something I will like", listener=listener, k=k))


@pytest.mark.parametrize("system", ["retriever-cr", "retriever-cr-dp"])
def test_a_listener_newer_than_the_artifact_gets_a_playlist_of_their_own(versions, newcomer, system):
    mine, strangers = ask(versions, system, newcomer), ask(versions, system, "nobody")
    assert mine != strangers

    def rock(tracks: list[str]) -> int:
        return sum(
            FAVOURITE_GENRE in genres
            for genres in Track.objects.filter(external_id__in=tracks).values_list("genres", flat=True)
        )

    assert rock(mine) > rock(strangers)


def test_a_history_costs_one_query_and_only_where_it_is_used(versions, newcomer, django_assert_num_queries):
    for system, listener, queries in [
        ("retriever-cr", newcomer, 3),
        ("retriever-cr", "listener-001", 2),
        ("retriever-cr", None, 2),
        ("retriever", newcomer, 2),
        ("popularity", newcomer, 2),
    ]:
        ask(versions, system, listener)
        with django_assert_num_queries(queries):
            ask(versions, system, listener)


def test_the_other_data_sets_listeners_are_others(versions, newcomer, toy_dataset):
    from recsys.models import Dataset

    mine = ask(versions, "retriever-cr", newcomer)
    other = Dataset.objects.create(name="other", version="1")
    namesake = Listener.objects.create(dataset=other, external_id=newcomer)
    track = Track.objects.create(dataset=other, external_id="t0001", title="x", artists=["y"])
    Interaction.objects.create(listener=namesake, track=track, event="dislike", timestamp="2026-06-01T00:00Z")
    assert ask(versions, "retriever-cr", newcomer) == mine


def test_a_history_is_asked_for_by_the_listeners_id_only_where_unknown(toy_models):
    asked: list[str] = []

    def history_of(listener: str):
        asked.append(listener)
        return ()

    for listener in ("listener-001", "newcomer", None):
        recommend(directory=toy_models / "retriever-cr", query="rock", listener=listener, k=3, history_of=history_of)
    assert asked == ["newcomer"]
