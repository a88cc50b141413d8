import hashlib

import pytest

from annotation.export.digest import ContentHash, content_hash
from annotation.export.errors import ExportError
from annotation.export.records import GOLD, VOTES
from annotation.export.writing import write


def test_it_is_the_sha256_of_the_json_lines(vote):
    votes = [vote(query_id=f"q{number}", text="бег\n🎧") for number in range(4_001)]
    lines = b"".join(write(votes, "jsonl", schema=VOTES))
    assert content_hash(votes, schema=VOTES) == hashlib.sha256(lines).hexdigest()


def test_no_records_have_the_hash_of_nothing():
    # FIPS 180-4, sha256 of the empty message
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert content_hash([], schema=VOTES) == empty


def test_every_column_and_the_order_count(gold):
    one, two = gold(), gold(query_id="q2")
    hashes = {
        content_hash(records, schema=GOLD)
        for records in ([one, two], [two, one], [one], [gold(votes=4)], [gold(personalised=None)], [gold(origin="")])
    }
    assert len(hashes) == 6


def test_records_pass_through_and_are_counted(gold):
    digest = ContentHash(GOLD)
    records = [gold(query_id=f"q{number}") for number in range(2_001)]
    assert list(digest.through(records)) == records
    assert digest.records == 2_001
    assert digest.hexdigest() == content_hash(records, schema=GOLD)


def test_a_record_that_does_not_fit_is_named(gold):
    with pytest.raises(ExportError, match="Record 2: `text` must be text, got 5"):
        content_hash([gold(), gold(text=5)], schema=GOLD)
