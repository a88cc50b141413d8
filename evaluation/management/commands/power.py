"""`manage.py power`: how many participants and judgments it takes to find a difference."""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

from evaluation.stats.errors import StatisticsError
from evaluation.stats.judgments import read_judgments
from evaluation.stats.power import (
    ANALYSES,
    BRADLEY_TERRY,
    DIRECT,
    MOST_PARTICIPANTS,
    Plan,
    need,
    outlook,
    power_of,
    smallest_gap,
)
from evaluation.stats.power_simulation import MOST_RUNS, SimulatedPower, StudyModel, simulate_power
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.taste import TasteEstimate, estimate_taste, fitted_model
from playoff.common.commands import InputError, PlayoffCommand, output_file, whole_number
from playoff.common.progress import show_progress

EPILOG = (
    "Taste SD is the standard deviation between participants of the log-odds of one system against another: 0.5 is 87 "
    "Elo. With --from, ties, judgments per participant, taste SD and the number of systems are the file's unless "
    "given, and --simulate draws from its fitted model unless --gap, --ties or --systems ask for one above equals."
)


def _number(low: float, high: float) -> Callable[[str], float]:
    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise ArgumentTypeError(f"must be a number from {low:g} to {high:g}, got {text!r}")
        return value

    return parse


class Command(PlayoffCommand):
    help = "How many participants and judgments find a difference of a given size: by formula, and by simulation."
    input_errors = (StatisticsError,)
    requires_system_checks = []  # computes and nothing else, so it runs without a database or settings of one

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.epilog = EPILOG
        add = parser.add_argument
        add("--gap", type=_number(0.001, 2000), metavar="ELO", help="the difference to find, Elo points (50)")
        add("--ties", type=_number(0, 0.95), metavar="SHARE", help="share of judgments that find both equal (0.15)")
        add(
            "--judgments-per-participant",
            type=whole_number(at_least=1, at_most=10_000),
            metavar="N",
            help="judgments of each participant, spread evenly over the pairs (10)",
        )
        add("--taste-sd", type=_number(0, 5), metavar="SD", help="how much participants differ, log-odds (0.5)")
        add("--systems", type=whole_number(at_least=2, at_most=100), metavar="K", help="how many are compared (2)")
        add(
            "--power",
            type=_number(0.01, 0.999),
            default=0.8,
            metavar="SHARE",
            help="wanted chance to find the difference (0.8)",
        )
        add(
            "--alpha",
            type=_number(1e-6, 0.499),
            default=0.05,
            metavar="SHARE",
            help="chance of any false alarm, two-sided (0.05)",
        )
        add(
            "--participants",
            type=whole_number(at_least=1, at_most=MOST_PARTICIPANTS),
            metavar="N",
            help="also what so many participants find: their power, and the smallest difference they can find",
        )
        add("--from", dest="source", metavar="JUDGMENTS.csv", help="plan from a study that is there")
        add("--simulate", action="store_true", help="draw whole studies and run the planned tests on them")
        add(
            "--runs",
            type=whole_number(at_least=10, at_most=MOST_RUNS),
            default=1000,
            metavar="N",
            help="studies to draw (1000)",
        )
        add("--seed", type=whole_number(at_least=0), default=0, metavar="N", help="of the simulation (0)")
        add("--json", type=output_file, metavar="PATH", help="write the result there; - prints it alone")

    def handle(self, *args: Any, **options: Any) -> None:
        table = JudgmentTable.of(read_judgments(options["source"])) if options["source"] else None
        plan, taste = _plan(table, options)
        needed = need(plan)
        fitted = need(replace(plan, analysis=BRADLEY_TERRY))
        people = options["participants"]
        result: dict[str, Any] = {
            "plan": {**asdict(plan), "pairs": plan.pairs, "alpha_each": plan.alpha_each},
            "source": _source(table, taste),
            "need": asdict(needed),
            "need_bradley_terry": asdict(fitted),
            "analyses": ANALYSES,
            "with_participants": _with_participants(plan, people) if people else None,
            "simulation": None,
        }
        lines = _lines(plan, table, taste, result)
        if options["simulate"]:
            simulated = self._simulate(plan, table, options, people or needed.participants)
            result["simulation"] = asdict(simulated)
            lines += _simulation_lines(simulated)
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(lines))
        if options["json"]:
            self.write_json(result, options["json"])

    def _simulate(
        self, plan: Plan, table: JudgmentTable | None, options: dict[str, Any], people: int
    ) -> SimulatedPower:
        model = StudyModel.of_plan(plan)
        if table is not None and all(options[name] is None for name in ("gap", "ties", "systems")):
            model = fitted_model(table, taste_sd=options["taste_sd"])
        with show_progress(sys.stderr) as progress:
            return simulate_power(
                model,
                participants=people,
                judgments_each=round(plan.judgments_each),
                runs=options["runs"],
                seed=options["seed"],
                alpha=plan.alpha,
                progress=progress,
            )


def _plan(table: JudgmentTable | None, options: dict[str, Any]) -> tuple[Plan, TasteEstimate | None]:
    given = {
        "gap": options["gap"],
        "ties": options["ties"],
        "judgments_each": options["judgments_per_participant"],
        "taste_sd": options["taste_sd"],
        "systems": options["systems"],
    }
    known: dict[str, Any] = {}
    taste = None
    if table is not None:
        if table.unit == "judgment" and None in (given["taste_sd"], given["judgments_each"]):
            raise InputError(
                f"{options['source']}: the judgments do not say who made them; give --taste-sd and "
                "--judgments-per-participant."
            )
        if given["taste_sd"] is None:
            taste = estimate_taste(table)
            known["taste_sd"] = taste.taste_sd
        known |= {
            "ties": float((table.score == 0.5).mean()),
            "judgments_each": max(1.0, len(table) / len(table.participants)),
            "systems": len(table.systems),
        }
    chosen = known | {name: value for name, value in given.items() if value is not None}
    return Plan(**chosen, power=options["power"], alpha=options["alpha"]), taste


def _source(table: JudgmentTable | None, taste: TasteEstimate | None) -> dict[str, Any] | None:
    if table is None:
        return None
    told: dict[str, Any] = {
        "judgments": len(table),
        "participants": table.people(len(table.participants)),
        "systems": list(table.systems),
        "taste_sd": None,
    }
    if taste is not None:
        told["taste_sd"] = {
            "value": taste.taste_sd,
            "repeats": taste.repeats,
            "at_bound": taste.at_bound,
            "method": taste.method,
        }
    return told


def _with_participants(plan: Plan, people: int) -> dict[str, Any]:
    return {
        "participants": people,
        "judgments": round(people * plan.judgments_each),
        **{
            name: {"power": power_of(chosen, people), "smallest_gap": smallest_gap(chosen, people)}
            for name, chosen in ((name, replace(plan, analysis=name)) for name in (DIRECT, BRADLEY_TERRY))
        },
    }


def _lines(plan: Plan, table: JudgmentTable | None, taste: TasteEstimate | None, result: dict[str, Any]) -> list[str]:
    each = f"{plan.judgments_each:.3g} judgments per participant, taste SD {plan.taste_sd:.3g}"
    lines = [
        f"to find {plan.gap:g} Elo with power {plan.power:g} at level {plan.alpha:g}: {plan.systems} systems, "
        f"{plan.ties:.1%} ties, {each}"
    ]
    if table is not None:
        people = table.people(len(table.participants))
        lines.append(f"from {len(table)} judgments" + ("" if people is None else f" by {people} participants"))
    if taste is not None:
        bound = "; its likelihood is highest at the bound" if taste.at_bound else ""
        lines.append(f"taste SD by {taste.method}; {taste.repeats} repeats{bound}")
    seen = outlook(plan)
    lines += [
        f"the better system wins {seen.win:.1%} of decisive judgments; two judgments by one participant correlate "
        f"{seen.correlation:.3f}",
        "",
    ]
    for key, analysis in (("need", DIRECT), ("need_bradley_terry", BRADLEY_TERRY)):
        if key == "need" or plan.systems > 2:
            found = result[key]
            lines += [
                f"{ANALYSES[analysis]}:",
                f"  {found['judgments_per_pair']} judgments per pair by the formula ({found['judgments']} in all), "
                f"design effect {found['design_effect']:.2f}",
                f"  {found['participants']} participants ({found['collected']} judgments) have power "
                f"{found['power']:.3f}",
            ]
    if told := result["with_participants"]:
        lines += ["", f"{told['participants']} participants ({told['judgments']} judgments):"]
        for analysis in (DIRECT, BRADLEY_TERRY) if plan.systems > 2 else (DIRECT,):
            gap = told[analysis]["smallest_gap"]
            least = "no difference up to 2000 Elo is found" if gap is None else f"smallest difference {gap:.0f} Elo"
            lines.append(f"  {analysis}: power {told[analysis]['power']:.3f}; at power {plan.power:g} {least}")
    return lines


def _simulation_lines(found: SimulatedPower) -> list[str]:
    lines = [
        "",
        f"{found.runs} simulated studies of {found.participants} participants with {found.judgments_each} judgments "
        f"each, seed {found.seed}, taste SD {found.taste_sd:.3g}; share that found the difference, 95 %:",
    ]
    for pair in found.pairs:
        kind = "false alarms" if pair.gap == 0 else f"{pair.gap:+.0f} Elo"
        tests = ((pair.sign_flip, "sign flips, Holm"), (pair.wald, "Wald, Holm"))
        shown = "; ".join(
            f"{name} {estimate.power:.3f} ({estimate.ci[0]:.3f} to {estimate.ci[1]:.3f})" for estimate, name in tests
        )
        lines.append(f"  {pair.a} – {pair.b}, {kind}: {shown}")
    if found.all_pairs and len(found.pairs) > 1:
        lines.append(f"  every difference that there is: sign flips, Holm {found.all_pairs.power:.3f}")
    if found.without_wald:
        lines.append(f"! {found.without_wald} studies had no finite Bradley–Terry fit; there Wald counts as not found.")
    return lines
