"""System versions: frozen rows that name an artifact, and the playlists they make."""

import logging
from functools import partial
from pathlib import Path

from django.conf import settings

from recsys.core.artifacts import read_manifest
from recsys.core.errors import ArtifactError
from recsys.models import Dataset, SystemVersion
from recsys.selectors.catalogue import TrackCard, listening_history, track_cards

logger = logging.getLogger(__name__)


def register_system_version(*, artifact: Path) -> SystemVersion:
    """Freeze a trained artifact below MODELS_ROOT as a system version; the same artifact again is the same version.

    Raises:
        ArtifactError: The folder holds no whole artifact, lies elsewhere, or was made for data that is not loaded.
    """
    folder = artifact.resolve()
    root = Path(settings.MODELS_ROOT).resolve()
    if not folder.is_relative_to(root):
        raise ArtifactError(f"{artifact}: an artifact in use must lie below MODELS_ROOT ({root}); move it there.")
    manifest = read_manifest(folder)
    dataset = Dataset.objects.filter(fingerprint=manifest.data_fingerprint).first()
    if dataset is None:
        raise ArtifactError(
            f"{artifact}: its data set is not loaded; run `load_dataset` on the folder it was trained on."
        )
    version, created = SystemVersion.objects.get_or_create(
        fingerprint=manifest.fingerprint,
        defaults={
            "system": manifest.slug,
            "dataset": dataset,
            "artifact": str(folder.relative_to(root)),
            "parameters": dict(manifest.parameters),
            "code_version": manifest.code_version,
        },
    )
    logger.info("system_version.registered system=%s version=%s new=%s", version.system, version.pk, created)
    return version


def playlist_for(*, version_id: int, query: str, listener: str | None, k: int) -> list[TrackCard]:
    """The `k` best tracks for a listener's query by a system version, in the catalogue's own spelling.

    A listener who came after the system was trained is known by what the data set's interactions say of them. Two
    queries, and one more for such a listener.
    """
    from recsys.services.recommendations import recommend  # torch, where an encoder needs it, comes in here

    version = SystemVersion.objects.get(pk=version_id)
    ranked = recommend(
        directory=_artifact(version),
        query=query,
        listener=listener,
        k=k,
        history_of=partial(listening_history, version.dataset_id),
    )
    return track_cards(version.dataset_id, ranked.tracks)


def warm(*, version_id: int) -> None:
    """Load a system version into this process and try it on one query."""
    playlist_for(version_id=version_id, query="music", listener=None, k=1)


def _artifact(version: SystemVersion) -> Path:
    return Path(settings.MODELS_ROOT) / version.artifact
