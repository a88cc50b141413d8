"""The simulations behind docs/statistics.md, to be run again."""

import sys
from argparse import ArgumentParser
from typing import Any

from evaluation.stats.errors import StatisticsError
from evaluation.stats.simulation.tables import TABLES
from playoff.common.commands import PlayoffCommand, output_file, whole_number
from playoff.common.progress import show_progress

_TABLES = " ".join(
    f"{name}: {table.about} ({table.runs} runs unless said otherwise; cells {', '.join(table.cells)})."
    for name, table in TABLES.items()
)


class Command(PlayoffCommand):
    help = (
        "Simulate studies whose truth is known, and print how the statistics do beside the value that would be right, "
        f"with the Monte-Carlo error. {_TABLES}"
    )
    input_errors = (StatisticsError,)
    requires_system_checks = []  # neither database nor settings of one are needed

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("table", choices=list(TABLES), help="what to simulate")
        parser.add_argument(
            "--runs", type=whole_number(at_least=2, at_most=1_000_000), help="studies of each cell (see above)"
        )
        parser.add_argument("--seed", type=whole_number(at_least=0), default=0, help="of all random draws (0)")
        parser.add_argument("--cells", metavar="CELL,CELL,…", help="only these rows of the table")
        parser.add_argument("--json", type=output_file, metavar="PATH", help="write the table there; - prints it alone")

    def handle(self, *args: Any, **options: Any) -> None:
        table = TABLES[options["table"]]
        cells = [cell.strip() for cell in options["cells"].split(",")] if options["cells"] else None
        with show_progress(sys.stderr) as progress:
            result = table.simulate(
                runs=options["runs"] or table.runs, seed=options["seed"], cells=cells, progress=progress
            )
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(result.lines()))
        if options["json"]:
            self.write_json(result.as_json(), options["json"])
