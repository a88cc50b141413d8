"""Fixtures for the whole suite: one user per role, a toy data set with trained systems, an open study."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.utils import translation

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample"
WISH = "slow dancing in the living room"  # a toy playlist, so that bm25 differs from popularity
WORLDS = ("embedded", "services")  # SQLite and the broker in a folder; PostgreSQL and Redis
SYSTEMS = ("popularity", "bm25", "retriever", "retriever-cr", "retriever-cr-dp")


def requires(available: object, what: str) -> None:
    """Skip for want of a service, visibly; under REQUIRE_SERVICES=1 the want is a failure."""
    if available:
        return
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"REQUIRE_SERVICES=1, but there is no {what}.")
    pytest.skip(f"needs {what}")


def public_set(name: str) -> Path:
    """The folder of a real public set, which is not ours to keep; the test is skipped, visibly, where it is not."""
    root = os.environ.get("PLAYOFF_PUBLIC_DATA", "")
    if not root or not (Path(root) / name).is_dir():
        pytest.skip(f"needs the public set {name} in the folder that PLAYOFF_PUBLIC_DATA names")
    return Path(root) / name


def lines_of(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_lines(path: Path, rows: list[dict]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only", action="store_true", help="leave out tests that touch no database: for a second database"
    )
    parser.addoption("--world", choices=WORLDS, help="of the journeys and faults only those in this kind of world")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept = items
    if config.getoption("--database-only"):
        kept = [item for item in kept if touches_database(item)]
    if kind := config.getoption("--world"):
        kept = [item for item in kept if world_of(item) in {kind, ""}]
    left_out = set(items) - set(kept)
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = kept


def touches_database(item: pytest.Item) -> bool:
    asked_for = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked_for) or item.get_closest_marker("django_db") is not None


def world_of(item: pytest.Item) -> str:
    """The kind of world a test lives in; one that needs none, or makes its own, counts as embedded; "" is none."""
    if item.get_closest_marker("world") is None:
        return ""
    parameters = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    by_fixture = "services" if "services_world" in getattr(item, "fixturenames", ()) else "embedded"
    return parameters.get("world") or parameters.get("fragile_world") or by_fixture


@pytest.fixture
def manage_command(tmp_path) -> Callable[..., tuple[int, str, str]]:
    """Runs a command as a person does; gives exit code, standard output and standard error."""

    def run(*arguments: object) -> tuple[int, str, str]:
        environment = os.environ | {"SECRET_KEY": "tests-only", "PLAYOFF_HOME": str(tmp_path)}
        command = [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.fixture
def refusal_of(capsys) -> Callable[..., str]:
    """Runs a command in this process as from the command line, and gives its one line on standard error."""
    from django.core.management import get_commands, load_command_class

    def run(name: str, *arguments: object) -> str:
        with pytest.raises(SystemExit) as stopped:
            load_command_class(get_commands()[name], name).run_from_argv(["manage.py", name, *map(str, arguments)])
        assert stopped.value.code == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.endswith("\n") and captured.err.count("\n") == 1
        return captured.err

    return run


@pytest.fixture(scope="module")
def one_torch_thread() -> Iterator[None]:
    """Threads may add floats up in another order; training that is compared with itself takes one."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(autouse=True)
def _no_language_is_left_behind() -> Iterator[None]:
    """A page in Russian must not make the next test Russian."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory) -> Path:
    """A data set small enough to train on in seconds: every 20th track of the sample and what belongs to them."""
    folder = tmp_path_factory.mktemp("toy-dataset")
    tracks = lines_of(SAMPLE / "tracks.jsonl")[::20]
    kept = {track["id"] for track in tracks}
    write_lines(folder / "tracks.jsonl", tracks)
    playlists = [
        {**playlist, "tracks": [track for track in playlist["tracks"] if track in kept]}
        for playlist in lines_of(SAMPLE / "playlists.jsonl")
    ]
    write_lines(folder / "playlists.jsonl", [playlist for playlist in playlists if len(playlist["tracks"]) >= 2])
    write_lines(folder / "queries.jsonl", lines_of(SAMPLE / "queries.jsonl")[:400])
    header, *events = (SAMPLE / "interactions.csv").read_text(encoding="utf-8").splitlines()
    mine = [event for event in events if event.split(",")[1] in kept]
    (folder / "interactions.csv").write_text("\n".join([header, *mine]) + "\n", encoding="utf-8")
    shutil.copy(SAMPLE / "tag_names.json", folder)
    description = json.loads((SAMPLE / "dataset.json").read_text(encoding="utf-8"))
    (folder / "dataset.json").write_text(json.dumps({**description, "name": "toy"}), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def toy_models(toy_folder, tmp_path_factory) -> Path:
    """The five systems, trained on the toy data set by the command that people use."""
    from django.core.management import call_command

    models = tmp_path_factory.mktemp("toy-models")
    call_command("train_encoder", dataset=toy_folder, out=models / "encoder")
    for system in SYSTEMS:
        options = {"encoder": str(models / "encoder")} if system.startswith("retriever") else {}
        call_command("train", system, dataset=toy_folder, out=models / system, **options)
    return models


@pytest.fixture
def make_user(db, django_user_model) -> Callable[..., object]:
    def make(name: str, **flags: bool) -> object:
        return django_user_model.objects.create_user(name, password="a-long-password", **flags)

    return make


@pytest.fixture
def annotator(make_user):
    return make_user("annotator", is_annotator=True)


@pytest.fixture
def lead(make_user):
    return make_user("lead", is_lead=True)


@pytest.fixture
def researcher(make_user):
    return make_user("researcher", is_researcher=True)


@pytest.fixture
def outsider(make_user):
    return make_user("outsider")


@pytest.fixture
def toy_dataset(db, toy_folder):
    from recsys.models import Dataset
    from recsys.services.catalogue import load_dataset

    load_dataset(folder=toy_folder)
    return Dataset.objects.get(name="toy")


@pytest.fixture
def versions(toy_dataset, toy_models, settings) -> dict[str, int]:
    """System versions of the toy artifacts, by system name."""
    from recsys.services.systems import register_system_version

    settings.MODELS_ROOT = toy_models
    return {name: register_system_version(artifact=toy_models / name).pk for name in SYSTEMS}


@pytest.fixture
def study(versions):
    """An open study of two systems that never agree."""
    from evaluation.services.studies import create_study, open_study

    systems = {"popularity": versions["popularity"], "bm25": versions["bm25"]}
    return open_study(
        study=create_study(slug="pilot", title="Pilot", systems=systems, consent="I agree.", playlist_length=5)
    )


@pytest.fixture
def participant(study):
    from evaluation.services.participants import enrol

    return enrol(study=study, platform_id="listener-001", language="en", consent=True)
