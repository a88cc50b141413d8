"""What reports say in English of how participants judged."""

ENGLISH_REVIEW = {
    "review": "How participants judged",
    "checks_taken": "Hidden checks taken: {taken}, failed: {failed}.",
    "nobody_flagged": "Nobody of the {participants} participants is flagged.",
    "some_flagged": (
        "Participants flagged: {flagged} of {participants}, with {left_out} of the {judgments} judgments ({reasons}). "
        "A flag is a question to a person; nobody is left out of this report's other figures."
    ),
    "flag_checks": "hidden checks failed",
    "flag_side": "a preference for one side",
    "flag_one_answer": "one answer nearly always",
    "flag_fast": "faster than anybody can listen",
    "flag_chance": "a failed check and judgments like coin flips",
    "flag_against": "against the others, with a sign of a side or of haste",
    "same_top": "Without them the same system stands highest.",
    "other_top": "Without them another system stands highest.",
    "no_top": "With and without them there are no joint ratings to compare.",
    "pair_with": "With everybody, {a} against {b}: win rate {rate} ({interval}), p (Holm) {p}.",
    "pair_without": "Without the flagged, {a} against {b}: win rate {rate} ({interval}), p (Holm) {p}.",
    "with_and_without": "Ratings with everybody and without the flagged",
    "rating_with": "Rating, everybody",
    "rating_without": "Rating, without the flagged",
    "review_note": "Both by the same model and seed.",
}
