"""A gold version and its labels as a folder that the Hugging Face `datasets` library loads."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.text import get_valid_filename

from annotation.export.archive import zip_dataset_folder
from annotation.export.dataset_folder import DatasetSummary, write_dataset_folder
from annotation.export.description import Description
from annotation.export.errors import ExportError
from annotation.export.records import utc_seconds
from annotation.models import GoldVersion
from annotation.selectors.gold import gold_records, moment_of
from annotation.selectors.votes import vote_records
from playoff.common.errors import InvalidInputError

DATASETS = "datasets"
"""The name of this format where the others are csv, jsonl and parquet."""


def write_dataset(version: GoldVersion, directory: Path, *, licence: str = "unknown") -> DatasetSummary:
    """Write a folder for the Hugging Face `datasets` library: a version's gold, and the labels it was settled from.

    Raises:
        InvalidInputError: There is something at `directory`, or nothing to write.
    """
    at = moment_of(version)
    try:
        return write_dataset_folder(
            directory,
            votes=vote_records(version.campaign, at=at),
            gold=gold_records(version),
            description=_description(version, at, licence),
        )
    except ExportError as error:
        raise InvalidInputError(str(error)) from error


def dataset_zip(version: GoldVersion) -> Iterator[bytes]:
    """The bytes of the folder as one zip file; the folder is on disk only meanwhile."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / dataset_name(version)
        write_dataset(version, folder)
        yield from zip_dataset_folder(folder)


def dataset_name(version: GoldVersion) -> str:
    return get_valid_filename(f"{version.campaign.slug}-{version.name}")


@dataclass(frozen=True, slots=True)
class _Figure:
    """A figure of agreement as it was stored with the version."""

    value: float | None
    low: float | None
    high: float | None
    n_items: int
    n_votes: int
    reason: str

    @classmethod
    def of(cls, stored: dict[str, Any]) -> "_Figure":
        low, high = stored["ci"] or (None, None)
        return cls(stored["value"], low, high, stored["items"], stored["votes"], stored["reason"])


_MEASURES = {
    "observed": "observed agreement", "fleiss_kappa": "Fleiss' kappa",
    "krippendorff_alpha": "Krippendorff's alpha", "gwet_ac1": "Gwet's AC1",
}  # fmt: skip


def _description(version: GoldVersion, at: datetime, licence: str) -> Description:
    # always English: a card is read by people who never saw this server
    parameters, summary = version.parameters, version.summary
    made = (
        f"Labels became one by the method `{version.method}`, with a least probability of "
        f"{parameters['minimum_probability']}. Decisions of a lead override it and have the probability 1."
    )
    left_out = ", ".join(f"{number} {why}" for why, number in summary.get("left_out", {}).items()) or "none"
    limits = [f"Queries left out of the gold labels: {left_out}."]
    if moved := summary.get("families_kept_from_test"):
        limits.append(
            f"{moved} families drawn for the test split are in train, because a classifier had picked one of their "
            "queries."
        )
    return Description(
        title=version.campaign.title,
        version=version.name,
        state_at=utc_seconds(at),
        licence=licence,
        taxonomy=version.taxonomy.document,
        made=(made,),
        limits=limits,
        agreement={
            _MEASURES.get(name, name): _Figure.of(stored) for name, stored in summary.get("agreement", {}).items()
        },
    )
