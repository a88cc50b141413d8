"""The significance table of a report, recomputed by a script that knows nothing of ours."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from evaluation.reporting.pseudonyms import renumbered
from evaluation.stats.judgments import write_judgments

SCRIPT = Path(__file__).resolve().parents[1] / "recompute_significance.py"


@pytest.fixture(scope="module")
def recomputed(judgments, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "judgments.csv"
    stream = io.StringIO(newline="")
    write_judgments(renumbered(judgments), stream)
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    done = subprocess.run([sys.executable, str(SCRIPT), str(path)], capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_script_is_short_and_imports_nothing_of_ours():
    source = SCRIPT.read_text()
    assert "evaluation" not in source and "playoff" not in source
    statements = [line for line in source.partition('"""\n\n')[2].splitlines() if line.strip()]
    assert len(statements) <= 36


def test_it_says_the_same_to_1e_9(recomputed, report):
    assert len(recomputed) == len(report["pairs"]) == 6
    assert all("exact" in pair["by_participant"]["test"] for pair in report["pairs"])
    for theirs, ours in zip(recomputed, report["pairs"], strict=True):
        assert (theirs["a"], theirs["b"]) == (ours["a"], ours["b"])
        assert theirs["p"] == pytest.approx(ours["by_participant"]["p"], abs=1e-9)
        assert theirs["p_holm"] == pytest.approx(ours["by_participant"]["p_holm"], abs=1e-9)
        assert theirs["mann_whitney_p"] == pytest.approx(ours["mann_whitney"]["p"], abs=1e-9)
        assert theirs["mann_whitney_p_holm"] == pytest.approx(ours["mann_whitney"]["p_holm"], abs=1e-9)
