"""The REST framework without PostgreSQL's fields, in processes of their own: nothing can be unimported."""

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PROGRAM = """
import sys, django
from django.conf import settings
settings.configure(INSTALLED_APPS=["rest_framework"])
django.setup()
{before}
import playoff.common.lean_rest_framework
print("psycopg" in sys.modules)
from django.db import models
from rest_framework import serializers
assert serializers.ModelSerializer.serializer_field_mapping[models.JSONField] is serializers.JSONField
from django.contrib.postgres.fields import ArrayField  # still to be had by who asks for it
"""


@pytest.mark.parametrize(("before", "loaded"), [("", "False"), ("import django.contrib.postgres.fields", "True")])
def test_only_who_asks_for_postgresql_gets_it(before, loaded):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "platform")}
    program = PROGRAM.format(before=before)
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, loaded), done.stderr
