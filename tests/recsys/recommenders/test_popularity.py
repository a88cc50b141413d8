from recsys.core.ranking import ListenerQuery


def test_ranks_by_the_popularity_field_whatever_the_query(trained, toy):
    one, other = trained["popularity"].recommend([ListenerQuery("jazz"), ListenerQuery("сон", "listener-001")], k=10)
    assert one == other
    wanted = sorted(toy.tracks, key=lambda track: (-track.popularity, track.id))[:10]
    assert one.tracks == tuple(track.id for track in wanted)
    assert one.scores == tuple(track.popularity for track in wanted)
