"""The page of one evaluation: one file, from the JSON of a result alone. Core: no Django."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from recsys.offline.breakdown import METRICS, TESTED
from recsys.offline.page.numbers import Writer
from recsys.offline.page.plots import METRICS as PLOTTED
from recsys.offline.page.plots import forest
from recsys.offline.page.tables import gains_table, group_title, groups_table, pair, systems_table, tests_table
from recsys.offline.results import DEFINED

Result = Mapping[str, Any]


def offline_page(result: Result, *, language: str = "en", styles: str = "") -> str:
    """Return the page as HTML that needs nothing beside it.

    Args:
        result: as `results.as_json` makes it; the per-query values are not read.
        language: `en` or `ru`.
        styles: CSS to put into the page.
    """
    writer = Writer(language)
    body = "".join(
        [
            *_head(result, writer),
            *_cautions(result, writer),
            *_table(result, writer),
            *_plots(result, writer),
            *_tests(result, writer),
            *_gains(result, writer),
            *_breakdowns(result, writer),
            *_methods(result, writer),
        ]
    )
    title = f"{writer.word('title')}: {_dataset(result)}"
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title} · Playoff</title>\n'
        f'<style>{styles}</style>\n</head>\n<body>\n<main><article class="report offline">{body}</article></main>\n'
        "</body>\n</html>\n"
    )


def _dataset(result: Result) -> str:
    return escape(f"{result['dataset']['name']} {result['dataset']['version']}")


def _head(result: Result, writer: Writer) -> Iterator[str]:
    about = result["dataset"]
    subtitle = writer.word(
        "subtitle",
        dataset=f"{about['name']} {about['version']}",
        split=result["split"],
        queries=result["queries"],
        tracks=about["tracks"],
        seed=result["seed"],
    )
    left = result["left_out"]
    excluded = len(left["seen_titles"]) if result["settings"]["seen_titles"] == "exclude" else 0
    shown = (
        ("queries", str(result["queries"])),
        ("with_listener", str(result["with_listener"])),
        ("relevant", writer.number(result["relevant_per_query"], 1)),
        ("systems", str(len(result["systems"]))),
        ("left_out", str(excluded + left["nothing_relevant"] + left["beyond_limit"])),
    )
    yield f'<header class="report-head"><h1>{writer.word("title")}</h1><p class="soft">{subtitle}</p></header>'
    yield '<dl class="headline block">'
    yield from (f"<div><dt>{writer.word(key)}</dt><dd>{value}</dd></div>" for key, value in shown)
    yield "</dl>"


def _cautions(result: Result, writer: Writer) -> Iterator[str]:
    if not result["warnings"]:
        return
    sentences = "".join(f"<li>{writer.word(one['code'], **one['values'])}</li>" for one in result["warnings"])
    yield f'<section class="warnings block"><h2>{writer.word("before")}</h2><ul>{sentences}</ul></section>'


def _section(key: str, writer: Writer, note: str = "") -> str:
    return f"<h2>{writer.word(key)}</h2>" + (f'<p class="soft">{note}</p>' if note else "")


def _table(result: Result, writer: Writer) -> Iterator[str]:
    methods = result["methods"]
    note = writer.word(
        "table_note",
        queries=result["queries"],
        interval=methods["interval"],
        replicates=methods["replicates"],
        seed=result["seed"],
    )
    yield f'<section class="block">{_section("table", writer, note)}{systems_table(result, writer)}</section>'


def _plots(result: Result, writer: Writer) -> Iterator[str]:
    panels = "".join(forest(result["systems"], metric, writer) for metric in PLOTTED)
    yield f'<section class="block">{_section("plots", writer)}<div class="panels">{panels}</div></section>'


def _tests(result: Result, writer: Writer) -> Iterator[str]:
    methods = result["methods"]
    note = writer.word(
        "tests_note",
        queries=result["queries"],
        test=_test(result, writer),
        comparisons=methods["comparisons"],
        flips=methods["flips"],
    )
    yield f'<section class="block">{_section("tests", writer, note)}'
    if not any(test["t"] for test in result["tests"]):
        yield f'<p class="note">{writer.word("no_tests")}</p>'
    metrics = list(dict.fromkeys(test["metric"] for test in result["tests"]))
    for metric in sorted(metrics, key=lambda name: name != TESTED):
        table = tests_table([test for test in result["tests"] if test["metric"] == metric], writer)
        opened = " open" if metric == TESTED else ""
        words = writer.word("all_pairs", metric=metric)
        yield f'<details class="fold"{opened}><summary>{words}</summary>{table}</details>'
    yield "</section>"


def _gains(result: Result, writer: Writer) -> Iterator[str]:
    if result["reranking"]:
        note = writer.word("gains_note")
        table = gains_table(result["reranking"], writer)
        yield f'<section class="block">{_section("gains", writer, note)}{table}</section>'


def _breakdowns(result: Result, writer: Writer) -> Iterator[str]:
    for by in ("personalised", "category", "language", "origin"):
        groups = result["breakdown"].get(by)
        if not groups:
            continue
        made = max((test["comparisons"] for group in groups for test in group["tests"]), default=0)
        note = writer.word(
            "breakdown_note", metric="nDCG@10", fewest=result["methods"]["fewest_clusters"], comparisons=made
        )
        label = writer.word(f"by_{by}")
        yield f'<section class="block">{_section(f"by_{by}", writer, note)}'
        yield groups_table(groups, TESTED, writer, label=label)
        yield _standing_out(groups, writer) if made else ""
        for metric in METRICS:
            if metric != TESTED:
                table = groups_table(groups, metric, writer, label=label)
                yield f'<details class="fold"><summary>{writer.metric(metric)}</summary>{table}</details>'
        yield "</section>"
    if not result["classifier"]["source"]:
        yield f'<p class="note block">{writer.word("no_classifier", note=result["classifier"]["note"])}</p>'


def _standing_out(groups: list[dict[str, Any]], writer: Writer) -> str:
    found = [(group, test) for group in groups for test in group["tests"] if test["significant"]]
    if not found:
        return f'<p class="soft after">{writer.word("none_differ")}</p>'
    items = "".join(
        f"<li>{group_title(group, writer)}: {pair(test, writer)}, {writer.number(test['difference'], sign=True)}"
        f' <span class="soft">({writer.interval(test["ci"], sign=True)};'
        f" p {writer.p(test['t']['p_bonferroni'])})</span></li>"
        for group, test in found
    )
    return f'<p class="after">{writer.word("differ")}</p><ul class="found">{items}</ul>'


def _methods(result: Result, writer: Writer) -> Iterator[str]:
    yield f'<section class="block method">{_section("methods", writer)}<dl>'
    for key, text in (*_how(result, writer), *_definitions(writer)):
        yield f"<div><dt>{key}</dt><dd>{text}</dd></div>"
    yield "</dl></section>"


def _how(result: Result, writer: Writer) -> Iterator[tuple[str, str]]:
    left, methods, types = result["left_out"], result["methods"], result["classifier"]
    yield (
        writer.word("m_data"),
        writer.word(
            "m_data_text",
            split=result["split"],
            dataset=f"{result['dataset']['name']} {result['dataset']['version']}",
            fingerprint=result["dataset"]["fingerprint"][:12],
            seen=len(left["seen_titles"]) if result["settings"]["seen_titles"] == "exclude" else 0,
            joined=left["joined_titles"],
            empty=left["nothing_relevant"],
        ),
    )
    origins: dict[str, list[str]] = {}
    for system in result["systems"]:
        origins.setdefault(system["origin"], []).append(system["system"])
    made = " ".join(
        writer.word(f"origin_{origin}", systems=", ".join(names), seed=result["seed"])
        for origin, names in origins.items()
    )
    depth = writer.word("m_rank_text", depth=result["depth"])
    yield writer.word("m_rank"), f"{depth} {made}"
    yield (
        writer.word("m_interval"),
        writer.word(
            "m_interval_text",
            replicates=methods["replicates"],
            seed=result["seed"],
            clusters=result["clusters"],
            queries=result["queries"],
        ),
    )
    words = {"test": _test(result, writer), "comparisons": methods["comparisons"], "flips": methods["flips"]}
    yield writer.word("m_test"), writer.word("m_test_text", **words)
    if types["source"]:
        source = writer.plain(f"source_{types['source']}", system=types.get("system", ""))
        yield writer.word("m_kind"), writer.word("m_kind_text", kind=types["kind"], source=source)
    yield writer.word("m_code"), escape(result["code_version"])


def _definitions(writer: Writer) -> Iterator[tuple[str, str]]:
    names = {"mrr": "mrr", "artist_entropy": writer.word("entropy"), "coverage": writer.word("coverage")}
    names["ms_per_query"] = writer.word("ms")
    for name in DEFINED:
        yield names.get(name, f"{name}@k"), writer.word(f"define_{name}")


def _test(result: Result, writer: Writer) -> str:
    clustered = result["clusters"] < result["queries"]
    return writer.plain("test_clustered" if clustered else "test_paired")
