"""Which code this is. Core: no Django."""

import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def code_version() -> str:
    """Return the version of this package, with the git revision where it runs from a checkout."""
    try:
        release = version("playoff")
    except PackageNotFoundError:
        release = "unknown"
    if not (ROOT / ".git").exists():
        return release
    try:
        described = subprocess.run(
            ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return release
    return f"{release}+{described.stdout.strip()}"
