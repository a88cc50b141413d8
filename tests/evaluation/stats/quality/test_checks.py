import numpy as np
import pytest

from evaluation.stats.quality.checks import Check, CheckError, FailRule, read_checks, tally


def test_checks_are_counted_by_participant():
    checks = [
        Check("p", "gold", True),
        Check("r", "twin", False),
        Check("r", "repeat", False),
        Check("r", "gold", True),
    ]
    taken, failed = tally(checks, ("p", "q", "r"))
    assert taken.tolist() == [1, 0, 3]
    assert failed.tolist() == [0, 0, 2]


def test_a_check_of_somebody_who_never_judged_is_refused():
    with pytest.raises(CheckError, match="'Q', who gave no judgment; mend the name"):
        tally([Check("Q", "gold", True)], ("q",))


@pytest.mark.parametrize(
    ("taken", "failed", "fails"),
    [
        (0, 0, False),
        (3, 1, False),
        (3, 2, True),
        (3, 3, True),
        (2, 2, True),
        (1, 1, False),
        (6, 3, False),
        (6, 4, True),
    ],
)
def test_two_of_three_fail(taken, failed, fails):
    assert FailRule().fails(np.array([taken]), np.array([failed])).tolist() == [fails]


@pytest.mark.parametrize(("failures", "of"), [(0, 3), (4, 3)])
def test_a_rule_that_cannot_be_is_refused(failures, of):
    with pytest.raises(CheckError, match="`failures` must be between 1 and"):
        FailRule(failures, of)


def test_a_file_of_checks_is_read(tmp_path):
    path = tmp_path / "checks.csv"
    path.write_text("passed,participant,check\nyes,p,gold\nFALSE,q,twin\n0, q ,repeat\n", encoding="utf-8-sig")
    assert read_checks(path) == [Check("p", "gold", True), Check("q", "twin", False), Check("q", "repeat", False)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: the header lacks `participant`"),
        ("participant,check\np,gold\n", "line 1: the header lacks `passed`"),
        ("participant,check,passed\n", "line 2: there is no check after the header"),
        (
            "participant,check,passed\np,gold,yes\np,trap,yes\n",
            "line 3: `check` must be gold, twin or repeat, got 'trap'",
        ),
        ("participant,check,passed\np,gold,maybe\n", "line 2: `passed` must be yes or no, got 'maybe'"),
        ("participant,check,passed\n ,gold,yes\n", "line 2: `participant` is empty"),
        ("participant,check,passed\np,gold\n", "line 2: the line has another number of fields"),
        ("participant,check,passed\np,gold,yes,1\n", "line 2: the line has another number of fields"),
        ('participant,check,passed\n"p"x,gold,yes\n', "line 2: not well-formed CSV"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, text, words):
    path = tmp_path / "checks.csv"
    path.write_text(text)
    with pytest.raises(CheckError) as refused:
        read_checks(path)
    assert f"{path}, {words}" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_another_encoding_is_refused(tmp_path):
    path = tmp_path / "checks.csv"
    path.write_bytes("participant,check,passed\nпётр,gold,yes\n".encode("cp1251"))
    with pytest.raises(CheckError, match="this is not UTF-8"):
        read_checks(path)
