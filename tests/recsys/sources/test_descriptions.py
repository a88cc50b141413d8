import pytest

from recsys.sources.descriptions import wish_of


@pytest.mark.parametrize(
    ("description", "wish"),
    [
        ("Relax and unwind with chill, ambient music.", "Relax and unwind with chill, ambient music."),
        ('<a href="spotify:genre:edm_dance">Move</a> your feet!', "Move your feet!"),
        ("Retro &#x2F; wave &amp; more", "Retro / wave & more"),
        ("Dance music for the heart <3", "Dance music for the heart <3"),
        ("Slacker jams. Cover: Eyedress", "Slacker jams."),
        ("Best of Bollywood. Cover- Tanishk Bagchi", "Best of Bollywood."),
        ("Le meilleur du folk franco. Photo: Cœur De Pirate", "Le meilleur du folk franco."),
        ("Emo feels for the misunderstood. Featuring new music by 44phantom.", "Emo feels for the misunderstood."),
        ("House to chill to. Updated weekly. | <a href='x'>Instagram</a>", "House to chill to."),
        ("Музыка для бега", "Музыка для бега"),
    ],
)
def test_a_wish_without_mark_up_credits_and_news(description, wish):
    assert wish_of(description) == wish


@pytest.mark.parametrize(
    "description",
    [
        "", "  ", "🔥", "Enjoy!", "With Akon, Fifth Harmony and more", "Cover: Lou Reed", "Updates every Wednesday.",
        "Your daily update of the most played tracks right now - Argentina.", "See also <a href='x'>Intro</a>.",
        "New Music from Coldplay, J. Cole, Saweetie, OneRepublic, and more!", "New music from Don Toliver and J. Cole.",
        "Let's celebrate Children's Day in Korea together with BIBI!",
    ],
)  # fmt: skip
def test_what_says_no_wish_is_none(description):
    assert wish_of(description) == ""
