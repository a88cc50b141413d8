"""`manage.py demo`: set up the sample study and run web and worker, without any service. `make demo` calls it."""

import hashlib
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from evaluation.demonstration import SYSTEMS
from evaluation.services.demo import (
    SLUG,
    demo_accounts,
    demo_campaign_is_open,
    demo_study_is_open,
    open_demo_campaign,
    open_demo_study,
    queue_demo_runs,
    use_demo_classifier,
)
from playoff.common.commands import InputError, PlayoffCommand, whole_number
from playoff.common.keep import become_keeper
from playoff.common.processes import Process, stop_all

HOST = "127.0.0.1"


class Command(PlayoffCommand):
    help = "Set up the sample study (first time) and run the web and worker processes until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port",
            type=whole_number(at_least=1, at_most=65_535),
            default=8000,
            help="port of the web page (default 8000)",
        )
        parser.add_argument("--setup-only", action="store_true", help="set up, print how long each step took, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        port: int = options["port"]
        self._refuse_taken_port(port)
        self.started = time.monotonic()
        logging.getLogger().setLevel(logging.WARNING)  # what is said here is for a person
        logging.getLogger("kombu.connection").setLevel(logging.ERROR)  # a broker in a folder has no host name
        self.home = Path(settings.HOME)
        self.models = Path(settings.MODELS_ROOT) / "demo"
        processes = [] if options["setup_only"] else demo_processes(port=port, home=self.home)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _interrupt)  # whatever ends us, the web process must not stay behind
        try:
            self._set_up(port, processes)
            if processes:
                self._serve(port, processes)
        except KeyboardInterrupt as interrupt:
            raise CommandError("\nStopped; `make demo` goes on from here.", returncode=130) from interrupt
        finally:
            stop_all(processes)

    def _refuse_taken_port(self, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise InputError(
                    f"Port {port} is taken; run `make demo PORT={port + 1 if port < 65_535 else 8000}`."
                ) from error

    # --- setting up ---------------------------------------------------------------------------------------------

    def _set_up(self, port: int, processes: list[Process]) -> None:
        """Labelling needs no model, so its pages are there while the models are trained."""
        sample = Path(settings.ROOT) / "sample"
        self._step("database", self._migrate)
        self._step("static files", self._collect_static)
        if not demo_campaign_is_open():
            self._step("sample data set", lambda: self._manage("load_dataset", str(sample)))
            self._step("labelling campaign", lambda: open_demo_campaign(sample=sample))
        self.accounts = demo_accounts(file=self.home / "accounts.json")
        first = not demo_study_is_open()
        if first and processes:
            self._step("web", lambda: self._start_web(port, processes[0]))
            self._print_labelling(port)
        if first:
            encoder = self.models / "encoder"
            self._step(
                "text encoder", lambda: self._manage("train_encoder", "--dataset", str(sample), "--out", str(encoder))
            )
            classifier = self.models / "classifier"
            self._step("query-type classifier", lambda: self._train_classifier(sample, classifier))
            for system in SYSTEMS:
                arguments = ["train", system, "--dataset", str(sample), "--out", str(self.models / system)]
                if system.startswith("retriever"):
                    arguments += ["--encoder", str(encoder)]
                if system == "retriever-cr-dp":
                    arguments += ["--classifier", str(classifier)]
                self._step(f"system {system}", lambda arguments=arguments: self._manage(*arguments))
        self._step("study", lambda: open_demo_study(models=self.models))
        if first:
            queries = str(sample / "queries.jsonl")
            self._step("rehearsal", lambda: self._manage("rehearse", SLUG, "--queries", queries))
            arguments = ["--dataset", str(sample), "--systems", ",".join(SYSTEMS), "--models", str(self.models)]
            self._step("offline evaluation", lambda: self._manage("evaluate", *arguments, "--record"))

    def _train_classifier(self, sample: Path, directory: Path) -> None:
        """One of the whole sample, which goes to use, and one of each gold version of the campaign."""
        queries = str(sample / "queries.jsonl")
        self._manage("train_classifier", "--queries", queries, "--model", "tfidf", "--curve", "--out", str(directory))
        for run in queue_demo_runs():
            self._manage("run_classifier", str(run))
        use_demo_classifier(directory=directory)

    def _step(self, name: str, work: Any) -> None:
        began = time.monotonic()
        self.stdout.write(f"  {name} …", ending="")
        self.stdout.flush()
        work()
        self.stdout.write(f" {time.monotonic() - began:.1f} s")

    def _manage(self, *arguments: str) -> None:
        """Run a management command as a process of its own, so that this one stays small."""
        began = time.monotonic()
        with subprocess.Popen(
            [sys.executable, str(Path(settings.ROOT) / "manage.py"), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"},
        ) as process:
            said = ""
            while process.poll() is None:
                try:
                    _, said = process.communicate(timeout=1)
                except subprocess.TimeoutExpired:
                    self._tick(time.monotonic() - began)
        if process.returncode:
            raise CommandError(f"`manage.py {' '.join(arguments)}` failed: {said.strip()[-2000:]}")

    def _tick(self, seconds: float) -> None:
        """On a terminal, show that a step is alive."""
        if self.stdout.isatty():
            counted = f" {seconds:.0f} s"
            self.stdout.write(counted + "\b" * len(counted), ending="")
            self.stdout.flush()

    def _migrate(self) -> None:
        """Migrate where there is something to do; looking takes a fifth of what the command takes."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)

    def _collect_static(self) -> None:
        """Collect once, and again only after a file changed."""
        stamp = self.home / "static.sha256"
        digest = hashlib.sha256()
        for finder in get_finders():
            for name, storage in finder.list([]):
                digest.update(f"{name}:{storage.size(name)}:{storage.get_modified_time(name).timestamp()};".encode())
        if not stamp.exists() or stamp.read_text() != digest.hexdigest():
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(digest.hexdigest())

    # --- serving ------------------------------------------------------------------------------------------------

    def _start_web(self, port: int, web: Process) -> None:
        web.start()
        self._await_first_page(port, lambda: False, [web])

    def _print_labelling(self, port: int) -> None:
        site = f"http://{HOST}:{port}"
        seconds = time.monotonic() - self.started
        self.stdout.write(
            f"\nLabelling is ready after {seconds:.0f} s; the study follows in a minute or two.\n\n"
            f"  Label queries  {site}/label/   (user annotator, password {self.accounts['annotator']})\n"
            f"  Campaigns      {site}/lead/    (user lead, password {self.accounts['lead']})\n"
        )
        self.stdout.flush()

    def _serve(self, port: int, processes: list[Process]) -> None:
        stop = _Stop()
        try:
            for process in processes:
                if not process.alive:
                    process.start()
            self._await_first_page(port, stop, processes)
            if not stop():
                self._print_addresses(port)
                become_keeper(processes)  # watches on, without Django's memory
        finally:
            self.stdout.write("\nStopping …")
            stop_all(processes)
        self.stdout.write("Stopped.")

    def _await_first_page(self, port: int, stop: Callable[[], bool], processes: list[Process]) -> None:
        end = time.monotonic() + 60
        while not stop() and time.monotonic() < end:
            try:
                urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=5).close()
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
            else:
                return
        if not stop():
            raise CommandError(f"The web process does not answer; its log is {processes[0].log}.")

    def _print_addresses(self, port: int) -> None:
        site = f"http://{HOST}:{port}"
        lines = [
            "",
            f"Playoff is ready after {time.monotonic() - self.started:.0f} s.",
            "",
            f"  Take part      {site}/studies/{SLUG}/",
            f"  Label queries  {site}/label/             (sign in as annotator)",
            f"  Campaigns      {site}/lead/              (sign in as lead)",
            f"  Research       {site}/research/          (sign in as researcher)",
            f"  Systems        {site}/research/systems/",
            f"  Classifiers    {site}/research/classifiers/",
            f"  Report         {site}/research/studies/{SLUG}/report/",
            f"  Rehearsal      {site}/research/studies/{SLUG}-rehearsal/report/   (simulated participants)",
            f"  Admin          {site}/admin/             (sign in as admin)",
            f"  API schema     {site}/api/v1/schema/",
            "",
            "  Accounts (user / password)",
            *(f"    {name:<12} {password}" for name, password in self.accounts.items()),
            "",
            "Ctrl-C stops everything.",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


class _Stop:
    """Becomes true at Ctrl-C or a termination signal."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, *_: object) -> None:
        self.asked = True

    def __call__(self) -> bool:
        return self.asked


def demo_processes(*, port: int, home: Path) -> list[Process]:
    """Web and worker by the same script that docker-compose.yml uses, with beat inside the one worker."""
    root = Path(settings.ROOT)
    script = str(root / "platform" / "docker" / "entrypoint.sh")
    environment = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
    web = {**environment, "BIND": f"{HOST}:{port}", "WEB_WORKERS": "1", "WEB_THREADS": "16"}
    web["WARM_ON_ENROL"] = "1"  # an idle demo holds no models
    return [
        Process("web", [script, "web"], home / "logs" / "web.log", web),
        Process(
            "worker", [script, "solo-worker"], home / "logs" / "worker.log", environment, home / "worker-heartbeat"
        ),
    ]
