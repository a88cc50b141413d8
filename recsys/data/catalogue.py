"""Tracks as words: their tags, and a document that an encoder or BM25 can read in both languages."""

from collections.abc import Mapping, Sequence

from recsys.data.dataset import Track

TagNames = Mapping[str, Sequence[str]]


def decade(year: int) -> str:
    """The decade of a year as it is written in tags: 1984 is in `1980s`."""
    return f"{year // 10 * 10}s"


def track_tags(track: Track) -> tuple[str, ...]:
    """The track's tags as keys of `tag_names.json`, each once.

    Genres, moods and themes stand bare; what is said in the other fields has a prefix: `decade:1980s`,
    `language:ru`, `tempo:slow`, `vocals:female`, `energy:1`.
    """
    tags = [*track.genres, *track.moods, *track.themes]
    if track.year is not None:
        tags.append(f"decade:{decade(track.year)}")
    tags += [f"{kind}:{value}" for kind in ("language", "tempo", "vocals") if (value := getattr(track, kind))]
    if track.energy is not None:
        tags.append(f"energy:{track.energy}")
    return tuple(dict.fromkeys(tags))


def is_cyrillic(text: str) -> bool:
    """Whether the text holds a Cyrillic letter."""
    return any("\u0400" <= letter <= "\u04ff" for letter in text)


def names_of(tag: str, tag_names: TagNames, *, limit: int | None = None) -> tuple[str, ...]:
    """The names of a tag, English before Russian, at most `limit` of each; without names, the tag in words."""
    names = tag_names.get(tag)
    if not names:
        return (tag.rpartition(":")[2].replace("-", " "),)
    latin = [name for name in names if not is_cyrillic(name)]
    cyrillic = [name for name in names if is_cyrillic(name)]
    return (*latin[:limit], *cyrillic[:limit])


def track_text(track: Track, tag_names: TagNames | None = None, *, limit: int | None = 2) -> str:
    """The track as one document: titles, artists, album and year, then the names of its tags in both languages.

    Args:
        track: the track.
        tag_names: tag to its names, as in `Dataset.tag_names`.
        limit: names of each tag in each language, best known first; None takes them all, which suits BM25 and is too
            long for an encoder that reads 256 tokens.
    """
    names = [name for tag in track_tags(track) for name in names_of(tag, tag_names or {}, limit=limit)]
    year = "" if track.year is None else str(track.year)
    parts = (" / ".join((track.title, *track.other_titles)), ", ".join(track.artists), track.album, year)
    return ". ".join([part for part in (*parts, ", ".join(dict.fromkeys(names))) if part])
