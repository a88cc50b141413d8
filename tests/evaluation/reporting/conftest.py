"""Reports of drawn judgments, small and large."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from evaluation.stats.analysis import analyze
from evaluation.stats.judgments import Judgment
from evaluation.stats.report_parts import report_parts
from evaluation.stats.tables import JudgmentTable

NASTY = ("=SUM(1+1)", r"50% \LaTeX_{x}^2 & #1 ~ $", "<b>жирный</b> «ёлка»", "[*] 模型 ☃ naïve")


def drawn(names, *, judgments=240, people=12, seed=3, categories=("", "mood")):
    """Judgments in which later systems are better, by people without taste of their own."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(judgments):
        a, b = (int(at) for at in rng.choice(len(names), 2, replace=False))
        better = rng.random() < 1 / (1 + np.exp(-0.5 * (a - b)))
        outcome = "tie" if rng.random() < 0.15 else ("a" if better else "b")
        when = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
        category = categories[number % len(categories)]
        language = ("en", "ru")[number % 2]
        person = f"person-{number % people}@example.org"
        found.append(Judgment(person, f"q{number}", names[a], names[b], outcome, when, category, language))
    return found


@pytest.fixture(scope="session")
def judgments():
    return drawn(("bm25", "popularity", "retriever", "retriever-cr"))


def reported(judgments, *, replicates=50, **options):
    """The report as JSON; `options` are those of `analyze`."""
    table, drawing = JudgmentTable.of(judgments), {"seed": 1, "replicates": replicates}
    parts = report_parts(table, elo_k=32.0, **drawing)
    return {"software": {"Playoff": "0.1.0"}, **parts.as_json(), **analyze(table, **drawing, **options).as_json()}


@pytest.fixture(scope="session")
def report(judgments):
    """As JSON, with the parts that only a study has."""
    return reported(judgments) | SERVED


@pytest.fixture(scope="session")
def nasty():
    """A report of systems whose names are made to break what prints them."""
    return reported(drawn(NASTY, judgments=200))


@pytest.fixture(scope="session")
def empty():
    return reported([])


_TIMES = {"n": 120, "median": 0.31, "p90": 1.25}
SERVED = {
    "study": {"slug": "pilot", "title": "Pilot", "status": "open"},
    "trial_states": {"trials": 5, "generating": 0, "ready": 1, "judged": 2, "identical": 1, "failed": 1, "expired": 0},
    "waiting": {
        "method": "median and 90th percentile, linear between order statistics",
        "systems": [
            {"name": name, "model_seconds": _TIMES, "shown_after_seconds": _TIMES}
            for name in ("bm25", "popularity", "retriever", "retriever-cr")
        ],
    },
    "failures": {
        "method": "Wilson on the effective number of playlists, t; the participant is the unit",
        "systems": [
            {
                "name": name,
                "participants": 12,
                "sides": 120,
                "failures": failed,
                "unfinished": 1,
                "share": failed / 120,
                "share_ci": [0.0, 0.05],
            }
            for failed, name in enumerate(("bm25", "popularity", "retriever", "retriever-cr"))
        ],
    },
}
