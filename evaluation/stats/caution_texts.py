"""The sentences of cautions and notes, in English, and how what they name is written.

A door that speaks another language translates the template of a code and writes the values its own way.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from evaluation.stats.results import Caution, Note

LONGEST_LIST = 5  # names; a sentence with more is not read
LONGEST_PARTS = 300  # characters of all groups together


def _(text: str) -> str:
    """Mark a template for the translators, who find it by this name."""
    return text


TEXTS: Mapping[str, str] = {
    "flagged_same_top": _(
        "Participants flagged: %(flagged)s, with %(judgments)s of the %(total)s judgments; without them the same "
        "system stands highest."
    ),
    "flagged_other_top": _(
        "Participants flagged: %(flagged)s, with %(judgments)s of the %(total)s judgments; without them another system "
        "stands highest."
    ),
    "flagged_no_rating": _(
        "Participants flagged: %(flagged)s, with %(judgments)s of the %(total)s judgments; with and without them there "
        "is no joint rating to compare."
    ),
    "no_judgments": _("There are no judgments yet, so there is nothing to compute."),
    "no_participants": _(
        "The judgments do not say who made them, so each counts as if by somebody else: intervals are too narrow if "
        "people judged more than once, and there is no test by participant."
    ),
    "one_participant": _(
        "All judgments come from one participant, so there are no intervals and no test can be significant."
    ),
    "too_few_participants": _(
        "Only %(participants)s participants judged; with fewer than %(needed)s no participant-level test can reach "
        "5 %%, because p is at least 2/2^P, and intervals from so few people are rough."
    ),
    "few_participants": _(
        "Only %(participants)s participants judged; intervals and tests from so few people are rough."
    ),
    "few_participants_on_pair": _(
        "With fewer than %(needed)s participants no participant-level test can reach 5 %%, because p is at least "
        "2/2^P; this holds for pairs: %(count)s (%(pairs)s)."
    ),
    "large_share": _("One participant gave %(share)s of the judgments; the results lean on that person's taste."),
    "unanswered": _(
        "%(unanswered)s of the %(trials)s trials shown (%(share)s) were not answered; what people passed over may "
        "differ from what they judged."
    ),
    "peeking": _(
        "The results were looked at %(looks)s times while judgments came in. If each time could have ended the study, "
        "tests meant for one look raise about %(alarms)s false alarms, not 5 %%; fix the number of judgments "
        "beforehand, or rely on what is valid at any time."
    ),
    "never_judged": _("Nobody has judged %(systems)s yet, so there are no numbers for it."),
    "pairs_not_met": _(
        "Only %(met)s of the %(possible)s pairs of judged systems met directly; the others are compared through third "
        "systems alone."
    ),
    "single_bridge": _(
        "A single judgment between %(a)s and %(b)s is all that holds two parts of the systems on one scale; the "
        "ratings across them hang on it, and unless it is a tie only a penalty keeps their distance finite."
    ),
    "unequal_pairs": _(
        "Pairs were judged unequally often, from %(least)s (%(rarest)s) to %(most)s (%(commonest)s) times, which "
        "random pairing hardly gives; compare ratings, not win rates, and trust rarer pairs less."
    ),
    "disconnected": _(
        "The systems fall into %(count)s parts that no judgment connects (%(parts)s), so there is no joint "
        "Bradley–Terry rating or ranking, and Elo ratings must not be compared across the parts."
    ),
    "unbeaten": _(
        "No finite maximum-likelihood Bradley–Terry ratings exist, since no system of a higher group was ever beaten "
        "or tied by one of a lower: %(layers)s; they are held finite by a penalty of half a win and half a loss of "
        "each system against an average one; trust the order, not the distances."
    ),
    "all_ties": _(
        "No finite maximum-likelihood Bradley–Terry ratings exist, since every judgment is a tie; they are held finite "
        "by a penalty of half a win and half a loss of each system against an average one."
    ),
    "perfect_fit": _(
        "No finite maximum-likelihood Bradley–Terry ratings exist, since the few ties and wins fit together perfectly; "
        "they are held finite by a penalty of half a win and half a loss of each system against an average one; trust "
        "the order, not the distances."
    ),
    "infinite_in_groups": _(
        "In %(count)s of the %(groups)s groups of systems no finite maximum-likelihood Bradley–Terry ratings exist; "
        "they are held finite by a penalty of half a win and half a loss of each system against an average one; trust "
        "the order, not the distances."
    ),
    "fragile_groups": _(
        "In %(count)s of the %(groups)s groups of systems finite Bradley–Terry ratings hang on a single participant; a "
        "penalty held what is left without that one, so intervals there are rough."
    ),
    "fragile_fit": _(
        "In %(cases)s of the %(participants)s cases in which one participant is left out no finite Bradley–Terry "
        "ratings exist; a penalty held these, so their intervals are rough."
    ),
    "fragile_fit_by_judgment": _(
        "In %(cases)s of the %(judgments)s cases in which one judgment is left out no finite Bradley–Terry ratings "
        "exist; a penalty held these, so their intervals are rough."
    ),
    "identical_participants": _(
        "The participants do not differ from each other at all, so the intervals count each of them as a single "
        "judgment."
    ),
    "side_bias": _(
        "The side moved the choice more than chance allows: the playlist shown first won %(first)s times, the one "
        "shown second %(second)s times (p = %(p)s); compare each rating with the one adjusted for position."
    ),
    "sides_not_varied": _("The sides were not varied enough to tell a preference for a side from one for a system."),
    "mixed_zones": _(
        "%(zoneless)s of %(judgments)s times have no zone and were read as UTC beside others that have one."
    ),
    # notes
    "elo_order": _(
        "Elo depends on K, which nobody can read from the data, and on the order of the judgments: over random orders "
        "of these it varies by up to %(spread)s points (standard deviation). Rank by Bradley–Terry."
    ),
    "equal_times": _(
        "Judgments with the time of an earlier one: %(count)s; Elo took those of equal time in file order."
    ),
    "few_replicates": _(
        "Only %(replicates)s resamples were drawn, so the Elo intervals and the shares of first places are rough."
    ),
    # The rates of false alarms: 2 norm.sf(1.96 / sqrt(2)) = 16.6 %, 2 norm.sf(1.96 / sqrt(3 / 2)) = 11.0 %; for win
    # rates what simulated studies gave (docs/statistics.md).
    "mann_whitney_mirrored": _(
        "Mann–Whitney takes judgments as independent and here counts each one on both sides, so its p-values are too "
        "small (about 17 %% false alarms at 5 %%, more the more a participant judges); rely on the test by participant."
    ),
    "mann_whitney_all": _(
        "Mann–Whitney takes judgments as independent, and here those between the two systems stand in both samples, so "
        "its p-values are too small (about 11 %% false alarms at 5 %% with three systems, more the more a participant "
        "judges); rely on the test by participant."
    ),
    "mann_whitney_rates": _(
        "Mann–Whitney takes win rates as independent, and here those of one participant depend on each other, so its "
        "p-values are too small (15 to 19 %% false alarms at 5 %%); rely on the test by participant."
    ),
    "bh_explores": _(
        "p by Benjamini and Hochberg bounds only the share of false findings among those made: it is for exploring; "
        "quote Holm's."
    ),
    # of two studies
    "nothing_in_common": _(
        "No system has judgments in both studies, so there is no gap to compare; it takes two systems."
    ),
    "one_in_common": _(
        "Only %(system)s has judgments in both studies, so there is no gap to compare; it takes two systems."
    ),
    "no_common_scale": _(
        "In %(study)s no chain of judgments connects the common systems, so they have no common scale."
    ),
    "study_of_one_participant": _("All judgments of %(study)s come from one participant, so nothing can be tested."),
    "study_without_participants": _(
        "The judgments of %(study)s do not say who made them, so each counts as somebody else's."
    ),
    "judged_in_both": _(
        "Participants who judged in both: %(count)s. The tests take the two studies as independent; people who keep "
        "their taste make these intervals too wide rather than too narrow."
    ),
}


def caution(code: str, **values: Any) -> Caution:
    """A caution in English; `values` are what its template names."""
    return Caution(code, sentence(code, values), values)


def note(code: str, *, about: str, **values: Any) -> Note:
    """A note in English, with the numbers it concerns."""
    return Note(code, sentence(code, values), values, about)


def sentence(code: str, values: Mapping[str, Any]) -> str:
    return TEXTS[code] % {name: _written(name, value) for name, value in values.items()}


def _written(name: str, value: Any) -> str:
    if name in ("share", "alarms"):
        return f"{100 * value:.0f} %"
    if name == "p":
        return f"{value:.2g}"
    if name == "spread":
        return f"{value:.1f}"
    return listed(name, value)


def listed(name: str, value: Any) -> str:
    """What is written alike in every language: names, counts, lists of names, lists of groups of names."""
    if isinstance(value, str) or not isinstance(value, Sequence):
        return str(value)
    if name == "layers":
        return " above ".join("{" + _short(group) + "}" for group in value)
    if name == "parts":
        parts = " | ".join(_short(group) for group in value)
        return parts if len(parts) <= LONGEST_PARTS else "…"
    return _short(value)


def _short(names: Sequence[str]) -> str:
    return ", ".join([*names[:LONGEST_LIST], *(["…"] if len(names) > LONGEST_LIST else [])])
