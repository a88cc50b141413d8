import hashlib
import json
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest
import yaml

from annotation.export.dataset_folder import write_dataset_folder
from annotation.export.description import Description
from annotation.export.digest import content_hash
from annotation.export.errors import ExportError
from annotation.export.reading import read
from annotation.export.records import GOLD, VOTES

TAXONOMY = {
    "slug": "personalisation",
    "version": 2,
    "categories": [
        {"slug": "sports-activity", "title": {"en": "Sports | activity", "ru": "Спорт"}},
        {"slug": "noise", "title": {"ru": "Шум"}},
    ],
}
SPLITS = ("train", "validation", "test")


@pytest.fixture
def description():
    return Description(
        title='Queries: "what\'s next?"',
        version="v1",
        state_at="2026-11-21T10:00:00Z",
        licence="cc-by-4.0",
        taxonomy=TAXONOMY,
        made=["Queries of a log.\n\nThree people labelled."],
        limits=["Only two\nlanguages."],
        agreement={
            "Krippendorff alpha": SimpleNamespace(
                value=0.71234, low=0.65, high=0.77, n_items=10, n_votes=20, reason="", method="bootstrap"
            ),
            "Cohen kappa": SimpleNamespace(
                value=None, low=None, high=None, n_items=0, n_votes=0, reason="nobody shares an item"
            ),
        },
    )


@pytest.fixture
def labels(gold):
    """Twelve gold labels whose splits are mixed, one of a category that the taxonomy no longer has."""
    made = [
        gold(query_id=f"q{n:02}", split=SPLITS[n % 3 if n < 6 else 0], language=("ru", "en")[n % 2]) for n in range(11)
    ]
    return [*made, gold(query_id="q99", category="old-one", language="ar", origin="entropy", text="=1\n🎧")]


@pytest.fixture
def votes(vote):
    return [vote(query_id=f"q{n:02}", annotator=f"annotator-{k}") for n in range(10) for k in (1, 2)] + [
        vote(surplus=True, guess="noise", kind="gold", seconds=None)
    ]


@pytest.fixture
def folder(tmp_path, description, labels, votes):
    write_dataset_folder(tmp_path / "set", votes=iter(votes), gold=iter(labels), description=description)
    return tmp_path / "set"


def bytes_of(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def header_of(folder):
    _, header, _ = (folder / "README.md").read_text().split("---\n", 2)
    return yaml.safe_load(header)


def test_the_files_hold_the_records(folder, labels, votes):
    found = []
    for split in SPLITS:
        with (folder / f"data/gold-{split}.parquet").open("rb") as stream:
            part = list(read(stream, "parquet", schema=GOLD))
        assert {label.split for label in part} == {split}
        found += part
    assert sorted(found, key=lambda label: label.query_id) == labels
    with (folder / "data/votes.parquet").open("rb") as stream:
        assert list(read(stream, "parquet", schema=VOTES)) == votes


def test_the_header_says_where_each_split_is(folder):
    header = header_of(folder)
    assert header["pretty_name"] == 'Queries: "what\'s next?"'
    assert (header["license"], header["language"]) == ("cc-by-4.0", ["ar", "en", "ru"])
    assert header["size_categories"] == ["n<1K"]
    gold, votes = header["configs"]
    assert (gold["config_name"], gold["default"], votes["config_name"]) == ("gold", True, "votes")
    assert [file["split"] for file in gold["data_files"]] == list(SPLITS)
    for file in gold["data_files"] + votes["data_files"]:
        assert pq.read_metadata(folder / file["path"]).num_rows > 0


def test_the_library_loads_it(folder, labels, votes, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets = pytest.importorskip("datasets")
    cache = str(tmp_path / "cache")
    gold = datasets.load_dataset(str(folder), cache_dir=cache)
    assert {split: len(part) for split, part in gold.items()} == {"train": 8, "validation": 2, "test": 2}
    assert sorted((row for part in gold.values() for row in part), key=lambda row: row["query_id"]) == [
        {name: getattr(label, name) for name in GOLD.names} for label in labels
    ]
    loaded = datasets.load_dataset(str(folder), "votes", split="votes", cache_dir=cache)
    assert list(loaded) == [{name: getattr(vote, name) for name in VOTES.names} for vote in votes]


@pytest.mark.parametrize(("config", "files"), [("gold", {"train": 1}), ("votes", {"votes": 1})])
def test_the_library_loads_a_set_that_lacks_parts(tmp_path, description, gold, vote, monkeypatch, config, files):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    datasets = pytest.importorskip("datasets")
    parts = {"gold": [gold()] if config == "gold" else [], "votes": [vote()] if config == "votes" else []}
    write_dataset_folder(tmp_path / "set", **parts, description=description)
    loaded = datasets.load_dataset(str(tmp_path / "set"), cache_dir=str(tmp_path / "cache"))
    assert {split: len(part) for split, part in loaded.items()} == files
    assert [entry["config_name"] for entry in header_of(tmp_path / "set")["configs"]] == [config]


def test_a_set_of_nothing_is_refused(tmp_path, description):
    with pytest.raises(ExportError, match="neither a gold label nor a vote"):
        write_dataset_folder(tmp_path / "set", votes=(), gold=(), description=description)
    assert list(tmp_path.iterdir()) == []


def test_the_card_counts(folder):
    card = (folder / "README.md").read_text()
    for line in (
        "| `sports-activity` Sports \\| activity | 7 | 2 | 2 | 11 |",
        "| `noise` Шум | 0 | 0 | 0 | 0 |",
        "| `old-one` | 1 | 0 | 0 | 1 |",
        "| `ru` | 4 | 1 | 1 | 6 |",
        "| `entropy` | 1 | 0 | 0 | 1 |",
        "| aggregated | 12 |",
        "| majority | 12 |",
        "21 votes by 3 annotators: 1 of gold, 20 of work.",
        "By taxonomy: 21 under version 2 of `personalisation`.",
        "| Krippendorff alpha | 0.712 | 0.650 to 0.770 | 10 | 20 |",
        "| Cohen kappa | undefined: nobody shares an item |  | 0 | 0 |",
        "- Only two languages.",
        "| `data/gold-train.parquet` | 8 |",
    ):
        assert line in card.splitlines()
    assert "Three people labelled." in card


def test_the_manifest_vouches_for_every_file(folder, labels, votes):
    manifest = json.loads((folder / "manifest.json").read_text())
    files = bytes_of(folder)
    files.pop("manifest.json")
    assert manifest["files"] == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert manifest["content"] == {
        "gold": content_hash(labels, schema=GOLD),
        "votes": content_hash(votes, schema=VOTES),
    }
    assert all(value in (folder / "README.md").read_text() for value in manifest["content"].values())
    assert manifest["rows"]["data/votes.parquet"] == 21
    assert json.loads((folder / "taxonomy.json").read_text()) == TAXONOMY


def test_the_same_bytes_twice(folder, tmp_path, labels, votes, description):
    write_dataset_folder(tmp_path / "again", votes=votes, gold=labels, description=description)
    assert bytes_of(tmp_path / "again") == bytes_of(folder)


def test_many_labels_of_one_split_fill_several_row_groups(tmp_path, gold, description):
    labels = (gold(query_id=f"{n:06}", split="test" if n % 2 else "train") for n in range(30_001))
    summary = write_dataset_folder(tmp_path / "set", votes=(), gold=labels, description=description)
    assert summary.rows == {
        "data/gold-train.parquet": 15_001,
        "data/gold-test.parquet": 15_000,
    }
    table = pq.read_table(tmp_path / "set/data/gold-train.parquet", columns=["query_id"])
    assert table.column("query_id").to_pylist() == [f"{n:06}" for n in range(0, 30_001, 2)]
    assert header_of(tmp_path / "set")["size_categories"] == ["10K<n<100K"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"split": "dev"}, "Query 'q99' is in the split 'dev'; use one of train, validation, test"),
        ({"query_id": "q00"}, "Query 'q00' comes after 'q10'"),
        ({"text": None}, "Record 12: `text` must be text"),
    ],
)
def test_a_refusal_leaves_nothing_behind(tmp_path, gold, labels, description, changes, words):
    labels[-1] = gold(**{"query_id": "q99"} | changes)
    with pytest.raises(ExportError, match=words):
        write_dataset_folder(tmp_path / "set", votes=(), gold=labels, description=description)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_stays(folder, tmp_path, vote, description):
    before = bytes_of(folder)
    for place in (folder, folder / "README.md"):
        with pytest.raises(ExportError, match="there is something here already; choose another folder"):
            write_dataset_folder(place, votes=(), gold=(), description=description)
    assert bytes_of(folder) == before
    (tmp_path / "empty").mkdir()
    write_dataset_folder(tmp_path / "empty", votes=[vote()], gold=(), description=description)
    assert (tmp_path / "empty/README.md").is_file()


@pytest.mark.parametrize("name", ["title", "version", "state_at", "licence"])
def test_a_description_is_complete(name):
    values = {"title": "t", "version": "v", "state_at": "s", "licence": "l", "taxonomy": {}}
    with pytest.raises(ExportError, match=f"`{name}` is empty"):
        Description(**values | {name: " "})


def test_an_unmeasured_agreement_is_said(tmp_path, vote):
    plain = Description(title="t", version="v", state_at="s", licence="unknown", taxonomy={})
    write_dataset_folder(tmp_path / "set", votes=[vote()], gold=(), description=plain)
    assert "It was not measured." in (tmp_path / "set/README.md").read_text()
