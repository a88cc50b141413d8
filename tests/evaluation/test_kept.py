import pytest

from evaluation.kept import MOST_KEPT, KeptByStudy


def test_a_value_is_made_once_per_stamp():
    kept, made = KeptByStudy(), []

    def make():
        made.append(len(made))
        return made[-1]

    assert [kept.get(1, "old", make), kept.get(1, "old", make), kept.get(1, "new", make)] == [0, 0, 1]
    assert kept.get(1, "old", make) == 2  # only the last one is kept


def test_the_study_asked_for_longest_ago_goes():
    kept = KeptByStudy()
    for study in range(MOST_KEPT):
        kept.get(study, "", lambda study=study: study)
    assert kept.get(0, "", lambda: "again") == 0
    kept.get(99, "", lambda: 99)
    assert kept.get(0, "", lambda: "again") == 0
    assert kept.get(1, "", lambda: "again") == "again"


def test_what_fails_is_not_kept():
    kept = KeptByStudy()
    with pytest.raises(ZeroDivisionError):
        kept.get(1, "", lambda: 1 / 0)
    assert kept.get(1, "", lambda: "value") == "value"
