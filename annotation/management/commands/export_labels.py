"""Write a campaign's labels or a gold version to a file, or both to a folder for the `datasets` library."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from annotation.export.writing import FORMATS
from annotation.management.commands.make_gold import campaign_named
from annotation.models import Campaign
from annotation.services.datasets import DATASETS, write_dataset
from annotation.services.exports import export_of, ready_version, write_file
from playoff.common.commands import InputError, PlayoffCommand, check_output


class Command(PlayoffCommand):
    help = (
        "Write labels, one row each, or a gold version, one row per query. Annotators appear by pseudonym; the same "
        "state gives the same bytes."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN", help="the campaign's slug")
        parser.add_argument("--out", type=Path, required=True, metavar="PATH", help="a file; a new folder for datasets")
        parser.add_argument("--format", choices=(*FORMATS, DATASETS), default="csv")
        parser.add_argument("--gold", default="", metavar="NAME", help="a gold version in place of single labels")
        parser.add_argument(
            "--at", default="", metavar="DATE", help="labels as they stood then: 2026-01-31 or 2026-01-31T12:00:00Z"
        )
        parser.add_argument("--licence", default="unknown", help="of the data set, for its card: cc-by-4.0 (unknown)")

    def handle(self, *args: Any, **options: Any) -> None:
        campaign, out = campaign_named(options["campaign"]), options["out"]
        if options["format"] == DATASETS:
            return self._folder(campaign, out, options)
        check_output(out)
        export = export_of(
            campaign,
            kind="gold" if options["gold"] else "labels",
            format_=options["format"],
            version=options["gold"],
            at=options["at"],
        )
        self.stdout.write(f"{out}: sha256 {write_file(out, export.chunks())}")
        return None

    def _folder(self, campaign: Campaign, out: Path, options: dict[str, Any]) -> None:
        if options["at"]:
            raise InputError("A folder for datasets holds the labels that its gold version was made from; drop --at.")
        if not options["gold"]:
            raise InputError("A folder for datasets needs a gold version; name one with --gold.")
        summary = write_dataset(ready_version(campaign, options["gold"]), out, licence=options["licence"])
        rows = ", ".join(f"{number} in {path}" for path, number in summary.rows.items())
        self.stdout.write(f"{out}: {rows}\ngold {summary.gold_hash}\nvotes {summary.votes_hash}")
