import io
import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotation.intake.duplicates import near_key
from annotation.intake.errors import IntakeError
from annotation.intake.selection import drawn
from annotation.intake.staging import Staging

SECRET = b"a secret of the tests, 32 bytes."
TEXTS = st.sampled_from(["jazz", "Jazz!", "rock", "моё утро", "мое утро", "lofi", "pop"])
LOG = st.lists(st.tuples(st.none() | st.sampled_from(["u1", "u2", "u3"]), TEXTS), min_size=1, max_size=30)


def as_lines(log) -> bytes:
    return "\n".join(json.dumps({"user": user, "text": text}) for user, text in log).encode()


def expected(rows, per_user, drop_exact, drop_near) -> dict[int, str]:
    """The rules once more, in plain Python: reasons by row number."""
    fates: dict[int, str] = {}

    def first_of(key, reason, only_users):
        seen = set()
        for row in rows:
            if row.number in fates or (only_users and row.user is None):
                continue
            if key(row) in seen:
                fates[row.number] = reason
            seen.add(key(row))

    if drop_exact:
        first_of(lambda row: (row.user, row.text), "repeat", True)
    if drop_near:
        first_of(lambda row: (row.user, near_key(row.text)), "repeat", True)
    if per_user is not None:
        taken = Counter()
        named = [row for row in rows if row.user is not None and row.number not in fates]
        for row in sorted(named, key=lambda row: drawn(5, row.user, row.number)):
            taken[row.user] += 1
            if taken[row.user] > per_user:
                fates[row.number] = "user-cap"
    if drop_exact:
        first_of(lambda row: row.text, "exact-duplicate", False)
    if drop_near:
        first_of(lambda row: near_key(row.text), "near-duplicate", False)
    return fates


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(log=LOG, per_user=st.none() | st.integers(1, 3), drop_exact=st.booleans(), drop_near=st.booleans())
def test_choosing_is_what_the_rules_say(tmp_path, log, per_user, drop_exact, drop_near):
    with Staging(tmp_path / "log") as staging:
        staging.stage(io.BytesIO(as_lines(log)), secret=SECRET, seed=5, resume=False)
        staging.decide(per_user=None, drop_exact=False)
        rows = list(staging.kept_rows())
        assert [row.text for row in rows] == [text for _, text in log]
        staging.decide(per_user=per_user, drop_exact=drop_exact, drop_near=drop_near)
        kept = list(staging.kept_rows())
        fates = expected(rows, per_user, drop_exact, drop_near)
        assert [row.number for row in kept] == [row.number for row in rows if row.number not in fates]
        assert staging.report().dropped == dict(Counter(fates.values()))
        if per_user is not None:
            assert max(Counter(row.user for row in kept if row.user).values(), default=0) <= per_user


def keep(tmp_path, data: bytes, seed: int) -> list[str]:
    with Staging(tmp_path / "log") as staging:
        staging.stage(io.BytesIO(data), secret=SECRET, seed=seed, resume=False)
        staging.decide()
        return [row.text for row in staging.kept_rows()]


def test_a_seed_keeps_the_same_rows_and_draws_fairly(tmp_path):
    data = as_lines([(f"u{user}", f"{user} {number}") for user in range(400) for number in range(5)])
    assert keep(tmp_path, data, 1) == keep(tmp_path, data, 1) != keep(tmp_path, data, 2)
    places = Counter(text.split()[1] for text in keep(tmp_path, data, 1))
    # 160 of 400 expected of each place, standard deviation 10
    assert all(120 <= places[str(number)] <= 200 for number in range(5))


def test_a_text_is_not_lost_because_its_first_writer_has_enough(stage):
    log = [("u1", f"own {number}") for number in range(20)] + [("u1", "shared"), ("u2", "shared")]
    assert "shared" in [row.text for row in stage(as_lines(log), choice={"per_user": 1})]


def test_typing_the_same_again_does_not_use_up_the_share(stage):
    log = [("u1", "same")] * 10 + [("u1", "other")]
    assert [row.text for row in stage(as_lines(log), choice={"per_user": 2})] == ["same", "other"]


def test_ids_that_stand_twice(stage, staging):
    rows = stage("id,text\na,one\na,two\nb,three\na,one\n")
    assert [(row.id, row.text) for row in rows] == [("a", "one"), ("b", "three")]
    assert staging.report().dropped == {"id-twice": 1, "repeat": 1}


def test_choosing_is_resumed_and_made_anew_with_other_options(staging):
    staging.stage(io.BytesIO(as_lines([("u", str(number)) for number in range(50)])), secret=SECRET, seed=1)
    seen = []
    first = staging.decide(limit_seconds=0, progress=seen.append)
    assert (first.steps, first.finished, len(seen)) == (1, False, 1)
    with pytest.raises(IntakeError, match="not chosen yet; decide first"):
        staging.report()
    assert staging.decide(progress=seen.append).finished
    assert [state.steps for state in seen] == list(range(1, first.steps_total + 1))
    assert staging.report().kept == 2
    staging.decide(per_user=7)
    assert staging.report().kept == 7
    with pytest.raises(IntakeError, match="`per_user` must be at least 1, got 0; leave it out"):
        staging.decide(per_user=0)
    assert staging.report().kept == 7
