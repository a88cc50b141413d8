"""What a lead is shown before anything is written."""

from dataclasses import asdict, dataclass
from typing import Any

from annotation.intake.reading import staging_state
from annotation.intake.rows import Problem
from annotation.intake.selection import IS_KEPT, Choice, decided
from annotation.intake.store import Store

PROBLEMS_SHOWN, GROUPS_SHOWN, TEXTS_SHOWN = 100, 20, 5
LENGTHS = (10, 20, 40, 80, 160, 320, 2_000)
"""Upper ends of the bins of the length histogram, in characters."""


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What is in a file, what of it is kept and why the rest is not.

    Attributes:
        rows: in the file; `kept` of them will be written.
        problems: the first of them, in the order of the file; `problem_kinds` counts all, a row once.
        dropped: rows without a problem that are not kept, by reason (see `selection.REASONS`).
        users: that the file names; `users_capped` had more queries than are kept of one; `rows_without_user`.
        exact_duplicates: rows whose text stood in the file before, kept or not.
        near_groups: sets of different texts that share a family; `near_examples` has some texts of the largest.
        languages: of the kept rows; for `languages_guessed` of them the file had none.
        lengths: (upper end in characters, kept rows up to there and above the one before).
        categories, annotators: labels in the file, by category and by annotator; `answers` counts known answers.
        labels_replaced: labels that count no more, because the same annotator labelled the same kept query again.
        labels_lost: labels of texts that are not kept.
    """

    format: str
    rows: int
    kept: int
    problem_kinds: dict[str, int]
    problems: tuple[Problem, ...]
    dropped: dict[str, int]
    users: int
    users_capped: int
    rows_without_user: int
    exact_duplicates: int
    near_groups: int
    near_examples: tuple[tuple[str, ...], ...]
    languages: dict[str, int]
    languages_guessed: int
    lengths: tuple[tuple[int, int], ...]
    categories: dict[str, int]
    annotators: dict[str, int]
    answers: int
    labels_replaced: int
    labels_lost: int

    def as_json(self) -> dict[str, Any]:
        """The report as plain lists, numbers and strings."""
        return asdict(self)


def make_report(store: Store) -> IntakeReport:
    """Count what was staged and decided; a few passes over the file, bounded memory.

    Raises:
        IntakeError: The rows were not chosen yet.
    """
    choice = decided(store)
    state = staging_state(store)
    dropped = store.counts("SELECT reason, COUNT(*) FROM fate GROUP BY reason ORDER BY reason")
    staged = state.rows - state.refused
    replaced, lost = _labels_gone(store, choice)
    return IntakeReport(
        format=state.format,
        rows=state.rows,
        kept=staged - sum(dropped.values()),
        problem_kinds=store.counts("SELECT kind, rows FROM problem_count ORDER BY rows DESC, kind"),
        problems=_problems(store),
        dropped=dropped,
        users=store.value("SELECT COUNT(DISTINCT user) FROM row WHERE user IS NOT NULL"),
        users_capped=store.value(
            "SELECT COUNT(DISTINCT user) FROM fate JOIN row USING (number) WHERE reason = 'user-cap'"
        ),
        rows_without_user=staged - store.value("SELECT COUNT(*) FROM row WHERE user IS NOT NULL"),
        exact_duplicates=staged - store.value("SELECT COUNT(DISTINCT exact) FROM row"),
        near_groups=store.value(
            "SELECT COUNT(*) FROM (SELECT 1 FROM row GROUP BY near HAVING COUNT(DISTINCT exact) > 1)"
        ),
        near_examples=_near_examples(store),
        languages=store.counts(
            f"SELECT language, COUNT(*) FROM row WHERE {IS_KEPT} GROUP BY language ORDER BY COUNT(*) DESC, language"
        ),
        languages_guessed=store.value(f"SELECT COUNT(*) FROM row WHERE guessed AND {IS_KEPT}"),
        lengths=_lengths(store),
        categories=store.counts(
            "SELECT category, COUNT(*) FROM label GROUP BY category ORDER BY COUNT(*) DESC, category"
        ),
        annotators=store.counts("SELECT annotator, COUNT(*) FROM label GROUP BY annotator ORDER BY annotator"),
        answers=store.value(f"SELECT COUNT(*) FROM row WHERE answer IS NOT NULL AND {IS_KEPT}"),
        labels_replaced=replaced,
        labels_lost=lost,
    )


def _problems(store: Store) -> tuple[Problem, ...]:
    rows = store.connection.execute(
        "SELECT number, line, field, kind, sentence FROM problem ORDER BY number LIMIT ?", (PROBLEMS_SHOWN,)
    )
    return tuple(Problem(*row) for row in rows)


def _near_examples(store: Store) -> tuple[tuple[str, ...], ...]:
    """Texts of the families with most different ones."""
    groups = store.connection.execute(
        "SELECT near FROM row GROUP BY near HAVING COUNT(DISTINCT exact) > 1 "
        "ORDER BY COUNT(DISTINCT exact) DESC, MIN(number) LIMIT ?",
        (GROUPS_SHOWN,),
    ).fetchall()
    return tuple(
        tuple(
            text
            for (text,) in store.connection.execute(
                "SELECT text FROM (SELECT MIN(number) AS number FROM row WHERE near = ? GROUP BY exact) "
                "JOIN row USING (number) ORDER BY number LIMIT ?",
                (near, TEXTS_SHOWN),
            )
        )
        for (near,) in groups
    )


def _lengths(store: Store) -> tuple[tuple[int, int], ...]:
    bins = " ".join(f"WHEN LENGTH(text) <= {end} THEN {end}" for end in LENGTHS)
    counts = dict(
        store.connection.execute(
            f"SELECT CASE {bins} END AS up_to, COUNT(*) FROM row WHERE {IS_KEPT} GROUP BY up_to"
        ).fetchall()
    )
    return tuple((end, counts.get(end, 0)) for end in LENGTHS)


def _labels_gone(store: Store, choice: Choice) -> tuple[int, int]:
    """Labels that another one of the same annotator replaces, and labels of texts that are not kept."""
    total = store.value("SELECT COUNT(*) FROM label")
    if not total:
        return 0, 0
    home = "exact" if choice.drop_exact else "id, exact"
    arrived, counted = store.connection.execute(
        f"SELECT COALESCE(SUM(labels), 0), COUNT(*) FROM (SELECT COUNT(*) AS labels FROM label JOIN row USING (number) "
        f"WHERE ({home}) IN (SELECT {home} FROM row WHERE {IS_KEPT}) GROUP BY {home}, annotator)"
    ).fetchone()
    return arrived - counted, total - arrived
