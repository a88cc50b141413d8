import pytest

from annotation.agreement.errors import AgreementError
from annotation.agreement.reading import read_labels


@pytest.fixture
def write(tmp_path):
    def write(content: str | bytes):
        path = tmp_path / "labels.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def test_columns_by_name_in_any_order_and_others_left_aside(write):
    found = read_labels(write('\ufefflabel,seconds,item,annotator\r\nb,3,"q,1",Анна\r\na,2,"q,1",bob\r\n'))
    assert found.votes.item_ids == ("q,1",)
    assert found.votes.annotator_ids == ("Анна", "bob")
    assert found.votes.categories == ("a", "b")
    assert found.families is None
    assert found.order == {("q,1", "Анна"): 2, ("q,1", "bob"): 3}


def test_the_taxonomy_gives_the_categories_if_every_label_is_in_it(write):
    path = write("item,annotator,label\nq1,x,b\nq1,y,b\n")
    assert read_labels(path, taxonomy=("c", "b")).votes.categories == ("c", "b")
    assert read_labels(path, taxonomy=("c",)).votes.categories == ("b",)
    with pytest.raises(AgreementError, match="line 2: `label` 'b' is no category of the taxonomy"):
        read_labels(path, taxonomy=("c",), require_taxonomy=True)


def test_the_last_vote_counts(write):
    found = read_labels(write("item,annotator,label\nq1,x,a\nq1,y,a\nq1,x,b\n"))
    assert (found.votes.replaced, found.votes.counts().tolist()) == (1, [[1, 1]])
    assert found.order["q1", "x"] == 4


def test_families(write):
    found = read_labels(write("item,annotator,label,family\nq1,x,a,f\nq2,x,a,g\nq1,y,a,f\n"))
    assert found.families == ("f", "g")
    with pytest.raises(AgreementError, match="line 3: item 'q1' is of family 'f' above and of 'g' here"):
        read_labels(write("item,annotator,label,family\nq1,x,a,f\nq1,y,a,g\n"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "the file is empty; its first line must be item,annotator,label"),
        ("item,label\nq,a\n", "line 1: the header lacks `annotator`"),
        ("item,annotator,label,label\nq,x,a,a\n", "line 1: the header has `label` twice"),
        ("item,annotator,label\n", "line 2: there is no label after the header"),
        ("item,annotator,label\nq,x,a\nq,y\n", "line 3: expected 3 fields as in the header, got 2"),
        ("item,annotator,label\nq,x,\n", "line 2: `label` is empty"),
        ("item,annotator,label\nq, x,a\n", "line 2: `annotator` ' x' starts or ends with a space"),
        ("item,annotator,label\n\nq,x,a\n", "line 2: the line is empty"),
        ('item,annotator,label\n"q\n1",x,a\n"q,x,a\n', "line 4: not well-formed CSV"),
        (b"item,annotator,label\nq,x,a\nq,\xff,a\n", "line 3: this is not UTF-8"),
    ],
)
def test_a_wrong_line_is_named(write, content, words):
    with pytest.raises(AgreementError, match=r"labels\.csv") as refused:
        read_labels(write(content))
    assert words in str(refused.value)
