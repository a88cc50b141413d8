"""Who uses a system version. Studies do, and recsys does not know studies: whoever uses versions says so here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VersionUse:
    """One use of a version: what people read, and the address of its page."""

    title: str
    url: str


Teller = Callable[[Sequence[int]], Mapping[int, Sequence[VersionUse]]]
"""From keys of versions to their uses; a version without any may be left out."""

_tellers: list[Teller] = []


def tell_version_uses(teller: Teller) -> None:
    """Ask `teller` from now on; for an app's addresses. The same one again changes nothing."""
    if teller not in _tellers:
        _tellers.append(teller)


def version_uses(versions: Sequence[int]) -> dict[int, list[VersionUse]]:
    """The uses of each of these versions, in the order of the tellers; one query each."""
    found: dict[int, list[VersionUse]] = {version: [] for version in versions}
    for teller in _tellers:
        for version, uses in teller(versions).items():
            found[version].extend(uses)
    return found
