"""Reading a file of labels, checked whole: the first fault ends it, named by file, line and mend."""

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from annotation.agreement.annotators import Times
from annotation.agreement.errors import AgreementError
from annotation.votes import Votes

REQUIRED = ("item", "annotator", "label")
FAMILY = "family"


@dataclass(frozen=True, slots=True)
class LabelFile:
    """Labels read from a file.

    Attributes:
        votes: the last label of every annotator on every item.
        families: the family of every item, as `votes.item_ids`; None if the file has no column `family`.
        order: the line of every vote that counts, by (item, annotator).
    """

    votes: Votes
    families: tuple[str, ...] | None
    order: Times


def read_labels(path: Path, *, taxonomy: Sequence[str] = (), require_taxonomy: bool = False) -> LabelFile:
    """Read CSV with the columns item, annotator, label and perhaps family; other columns are left aside.

    Args:
        path: a UTF-8 file, with or without a byte order mark.
        taxonomy: category names in order; they are the categories of the votes if every label is one of them.
        require_taxonomy: refuse a label that is none of them.

    Raises:
        AgreementError: A line is not as it should be, or there is none.
        OSError: The file cannot be read.
    """
    known = frozenset(taxonomy)
    rows = _rows(path, known if require_taxonomy else ())
    labels = {label for _, _, _, label, _ in rows}
    votes = Votes.from_triples(
        ((item, annotator, label) for _, item, annotator, label, _ in rows),
        categories=taxonomy if labels <= known else None,
    )
    order = {(item, annotator): float(line) for line, item, annotator, _, _ in rows}
    return LabelFile(votes, _families(path, rows, votes), order)


_Row = tuple[int, str, str, str, str | None]  # line, item, annotator, label, family


def _rows(path: Path, allowed: Collection[str]) -> list[_Row]:
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    rows: list[_Row] = []
    columns: dict[str, int] = {}
    width, line = 0, 1  # where the record starts; a quoted field may span lines
    try:
        for record in reader:
            if not columns:
                columns, width = _columns(record), len(record)
            else:
                rows.append((line, *_fields(record, columns, width, allowed)))
            line = reader.line_num + 1
    except (AgreementError, csv.Error) as error:
        what = str(error) if isinstance(error, AgreementError) else f"not well-formed CSV ({error}); mend its quotes"
        raise AgreementError(f"{path}, line {line}: {what}.") from error
    if not rows:
        raise AgreementError(f"{path}, line 2: there is no label after the header; add at least one line.")
    return rows


def _text(path: Path) -> str:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise AgreementError(f"{path}, line {line}: this is not UTF-8; save the file as UTF-8.") from error
    if not text.strip():
        raise AgreementError(f"{path}: the file is empty; its first line must be {','.join(REQUIRED)}.")
    return text.rstrip("\r\n")


def _columns(header: Sequence[str]) -> dict[str, int]:
    if missing := [name for name in REQUIRED if name not in header]:
        names = ", ".join(f"`{name}`" for name in missing)
        raise AgreementError(f"the header lacks {names}; the first line must be {','.join(REQUIRED)}")
    for name in (*REQUIRED, FAMILY):
        if list(header).count(name) > 1:
            raise AgreementError(f"the header has `{name}` twice; remove one of the two columns")
    return {name: header.index(name) for name in (*REQUIRED, FAMILY) if name in header}


def _fields(
    record: Sequence[str], columns: dict[str, int], width: int, allowed: Collection[str]
) -> tuple[str, str, str, str | None]:
    if not record:
        raise AgreementError("the line is empty; remove it")
    if len(record) != width:
        raise AgreementError(f"expected {width} fields as in the header, got {len(record)}; mend the commas")
    cells = {name: record[place] for name, place in columns.items()}
    for name, cell in cells.items():
        if not cell.strip():
            raise AgreementError(f"`{name}` is empty; fill it in or remove the line")
        if cell != cell.strip():
            raise AgreementError(f"`{name}` {cell!r} starts or ends with a space; remove the space")
    if allowed and cells["label"] not in allowed:
        raise AgreementError(f"`label` {cells['label']!r} is no category of the taxonomy; correct it")
    return cells["item"], cells["annotator"], cells["label"], cells.get(FAMILY)


def _families(path: Path, rows: Sequence[_Row], votes: Votes) -> tuple[str, ...] | None:
    found: dict[str, str] = {}
    for line, item, _, _, family in rows:
        if family is None:
            return None
        if found.setdefault(item, family) != family:
            raise AgreementError(
                f"{path}, line {line}: item {item!r} is of family {found[item]!r} above and of {family!r} here; "
                "give it one family."
            )
    return tuple(found[item] for item in votes.item_ids)
