"""A researcher's try-outs and an offline run, for the tests of pages, interface and services, and two more BM25s."""

import sqlite3
import uuid
from collections.abc import Callable, Sequence

import pytest

Search = Callable[[Sequence[str], int], list[int]]


@pytest.fixture
def version(versions):
    """The toy version whose scores have all the parts."""
    from recsys.models import SystemVersion

    return SystemVersion.objects.select_related("dataset").get(pk=versions["retriever-cr-dp"])


@pytest.fixture
def listener(toy_dataset) -> str:
    """Somebody who likes something."""
    from recsys.selectors.catalogue import listener_choices

    return listener_choices(toy_dataset.pk, 1)[0].id


@pytest.fixture
def make_tryout(version, researcher) -> Callable[..., object]:
    from recsys.services.tryouts import ask

    def make(**given: object) -> object:
        values = {"by": researcher, "versions": [version], "query": "rain", "k": 5, "key": uuid.uuid4().hex}
        return ask(**{**values, **given})[0][0]

    return make


def system_line(version, value: float) -> dict[str, object]:
    """A system's line as `evaluate --json` writes it."""
    return {
        "system": version.system,
        "fingerprint": version.fingerprint,
        "hits@10": {"value": value, "ci": [value - 0.1, value + 0.1]},
        "ndcg@10": {"value": value / 2, "ci": [value / 2 - 0.1, value / 2 + 0.1]},
        "coverage": {"value": 0.25, "ci": None},
        "ms_per_query": {"p50": 2.5, "p95": 12.25},
    }


def offline_result(versions) -> dict[str, object]:
    """The result of an evaluation of these versions, with one breakdown and one test."""
    first, second = (version.system for version in versions[:2])
    figures = {
        first: {"ndcg@10": {"value": 0.111, "ci": None}},
        second: {"ndcg@10": {"value": 0.222, "ci": [0.1, 0.3]}},
    }
    test = {
        "metric": "ndcg@10", "a": first, "b": second, "n": 40, "clusters": 40, "difference": -0.25, "ci": [-0.4, -0.1],
        "t": {"p": 0.001, "p_bonferroni": 0.012}, "sign_flip": {"p": 0.002, "p_bonferroni": 0.024}, "significant": True,
    }  # fmt: skip
    group = {"group": "travel", "titles": {"en": "Travel", "ru": "Путешествия"}, "n": 9, "small": True}
    return {
        "queries": 40,
        "systems": [system_line(version, 0.5 + number / 10) for number, version in enumerate(versions)],
        "tests": [{**test, "metric": "mrr", "significant": None, "t": None, "sign_flip": None, "ci": None}, test],
        "breakdown": {"category": [{**group, "systems": figures}], "language": []},
        "warnings": [
            {
                "code": "caution_few",
                "values": {"clusters": 12},
                "text": "There are only 12 independent listeners or playlists: intervals and tests are rough.",
            }
        ],
        "methods": {"comparisons": 12},
    }


@pytest.fixture
def make_run(versions) -> Callable[..., object]:
    from recsys.models import OfflineRun, SystemVersion

    def make(*systems: str, **given: object) -> object:
        wanted = systems or ("popularity", "retriever-cr-dp")
        rows = [SystemVersion.objects.get(pk=versions[system]) for system in wanted]
        values = {
            "dataset_name": "toy", "dataset_version": "2", "dataset_fingerprint": "f", "split": "test", "seed": 7,
            "code_version": "0.1.0+abc", "result": offline_result(rows),
        }  # fmt: skip
        return OfflineRun.objects.create(**{**values, **given})

    return make


@pytest.fixture(scope="session")
def tantivy_index() -> Callable[[Sequence[Sequence[str]]], Search]:
    """tantivy's, which follows Lucene: k1 1.2, b 0.75, and lengths of documents in one byte."""
    tantivy = pytest.importorskip("tantivy")

    def build(documents: Sequence[Sequence[str]]) -> Search:
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("row", stored=True)
        schema.add_text_field("terms", tokenizer_name="whitespace")
        schema = schema.build()
        index = tantivy.Index(schema)
        writer = index.writer(64_000_000, 1)  # one thread, so that rows are added in order and ties keep it
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

    return build


@pytest.fixture
def sqlite_index() -> Callable[[Sequence[Sequence[str]]], Search]:
    """SQLite's full text index: k1 1.2, b 0.75, exact lengths, and Robertson's idf, log((N - n + 0.5) / (n + 0.5)).

    Equal to four digits is equal, and then the earlier row comes first.
    """

    def build(documents: Sequence[Sequence[str]]) -> Search:
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

    return build
