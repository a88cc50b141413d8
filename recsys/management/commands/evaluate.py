"""`manage.py evaluate --dataset DIR --systems A,B,… --split test`."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import InputError, PlayoffCommand, output_file, whole_number, write_whole
from playoff.common.progress import show_progress
from recsys.core.devices import DEVICES
from recsys.core.errors import RecsysError
from recsys.core.registry import RECOMMENDERS
from recsys.data.dataset import SPLITS, Dataset
from recsys.offline.compare import REPLICATES
from recsys.offline.page.document import offline_page
from recsys.offline.queries import SEEN_TITLES, TURNS, OfflineQuery
from recsys.offline.rankings import Rows, Scores
from recsys.offline.results import per_query_lines
from recsys.offline.summary import summary
from recsys.offline.trec import qrels_lines, query_lines, run_lines
from recsys.offline.words import LANGUAGES
from recsys.services.offline import Order, evaluate_systems, page_styles, record_run

MOST_INLINE = 2_000
"""Queries up to which their values stand in the JSON itself; beyond, in a file of JSON lines beside it."""


class Command(PlayoffCommand):
    help = "Evaluate systems on the held-out queries of a data set: table, paired tests, breakdowns, TREC runs, a page."
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dataset", type=Path, required=True, metavar="DIR")
        parser.add_argument(
            "--systems",
            required=True,
            metavar="A,B,…",
            help=f"of {', '.join(RECOMMENDERS)}; random and popularity are always in the table",
        )
        parser.add_argument("--split", choices=SPLITS, default="test")
        parser.add_argument(
            "--models", type=Path, metavar="DIR", help="one folder for each system, made by train; what is missing is"
            " trained with the seed, and thrown away afterwards",
        )  # fmt: skip
        parser.add_argument("--keep-models", action="store_true", help="keep what had to be trained in --models DIR")
        parser.add_argument("--json", type=output_file, metavar="PATH", help="write the result as JSON; - for stdout")
        parser.add_argument("--runs", type=Path, metavar="DIR", help="write TREC runs, qrels.txt and queries.tsv there")
        parser.add_argument("--html", type=output_file, metavar="PATH", help="write the page, one file")
        parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the page (en)")
        parser.add_argument("--seed", type=whole_number(at_least=0, at_most=2**32 - 1), default=0)
        parser.add_argument("--k", default="", metavar="N,N,…", help="cut-offs besides 10 and 100, up to 1000")
        parser.add_argument("--classifier", type=Path, metavar="DIR", help="query-type classifier of train_classifier")
        parser.add_argument("--encoder", metavar="ID_OR_PATH", help="text encoder of systems that have to be trained")
        parser.add_argument("--device", choices=DEVICES, default="cpu")
        parser.add_argument("--limit", type=whole_number(at_least=1), metavar="N", help="the first N queries only")
        parser.add_argument(
            "--seen-titles", choices=SEEN_TITLES, default="exclude",
            help="what to do with playlists whose title is in training too (exclude)",
        )  # fmt: skip
        parser.add_argument("--turns", choices=TURNS, default="all", help="of conversations: all joined, or the last")
        parser.add_argument(
            "--replicates",
            type=whole_number(at_least=100, at_most=100_000),
            default=REPLICATES,
            help="of the bootstrap",
        )
        parser.add_argument(
            "--no-timing", action="store_true", help="measure no times: the result then repeats exactly"
        )
        parser.add_argument("--record", action="store_true", help="keep the result in the database")

    def handle(self, *args: Any, **options: Any) -> None:
        order = Order(
            dataset=options["dataset"],
            systems=_names(options["systems"]),
            split=options["split"],
            models=options["models"],
            keep_models=options["keep_models"],
            seed=options["seed"],
            cutoffs=_numbers(options["k"]),
            classifier=options["classifier"],
            encoder=options["encoder"],
            device=options["device"],
            limit=options["limit"],
            seen_titles=options["seen_titles"],
            turns=options["turns"],
            replicates=options["replicates"],
            timed=not options["no_timing"],
        )
        if str(options["html"]) == "-":
            raise InputError("--html -: the page is a file; name one.")
        keep = _run_writer(options["runs"]) if options["runs"] else None
        with show_progress(sys.stderr) as progress:
            result = evaluate_systems(order, keep=keep, progress=progress)
        if options["html"]:
            write_whole(options["html"], offline_page(result, language=options["language"], styles=page_styles()))
        run = record_run(result) if options["record"] else None
        if str(options["json"]) != "-":
            self.stdout.write("\n".join(summary(result)))
            if run is not None:
                self.stdout.write(f"Kept as offline run {run.pk}.")
        if options["json"]:
            self.write_json(self._spread(result, options["json"]), options["json"])

    def _spread(self, result: dict[str, Any], path: Path) -> dict[str, Any]:
        """Move the values of many queries into a file beside the JSON."""
        if str(path) == "-" or result["queries"] <= MOST_INLINE:
            return result
        beside = path.with_name(f"{path.stem}.per-query.jsonl")
        rows = per_query_lines(result)
        write_whole(beside, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        part = {"queries": result["per_query"]["queries"], "file": beside.name}
        return {**result, "per_query": part}


def _run_writer(folder: Path) -> Callable[[str, Rows, Scores, Sequence[OfflineQuery], Dataset], None]:
    """Write what all runs share with the first of them."""
    folder.mkdir(parents=True, exist_ok=True)
    shared = iter([True])

    def write(name: str, rows: Rows, scores: Scores, queries: Sequence[OfflineQuery], dataset: Dataset) -> None:
        ids = [track.id for track in dataset.tracks]
        _write_lines(folder / f"{name}.run", run_lines(queries, rows, scores, ids, tag=name))
        if next(shared, False):
            _write_lines(folder / "qrels.txt", qrels_lines(queries, ids))
            _write_lines(folder / "queries.tsv", query_lines(queries))

    return write


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    write_whole(path, "".join(lines))


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise InputError(f"--systems {text}: this names no system; write one, or several with commas between them.")
    return names


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(number) for number in text.replace(",", " ").split())
    except ValueError:
        raise InputError(f"--k {text}: write whole numbers with commas between them.") from None
