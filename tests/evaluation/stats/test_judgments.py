import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.stats.errors import JudgmentError, JudgmentFileError
from evaluation.stats.judgments import Judgment, defuse, in_time_order, read_judgments, restore, write_judgments

HEADER = "participant,query,system_a,system_b,outcome,created_at\n"
LINE = "p1,calm piano,bm25,popularity,a,2026-01-31T12:00:00+00:00\n"
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def saved(tmp_path):
    def save(content):
        path = tmp_path / "judgments.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return save


def test_reads_a_line(saved):
    assert read_judgments(saved(HEADER + LINE)) == [Judgment("p1", "calm piano", "bm25", "popularity", "a", NOON)]


def test_reads_category_language_byte_order_mark_and_windows_line_ends(saved):
    text = "\ufeff" + HEADER.replace("\n", ",category,language\r\n") + LINE.replace("\n", ",mood,en\r\n") + "\r\n"
    (judgment,) = read_judgments(saved(text))
    assert (judgment.participant, judgment.category, judgment.language) == ("p1", "mood", "en")


def test_finds_columns_by_name_and_leaves_others_aside(saved):
    text = "extra,created_at,outcome,system_b,system_a,query,participant\nx,2026-01-31T12:00:00Z,tie,b,a,q,p\n"
    assert read_judgments(saved(text)) == [Judgment("p", "q", "a", "b", "tie", NOON)]


def test_a_query_may_span_lines_and_the_next_wrong_line_keeps_its_number(saved):
    path = saved(HEADER + LINE.replace("calm piano", '"calm\n""piano"""') + "p1,q,x,x,a,2026-01-31\n")
    with pytest.raises(JudgmentFileError, match=r"line 4: `system_a` and `system_b` are both 'x'"):
        read_judgments(path)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty"),
        ("\ufeff\n", "the file is empty"),
        (HEADER, "line 2: there is no judgment"),
        (LINE, "line 1: the header lacks `participant`"),
        (HEADER.replace(",query", "") + LINE, "line 1: the header lacks `query`"),
        (HEADER.replace(",", ";") + LINE, "line 1: the header lacks"),
        (HEADER.replace("query", "query,query") + LINE, "line 1: the header has `query` twice"),
        (HEADER + LINE + "p1,q,x,y,a\n", "line 3: expected 6 fields as in the header, got 5"),
        (HEADER + LINE + "p1,q,x,y,a,2026-01-31,more\n", "line 3: expected 6 fields as in the header, got 7"),
        (HEADER + "\n" + LINE, "line 2: the line is empty"),
        (HEADER + LINE.replace(",a,", ",A,"), "line 2: `outcome` must be a, b or tie, got 'A'"),
        (HEADER + LINE.replace(",a,", ",,"), "line 2: `outcome` must be a, b or tie, got ''"),
        (HEADER + LINE.replace("2026-01-31T", "yesterday "), "line 2: `created_at` is not a time"),
        (HEADER + LINE.replace("2026-01-31", "2026-02-31"), "line 2: `created_at` is not a time"),
        (HEADER + LINE.replace("2026-01-31T12:00:00+00:00", "0001-01-01T00:00:00+05:00"), "line 2: `created_at`"),
        (
            HEADER + LINE + LINE.replace("p1", ""),
            "line 3: `participant` is empty; give it a name, or empty it on every",
        ),
        (HEADER + LINE.replace("p1", "") + LINE, "line 3: `participant` is 'p1', but empty on the lines before"),
        (HEADER + LINE.replace("p1", "  "), "line 2: `participant` is empty"),
        (HEADER + LINE.replace("bm25", "bm25 "), "line 2: `system_a` 'bm25 ' starts or ends with a space"),
        (HEADER + LINE.replace("bm25", ""), "line 2: `system_a` is empty"),
        (HEADER + LINE.replace("bm25", "popularity"), "line 2: `system_a` and `system_b` are both 'popularity'"),
        (HEADER + LINE.replace("calm", '"calm'), "line 2: not well-formed CSV"),
        (HEADER + LINE.replace("calm", '"calm"x'), "line 2: not well-formed CSV"),
        ((HEADER + LINE).encode() + "p1,тихо,x,y,a,2026-01-31\n".encode("cp1251"), "line 3: this is not UTF-8"),
        ((HEADER + LINE).encode("utf-16"), "line 1: this is not UTF-8"),
    ],
)
def test_refuses_the_whole_file_for_one_wrong_line(saved, content, words):
    path = saved(content)
    with pytest.raises(JudgmentFileError) as refused:
        read_judgments(path)
    sentence = str(refused.value)
    assert sentence.startswith(str(path))
    assert words in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_participants_may_be_unknown_on_every_line(saved):
    line = LINE.replace("p1", "")
    assert [judgment.participant for judgment in read_judgments(saved(HEADER + line + line))] == ["", ""]


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_judgments(tmp_path / "none.csv")


def test_times_without_a_zone_are_utc_and_equal_times_keep_their_order():
    def at(participant, time):
        return Judgment(participant, "q", "x", "y", "a", time)

    early = at("early", datetime(2026, 1, 31, 14, tzinfo=timezone(timedelta(hours=3))))
    naive = at("naive", datetime(2026, 1, 31, 12))
    aware = at("aware", NOON)
    assert [one.participant for one in in_time_order([naive, aware, early])] == ["early", "naive", "aware"]
    assert [one.participant for one in in_time_order([aware, naive, early])] == ["early", "aware", "naive"]


def test_a_judgment_itself_refuses_nonsense():
    with pytest.raises(JudgmentError, match="outcome"):
        Judgment("p", "q", "x", "y", "equivalent", NOON)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "''-x"])
def test_a_spreadsheet_sees_no_formula(text):
    assert defuse(text) == "'" + text
    assert restore(defuse(text)) == text


@pytest.mark.parametrize("text", ["", "plain", "'quoted'", "a=b", "''"])
def test_other_texts_stay_as_they_are(text):
    assert defuse(text) == text == restore(text)


names = st.text(st.characters(codec="utf-8"), min_size=1).map(str.strip).filter(bool)
texts = st.text(st.characters(codec="utf-8")) | st.sampled_from(["=1", "'=1", "-", "a,b", '"', "line\nline", "\r"])
times = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.none() | st.timezones())


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda participant, query, systems, outcome, time, category, language: Judgment(
                participant, query, systems[0], systems[1], outcome, time, category, language
            ),
            names,
            texts,
            st.lists(names, min_size=2, max_size=2, unique=True),
            st.sampled_from(["a", "b", "tie"]),
            times,
            texts,
            texts,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read_back(tmp_path_factory, judgments):
    stream = io.StringIO(newline="")
    write_judgments(judgments, stream)
    path = tmp_path_factory.mktemp("round") / "judgments.csv"
    path.write_bytes(stream.getvalue().encode())
    assert [_fields(judgment) for judgment in read_judgments(path)] == [_fields(judgment) for judgment in judgments]


def _fields(judgment):
    texts = (judgment.participant, judgment.query, judgment.system_a, judgment.system_b, judgment.outcome)
    return (*texts, judgment.created_at.isoformat(), judgment.category, judgment.language)
