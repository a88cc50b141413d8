"""The public sets that can be imported: what each is and where its importer lies."""

from dataclasses import dataclass
from importlib import import_module

from recsys.core.errors import RequestError
from recsys.sources.imported import Importer


@dataclass(frozen=True, slots=True)
class Source:
    """One public set.

    Attributes:
        title: one line for `--help`.
        path: `module:function` of its importer, imported on first use.
    """

    title: str
    path: str


SOURCES: dict[str, Source] = {
    "spotify-playlist-archive": Source(
        "titles and descriptions of 249 playlists, and the tracks ever on them",
        "recsys.sources.spotify_archive:import_archive",
    ),
    "tidytuesday-spotify-songs": Source(
        "471 playlists with popularity, genres and audio features",
        "recsys.sources.tidytuesday:import_songs",
    ),
    "hetrec2011-lastfm-2k": Source(
        "1,892 listeners, the artists they played and the tags they gave; an item is an artist",
        "recsys.sources.hetrec:import_listeners",
    ),
    "mtg-jamendo": Source(
        "11,565 tracks with tags; requests are pairs of tags",
        "recsys.sources.jamendo:import_tagged",
    ),
    "music-reco-ner": Source(
        "2,551 requests from conversations, on the tracks of another data set (--catalogue)",
        "recsys.sources.music_ner:import_requests",
    ),
}


def importer(name: str) -> Importer:
    """Return the importer of a public set.

    Raises:
        RequestError: There is none of that name.
    """
    if name not in SOURCES:
        raise RequestError(f"There is no source {name!r}; available are {', '.join(SOURCES)}.")
    module, function = SOURCES[name].path.split(":")
    found: Importer = getattr(import_module(module), function)
    return found
