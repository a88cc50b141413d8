"""Texts that nobody expects and everybody types: a classifier must answer each."""

ODD_TEXTS = [
    "",
    " ",
    "x" * 10_000,
    "бег " * 2_500,
    "🏃🏽‍♀️🎧",
    "\x00\x07\x1b[31m",
    "ランニング",
    "\ud800 run",
    "e\u0301" * 50,
    "<pad> [PAD] </s> [SEP]",
]
