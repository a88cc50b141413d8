"""Asking trained systems for tracks."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path

from recsys.core.artifacts import read_manifest, verify
from recsys.core.devices import check_device
from recsys.core.ranking import Heard, ListenerQuery, RankedTracks
from recsys.core.recommender import Personal, Recommender
from recsys.core.registry import recommender_class

logger = logging.getLogger(__name__)
_AT_MOST = 16
_loaded: OrderedDict[tuple[Path, str, str], Recommender] = OrderedDict()
_loading = threading.Lock()


def load_recommender(directory: Path, *, device: str = "cpu") -> Recommender:
    """Return the recommender of an artifact folder, checked whole; once loaded, it stays in this process.

    An artifact that was replaced is loaded anew, because its manifest has another hash.

    Raises:
        ArtifactError: There is no whole, unaltered artifact of a known system.
        RequestError: The device is not to be had.
    """
    check_device(device)
    manifest = read_manifest(directory)
    key = (directory.resolve(), manifest.digest, device)
    with _loading:
        if key not in _loaded:
            kind = recommender_class(manifest.slug)
            verify(directory)
            _loaded[key] = kind.load(directory, device=device)
            logger.info("recommender.loaded system=%s fingerprint=%s", manifest.slug, manifest.fingerprint[:8])
            if len(_loaded) > _AT_MOST:
                _loaded.popitem(last=False)
        _loaded.move_to_end(key)
        return _loaded[key]


def recommend(
    *,
    directory: Path,
    query: str,
    listener: str | None = None,
    k: int = 20,
    device: str = "cpu",
    history_of: Callable[[str], Sequence[Heard]] | None = None,
) -> RankedTracks:
    """Return the `k` best tracks for a listener's query.

    Args:
        history_of: asked for what the listener has done, where the system does not know the listener but would ask.

    Raises:
        ArtifactError: There is no whole, unaltered artifact of a known system.
        RequestError: `k` is out of range, or the device is not to be had.
    """
    recommender = load_recommender(directory, device=device)
    history: Sequence[Heard] = ()
    if history_of and listener is not None and isinstance(recommender, Personal) and not recommender.knows(listener):
        history = history_of(listener)
    [ranked] = recommender.recommend([ListenerQuery(query, listener, tuple(history))], k=k)
    return ranked
