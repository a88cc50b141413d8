"""All that other apps may import from recsys. Nothing here imports torch by itself: recommenders come in when asked."""

from recsys.core.errors import RecsysError
from recsys.selectors.catalogue import ListenerChoice, TrackCard, listener_choices, track_cards
from recsys.services.systems import playlist_for, register_system_version, warm
from recsys.version_uses import VersionUse, tell_version_uses

__all__ = [
    "ListenerChoice",
    "RecsysError",
    "TrackCard",
    "VersionUse",
    "listener_choices",
    "playlist_for",
    "register_system_version",
    "tell_version_uses",
    "track_cards",
    "warm",
]
