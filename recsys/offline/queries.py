"""The queries of a split: what is asked, by whom, and which tracks answer it.

Every playlist of the split asks with its title for its tracks; playlists of one title are one query for all their
tracks, as Text2Tracks counts unique titles. Every request asks with its words, on behalf of its listener if it has one.

No title that a system has seen in training may test it: a playlist whose title stands over a training playlist too, but
for case, spaces, punctuation and ё, is left out, and counted. A request is kept then, for it asks what its listener
wants; how many there are is counted.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from recsys.core.errors import RequestError
from recsys.data.dataset import Dataset, Playlist, Request
from recsys.data.splits import title_key
from recsys.training.playlists import training_playlists

SeenTitles = Literal["exclude", "refuse", "keep"]
Turns = Literal["all", "last"]
SEEN_TITLES: tuple[SeenTitles, ...] = ("exclude", "refuse", "keep")
TURNS: tuple[Turns, ...] = ("all", "last")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class OfflineQuery:
    """One query with its answer.

    Attributes:
        id: of the playlist or request, with its kind in front; of several playlists of one title, the first one's.
        relevant: sorted rows of `Dataset.tracks`, at least one.
        language: `ru`, `en` …: the playlist's, else what the letters tell; empty where they tell nothing.
        cluster: queries of one listener share it, for they are no independent evidence.
    """

    id: str
    text: str
    relevant: tuple[int, ...]
    listener: str | None
    language: str
    cluster: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Queries that were not asked, by reason, and what is suspicious in those that were.

    Attributes:
        seen_titles: titles of playlists that training playlists have as well, in the order of the data set.
        joined_titles: playlists that became part of another one's query.
        nothing_relevant: queries none of whose tracks is in the catalogue.
        beyond_limit: queries after the first `limit`.
        seen_requests: requests, asked none the less, whose words are a title or request of the training data.
        heard: pairs of a listener and a relevant track that the listener's interactions hold already.
        pairs: all pairs of a listener and a relevant track.
        cold: queries of listeners without any interaction.
    """

    seen_titles: tuple[str, ...]
    joined_titles: int
    nothing_relevant: int
    beyond_limit: int
    seen_requests: int
    heard: int
    pairs: int
    cold: int


def offline_queries(
    dataset: Dataset,
    split: str,
    *,
    seen_titles: SeenTitles = "exclude",
    turns: Turns = "all",
    limit: int | None = None,
) -> tuple[list[OfflineQuery], LeftOut]:
    """Return the queries of a split in the order of the data set, playlists first, and what was left out.

    Args:
        seen_titles: what happens to playlists whose titles training has seen; `keep` measures memory, not retrieval.
        turns: of a conversation, all turns joined by spaces, as Text2Tracks does, or the last alone.
        limit: take the first so many queries.

    Raises:
        RequestError: No query is left, or a title was seen in training and `seen_titles` is `refuse`.
    """
    playlists = [playlist for playlist in dataset.playlists if playlist.split == split]
    requests = [request for request in dataset.requests if request.split == split]
    titles = {title_key(playlist.title) for playlist in training_playlists(dataset)}
    seen = [playlist for playlist in playlists if title_key(playlist.title) in titles]
    if seen and seen_titles == "refuse":
        raise RequestError(
            f"{len(seen)} titles of the split {split} stand over training playlists too ({_some(seen)});"
            " remove them, or leave them out with --seen-titles exclude."
        )
    if seen_titles == "exclude":
        playlists = [playlist for playlist in playlists if title_key(playlist.title) not in titles]
    joined = _joined(playlists)
    asked = [_of_playlists(group, dataset) for group in joined]
    asked += [_of_request(request, dataset, turns) for request in requests]
    good = [query for query in asked if query.relevant]
    kept = good if limit is None else good[:limit]
    if not kept:
        raise RequestError(
            f"The split {split} of {dataset.name} holds no query that can be asked ({len(playlists)} playlists and"
            f" {len(requests)} requests after leaving out {len(seen)} titles seen in training); use another --split."
        )
    known = titles | {title_key(_words(one, turns)) for one in dataset.requests if one.split in ("train", "")}
    heard, pairs = _heard(kept, dataset)
    known_listeners = {event.listener for event in dataset.interactions}
    return kept, LeftOut(
        seen_titles=tuple(playlist.title for playlist in seen),
        joined_titles=len(playlists) - len(joined),
        nothing_relevant=len(asked) - len(good),
        beyond_limit=len(good) - len(kept),
        seen_requests=sum(title_key(_words(one, turns)) in known for one in requests),
        heard=heard,
        pairs=pairs,
        cold=sum(query.listener is not None and query.listener not in known_listeners for query in kept),
    )


def language_of(text: str) -> str:
    """`ru` where most letters are Cyrillic, `en` where most are plain Latin, else empty: a guess by script."""
    cyrillic = sum("\u0400" <= letter <= "\u04ff" for letter in text if letter.isalpha())
    latin = sum(letter < "\u0250" for letter in text if letter.isalpha())
    others = sum(map(str.isalpha, text)) - cyrillic - latin
    if max(cyrillic, latin) <= others:
        return ""
    return "ru" if cyrillic >= latin else "en"


def _joined(playlists: Iterable[Playlist]) -> list[list[Playlist]]:
    groups: dict[str, list[Playlist]] = defaultdict(list)
    for playlist in playlists:
        groups[title_key(playlist.title)].append(playlist)
    return list(groups.values())


def _of_playlists(group: list[Playlist], dataset: Dataset) -> OfflineQuery:
    first = group[0]
    return OfflineQuery(
        id=f"playlist:{first.id}",
        text=first.title,
        relevant=_rows((track for playlist in group for track in playlist.tracks), dataset),
        listener=None,
        language=first.language or language_of(first.title),
        cluster=f"playlist:{first.id}",
    )


def _of_request(request: Request, dataset: Dataset, turns: Turns) -> OfflineQuery:
    text = _words(request, turns)
    return OfflineQuery(
        id=f"request:{request.id}",
        text=text,
        relevant=_rows(request.relevant, dataset),
        listener=request.listener or None,
        language=language_of(text),
        cluster=f"listener:{request.listener}" if request.listener else f"request:{request.id}",
    )


def _words(request: Request, turns: Turns) -> str:
    return " ".join(request.turns) if turns == "all" else request.turns[-1]


def _rows(tracks: Iterable[str], dataset: Dataset) -> tuple[int, ...]:
    index = dataset.track_index
    return tuple(sorted({index[track] for track in tracks if track in index}))


def _heard(queries: Iterable[OfflineQuery], dataset: Dataset) -> tuple[int, int]:
    """How many pairs of listener and relevant track the interactions hold, and how many pairs there are."""
    pairs = {(query.listener, row) for query in queries if query.listener for row in query.relevant}
    if not pairs:
        return 0, 0
    known = {(event.listener, dataset.track_index[event.track]) for event in dataset.interactions}
    return len(pairs & known), len(pairs)


def _some(playlists: list[Playlist]) -> str:
    shown = ", ".join(f"“{playlist.title}”" for playlist in playlists[:_SHOWN])
    return shown + (" …" if len(playlists) > _SHOWN else "")
