from itertools import combinations

from annotation.agreement.vote_pairs import VotePairs
from annotation.votes import Votes


def test_every_two_votes_on_an_item_once(make_random):
    votes = make_random(1, items=40)
    rows = list(zip(votes.items.tolist(), votes.annotators.tolist(), strict=True))
    expected = sorted(
        (rows[i][1], rows[j][1], rows[i][0]) for i, j in combinations(range(len(rows)), 2) if rows[i][0] == rows[j][0]
    )
    pairs = VotePairs.of(votes)
    found = []
    for number, (a, b) in enumerate(pairs.annotators.tolist()):
        first, second = pairs.block(number)
        assert set(votes.annotators[first]) == {a}
        assert set(votes.annotators[second]) == {b}
        assert (votes.items[first] == votes.items[second]).all()
        assert pairs.sizes[number] == len(first)
        found += [(a, b, item) for item in votes.items[first].tolist()]
    assert found == expected


def test_no_votes_no_pairs():
    pairs = VotePairs.of(Votes.from_triples([]))
    assert (len(pairs.first), pairs.annotators.shape, pairs.sizes.tolist()) == (0, (0, 2), [])
