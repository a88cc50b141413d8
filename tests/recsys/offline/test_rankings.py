from dataclasses import replace

import numpy as np
import pytest

from recsys.core.errors import ArtifactError
from recsys.core.ranking import RankedTracks
from recsys.offline.metrics import metrics
from recsys.offline.queries import offline_queries
from recsys.offline.rankings import judged, main_artists, rank_all


def test_rows_scores_and_relevance(small, told):
    queries, _ = offline_queries(small, "test")
    system = told("told", first={"Night drive": ["t39", "t08"]})
    rows, scores = rank_all(system, queries, small, depth=40)
    assert rows[0, :3].tolist() == [39, 8, 0]
    assert scores[0, :2].tolist() == [40, 39]
    rankings = judged(rows, queries, main_artists(small))
    assert np.flatnonzero(rankings.found[0]).tolist() == [1, 9, 10]
    assert rankings.relevant.tolist() == [3, 3, 2, 1, 1]


def test_renaming_tracks_changes_no_value(small, told):
    def values(dataset, prefix):
        queries, _ = offline_queries(dataset, "test")
        first = {"Night drive": [f"{prefix}30", f"{prefix}08"]}
        system = type(told("x"))("told", first, [one.id for one in dataset.tracks])
        rows, _ = rank_all(system, queries, dataset, depth=40)
        found = judged(rows, queries, main_artists(dataset))
        return {name: metric.of(found).tolist() for name, metric in metrics().items()}

    def renamed(ids):
        return tuple(one.replace("t", "z") for one in ids)

    other = replace(
        small,
        tracks=tuple(replace(one, id=one.id.replace("t", "z")) for one in small.tracks),
        playlists=tuple(replace(one, tracks=renamed(one.tracks)) for one in small.playlists),
        requests=tuple(replace(one, relevant=renamed(one.relevant)) for one in small.requests),
        interactions=(),
    )
    assert values(small, "t") == values(other, "z")


def test_artists_are_compared_without_case(small):
    tracks = tuple(
        replace(one, artists=(name, "X")) for one, name in zip(small.tracks, ["Abba", "ABBA", "x"], strict=False)
    )
    numbers = main_artists(replace(small, tracks=tracks))
    assert numbers[0] == numbers[1] != numbers[2]


@pytest.mark.parametrize(
    ("tracks", "words"),
    [
        (("t00", "t00", "t01"), "gave 3 tracks, 2 of them different"),
        (("t00",), "gave 1 tracks"),
        (("t00", "t01", "elsewhere"), "'elsewhere', which is not in small"),
    ],
)
def test_a_recommender_that_breaks_its_promise_is_named(small, tracks, words):
    class Broken:
        slug = "broken"

        def recommend(self, queries, *, k):
            return [RankedTracks(tracks, (0.0,) * len(tracks))] * len(queries)

    queries, _ = offline_queries(small, "test")
    with pytest.raises(ArtifactError, match=words):
        rank_all(Broken(), queries, small, depth=3)


def test_cut_offs_are_added_to_those_that_are_always_there():
    assert {"hits@10", "recall@10", "recall@100", "ndcg@10", "ndcg@100", "mrr", "artist_entropy"} <= metrics().keys()
    assert {"hits@5", "ndcg@5", "recall@5"} <= metrics([5]).keys()
    assert "hits@100" not in metrics()
