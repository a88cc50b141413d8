from pathlib import Path

from recsys.data.catalogue import decade, names_of, track_tags, track_text
from recsys.data.dataset import Track
from recsys.data.reading import read_dataset

TRACK = Track(
    id="t1",
    title="Waltz of the Flowers",
    other_titles=("Вальс цветов",),
    artists=("Berliner Philharmoniker",),
    album="The Nutcracker",
    year=1966,
    genres=("classical", "holiday"),
    moods=("happy",),
    themes=("holiday",),
    language="instrumental",
    energy=3,
    tempo="mid",
    vocals="none",
)
NAMES = {"classical": ("classical music", "orchestra", "tutti", "классика", "оркестр"), "happy": ("joyful", "весёлое")}


def test_decade():
    assert [decade(year) for year in (1920, 1989, 1990, 2025)] == ["1920s", "1980s", "1990s", "2020s"]


def test_tags_are_keys_of_tag_names_each_once():
    assert track_tags(TRACK) == (
        "classical",
        "holiday",
        "happy",
        "decade:1960s",
        "language:instrumental",
        "tempo:mid",
        "vocals:none",
        "energy:3",
    )
    assert track_tags(Track(id="t2", title="x", artists=("y",))) == ()


def test_names_are_limited_in_each_language():
    assert names_of("classical", NAMES) == NAMES["classical"]
    assert names_of("classical", NAMES, limit=1) == ("classical music", "классика")
    assert names_of("war-and-victory", {}) == ("war and victory",)
    assert names_of("decade:1960s", {}) == ("1960s",)


def test_text_tells_title_performer_and_tags_in_both_languages():
    assert track_text(TRACK, NAMES, limit=1) == (
        "Waltz of the Flowers / Вальс цветов. Berliner Philharmoniker. The Nutcracker. 1966. "
        "classical music, классика, holiday, joyful, весёлое, 1960s, instrumental, mid, none, 3"
    )
    assert track_text(Track(id="t2", title="Solo", artists=("A", "B"))) == "Solo. A, B"


def test_every_tag_of_the_sample_has_names_in_both_languages():
    sample = read_dataset(Path(__file__).parents[3] / "sample")
    used = {tag for track in sample.tracks for tag in track_tags(track)}
    assert used == set(sample.tag_names)
    for tag in used:
        english, russian = names_of(tag, sample.tag_names, limit=1)
        assert english != russian, tag
        assert len(sample.tag_names[tag]) >= 7, tag
        assert len(set(sample.tag_names[tag])) == len(sample.tag_names[tag]), tag
