"""The paragraph on methods for a paper, written from the figures of one analysis: what was run and nothing else."""

from collections.abc import Iterator
from typing import Any

from evaluation.reporting.figures import NONE, decimal, p_phrase, percent
from evaluation.reporting.method_names import in_words
from evaluation.reporting.methods_words import SENTENCES

Report = dict[str, Any]
MOST_NAMES = 8


def methods_text(report: Report, language: str = "en") -> str:
    """The paragraph, then the works it cites, a line each.

    Args:
        report: the JSON of `analyze`; of a study it also has `study`, which was blind and drew its sides at random.
        language: `en` or `ru`.
    """
    said = SENTENCES[language]
    if not report["judgments"]:
        return said["nothing"] + "\n"
    paragraph = " ".join(_sentences(report, language))
    return paragraph + "\n\n" + "\n".join(_references(report)) + "\n"


def methods_paragraph(report: Report, language: str = "en") -> str:
    """The paragraph alone."""
    return methods_text(report, language).partition("\n")[0]


def _sentences(report: Report, language: str) -> Iterator[str]:
    said = SENTENCES[language]
    yield _judged(report, language)
    yield from _rated(report, language)
    yield said["win_rate" if report["participants"] is not None else "win_rate_by_judgment"]
    yield from _tested(report, language)
    yield from _sides(report, language)
    yield said["elo"].format(start=f"{report.get('elo_start', 1500):g}", k=f"{report['elo_k']:g}")
    yield said["draws"].format(seed=report["seed"], replicates=report["replicates"])
    if software := report.get("software"):
        named = ", ".join(f"{name} {version}" for name, version in software.items())
        yield said["software"].format(named=named)


def _judged(report: Report, language: str) -> str:
    said = SENTENCES[language]
    judged = [row["name"] for row in report["systems"] if row["judgments"]]
    names = f" ({', '.join(judged)})" if len(judged) <= MOST_NAMES else ""
    key = "judged_blind" if "study" in report else "judged"
    if report.get("study", {}).get("rehearsal"):
        key = "judged_rehearsal"
    return said[key if report["participants"] is not None else "judged_by_nobody_known"].format(
        systems=len(judged),
        names=names,
        participants=report["participants"],
        judgments=report["judgments"],
        ties=report["ties"],
        share=percent(report["ties"] / report["judgments"], language=language),
        pairs=len(report["pairs"]),
    )


def _rated(report: Report, language: str) -> Iterator[str]:
    said, model = SENTENCES[language], report["model"]
    yield said["model"].format(model=in_words(model["name"], language))
    if model.get("components"):
        yield said["apart"].format(groups=len(model["components"]))
        return
    if model.get("tie_parameter") is not None:
        name = {"nu": "ν", "kappa": "κ"}.get(model.get("tie_parameter_name") or "nu", "")
        yield said["tie_parameter"].format(name=name, value=decimal(model["tie_parameter"], 3, language=language))
    if model.get("penalised"):
        yield said["penalised"]
    interval = in_words(model.get("interval"), language)
    if report["participants"] is None:
        yield said["interval_by_judgment"].format(interval=interval)
    elif model.get("interval"):
        yield said["interval"].format(interval=interval, df=report["participants"] - 1)
    else:
        yield said["no_interval"]
    if any(row.get("rank_ci") for row in report["systems"]):
        yield said["ranks"]
    if tested := model.get("all_equal"):
        test = in_words(tested["test"], language)
        yield said["all_equal"].format(test=test, p=p_phrase(tested["p"], language=language))


def _tested(report: Report, language: str) -> Iterator[str]:
    if not report["pairs"]:
        return
    said = SENTENCES[language]
    tests = dict.fromkeys(in_words(row["by_participant"]["test"], language) for row in report["pairs"])
    if report["participants"] is None:
        yield said["no_participants"]
        return
    yield said["pairs"].format(test="; ".join(tests), pairs=len(report["pairs"]))
    reading = in_words(report["pairs"][0]["mann_whitney"]["reading"], language)
    yield said["mann_whitney"].format(reading=reading)


def _sides(report: Report, language: str) -> Iterator[str]:
    said, bias = SENTENCES[language], report["position_bias"]
    p = p_phrase(bias["p"], language=language)
    if p != f"p = {NONE}":
        drawn = said["sides_drawn"] if "study" in report else ""
        decisive = bias["first"] + bias["second"]
        yield (drawn + " " if drawn else "") + said["sides"].format(first=bias["first"], decisive=decisive, p=p)


def _references(report: Report) -> Iterator[str]:
    """What the paragraph cites; titles stay in their own language."""
    model = report["model"]["name"]
    if "Davidson" in model:
        yield "R. R. Davidson. On extending the Bradley-Terry model to accommodate ties. JASA 65(329), 1970."
    elif "Rao" in model:
        yield "P. V. Rao and L. L. Kupper. Ties in paired-comparison experiments. JASA 62(317), 1967."
    else:
        yield "R. A. Bradley and M. E. Terry. Rank analysis of incomplete block designs. Biometrika 39(3/4), 1952."
    interval = report["model"].get("interval") or ""
    if "CR3" in interval:
        yield "R. M. Bell and D. F. McCaffrey. Bias reduction in standard errors. Survey Methodology 28(2), 2002."
    if "CR1" in interval:
        yield "K.-Y. Liang and S. L. Zeger. Longitudinal data analysis using GLMs. Biometrika 73(1), 1986."
    if any(row.get("rank_ci") for row in report["systems"]):
        yield "M. Mogstad et al. Inference for ranks. Review of Economic Studies 91(1), 2024."
    yield "E. L. Korn and B. I. Graubard. Confidence intervals for proportions. Survey Methodology 24(2), 1998."
    if report["pairs"] and report["participants"] is not None:
        yield "R. A. Fisher. The Design of Experiments. 1935."
        yield "S. Holm. A simple sequentially rejective multiple test procedure. Scand. J. Statist. 6(2), 1979."
        yield "N. A. Obuchowski. Nonparametric analysis of clustered ROC curve data. Biometrics 53(2), 1997."
    yield "A. E. Elo. The Rating of Chessplayers, Past and Present. 1978."
