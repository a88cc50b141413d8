"""Which code did something: the version of the package, and the git revision where it runs from a checkout."""

import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from django.conf import settings


@cache
def code_version() -> str:
    """As `0.4.0+3f2a91c0d7be`; a checkout with changes ends with `-dirty`. Asked once per process."""
    try:
        release = version("playoff")
    except PackageNotFoundError:
        release = "unknown"
    if not (settings.ROOT / ".git").exists():
        return release
    try:
        described = subprocess.run(
            ["git", "-C", str(settings.ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return release
    return f"{release}+{described.stdout.strip()}"
