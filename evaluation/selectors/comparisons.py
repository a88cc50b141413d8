"""Two studies, read so that their judgments can be compared."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evaluation.models import Participant, Study, StudySystem
from evaluation.selectors.judgment_tables import study_table

if TYPE_CHECKING:
    from evaluation.stats.tables import JudgmentTable


@dataclass(frozen=True, slots=True)
class StudyPair:
    """Two studies' judgments, systems that are the same under the same name.

    Attributes:
        renamed: names of the second study that stand under the first's, because the system version is the same.
        versions_differ: names that both studies use for different versions.
        shared: people, by their identifier at the music service, who judged in both.
    """

    first: "JudgmentTable"
    second: "JudgmentTable"
    renamed: dict[str, str]
    versions_differ: list[str]
    shared: int


def study_pair(first: Study, second: Study) -> StudyPair:
    """Five queries beside those of the two tables.

    A system of the second study goes by the first's name for the same version, else by its own name; where that would
    give two systems one name, the one of the same version has it.
    """
    one, other = _versions(first), _versions(second)
    by_version = {version: name for name, version in one.items()}
    renamed = {name: by_version[version] for name, version in other.items() if by_version.get(version, name) != name}
    taken = set(renamed.values())
    shown = {name: renamed.get(name, f"{name} ({second.slug})" if name in taken else name) for name in other}
    table = study_table(second).table
    return StudyPair(
        first=study_table(first).table,
        second=replace(table, systems=tuple(shown[name] for name in table.systems)),
        renamed=renamed,
        versions_differ=[name for name in one if shown.get(name) == name and other[name] != one[name]],
        shared=_shared(first, second),
    )


def _versions(study: Study) -> dict[str, int]:
    return dict(StudySystem.objects.filter(study=study).order_by("name").values_list("name", "version_id"))


def _shared(first: Study, second: Study) -> int:
    judged = Participant.objects.filter(trials__judgment__isnull=False)
    ids = judged.filter(study=second).values("platform_id")
    return judged.filter(study=first, platform_id__in=ids).distinct().count()
