from recsys.models.dataset import Dataset
from recsys.models.interaction import Interaction
from recsys.models.listener import Listener
from recsys.models.playlist import Playlist
from recsys.models.system_version import SystemVersion
from recsys.models.track import Track

__all__ = ["Dataset", "Interaction", "Listener", "Playlist", "SystemVersion", "Track"]
