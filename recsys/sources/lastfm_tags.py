"""Tags that listeners of Last.fm gave, cleaned: what many use, in one spelling, and only what describes music."""

from collections import defaultdict
from collections.abc import Mapping, Set
from pathlib import Path

from recsys.data.splits import title_key
from recsys.sources.imported import Counts
from recsys.sources.tables import read_tsv

Tags = Mapping[str, str]
"""Number of a tag in the source to the tag as it is kept."""

FEWEST_USERS = 10
OPINIONS = frozenset({
    "seen live", "love", "sexy", "amazing", "awesome", "legend", "favorites", "favourites", "favorite",
    "favourite", "epic", "hot", "diva", "genius", "perfect", "cool", "the best", "masterpiece", "fucking awesome",
    "guilty pleasure", "love at first listen", "cute", "lovely", "sweet", "catchy", "cover", "covers", "live",
    "gay", "sex", "classic", "beautiful", "brilliant", "best", "good", "great", "albums i own", "my music",
    "favorite artists", "overrated", "crap", "shit", "want to see live", "american idol", "<3", "idol", "gods",
    "under 2000 listeners", "all", "other", "music", "english", "fun", "funny", "guitar virtuoso", "female",
    "remix", "usa", "uk",
})  # fmt: skip
MOODS = frozenset({
    "mellow", "sad", "happy", "chillout", "chill", "relax", "relaxing", "romantic", "melancholy", "melancholic",
    "atmospheric", "dark", "ethereal", "dreamy", "party", "summer", "energetic", "calm", "aggressive", "soft",
    "sensual", "nostalgic", "depressive", "upbeat", "emotional", "angry", "hypnotic",
})  # fmt: skip


def read_tags(folder: Path, artists: Set[str], counts: Counts) -> dict[str, str]:
    """Read the tags worth keeping.

    Kept is what `FEWEST_USERS` listeners or more gave, in its most used spelling ("hip-hop" and "hip hop" are one), but
    for opinions ("awesome", "seen live") and names of artists.
    """
    texts = {line["tagID"]: line["tagValue"].strip() for line in read_tsv(folder, "tags.tsv", ("tagID", "tagValue"))}
    counts.read["tags"] = len(texts)
    users: dict[str, set[str]] = defaultdict(set)
    for line in read_tsv(folder, "user_taggedartists.tsv", ("userID", "tagID")):
        if line["tagID"] not in texts:
            line.refuse("tagID", f"tags.tsv has no tag {line['tagID']}")
        users[line["tagID"]].add(line["userID"])
    spellings: dict[str, list[str]] = defaultdict(list)
    for number, text in texts.items():
        spellings[title_key(text)].append(number)
    unwanted = {title_key(text) for text in (*OPINIONS, *artists)}
    kept: dict[str, str] = {}
    for key, numbers in spellings.items():
        together = set().union(*(users[number] for number in numbers))
        if key in unwanted or not key or len(together) < FEWEST_USERS:
            continue
        best = min(numbers, key=lambda number: (-len(users[number]), texts[number]))
        kept |= dict.fromkeys(numbers, texts[best])
    counts.left_out["tags that few use or that describe no music"] = len(texts) - len(kept)
    return kept
