import pytest

from recsys.core.errors import SourceError
from recsys.sources.tables import read_csv, read_tsv


def test_reads_rows_packed_or_not(source_folder):
    folder = source_folder(a__tsv="x\ty\n1\t«2\n", b__tsv__gz='x\ty\n"1\t\n', c__csv='x,y\n1,"a, b"\n')
    assert [line.values for line in read_tsv(folder, "a.tsv", ("x",))] == [{"x": "1", "y": "«2"}]
    assert [line.values for line in read_tsv(folder, "b.tsv", ("y", "x"))] == [{"x": '"1', "y": ""}]
    assert [line.values for line in read_csv(folder, "c.csv", ("y",))] == [{"x": "1", "y": "a, b"}]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x\tz\n", "a.tsv, line 1: the column y is missing; the table begins with x, y."),
        ("", "a.tsv, line 1: the column x is missing"),
        ("x\ty\n1\n", "a.tsv, line 2 has 1 fields instead of 2"),
        ("x\ty\n1\t2\n1\t2\t3\n", "a.tsv, line 3 has 3 fields instead of 2"),
        ("x\ty\n\n1\t2\n", "a.tsv, line 2 is empty"),
    ],
)
def test_refuses_a_table_that_is_not_the_sources(source_folder, text, problem):
    folder = source_folder(a__tsv=text)
    with pytest.raises(SourceError) as refused:
        list(read_tsv(folder, "a.tsv", ("x", "y")))
    assert problem in str(refused.value)
    assert "\n" not in str(refused.value)


def test_refuses_bytes_that_are_not_text(source_folder):
    folder = source_folder()
    (folder / "a.tsv").write_bytes(b"x\n\xff\n")
    with pytest.raises(SourceError, match=r"a.tsv, line 2 is not UTF-8 at byte 1"):
        list(read_tsv(folder, "a.tsv", ("x",)))
    (folder / "b.tsv.gz").write_bytes(b"not gzip")
    with pytest.raises(SourceError, match=r"b.tsv.gz is not whole gzip data at line 1"):
        list(read_tsv(folder, "b.tsv", ("x",)))
    (folder / "c.csv").write_text('x\n"1\n')
    with pytest.raises(SourceError, match=r"c.csv, line 2 is not CSV"):
        list(read_csv(folder, "c.csv", ("x",)))


def test_refuses_what_is_not_there(source_folder, tmp_path):
    with pytest.raises(SourceError, match=r"a.tsv is missing, packed or not"):
        list(read_tsv(source_folder(), "a.tsv", ("x",)))
    with pytest.raises(SourceError, match=r"is not a folder; name the one that holds a\.tsv"):
        list(read_tsv(tmp_path / "nowhere", "a.tsv", ("x",)))


def test_fields_are_read_as_what_they_should_be(source_folder):
    [line] = read_tsv(source_folder(a__tsv="x\ty\tz\n 7\t1.5\t \n"), "a.tsv", ("x",))
    assert (line.integer("x"), line.number("y"), line.required("x")) == (7, 1.5, "7")
    for read, column, problem in (
        (line.integer, "y", '"1.5" is not an integer'),
        (line.number, "z", "is not a number"),
        (line.required, "z", "it is empty"),
    ):
        with pytest.raises(SourceError, match=f"a.tsv, line 2, column {column}: .*{problem}"):
            read(column)
    for text in ("nan", "inf", "-inf"):
        [line] = read_tsv(source_folder(a__tsv=f"x\n{text}\n"), "a.tsv", ("x",))
        with pytest.raises(SourceError, match="is not a finite number"):
            line.number("x")
