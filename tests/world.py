"""A whole Playoff of its own, made of real processes: web, workers, beat, broker, database.

Two worlds: `embedded` (SQLite and the broker in a folder, one worker with beat inside, as `make demo` runs) and
`services` (PostgreSQL, Redis, a gpu-worker and a beat, as docker-compose.yml runs). Every process is started by
`platform/docker/entrypoint.sh`.
"""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, requires

SCRIPT = ROOT / "platform" / "docker" / "entrypoint.sh"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], Any], *, within: float, every: float = 0.05, why: str = "") -> Any:
    """The first true answer of `what`, or a failure that says what was waited for."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        answer = what()
        if answer:
            return answer
        time.sleep(every)
    raise AssertionError(f"not within {within} s: {why or what}")


@dataclass
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class World:
    kind: str
    home: Path
    models: Path
    dataset: Path
    faults: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    redis_port: int = 0
    database: str = ""
    database_url: str = ""

    # --- making and ending -----------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """An empty database with the toy data set and one open study, `pilot`, of all five systems and a classifier."""
        self.home.mkdir(parents=True, exist_ok=True)
        if self.kind == "services":
            self._create_database()
            requires(shutil.which("redis-server"), "redis-server on the PATH")
            self.redis_port = free_port()
            self.start_redis()
        shutil.copytree(self.models, self.home / "models")
        self.manage("migrate", "--no-input")
        self.manage("collectstatic", "--no-input", "--verbosity", "0")
        self.manage("load_dataset", str(self.dataset))
        self._promote_classifier()
        consent = self.home / "consent.txt"
        consent.write_text("I agree to take part.")
        names = [path.name for path in sorted(self.models.iterdir()) if path.name != "encoder"]
        systems = [part for name in names for part in ("--system", f"{name}={self.home / 'models' / name}")]
        self.manage(
            "create_study", "pilot", "--title", "Pilot", "--consent", str(consent), "--length", "5", "--open", *systems
        )

    def _promote_classifier(self) -> None:
        folder, queries = self.models.parent / "query-types", self.dataset / "queries.jsonl"  # trained once a session
        self.manage("train_classifier", "--queries", str(queries), "--model", "tfidf", "--out", str(folder))
        self.manage(
            "shell",
            "--command",
            "from pathlib import Path\n"
            "from annotation.services.classifier_promotion import promote\n"
            "from annotation.services.classifier_records import record_run\n"
            f"promote(run=record_run(directory=Path({str(folder)!r}))[0], by=None)",
        )

    def end(self) -> None:
        for name in list(self.processes):
            self.kill(name, signal.SIGTERM)
        if self.database:
            self._drop_database()

    # --- processes -------------------------------------------------------------------------------------------------

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "PLAYOFF_HOME": str(self.home),
            "ENV_FILE": os.devnull,
            "DJANGO_SETTINGS_MODULE": "tests.world_settings",
            "SECRET_KEY": "world-only-" + "x" * 50,
            "REAP_EVERY_S": "1",
            "GENERATION_RESEND_AFTER_S": "3",
            "GENERATION_LEASE_S": "4",
            "TASK_SOFT_LIMIT_S": "8",
            "TASK_HARD_LIMIT_S": "10",
            "WEB_WORKERS": "1",
            **self.faults,
        }
        if self.kind == "services":
            own["DATABASE_URL"] = self.database_url
            own["REDIS_URL"] = f"redis://127.0.0.1:{self.redis_port}/0"
        return own

    def start(self, name: str, **extra: str) -> subprocess.Popen[bytes]:
        """Start a process of entrypoint.sh; its output goes to a log in the home folder."""
        log = (self.home / f"{name}.log").open("ab")
        process = subprocess.Popen(
            [str(SCRIPT), name.split(".")[0]],
            env={**self.environment, **extra},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()
        self.processes[name] = process
        return process

    def start_web(self) -> None:
        self.port = free_port()
        self.start("web", BIND=f"127.0.0.1:{self.port}")
        wait_for(lambda: self._answers("/readyz"), within=60, why=f"web: {self.log('web')}")

    def start_workers(self) -> None:
        """Whatever makes playlists in this world, ready for work."""
        names = ["demo-worker"] if self.kind == "embedded" else ["gpu-worker", "worker", "beat"]
        for name in names:
            self.start(name)
        wait_for(lambda: "warming.done" in self.log(names[0]), within=90, why=f"worker: {self.log(names[0])[-3000:]}")

    def start_labelling_worker(self) -> None:
        """Whatever puts campaigns into order in this world."""
        for name in ["demo-worker"] if self.kind == "embedded" else ["worker", "beat"]:
            self.start(name)

    @property
    def gpu_worker(self) -> str:
        return "demo-worker" if self.kind == "embedded" else "gpu-worker"

    @property
    def default_worker(self) -> str:
        return "demo-worker" if self.kind == "embedded" else "worker"

    def crash(self, name: str) -> None:
        """End a worker as a crash would: whoever looks after it, the supervisor or we, starts it again."""
        if self.kind == "embedded":
            self._kill_children(self.processes[name].pid)
            return
        self.kill(name)
        self.start(name)

    def _kill_children(self, parent: int) -> None:
        found = subprocess.run(["pgrep", "-P", str(parent)], capture_output=True, text=True, check=False)
        for child in found.stdout.split():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(int(child), signal.SIGKILL)  # each child of the supervisor leads a group

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """End a process and all of its session; of a supervisor, its command too, which has a session of its own."""
        process = self.processes.pop(name)
        if name == "demo-worker" and number == signal.SIGKILL:
            process.send_signal(signal.SIGSTOP)  # so that it does not start another meanwhile
            self._kill_children(process.pid)
        if number != signal.SIGKILL:
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=15)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def log(self, name: str) -> str:
        path = self.home / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(SCRIPT), "manage", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    # --- Redis -----------------------------------------------------------------------------------------------------

    def start_redis(self) -> None:
        command = ["redis-server", "--port", str(self.redis_port), "--bind", "127.0.0.1", "--dir", str(self.home)]
        command += [
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
            "--save",
            "",
            "--maxmemory-policy",
            "noeviction",
        ]
        log = (self.home / "redis.log").open("ab")
        self.processes["redis"] = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        wait_for(self._redis_answers, within=10, why="redis")

    def redis(self) -> Any:
        import redis

        return redis.Redis(port=self.redis_port, socket_timeout=2)

    def _redis_answers(self) -> bool:
        import redis

        try:
            return bool(self.redis().ping())
        except redis.RedisError:
            return False

    # --- database --------------------------------------------------------------------------------------------------

    def _create_database(self) -> None:
        import psycopg

        given = os.environ.get("DATABASE_URL", "")
        requires(given.startswith("postgres"), "PostgreSQL (DATABASE_URL)")
        self.database = f"playoff_world_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(given, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.database}"')
        self.database_url = given.rpartition("/")[0] + "/" + self.database

    def _drop_database(self) -> None:
        import psycopg

        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Ask the world's database directly, past all of our own code."""
        if self.kind == "services":
            import psycopg

            with psycopg.connect(self.database_url) as connection:
                return list(connection.execute(statement).fetchall())
        import sqlite3

        connection = sqlite3.connect(self.home / "playoff.sqlite3", timeout=20)
        try:
            return list(connection.execute(statement).fetchall())
        finally:
            connection.close()

    # --- HTTP ------------------------------------------------------------------------------------------------------

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _answers(self, path: str) -> bool:
        try:
            return self.request("GET", path).status == 200
        except OSError:
            return False

    def request(
        self, method: str, path: str, body: Any = None, token: str = "", timeout: float = 30, **headers: str
    ) -> Answer:
        data = json.dumps(body).encode() if body is not None else None
        sent = {"Content-Type": "application/json", **headers}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        request = urllib.request.Request(self.site + path, data=data, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return Answer(response.status, response.read(), dict(response.headers))
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.read(), dict(error.headers))

    def enrol(self, platform_id: str) -> str:
        answer = self.request(
            "POST",
            "/api/v1/studies/pilot/participants/",
            {"platform_id": platform_id, "language": "en", "consent": True},
        )
        assert answer.status == 201, answer.body
        return str(answer.json()["token"])

    def ask(self, token: str, query: str, key: str = "") -> str:
        answer = self.request(
            "POST",
            "/api/v1/studies/pilot/trials/",
            {"query": query},
            token,
            **{"Idempotency-Key": key or uuid.uuid4().hex},
        )
        assert answer.status == 202, answer.body
        return str(answer.json()["trial"])

    def trial(self, token: str, trial: str) -> dict[str, Any]:
        answer = self.request("GET", f"/api/v1/trials/{trial}/", token=token)
        assert answer.status == 200, answer.body
        body: dict[str, Any] = answer.json()
        return body

    def finished(self, token: str, trial: str, *, within: float = 30) -> dict[str, Any]:
        """The trial once it is no longer generating."""

        def done() -> dict[str, Any] | None:
            seen = self.trial(token, trial)
            return seen if seen["state"] != "generating" else None

        answer: dict[str, Any] = wait_for(
            done, within=within, every=0.1, why=f"trial {trial}: {self.log(self.gpu_worker)[-3000:]}"
        )
        return answer

    def ready_trial(self, token: str, query: str) -> tuple[str, dict[str, Any]]:
        """Ask until two different playlists are on show; systems that agree are recorded and not asked about."""
        for number in range(12):  # a block holds each pair once, so agreement cannot last longer
            trial = self.ask(token, f"{query} {number}")
            seen = self.finished(token, trial)
            if seen["state"] == "ready":
                return trial, seen
            assert seen["state"] == "identical", seen
        raise AssertionError("twelve identical pairs in a row")
