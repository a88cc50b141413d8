"""`--set NAME=VALUE` of the commands that train."""

import json
from typing import Any

from playoff.common.commands import InputError


def parameter(text: str) -> tuple[str, Any]:
    """Return name and value: a number, a truth value, or a text.

    Raises:
        InputError: There is no value.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise InputError(f"--set {text}: this has no value; write --set NAME=VALUE.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
