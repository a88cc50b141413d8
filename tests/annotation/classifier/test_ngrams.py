from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from annotation.classifier.ngrams import NgramRange, Vectoriser, ngrams, normalise

LENGTHS = NgramRange()
TEXTS = [
    "для бега",
    "for running in the park",
    "Ёлка, ёлка!!! ёлки",
    "running running 5:30 🏃🏃",
    "ооооочень грустно",
    "x",
    "ﬁlm songs №1",
    "",
    "!!!",
    "in the style of The Beatles",
]


def test_the_ngrams_are_scikit_learns_own():
    words = TfidfVectorizer(token_pattern=r"(?u)\w+", preprocessor=normalise).build_analyzer()
    characters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 5), preprocessor=lambda text: " ".join(words(text))
    ).build_analyzer()
    for text in TEXTS:
        found = Counter(ngrams(text, LENGTHS))
        assert Counter({k[1:]: n for k, n in found.items() if k[0] == "w"}) == Counter(words(text))
        assert Counter({k[1:]: n for k, n in found.items() if k[0] == "c"}) == Counter(characters(text))
    assert [ngram for ngram in ngrams("5:30 🏃", LENGTHS) if ngram[0] == "s"] == ["s:", "s🏃"]


@pytest.mark.parametrize("lengths", [LENGTHS, NgramRange(1, 3)])
def test_the_vectors_are_scikit_learns_own(lengths):
    ours = Vectoriser.fit(TEXTS, lengths)
    theirs = TfidfVectorizer(analyzer=lambda text: list(ngrams(text, lengths)), sublinear_tf=True).fit(TEXTS)
    assert list(ours.vocabulary) == theirs.get_feature_names_out().tolist()
    np.testing.assert_allclose(ours.idf, theirs.idf_, rtol=0, atol=1e-12)
    for text in [*TEXTS, "бегать в парке", "quite unknown", "🎸"]:
        columns, weights = ours.vector(text)
        dense = np.zeros(len(ours.vocabulary))
        dense[columns] = weights
        np.testing.assert_allclose(dense, theirs.transform([text]).toarray()[0], rtol=0, atol=1e-12)


def test_texts_that_differ_as_people_type_are_one():
    assert normalise("ОООООчень ЁЛКА") == normalise("ооочень елка")
    assert normalise("2000") == "2000"


@given(st.text())
def test_any_text_has_a_vector_of_length_one_or_none(text):
    columns, weights = Vectoriser.fit(TEXTS, LENGTHS).vector(text)
    assert np.all(np.diff(columns) > 0)
    assert np.isfinite(weights).all()
    assert len(columns) == 0 or np.isclose(np.linalg.norm(weights), 1)
