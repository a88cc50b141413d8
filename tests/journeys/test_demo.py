"""`manage.py demo`, as `make demo` runs it after the first time: first page, a killed worker, Ctrl-C."""

import os
import shutil
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.world import World, free_port, wait_for

pytestmark = pytest.mark.world


@pytest.fixture
def home(tmp_path, toy_models, toy_folder):
    """A home in which the demo has been set up before, on the toy data set."""
    world = World(kind="embedded", home=tmp_path, models=toy_models, dataset=toy_folder)
    shutil.copytree(toy_models, tmp_path / "models" / "demo")
    world.manage("migrate", "--no-input")
    world.manage("load_dataset", str(toy_folder))
    world.manage(
        "shell",
        "-c",
        "from pathlib import Path; from evaluation.services.demo import open_demo_study; "
        f"open_demo_study(models=Path({str(tmp_path / 'models' / 'demo')!r}))",
    )
    return world


def processes_of(home) -> list[int]:
    """Every process that was told this home, by its environment."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if str(home).encode() in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:  # ended meanwhile, or not ours to read
            continue
    return [pid for pid in found if pid != os.getpid()]


def test_first_page_killed_worker_and_ctrl_c(home):
    home.port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(home.port)]
    out = (home.home / "demo.log").open("wb")
    demo = subprocess.Popen(command, env=home.environment, stdout=out, stderr=out, start_new_session=True)
    try:
        wait_for(lambda: "Ctrl-C stops everything." in home.log("demo"), within=60, why=home.log("demo"))
        said = home.log("demo")
        assert f"http://127.0.0.1:{home.port}/studies/demo/" in said
        assert all(role in said for role in ("annotator", "lead", "researcher", "admin"))

        def ask() -> None:
            person = home.request(
                "POST", "/api/v1/studies/demo/participants/", {"platform_id": uuid.uuid4().hex, "consent": True}
            ).json()["token"]
            key = {"Idempotency-Key": "k"}
            trial = home.request("POST", "/api/v1/studies/demo/trials/", {"query": "rain"}, person, **key).json()[
                "trial"
            ]
            assert home.finished(person, trial, within=40)["state"] in {"ready", "identical"}

        ask()
        (worker,) = home.rows("SELECT worker FROM evaluation_side ORDER BY id DESC LIMIT 1")[0]
        os.kill(int(worker.rpartition("/")[2]), signal.SIGKILL)
        ask()
    finally:
        os.killpg(demo.pid, signal.SIGINT)  # as a terminal does
        assert demo.wait(timeout=40) == 0
    assert wait_for(lambda: not processes_of(home.home), within=5, why=f"left behind: {processes_of(home.home)}")
    assert home.log("demo").rstrip().endswith("Stopped.")


def test_a_taken_port_is_one_line(home):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)]
        done = subprocess.run(command, env=home.environment, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.strip() == f"Port {port} is taken; run `make demo PORT={port + 1}`."
