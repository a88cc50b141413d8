import re
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_migration_has_a_name():
    found = [path.stem for folder in ROOT.glob("*/migrations") for path in folder.glob("0*.py")]
    found += [path.stem for path in ROOT.glob("platform/playoff/*/migrations/0*.py")]
    assert len(found) >= 4
    assert not [name for name in found if re.search(r"_auto_|_merge_|\d{8}", name)]
