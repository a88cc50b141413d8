"""From a row as it stands in the file to the fields of a query, for every shape that is accepted."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from annotation.intake.columns import Columns

_SHAPES = 256
"""Sets of keys remembered; a file of JSON lines has few, and a hostile one must not fill the memory."""


class RawLabel(NamedTuple):
    """A label as the file has it, unchecked."""

    annotator: object
    category: object
    seconds: object


class RawRow(NamedTuple):
    """A row as the file has it, unchecked; None where there is nothing."""

    text: object
    user: object = None
    language: object = None
    id: object = None
    labels: Sequence[RawLabel] = ()
    answer: object = None


def table_fields(header: Sequence[str], columns: Columns) -> Callable[[list[str]], RawRow]:
    """Return what picks the fields out of the cells of a row."""
    # an empty cell stands behind every row for the columns that are not there
    text, user, language, id_, label, annotator, seconds, answer = (
        -1 if name is None else header.index(name)
        for name in (
            columns.text,
            columns.user,
            columns.language,
            columns.id,
            columns.label,
            columns.annotator,
            columns.seconds,
            columns.answer,
        )
    )

    def pick(cells: list[str]) -> RawRow:
        cells.append("")
        labels = (RawLabel(cells[annotator], cells[label], cells[seconds]),) if cells[label].strip() else ()
        return RawRow(cells[text], cells[user], cells[language], cells[id_], labels, cells[answer])

    return pick


class RecordFields:
    """Picks the fields out of JSON objects: flat ones, ours with `annotations`, doccano's, Label Studio's."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._known: dict[tuple[str, ...], Columns] = {}

    def __call__(self, record: Mapping[str, object]) -> RawRow:
        data = record.get("data")
        if isinstance(data, dict):
            return self._task(record, data)
        columns = self.columns_of(record)
        return self._flat(record, columns)._replace(labels=_labels(record, columns))

    def columns_of(self, record: Mapping[str, object]) -> Columns:
        """The columns of a record with these keys."""
        keys = tuple(record)
        if keys not in self._known:
            if len(self._known) >= _SHAPES:
                self._known.clear()
            self._known[keys] = self._columns.found_in(keys)
        return self._known[keys]

    def _flat(self, record: Mapping[str, object], columns: Columns) -> RawRow:
        def value(name: str | None) -> object:
            return None if name is None else record.get(name)

        return RawRow(
            text=value(columns.text),
            user=value(columns.user),
            language=value(columns.language),
            id=value(columns.id),
            answer=value(columns.answer),
        )

    def _task(self, task: Mapping[str, object], data: Mapping[str, object]) -> RawRow:
        """A task of Label Studio; what it predicts is not a label, what it calls ground truth is the answer."""
        row = self._flat(data, self.columns_of(data))
        labels, answer = [], row.answer
        for annotation in _dicts(task.get("annotations")):
            chosen = _choices(annotation)
            if annotation.get("was_cancelled") is True or not chosen:
                continue
            labels.append(RawLabel(_person(annotation.get("completed_by")), chosen, annotation.get("lead_time")))
            if annotation.get("ground_truth") is True:
                answer = chosen
        named = self._columns.id is not None or task.get("id") is None
        return row._replace(id=row.id if named else task["id"], labels=labels, answer=answer)


def _labels(record: Mapping[str, object], columns: Columns) -> list[RawLabel]:
    annotations = record.get("annotations")
    if columns.label is None and isinstance(annotations, list):
        return [
            RawLabel(one.get("annotator", one.get("user")), one.get("category", one.get("label")), one.get("seconds"))
            for one in _dicts(annotations)
        ]
    category = None if columns.label is None else record.get(columns.label)
    if category in (None, "", []):
        return []
    annotator = None if columns.annotator is None else _person(record.get(columns.annotator))
    return [RawLabel(annotator, category, None if columns.seconds is None else record.get(columns.seconds))]


def _choices(annotation: Mapping[str, object]) -> list[object]:
    chosen: list[object] = []
    for result in _dicts(annotation.get("result")):
        value = result.get("value")
        if result.get("type") == "choices" and isinstance(value, dict) and isinstance(value.get("choices"), list):
            chosen.extend(value["choices"])
    return chosen


def _person(value: object) -> object:
    """Label Studio names an annotator by a number, an e-mail address or an object that holds both."""
    if isinstance(value, dict):
        return value.get("id", value.get("email"))
    return value


def _dicts(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
