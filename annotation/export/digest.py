"""One hash that says whether two sets of records are the same, whatever file they travel in.

It is the sha256 of the records as JSON lines (`encoders.JsonLinesEncoder`), so `sha256sum` of that file gives it too.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Generic

from annotation.batches import batches
from annotation.export.encoders import JsonLinesEncoder
from annotation.export.schema import Record, Schema


class ContentHash(Generic[Record]):
    """The hash of records that pass by on their way to somewhere else."""

    def __init__(self, schema: Schema[Record]) -> None:
        self._schema = schema
        self._encoder = JsonLinesEncoder(schema)
        self._hash = hashlib.sha256()
        self.records = 0

    def through(self, records: Iterable[Record]) -> Iterator[Record]:
        """The same records, each counted and hashed before it is passed on.

        Raises:
            ExportError: A record does not fit the schema.
        """
        for batch in batches(records, self._encoder.batch):
            self._hash.update(self._encoder.rows(self._schema.table(batch, first=self.records + 1)))
            self.records += len(batch)
            yield from batch

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def content_hash(records: Iterable[Record], *, schema: Schema[Record]) -> str:
    """The hash of the records, in their order.

    Raises:
        ExportError: A record does not fit the schema.
    """
    digest = ContentHash(schema)
    for _ in digest.through(records):
        pass
    return digest.hexdigest()
