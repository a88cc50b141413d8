"""What the demo needs in the database: accounts with passwords of their own, and one open study."""

import json
import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import transaction

from annotation import public as annotation
from evaluation.demonstration import ACCOUNTS, STUDY, SYSTEMS
from evaluation.models import Study
from evaluation.services.studies import create_study, open_study
from recsys import public as recsys

SLUG = "demo"


def demo_accounts(*, file: Path) -> dict[str, str]:
    """Names and passwords of the demo's accounts, made at the first call and kept in `file` for the owner's eyes."""
    if file.exists():
        passwords: dict[str, str] = json.loads(file.read_text())
    else:
        passwords = {name: secrets.token_urlsafe(9) for name in ACCOUNTS}
        file.touch(mode=0o600)
        file.write_text(json.dumps(passwords, indent=2))
    users = get_user_model()
    for name, flags in ACCOUNTS.items():
        user, created = users.objects.get_or_create(username=name)
        if created or not user.check_password(passwords[name]):
            for flag in flags:
                setattr(user, flag, True)
            user.set_password(passwords[name])
            user.save()
    return passwords


def demo_campaign_is_open() -> bool:
    return annotation.campaign_is_open(slug=SLUG)


def open_demo_campaign(*, sample: Path) -> None:
    """Open the labelling campaign `demo` with the queries of the sample data set, which is loaded."""
    described = json.loads((sample / "dataset.json").read_text(encoding="utf-8"))
    annotation.open_demo_campaign(dataset=described["name"], version=described["version"])


def queue_demo_runs() -> list[int]:
    return annotation.queue_demo_runs()


def use_demo_classifier(*, directory: Path) -> None:
    annotation.use_demo_classifier(directory=directory)


def demo_study_is_open() -> bool:
    return Study.objects.filter(slug=SLUG).exists()


@transaction.atomic
def open_demo_study(*, models: Path) -> Study:
    """Register every trained system below `models` and open the study `demo` with them."""
    versions = {name: recsys.register_system_version(artifact=models / name).pk for name in SYSTEMS}
    study = Study.objects.filter(slug=SLUG).first()
    if study is None:
        study = create_study(slug=SLUG, systems=versions, listed=True, sample_listeners=6, playlist_length=10, **STUDY)
    return open_study(study=study)
