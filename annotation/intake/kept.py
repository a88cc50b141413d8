"""The rows to write once the lead has confirmed, each with all labels that its text was given."""

from collections import defaultdict
from collections.abc import Iterator

from annotation.intake.rows import Label, Row
from annotation.intake.selection import IS_KEPT, Choice, decided
from annotation.intake.store import Store

_PAGE = 500


def kept_rows(store: Store, *, after: int = 0, limit: int | None = None) -> Iterator[Row]:
    """Yield the kept rows in the order of the file; `Staging.kept_rows` says it all."""
    choice = decided(store)
    labelled = bool(store.value("SELECT EXISTS (SELECT 1 FROM label)"))
    left = limit
    while left is None or left > 0:
        page = store.connection.execute(
            "SELECT number, line, id, text, language, user, answer, guessed FROM row "
            f"WHERE number > ? AND {IS_KEPT} ORDER BY number LIMIT ?",
            (after, _PAGE if left is None else min(left, _PAGE)),
        ).fetchall()
        if not page:
            return
        labels = _labels(store, choice, [row[0] for row in page]) if labelled else {}
        for number, line, id_, text, language, user, answer, guessed in page:
            name = None if user is None else user.hex()
            yield Row(number, line, id_, text, language, name, labels.get(number, ()), answer, bool(guessed))
        after = page[-1][0]
        left = None if left is None else left - len(page)


def _labels(store: Store, choice: Choice, numbers: list[int]) -> dict[int, tuple[Label, ...]]:
    """Labels of the kept rows, those of their repeats included; the last of an annotator counts."""
    # where a text may be kept twice, only the repeats under the same id belong to a row; the plus sign keeps SQLite
    # from looking them up by the text, which thousands of rows may share
    home = "row.exact = kept.exact" if choice.drop_exact else "row.id = kept.id AND +row.exact = kept.exact"
    places = ", ".join("?" * len(numbers))
    found: dict[int, dict[str, Label]] = defaultdict(dict)
    for number, annotator, category, seconds in store.connection.execute(
        f"SELECT kept.number, annotator, category, seconds FROM row AS kept JOIN row ON {home} "
        f"JOIN label ON label.number = row.number WHERE kept.number IN ({places}) ORDER BY row.number, annotator",
        numbers,
    ):
        found[number][annotator] = Label(annotator, category, seconds)
    return {number: tuple(labels.values()) for number, labels in found.items()}
