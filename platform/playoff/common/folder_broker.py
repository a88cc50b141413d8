"""Kombu's broker in a folder, with messages that appear whole.

Kombu opens a message's file under its final name, locks it and then writes: a worker that looks between opening and
writing takes an empty file for a message, cannot read it and ends. Here a message is written under a name that no
reader looks for, and renamed. `playoff/celery.py` puts this transport in the place of Kombu's own.
"""

import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # kombu's own two base classes do not agree on the second name
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        draft = folder / f"{name}.draft"
        try:
            draft.write_bytes(str_to_bytes(dumps(payload)))
            draft.replace(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add the message {name} to {folder}.") from error


class Transport(filesystem.Transport):
    Channel = Channel
