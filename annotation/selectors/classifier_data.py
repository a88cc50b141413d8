"""What a classifier learns from: the rows of a gold version."""

from dataclasses import dataclass

from annotation.models import GoldRow, GoldVersion
from annotation.services.queries import family_of

CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class GoldExample:
    """A query with its gold label; `group` is what its near-duplicates share."""

    id: str
    text: str
    language: str
    annotations: tuple[tuple[str, str], ...]
    group: str


def gold_examples(version: GoldVersion) -> tuple[list[GoldExample], dict[str, str]]:
    """The queries of a version in the order of their ids, and the split of each by its id; one query."""
    rows = (
        GoldRow.objects.filter(version=version)
        .order_by("query_id")
        .values_list("query_id", "query__text", "query__language", "query__family", "category", "split")
    )
    examples, parts = [], {}
    for query, text, language, family, category, split in rows.iterator(chunk_size=CHUNK):
        examples.append(GoldExample(str(query), text, language, (("gold", category),), family or family_of(text)))
        parts[str(query)] = split
    return examples, parts
