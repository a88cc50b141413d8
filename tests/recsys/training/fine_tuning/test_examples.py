"""Where training pairs come from, and that the other splits stay unseen."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from recsys.core.errors import RequestError
from recsys.data.catalogue import track_text
from recsys.training.fine_tuning.examples import ExampleSource, held_out
from recsys.training.fine_tuning.params import FineTuningParams


def pairs(source, dataset, seed=0):
    drawn = source.draw(np.random.default_rng(seed))
    return {(text, dataset.tracks[row].id) for text, row in zip(drawn.texts, drawn.tracks, strict=True)}


def test_titles_and_requests_of_the_training_split_alone(few):
    source = ExampleSource(few, FineTuningParams(queries="titles,requests"))
    assert pairs(source, few) == {
        ("Night drive", "a"),
        ("Night drive", "b"),
        ("Night drive", "c"),
        ("jazz", "a"),
        ("jazz", "d"),
        ("something slow and sad", "d"),
        ("something slow and sad", "e"),
    }


def test_the_other_splits_change_nothing(few):
    params = FineTuningParams()
    kept = tuple(one for one in few.playlists if one.split in ("train", "")), few.requests[:1]
    bare = replace(few, playlists=kept[0], requests=kept[1])
    one, other = (ExampleSource(data, params) for data in (few, bare))
    assert one.documents == other.documents
    assert one.draw(np.random.default_rng(1)).texts == other.draw(np.random.default_rng(1)).texts


def test_documents_are_metadata_or_titles(few):
    source = ExampleSource(few, FineTuningParams())
    assert source.documents[0] == track_text(few.tracks[0], few.tag_names)
    drawn = source.draw(np.random.default_rng(0))
    assert drawn.documents == [source.documents[row] for row in drawn.tracks]


def test_a_pairs_own_title_can_be_left_out_of_its_document(few):
    params = FineTuningParams(documents="playlists", queries="titles", own_title=False)
    source = ExampleSource(few, params)
    drawn = source.draw(np.random.default_rng(0))
    # b, c and d are on one playlist only, and nothing would be left of them
    assert sorted(zip(drawn.texts, drawn.documents, strict=True)) == [("Night drive", "jazz"), ("jazz", "Night drive")]
    assert source.left_out == 3
    assert source.documents[0] == "Night drive, jazz"


def test_no_track_that_is_right_counts_as_wrong(few):
    source = ExampleSource(few, FineTuningParams(queries="titles,requests"))
    drawn = source.draw(np.random.default_rng(0))
    lists = {"Night drive": "abc", "jazz": "ad", "something slow and sad": "de"}
    expected = [[track.id in lists[text] for track in few.tracks] for text in drawn.texts]
    assert source.right(drawn, np.arange(6)).tolist() == expected


def test_wishes_are_drawn_beside_the_titles(toy):
    source = ExampleSource(toy, FineTuningParams())
    drawn = source.draw(np.random.default_rng(0))
    titles = ExampleSource(toy, FineTuningParams(queries="titles")).draw(np.random.default_rng(0))
    assert len(drawn) > len(titles) + len(toy.tracks)
    rows = np.arange(len(drawn))[::37]
    assert source.right(drawn.part(rows), drawn.tracks[rows]).diagonal().all()


def test_the_number_of_pairs_can_be_bounded_and_changes_with_the_epoch(toy):
    source = ExampleSource(toy, FineTuningParams(pairs=20))
    one, other = (source.draw(np.random.default_rng(seed)) for seed in (0, 1))
    assert len(one) == len(other) == one.named.shape[0] == 20
    assert one.texts != other.texts


def test_held_out_titles_are_new_ones(few):
    found = {text: [few.tracks[row].id for row in rows] for text, rows in held_out(few, ("titles", "requests"))}
    assert found == {"rain": ["e"], "play loud": ["f"]}


def test_nothing_to_learn_from_is_refused(few):
    with pytest.raises(RequestError, match="nothing to learn from"):
        ExampleSource(replace(few, playlists=(), requests=()), FineTuningParams(queries="titles,requests"))


def test_no_title_has_more_pairs_than_asked_for(toy):
    whole = ExampleSource(toy, FineTuningParams(queries="titles"))
    few_of_each = ExampleSource(toy, FineTuningParams(queries="titles", per_query=3))
    everything, some = (Counter(source.draw(np.random.default_rng(0)).texts) for source in (whole, few_of_each))
    assert some == {text: min(3, count) for text, count in everything.items()}
    epochs = [pairs(few_of_each, toy, seed) for seed in (1, 2)]
    assert epochs[0] != epochs[1], "which of them is drawn anew"
    assert all(epoch <= pairs(whole, toy) for epoch in epochs)
