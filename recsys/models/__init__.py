from recsys.models.dataset import Dataset
from recsys.models.interaction import Interaction
from recsys.models.listener import Listener
from recsys.models.offline_run import OfflineRun
from recsys.models.playlist import Playlist
from recsys.models.system_version import SystemVersion
from recsys.models.track import Track
from recsys.models.tryout import Tryout

__all__ = ["Dataset", "Interaction", "Listener", "OfflineRun", "Playlist", "SystemVersion", "Track", "Tryout"]
