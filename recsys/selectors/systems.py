"""Systems, their versions, and what is known of each: what it learned from, how it is set, how well it does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count

from recsys.core.artifacts import MANIFEST, Manifest, read_manifest
from recsys.core.defaults import default_parameters
from recsys.core.errors import ArtifactError
from recsys.core.registry import RECOMMENDERS
from recsys.models import Listener, Playlist, SystemVersion, Track
from recsys.selectors.offline_runs import OfflineFigures, figures_of_run, offline_runs

MOST_CARD = 100_000


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter that is not what it is when nobody sets it; `default` is None where that is not known."""

    name: str
    value: Any
    default: Any


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A system version in a list.

    Attributes:
        settings: parameters that differ from the defaults.
        runs: its lines of offline runs, the newest first.
        trained_at: when the artifact was written; None where it is gone.
        problem: why the artifact cannot be used, empty where it seems whole.
    """

    version: SystemVersion
    settings: tuple[Setting, ...]
    runs: tuple[OfflineFigures, ...]
    trained_at: datetime | None
    manifest: Manifest | None
    problem: str

    @property
    def latest(self) -> OfflineFigures | None:
        return self.runs[0] if self.runs else None


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A recommender of the registry, or one that only old versions name, with its versions, the newest first."""

    slug: str
    title: str
    paper: str
    takes: tuple[str, ...] = ()
    versions: tuple[VersionRow, ...] = field(default=())


def all_versions() -> list[SystemVersion]:
    """Every registered version, by system, the newest first. One query."""
    return list(SystemVersion.objects.select_related("dataset").order_by("system", "-created_at", "-pk"))


def system_rows() -> list[SystemRow]:
    """Every system in the order of the registry, then those that only versions name. Two queries, a file a version."""
    rows = version_rows(all_versions())
    by_system: dict[str, list[VersionRow]] = {}
    for row in rows:
        by_system.setdefault(row.version.system, []).append(row)
    unknown = sorted(by_system.keys() - RECOMMENDERS.keys())
    return [_system(slug, by_system.get(slug, [])) for slug in [*RECOMMENDERS, *unknown]]


def system_row(slug: str) -> SystemRow | None:
    """One system, None where neither registry nor a version knows it. Two queries, a file a version."""
    versions = list(SystemVersion.objects.filter(system=slug).select_related("dataset").order_by("-created_at", "-pk"))
    return _system(slug, version_rows(versions)) if versions or slug in RECOMMENDERS else None


def version_rows(versions: Sequence[SystemVersion]) -> list[VersionRow]:
    """The versions with their offline figures. One query, a file a version."""
    figures: dict[str, list[OfflineFigures]] = {version.fingerprint: [] for version in versions}
    for run in offline_runs() if versions else ():
        for line in figures_of_run(run):
            figures.get(line.fingerprint, []).append(line)
    return [_row(version, figures[version.fingerprint]) for version in versions]


def differing(system: str, parameters: Mapping[str, Any]) -> tuple[Setting, ...]:
    """The parameters that are not the recommender's defaults, by name."""
    defaults = default_parameters(system)
    return tuple(
        Setting(name, value, defaults.get(name))
        for name, value in sorted(parameters.items())
        if name not in defaults or defaults[name] != value
    )


def card_of(version: SystemVersion) -> str:
    """The text of the artifact's card, empty where there is none."""
    path = folder_of(version) / "CARD.md"
    if not path.is_file() or path.is_symlink():
        return ""
    with path.open(encoding="utf-8", errors="replace") as file:
        return file.read(MOST_CARD)


def dataset_sizes(datasets: Sequence[int]) -> dict[int, dict[str, int]]:
    """How many tracks, playlists and listeners each data set holds. Three queries."""
    sizes: dict[int, dict[str, int]] = {dataset: {} for dataset in datasets}
    for name, model in (("tracks", Track), ("playlists", Playlist), ("listeners", Listener)):
        rows = model._default_manager.filter(dataset_id__in=datasets).values_list("dataset_id")
        for dataset, count in rows.annotate(count=Count("pk")).order_by():
            sizes[dataset][name] = count
    return sizes


def folder_of(version: SystemVersion) -> Path:
    return Path(settings.MODELS_ROOT) / version.artifact


def _system(slug: str, versions: list[VersionRow]) -> SystemRow:
    about = RECOMMENDERS.get(slug)
    if about is None:
        return SystemRow(slug, slug, "", versions=tuple(versions))
    return SystemRow(slug, about.title, about.paper, tuple(sorted(about.options)), tuple(versions))


def _row(version: SystemVersion, runs: list[OfflineFigures]) -> VersionRow:
    folder = folder_of(version)
    manifest, problem, written = None, "", None
    try:
        manifest = read_manifest(folder)
        written = datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC)
        if manifest.fingerprint != version.fingerprint:
            problem = f"{folder}: another artifact stands here now, {manifest.fingerprint[:12]}."
    except (ArtifactError, OSError) as error:
        problem = str(error)
    return VersionRow(version, differing(version.system, version.parameters), tuple(runs), written, manifest, problem)
