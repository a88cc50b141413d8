"""spotify-playlist-archive: public playlists with every track seen on them from 2019 to May 2021.

Titles and descriptions are the wishes, the tracks ever on a list satisfy both. Tracks have a title, artists, an album
and a length, no year, no tags and no popularity. The files are those that `playlists.tsv` and
`playlist_tracks_ever.tsv.gz` hold: one row per list, one per (list, track).
"""

from collections import defaultdict
from pathlib import Path

from recsys.data.dataset import Dataset, Playlist, Request, Track
from recsys.sources.descriptions import wish_of
from recsys.sources.imported import Counts, Imported, Wanted, language_of, languages_of, splits_note, with_splits
from recsys.sources.tables import Line, read_tsv

NAME = "spotify-playlist-archive"
LICENCE = "MIT for the repository; the service's terms may add to it for titles and names: research and tests only"
MISSING = "<MISSING>"  # what the archive writes for the title of a track that the service had dropped
_LISTS = ("playlist_id", "title", "description", "kind")
_TRACKS = ("playlist_id", "track_id", "title", "artists", "album", "length_s")


def import_archive(folder: Path, wanted: Wanted) -> Imported:
    """Read the folder of the archive as a data set."""
    counts = Counts()
    lists = {line.required("playlist_id"): line for line in read_tsv(folder, "playlists.tsv", _LISTS)}
    counts.read["playlists"] = len(lists)
    tracks, contents = _read_tracks(folder, lists, counts)
    playlists, requests = [], {}
    for playlist_id, line in lists.items():
        if not contents[playlist_id]:
            counts.left_out["playlists without a track"] += 1
            continue
        title, on_it = line.required("title"), tuple(contents[playlist_id])
        playlists.append(Playlist(playlist_id, title, on_it, language=language_of(title)))
        wish = wish_of(line["description"])
        if wish:
            requests[playlist_id] = Request(f"description-{playlist_id}", (wish,), on_it)
        else:
            counts.left_out["descriptions that are empty or say no wish"] += 1
    kinds = {playlist_id: line["kind"] for playlist_id, line in lists.items()}
    split_lists, split_requests = with_splits(playlists, requests, strata=kinds, wanted=wanted)
    dataset = Dataset(
        name=NAME,
        version=f"2021-05-09-{wanted.version}",
        licence=LICENCE,
        source="mackorone/spotify-playlist-archive at 97a1f6da (9 May 2021): titles and descriptions of public"
        " playlists, and the tracks seen on them since 2019. A language is what the letters of a title tell.",
        languages=languages_of([playlist.title for playlist in split_lists]),
        fingerprint="",
        tracks=tuple(tracks),
        playlists=split_lists,
        requests=split_requests,
    )
    return Imported(dataset, counts, splits_note(wanted))


def _read_tracks(
    folder: Path, lists: dict[str, Line], counts: Counts
) -> tuple[list[Track], dict[str, dict[str, None]]]:
    """The tracks as first written, and the ids on each list, in order and once."""
    tracks: dict[str, Track] = {}
    contents: dict[str, dict[str, None]] = defaultdict(dict)
    for line in read_tsv(folder, "playlist_tracks_ever.tsv", _TRACKS):
        counts.read["tracks on playlists"] += 1
        playlist_id, track_id = line.required("playlist_id"), line.required("track_id")
        if playlist_id not in lists:
            line.refuse("playlist_id", f"playlists.tsv has no list {playlist_id}")
        artists = tuple(name for part in line["artists"].split(" | ") if (name := part.strip()))
        if line["title"] == MISSING or not artists:
            counts.left_out["tracks on playlists without title or artist"] += 1
            continue
        contents[playlist_id][track_id] = None
        if track_id not in tracks:
            tracks[track_id] = Track(
                id=track_id,
                title=line.required("title"),
                artists=artists,
                album=line["album"].strip(),
                duration_s=float(line.integer("length_s")),
            )
    return list(tracks.values()), contents
