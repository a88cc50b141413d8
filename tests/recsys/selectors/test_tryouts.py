"""Whom one may listen as, and a try-out in words."""

import pytest
from django.utils import timezone, translation

from recsys.models import Interaction, Listener, SystemVersion, Tryout
from recsys.selectors.tryouts import AWAY_AFTER_S, find_listeners, seen, tryouts_of
from recsys.services.tryout_answering import answer_tryout
from recsys.services.tryouts import LATE

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent(toy_dataset) -> str:
    """Somebody of whom nothing is known."""
    Listener.objects.create(dataset=toy_dataset, external_id="aaa-silent", description_ru="Джаз и блюз")
    return "aaa-silent"


def aged(row, seconds: float, **values) -> Tryout:
    Tryout.objects.filter(pk=row.pk).update(created_at=timezone.now() - timezone.timedelta(seconds=seconds), **values)
    return Tryout.objects.select_related("version__dataset").get(pk=row.pk)


def answered(row) -> Tryout:
    answer_tryout(tryout_id=row.pk)
    return aged(row, 1)


class TestFindListeners:
    def test_those_whose_taste_is_known_come_first(self, version, silent, django_assert_num_queries):
        with django_assert_num_queries(2):
            rows = find_listeners(version, "", 1_000)
        assert rows[-1].id == silent and rows[-1].events == 0
        assert rows[0].events == Interaction.objects.filter(listener__external_id=rows[0].id).count()

    def test_every_word_counts_in_any_case_and_language(self, version, silent):
        assert [row.id for row in find_listeners(version, "джаз БЛЮЗ Silent", 5)] == [silent]
        assert find_listeners(version, "джаз silent техно", 5) == []

    def test_the_chosen_one_stays_at_the_top(self, version, silent):
        assert find_listeners(version, "no such words", 5, chosen=silent)[0].id == silent

    def test_odd_characters_find_nobody_and_break_nothing(self, version, silent):
        assert find_listeners(version, "\0 %_'", 5, chosen="a\0b") == []

    def test_descriptions_in_the_reader_s_language(self, version, silent):
        assert find_listeners(version, silent, 1)[0].description == ""
        with translation.override("ru"):
            assert find_listeners(version, silent, 1)[0].description == "Джаз и блюз"


class TestSeen:
    def test_waits_and_then_says_that_nobody_comes(self, make_tryout):
        row = make_tryout()
        assert seen(row).state == "queued"
        assert seen(aged(row, AWAY_AFTER_S + 1)).state == "away"
        assert seen(aged(row, 1, started_at=timezone.now())).state == "working"

    def test_past_its_deadline_it_has_failed_whoever_looks(self, make_tryout, settings):
        side = seen(aged(make_tryout(), settings.GENERATION_DEADLINE_S + 1, started_at=timezone.now()))
        assert (side.state, side.error, side.pending) == ("failed", LATE, False)

    def test_a_failure_is_one_sentence_in_the_reader_s_language(self, make_tryout):
        row = aged(make_tryout(), 1, state="failed", error=LATE)
        assert seen(row).error == LATE
        with translation.override("ru"):
            assert seen(row).error != LATE

    def test_the_parts_with_bars(self, make_tryout, listener):
        side = seen(answered(make_tryout(listener=listener, query="songs I will like")))
        assert side.state == "done" and side.words == () and side.category and len(side.tracks) == 5
        assert side.tracks[0].score.width == 100.0 and max(t.semantic.width for t in side.tracks) == 100.0
        for track in side.tracks:
            assert track.score.value == pytest.approx(track.semantic.value * track.factor)
            assert track.collaborative.width == pytest.approx(100 * track.collaborative.value)

    def test_the_type_in_the_reader_s_language(self, make_tryout):
        row = answered(make_tryout())
        with translation.override("ru"):
            russian = seen(row).category
        assert russian != seen(row).category

    @pytest.mark.parametrize(
        ("system", "whose", "word"),
        [
            ("popularity", "", "its score has one part"),
            ("retriever-cr", "", "Nobody’s taste was asked for"),
            ("retriever-cr", "aaa-silent", "holds no history of this listener"),
        ],
    )
    def test_why_nobody_s_taste_counts(self, make_tryout, versions, silent, system, whose, word):
        asked = SystemVersion.objects.get(pk=versions[system])
        side = seen(answered(make_tryout(versions=[asked], listener=whose)))
        assert len(side.words) == 1 and word in side.words[0]

    def test_history_that_says_nothing(self, make_tryout, listener):
        row = answered(make_tryout(listener=listener))
        row.answer["tracks"] = [{**track, "collaborative": 1.0} for track in row.answer["tracks"]]
        assert "Nothing of this listener’s history counts here" in seen(row).words[0]

    def test_scores_of_zero_have_no_bars(self, make_tryout):
        row = aged(make_tryout(), 1, state="done", answer={"tracks": [{"title": "T", "artists": ["A"], "score": 0.0}]})
        (track,) = seen(row).tracks
        assert (track.score.width, track.semantic, track.factor) == (0.0, None, None)


def test_one_s_own_only(make_tryout, researcher, make_user):
    mine = make_tryout()
    assert list(tryouts_of(researcher)) == [mine]
    assert not tryouts_of(make_user("colleague", is_researcher=True)).exists()
