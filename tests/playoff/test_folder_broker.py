"""A message in the folder is there whole or not at all."""

import json
import threading

import pytest
from kombu import Connection

from playoff.common.folder_broker import Transport


@pytest.fixture
def connection(tmp_path):
    for name in ("queue", "control"):
        (tmp_path / name).mkdir()
    folder = str(tmp_path / "queue")
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": str(tmp_path / "control")}
    with Connection("filesystem://", transport_options=options) as connection:
        yield connection


def test_celery_uses_it(connection):
    import playoff.celery  # noqa: F401 - what every process of ours imports

    assert isinstance(connection.transport, Transport)


def test_what_is_put_is_got(connection):
    queue = connection.SimpleQueue("wishes")
    queue.put({"side": 7})
    message = queue.get(timeout=5)
    assert message.payload == {"side": 7}
    message.ack()
    queue.close()


def test_a_reader_never_sees_half_a_message(connection, tmp_path):
    channel = connection.default_channel
    folder, broken, done = tmp_path / "queue", [], threading.Event()

    def look() -> None:
        while not done.is_set():
            for path in folder.glob("*.msg"):
                try:
                    json.loads(path.read_bytes())
                except ValueError:
                    broken.append(path.name)
                path.unlink()

    reader = threading.Thread(target=look)
    reader.start()
    for number in range(2_000):
        channel._put("wishes", {"body": "x" * 5_000, "number": number})
    done.set()
    reader.join()
    assert broken == []
    assert not list(folder.glob("*.draft"))
