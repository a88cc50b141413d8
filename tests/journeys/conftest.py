"""Worlds of real processes, one of each kind for the whole session, and fresh ones for those who break things."""

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.conftest import WORLDS, requires
from tests.world import World

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
REHEARSED_QUERIES = ["for running", "Victory Day", "songs like the Beatles", "для сна", "rain", "slow dancing"]
REHEARSED_QUERIES += ["party", "road"]


def made(kind: str, home, models, dataset, **faults: str) -> World:
    world = World(kind=kind, home=home / kind, models=models, dataset=dataset, faults=faults)
    try:
        world.prepare()
    except BaseException:
        world.end()
        raise
    return world


@pytest.fixture(scope="session", params=WORLDS)
def world(request, tmp_path_factory, toy_models, toy_folder) -> Iterator[World]:
    """A world that runs and that nobody breaks."""
    world = made(request.param, tmp_path_factory.mktemp("world"), toy_models, toy_folder)
    try:
        world.start_web()
        world.start_workers()
        yield world
    finally:
        world.end()


@pytest.fixture(scope="session")
def rehearsed(world, tmp_path_factory) -> str:
    """The name of a study in that world which simulated participants judged."""
    slug = "rehearsed"
    queries = tmp_path_factory.mktemp("rehearsal") / "queries.txt"
    queries.write_text("\n".join(REHEARSED_QUERIES), encoding="utf-8")
    options = ["--slug", slug, "--participants", "14", "--judgments-per-participant", "8"]
    world.manage("rehearse", "pilot", "--queries", str(queries), *options)
    return slug


SECOND_CLASSIFIER = """
from pathlib import Path
from annotation.services.classifier_records import record_run
record_run(directory=Path({folder!r}))
"""


@pytest.fixture(scope="session")
def evaluated(world) -> None:
    """An offline run and a second classifier, to be compared with the first, in that world."""
    systems = ["--systems", "bm25,retriever", "--models", str(world.home / "models")]
    world.manage("evaluate", "--dataset", str(world.dataset), *systems, "--no-timing", "--record")
    folder = world.home / "another-classifier"
    queries = str(world.dataset / "queries.jsonl")
    world.manage("train_classifier", "--queries", queries, "--model", "tfidf", "--seed", "1", "--out", str(folder))
    world.manage("shell", "--command", SECOND_CLASSIFIER.format(folder=str(folder)))


@pytest.fixture(params=WORLDS)
def fragile_world(request, tmp_path, toy_models, toy_folder) -> Iterator[World]:
    """A world of one's own: prepared, its processes not yet started."""
    world = made(request.param, tmp_path, toy_models, toy_folder)
    try:
        yield world
    finally:
        world.end()


@pytest.fixture
def services_world(tmp_path, toy_models, toy_folder) -> Iterator[World]:
    """A fragile world with a Redis to break."""
    world = made("services", tmp_path, toy_models, toy_folder)
    try:
        yield world
    finally:
        world.end()


@pytest.fixture(scope="module")
def chromium():
    """A headless browser, as the Debian package or another installed it."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    requires(path, "Chromium")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright keeps an event loop in this thread
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
