"""The card of a data set folder: README.md with the header that the Hugging Face `datasets` library reads."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from annotation.export.description import AgreementFigure, Description
from annotation.export.tally import GoldCounts, VoteCounts

SPLITS = ("train", "validation", "test")

_CARD = """\
---
pretty_name: {title_json}
license: {licence_json}
language: {languages_json}
task_categories: ["text-classification"]
size_categories: ["{size}"]
configs:
{configs}
---

# {title}

Queries for music, each with the category that people gave it.
Version `{version}`, state of {state_at}, licence {licence}.

```python
from datasets import load_dataset

gold = load_dataset("PATH_OF_THIS_FOLDER", "gold")  # one label per query: train, validation, test
votes = load_dataset("PATH_OF_THIS_FOLDER", "votes", split="votes")  # one label per query and annotator
```

## What is in it

| file | rows |
|---|---:|
{files}
| `taxonomy.json` | the categories: titles, definitions, examples |
| `manifest.json` | sha256 of every file, content hashes |

### Gold labels by category

{categories}

### Gold labels by language

{languages}

### Gold labels by what put the query into the queue

{origins}

Figures of a test are honest on queries that chance put into the queue (`random`); others were picked because a
classifier found them hard or unusual.

### How the gold labels were reached

{sources}

{methods}

### Votes

{votes}

## How far the annotators agree

{agreement}

## How it was made

{made}

A query's split is drawn from its family alone, which it shares with its near-duplicates: a family is in one split, and
stays there when queries are added.

## Mind

{limits}

## The same again

The content hash of the gold labels is `{gold_hash}`, that of the votes `{votes_hash}`.
It is the sha256 of the rows as JSON lines: keys in the order of the columns, no spaces, UTF-8, numbers in their
shortest exact form; votes in the order of their file, gold labels of all three files together in the order of their
query ids by code point.
The same labels give the same hash, whatever wrote them; the same labels and version of pyarrow give the same bytes.
"""
_LIMITS = (
    "Annotators are known by pseudonyms. Texts may be listeners' own words; do not try to find out whose.",
    "The votes cover the test queries too: do not train on votes and test on gold without leaving those out.",
    "Where annotators had differed, `probability` says how sure the gold label is; `votes_by_category` keeps the rest.",
)


def card(
    description: Description,
    *,
    rows: Mapping[str, int],
    gold: GoldCounts,
    votes: VoteCounts,
    gold_hash: str,
    votes_hash: str,
) -> str:
    """README.md of the folder.

    Args:
        rows: of each data file that is there, by its path in the folder.
    """
    languages = sorted({language for language, _ in gold.languages} | set(votes.languages))
    origins = sorted({origin for origin, _ in gold.origins})
    taxonomy = f"version {_line(description.taxonomy.get('version', '?'))} of the taxonomy"
    made = [*description.made, f"Labelled with {taxonomy} `{_line(description.taxonomy.get('slug', '?'))}`."]
    return _CARD.format(
        title=_line(description.title),
        title_json=_scalar(_line(description.title)),
        version=_line(description.version),
        state_at=_line(description.state_at),
        licence=_line(description.licence),
        licence_json=_scalar(_line(description.licence)),
        languages_json=_scalar(languages),
        size=_size(gold.splits.total() or votes.annotators.total()),
        configs=_configs(rows),
        files="\n".join(f"| `{path}` | {number} |" for path, number in rows.items()),
        categories=_by_split("category", gold.categories, _category_names(description.taxonomy, gold)),
        languages=_by_split("language", gold.languages, dict.fromkeys(languages, "")),
        origins=_by_split("origin", gold.origins, dict.fromkeys(origins, "")),
        sources=_counts("source", gold.sources),
        methods=_counts("method", gold.methods),
        votes=_votes(votes),
        agreement=_agreement(description.agreement),
        made="\n\n".join(made),
        limits="\n".join(f"- {_line(limit)}" for limit in (*_LIMITS, *description.limits)),
        gold_hash=gold_hash,
        votes_hash=votes_hash,
    )


def _configs(rows: Mapping[str, int]) -> str:
    gold = [split for split in SPLITS if f"data/gold-{split}.parquet" in rows]
    lines = []
    if gold:
        lines += ["- config_name: gold", "  default: true", "  data_files:"]
        lines += [f"  - split: {split}\n    path: data/gold-{split}.parquet" for split in gold]
    if "data/votes.parquet" in rows:
        lines += ["- config_name: votes", "  data_files:", "  - split: votes\n    path: data/votes.parquet"]
    return "\n".join(lines)


def _by_split(what: str, counts: Counter[tuple[str, str]], names: Mapping[str, str]) -> str:
    rows = [f"| {what} | {' | '.join(SPLITS)} | all |", "|---" + "|---:" * (len(SPLITS) + 1) + "|"]
    for key, title in names.items():
        numbers = [counts[key, split] for split in SPLITS]
        shown = (f"`{_line(key)}`" if key else "not given") + (f" {_line(title)}" if title else "")
        rows.append(f"| {shown} | {' | '.join(map(str, numbers))} | {sum(numbers)} |")
    return "\n".join(rows)


def _counts(what: str, counts: Counter[str]) -> str:
    rows = [f"| {what} | queries |", "|---|---:|"]
    return "\n".join([*rows, *(f"| {_line(name)} | {number} |" for name, number in sorted(counts.items()))])


def _category_names(taxonomy: Mapping[str, Any], gold: GoldCounts) -> dict[str, str]:
    """Titles by slug: the taxonomy's categories in its order, then those of older versions that it lacks."""
    names = {}
    for category in taxonomy.get("categories", ()):
        titles = category.get("title") or {}
        names[str(category["slug"])] = str(titles.get("en") or next(iter(titles.values()), ""))
    return names | dict.fromkeys(sorted({slug for slug, _ in gold.categories} - names.keys()), "")


def _votes(votes: VoteCounts) -> str:
    kinds = ", ".join(f"{number} of {kind}" for kind, number in sorted(votes.kinds.items())) or "none"
    versions = ", ".join(
        f"{number} under version {version} of `{slug}`" for (slug, version), number in sorted(votes.taxonomies.items())
    )
    sentences = [f"{votes.annotators.total()} votes by {len(votes.annotators)} annotators: {kinds}."]
    if versions:
        sentences.append(f"By taxonomy: {versions}.")
    sentences.append(
        f"{votes.surplus} came after their query had all it wanted and count for nothing (`surplus`); before "
        f"{votes.guessed} a classifier's guess was on show (`guess`)."
    )
    return "\n".join(sentences)


def _agreement(figures: Mapping[str, AgreementFigure]) -> str:
    if not figures:
        return "It was not measured."
    rows = ["| measure | value | 95 % interval | queries | votes |", "|---|---:|---:|---:|---:|"]
    for name, figure in figures.items():
        interval = "" if figure.low is None or figure.high is None else f"{figure.low:.3f} to {figure.high:.3f}"
        value = f"undefined: {_line(figure.reason)}" if figure.value is None else f"{figure.value:.3f}"
        rows.append(f"| {_line(name)} | {value} | {interval} | {figure.n_items} | {figure.n_votes} |")
    return "\n".join(rows)


def _size(rows: int) -> str:
    names = ("n<1K", "1K<n<10K", "10K<n<100K", "100K<n<1M", "1M<n<10M")
    return next((name for power, name in enumerate(names, 3) if rows < 10**power), "10M<n<100M")


def _line(text: object) -> str:
    """The text on one line, fit for a cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def _scalar(value: str | Iterable[str]) -> str:
    """JSON, which YAML reads."""
    return json.dumps(value, ensure_ascii=False)
