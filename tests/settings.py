"""The real settings with a dozen names changed: a fast hasher, plain static files, a throwaway home."""

import os
import tempfile
from pathlib import Path

_home = os.environ.setdefault("PLAYOFF_HOME", tempfile.mkdtemp(prefix="playoff-tests-"))
os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("ENV_FILE", str(Path(_home) / "no-env-file"))

from playoff.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
CELERY_TASK_ALWAYS_EAGER = False
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
RELEASE_TICK_S = 0
