"""What is made of look-alikes of the public sets, and what is refused."""

import gzip

import pytest

from evaluation.sources import musav
from evaluation.sources.registry import SOURCES
from evaluation.sources.tables import SourceError
from evaluation.stats.analysis import analyze
from tests.evaluation.sources.conftest import MUSAV, PANDALM, SIGIR


def told(found) -> list[tuple[str, str, str, str]]:
    return [(one.participant, one.system_a, one.system_b, one.outcome) for one in found.judgments]


def test_pandalm(folder):
    found = SOURCES["pandalm"].read(folder(votes__tsv=PANDALM))
    assert told(found)[:3] == [
        ("annotator-1", "bloom", "llama", "b"),
        ("annotator-2", "bloom", "llama", "b"),
        ("annotator-3", "bloom", "llama", "tie"),
    ]
    assert found.labels[2] == ("0", "annotator-3", "tie")
    assert found.left_out == {}
    times = [one.created_at for one in found.judgments]
    assert times == sorted(set(times)), "the order of the source"


def test_sigir2010_keeps_questions_apart(folder):
    found = SOURCES["sigir2010"].read(folder(judgments__tsv__gz=SIGIR))
    assert told(found) == [
        ("worker-1", "q1 / x", "q1 / y", "b"),
        ("worker-2", "q1 / x", "q1 / y", "tie"),
        ("worker-1", "q2 / x", "q2 / z", "a"),
    ]
    assert found.left_out == {"questions without an answer": 1}
    assert len(analyze(found.judgments, replicates=10).model.components) == 2


def test_musav_by_track_and_dimension(folder):
    source = folder(pairwise_votes__tsv__gz=MUSAV)
    arousal, valence = SOURCES["musav-arousal"].read(source), SOURCES["musav-valence"].read(source)
    assert told(arousal) == [("p1", "a", "b", "a"), ("p1", "b", "c", "tie"), ("p2", "d", "e", "b")]
    assert arousal.left_out == {"questions without an answer": 1}
    assert told(valence) == [("p1", "a", "b", "b")]


def test_musav_by_genre(folder, monkeypatch):
    monkeypatch.setattr(musav, "FEWEST_TRACKS", 2)
    genres = [("a", "indie folk|pop"), ("b", "folk"), ("c", "metal"), ("d", "black metal"), ("e", "polka")]
    source = folder(pairwise_votes__tsv=MUSAV)
    rows = ["track_id\tgenres", *(f"{track}\t{names}" for track, names in genres)]
    (source / "track_genres.tsv").write_text("\n".join(rows))
    found = SOURCES["musav-genre-arousal"].read(source)
    assert told(found) == [("p1", "folk", "metal", "tie")]
    assert found.left_out == {
        "questions without an answer": 1,
        "answers about a genre of fewer than 20 tracks": 1,
        "answers about two tracks of one genre": 1,
    }


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("votes.tsv", None, "votes.tsv is missing"),
        ("votes.tsv", PANDALM.replace("annotator", "who"), "line 1: the column annotator is missing"),
        ("votes.tsv", PANDALM.replace(" 3 tie", " 3 both"), "votes.tsv, line 4: vote must be 1, 2 or tie, got 'both'"),
        ("votes.tsv", PANDALM.replace(" 3 tie", " tie"), "line 4 has 4 fields, not 5"),
        ("votes.tsv", PANDALM.splitlines()[0] + "\n", "no answer in this set"),
    ],
)
def test_refuses_in_one_sentence(folder, tmp_path, name, text, sentence):
    if text is not None:
        folder(**{name.replace(".", "__"): text})
    with pytest.raises(SourceError, match=sentence):
        SOURCES["pandalm"].read(tmp_path)


@pytest.mark.parametrize(
    "data",
    [b"no gzip", gzip.compress("é".encode("latin-1")), gzip.compress(b"x" * 99)[:20]],
    ids=["plain", "latin-1", "cut"],  # gzip puts the time into the bytes
)
def test_refuses_a_broken_file(tmp_path, data):
    (tmp_path / "judgments.tsv.gz").write_bytes(data)
    with pytest.raises(SourceError, match="not readable"):
        SOURCES["sigir2010"].read(tmp_path)


@pytest.mark.parametrize(("source", "text"), [("sigir2010", SIGIR.replace(" s", " x")), ("musav-arousal", MUSAV)])
def test_refuses_unknown_answers(folder, source, text):
    text = text.replace("p2 b", "p2 maybe")
    with pytest.raises(SourceError, match="answer must be"):
        SOURCES[source].read(folder(judgments__tsv=text, pairwise_votes__tsv=text))
