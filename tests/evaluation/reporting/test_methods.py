"""The paragraph on methods says what was run, with its numbers, and nothing else."""

import re

import pytest

from evaluation.reporting.method_names import in_words
from evaluation.reporting.methods import methods_paragraph, methods_text
from evaluation.reporting.methods_words import SENTENCES
from evaluation.stats import (
    analysis,
    breakdown,
    clusters,
    contrast,
    goodness,
    influence,
    likelihoods,
    over_time,
    position,
    service_record,
    sign_flip,
    sign_test,
    signed_rank,
)
from evaluation.stats.rank_tests import READINGS
from evaluation.stats.units import named
from tests.evaluation.reporting.conftest import drawn, reported

MODEL = likelihoods.DAVIDSON.name
NAMES = [
    MODEL,
    analysis.ALL_EQUAL,
    analysis.OBUCHOWSKI,
    clusters.BOOTSTRAP,
    clusters.JACKKNIFE,
    clusters.SANDWICH,
    clusters.PENALISED.format(clusters.JACKKNIFE),
    clusters.IDENTICAL,
    sign_flip.EXACT,
    sign_flip.SAMPLED.format(flips=10_000),
    *READINGS.values(),
    position.BINOMIAL,
    goodness.TEST,
    influence.METHOD.format(influence.NEAREST),
    likelihoods.RAO_KUPPER.name,
    likelihoods.TIES_HALF.name,
    sign_test.EXACT,
    signed_rank.EXACT,
    signed_rank.NORMAL,
    breakdown.WILSON,
    breakdown.BOOTSTRAP,
    contrast.BOOTSTRAP_T,
    service_record.QUANTILES,
    service_record.SHARE,
    over_time.METHOD,
]


def test_every_method_has_a_russian_name():
    named_by_judgment = [named(name, "judgment") for name in NAMES]
    assert [name for name in NAMES + named_by_judgment if not re.search("[а-я]", in_words(name, "ru"))] == []
    assert "участник" not in in_words(named(clusters.JACKKNIFE, "judgment"), "ru")
    assert "10000" in in_words(sign_flip.SAMPLED.format(flips=10_000), "ru")
    assert in_words("something new", "ru") == "something new" and in_words(None, "en") == "–"


def test_sentences_agree_in_both_languages():
    english, russian = SENTENCES["en"], SENTENCES["ru"]
    assert english.keys() == russian.keys()
    for key, sentence in english.items():
        assert sorted(re.findall(r"{(\w+)}", sentence)) == sorted(re.findall(r"{(\w+)}", russian[key])), key


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_numbers_of_the_report_are_in_it(report, language):
    text = methods_paragraph(report, language)
    for number in (report["judgments"], report["participants"], report["ties"], report["seed"], report["replicates"]):
        assert str(number) in text
    assert in_words(MODEL, language) in text and in_words(clusters.JACKKNIFE, language) in text
    assert in_words(sign_flip.EXACT, language) in text and "Playoff 0.1.0" in text
    assert "{" not in text and "None" not in text


def test_only_a_study_was_blind_and_drew_its_sides(report):
    of_file = {key: value for key, value in report.items() if key != "study"}
    assert "blind" in methods_paragraph(report) and "drawn at random for each trial" in methods_paragraph(report)
    assert "blind" not in methods_paragraph(of_file) and "drawn at random for each trial" not in methods_paragraph(
        of_file
    )


def test_what_was_not_run_is_not_told():
    alone = methods_text(reported(drawn(("a", "b"), judgments=30, people=1)))
    assert "no confidence intervals" in alone and "Rank intervals" not in alone and "CR3" not in alone
    assert "Bell and McCaffrey" not in alone and "Mogstad" not in alone
    apart = methods_text(reported(drawn(("a", "b")) + drawn(("x", "y"))))
    assert "2 groups were rated apart" in apart and "Rank intervals" not in apart
    unbeaten = [judgment for judgment in drawn(("a", "b")) if (judgment.outcome == "a") == (judgment.system_a == "a")]
    assert "No finite maximum" in methods_text(reported(unbeaten))


def test_nobody_known():
    from dataclasses import replace

    told = methods_text(reported([replace(judgment, participant="") for judgment in drawn(("a", "b"))]))
    assert "do not say who made them" in told and "No test by participant is possible" in told
    assert "None" not in told and "Holm" not in told and "blind" not in told


def test_nothing_judged(empty):
    assert methods_text(empty) == "There are no judgments yet, so nothing was computed.\n"
