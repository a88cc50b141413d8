"""A thousand queries that nobody planned for, and two processes that must agree about them."""

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest

from recsys.core.ranking import ListenerQuery
from recsys.core.registry import RECOMMENDERS, recommender_class

SOME = ["", " ", "\n\t", "🔥🎄❤️", "\ud800", "\x00\x07\u202e", "' OR 1=1; --", "a" * 2000, "ё" * 2000, "грустные песни"]
ALPHABETS = [
    "abcdefghij klmnop",
    "абвгдеё жзийкл",
    "0123456789 .,!?",
    "日本語の歌 한국어",
    "🔥🎄❤️ \u200d\ufe0f",
    "\u0301\u0300ǆẞİ ",
]


def hostile(words: list[str], count: int = 1000) -> list[str]:
    """Draw texts of strange letters, and of known words in odd company."""
    rng = np.random.default_rng(7)
    texts = list(SOME)
    while len(texts) < count:
        alphabet = list(ALPHABETS[int(rng.integers(len(ALPHABETS)))])
        strange = "".join(rng.choice(alphabet, int(rng.integers(1, 60))))
        known = " ".join(rng.choice(words, int(rng.integers(0, 6))))
        texts.append(f"{known} {strange}" if rng.random() < 0.5 else known)
    return texts


@pytest.fixture(scope="module")
def queries(toy) -> list[ListenerQuery]:
    words = sorted({word for playlist in toy.playlists for word in playlist.title.split()})
    listeners = [None, "nobody knows me", *sorted({event.listener for event in toy.interactions})[:8]]
    return [ListenerQuery(text, listeners[row % len(listeners)]) for row, text in enumerate(hostile(words))]


@pytest.mark.parametrize("slug", sorted(RECOMMENDERS))
def test_a_thousand_hostile_queries_get_exactly_k_tracks_each(slug, trained, toy, queries):
    rankings = trained[slug].recommend(queries, k=20)
    assert len(rankings) == len(queries) == 1000
    for ranking in rankings:
        assert len(ranking.tracks) == len(set(ranking.tracks)) == 20
        assert set(ranking.tracks) <= toy.track_index.keys()
        assert np.isfinite(ranking.scores).all()


def test_two_processes_answer_alike_to_the_last_bit(trained, queries, tmp_path):
    """Other hash seeds and other numbers of threads, after loading from disk: the same ids and the same scores."""
    some = [(query.text, query.listener) for query in queries[:60]]
    (tmp_path / "queries.json").write_text(json.dumps(some))
    for slug in RECOMMENDERS:
        (tmp_path / slug).mkdir()
        trained[slug].save(tmp_path / slug)
    code = """
import hashlib, json, sys
from pathlib import Path
from recsys.core.ranking import ListenerQuery
from recsys.core.registry import RECOMMENDERS, recommender_class
folder = Path(sys.argv[1])
queries = [ListenerQuery(*pair) for pair in json.loads((folder / "queries.json").read_text())]
for slug in RECOMMENDERS:
    rankings = recommender_class(slug).load(folder / slug).recommend(queries, k=20)
    facts = [(ranking.tracks, ranking.scores) for ranking in rankings]
    print(slug, hashlib.sha256(repr(facts).encode()).hexdigest())
"""
    answers = [
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": number, "OPENBLAS_NUM_THREADS": number, "OMP_NUM_THREADS": number},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for number in ("1", "2")
    ]
    assert answers[0] == answers[1]
    asked = [ListenerQuery(*pair) for pair in some]
    for line in answers[0].splitlines():
        slug, digest = line.split()
        facts = [
            (one.tracks, one.scores) for one in recommender_class(slug).load(tmp_path / slug).recommend(asked, k=20)
        ]
        assert hashlib.sha256(repr(facts).encode()).hexdigest() == digest
