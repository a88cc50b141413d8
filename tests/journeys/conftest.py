"""Worlds of real processes, one of each kind for the whole session, and fresh ones for those who break things."""

from collections.abc import Iterator

import pytest

from tests.world import World


def made(kind: str, home, models, dataset, **faults: str) -> World:
    world = World(kind=kind, home=home / kind, models=models, dataset=dataset, faults=faults)
    try:
        world.prepare()
    except BaseException:
        world.end()
        raise
    return world


@pytest.fixture(scope="session", params=["embedded", "services"])
def world(request, tmp_path_factory, toy_models, toy_folder) -> Iterator[World]:
    """A world that runs and that nobody breaks."""
    world = made(request.param, tmp_path_factory.mktemp("world"), toy_models, toy_folder)
    try:
        world.start_web()
        world.start_workers()
        yield world
    finally:
        world.end()


@pytest.fixture(params=["embedded", "services"])
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
