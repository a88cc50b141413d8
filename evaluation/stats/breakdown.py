"""Results by a label of the judgments: for every label, and for the two halves that the labels fall into."""

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np

from evaluation.stats.arrays import FloatArray
from evaluation.stats.breakdown_results import Breakdown, Group, SystemShare
from evaluation.stats.errors import StatisticsError
from evaluation.stats.halves import LEAST_JUDGMENTS, LEAST_PARTICIPANTS, compare_halves, enough
from evaluation.stats.intervals import cluster_rate
from evaluation.stats.tables import JudgmentTable
from evaluation.stats.units import named

Label = Literal["category", "language", "tenure"]
WILSON = "Wilson on the effective number of judgments, t; the participant is the unit"
BOOTSTRAP = "t times the spread over resampled participants"


def break_down(
    table: JudgmentTable,
    *,
    by: Label,
    halves: Mapping[str, str],
    seed: int,
    replicates: int,
) -> Breakdown | None:
    """Count and rate by label and by half, and ask whether preferences differ between the halves.

    Win rates, intervals and tests are those of the main tables, of fewer judgments. There is none from fewer than 20
    judgments or 6 participants: it would be noise that looks like a finding.

    Args:
        table: of all judgments.
        by: the label.
        halves: label to half, for the labels that there could be, in the order wanted; two halves, or none at all.
        seed: of the draws.
        replicates: resamples of participants behind each difference.

    Returns:
        The breakdown; None where no judgment has the label.

    Raises:
        StatisticsError: `halves` names one half, or more than two.
    """
    names = tuple(dict.fromkeys(halves.values()))
    if len(names) not in (0, 2):
        raise StatisticsError(f"`halves` must name two halves or none, got {', '.join(map(repr, names))}.")
    labelled = table.labels.get(by)
    if labelled is None or not (seen := set(labelled.names) - {""}):
        return None
    labels = np.array(labelled.names, dtype=object)[labelled.of]
    half = np.array([halves.get(name, "") for name in labelled.names], dtype=object)[labelled.of]
    parts = [table.where(half == name) for name in names]
    pairs, contrasts, tests = compare_halves(table.where(labels != ""), parts, names, seed=seed, replicates=replicates)
    ordered = [label for label in halves if label in seen] + sorted(seen - halves.keys())
    unlabelled = int((labels == "").sum())
    in_no_half = int(((labels != "") & (half == "")).sum()) if names else 0
    return Breakdown(
        by=by,
        halves=names,
        least_judgments=LEAST_JUDGMENTS,
        least_participants=LEAST_PARTICIPANTS,
        interval=named(WILSON, table.unit),
        contrast=named(BOOTSTRAP, table.unit),
        tests=tests,
        unlabelled=unlabelled,
        in_no_half=in_no_half,
        never_asked=tuple(label for label in halves if label not in seen),
        by_half=tuple(_group(part, name, name) for part, name in zip(parts, names, strict=True)),
        values=tuple(_group(table.where(labels == label), label, halves.get(label)) for label in ordered),
        pairs=pairs,
        contrasts=contrasts,
        notes=tuple(_notes(by, len(table), unlabelled, in_no_half)) + ((WHY_HALVES_DIFFER[by],) if names else ()),
    )


def _group(table: JudgmentTable, value: str, half: str | None) -> Group:
    scores, judged = table.scores_by_participant()
    systems = tuple(_share(table, system, scores[:, system], judged[:, system]) for system in range(len(table.systems)))
    people = len(np.unique(table.participant))
    note = ""
    if all(share.win_rate is None for share in systems):
        note = (
            f"No system was judged {LEAST_JUDGMENTS} times by {LEAST_PARTICIPANTS} participants here, so there are no "
            f"rates (judgments: {len(table)}, participants: {people})."
            if table.unit == "participant"
            else f"No system was judged {LEAST_JUDGMENTS} times here, so there are no rates (judgments: {len(table)})."
        )
    return Group(
        value=value,
        half=half,
        judgments=len(table),
        participants=table.people(people),
        ties=int((table.score == 0.5).sum()),
        systems=systems,
        note=note,
    )


def _share(table: JudgmentTable, system: int, scores: FloatArray, judged: FloatArray) -> SystemShare:
    own = np.concatenate([table.score[table.first == system], 1.0 - table.score[table.second == system]])
    people = int((judged > 0).sum())
    rate = cluster_rate(scores, judged) if enough(len(own), people) else None
    return SystemShare(
        name=table.systems[system],
        judgments=len(own),
        participants=table.people(people),
        wins=int((own == 1.0).sum()),
        losses=int((own == 0.0).sum()),
        ties=int((own == 0.5).sum()),
        win_rate=rate.value if rate else None,
        win_rate_ci=rate.interval if rate else None,
        effective_judgments=rate.effective if rate else None,
    )


CHOSEN = (
    "Participants chose what to ask for, so the halves may differ in who asked as well as in what was asked; a "
    "difference between them is shown here, its cause is not."
)


STAYED = (
    "Only participants who went on judging are among the later judgments, so the halves may differ in "
    "who judged as well as in how practised they were; a difference between them is shown here, its "
    "cause is not."
)
WHY_HALVES_DIFFER: dict[Label, str] = {"category": CHOSEN, "language": CHOSEN, "tenure": STAYED}


def _notes(by: str, total: int, unlabelled: int, in_no_half: int) -> Iterator[str]:
    if unlabelled:
        yield f"{unlabelled} of {total} judgments have no {by}; the breakdown leaves them out."
    if in_no_half:
        yield f"{in_no_half} of {total} judgments have a {by} that belongs to neither half; they count by {by} alone."
