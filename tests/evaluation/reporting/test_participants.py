from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from evaluation.reporting.participants import participants_section
from evaluation.reporting.sections import report_sections
from evaluation.reporting.words import LANGUAGES
from evaluation.stats.analysis import analyze
from evaluation.stats.judgments import Judgment
from evaluation.stats.quality.checks import Check
from evaluation.stats.quality.flags import FLAGS

START = datetime(2026, 1, 1, tzinfo=UTC)


def report_of(checks=(), nameless=False):
    rng = np.random.default_rng(0)
    judgments = [
        Judgment(
            "" if nameless else f"listener {at % 12}",
            f"query {at}",
            *(("x", "y") if at % 24 < 12 else ("y", "x")),
            ("a", "b", "tie")[rng.integers(3)],
            START + timedelta(minutes=at),
        )
        for at in range(144)
    ]
    return analyze(judgments, replicates=20, checks=checks).as_json()


FAILED = [Check("listener 3", kind, kind == "repeat") for kind in ("gold", "twin", "repeat")]


def test_nobody_flagged_is_one_sentence():
    section = participants_section(report_of(), "en")
    assert section.paragraphs == ("Nobody of the 12 participants is flagged.",)
    assert section.tables == ()


def test_ratings_stand_with_and_without():
    report = report_of(FAILED)
    section = participants_section(report, "en")
    assert section.paragraphs[0] == "Hidden checks taken: 3, failed: 2."
    assert section.paragraphs[1].startswith(
        "Participants flagged: 1 of 12, with 12 of the 144 judgments (hidden checks"
    )
    (table,) = section.tables
    before, after = (report["quality"][key]["systems"][0] for key in ("with_everybody", "without_flagged"))
    assert table.rows[0][:2] == ("x", f"{before['bt']:.0f}")
    assert table.rows[0][4] == f"{after['bt']:.0f}"
    assert "listener" not in str(section)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_it_is_in_the_report_in_each_language(language):
    keys = [section.key for section in report_sections(report_of(FAILED), language)]
    assert "participants" in keys
    assert all(f"flag_{flag}" in LANGUAGES[language] for flag in FLAGS)


def test_without_names_there_is_no_section():
    assert participants_section(report_of(nameless=True), "en") is None
    assert participants_section({"judgments": 3}, "en") is None
