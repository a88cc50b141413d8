"""What is written out: a label as one annotator gave it, and the gold label of a query. Fields are columns, in order.

Annotators appear by pseudonym only. Text that is not there is empty; a number or a truth value that is not there is
None.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from annotation.export.errors import ExportError
from annotation.export.schema import schema_of

KINDS = ("work", "gold", "practice")
SOURCES = ("adjudicated", "unanimous", "aggregated")
_UTC_SECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoteRecord:
    """One annotator's label of one query.

    Attributes:
        annotator: a pseudonym.
        personalised: the half of the taxonomy the category is in, None where it has no halves.
        taxonomy: its slug; `taxonomy_version` is the version the annotator saw.
        seconds: active time, None if unknown.
        labelled_at: as `utc_seconds` writes it.
        origin: what put the query into the queue: `random` or the strategy of active learning.
        kind: `work`, `gold` (a question with a known answer) or `practice`.
        guess: the category a classifier had shown before the choice; `guess_model` says which classifier.
        late: whether it came after its lease had ended.
        surplus: whether it is one more than were wanted, and does not count.
        flag: `unclear` or empty.
        dataset, external_id: where the query came from, and its id there.
    """

    query_id: str
    text: str
    language: str
    annotator: str
    category: str
    personalised: bool | None
    taxonomy: str
    taxonomy_version: int
    seconds: float | None
    labelled_at: str
    origin: str
    kind: str = "work"
    guess: str = ""
    guess_model: str = ""
    late: bool = False
    surplus: bool = False
    flag: str = ""
    comment: str = ""
    dataset: str = ""
    external_id: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ExportError(f"`kind` must be one of {', '.join(KINDS)}, got {self.kind!r}.")
        if self.seconds is not None and not 0 <= self.seconds < math.inf:
            raise ExportError(f"`seconds` must be at least 0 and finite, got {self.seconds}.")
        if not _UTC_SECONDS.fullmatch(self.labelled_at):
            raise ExportError(
                f"`labelled_at` must be a time in UTC such as 2026-01-31T12:00:00Z, got {self.labelled_at!r}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldRecord:
    """The gold label of one query.

    Attributes:
        family: what near-duplicates of the query share; a family is in one split as a whole.
        split: `train`, `validation` or `test`.
        personalised: the half of the taxonomy the category is in, None where it has no halves.
        probability: of the category, 0 to 1, as the method gives it; 1 where people decided.
        method: how several labels became one: `majority`, `dawid-skene`, …
        source: `adjudicated` by a lead, `unanimous` or `aggregated` from labels that differed.
        votes: the number of labels that counted.
        agreement: the share of them that chose this category, None without any.
        votes_by_category: as `votes_json` writes it.
        origin: what put the query into the queue; figures of a test are honest on `random` ones only.
        dataset, external_id: where the query came from, and its id there.
    """

    query_id: str
    text: str
    language: str
    family: str
    split: str
    category: str
    personalised: bool | None
    probability: float
    method: str
    source: str
    votes: int
    agreement: float | None
    votes_by_category: str
    origin: str = ""
    dataset: str = ""
    external_id: str = ""

    def __post_init__(self) -> None:
        if self.source not in SOURCES:
            raise ExportError(f"`source` must be one of {', '.join(SOURCES)}, got {self.source!r}.")
        for name in ("probability", "agreement"):
            value = getattr(self, name)
            if not (0 <= value <= 1 if value is not None else name == "agreement"):
                raise ExportError(f"`{name}` must be between 0 and 1, got {value}.")
        if self.votes < 0:
            raise ExportError(f"`votes` must be at least 0, got {self.votes}.")


VOTES = schema_of(VoteRecord)
GOLD = schema_of(GoldRecord)


def utc_seconds(moment: datetime) -> str:
    """The moment in UTC, cut to whole seconds, such as `2026-01-31T12:00:00Z`.

    Raises:
        ExportError: The moment has no zone.
    """
    if moment.utcoffset() is None:
        raise ExportError(f"{moment.isoformat()} has no time zone; give it one.")
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"


def votes_json(votes: Mapping[str, int]) -> str:
    """Votes per category as one JSON object, categories sorted, those without a vote left out."""
    counted = {category: number for category, number in sorted(votes.items()) if number}
    return json.dumps(counted, ensure_ascii=False, separators=(",", ":"))
