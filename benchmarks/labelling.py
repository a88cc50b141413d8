"""Label through the real web process over HTTP: one person, eight people, overlap one and three, small and big pools.

    python benchmarks/labelling.py [--items 5000] [--ops 500] [--clients 8] [--big 100000] [--database URL]

One op is what the browser needs for one item: save the label and get the next items, in one request. Sessions as a
browser has them, no think time. Afterwards every acknowledged label is looked for in the export. The same job, counted
the same way, took other tools what benchmarks/README.md says; compare processor time per label before anything else.
"""

import argparse
import http.client
import json
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "annotator-pass-2024"
SET_UP = """
import sys
from annotation.models import Query
from annotation.services.campaigns import create_campaign, open_campaign
from annotation.services.items import add_queries
from annotation.services.queries import family_of
from annotation.services.taxonomies import shipped_taxonomy
from playoff.accounts.models import User

items, clients, big = map(int, sys.argv[1:4])
for number in range(clients):
    User.objects.create_user(f"ann{number}", password="annotator-pass-2024", is_annotator=True, is_lead=number == 0)
def queries(name, count):
    for start in range(0, count, 10_000):
        yield from Query.objects.bulk_create(
            [Query(dataset=name, dataset_version="1", external_id=f"{n}", text=f"calm {name} songs for running {n}",
                   language="en", family=family_of(f"{name}{n}"))
             for n in range(start, min(count, start + 10_000))])
for slug, overlap, count in (("one", 1, items), ("shared", 1, items), ("overlap", 3, items), ("big", 1, big)):
    if count:
        campaign = create_campaign(by=None, taxonomy=shipped_taxonomy(), slug=slug, title=slug, overlap=overlap,
                                   third_label=False, gold_rate=0.0)
        add_queries(campaign=campaign, queries=queries(slug, count))
        open_campaign(campaign=campaign)
"""


class Client:
    """One annotator: a connection that is kept, cookies, the CSRF token."""

    def __init__(self, port: int, name: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        self.name = name
        self.held: list[int] = []
        self.request("GET", "/accounts/login/")
        form = f"username={name}&password={PASSWORD}&csrfmiddlewaretoken={self.cookies['csrftoken']}"
        status, _ = self.request("POST", "/accounts/login/", form, "application/x-www-form-urlencoded")
        assert status == 302, f"{name} cannot sign in: {status}"

    def request(
        self, method: str, path: str, body: str | None = None, kind: str = "application/json"
    ) -> tuple[int, bytes]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrftoken", ""),
            "Content-Type": kind,
        }
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):  # a kept connection grew cold
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        data = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";", 1)[0].partition("=")
            self.cookies[name.strip()] = value
        return answer.status, data

    def take(self, campaign: str) -> None:
        status, data = self.request("GET", f"/api/v1/campaigns/{campaign}/next/")
        assert status == 200, data[:300]
        self._keep(json.loads(data))

    def label(self, campaign: str, category: str) -> tuple[int, str, str]:
        """Save the item on the screen and get the next."""
        if not self.held:
            self.take(campaign)
        query = self.held[0]
        body = json.dumps({"query": query, "category": category, "seconds": 1.5})
        status, data = self.request("POST", f"/api/v1/campaigns/{campaign}/labels/", body)
        if status != 201:
            raise RuntimeError(f"{status} {data[:200]!r}")
        self._keep(json.loads(data)["next"])
        return query, self.name, category

    def _keep(self, bench: dict[str, Any]) -> None:
        self.held = [item["query"] for item in (bench, *bench["ahead"]) if item["query"] is not None]


def processor_seconds(root: int) -> float:
    """Of a process and all below it."""
    children: dict[int, list[int]] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(folder.name))
            used[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    todo, total = [root], 0.0
    while todo:
        pid = todo.pop()
        total += used.get(pid, 0.0)
        todo += children.get(pid, [])
    return total


def drive(
    server: int, clients: list[Client], campaign: str, ops: int, categories: list[str]
) -> list[tuple[int, str, str]]:
    lock, left = threading.Lock(), [ops]
    waits: list[float] = []
    kept: list[tuple[int, str, str]] = []
    failed: list[str] = []
    for client in clients:
        client.held = []
        client.take(campaign)

    def work(client: Client) -> None:
        while True:
            with lock:
                if left[0] <= 0:
                    return
                left[0] -= 1
                number = left[0]
            began = time.perf_counter()
            try:
                label = client.label(campaign, categories[number % len(categories)])
            except Exception as error:  # a failed request is counted, not the end of the run
                with lock:
                    failed.append(f"{type(error).__name__}: {error}"[:120])
                continue
            with lock:
                waits.append(time.perf_counter() - began)
                kept.append(label)

    before, began = processor_seconds(server), time.perf_counter()
    threads = [threading.Thread(target=work, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, spent = time.perf_counter() - began, processor_seconds(server) - before
    waits.sort()
    print(
        f"{campaign:10}{len(clients):3} people {len(kept):6} labels {len(kept) / wall:7.1f}/s   "
        f"p50 {1000 * statistics.median(waits):6.1f}  p95 {1000 * waits[int(0.95 * len(waits))]:6.1f}  "
        f"max {1000 * waits[-1]:7.1f} ms   {1000 * spent / len(kept):5.1f} ms CPU per label   {len(failed)} failed",
        flush=True,
    )
    for kind, count in Counter(failed).most_common(3):
        print(f"           {count} x {kind}")
    return kept


def check(
    manage: list[str], environment: dict[str, str], campaign: str, kept: list[tuple[int, str, str]], wanted: int
) -> None:
    """Every acknowledged label is there, by the right person, once; none beyond the overlap."""
    script = (
        "import json; from annotation.models import Assignment as A; "
        f"print(json.dumps(list(A.objects.labelled().filter(campaign__slug='{campaign}')"
        ".values_list('item__query', 'annotator__user__username', 'category'))))"
    )
    answer = subprocess.run(
        [*manage, "shell", "-v", "0", "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    stored = Counter(tuple(row) for row in json.loads(answer.stdout.splitlines()[-1]))
    lost = sum(1 for label in kept if stored[label] != 1)
    over = sum(1 for count in Counter(query for query, _, _ in stored.elements()).values() if count > wanted)
    print(f"           {lost} acknowledged labels lost or doubled, {over} items beyond the overlap of {wanted}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=5_000)
    parser.add_argument("--ops", type=int, default=500)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--big", type=int, default=100_000, help="items of the big pool; 0 leaves it out")
    parser.add_argument("--database", default="", help="a PostgreSQL address; SQLite unless given")
    options = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ, "PLAYOFF_HOME": home, "SECRET_KEY": secrets.token_hex(32), "ENV_FILE": os.devnull,
            "BIND": f"127.0.0.1:{port}", "DATABASE_URL": options.database, "LOG_LEVEL": "WARNING",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }  # fmt: skip
        manage = [sys.executable, str(ROOT / "manage.py")]
        subprocess.run([*manage, "migrate", "-v", "0"], env=environment, check=True)
        subprocess.run([*manage, "collectstatic", "--no-input", "-v", "0"], env=environment, check=True)
        began = time.perf_counter()
        arguments = [str(options.items), str(options.clients), str(options.big)]
        script = f"import sys; sys.argv = ['', {', '.join(map(repr, arguments))}]\n{SET_UP}"
        subprocess.run([*manage, "shell", "-v", "0", "-c", script], env=environment, check=True)
        print(f"set up in {time.perf_counter() - began:.1f} s")
        server = subprocess.Popen(
            [str(ROOT / "platform" / "docker" / "entrypoint.sh"), "web"], env=environment, start_new_session=True
        )
        try:
            run(options, port, server.pid, manage, environment)
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def run(options: argparse.Namespace, port: int, server: int, manage: list[str], environment: dict[str, str]) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.1)
    sys.path.insert(0, str(ROOT))
    from annotation.taxonomy import SLUGS

    clients = [Client(port, f"ann{number}") for number in range(options.clients)]
    for client in clients:  # every thread of the server has answered once before the clock starts
        client.take("one")
        client.request("POST", "/api/v1/campaigns/one/leave/", "{}")
    rounds = [("one", clients[:1], 1), ("shared", clients, 1), ("overlap", clients, 3)]
    if options.big:
        rounds.append(("big", clients[:1], 1))
    for campaign, people, wanted in rounds:
        kept = drive(server, people, campaign, options.ops, list(SLUGS))
        check(manage, environment, campaign, kept, wanted)


if __name__ == "__main__":
    main()
