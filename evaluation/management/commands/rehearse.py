"""`manage.py rehearse STUDY --queries FILE`: what the study's report would look like, before anybody is asked."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from evaluation.models import Study
from evaluation.rehearsal import Plan, RehearsalError
from evaluation.services.rehearsals import rehearse
from playoff.common.commands import InputError, PlayoffCommand, whole_number
from playoff.common.progress import show_progress

DEFAULT = Plan()


class Command(PlayoffCommand):
    help = (
        "Hold a rehearsal of a study: its systems make real playlists, simulated participants judge them by tastes "
        "drawn from the seed. The result is a closed study of its own, marked as a rehearsal."
    )
    input_errors = (RehearsalError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("study", help="short name of the study, as in its address")
        parser.add_argument(
            "--queries",
            type=Path,
            required=True,
            metavar="FILE",
            help='one query per line, or JSON lines with a "text"',
        )
        parser.add_argument("--slug", help="short name of the rehearsal (STUDY-rehearsal)")
        some, people, each = whole_number(at_least=1), DEFAULT.participants, DEFAULT.judgments_each
        parser.add_argument("--participants", type=some, default=people, help="%(default)s")
        parser.add_argument("--judgments-per-participant", type=some, default=each, metavar="N", help="%(default)s")
        parser.add_argument("--strength-sd", type=float, default=DEFAULT.strength_sd, help="of systems; %(default)s")
        parser.add_argument("--taste-sd", type=float, default=DEFAULT.taste_sd, help="of participants; %(default)s")
        parser.add_argument("--ties", type=float, default=DEFAULT.ties, help="share of equivalent; %(default)s")
        parser.add_argument("--seed", type=whole_number(at_least=0), default=0, help="of all draws; %(default)s")

    def handle(self, *args: Any, **options: Any) -> None:
        study = Study.objects.filter(slug=options["study"]).first()
        if study is None:
            known = ", ".join(Study.objects.order_by("slug").values_list("slug", flat=True)) or "none"
            raise InputError(f"There is no study `{options['study']}`; the studies are: {known}.")
        plan = Plan(
            participants=options["participants"],
            judgments_each=options["judgments_per_participant"],
            strength_sd=options["strength_sd"],
            taste_sd=options["taste_sd"],
            ties=options["ties"],
            seed=options["seed"],
        )
        slug = options["slug"] or f"{study.slug}-rehearsal"
        with show_progress(sys.stderr) as progress:
            held = rehearse(study=study, slug=slug, plan=plan, queries=_queries(options["queries"]), progress=progress)
        self.stdout.write(f"Rehearsal `{held.slug}`: {held.draws} trials; /research/studies/{held.slug}/report/")


def _queries(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: this is not UTF-8 text; save it as UTF-8.") from error
    if path.suffix != ".jsonl":
        return lines
    queries = []
    for number, line in enumerate(lines, start=1):
        try:
            queries.append(str(json.loads(line)["text"]))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{path}, line {number}: this is no JSON object with a `text`.") from error
    return queries
