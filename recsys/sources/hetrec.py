"""hetrec2011-lastfm-2k: 1,892 listeners, the artists they played, how often, and the tags they gave; items are artists.

The data set is made for one question: where does the taste of a listener help a wish in words, and where does it hurt?

- An item stands for an artist: its title is the artist's name, its only artist the same name.
- Listeners are split by a hash of seed and id. Those of `train` keep all they played. Of those of `val` and `test` a
  fifth of the artists, drawn by the seed, is held out: it is not in `interactions.csv`.
- Tags of items come from the listeners of `train` alone: cleaned (`lastfm_tags.py`), given by two of them or more.
- Requests with a listener, `val` and `test`: the words are a tag, relevant are the listener's held-out artists that
  carry it. The tag alone finds hundreds of artists, the taste tells which of them this listener plays.
- Requests without one: the words are a tag, relevant are the artists that two or more listeners of `val` and `test`
  gave it, whose tags the items do not show. They are split by tag, and no taste can help.

The source knows how often, not when: every interaction bears the day that the set was published.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from recsys.core.seeding import stream
from recsys.data.dataset import Dataset, Interaction, Listener, Request, Track
from recsys.data.reading import COUNT_LIMIT
from recsys.data.splits import Wish, split
from recsys.sources.imported import Counts, Imported, Wanted
from recsys.sources.lastfm_tags import MOODS, Tags, read_tags
from recsys.sources.tables import read_tsv

NAME = "hetrec2011-lastfm-2k"
DAY = "2011-05-01"
HELD_OUT = 0.2
FEWEST_GIVERS = 2
"""Listeners who must have given an artist a tag before it counts."""
MOST_TAGS = 12
REQUESTS_EACH = 3
FEWEST_RELEVANT = 2
FEWEST_OF_ALL = 5
"""Artists that satisfy a request with a listener, and one without."""

Given = Mapping[str, Mapping[str, set[str]]]
"""Artist to tag to the listeners who gave it."""


def import_listeners(folder: Path, wanted: Wanted) -> Imported:
    """Read the folder of the set as a data set."""
    counts = Counts()
    names = {line.required("artistID"): line.required("name") for line in read_tsv(folder, "artists.tsv", _ARTISTS)}
    plays = _read_plays(folder, names, counts)
    tags = read_tags(folder, set(names.values()), counts)
    splits = {listener: _split_of(listener, wanted) for listener in plays}
    seen, unseen = _given(folder, names, tags, splits, counts)
    shown = {artist: _most_given(given) for artist, given in seen.items()}
    held_out = {user: _drawn(user, plays[user], wanted) for user, name in splits.items() if name != "train"}
    personal = [
        request
        for user in held_out
        for request in _wishes_of(user, held_out[user], shown, unseen, splits[user], wanted)
    ]
    dataset = Dataset(
        name=NAME,
        version=f"2011-{wanted.version}",
        licence="made available for non-commercial use by GroupLens and Last.fm: research and tests only",
        source="HetRec 2011 Last.fm-2k: artists that listeners played, with play counts, and tags they gave. An item is"
        f" an artist. Of the listeners of val and test {HELD_OUT:.0%} of the artists are held out; tags are those of"
        " the listeners of train. The source has no moments: the day is that of its publication.",
        languages=("en",),
        fingerprint="",
        tracks=tuple(_item(artist, name, shown.get(artist, ())) for artist, name in names.items()),
        interactions=tuple(
            Interaction(_listener(user), _track(artist), "listen", min(count, COUNT_LIMIT), DAY)
            for user, played in plays.items()
            for artist, count in played.items()
            if artist not in held_out.get(user, ())
        ),
        requests=(*personal, *_wishes_of_nobody(unseen, wanted)),
        listeners=tuple(
            Listener(_listener(user), _taste(plays[user], held_out.get(user, set()), shown)) for user in plays
        ),
    )
    about = {
        "splits": {"seed": wanted.seed, "val": wanted.val, "test": wanted.test, "by": "listener", "held_out": HELD_OUT}
    }
    return Imported(dataset, counts, about)


_ARTISTS = ("artistID", "name")


def _read_plays(folder: Path, names: Mapping[str, str], counts: Counts) -> dict[str, dict[str, int]]:
    plays: dict[str, dict[str, int]] = defaultdict(dict)
    for line in read_tsv(folder, "user_artists.tsv", ("userID", "artistID", "weight")):
        counts.read["play counts"] += 1
        artist = line.required("artistID")
        if artist not in names:
            line.refuse("artistID", f"artists.tsv has no artist {artist}")
        if line.integer("weight") < 1:
            counts.left_out["play counts below 1"] += 1
            continue
        plays[line.required("userID")][artist] = line.integer("weight")
    return plays


def _given(
    folder: Path, names: Mapping[str, str], tags: Tags, splits: Mapping[str, str], counts: Counts
) -> tuple[Given, Given]:
    """What listeners of `train` gave, and what the others did; only what enough of them agree on."""
    seen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    unseen: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for line in read_tsv(folder, "user_taggedartists.tsv", ("userID", "artistID", "tagID")):
        counts.read["tags given"] += 1
        tag = tags.get(line["tagID"])
        if tag is None:
            counts.left_out["tags given that few use or that describe no music"] += 1
        elif line["artistID"] not in names:
            counts.left_out["tags given to an artist without a name"] += 1
        else:
            part = seen if splits.get(line["userID"], "train") == "train" else unseen
            part[line["artistID"]][tag].add(line["userID"])
    return seen, unseen


def _most_given(given: Mapping[str, set[str]]) -> tuple[str, ...]:
    agreed = [(len(users), tag) for tag, users in given.items() if len(users) >= FEWEST_GIVERS]
    return tuple(tag for _, tag in sorted(agreed, key=lambda item: (-item[0], item[1]))[:MOST_TAGS])


def _split_of(listener: str, wanted: Wanted) -> str:
    digest = hashlib.sha256(f"{wanted.seed}\x1f{listener}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    return "test" if place < wanted.test else "val" if place < wanted.test + wanted.val else "train"


def _drawn(listener: str, played: Mapping[str, int], wanted: Wanted) -> set[str]:
    artists = sorted(played)
    rng = stream(wanted.seed, "held out", listener)
    return {artists[row] for row in rng.permutation(len(artists))[: round(HELD_OUT * len(artists))]}


def _wishes_of(
    listener: str, held_out: set[str], shown: Mapping[str, tuple[str, ...]], unseen: Given, name: str, wanted: Wanted
) -> list[Request]:
    """Requests of one listener, about tags drawn by the seed from those that enough held-out artists carry."""
    relevant: dict[str, list[str]] = defaultdict(list)
    for artist in sorted(held_out):
        own = {tag for tag, users in unseen.get(artist, {}).items() if listener in users}
        for tag in sorted({*shown.get(artist, ()), *own}):
            relevant[tag].append(_track(artist))
    possible = sorted(tag for tag, artists in relevant.items() if len(artists) >= FEWEST_RELEVANT)
    rng = stream(wanted.seed, "tags asked for", listener)
    chosen = [possible[row] for row in rng.permutation(len(possible))[:REQUESTS_EACH]]
    return [
        Request(f"{_listener(listener)}-{number}", (tag,), tuple(relevant[tag]), _listener(listener), name)
        for number, tag in enumerate(chosen, start=1)
    ]


def _wishes_of_nobody(unseen: Given, wanted: Wanted) -> list[Request]:
    relevant: dict[str, list[str]] = defaultdict(list)
    for artist, given in unseen.items():
        for tag, users in given.items():
            if len(users) >= FEWEST_GIVERS:
                relevant[tag].append(_track(artist))
    asked = sorted(tag for tag, artists in relevant.items() if len(artists) >= FEWEST_OF_ALL)
    wishes = [Wish(tag, tuple(relevant[tag])) for tag in asked]
    splits = split(wishes, seed=wanted.seed, val=wanted.val, test=wanted.test)
    return [
        Request(f"hetrec-tag-{number}", (wish.text,), wish.tracks, split=name)
        for number, (wish, name) in enumerate(zip(wishes, splits, strict=True), start=1)
    ]


def _item(artist: str, name: str, tags: tuple[str, ...]) -> Track:
    genres = tuple(tag for tag in tags if tag not in MOODS)
    return Track(_track(artist), name, (name,), genres=genres, moods=tuple(tag for tag in tags if tag in MOODS))


def _taste(played: Mapping[str, int], held_out: set[str], shown: Mapping[str, tuple[str, ...]]) -> str:
    """The three tags that most of the artists played carry, those held out not counted."""
    counted = Counter(tag for artist in played if artist not in held_out for tag in shown.get(artist, ()))
    most = sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:3]
    return ", ".join(tag for tag, _ in most).capitalize()


def _track(artist: str) -> str:
    return f"hetrec-artist-{artist}"


def _listener(user: str) -> str:
    return f"hetrec-{user}"
