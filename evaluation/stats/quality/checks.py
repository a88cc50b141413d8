"""Checks hidden among a participant's trials, and the rule, fixed before unblinding, by which somebody fails them.

`gold`: a good playlist against one off the topic. `twin`: the same playlist twice, so that only "equivalent" is right.
`repeat`: an earlier trial again with its sides swapped. Whether one was passed is decided where the trial is made.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evaluation.stats.arrays import BoolArray, FloatArray
from evaluation.stats.errors import StatisticsError
from evaluation.stats.judgments import restore

KINDS = ("gold", "twin", "repeat")
COLUMNS = ("participant", "check", "passed")
_PASSED = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}


class CheckError(StatisticsError):
    """A check that cannot be one, or a rule that nobody could fail."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check of one participant; `kind` is gold, twin or repeat."""

    participant: str
    kind: str
    passed: bool

    def __post_init__(self) -> None:
        if not self.participant.strip():
            raise CheckError("`participant` is empty; give it a name")
        if self.kind not in KINDS:
            raise CheckError(f"`check` must be gold, twin or repeat, got {self.kind!r}")


@dataclass(frozen=True)
class FailRule:
    """Who fails: at least `failures` checks failed, and at least `failures` of every `of` taken."""

    failures: int = 2
    of: int = 3

    def __post_init__(self) -> None:
        if not 1 <= self.failures <= self.of:
            raise CheckError(f"`failures` must be between 1 and `of` ({self.of}), got {self.failures}.")

    def fails(self, taken: FloatArray, failed: FloatArray) -> BoolArray:
        """Whether each participant fails, shape (participants,)."""
        return np.asarray((failed >= self.failures) & (failed * self.of >= taken * self.failures))


def tally(checks: Iterable[Check], participants: Sequence[str]) -> tuple[FloatArray, FloatArray]:
    """Checks taken and failed by each participant, shape (participants,) each.

    Raises:
        CheckError: A check is of somebody without a judgment.
    """
    index = {name: at for at, name in enumerate(participants)}
    taken, failed = np.zeros(len(participants)), np.zeros(len(participants))
    for check in checks:
        if check.participant not in index:
            raise CheckError(
                f"A check names the participant {check.participant!r}, who gave no judgment; mend the name or "
                "leave the check out."
            )
        taken[index[check.participant]] += 1
        failed[index[check.participant]] += not check.passed
    return taken, failed


def read_checks(path: str | Path) -> list[Check]:
    """Read `participant,check,passed` from a UTF-8 CSV file; `passed` is yes or no, true or false, 1 or 0.

    Raises:
        CheckError: Something is wrong with a line; the sentence names the file, the line and the mend.
        OSError: The file cannot be opened.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CheckError(f"{path}: this is not UTF-8; save the file as UTF-8.") from error
    lines = csv.DictReader(io.StringIO(text.rstrip("\r\n"), newline=""), strict=True, restkey="")
    checks: list[Check] = []
    try:
        missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
        if missing:
            raise CheckError(f"the header lacks `{missing[0]}`; the first line must be {','.join(COLUMNS)}")
        checks.extend(_check(record) for record in lines)
    except (CheckError, csv.Error) as error:
        what = str(error) if isinstance(error, CheckError) else f"not well-formed CSV ({error}); mend its quotes"
        raise CheckError(f"{path}, line {max(lines.reader.line_num, 1)}: {what}.") from error
    if not checks:
        raise CheckError(f"{path}, line 2: there is no check after the header; add at least one line.")
    return checks


def _check(record: dict[str, str]) -> Check:
    if "" in record or None in record.values():
        raise CheckError("the line has another number of fields than the header; mend the commas")
    passed = _PASSED.get(record["passed"].strip().lower())
    if passed is None:
        raise CheckError(f"`passed` must be yes or no, got {record['passed']!r}")
    return Check(restore(record["participant"].strip()), record["check"].strip(), passed)
