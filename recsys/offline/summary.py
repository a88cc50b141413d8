"""A result as lines of plain text: what the command prints."""

from collections.abc import Iterator, Mapping
from typing import Any

SHOWN = ("hits@10", "success@10", "recall@10", "recall@100", "ndcg@10", "ndcg@100", "mrr", "artist_entropy")


def summary(result: Mapping[str, Any]) -> list[str]:
    """The table, what differs after correction, and what was left out."""
    return list(_lines(result))


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    about = result["dataset"]
    yield (
        f"{about['name']} {about['version']} ({about['fingerprint'][:12]}), split {result['split']}:"
        f" {result['queries']} queries, seed {result['seed']}"
    )
    yield from _left_out(result["left_out"])
    for system in result["systems"]:
        if system["origin"] == "trained":
            yield f"  {system['system']}: trained for this run with seed {system['trained_with_seed']}"
    yield from (f"  ! {warning['text']}" for warning in result["warnings"])
    yield ""
    width = max(len(system["system"]) for system in result["systems"])
    yield f"{'':<{width}}" + "".join(f"{name:>15}" for name in (*SHOWN, "coverage", "ms"))
    for system in result["systems"]:
        timing = system["ms_per_query"]
        figures = [f"{system[name]['value']:.3f}" for name in (*SHOWN, "coverage")]
        figures.append("–" if timing is None else f"{timing['p50']:.1f}")
        yield f"{system['system']:<{width}}" + "".join(f"{cell:>15}" for cell in figures)
        ends = [_ends(system[name]["ci"]) for name in (*SHOWN, "coverage")]
        ends.append("" if timing is None else f"p95 {timing['p95']:.1f}")
        yield f"{'':<{width}}" + "".join(f"{cell:>15}" for cell in ends).rstrip()
    yield ""
    yield from _tests(result)


def _left_out(left_out: Mapping[str, Any]) -> Iterator[str]:
    titles = left_out["seen_titles"]
    if titles:
        shown = ", ".join(f"“{title}”" for title in titles[:5]) + (" …" if len(titles) > 5 else "")
        yield f"  {len(titles)} titles of the split stand over training playlists too: {shown}"
    for key, words in (
        ("joined_titles", "playlists joined to another of the same title"),
        ("nothing_relevant", "queries left out because none of their tracks is in the catalogue"),
        ("beyond_limit", "queries beyond --limit"),
    ):
        if left_out[key]:
            yield f"  {left_out[key]} {words}"


def _tests(result: Mapping[str, Any]) -> Iterator[str]:
    methods = result["methods"]
    tests = [test for test in result["tests"] if test["metric"] == "ndcg@10"]
    yield (
        f"ndcg@10, pair by pair ({methods['test']}; p after Bonferroni for {methods['comparisons']} comparisons;"
        f" {methods['interval']}, {methods['replicates']} replicates)"
    )
    for test in tests:
        sign = "*" if test["significant"] else " "
        p = test["note"] if test["t"] is None else _p(test["t"]["p_bonferroni"])
        ends = "" if test["ci"] is None else f" [{test['ci'][0]:+.4f}, {test['ci'][1]:+.4f}]"
        yield f"{sign} {test['a']} - {test['b']}: {test['difference']:+.4f}{ends}, {p}"


def _p(value: float) -> str:
    return "p < 0.0001" if value < 0.0001 else f"p = {value:.4f}"


def _ends(ci: list[float] | None) -> str:
    return "" if ci is None else f"{ci[0]:.3f}–{ci[1]:.3f}"
