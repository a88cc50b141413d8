"""Two BM25 engines that share no line with ours, for tests and `benchmarks/bm25.py`: k1 is 1.2 and b 0.75 in both."""

import sqlite3
from collections.abc import Callable, Sequence

Search = Callable[[Sequence[str], int], list[int]]
"""From the terms of a query and how many are wanted to the rows of the best documents."""
Documents = Sequence[Sequence[str]]


def tantivy_search(documents: Documents) -> Search:
    """tantivy, which follows Lucene and keeps the length of a document in one byte."""
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_unsigned_field("row", stored=True)
    schema.add_text_field("terms", tokenizer_name="whitespace")
    schema = schema.build()
    index = tantivy.Index(schema)
    writer = index.writer(128_000_000, 1)  # one thread, so that rows are added in order and ties keep it
    for row, terms in enumerate(documents):
        document = tantivy.Document()
        document.add_unsigned("row", row)
        document.add_text("terms", " ".join(terms))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(terms: Sequence[str], k: int) -> list[int]:
        parts = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "terms", term)) for term in terms]
        if not parts:
            return []
        hits = searcher.search(tantivy.Query.boolean_query(parts), k).hits
        return [searcher.doc(address)["row"][0] for _, address in hits]

    return search


def sqlite_search(documents: Documents) -> Search:
    """SQLite's full text search: exact lengths, and Robertson's idf, log((N - n + 0.5) / (n + 0.5)).

    Equal to four digits is equal, and then the earlier row comes first.
    """
    numbers: dict[str, int] = {}
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE documents USING fts5(terms, content='', tokenize='ascii')")
    database.executemany(
        "INSERT INTO documents (rowid, terms) VALUES (?, ?)",
        [
            (row, " ".join(f"t{numbers.setdefault(term, len(numbers))}" for term in terms))
            for row, terms in enumerate(documents, start=1)
        ],
    )

    def search(terms: Sequence[str], k: int) -> list[int]:
        query = " OR ".join(f"t{numbers[term]}" for term in terms)
        best = "SELECT rowid - 1 FROM documents WHERE documents MATCH ? ORDER BY round(rank, 4), rowid LIMIT ?"
        return [row for (row,) in database.execute(best, (query, k))]

    return search
