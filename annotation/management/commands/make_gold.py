"""Make a gold version of a campaign."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from annotation.models import Campaign
from annotation.services.gold import METHODS, make_gold
from playoff.common.commands import InputError, PlayoffCommand


def share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ArgumentTypeError(f"must be a number from 0 to 1, got {text!r}")
    return value


class Command(PlayoffCommand):
    help = (
        "Settle one label per query of a campaign under a name. Decisions override labels; a version never changes "
        "afterwards, and a name cannot be used twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN", help="the campaign's slug")
        parser.add_argument("name", metavar="NAME", help="letters, digits, hyphens and underscores; at most 50")
        parser.add_argument("--method", choices=METHODS, default="majority", help="how several labels become one")
        parser.add_argument(
            "--minimum", type=share, default=0.0, metavar="P", help="leave out queries less probable than this (0)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        version = make_gold(
            campaign=campaign_named(options["campaign"]),
            name=options["name"],
            by=None,
            method=options["method"],
            minimum=options["minimum"],
            at_once=True,
        )
        summary = version.summary
        sources = ", ".join(f"{number} {source}" for source, number in summary["sources"].items()) or "none"
        splits = ", ".join(f"{number} {split}" for split, number in summary["splits"].items()) or "none"
        left_out = ", ".join(f"{number} {why}" for why, number in summary["left_out"].items()) or "none"
        self.stdout.write(
            f"{version.rows_count} queries: {sources}\n{splits}\nleft out: {left_out}\ncontent hash {version.digest}"
        )


def campaign_named(slug: str) -> Campaign:
    """The campaign, or one line that names those there are."""
    campaign = Campaign.objects.select_related("taxonomy").filter(slug=slug).first()
    if campaign is None:
        known = ", ".join(Campaign.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "none"
        raise InputError(f"There is no campaign {slug!r}; the campaigns are: {known}.")
    return campaign
