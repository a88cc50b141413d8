"""What each column of each file of a report means, its type and the values it can have."""

from collections.abc import Mapping, Sequence

from evaluation.reporting.codebook_columns import COLUMNS, FILES, INTERVALS, Meaning

UNKNOWN = Meaning("see docs/statistics.md", "text")


def codebook(files: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """An entry per column, in the order of the files and of their columns.

    Args:
        files: columns by the name of the file.

    Returns:
        `file`, `column`, `meaning`, `type` (text, integer, number or time) and `values` of each.
    """
    return [_entry(file, column) for file, columns in files.items() for column in columns]


def codebook_markdown(entries: Sequence[Mapping[str, str]]) -> str:
    """The codebook for readers, a table per file."""
    lines = [
        "# Codebook",
        "",
        (
            "Files are UTF-8 CSV with a header. An empty cell has no value. A text that a spreadsheet would "
            "take for a formula has an apostrophe before it. Intervals are 95 % and their unit is the "
            "participant."
        ),
    ]
    for file in dict.fromkeys(entry["file"] for entry in entries):
        lines += [
            "",
            f"## {file}",
            "",
            FILES.get(file, ""),
            "",
            "| column | meaning | type | values |",
            "|---|---|---|---|",
        ]
        for entry in entries:
            if entry["file"] == file:
                cells = (f"`{entry['column']}`", entry["meaning"], entry["type"], entry["values"])
                lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def meaning_of(file: str, column: str) -> Meaning | None:
    """What a column means; None where nobody has written it down."""
    own = COLUMNS.get(file, {})
    if column in own:
        return own[column]
    for end, said in (("_low", "lower"), ("_high", "upper")):
        base = column.removesuffix(end)
        if column.endswith(end) and base in INTERVALS:
            return Meaning(f"{said} end of the {INTERVALS[base]}", "integer" if base == "rank_ci" else "number")
    return COLUMNS[""].get(column)


def _entry(file: str, column: str) -> dict[str, str]:
    meaning = meaning_of(file, column) or UNKNOWN
    return {
        "file": file,
        "column": column,
        "meaning": meaning.text,
        "type": meaning.type,
        "values": meaning.values,
    }
