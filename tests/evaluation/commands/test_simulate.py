import json
from functools import partial
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from evaluation.stats.simulation.tables import TABLES

ROOT = Path(__file__).parents[3]


@pytest.fixture
def manage(manage_command):
    return partial(manage_command, "simulate")


@pytest.mark.parametrize(
    ("table", "cell"),
    [
        ("level", "20x4-0"),
        ("coverage", "20x13-equal-0"),
        ("ranks", "equal-104"),
        ("peeking", "sd-0"),
        ("sides", "two"),
        ("quality", "none"),
    ],
)
def test_prints_the_table_and_writes_it(table, cell, tmp_path, capsys):
    path = tmp_path / "table.json"
    call_command("simulate", table, runs=2, cells=cell, seed=4, json=path)
    printed = capsys.readouterr().out
    assert "seed 4" in printed
    assert "nominal" in printed
    written = json.loads(path.read_text())
    assert (written["simulation"], written["seed"]) == (table, 4)
    assert [(row["cell"], row["runs"]) for row in written["rows"]] == [(cell, 2)]


def test_every_table_is_offered_with_its_cells(manage):
    code, printed, _ = manage("--help")
    assert code == 0
    words = " ".join(printed.split())
    for name, table in TABLES.items():
        assert f"{name}: {table.about} ({table.runs} runs" in words
        assert table.cells[-1] in words


def test_json_alone_on_standard_output(capsys):
    call_command("simulate", "peeking", runs=2, cells="sd-0, sd-1", json="-")
    assert [row["cell"] for row in json.loads(capsys.readouterr().out)["rows"]] == ["sd-0", "sd-1"]


def test_the_same_seed_is_the_same_table(capsys):
    for _ in range(2):
        call_command("simulate", "quality", runs=2, cells="thirds", json="-")
    printed = capsys.readouterr().out
    half = len(printed) // 2
    assert printed[:half] == printed[half:]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("power",), "invalid choice: 'power'"),
        (("level", "--runs", "1"), "a whole number of at least 2"),
        (("level", "--seed", "-1"), "a whole number of at least 0"),
        (("level", "--cells", "20x4-0,20x5-0"), "There is no cell '20x5-0' in this table; choose from 20x4-0"),
        (("level", "--json", "/nowhere/table.json"), "there is no directory /nowhere"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(manage, arguments, words):
    code, printed, complaint = manage(*arguments)
    assert (code, printed) == (2, "")
    assert words in complaint
    assert len(complaint.strip().splitlines()) == 1


def test_called_from_python_a_refusal_is_an_exception():
    with pytest.raises(CommandError, match="There is no cell 'x'"):
        call_command("simulate", "ranks", cells="x")
