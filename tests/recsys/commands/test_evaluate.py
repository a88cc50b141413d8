import csv
import io
import json
import shutil

import ir_measures
import pytest
from django.core.management import CommandError, call_command
from ir_measures import RR, R, nDCG

from recsys.models import OfflineRun
from tests.conftest import SYSTEMS, lines_of, write_lines

FAST = {"replicates": 200, "no_timing": True}


def evaluate(dataset, systems, **options) -> str:
    out = io.StringIO()
    call_command("evaluate", dataset=dataset, systems=systems, stdout=out, **{**FAST, **options})
    return out.getvalue()


def refusal(*args, **options) -> str:
    with pytest.raises(CommandError) as error:
        evaluate(*args, **options)
    assert error.value.returncode == 2
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.fixture(scope="module")
def made(toy_models):
    """What was trained before: the systems, and the classifier that one of them holds."""
    return {"models": toy_models, "classifier": toy_models / "retriever-cr-dp" / "classifier"}


@pytest.fixture(scope="module")
def table(toy_folder, toy_models, tmp_path_factory):
    """All five systems on the toy's test playlists: the folder of what was written, and what was printed."""
    folder = tmp_path_factory.mktemp("evaluated")
    printed = evaluate(
        toy_folder,
        ",".join(SYSTEMS),
        models=toy_models,
        json=folder / "result.json",
        html=folder / "page.html",
        runs=folder / "runs",
        no_timing=False,
        seed=3,
    )
    return folder, printed


@pytest.fixture(scope="module")
def result(table):
    return json.loads((table[0] / "result.json").read_text())


def test_the_floors_are_there_and_all_figures_have_intervals(result):
    assert [system["system"] for system in result["systems"]] == ["random", *SYSTEMS]
    assert [system["floor"] for system in result["systems"]] == [True, *[False] * 5]
    for system in result["systems"]:
        for name in ("hits@10", "recall@10", "recall@100", "ndcg@10", "ndcg@100", "mrr", "artist_entropy"):
            low, high = system[name]["ci"]
            assert low <= system[name]["value"] + 1e-12 and system[name]["value"] <= high + 1e-12
        assert 0 < system["coverage"]["value"] <= 1
        assert 0 <= system["ms_per_query"]["p50"] <= system["ms_per_query"]["p95"]
    assert (result["split"], result["seed"]) == ("test", 3)


def test_fingerprints_are_those_of_the_artifacts(result, toy_models):
    from recsys.core.artifacts import read_manifest

    told = {system["system"]: system["fingerprint"] for system in result["systems"]}
    assert {name: read_manifest(toy_models / name).fingerprint for name in SYSTEMS} == {
        name: told[name] for name in SYSTEMS
    }


def test_all_pairs_are_tested_on_all_tested_metrics(result):
    metrics = {test["metric"] for test in result["tests"]}
    assert metrics == {"hits@10", "success@10", "recall@10", "recall@100", "ndcg@10", "ndcg@100", "mrr"}
    assert len(result["tests"]) == 15 * 7 == result["methods"]["comparisons"]


def test_queries_have_types_of_the_classifier_in_the_artifact(result):
    assert result["classifier"] == {"source": "artifact", "system": "retriever-cr-dp", "kind": "tfidf"}
    assert sum(group["n"] for group in result["breakdown"]["category"]) == result["queries"]
    assert {group["group"] for group in result["breakdown"]["personalised"]} <= {"personalised", "other"}
    assert {group["group"] for group in result["breakdown"]["language"]} == {"en", "ru"}


def test_a_standard_tool_reads_the_runs_back(result, table):
    runs = table[0] / "runs"
    qrels = list(ir_measures.read_trec_qrels(str(runs / "qrels.txt")))
    names = {nDCG @ 10: "ndcg@10", nDCG @ 100: "ndcg@100", R @ 100: "recall@100", RR: "mrr"}
    for system in result["systems"]:
        run = ir_measures.read_trec_run(str(runs / f"{system['system']}.run"))
        told = ir_measures.pytrec_eval.calc_aggregate(list(names), qrels, run)
        for measure, name in names.items():
            assert told[measure] == pytest.approx(system[name]["value"], abs=1e-9)
    with (runs / "queries.tsv").open() as stream:
        assert len(list(csv.reader(stream, delimiter="\t"))) == result["queries"]


def test_prints_the_table_and_says_where_listeners_are_missing(table):
    assert "retriever-cr-dp" in table[1]
    assert "names a listener" in table[1]
    assert "trained for this run" not in table[1]


def test_the_page_is_one_file(table):
    page = (table[0] / "page.html").read_text()
    assert "<style>" in page and "--accent" in page
    assert not {"<script", "<link", "src=", "url("} & set(page.split())
    assert "http://" not in page and "https://" not in page


def test_the_same_command_repeats_every_byte(toy_folder, made, tmp_path):
    for name in ("a", "b"):
        evaluate(
            toy_folder,
            "bm25,retriever-cr",
            **made,
            json=tmp_path / f"{name}.json",
            html=tmp_path / f"{name}.html",
            runs=tmp_path / name,
        )
    for one, other in (("a.json", "b.json"), ("a.html", "b.html"), ("a/bm25.run", "b/bm25.run")):
        assert (tmp_path / one).read_bytes() == (tmp_path / other).read_bytes()


def test_json_on_standard_output_stands_alone(toy_folder, made):
    printed = json.loads(evaluate(toy_folder, "bm25", **made, json="-", limit=10))
    assert printed["queries"] == 10
    assert printed["systems"][0]["ms_per_query"] is None


@pytest.fixture
def bare_folder(toy_folder, tmp_path):
    """The toy's tracks with requests of listeners, and no labelled queries."""
    folder = tmp_path / "bare"
    folder.mkdir()
    for name in ("tracks.jsonl", "playlists.jsonl", "dataset.json", "interactions.csv"):
        (folder / name).write_bytes((toy_folder / name).read_bytes())
    tracks = [track["id"] for track in lines_of(folder / "tracks.jsonl")]
    write_lines(
        folder / "requests.jsonl",
        [
            {
                "id": f"r{number}",
                "turns": ["something calm", "but not sad"],
                "listener": f"listener-{number % 4:03d}",
                "relevant": tracks[number : number + 3],
                "split": "test",
            }
            for number in range(12)
        ],
    )
    return folder


def test_a_system_without_a_folder_is_trained_and_says_so(bare_folder, tmp_path):
    printed = evaluate(bare_folder, "bm25", json=tmp_path / "r.json", seed=7)
    assert "bm25: trained for this run with seed 7" in printed
    result = json.loads((tmp_path / "r.json").read_text())
    assert [(one["system"], one["origin"]) for one in result["systems"]] == [
        ("random", "chance"),
        ("popularity", "trained"),
        ("bm25", "trained"),
    ]
    assert result["with_listener"] == 12
    assert {group["group"] for group in result["breakdown"]["origin"]} == {"playlist", "request"}


def test_without_a_classifier_one_is_trained_on_the_labelled_queries(toy_folder, toy_models, tmp_path):
    evaluate(toy_folder, "bm25", models=toy_models, json=tmp_path / "r.json", limit=8)
    assert json.loads((tmp_path / "r.json").read_text())["classifier"] == {"source": "trained", "kind": "tfidf"}


def test_without_labelled_queries_types_are_left_out_and_it_says_so(bare_folder, tmp_path):
    evaluate(bare_folder, "bm25", json=tmp_path / "r.json", html=tmp_path / "r.html")
    result = json.loads((tmp_path / "r.json").read_text())
    assert result["classifier"]["source"] is None
    assert "category" not in result["breakdown"]
    assert "no labelled queries" in (tmp_path / "r.html").read_text()


def test_models_may_be_kept_and_are_then_used(bare_folder, tmp_path):
    models = tmp_path / "models"
    evaluate(bare_folder, "bm25", models=models, keep_models=True)
    assert (models / "bm25" / "manifest.json").is_file()
    assert "trained for this run" not in evaluate(bare_folder, "bm25", models=models)


def test_a_run_is_kept_with_all_figures(toy_folder, made, db):
    printed = evaluate(toy_folder, "bm25", **made, record=True)
    run = OfflineRun.objects.get()
    assert f"offline run {run.pk}" in printed
    assert run.dataset_name == "toy"
    assert [system["system"] for system in run.result["systems"]] == ["random", "popularity", "bm25"]
    assert run.result["per_query"]["values"]["bm25"]


def test_long_per_query_values_stay_out_of_the_row(toy_folder, made, db, monkeypatch):
    monkeypatch.setattr("recsys.services.offline._MOST_KEPT", 100)
    evaluate(toy_folder, "bm25", **made, record=True)
    assert OfflineRun.objects.get().result["per_query"] is None


def test_values_of_many_queries_go_beside_the_json(toy_folder, made, tmp_path, monkeypatch):
    monkeypatch.setattr("recsys.management.commands.evaluate.MOST_INLINE", 5)
    evaluate(toy_folder, "bm25", **made, json=tmp_path / "r.json")
    part = json.loads((tmp_path / "r.json").read_text())
    rows = lines_of(tmp_path / part["per_query"]["file"])
    assert len(rows) == 3 * part["queries"]
    mean = sum(row["mrr"] for row in rows if row["system"] == "bm25") / part["queries"]
    assert mean == pytest.approx(part["systems"][2]["mrr"]["value"])


def test_refuses_artifacts_of_other_data(bare_folder, toy_models):
    words = refusal(bare_folder, "bm25", models=toy_models)
    assert "was trained on other data" in words and "train it on this data set" in words


def test_refuses_artifacts_of_another_catalogue(bare_folder, toy_models):
    tracks = lines_of(bare_folder / "tracks.jsonl")
    write_lines(bare_folder / "tracks.jsonl", [*tracks, {**tracks[0], "id": "new"}])
    assert "ranks another catalogue" in refusal(bare_folder, "bm25", models=toy_models)


def test_refuses_an_artifact_of_another_system(toy_folder, toy_models, tmp_path):
    shutil.copytree(toy_models / "popularity", tmp_path / "popularity")
    shutil.copytree(toy_models / "popularity", tmp_path / "bm25")
    assert "was made by popularity, not by bm25" in refusal(toy_folder, "bm25", models=tmp_path)


def test_refuses_an_altered_artifact(toy_folder, toy_models, tmp_path):
    shutil.copytree(toy_models / "popularity", tmp_path / "popularity")
    (tmp_path / "popularity" / "CARD.md").write_text("mine")
    assert "altered after training" in refusal(toy_folder, "popularity", models=tmp_path)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"systems": "nonsense"}, "no system 'nonsense'; available are random, popularity, bm25"),
        ({"k": "5000"}, "--k must be between 1 and"),
        ({"k": "5,x"}, "--k 5,x: write whole numbers"),
        ({"systems": " , "}, "names no system"),
        ({"split": "val", "limit": 1, "seen_titles": "refuse", "dataset": "nowhere"}, "does not exist"),
        ({"models": "nowhere"}, "no such folder"),
        ({"html": "-"}, "the page is a file"),
        ({"keep_models": True}, "--keep-models needs --models DIR"),
        ({"classifier": "nowhere"}, "nowhere"),
        ({"encoder": None, "device": "cuda"}, "cuda"),
    ],
)
def test_bad_input_is_one_sentence(toy_folder, made, tmp_path, options, words):
    paths = {name: tmp_path / value for name, value in options.items() if value == "nowhere" and name != "systems"}
    given = {"dataset": toy_folder, "systems": "bm25", **made, **options, **paths}
    if given.get("keep_models"):
        given["models"] = None
    if options.get("device"):
        torch = pytest.importorskip("torch")
        if torch.cuda.is_available():
            pytest.skip("this machine has a CUDA device")
    assert words in refusal(given.pop("dataset"), given.pop("systems"), **given)


def test_refuses_when_every_title_was_seen(toy_folder, toy_models):
    words = refusal(toy_folder, "bm25", models=toy_models, split="train")
    assert "titles seen in training" in words


def test_the_training_split_is_measured_only_when_asked_and_with_a_warning(toy_folder, made):
    printed = evaluate(toy_folder, "bm25", **made, split="train", seen_titles="keep")
    assert "the split that systems learn from" in printed
