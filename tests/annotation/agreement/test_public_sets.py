"""Against independent libraries on crowd labels that are not ours to keep; PLAYOFF_PUBLIC_DATA names their folder."""

import gzip
import json
from pathlib import Path

import pytest

from annotation.agreement.fleiss import fleiss_kappa
from annotation.agreement.gwet import gwet_ac1
from annotation.agreement.krippendorff import krippendorff_alpha
from annotation.agreement.observed import observed_agreement
from annotation.agreement.sums import Sums
from annotation.votes import Votes
from tests.conftest import public_set

GOLDEN = json.loads((Path(__file__).parents[2] / "golden/agreement_public_sets.json").read_text(encoding="utf-8"))


def read(path: Path, task: str | None) -> Votes:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        header, *lines = (line.rstrip("\n").split("\t") for line in stream)
    label = "labels" if "labels" in header else "label"
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    return Votes.from_triples(
        (row["item"], row["worker"], row[label])
        for row in rows
        if (task is None or row["task"] == task) and "|" not in row[label]
    )


@pytest.mark.parametrize("golden", GOLDEN["sets"], ids=lambda golden: golden["task"] or "adult")
def test_equals_independent_libraries(golden):
    name, _, file = golden["file"].partition("/")
    votes = read(public_set(name) / file, golden["task"])
    assert (len(votes.item_ids), len(votes)) == (golden["items"], golden["votes"])
    sums = Sums.of_counts(votes.counts())
    assert observed_agreement(sums)[0] == pytest.approx(golden["observed"], abs=1e-12)
    assert fleiss_kappa(sums)[0] == pytest.approx(golden["fleiss_kappa"], abs=1e-12)
    assert gwet_ac1(sums)[0] == pytest.approx(golden["gwet_ac1"], abs=1e-12)
    assert krippendorff_alpha(sums)[0] == pytest.approx(golden["krippendorff_alpha"], abs=1e-12)
