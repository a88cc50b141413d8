"""mtg-jamendo: 11,565 freely licensed tracks with tags for genre, instrument, mood and theme; no playlists.

Of the tags for mood and theme, what a track is for ("film", "christmas") becomes a theme, the rest moods; instruments
are themes with a prefix (`instrument:piano`), since the format has no field for them. Requests are pairs of tags ("dark
ambient", "relaxing piano"), relevant the tracks that have both: they ask whether a system understands the words of
tags, and not whether it hears music, since every system that reads tags is told the answer.
"""

from collections import defaultdict
from itertools import product
from pathlib import Path

from recsys.data.dataset import Dataset, Request, Track
from recsys.data.splits import Wish, split
from recsys.sources.imported import Counts, Imported, Wanted
from recsys.sources.tables import Line, read_tsv

NAME = "mtg-jamendo"
FEWEST_TRACKS = 20
"""Tracks that must have both tags before the pair is asked for."""
THEMES = frozenset({
    "action", "adventure", "advertising", "background", "ballad", "children", "christmas", "commercial",
    "corporate", "documentary", "drama", "film", "game", "holiday", "movie", "nature", "party", "soundscape",
    "space", "sport", "summer", "trailer", "travel",
})  # fmt: skip
_COLUMNS = (
    "track_id", "duration_s", "title", "artist", "genre_tags", "instrument_tags", "mood_theme_tags",
)  # fmt: skip
# what the source writes in one word and people do not
_IN_WORDS = {
    "acidjazz": "acid jazz", "acousticbassguitar": "acoustic bass guitar", "acousticguitar": "acoustic guitar",
    "alternativerock": "alternative rock", "bluesrock": "blues rock", "bossanova": "bossa nova",
    "classicalguitar": "classical guitar", "classicrock": "classic rock", "darkambient": "dark ambient",
    "darkwave": "dark wave", "deephouse": "deep house", "doublebass": "double bass", "drummachine": "drum machine",
    "drumnbass": "drum and bass", "easylistening": "easy listening", "electricguitar": "electric guitar",
    "electricpiano": "electric piano", "hardrock": "hard rock", "hiphop": "hip hop",
    "instrumentalpop": "instrumental pop", "instrumentalrock": "instrumental rock", "jazzfusion": "jazz fusion",
    "newage": "new age", "newwave": "new wave", "pipeorgan": "pipe organ", "popfolk": "pop folk", "poprock": "pop rock",
    "postrock": "post rock", "punkrock": "punk rock", "rnb": "r&b", "rocknroll": "rock and roll",
    "singersongwriter": "singer songwriter", "triphop": "trip hop", "worldfusion": "world fusion",
}  # fmt: skip


def import_tagged(folder: Path, wanted: Wanted) -> Imported:
    """Read the folder of the set as a data set."""
    counts = Counts()
    tracks = []
    for line in read_tsv(folder, "split0_test_tracks.tsv", _COLUMNS):
        counts.read["tracks"] += 1
        tracks.append(_track(line))
    requests = _requests(tracks, wanted)
    tags = sorted({tag for track in tracks for tag in (*track.genres, *track.moods, *track.themes)})
    dataset = Dataset(
        name=NAME,
        version=f"1b4fa8c3-{wanted.version}",
        licence="CC BY-NC-SA 4.0 for the metadata: research and tests only; the audio, not in here, by track",
        source="MTG/mtg-jamendo-dataset at 1b4fa8c3: the tracks of split 0's test part, with the tags that their"
        " uploaders gave. Requests are pairs of tags.",
        languages=("en",),
        fingerprint="",
        tracks=tuple(tracks),
        requests=requests,
        tag_names={tag: (words_of(tag),) for tag in tags},
    )
    return Imported(
        dataset, counts, {"splits": {"seed": wanted.seed, "val": wanted.val, "test": wanted.test, "by": "pair of tags"}}
    )


def words_of(tag: str) -> str:
    """The tag as people write it."""
    bare = tag.removeprefix("instrument:")
    return _IN_WORDS.get(bare, bare)


def _track(line: Line) -> Track:
    both = _split(line["mood_theme_tags"])
    instruments = tuple(f"instrument:{name}" for name in _split(line["instrument_tags"]))
    return Track(
        id=line.required("track_id"),
        title=line.required("title"),
        artists=(line.required("artist"),),
        genres=_split(line["genre_tags"]),
        moods=tuple(tag for tag in both if tag not in THEMES),
        themes=(*(tag for tag in both if tag in THEMES), *instruments),
        duration_s=line.number("duration_s"),
    )


def _split(tags: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tag in tags.split("|") if tag))


def _requests(tracks: list[Track], wanted: Wanted) -> tuple[Request, ...]:
    """A mood or theme before a genre or an instrument, as in "dark ambient", "christmas piano"."""
    having: dict[str, list[str]] = defaultdict(list)
    for track in tracks:
        instruments = [tag for tag in track.themes if tag.startswith("instrument:")]
        feelings = [*track.moods, *(tag for tag in track.themes if tag in THEMES)]
        for feeling, kind in product(feelings, (*track.genres, *instruments)):
            if feeling != kind:
                having[f"{words_of(feeling)} {words_of(kind)}"].append(track.id)
    wishes = [
        Wish(text, tuple(dict.fromkeys(ids))) for text, ids in sorted(having.items()) if len(set(ids)) >= FEWEST_TRACKS
    ]
    splits = split(wishes, seed=wanted.seed, val=wanted.val, test=wanted.test)
    return tuple(
        Request(f"jamendo-{number}", (wish.text,), wish.tracks, split=name)
        for number, (wish, name) in enumerate(zip(wishes, splits, strict=True), start=1)
    )
