import pytest
from django.core.management import CommandError, call_command

from evaluation.stats.judgments import read_judgments
from tests.evaluation.sources.conftest import PANDALM, table


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "votes.tsv").write_text(table(PANDALM))
    return folder


def test_writes_both_files(source, tmp_path, capsys):
    out, labels = tmp_path / "j.csv", tmp_path / "l.csv"
    call_command("import_judgments", "pandalm", str(source), out=out, agreement=labels)
    judgments = read_judgments(out)
    assert [judgment.outcome for judgment in judgments] == ["b", "b", "tie", "a", "a", "b"]
    assert labels.read_text().splitlines()[:2] == ["item,annotator,label", "0,annotator-1,b"]
    assert "6 judgments by 3 participants" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("source", "sentence"),
    [("polka", "invalid choice: 'polka'"), ("pandalm", "votes.tsv is missing, packed or not; name the folder")],
)
def test_refuses_in_one_sentence(source, sentence, tmp_path):
    with pytest.raises(CommandError, match=sentence) as refused:
        call_command("import_judgments", source, str(tmp_path), out=tmp_path / "y.csv")
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []
