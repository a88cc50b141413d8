"""A data set with simulated listeners and requests, made of one that has tracks and labelled queries."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from recsys.core.errors import DatasetError
from recsys.data.dataset import LabelledQuery
from recsys.data.fingerprint import dataset_files
from recsys.data.reading import read_dataset
from recsys.data.simulated_requests import SimulatedRequests, requests_jsonl, simulate_requests
from recsys.data.simulation import Simulation, interactions_csv, listeners_jsonl, simulate

FamiliesOf = Callable[[Sequence[str], Sequence[str]], list[str]]
_REPLACED = ("dataset", "interactions", "listeners", "requests", "queries")


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    simulation: Simulation
    simulated: SimulatedRequests


def write_simulated(
    folder: Path,
    out: Path,
    *,
    seed: int,
    listeners: int,
    requests: int,
    personalised: Mapping[str, bool],
    families_of: FamiliesOf,
) -> Written:
    """Write a data set folder: tracks, playlists, tag names and features as they are, everything about listeners anew.

    Its labelled queries are those whose words no request uses, so that a query-type classifier trained on it has not
    seen the requests. The folder is there whole or not at all.

    Args:
        out: a folder that does not exist yet.
        personalised, families_of: see `simulate_requests`; families of texts and groups.

    Raises:
        DatasetError: The data set is not in order, or `out` exists.
        RequestError: No labelled query is understood.
    """
    if out.exists():
        raise DatasetError(f"{out} exists; name a folder that does not, it will hold a data set of its own.")
    dataset = read_dataset(folder)
    simulation = simulate(dataset.tracks, seed=seed, listeners=listeners, tag_names=dataset.tag_names)
    named = families_of([query.text for query in dataset.queries], [query.group for query in dataset.queries])
    simulated = simulate_requests(
        dataset, simulation, seed=seed, count=requests, families=named, personalised=personalised
    )
    about = {
        "name": f"{dataset.name}-simulated",
        "version": f"{dataset.version}-seed-{seed}-listeners-{listeners}-requests-{requests}",
        "licence": dataset.licence,
        "source": f"{dataset.source} Listeners and requests simulated, seed {seed}: no person's.",
        "languages": list(dataset.languages),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".simulated-") as directory:
        draft = Path(directory) / "dataset"
        draft.mkdir()
        for path in dataset_files(folder):
            if path.name.partition(".")[0] not in _REPLACED:
                target = draft / path.relative_to(folder)
                target.parent.mkdir(exist_ok=True)
                shutil.copyfile(path, target)
        for name, text in {
            "dataset.json": json.dumps(about, ensure_ascii=False, indent=2) + "\n",
            "interactions.csv": interactions_csv(simulation),
            "listeners.jsonl": listeners_jsonl(simulation),
            "requests.jsonl": requests_jsonl(simulated),
            "queries.jsonl": _queries_jsonl(simulated.queries),
        }.items():
            (draft / name).write_text(text, encoding="utf-8")
        draft.rename(out)
    return Written(simulation, simulated)


def _queries_jsonl(queries: Sequence[LabelledQuery]) -> str:
    rows = [
        {
            "id": query.id,
            "text": query.text,
            "lang": query.language,
            "annotations": [{"annotator": who, "category": category} for who, category in query.annotations],
        }
        | ({"group": query.group} if query.group else {})
        for query in queries
    ]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
