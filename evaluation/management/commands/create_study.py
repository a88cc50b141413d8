"""`manage.py create_study SLUG …`: a study of trained systems, from the command line."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.db import transaction

from evaluation.models import Study
from evaluation.services.studies import create_study, open_study
from playoff.common.commands import InputError, PlayoffCommand, whole_number
from recsys import public as recsys

MOST_PLANNED = 10_000_000


class Command(PlayoffCommand):
    help = "Draft a study of trained systems, and open it with --open."
    input_errors = (recsys.RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="short name, as in the study's address")
        parser.add_argument("--title", required=True)
        parser.add_argument(
            "--system", action="append", required=True, metavar="NAME=MODEL_DIR", help="a system; give it twice or more"
        )
        parser.add_argument("--consent", type=Path, required=True, help="text file: what participants agree to")
        parser.add_argument(
            "--length", type=whole_number(at_least=1, at_most=100), default=10, help="tracks per playlist (default 10)"
        )
        parser.add_argument(
            "--participants",
            type=whole_number(at_least=1, at_most=MOST_PLANNED),
            metavar="N",
            help="planned number of participants",
        )
        parser.add_argument(
            "--judgments",
            type=whole_number(at_least=1, at_most=MOST_PLANNED),
            metavar="N",
            help="planned number of judgments",
        )
        parser.add_argument("--listed", action="store_true", help="show it on the home page while it is open")
        parser.add_argument("--open", action="store_true", help="let participants in at once")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            consent = options["consent"].read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"{options['consent']}: this is not UTF-8 text; save it as UTF-8.") from error
        versions: dict[str, int] = {}
        for given in options["system"]:
            name, separator, folder = given.partition("=")
            if not separator or not name.strip() or not folder:
                raise InputError(f"--system takes NAME=MODEL_DIR, got {given!r}.")
            if name in versions:
                raise InputError(f"Two systems are named {name!r}; names must differ.")
            versions[name] = recsys.register_system_version(artifact=Path(folder)).pk
        study = create_study(
            slug=options["slug"],
            title=options["title"],
            systems=versions,
            consent=consent,
            playlist_length=options["length"],
            listed=options["listed"],
            planned_participants=options["participants"],
            planned_judgments=options["judgments"],
        )
        if options["open"]:
            study = open_study(study=study)
        self.stdout.write(
            f"Study `{study.slug}` with {len(versions)} systems is {study.status}: /studies/{study.slug}/"
        )
        if options["open"]:
            self.stdout.write(_classified(study))


def _classified(study: Study) -> str:
    run = study.classifier
    if run is None:
        return "No classifier was in use, so the report will not tell its queries apart by type."
    return f"Its queries are told apart by the classifier {run.name!r} ({run.fingerprint[:12]})."
