"""Seconds from a query to both playlists, for 1, 10 and 50 participants at once; set-up time; size of the pages.

Starts the demo as people do (`manage.py demo`) in a folder of its own and asks over loopback. Usage:

    python benchmarks/trials.py [--home FOLDER]     a folder that is kept spares the set-up next time
"""

import argparse
import gzip
import json
import os
import re
import secrets
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CROWDS = (1, 10, 50)
POLL_S = 1.0  # as the page does
QUERIES = (
    "для ночной поездки по городу",
    "calm piano for reading",
    "грустные песни о любви",
    "summer hits I will like",
    "русский рок восьмидесятых",
    "songs in the style of the Beatles",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, help="folder of the demo; a temporary one if left out")
    parser.add_argument("--rounds", type=int, default=5, help="queries per participant (default 5)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        measure(options.home or Path(temporary), options.rounds)


def measure(home: Path, rounds: int) -> None:
    home.mkdir(parents=True, exist_ok=True)
    secret = home / "secret_key"
    if not secret.exists():
        secret.write_text(secrets.token_urlsafe(50))
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    }
    environment |= {
        "PLAYOFF_HOME": str(home.resolve()),
        "SECRET_KEY_FILE": str(secret.resolve()),
        "ENV_FILE": os.devnull,
    }
    port = free_port()
    command = [sys.executable, str(ROOT / "manage.py"), "demo", "--port", str(port)]
    demo = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        print("## Set-up, step by step\n")
        assert demo.stdout is not None
        for line in demo.stdout:
            if line.startswith("  ") and line.rstrip().endswith(" s"):
                print(f"- {line.strip()}")
            if line.startswith("Playoff is ready"):
                print(f"- {line.strip()}")
                break
        threading.Thread(target=demo.stdout.read, daemon=True).start()
        site = f"http://127.0.0.1:{port}"
        warm_up(site)
        print("\n## From the query to both playlists\n")
        columns = ("participants at once", "trials", "p50 s", "p95 s", "p50 s made", "model s per side", "model share")
        print("| " + " | ".join(columns) + " |")
        print("|" + "---:|" * len(columns))
        for crowd in CROWDS:
            report(site, home, crowd, rounds)
        page_sizes(site)
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(timeout=60)


def warm_up(site: str) -> None:
    """Until the worker has loaded its models and answered once."""
    journey(site, f"warm-{secrets.token_hex(4)}", 1, [])


def report(site: str, home: Path, crowd: int, rounds: int) -> None:
    with sqlite3.connect(home / "playoff.sqlite3") as database:
        (before,) = database.execute("SELECT coalesce(max(id), 0) FROM evaluation_trial").fetchone()
    seconds: list[float] = []
    people = [
        threading.Thread(target=journey, args=(site, f"bench-{crowd}-{number}-{secrets.token_hex(4)}", rounds, seconds))
        for number in range(crowd)
    ]
    for person in people:
        person.start()
    for person in people:
        person.join()
    with sqlite3.connect(home / "playoff.sqlite3") as database:
        model = [
            row[0]
            for row in database.execute("SELECT model_seconds FROM evaluation_side WHERE trial_id > ?", (before,))
        ]
        ready = database.execute(
            "SELECT (julianday(max(s.finished_at)) - julianday(t.created_at)) * 86400 FROM evaluation_trial t "
            "JOIN evaluation_side s ON s.trial_id = t.id WHERE t.id > ? GROUP BY t.id",
            (before,),
        ).fetchall()
    assert len(seconds) == crowd * rounds, "a trial was lost"
    made = statistics.median(row[0] for row in ready)
    p50, p95 = statistics.median(seconds), sorted(seconds)[int(len(seconds) * 0.95) - 1 if len(seconds) > 1 else 0]
    per_side = statistics.median(model)
    share = f"{2 * per_side / made:.0%}"
    print(f"| {crowd} | {len(seconds)} | {p50:.2f} | {p95:.2f} | {made:.2f} | {per_side:.3f} | {share} |")


def journey(site: str, platform_id: str, rounds: int, seconds: list[float]) -> None:
    """One participant: consent, then query, wait and judge, `rounds` times."""
    token = call(site, "studies/demo/participants/", {"platform_id": platform_id, "consent": True})["token"]
    for number in range(rounds):
        query = f"{QUERIES[number % len(QUERIES)]} {number}"
        began = time.monotonic()
        trial = call(site, "studies/demo/trials/", {"query": query}, token)["trial"]
        while (seen := call(site, f"trials/{trial}/", None, token))["state"] == "generating":
            time.sleep(POLL_S)
        seconds.append(time.monotonic() - began)
        if seen["state"] == "ready":
            call(site, f"trials/{trial}/judgment/", {"choice": "a"}, token)
        else:
            assert seen["state"] == "identical", seen


def call(site: str, path: str, body: object, token: str = "") -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Idempotency-Key": secrets.token_hex(8)}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{site}/api/v1/{path}", data=data, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as response:
        answer: dict[str, str] = json.load(response)
    return answer


def page_sizes(site: str) -> None:
    """Bytes over the wire, compressed, of the entry page and all it loads."""
    page, size = fetch(site + "/studies/demo/")
    parts = {"page": size}
    for address in sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode()))):
        parts[address.rsplit("/", 1)[-1]] = fetch(site + address)[1]
    print("\n## Size of the entry page\n")
    print(
        f"{sum(parts.values()) / 1000:.1f} kB in {len(parts)} files: "
        + ", ".join(f"{name} {size / 1000:.1f}" for name, size in parts.items())
    )


def fetch(address: str) -> tuple[bytes, int]:
    request = urllib.request.Request(address, headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request, timeout=30) as response:
        body = response.read()
        compressed = response.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(body) if compressed else body), len(body)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
