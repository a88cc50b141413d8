"""docker-compose.yml is valid, has every process, and starts them by the script that the tests use."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import requires

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]


def test_every_process_is_there(services):
    assert {"web", "worker", "gpu-worker", "beat", "postgres", "redis"} <= set(services)


def test_processes_are_started_by_name(services):
    script = (ROOT / "platform" / "docker" / "entrypoint.sh").read_text()
    for name in ("migrate", "web", "worker", "gpu-worker", "beat"):
        assert services[name]["command"] == [name]
        assert f"\n{name})\n" in script


def test_redis_keeps_its_queue(services):
    command = " ".join(services["redis"]["command"])
    assert "--appendonly yes" in command and "noeviction" in command


@pytest.mark.parametrize("files", [["docker-compose.yml"], ["docker-compose.yml", "docker-compose.gpu.yml"]])
def test_compose_accepts_it(files):
    plugin = (
        shutil.which("docker") and subprocess.run(["docker", "compose", "version"], capture_output=True).returncode == 0
    )
    compose = ["docker", "compose"] if plugin else ["docker-compose"] if shutil.which("docker-compose") else []
    requires(compose, "docker compose")
    arguments = [part for name in files for part in ("-f", name)]
    environment = {"PATH": os.environ["PATH"], "SECRET_KEY": "x", "POSTGRES_PASSWORD": "x"}
    done = subprocess.run(
        [*compose, *arguments, "config", "-q"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    refused = subprocess.run(
        [*compose, *arguments, "config", "-q"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
    )
    assert refused.returncode != 0 and "SECRET_KEY" in refused.stderr
