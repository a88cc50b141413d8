"""Django REST framework without PostgreSQL's own fields, which no table here has. Import this before it.

Its `compat` imports `django.contrib.postgres` if it can, and with it psycopg and its binary library, 10 MiB in every
process on SQLite. The fields are optional to it. On PostgreSQL the database backend imports psycopg itself.
"""

import importlib
import sys

UNUSED = "django.contrib.postgres.fields"


def _import_without(name: str, *, hidden: str) -> None:
    """Import a module while another, unless it is in already, looks as if it were not installed."""
    if hidden in sys.modules:
        importlib.import_module(name)
        return
    sys.modules[hidden] = None  # type: ignore[assignment]  # Python's own sign for "not to be had"
    try:
        importlib.import_module(name)
    finally:
        del sys.modules[hidden]


_import_without("rest_framework.compat", hidden=UNUSED)
