"""Which staged rows are kept: all in SQL, over indexes, in steps short enough for a task that must not block.

The order matters. A row whose id is taken goes first, then what one user typed again, so that it does not use up the
user's share; then the user's third query; and only then what another user typed too, so that a text is never lost
because its first writer had enough queries already.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import pairwise

from annotation.intake.errors import IntakeError
from annotation.intake.store import Store, Transaction

REASONS = ("id-twice", "repeat", "user-cap", "exact-duplicate", "near-duplicate")
"""Why a row without a problem is not kept.

`id-twice`: another text had the id before. `repeat`: the same query again, under the same id or by the same user.
"""
_SLICES = 32
_INDEXES = (
    "CREATE INDEX IF NOT EXISTS row_user ON row (user, exact, near, draw) WHERE user IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS row_exact ON row (exact)",
    "CREATE INDEX IF NOT EXISTS row_near ON row (near, exact)",
    "CREATE INDEX IF NOT EXISTS row_id ON row (id)",
)
IS_KEPT = "NOT EXISTS (SELECT 1 FROM fate WHERE fate.number = row.number)"
"""The condition on table `row` that holds for the rows that are kept."""
_SAME_ID = """
INSERT INTO fate SELECT row.number, CASE WHEN EXISTS (
    SELECT 1 FROM row AS earlier
    WHERE earlier.id = row.id AND earlier.exact = row.exact AND earlier.number < row.number
) THEN 'repeat' ELSE 'id-twice' END
FROM row WHERE row.number > ? AND row.number <= ?
AND EXISTS (SELECT 1 FROM row AS earlier WHERE earlier.id = row.id AND earlier.number < row.number)
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """How rows are chosen.

    Attributes:
        per_user: queries kept of one user, drawn at random; None keeps all. Rows without a user have no cap.
        drop_exact: keep a text once only; the labels of its other rows go with it.
        drop_near: keep one text only of those that differ in case, ё, blanks, punctuation or drawn-out letters.
    """

    per_user: int | None = 2
    drop_exact: bool = True
    drop_near: bool = False

    def __post_init__(self) -> None:
        if self.per_user is not None and self.per_user < 1:
            raise IntakeError(f"`per_user` must be at least 1, got {self.per_user}; leave it out for no cap.")


@dataclass(frozen=True, slots=True)
class ChoosingState:
    """How many steps of choosing are done."""

    steps: int
    steps_total: int

    @property
    def finished(self) -> bool:
        return self.steps == self.steps_total


def drawn(seed: int, user: str, number: int) -> int:
    """The lot of a row, a signed 64-bit number; the rows of a user with the lowest lots are kept."""
    digest = hashlib.blake2b(f"{seed} {user} {number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def decide(
    store: Store,
    choice: Choice,
    *,
    progress: Callable[[ChoosingState], None] | None = None,
    limit_seconds: float | None = None,
) -> ChoosingState:
    """Choose on until the end or the time limit, one step at least; `Staging.decide` says it all."""
    deadline = time.monotonic() + (float("inf") if limit_seconds is None else limit_seconds)
    steps = list(_steps(choice, store.value("SELECT MAX(number) FROM row") or 0))
    done = _begin(store, choice)
    state = ChoosingState(done, len(steps))
    for sql, parameters in steps[done:]:
        with Transaction(store) as connection:
            moved = connection.execute("UPDATE intake SET steps = steps + 1 WHERE steps = ?", (state.steps,))
            if moved.rowcount != 1:
                raise IntakeError("Another process is choosing among these rows; let it finish.")
            connection.execute(sql, parameters)
        state = ChoosingState(state.steps + 1, len(steps))
        if progress is not None:
            progress(state)
        if time.monotonic() >= deadline:
            break
    if state.finished:
        store.connection.execute("UPDATE intake SET decided = 1")
    return state


def decided(store: Store) -> Choice:
    """The choice under which all rows were decided.

    Raises:
        IntakeError: They were not.
    """
    row = store.connection.execute("SELECT choice, decided FROM intake").fetchone()
    if row is None or not row[1]:
        raise IntakeError("The rows were not chosen yet; decide first.")
    return Choice(**json.loads(row[0]))


def _begin(store: Store, choice: Choice) -> int:
    """Steps that an interrupted choice of the same kind has done; another kind starts again."""
    wanted = json.dumps(asdict(choice))
    with Transaction(store) as connection:
        row = connection.execute("SELECT choice, steps, finished FROM intake").fetchone()
        if row is None or not row[2]:
            raise IntakeError("The file is not read to its end; stage it first.")
        if row[0] == wanted:
            return int(row[1])
        connection.execute("DELETE FROM fate")
        connection.execute("UPDATE intake SET choice = ?, steps = 0, decided = 0", (wanted,))
        return 0


def _steps(choice: Choice, rows: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    for index in _INDEXES:
        yield index, ()
    for low, high in _ranges(0, rows):
        yield _SAME_ID, (low, high)
    if choice.drop_exact:
        yield from _by_user("exact", "number", "repeat", 1)
    if choice.drop_near:
        yield from _by_user("near", "number", "repeat", 1)
    if choice.per_user is not None:
        yield from _by_user(None, "draw, number", "user-cap", choice.per_user)
    if choice.drop_exact:
        yield from _by_key("exact", "exact-duplicate")
    if choice.drop_near:
        yield from _by_key("near", "near-duplicate")


def _by_user(key: str | None, order: str, reason: str, most: int) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Of the rows of a user (with the same key), let the first few be."""
    group = "user" if key is None else f"user, {key}"
    sql = _beyond(group, order, "user >= ? AND user < ?")
    for low, high in _ranges(0, 1 << 16):
        # a pseudonym is 16 bytes, so nothing lies beyond 17 bytes of FF
        bounds = (low.to_bytes(2, "big"), b"\xff" * 17 if high == 1 << 16 else high.to_bytes(2, "big"))
        yield sql, (reason, *bounds, most)


def _by_key(key: str, reason: str) -> Iterator[tuple[str, tuple[object, ...]]]:
    """Of the rows with the same key, let the first be."""
    sql = _beyond(key, "number", f"{key} >= ? AND {key} <= ?")
    for low, high in _ranges(-(1 << 63), 1 << 63):
        yield sql, (reason, low, high - 1, 1)


def _beyond(group: str, order: str, where: str) -> str:
    return (
        f"INSERT INTO fate SELECT number, ? FROM (SELECT number, ROW_NUMBER() OVER (PARTITION BY {group} "
        f"ORDER BY {order}) AS place FROM row WHERE {where} AND {IS_KEPT}) WHERE place > ?"
    )


def _ranges(low: int, high: int) -> Iterator[tuple[int, int]]:
    edges = [low + (high - low) * place // _SLICES for place in range(_SLICES + 1)]
    return pairwise(edges)
