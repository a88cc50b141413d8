"""Put a campaign's most useful queries first, and say of the others what they might be."""

import os
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from annotation.models import Campaign
from annotation.services.ordering import BATCH, CONSIDERED_AT_MOST, Reordering, reorder
from playoff.common.commands import InputError, PlayoffCommand, output_file, whole_number
from playoff.common.progress import show_progress

MOST_SEED = 2**32 - 1
NICENESS = 5


class Command(PlayoffCommand):
    help = "Learn from a campaign's labels and put its most useful queries first; safe to run while people label."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN", help="its short name")
        parser.add_argument("--strategy", choices=Campaign.Strategy.values, help="instead of the campaign's")
        parser.add_argument(
            "--batch",
            type=whole_number(at_least=1, at_most=CONSIDERED_AT_MOST),
            default=BATCH,
            help=f"places to fill, those of the random share included ({BATCH})",
        )
        parser.add_argument(
            "--seed", type=whole_number(at_least=0, at_most=MOST_SEED), help="of every draw (the campaign's)"
        )
        parser.add_argument(
            "--json", type=output_file, metavar="PATH", help="write the result there; - prints it alone"
        )
        parser.add_argument("--low-priority", action="store_true", help="leave the processor to everybody else")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["low_priority"]:
            os.nice(NICENESS)
        campaign = Campaign.objects.filter(slug=options["campaign"]).first()
        if campaign is None:
            raise InputError(f"There is no campaign {options['campaign']!r}; its short name is in its address.")
        with show_progress(sys.stderr) as progress:
            done = reorder(
                campaign=campaign,
                strategy=options["strategy"],
                batch=options["batch"],
                seed=options["seed"],
                progress=progress,
            )
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(_lines(done)))
        if options["json"]:
            self.write_json({**asdict(done), "picks": dict(done.picks)}, options["json"])


def _lines(done: Reordering) -> list[str]:
    lines = [f"{done.labels} labels count; {done.learned_from} queries to learn from"]
    if done.reason:
        lines.append(done.reason)
    else:
        placed = ", ".join(f"{count} {origin}" for origin, count in done.picks) or "none"
        lines += [
            f"{done.candidates} candidates; picked: {placed}",
            f"{done.guesses} guesses written, by {done.model}",
        ]
    if done.moved:
        lines.append(f"{done.moved} queries sent back to where their lots put them")
    if not done.live:
        lines.append("The campaign's order was changed meanwhile; run this again.")
    return [*lines, f"{done.seconds:.1f} s"]
