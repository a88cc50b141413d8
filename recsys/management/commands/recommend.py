"""`manage.py recommend SYSTEM --model MODEL_DIR --query TEXT`."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from playoff.common.commands import PlayoffCommand, output_file, whole_number
from recsys.core.artifacts import verify
from recsys.core.devices import DEVICES
from recsys.core.errors import RecsysError
from recsys.core.registry import entry
from recsys.recommenders.track_list import TrackList
from recsys.services.recommendations import load_recommender, recommend
from recsys.training.text import sound


class Command(PlayoffCommand):
    help = "Ask a trained system for tracks."
    input_errors = (RecsysError,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("system", metavar="SYSTEM")
        parser.add_argument("--model", type=Path, required=True, metavar="MODEL_DIR")
        parser.add_argument("--query", required=True, metavar="TEXT")
        parser.add_argument("--listener", metavar="ID", help="whose taste counts; an unknown listener has none")
        parser.add_argument("--k", type=whole_number(at_least=1), default=20)
        parser.add_argument("--device", choices=DEVICES, default="cpu")
        parser.add_argument("--json", type=output_file, metavar="PATH", help="write the result as JSON; - for stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        system, model = options["system"], options["model"]
        entry(system)
        verify(model, slug=system)
        load_recommender(model, device=options["device"])
        started = time.perf_counter()
        ranked = recommend(
            directory=model,
            query=options["query"],
            listener=options["listener"],
            k=options["k"],
            device=options["device"],
        )
        seconds = time.perf_counter() - started
        catalogue = TrackList.load(model)
        rows = [catalogue.rows[track_id] for track_id in ranked.tracks]
        tracks: list[dict[str, Any]] = [
            {
                "id": catalogue.ids[row],
                "title": catalogue.titles[row],
                "artists": catalogue.artists[row],
                "score": score,
            }
            for row, score in zip(rows, ranked.scores, strict=True)
        ]
        if options["json"] is not None:
            listener = options["listener"]
            result = {
                "system": system,
                "query": sound(options["query"]),
                "listener": None if listener is None else sound(listener),
            }
            self.write_json(result | {"seconds": seconds, "tracks": tracks}, options["json"])
        if options["json"] is None or str(options["json"]) != "-":
            for place, track in enumerate(tracks, start=1):
                self.stdout.write(
                    f"{place:>3}  {track['title']} — {', '.join(track['artists'])}  ({track['score']:.6g})"
                )
