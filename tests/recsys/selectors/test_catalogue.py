import pytest
from django.utils import translation

from recsys.core.errors import RequestError
from recsys.core.ranking import Heard
from recsys.models import Dataset, Interaction, Listener, Track
from recsys.selectors.catalogue import (
    ListenerChoice,
    TrackCard,
    is_known_listener,
    listener_choices,
    listening_history,
    track_cards,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def dataset() -> Dataset:
    other = Dataset.objects.create(name="other", version="1")
    Track.objects.create(dataset=other, external_id="t1", title="Not this one", artists=["x"])
    dataset = Dataset.objects.create(name="tiny", version="1")
    for n in range(1, 5):
        Track.objects.create(dataset=dataset, external_id=f"t{n}", title=f"Song {n}", artists=["A", "B"], year=1980 + n)
    return dataset


@pytest.fixture
def listeners(dataset) -> None:
    track = Track.objects.get(dataset=dataset, external_id="t1")
    for name, event in {"cem": "like", "ann": "like", "bob": "dislike", "dot": "like"}.items():
        listener = Listener.objects.create(
            dataset=dataset,
            external_id=name,
            description_en="Rock" if name == "cem" else "",
            description_ru="Рок" if name == "cem" else "",
        )
        for _ in range(2):
            Interaction.objects.create(listener=listener, track=track, event=event, timestamp="2026-01-01T00:00Z")


def test_cards_keep_the_order_and_cost_one_query(dataset, django_assert_num_queries):
    with django_assert_num_queries(1):
        cards = track_cards(dataset.pk, ["t3", "t1", "t3"])
    assert [card.id for card in cards] == ["t3", "t1", "t3"]
    assert cards[1] == TrackCard("t1", "Song 1", ("A", "B"), 1981, "")
    assert track_cards(dataset.pk, []) == []


def test_an_unknown_track_is_refused(dataset):
    with pytest.raises(RequestError, match=r"holds no track 't9'; load the data set it comes from\."):
        track_cards(dataset.pk, ["t1", "t9"])


def test_known_listeners(dataset, listeners, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert is_known_listener(dataset.pk, "ann")
    assert not is_known_listener(dataset.pk, "eve")
    assert not is_known_listener(dataset.pk + 1000, "ann")


def test_choices_are_the_first_who_like_something(dataset, listeners, django_assert_num_queries):
    with django_assert_num_queries(1):
        choices = listener_choices(dataset.pk, 2)
    assert choices == [ListenerChoice("ann", "", ""), ListenerChoice("cem", "Rock", "Рок")]
    assert len(listener_choices(dataset.pk, 10)) == 3


def test_a_choice_is_described_in_the_reader_s_language():
    choice = ListenerChoice("cem", "Rock", "Рок")
    with translation.override("en"):
        assert choice.description == "Rock"
    with translation.override("ru"):
        assert choice.description == "Рок"
        assert ListenerChoice("ann", "Rock", "").description == "Rock"
        assert ListenerChoice("ann", "", "").description == "ann"


def test_a_history_is_in_the_order_of_events_and_of_one_data_set(dataset, listeners, django_assert_num_queries):
    ann = Listener.objects.get(dataset=dataset, external_id="ann")
    track = Track.objects.get(dataset=dataset, external_id="t2")
    Interaction.objects.create(listener=ann, track=track, event="listen", count=3, timestamp="2025-06-01T00:00Z")
    Interaction.objects.create(listener=ann, track=track, event="dislike", timestamp="2026-06-01T00:00Z")
    with django_assert_num_queries(1):
        history = listening_history(dataset.pk, "ann")
    assert history == [Heard("t2", "listen", 3), Heard("t1", "like"), Heard("t1", "like"), Heard("t2", "dislike")]
    assert listening_history(dataset.pk, "eve") == []
    assert listening_history(dataset.pk + 1000, "ann") == []
