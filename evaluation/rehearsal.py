"""What simulated participants of a rehearsal ask, when, and what they say. Core: no Django.

A rehearsal shows, before anybody is asked, what a study's report will look like and whether it can tell what it is
meant to. Its participants do not listen: a judgment between systems i and j by participant p follows Davidson's model
with d = t_i - t_j + u_pi - u_pj, strengths t and tastes u normal, all drawn from the seed.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Choice = Literal["a", "b", "equivalent"]
DAY_S = 86_400.0


class RehearsalError(ValueError):
    """A rehearsal that cannot be held; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a rehearsal goes.

    Attributes:
        participants: 1 to 10,000.
        judgments_each: queries that each asks, 1 to 1,000.
        strength_sd: of the systems' strengths, natural log-odds.
        taste_sd: of a participant's log-odds of one system against another about what all prefer.
        ties: share of "equivalent" between equally strong systems, 0 to 0.9.
        unanswered: share of trials that nobody judges, 0 to 0.9.
        days: over which participants come, above 0.
        seed: of all draws.
    """

    participants: int = 30
    judgments_each: int = 12
    strength_sd: float = 0.5
    taste_sd: float = 0.5
    ties: float = 0.15
    unanswered: float = 0.04
    days: float = 14.0
    seed: int = 0

    def __post_init__(self) -> None:
        _within("participants", self.participants, 1, 10_000)
        _within("judgments per participant", self.judgments_each, 1, 1_000)
        _within("SD of strengths", self.strength_sd, 0, 5)
        _within("SD of tastes", self.taste_sd, 0, 5)
        _within("share of ties", self.ties, 0, 0.9)
        _within("share of unanswered trials", self.unanswered, 0, 0.9)
        _within("days", self.days, 0.01, 3_650)


@dataclass(frozen=True, slots=True)
class Ask:
    """A simulated participant asks: `at` is in seconds from the opening of the study."""

    participant: int
    query: str
    at: float


def asks(plan: Plan, queries: Sequence[str]) -> list[Ask]:
    """Every query of the rehearsal in the order of time; nobody asks for the same twice.

    Raises:
        RehearsalError: There are fewer different queries than one participant asks.
    """
    different = list(dict.fromkeys(" ".join(query.split()) for query in queries if query.strip()))
    if len(different) < plan.judgments_each:
        raise RehearsalError(
            f"{plan.judgments_each} judgments per participant need as many different queries, got {len(different)}; "
            "name a file with more of them."
        )
    chance = random.Random(f"{plan.seed}:asks")
    found = []
    for participant in range(plan.participants):
        at = chance.uniform(0.0, plan.days * DAY_S)
        for query in chance.sample(different, plan.judgments_each):
            found.append(Ask(participant, query, at))
            at += chance.lognormvariate(math.log(75.0), 0.5)  # seconds to listen, decide and think of the next wish
    return sorted(found, key=lambda ask: (ask.at, ask.participant))


class Crowd:
    """Simulated participants and what they prefer.

    Args:
        systems: keys of the systems, in any order.
    """

    def __init__(self, plan: Plan, systems: Sequence[int]) -> None:
        self._plan = plan
        chance = random.Random(f"{plan.seed}:strengths")
        self.strengths = {system: chance.gauss(0.0, plan.strength_sd) for system in sorted(systems)}
        self._tie = 2 * plan.ties / (1 - plan.ties)

    def choice(self, *, participant: int, trial: int, first: int, second: int) -> Choice | None:
        """What the participant says of a trial; None where it stays unanswered. The same arguments, the same answer."""
        chance = random.Random(f"{self._plan.seed}:trial:{trial}")
        if chance.random() < self._plan.unanswered:
            return None
        d = self._liking(participant, first) - self._liking(participant, second)
        up, down = math.exp(d / 2), math.exp(-d / 2)
        drawn = chance.random() * (up + down + self._tie)
        return "a" if drawn < up else "b" if drawn < up + down else "equivalent"

    def _liking(self, participant: int, system: int) -> float:
        own = random.Random(f"{self._plan.seed}:taste:{participant}:{system}").gauss(0.0, 1.0)
        return self.strengths[system] + own * self._plan.taste_sd / math.sqrt(2)


def _within(what: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise RehearsalError(f"The {what} must be between {least:g} and {most:g}, got {value:g}.")
