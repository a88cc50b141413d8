"""What a report was computed with."""

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = {"Playoff": "playoff", "NumPy": "numpy", "SciPy": "scipy"}


def software() -> dict[str, str]:
    """Versions by name, Python's among them; a package that is run without being installed has none."""
    found = {"Python": platform.python_version()}
    for name, package in PACKAGES.items():
        try:
            found[name] = version(package)
        except PackageNotFoundError:
            continue
    return found
