"""The 19 categories of Table 3 of "Learning When to Personalize" (Zvuk): 9 personalised, 10 not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of query. `personalised` says whether its playlist should depend on the listener."""

    slug: str
    title_en: str
    title_ru: str
    example_en: str
    example_ru: str
    personalised: bool


CATEGORIES: tuple[Category, ...] = (
    Category("emotional-state", "Emotional state", "Эмоциональное состояние", "for a melancholic mood", "для меланхоличного настроения", True),
    Category("sports-activity", "Sports and physical activity", "Спорт и физическая активность", "for running", "для бега", True),
    Category("home-leisure", "Home leisure", "Домашний досуг", "for a cozy evening at home", "для уютного вечера дома", True),
    Category("work-study", "Work and study", "Работа и учёба", "for concentration at work", "для концентрации на работе", True),
    Category("life-situation", "Life situation", "Жизненная ситуация", "for exam preparation", "для подготовки к экзаменам", True),
    Category("travel", "Travel", "Путешествие", "for a night drive through the city", "для ночной поездки по городу", True),
    Category("fantasy", "Fantasy situation", "Воображаемая ситуация", "to imagine yourself as Marilyn Monroe", "представить себя Мэрилин Монро", True),
    Category("romantic", "Romantic context", "Романтика", "for a romantic mood", "для романтического настроения", True),
    Category("taste-dependent", "Explicit taste-dependent request", "Просьба о своём вкусе", "punk rock for an evening mosh that I will like", "панк-рок для вечернего слэма, который мне понравится", True),
    Category("cultural-historical", "Cultural or historical context", "Культурный или исторический контекст", "Victory Day", "День Победы", False),
    Category("existing-entities", "Existing genres, styles, artists, or tracks", "Существующие жанры, стили, артисты, треки", "the most popular song of Louis Armstrong", "самая популярная песня Луи Армстронга", False),
    Category("trends-charts", "Existing trends and charts", "Тренды и чарты", "TikTok trends 2025", "тренды тиктока 2025", False),
    Category("in-style-of", "“In the style of X” request", "«В стиле X»", "songs in the style of the Beatles", "песни в стиле The Beatles", False),
    Category("children", "Children’s content", "Детское", "for a children’s morning party", "для детского утренника", False),
    Category("soundtracks-media", "Soundtracks and media", "Саундтреки и медиа", "songs from the cartoon N", "песни из мультфильма N", False),
    Category("musical-characteristics", "Concrete musical characteristics", "Конкретные музыкальные свойства", "guitar in djent style", "гитара в стиле джент", False),
    Category("other-people", "Query referencing other people or groups", "Для других людей", "for a party with my father-in-law", "для вечеринки с тестем", False),
    Category("public-places", "Public places", "Общественные места", "for a coffee shop", "для кофейни", False),
    Category("noise", "Noise or random strings", "Шум и случайные строки", "fjdhk.!!668!", "fjdhk.!!668!", False),
)
BY_SLUG = {category.slug: category for category in CATEGORIES}
