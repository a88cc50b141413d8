"""The planner: how many participants find what, and what an earlier study teaches about the next one."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count

from evaluation.models import Judgment, Study
from evaluation.power_plot import power_plot
from evaluation.selectors.judgments import judgment_table

if TYPE_CHECKING:
    from evaluation.stats.power import Need, Plan
    from evaluation.stats.tables import JudgmentTable

DEFAULTS = {
    "gap": 50,
    "participants": "",
    "judgments": 10,
    "systems": 3,
    "ties": 15,
    "taste": 0.5,
    "power": 80,
    "level": 5,
}
POINTS = 60
MOST_ON_AXIS = 2_000_000


@dataclass(frozen=True, slots=True)
class Lessons:
    """What a study says about its next one.

    Attributes:
        values: for the fields of the planner's form that the study can tell.
        participants: who judged.
        judgments: made so far.
        why_no_taste: the statistics' sentence where the study cannot tell how much tastes differ.
    """

    study: Study
    values: dict[str, Any]
    participants: int
    judgments: int
    why_no_taste: str


@dataclass(frozen=True, slots=True)
class AtHand:
    """What a given number of participants finds; a gap is None where there is none up to 2000 Elo."""

    participants: int
    judgments: int
    power: float
    smallest_gap: float | None
    fitted_power: float
    fitted_gap: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that the page shows of a plan.

    Attributes:
        need: with each pair tested by its own judgments.
        fitted: with one Bradley–Terry fit of all pairs; None for two systems, where it is the same.
        win: chance of a decisive judgment to favour the better system.
        at_hand: for the participants asked about, None if none were.
        refusal: the statistics' sentence where a plan is beyond any study; everything else is None then.
        rows: participants and their power for each gap of the plot.
    """

    plan: "Plan"
    need: "Need | None"
    fitted: "Need | None"
    at_hand: AtHand | None
    plot: dict[str, Any] | None
    gaps: tuple[float, ...]
    rows: tuple[tuple[int, tuple[float, ...]], ...]
    refusal: str = ""

    @property
    def command(self) -> str:
        """The command that simulates the plan."""
        options = {
            "gap": self.plan.gap,
            "ties": self.plan.ties,
            "judgments-per-participant": max(1, round(self.plan.judgments_each)),
            "taste-sd": self.plan.taste_sd,
            "systems": self.plan.systems,
            "power": self.plan.power,
            "alpha": self.plan.alpha,
        }
        if self.at_hand:
            options["participants"] = self.at_hand.participants
        given = " ".join(f"--{name} {value:.10g}" for name, value in options.items())
        return f"python manage.py power {given} --simulate"


def lessons(study: Study) -> Lessons:
    """Ties, judgments per participant, taste and number of systems of a study; a draft tells its systems alone."""
    n_systems = study.systems.count()
    values: dict[str, Any] = {"systems": n_systems} if n_systems >= 2 else {}
    counted = Judgment.objects.filter(trial__study=study).aggregate(
        judgments=Count("pk"), participants=Count("trial__participant", distinct=True)
    )
    judgments, participants = counted["judgments"], counted["participants"]
    why = ""
    if judgments:
        table = judgment_table(study)
        tied = int((table.score == 0.5).sum())
        values["judgments"] = max(1.0, round(judgments / participants, 1))
        values["ties"] = min(95.0, round(100 * tied / judgments, 1))
        taste, why = _taste(table)
        if taste is not None:
            values["taste"] = taste
    return Lessons(study, values, participants, judgments, why)


def outcome(values: dict[str, Any]) -> Outcome:
    """Compute a plan from the cleaned fields of the planner's form."""
    from evaluation.stats.errors import StatisticsError
    from evaluation.stats.power import BRADLEY_TERRY, Plan, need  # scipy comes in here, as for a report

    plan = Plan(
        gap=values["gap"],
        ties=values["ties"] / 100,
        judgments_each=values["judgments"],
        taste_sd=values["taste"],
        systems=values["systems"],
        power=values["power"] / 100,
        alpha=values["level"] / 100,
    )
    fitted = replace(plan, analysis=BRADLEY_TERRY)
    at_hand = _at_hand(plan, fitted, values["participants"]) if values["participants"] else None
    try:
        needed = need(plan)
        needed_fitted = need(fitted) if plan.systems > 2 else None
    except StatisticsError as refused:
        return Outcome(plan, None, None, at_hand, None, (), (), str(refused))
    gaps, people, curves = _curves(plan, needed.participants, values["participants"] or 0)
    plot = power_plot(people, list(zip(gaps, curves, strict=True)), target=plan.power, enough=needed.participants)
    shown = range(len(people) // 6, len(people), len(people) // 6)
    rows = tuple((people[at], tuple(curve[at] for curve in curves)) for at in shown)
    return Outcome(plan, needed, needed_fitted, at_hand, plot, gaps, rows)


def _taste(table: "JudgmentTable") -> tuple[float | None, str]:
    from evaluation.stats.errors import StatisticsError
    from evaluation.stats.taste import estimate_taste

    try:
        return round(estimate_taste(table).taste_sd, 2), ""
    except StatisticsError as refused:
        return None, str(refused)


def _at_hand(plan: "Plan", fitted: "Plan", people: int) -> AtHand:
    from evaluation.stats.power import power_of, smallest_gap

    return AtHand(
        participants=people,
        judgments=round(people * plan.judgments_each),
        power=power_of(plan, people),
        smallest_gap=smallest_gap(plan, people),
        fitted_power=power_of(fitted, people),
        fitted_gap=smallest_gap(fitted, people),
    )


def _curves(plan: "Plan", enough: int, asked: int) -> tuple[tuple[float, ...], list[int], list[tuple[float, ...]]]:
    """The planned gap, half of it and its double, over participants from one to what shows all of interest."""
    from evaluation.stats.power import LARGEST_GAP, power_of

    most = min(max(round(1.6 * enough), min(asked, 4 * enough), 12), MOST_ON_AXIS)
    people = sorted({max(1, round(most * at / POINTS)) for at in range(POINTS + 1)})
    gaps = tuple(dict.fromkeys((plan.gap, min(2 * plan.gap, LARGEST_GAP), plan.gap / 2)))
    return gaps, people, [tuple(power_of(replace(plan, gap=gap), n) for n in people) for gap in gaps]
