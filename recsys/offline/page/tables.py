"""The tables of the page."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from recsys.offline.page.numbers import NONE, Writer, small
from recsys.offline.words import WORDS

FIRST = ("hits@10", "success@10", "recall@10", "recall@100", "ndcg@10", "ndcg@100", "mrr")
Rows = Iterable[str]


def framed(head: str, rows: Rows, *, label: str, css: str = "") -> str:
    """A table in a card that scrolls on its own where it is wider than the page."""
    return (
        f'<div class="card table-card"><div class="table-scroll" tabindex="0" role="group" aria-label="{label}">'
        f'<table class="{css}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table></div></div>'
    )


def column(text: str, sub: str = "") -> str:
    return f'<th scope="col" class="number">{text}{small(sub) if sub else ""}</th>'


def row_head(text: str, sub: str = "") -> str:
    return f'<th scope="row">{text}{small(sub) if sub else ""}</th>'


def cell(text: str, sub: str = "", *, strong: bool = False) -> str:
    shown = f"<strong>{text}</strong>" if strong else text
    return f'<td class="number">{shown}{small(sub) if sub else ""}</td>'


def systems_table(result: Mapping[str, Any], writer: Writer) -> str:
    """Every system with every metric; the best of a column is bold."""
    systems = result["systems"]
    names = [*FIRST, *(name for name in systems[0] if "@" in name and name not in FIRST and "precision" not in name)]
    best = {name: max(system[name]["value"] for system in systems) for name in names}
    head = f'<th scope="col">{writer.word("system")}</th>' + "".join(map(column, map(escape, names)))
    head += column(writer.word("entropy"), writer.word("bits")) + column(writer.word("coverage"))
    head += column(writer.word("ms"), writer.word("ms_sub"))
    rows = []
    for system in systems:
        cells = [
            cell(
                writer.number(system[name]["value"]),
                writer.interval(system[name]["ci"]),
                strong=best[name] > 0 and system[name]["value"] == best[name],
            )
            for name in names
        ]
        entropy = system["artist_entropy"]
        cells.append(cell(writer.number(entropy["value"], 2), writer.interval(entropy["ci"], 2)))
        cells.append(cell(writer.number(system["coverage"]["value"])))
        cells.append(cell(*_times(system["ms_per_query"], writer)))
        mark = ' class="floor"' if system["floor"] else ""
        rows.append(f"<tr{mark}>{row_head(escape(system['system']), system['fingerprint'][:8])}{''.join(cells)}</tr>")
    return framed(head, rows, label=writer.word("table"), css="systems-table")


def tests_table(tests: Sequence[Mapping[str, Any]], writer: Writer) -> str:
    """One row for each pair of one metric."""
    head = f'<th scope="col">{writer.word("pair")}</th>' + "".join(
        column(writer.word(key)) for key in ("difference", "p_t", "p_flip")
    )
    rows = []
    for test in tests:
        cells = difference(test, writer) + cell(
            writer.p(None if test["t"] is None else test["t"]["p_bonferroni"]),
            "" if test["t"] is None else f"t({test['t']['df']}) = {writer.number(test['t']['statistic'], 2)}",
        )
        cells += cell(writer.p(None if test["sign_flip"] is None else test["sign_flip"]["p_bonferroni"]))
        rows.append(f"<tr>{row_head(pair(test, writer))}{cells}</tr>")
    return framed(head, rows, label=writer.word("tests"), css="pairs")


def gains_table(gains: Sequence[Mapping[str, Any]], writer: Writer) -> str:
    """What re-ranking gains in both halves of the queries."""
    head = f'<th scope="col">{writer.word("pair")}</th>' + "".join(
        column(writer.word(key)) for key in ("personalised", "other", "contrast")
    )
    rows = []
    for gain in gains:
        names = {"a": gain["system"], "b": gain["over"]}
        halves = "".join(_half(gain[half], writer) for half in ("personalised", "other"))
        contrast = gain["contrast"]
        last = (
            cell(NONE)
            if contrast is None
            else cell(
                writer.number(contrast["value"], sign=True), writer.interval(contrast["ci"], sign=True),
                strong=_clear(contrast["ci"]),
            )
        )  # fmt: skip
        rows.append(f"<tr>{row_head(pair(names, writer), escape(gain['metric']))}{halves}{last}</tr>")
    return framed(head, rows, label=writer.word("gains"), css="pairs")


def groups_table(groups: Sequence[Mapping[str, Any]], metric: str, writer: Writer, *, label: str) -> str:
    """One row for each group of queries, one column for each system; the best of a row is bold."""
    systems = list(groups[0]["systems"])
    head = f'<th scope="col">{writer.word("group")}</th>' + "".join(column(escape(name)) for name in systems)
    rows = []
    for group in groups:
        best = max(figures[metric]["value"] for figures in group["systems"].values())
        cells = "".join(
            cell(
                writer.number(group["systems"][name][metric]["value"]),
                writer.interval(group["systems"][name][metric]["ci"]),
                strong=best > 0 and group["systems"][name][metric]["value"] == best,
            )
            for name in systems
        )
        size = f"n = {group['n']}" + (f" · {writer.word('small')}" if group["small"] else "")
        rows.append(f"<tr>{row_head(group_title(group, writer), size)}{cells}</tr>")
    return framed(head, rows, label=label, css="groups-table")


def group_title(group: Mapping[str, Any], writer: Writer) -> str:
    if group["titles"]:
        return escape(group["titles"].get(writer.language) or group["group"])
    return writer.word(group["group"]) if group["group"] in WORDS else escape(group["group"])


def pair(names: Mapping[str, Any], writer: Writer) -> str:
    return f'{escape(names["a"])} <span class="versus">{writer.word("versus")}</span> {escape(names["b"])}'


def difference(test: Mapping[str, Any], writer: Writer) -> str:
    return cell(
        writer.number(test["difference"], sign=True),
        writer.interval(test["ci"], sign=True),
        strong=bool(test["significant"]),
    )


def _half(test: Mapping[str, Any] | None, writer: Writer) -> str:
    if test is None:
        return cell(NONE)
    p = "" if test["t"] is None else f"; p {writer.p(test['t']['p_bonferroni'])}"
    return cell(
        writer.number(test["difference"], sign=True),
        f"{writer.interval(test['ci'], sign=True)}{p}; n = {test['n']}",
        strong=bool(test["significant"]),
    )


def _clear(ci: Sequence[float] | None) -> bool:
    return ci is not None and (ci[0] > 0 or ci[1] < 0)


def _time(milliseconds: float | None, writer: Writer) -> str:
    return writer.number(milliseconds, 2 if milliseconds is not None and milliseconds < 10 else 0)


def _times(timing: Mapping[str, Any] | None, writer: Writer) -> tuple[str, str]:
    if timing is None:
        return NONE, ""
    median, tail, batch = (_time(timing[name], writer) for name in ("p50", "p95", "batch_of_32"))
    return median, f"{tail}; {batch}"
