"""Trained recommenders on disk: whole or absent, never pickled, never overwritten.

An artifact is a folder with `manifest.json`, `params.json`, `CARD.md` and what the recommender itself saves
(safetensors, `.npy`, `.npz`, JSON). It is made in a hidden folder beside its place and moved there when all is
written; the manifest holds the sha256 of every file, so that a copied, cut or altered artifact is refused on loading.
"""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

from annotation.public import code_version
from recsys.core.errors import ArtifactError

P = TypeVar("P")

FORMAT = 1
MANIFEST = "manifest.json"
_LIBRARIES = [
    "bm25s",
    "implicit",
    "numpy",
    "safetensors",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "tokenizers",
    "torch",
    "transformers",
]


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that decides how an artifact ranks; equal recipes make equal artifacts.

    Attributes:
        parameters: the recommender's own parameters, JSON values.
        data: fingerprint of the data set.
        seed: of every use of chance.
        encoder: fingerprint of the text encoder; empty where there is none.
        classifier: fingerprint of the query-type classifier; empty where there is none.
    """

    slug: str
    parameters: Mapping[str, Any]
    data: str
    seed: int
    encoder: str = ""
    classifier: str = ""
    format: int = FORMAT

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `manifest.json` says.

    Attributes:
        catalogue: sha256 over the ids of the tracks, in order.
        libraries: name to version of each library present when it was made.
        code_version: version of this package, with the git revision where known.
        files: path below the artifact to sha256.
        metrics: figures of the training: seconds, losses.
        digest: sha256 of the manifest file itself; names this very artifact.
    """

    recipe: Recipe
    catalogue: str
    libraries: Mapping[str, str]
    code_version: str
    files: Mapping[str, str]
    metrics: Mapping[str, float]
    digest: str

    @property
    def slug(self) -> str:
        return self.recipe.slug

    @property
    def parameters(self) -> Mapping[str, Any]:
        return self.recipe.parameters

    @property
    def data_fingerprint(self) -> str:
        return self.recipe.data

    @property
    def fingerprint(self) -> str:
        return self.recipe.fingerprint


@dataclass(slots=True)
class Draft:
    """An artifact in the making: fill `directory`, state `catalogue`, add `metrics`."""

    directory: Path
    checkpoints: Path
    catalogue: str = ""
    metrics: dict[str, float] = field(default_factory=dict)


def catalogue_hash(track_ids: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(track_ids).encode()).hexdigest()


@contextmanager
def new_artifact(target: Path, recipe: Recipe) -> Iterator[Draft]:
    """Make an artifact at `target`; it appears only if the block succeeds.

    What the block leaves in `draft.checkpoints` outlives an interruption and is there again for the same recipe.

    Raises:
        ArtifactError: There is something at `target`, or another process is making it.
    """
    _refuse_existing(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    workspace = target.with_name(f".{target.name}.draft")
    workspace.mkdir(exist_ok=True)
    with _only_one(workspace, target):
        note = workspace / "fingerprint"
        if not note.is_file() or note.read_text() != recipe.fingerprint:
            _empty(workspace)  # left by another recipe
            note.write_text(recipe.fingerprint)
        draft = Draft(workspace / "artifact", workspace / "checkpoints")
        shutil.rmtree(draft.directory, ignore_errors=True)
        draft.directory.mkdir()
        draft.checkpoints.mkdir(exist_ok=True)
        yield draft
        _write_manifest(draft, recipe)
        _refuse_existing(target)
        draft.directory.replace(target)
        shutil.rmtree(workspace, ignore_errors=True)


def read_manifest(directory: Path) -> Manifest:
    """Read what an artifact says of itself; its files are not looked at.

    Raises:
        ArtifactError: There is no artifact, or its manifest cannot be understood.
    """
    path = directory / MANIFEST
    try:
        content = path.read_bytes()
    except OSError:
        raise ArtifactError(
            f"{directory}: there is no whole artifact here ({MANIFEST} is missing); train it again."
        ) from None
    try:
        value = json.loads(content)
        if value["recipe"]["format"] != FORMAT:
            raise ArtifactError(
                f"{path}: this artifact has format {value['recipe']['format']}, this program reads {FORMAT};"
                " train it again."
            )
        recipe = Recipe(**value["recipe"])
        rest = {f.name: value[f.name] for f in fields(Manifest) if f.name not in ("recipe", "digest")}
        manifest = Manifest(recipe=recipe, digest=hashlib.sha256(content).hexdigest(), **rest)
        intact = value["fingerprint"] == recipe.fingerprint and all(map(_is_inside, manifest.files))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ArtifactError(f"{path}: this is not a manifest of an artifact; train it again.") from None
    if not intact:
        raise ArtifactError(f"{path}: the manifest was altered after training; train the artifact again.")
    return manifest


_verified: set[tuple[Path, str]] = set()


def verify(directory: Path, *, slug: str | None = None) -> Manifest:
    """Read the manifest and compare every file with its sha256, once per process.

    Raises:
        ArtifactError: A file is missing or altered, or the artifact is of another recommender than `slug`.
    """
    manifest = read_manifest(directory)
    if slug is not None and manifest.recipe.slug != slug:
        raise ArtifactError(f"{directory}: this artifact was made by {manifest.recipe.slug}, not by {slug}.")
    key = (directory.resolve(), manifest.digest)
    if key not in _verified:
        for name, expected in manifest.files.items():
            path = directory / name
            if not path.is_file():
                raise ArtifactError(f"{path}: this file of the artifact is missing; train it again.")
            if file_hash(path) != expected:
                raise ArtifactError(f"{path}: this file was altered after training; train the artifact again.")
        _verified.add(key)
    return manifest


def file_hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def folder_hash(directory: Path) -> str:
    """Return one sha256 over the names and bytes of all files in a folder."""
    return hashlib.sha256(json.dumps(_hashes(directory), sort_keys=True).encode()).hexdigest()


def read_json(directory: Path, name: str) -> Any:
    """Read a JSON file of an artifact."""
    try:
        return json.loads((directory / name).read_bytes())
    except (OSError, ValueError) as error:
        raise ArtifactError(f"{directory / name}: cannot be read ({type(error).__name__}); train it again.") from error


def write_json(directory: Path, name: str, value: Any) -> None:
    (directory / name).write_text(json.dumps(value, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def write_params(directory: Path, slug: str, params: Any) -> None:
    """Write a recommender's frozen parameters as `params.json`."""
    write_json(directory, "params.json", {"slug": slug, "parameters": asdict(params)})


def read_params(directory: Path, slug: str, kind: type[P]) -> P:
    """Read `params.json` back into the recommender's own dataclass.

    Raises:
        ArtifactError: The folder was written by another recommender, or the parameters do not fit.
    """
    value = read_json(directory, "params.json")
    try:
        if value["slug"] != slug:
            raise ArtifactError(f"{directory}: this artifact was made by {value['slug']}, not by {slug}.")
        return kind(**value["parameters"])
    except (KeyError, TypeError, ValueError) as error:
        raise ArtifactError(f"{directory / 'params.json'}: these are no parameters of {slug} ({error}).") from error


def _write_manifest(draft: Draft, recipe: Recipe) -> None:
    content = {
        "recipe": asdict(recipe),
        "fingerprint": recipe.fingerprint,
        "catalogue": draft.catalogue,
        "libraries": _library_versions(),
        "code_version": code_version(),
        "files": _hashes(draft.directory),
        "metrics": draft.metrics,
    }
    write_json(draft.directory, MANIFEST, content)


def _hashes(directory: Path) -> dict[str, str]:
    files = sorted(path for path in directory.rglob("*") if path.is_file())
    return {path.relative_to(directory).as_posix(): file_hash(path) for path in files}


def _library_versions() -> dict[str, str]:
    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _is_inside(name: str) -> bool:
    path = Path(name)
    return not path.is_absolute() and ".." not in path.parts


def _refuse_existing(target: Path) -> None:
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ArtifactError(f"{target}: there is something here already; choose another folder or remove it.")


def _empty(workspace: Path) -> None:
    for path in workspace.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


@contextmanager
def _only_one(workspace: Path, target: Path) -> Iterator[None]:
    with (workspace / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ArtifactError(f"{target}: another process is training this artifact; wait for it.") from None
        yield
