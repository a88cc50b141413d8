"""Descriptions of playlists as wishes: without mark-up, credits and announcements.

What is left out, sentence by sentence: credits ("Cover: Lou Reed"), announcements ("New music from …", "Updated
weekly", "See also …"), the daily line of the charts ("Your daily update of the most played tracks right now"), and the
lists of names of the artist radios ("With Akon, Fifth Harmony and more"). A description of which fewer than two words
are left is no wish.
"""

import html
import re

from recsys.training.text import words

_TAG = re.compile(r"<[^<>]*>")
_CREDIT = re.compile(r"\b(?:cover|photo|artwork)\s*[:-].*", re.IGNORECASE | re.DOTALL)
_SENTENCE_END = re.compile(r"\s+\|\s+|(?<=\w\w[.!?])\s+|(?<=\W[.!?])\s+")
_ANNOUNCEMENTS = (
    r"with .* and more", r"with: .*", r"your daily update of .*", r".*\bnew music (?:from|by) .*",
    r"updat\w+ (?:daily|weekly|regularly|every).*", r"see also .*", r"check out .*", r"let['\u2019]s celebrate .*",
    r"vote at .*", r"instagram", r"listen to new album .*", r".* is out now",
)  # fmt: skip
_ANNOUNCEMENT = re.compile(rf"(?:{'|'.join(_ANNOUNCEMENTS)})\W*$", re.IGNORECASE)
FEWEST_WORDS = 2


def wish_of(description: str) -> str:
    """Return the description as a wish, or nothing if it says none."""
    text = html.unescape(_TAG.sub("", html.unescape(description)))
    text = _CREDIT.sub("", " ".join(text.split()))
    sentences = [sentence for sentence in _SENTENCE_END.split(text) if not _ANNOUNCEMENT.match(sentence)]
    wish = " ".join(sentences).strip(" -|,;:")
    return wish if len(words(wish)) >= FEWEST_WORDS else ""
