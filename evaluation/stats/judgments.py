"""Judgments, and the CSV file they travel in.

Times may carry a zone or not; one without a zone is read as UTC, so that a file that mixes both has one order.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TextIO, get_args

from evaluation.stats.errors import JudgmentError, JudgmentFileError

Outcome = Literal["a", "b", "tie"]
REQUIRED = ("participant", "query", "system_a", "system_b", "outcome", "created_at")
OPTIONAL = ("category", "language")

# A spreadsheet takes a cell that starts with one of these for a formula (OWASP, "CSV Injection"). Such a text is
# written with an apostrophe before it; texts that already have apostrophes before such a sign get one more, so
# that reading can always take exactly one away.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Judgment:
    """What one participant said of one query: `system_a` was shown first, as A.

    `participant` is empty where nobody knows who made it; of judgments that are analysed together, all are or none is.
    """

    participant: str
    query: str
    system_a: str
    system_b: str
    outcome: Outcome
    created_at: datetime
    category: str = ""
    language: str = ""

    def __post_init__(self) -> None:
        for field in ("participant", "system_a", "system_b"):
            value = getattr(self, field)
            if not value.strip() and (value or field != "participant"):
                raise JudgmentError(f"`{field}` is empty; give it a name")
            if value != value.strip():
                raise JudgmentError(f"`{field}` {value!r} starts or ends with a space; remove the space")
        if self.system_a == self.system_b:
            raise JudgmentError(f"`system_a` and `system_b` are both {self.system_a!r}; name two different systems")
        if self.outcome not in get_args(Outcome):
            raise JudgmentError(f"`outcome` must be a, b or tie, got {self.outcome!r}")

    @property
    def instant(self) -> datetime:
        """The time of the judgment with its zone; a time without one is UTC."""
        return self.created_at if self.created_at.utcoffset() is not None else self.created_at.replace(tzinfo=UTC)


def in_time_order(judgments: Iterable[Judgment]) -> list[Judgment]:
    """The judgments by time, those of equal time as they came."""
    return sorted(judgments, key=lambda judgment: judgment.instant)


def read_judgments(path: str | Path) -> list[Judgment]:
    """Read a file of judgments, in file order.

    Columns are found by name; columns of other names are left aside. `participant` may be empty on every line, for
    judgments of which nobody knows who made them, but not on some.

    Args:
        path: a UTF-8 CSV file, with or without a byte order mark.

    Raises:
        JudgmentFileError: Something is wrong with a line; the sentence names the file, the line and the mend.
        OSError: The file cannot be opened.
    """
    text = _decode(Path(path))
    if not text.strip():
        raise JudgmentFileError(f"{path}: the file is empty; its first line must be {','.join(REQUIRED)}.")
    lines = csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), strict=True)
    judgments: list[Judgment] = []
    columns: dict[str, int] = {}
    line = 1  # where the record starts; a quoted field may span lines
    try:
        for record in lines:
            if not columns:
                columns = _columns(record)
            else:
                judgments.append(_judgment(record, columns))
                _check_participant(judgments[-1], judgments[0])
            line = lines.line_num + 1
    except (JudgmentError, csv.Error) as error:
        what = str(error) if isinstance(error, JudgmentError) else f"not well-formed CSV ({error}); mend its quotes"
        raise JudgmentFileError(f"{path}, line {line}: {what}.") from error
    if not judgments:
        raise JudgmentFileError(f"{path}, line 2: there is no judgment after the header; add at least one line.")
    return judgments


def write_judgments(judgments: Iterable[Judgment], stream: TextIO) -> None:
    """Write judgments so that `read_judgments` gives the same ones back and a spreadsheet runs none of them.

    Args:
        judgments: in the order the file shall have.
        stream: a text stream; open a file with `newline=""` and UTF-8.
    """
    writer = csv.writer(stream)
    writer.writerow((*REQUIRED, *OPTIONAL))
    for judgment in judgments:
        cells = {field: getattr(judgment, field) for field in (*REQUIRED, *OPTIONAL)}
        cells["created_at"] = judgment.created_at.isoformat()
        writer.writerow([defuse(cell) for cell in cells.values()])


def defuse(cell: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """What `defuse` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _decode(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise JudgmentFileError(f"{path}, line {line}: this is not UTF-8; save the file as UTF-8.") from error


def _columns(header: Sequence[str]) -> dict[str, int]:
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        names = ", ".join(f"`{name}`" for name in missing)
        raise JudgmentError(f"the header lacks {names}; the first line must be {','.join(REQUIRED)}")
    for name in (*REQUIRED, *OPTIONAL):
        if list(header).count(name) > 1:
            raise JudgmentError(f"the header has `{name}` twice; remove one of the two columns")
    return {name: position for position, name in enumerate(header)}


def _judgment(record: Sequence[str], columns: dict[str, int]) -> Judgment:
    if not record:
        raise JudgmentError("the line is empty; remove it")
    if len(record) != len(columns):
        raise JudgmentError(f"expected {len(columns)} fields as in the header, got {len(record)}; mend the commas")
    cells = {name: restore(record[columns[name]]) for name in (*REQUIRED, *OPTIONAL) if name in columns}
    return Judgment(
        participant=cells["participant"],
        query=cells["query"],
        system_a=cells["system_a"],
        system_b=cells["system_b"],
        outcome=cells["outcome"],  # type: ignore[arg-type]  # the judgment itself refuses any other
        created_at=_time(cells["created_at"]),
        category=cells.get("category", ""),
        language=cells.get("language", ""),
    )


def _check_participant(judgment: Judgment, first: Judgment) -> None:
    if bool(judgment.participant) == bool(first.participant):
        return
    if first.participant:
        raise JudgmentError("`participant` is empty; give it a name, or empty it on every line")
    raise JudgmentError(
        f"`participant` is {judgment.participant!r}, but empty on the lines before; name who made each of them, or "
        "empty it on every line"
    )


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        if time.utcoffset() is not None:
            time.astimezone(UTC)  # the first and last hours of the calendar may not exist there
    except (ValueError, OverflowError):
        mend = "write it as 2026-01-31T12:00:00+00:00"
        raise JudgmentError(f"`created_at` is not a time, got {text!r}; {mend}") from None
    return time
