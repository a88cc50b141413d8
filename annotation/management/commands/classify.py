"""Tell the types of queries: one per line in, one JSON object per line out."""

import codecs
import json
import os
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from annotation.classifier.errors import ClassifierError
from annotation.classifier.prediction import QueryType
from annotation.classifier.reading import LINE_LIMIT, decode
from annotation.classifier.registry import load_classifier
from playoff.common.commands import PlayoffCommand


class Command(PlayoffCommand):
    help = "Read one query per line on standard input, write its type as JSON, one line each."
    input_errors = (ClassifierError,)
    requires_system_checks = []  # reads a folder and standard input; no database

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--model", required=True, type=Path, metavar="MODEL_DIR", help="a trained classifier")

    def handle(self, *args: Any, **options: Any) -> None:
        classifier = load_classifier(Path(options["model"]))
        try:
            for text in _texts(sys.stdin.buffer):
                (query_type,) = classifier.classify([text])
                self.stdout.write(_as_json(text, query_type))
                self.stdout.flush()  # whoever asks line by line waits for the answer
        except BrokenPipeError:
            # the reader has all it wanted; the interpreter must not try the pipe again on its way out
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _texts(stream: BinaryIO) -> Iterator[str]:
    """Yield every line; an empty one is a query too, so that answers stay in step with lines."""
    number = 0
    while raw := stream.readline(LINE_LIMIT + 1):
        number += 1
        place = f"Standard input, line {number}"
        if len(raw) > LINE_LIMIT:
            raise ClassifierError(f"{place} is longer than {LINE_LIMIT} bytes; split or shorten it.")
        yield decode(place, raw.removeprefix(codecs.BOM_UTF8) if number == 1 else raw)


def _as_json(text: str, query_type: QueryType) -> str:
    answer = {
        "text": text,
        "category": query_type.category,
        "categories": query_type.probabilities,
        "alpha": query_type.alpha,
    }
    return json.dumps(answer, ensure_ascii=False, allow_nan=False)
