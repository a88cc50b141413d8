import numpy as np

from recsys.core.ranking import ListenerQuery
from recsys.offline.random_floor import RandomFloor

IDS = [f"t{number}" for number in range(30)]


def test_the_same_seed_draws_the_same_whatever_else_is_asked():
    alone = RandomFloor(IDS, 3).recommend([ListenerQuery("b")], k=30)
    among = RandomFloor(IDS[::-1], 3).recommend([ListenerQuery("a"), ListenerQuery("b")], k=30)
    assert alone[0] == among[1]
    assert sorted(alone[0].tracks) == sorted(IDS)


def test_seeds_queries_and_listeners_draw_their_own():
    draws = {
        RandomFloor(IDS, seed).recommend([ListenerQuery(text, listener)], k=10)[0].tracks
        for seed, text, listener in ((1, "a", None), (2, "a", None), (1, "b", None), (1, "a", "ann"))
    }
    assert len(draws) == 4


def test_every_track_is_as_likely():
    floor = RandomFloor(IDS, 0)
    answers = floor.recommend([ListenerQuery(str(number)) for number in range(3000)], k=3)
    counts = np.array([sum(track in answer.tracks for answer in answers) for track in IDS])
    assert abs(counts - 300).max() < 75  # 4.5 standard deviations


def test_takes_half_a_surrogate_pair():
    assert len(RandomFloor(IDS, 0).recommend([ListenerQuery("\ud800")], k=5)[0].tracks) == 5
