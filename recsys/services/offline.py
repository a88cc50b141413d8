"""Offline evaluations: systems found or trained, asked the queries of a split, measured, and kept if asked to."""

import hashlib
import json
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders

from annotation.public import code_version
from recsys.core.artifacts import Manifest, catalogue_hash, read_manifest, verify
from recsys.core.devices import check_device
from recsys.core.errors import ArtifactError, RequestError
from recsys.core.recommender import Progress, Recommender
from recsys.core.registry import RECOMMENDERS, recommender_class
from recsys.data.dataset import Dataset
from recsys.data.reading import read_dataset
from recsys.models import OfflineRun
from recsys.offline.cautions import cautions
from recsys.offline.compare import REPLICATES, Chance
from recsys.offline.evaluate import Contestant, evaluate
from recsys.offline.queries import OfflineQuery, SeenTitles, Turns, offline_queries
from recsys.offline.random_floor import RANDOM, RandomFloor
from recsys.offline.rankings import Rows, Scores
from recsys.offline.results import as_json
from recsys.services.query_kinds import kind_titles, query_kinds
from recsys.services.training import train_recommender

logger = logging.getLogger(__name__)
POPULARITY = "popularity"
FLOORS = (RANDOM, POPULARITY)
STYLES = ("css/tokens.css", "css/base.css", "css/components.css", "recsys/offline.css")
_MOST_KEPT = 1_000_000  # characters of per-query values in a row of the database
Keep = Callable[[str, Rows, Scores, Sequence[OfflineQuery], Dataset], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to evaluate.

    Attributes:
        systems: names in the order of the table; the floors that are not among them come first.
        models: folder with one artifact folder per system, if there is one.
        keep_models: put what has to be trained there too.
        cutoffs: besides 10 and 100.
        classifier: folder of a query-type classifier; None for that of an artifact, else one trained on the data set.
        encoder: for systems that have to be trained and take one.
        limit: of the queries.
    """

    dataset: Path
    systems: tuple[str, ...]
    split: str = "test"
    models: Path | None = None
    keep_models: bool = False
    seed: int = 0
    cutoffs: tuple[int, ...] = ()
    classifier: Path | None = None
    encoder: str | None = None
    device: str = "cpu"
    limit: int | None = None
    seen_titles: SeenTitles = "exclude"
    turns: Turns = "all"
    replicates: int = REPLICATES
    timed: bool = True


def evaluate_systems(order: Order, *, keep: Keep | None = None, progress: Progress | None = None) -> dict[str, Any]:
    """Evaluate systems on a split of a data set folder; the result is that of `evaluate --json`.

    Args:
        keep: called with each system's rankings, which are not in the result.

    Raises:
        DatasetError: The data set folder is not in order.
        RequestError: A system, classifier or cut-off is not to be had, or the split holds no query.
        ArtifactError: An artifact is damaged, or was made of another data set or catalogue.
    """
    names = _names(order)
    check_device(order.device)
    dataset = read_dataset(order.dataset)
    _check_cutoffs(order.cutoffs, dataset)
    queries, left_out = offline_queries(
        dataset, order.split, seen_titles=order.seen_titles, turns=order.turns, limit=order.limit
    )
    with _models(order) as trained_here:
        artifacts = {name: _artifact(name, order, dataset, trained_here, progress) for name in names if name != RANDOM}
        kinds, classifier = query_kinds(order.classifier, dataset, queries, _inside(artifacts), seed=order.seed)
        chance = Chance(order.seed, order.replicates)
        evaluation = evaluate(
            [_contestant(name, order, dataset, artifacts.get(name)) for name in names],
            queries,
            dataset,
            chance=chance,
            cutoffs=order.cutoffs,
            kinds=kinds,
            kind_titles=kind_titles(),
            timed=order.timed,
            keep=None if keep is None else lambda name, rows, scores: keep(name, rows, scores, queries, dataset),
            progress=progress,
        )
    result = as_json(
        evaluation,
        dataset,
        split=order.split,
        left_out=left_out,
        cautions=cautions(evaluation, left_out, split=order.split, listeners_known=bool(dataset.interactions)),
        kinds=kinds,
        classifier=classifier,
        code_version=code_version(),
        settings={
            "seen_titles": order.seen_titles,
            "turns": order.turns,
            "limit": order.limit,
            "cutoffs": list(order.cutoffs),
            "device": order.device,
        },
    )
    logger.info("offline.evaluated systems=%d queries=%d split=%s", len(names), len(queries), order.split)
    return result


def record_run(result: Mapping[str, Any]) -> OfflineRun:
    """Keep a result. Its per-query values stay out of the row where they are long; the JSON file has them."""
    kept = dict(result)
    if len(json.dumps(kept["per_query"])) > _MOST_KEPT:
        kept["per_query"] = None
    run = OfflineRun.objects.create(
        dataset_name=result["dataset"]["name"],
        dataset_version=result["dataset"]["version"],
        dataset_fingerprint=result["dataset"]["fingerprint"],
        split=result["split"],
        seed=result["seed"],
        code_version=result["code_version"][:64],
        result=kept,
    )
    logger.info("offline.recorded run=%d", run.pk)
    return run


@dataclass(frozen=True, slots=True)
class _Artifact:
    directory: Path
    manifest: Manifest
    trained: bool


def _names(order: Order) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(order.systems))
    if not asked:
        raise RequestError("No system is named; write --systems A,B,…")
    for name in asked:
        if name != RANDOM and name not in RECOMMENDERS:
            raise RequestError(f"There is no system {name!r}; available are {', '.join((RANDOM, *RECOMMENDERS))}.")
    return (*(floor for floor in FLOORS if floor not in asked), *asked)


def _check_cutoffs(cutoffs: Sequence[int], dataset: Dataset) -> None:
    most = min(1000, len(dataset.tracks))
    for cutoff in cutoffs:
        if not 1 <= cutoff <= most:
            raise RequestError(f"--k must be between 1 and {most} for {dataset.name}, got {cutoff}.")


@contextmanager
def _models(order: Order) -> Iterator[Path]:
    """The folder for what is trained here: that of the models if it is to be kept, else one that vanishes."""
    if order.models is not None and not order.models.is_dir() and not order.keep_models:
        raise RequestError(f"{order.models}: there is no such folder; name one that holds a folder for each system.")
    if order.keep_models:
        if order.models is None:
            raise RequestError("--keep-models needs --models DIR, the folder to keep them in.")
        yield order.models
        return
    with tempfile.TemporaryDirectory(prefix="playoff-offline-") as folder:
        yield Path(folder)


def _artifact(name: str, order: Order, dataset: Dataset, trained_here: Path, progress: Progress | None) -> _Artifact:
    """Find the artifact of a system, or train it."""
    if order.models is not None and (order.models / name).exists():
        return _Artifact(order.models / name, _checked(order.models / name, name, dataset), trained=False)
    encoder = order.encoder if "encoder" in RECOMMENDERS[name].options else None
    trained = train_recommender(
        system=name,
        dataset=order.dataset,
        out=trained_here / name,
        seed=order.seed,
        device=order.device,
        encoder=encoder,
        classifier=order.classifier if "classifier" in RECOMMENDERS[name].options else None,
        progress=progress,
    )
    return _Artifact(trained.directory, trained.manifest, trained=True)


def _checked(directory: Path, name: str, dataset: Dataset) -> Manifest:
    """Refuse an artifact that would be measured on data it was not made for."""
    manifest = read_manifest(directory)
    about = f"{dataset.name} {dataset.version}"
    if manifest.slug != name:
        raise ArtifactError(f"{directory}: this artifact was made by {manifest.slug}, not by {name}.")
    if manifest.catalogue != catalogue_hash(tuple(sorted(track.id for track in dataset.tracks))):
        raise ArtifactError(f"{directory}: this artifact ranks another catalogue than that of {about}; train it on it.")
    if manifest.data_fingerprint != dataset.fingerprint:
        raise ArtifactError(
            f"{directory}: this artifact was trained on other data (fingerprint {manifest.data_fingerprint[:12]}) than"
            f" {about} ({dataset.fingerprint[:12]}), so its training may hold the test; train it on this data set."
        )
    return verify(directory, slug=name)


def _inside(artifacts: Mapping[str, _Artifact]) -> dict[str, Path]:
    """System to the query-type classifier inside its artifact."""
    places = {name: artifact.directory / "classifier" for name, artifact in artifacts.items()}
    takes = {name for name in places if "classifier" in RECOMMENDERS[name].options}
    return {name: place for name, place in places.items() if name in takes and place.is_dir()}


def _contestant(name: str, order: Order, dataset: Dataset, artifact: _Artifact | None) -> Contestant:
    floor = name in FLOORS and name not in order.systems
    if artifact is None:
        ids = [track.id for track in dataset.tracks]
        decides = json.dumps([RANDOM, order.seed, catalogue_hash(tuple(sorted(ids)))])
        return Contestant(
            name=name,
            load=lambda: RandomFloor(ids, order.seed),
            fingerprint=hashlib.sha256(decides.encode()).hexdigest(),
            origin="chance",
            floor=floor,
            facts={"trained_with_seed": None},
        )

    def load() -> Recommender:
        return recommender_class(name).load(artifact.directory, device=order.device)

    recipe = artifact.manifest.recipe
    return Contestant(
        name=name,
        load=load,
        fingerprint=artifact.manifest.fingerprint,
        origin="trained" if artifact.trained else "artifact",
        floor=floor,
        facts={"trained_with_seed": recipe.seed, "parameters": dict(recipe.parameters)},
    )


def page_styles() -> str:
    """The styles of the page of an evaluation, to be put into it."""
    return "\n".join(Path(found).read_text() for name in STYLES if (found := finders.find(name)))
