import json

LINES = [
    {"id": "1", "user": "u1", "text": "jazz", "lang": "en", "label": "travel", "annotator": "a"},
    {"id": "2", "user": "u1", "text": "Jazz!", "label": "noise", "annotator": "b"},
    {"id": "3", "user": "u1", "text": "моё утро"},
    {"id": "4", "user": "u2", "text": "jazz", "label": "noise", "annotator": "a", "answer": "noise"},
    {"id": "5", "text": "x" * 500},
    {"id": "6", "text": ""},
    {"id": "7", "text": "JAZZ"},
]


def test_the_report_by_hand(stage, staging):
    content = "\n".join(json.dumps(line) for line in LINES)
    stage(content, known_categories=["travel", "noise"], choice={"per_user": 3, "drop_exact": True})
    report = staging.report()
    assert (report.format, report.rows, report.kept) == ("json-lines", 7, 5)
    assert (report.problem_kinds, report.dropped) == ({"text-empty": 1}, {"exact-duplicate": 1})
    (problem,) = report.problems
    assert (problem.number, problem.line, problem.field, problem.kind) == (6, 6, "text", "text-empty")
    assert (report.users, report.users_capped, report.rows_without_user) == (2, 0, 2)
    assert (report.exact_duplicates, report.near_groups) == (1, 1)
    assert report.near_examples == (("jazz", "Jazz!", "JAZZ"),)
    assert (report.languages, report.languages_guessed) == ({"en": 4, "ru": 1}, 4)
    assert report.lengths == ((10, 4), (20, 0), (40, 0), (80, 0), (160, 0), (320, 0), (2_000, 1))
    assert (report.categories, report.annotators) == ({"noise": 2, "travel": 1}, {"a": 2, "b": 1})
    assert (report.answers, report.labels_replaced, report.labels_lost) == (0, 1, 0)
    assert json.loads(json.dumps(report.as_json()))["near_examples"] == [["jazz", "Jazz!", "JAZZ"]]


def test_capped_users_and_lost_labels(stage, staging):
    lines = [{"user": "u1", "text": f"q{number}", "label": "travel"} for number in range(5)]
    stage("\n".join(map(json.dumps, lines)), known_categories=["travel"], choice={"per_user": 2})
    report = staging.report()
    assert (report.users_capped, report.labels_lost, report.kept) == (1, 3, 2)
