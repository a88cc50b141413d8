"""What a classifier thinks of items, kept with them for whoever labels or decides them next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from annotation.models import Campaign, Item
from annotation.selectors.ordering import Text
from annotation.services.places import settle
from playoff.common.turns import writing_turn

AT_ONCE = 100
SAME = 0.01
"""A probability that moved by less is the same to everybody who reads it, and is not written again."""


@dataclass(frozen=True, slots=True)
class Guess:
    """What a classifier says of an item; `uncertainty` is the entropy over its largest value, from 0 to 1."""

    item: int
    category: str
    probability: float
    uncertainty: float


def write_guesses(guesses: Iterable[Guess], before: dict[int, Text], *, model: str) -> list[int]:
    """Write the guesses that say something new; an unchanged one keeps the name of the model that made it first.

    Returns the items written.
    """
    new = [guess for guess in guesses if _says_something_new(guess, before[guess.item])]
    for start in range(0, len(new), AT_ONCE):
        rows = new[start : start + AT_ONCE]
        with writing_turn(), transaction.atomic():
            locked = Item.objects.filter(pk__in=[guess.item for guess in rows]).order_by("pk")
            free = set(locked.select_for_update(skip_locked=True).values_list("pk", flat=True))
            _write([guess for guess in rows if guess.item in free], model)
    return [guess.item for guess in new]


def settle_disputes(campaign: Campaign, items: Sequence[int]) -> None:
    """Give disputed items the place in the adjudication queue that their new uncertainty asks for."""
    disputed = Item.objects.filter(campaign=campaign, dispute__isnull=False).values_list("pk", flat=True)
    for pk in sorted(set(disputed) & set(items)):
        with writing_turn(), transaction.atomic():  # one lock at a time, so that nobody waits in a circle
            item = Item.objects.select_for_update().get(pk=pk)
            settle(item, third_label=campaign.third_label)


def _says_something_new(guess: Guess, before: Text) -> bool:
    if before.probability is None or before.uncertainty is None or guess.category != before.guess:
        return True
    moved = abs(guess.probability - before.probability), abs(guess.uncertainty - before.uncertainty)
    return max(moved) >= SAME


def _write(guesses: Sequence[Guess], model: str) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            'UPDATE "annotation_item" SET "guess" = %s, "guess_probability" = %s, "guess_uncertainty" = %s,'
            ' "guess_model" = %s WHERE "id" = %s',
            [(guess.category, guess.probability, guess.uncertainty, model, guess.item) for guess in guesses],
        )
