"""music-reco-ner: 2,551 requests from conversations, with the artists and works that people found named in them.

The set holds no tracks, and a data set needs some: a catalogue is named, and its tracks are taken over. All requests
become `queries.jsonl`, without a category, for nobody gave one. A request that names an artist of the catalogue becomes
a line of `requests.jsonl`, its relevant tracks those of the artists named. That is a stand-in: who asks for something
"similar to Radiohead" is not asking for Radiohead. The figures tell whether a system finds a name in a sentence.
"""

from collections import defaultdict
from pathlib import Path

from recsys.core.errors import SourceError
from recsys.data.dataset import Dataset, LabelledQuery, Request
from recsys.data.reading import read_dataset
from recsys.data.splits import Wish, split, title_key
from recsys.sources.imported import Counts, Imported, Wanted, language_of
from recsys.sources.tables import read_tsv

NAME = "music-reco-ner"
ARTIST = "Artist"
_QUERIES = ("dataset", "n", "original", "preprocessed")
_LINKED = ("dataset", "query", "mention", "type", "wikipedia_name")


def import_requests(folder: Path, wanted: Wanted) -> Imported:
    """Read the folder of the set as requests to the tracks of a catalogue."""
    if wanted.catalogue is None:
        raise SourceError(f"{NAME} holds no tracks; name a data set folder that does with --catalogue.")
    catalogue = read_dataset(wanted.catalogue)
    counts = Counts()
    tracks_by: dict[str, list[str]] = defaultdict(list)
    for track in catalogue.tracks:
        for artist in track.artists:
            tracks_by[title_key(artist)].append(track.id)
    named = _artists_named(folder, set(tracks_by), counts)
    queries, found = [], []
    for line in read_tsv(folder, "queries.tsv", _QUERIES):
        counts.read["requests"] += 1
        text, query_id = line.required("original"), f"ner-{line['dataset']}-{line['n']}"
        queries.append(LabelledQuery(query_id, text, language_of(text) or "en", ()))
        artists = named.get((line["dataset"], line["preprocessed"]), {})
        relevant = tuple(dict.fromkeys(track for artist in artists for track in tracks_by[artist]))
        if relevant:
            found.append((query_id, Wish(text, relevant)))
        else:
            counts.left_out["requests that name no artist of the catalogue: queries only"] += 1
    splits = split([wish for _, wish in found], seed=wanted.seed, val=wanted.val, test=0.0)
    dataset = Dataset(
        name=f"{NAME}-on-{catalogue.name}",
        version=f"b07d7a80-{catalogue.version}-seed-{wanted.seed}-val-{wanted.val:g}",
        licence=f"MIT for the requests; {catalogue.name}: {catalogue.licence}",
        source="deezer/music-ner-eacl2023 at b07d7a80 (MusicRecoNER): requests from conversations; relevant are the"
        f" tracks of the artists named, in the catalogue of {catalogue.name} {catalogue.version}.",
        languages=("en",),
        fingerprint="",
        tracks=catalogue.tracks,
        requests=tuple(
            # nothing is learned from them: what is not kept for choosing parameters is a test
            Request(query_id, (wish.text,), wish.tracks, split="val" if name == "val" else "test")
            for (query_id, wish), name in zip(found, splits, strict=True)
        ),
        queries=tuple(queries),
        tag_names=catalogue.tag_names,
        features=catalogue.features,
    )
    about = {"catalogue": {"name": catalogue.name, "version": catalogue.version, "fingerprint": catalogue.fingerprint}}
    return Imported(dataset, counts, about)


def _artists_named(folder: Path, known: set[str], counts: Counts) -> dict[tuple[str, str], dict[str, None]]:
    """(part, prepared text) to the keys of the artists named in it that the catalogue knows, in order."""
    named: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for line in read_tsv(folder, "ground_truth_linked.tsv", _LINKED):
        counts.read["entities linked"] += 1
        if line["type"] != ARTIST:
            counts.left_out["entities that are no artist"] += 1
            continue
        key = title_key(line["wikipedia_name"].replace("_", " ").partition(" (")[0]) or title_key(line["mention"])
        if key in known:
            named[line["dataset"], line["query"]][key] = None
        else:
            counts.left_out["artists named that the catalogue does not have"] += 1
    return named
