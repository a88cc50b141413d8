"""A taste in words, for a person who picks a listener to try a recommender with."""

from collections.abc import Sequence

from recsys.data.catalogue import TagNames, decade, is_cyrillic, names_of
from recsys.data.dataset import Listener
from recsys.data.leanings import Leaning, Taste


def describe(listener: str, taste: Taste, tag_names: TagNames) -> Listener:
    """Describe the leanings, the strongest first, in English and Russian."""
    strongest_first = sorted(zip(taste.shares, range(len(taste.shares)), strict=True), key=lambda s: (-s[0], s[1]))
    leanings = [taste.leanings[index] for _, index in strongest_first]
    english = [_english(leaning, tag_names) for leaning in leanings]
    russian = [_russian(leaning, tag_names) for leaning in leanings]
    return Listener(listener, _sentence(english), _sentence(russian))


def _english(leaning: Leaning, tag_names: TagNames) -> str:
    words = [_join([_name(genre, tag_names, russian=False) for genre in leaning.genres], "and") or "music"]
    if leaning.year is not None:
        words.append(f"of the {decade(leaning.year)}")
    if leaning.language == "instrumental":
        words.append("without words")
    elif leaning.language:
        words.append(f"in {_name(f'language:{leaning.language}', tag_names, russian=False)}")
    moods = _join([_name(mood, tag_names, russian=False) for mood in leaning.moods], "and")
    return " ".join(words) + (f", {moods}" if moods else "")


def _russian(leaning: Leaning, tag_names: TagNames) -> str:
    words = [_join([_name(genre, tag_names, russian=True) for genre in leaning.genres], "и") or "музыка"]
    if leaning.year is not None:
        words.append(f"{leaning.year // 10 * 10}-х")
    if leaning.language == "instrumental":
        words.append("без слов")
    elif leaning.language:
        names = names_of(f"language:{leaning.language}", tag_names)
        words.append(next((name for name in names if name.startswith("на ")), f"на языке {leaning.language}"))
    moods = _join([_name(mood, tag_names, russian=True) for mood in leaning.moods], "и")
    return " ".join(words) + (f", {moods}" if moods else "")


def _name(tag: str, tag_names: TagNames, *, russian: bool) -> str:
    names = names_of(tag, tag_names)
    return next((name for name in names if is_cyrillic(name) == russian), names[0])


def _join(names: Sequence[str], conjunction: str) -> str:
    return f" {conjunction} ".join(dict.fromkeys(names))


def _sentence(parts: Sequence[str]) -> str:
    text = "; ".join(dict.fromkeys(parts))
    return text[:1].upper() + text[1:]
