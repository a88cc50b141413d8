"""The 19 categories of Table 3 of "Learning When to Personalize" (Zvuk): 9 personalised, 10 not.

Titles and examples are the table's; definitions and hints are ours, for the people who label.
"""

from dataclasses import dataclass

TAXONOMY_VERSION = 1
"""Raised when a category or an example changes, so that old labels and classifiers can be told apart."""


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of query.

    Attributes:
        slug: how the data names it; never changes.
        definition_en: what belongs here, one sentence.
        not_this_en: what looks as if it belonged here, and where it belongs instead.
        personalised: whether the playlist should depend on the listener.
    """

    slug: str
    title_en: str
    title_ru: str
    definition_en: str
    definition_ru: str
    not_this_en: str
    not_this_ru: str
    example_en: str
    example_ru: str
    personalised: bool


CATEGORIES: tuple[Category, ...] = (
    Category(
        slug="emotional-state",
        title_en="Emotional state",
        title_ru="Эмоциональное состояние",
        definition_en="The listener names a feeling or mood to match, to reach or to get rid of.",
        definition_ru="Слушатель называет чувство или настроение, в котором он находится, к которому стремится или "
        "от которого хочет избавиться.",
        not_this_en="A feeling for a partner is “Romantic context”; a sound described as sad or dark, with no one "
        "feeling it, is “Concrete musical characteristics”.",
        not_this_ru="Чувства к партнёру — это «Романтика»; грустное или мрачное звучание без чьего-либо настроения — "
        "«Конкретные музыкальные свойства».",
        example_en="for a melancholic mood",
        example_ru="для меланхоличного настроения",
        personalised=True,
    ),
    Category(
        slug="sports-activity",
        title_en="Sports and physical activity",
        title_ru="Спорт и физическая активность",
        definition_en="The music accompanies the listener’s own training, sport or other physical exertion.",
        definition_ru="Музыка сопровождает тренировку, спорт или другую физическую нагрузку самого слушателя.",
        not_this_en="Music played to everybody in a gym is “Public places”; an anthem of a club or a championship is "
        "“Cultural or historical context”.",
        not_this_ru="Музыка для всех посетителей зала — это «Общественные места»; гимн клуба или чемпионата — "
        "«Культурный или исторический контекст».",
        example_en="for running",
        example_ru="для бега",
        personalised=True,
    ),
    Category(
        slug="home-leisure",
        title_en="Home leisure",
        title_ru="Домашний досуг",
        definition_en="The listener rests, cooks, cleans or pursues a hobby at home.",
        definition_ru="Слушатель отдыхает, готовит, убирается или занимается хобби дома.",
        not_this_en="Paid work or lessons at home are “Work and study”; guests whose taste decides are “Query "
        "referencing other people or groups”.",
        not_this_ru="Работа или учёба дома — это «Работа и учёба»; гости, под вкус которых подбирают музыку, — "
        "«Для других людей».",
        example_en="for a cozy evening at home",
        example_ru="для уютного вечера дома",
        personalised=True,
    ),
    Category(
        slug="work-study",
        title_en="Work and study",
        title_ru="Работа и учёба",
        definition_en="The listener works, studies or needs to concentrate.",
        definition_ru="Слушатель работает, учится или хочет сосредоточиться.",
        not_this_en="An exam or a new job as an event is “Life situation”; background for customers is “Public "
        "places”.",
        not_this_ru="Экзамен или новая работа как событие — это «Жизненная ситуация»; фон для посетителей — "
        "«Общественные места».",
        example_en="for concentration at work",
        example_ru="для концентрации на работе",
        personalised=True,
    ),
    Category(
        slug="life-situation",
        title_en="Life situation",
        title_ru="Жизненная ситуация",
        definition_en="The listener lives through an event or a stage of life: an exam, a move, a birthday, a loss.",
        definition_ru="Слушатель переживает событие или период жизни: экзамен, переезд, день рождения, потерю.",
        not_this_en="A bare feeling without its occasion is “Emotional state”; a holiday of the whole country is "
        "“Cultural or historical context”.",
        not_this_ru="Чувство без названного повода — это «Эмоциональное состояние»; праздник всей страны — "
        "«Культурный или исторический контекст».",
        example_en="for exam preparation",
        example_ru="для подготовки к экзаменам",
        personalised=True,
    ),
    Category(
        slug="travel",
        title_en="Travel",
        title_ru="Путешествие",
        definition_en="The listener is on the way or away: a drive, a flight, a commute, a hike, a holiday.",
        definition_ru="Слушатель в пути или вдали от дома: за рулём, в самолёте, в метро, в походе, в отпуске.",
        not_this_en="Music of a country, with nobody going there, is “Existing genres, styles, artists, or tracks”; "
        "travel in an invented world is “Fantasy situation”.",
        not_this_ru="Музыка страны, в которую никто не едет, — это «Существующие жанры, стили, артисты, треки»; "
        "путешествие по выдуманному миру — «Воображаемая ситуация».",
        example_en="for a night drive through the city",
        example_ru="для ночной поездки по городу",
        personalised=True,
    ),
    Category(
        slug="fantasy",
        title_en="Fantasy situation",
        title_ru="Воображаемая ситуация",
        definition_en="The listener imagines being somebody or somewhere that is not so in life.",
        definition_ru="Слушатель воображает себя кем-то другим или там, где он на самом деле не находится.",
        not_this_en="The soundtrack of an existing film, series or game is “Soundtracks and media”.",
        not_this_ru="Музыка из существующего фильма, сериала или игры — это «Саундтреки и медиа».",
        example_en="to imagine yourself as Marilyn Monroe",
        example_ru="представить себя Мэрилин Монро",
        personalised=True,
    ),
    Category(
        slug="romantic",
        title_en="Romantic context",
        title_ru="Романтика",
        definition_en="Love, a date, intimacy or parting with a partner is what the music is for.",
        definition_ru="Музыка нужна для любви, свидания, близости или расставания с партнёром.",
        not_this_en="A wedding where the guests’ taste decides is “Query referencing other people or groups”.",
        not_this_ru="Свадьба, где музыку подбирают под вкус гостей, — это «Для других людей».",
        example_en="for a romantic mood",
        example_ru="для романтического настроения",
        personalised=True,
    ),
    Category(
        slug="taste-dependent",
        title_en="Explicit taste-dependent request",
        title_ru="Просьба о своём вкусе",
        definition_en="The query says in words that the listener’s own taste or listening history decides.",
        definition_ru="В запросе прямо сказано, что решает вкус самого слушателя или история его прослушиваний.",
        not_this_en="A named artist, without “that I will like”, is “Existing genres, styles, artists, or tracks”.",
        not_this_ru="Названный артист без слов «который мне понравится» — это «Существующие жанры, стили, артисты, "
        "треки».",
        example_en="punk rock for an evening mosh that I will like",
        example_ru="панк-рок для вечернего слэма, который мне понравится",
        personalised=True,
    ),
    Category(
        slug="cultural-historical",
        title_en="Cultural or historical context",
        title_ru="Культурный или исторический контекст",
        definition_en="A holiday, an event, an era or a tradition that many people share decides what fits.",
        definition_ru="Что подходит, решает общий для многих праздник, событие, эпоха или традиция.",
        not_this_en="The listener’s own event is “Life situation”; a film about the era is “Soundtracks and media”.",
        not_this_ru="Личное событие слушателя — это «Жизненная ситуация»; фильм об эпохе — «Саундтреки и медиа».",
        example_en="Victory Day",
        example_ru="День Победы",
        personalised=False,
    ),
    Category(
        slug="existing-entities",
        title_en="Existing genres, styles, artists, or tracks",
        title_ru="Существующие жанры, стили, артисты, треки",
        definition_en="A genre, style, artist, album or track that exists is asked for by name or by what is known "
        "about it.",
        definition_ru="Просят существующий жанр, стиль, артиста, альбом или трек — по названию или по тому, что о нём "
        "известно.",
        not_this_en="Music like that of an artist is “In the style of X”; a list by popularity is “Existing trends and "
        "charts”.",
        not_this_ru="Музыка, похожая на артиста, — это «В стиле X»; список по популярности — «Тренды и чарты».",
        example_en="the most popular song of Louis Armstrong",
        example_ru="самая популярная песня Луи Армстронга",
        personalised=False,
    ),
    Category(
        slug="trends-charts",
        title_en="Existing trends and charts",
        title_ru="Тренды и чарты",
        definition_en="What is popular now, or was at a given time: charts, awards, viral songs, new releases.",
        definition_ru="Популярное сейчас или в названное время: чарты, премии, вирусные песни, новинки.",
        not_this_en="The best-known songs of one artist are “Existing genres, styles, artists, or tracks”.",
        not_this_ru="Самые известные песни одного артиста — это «Существующие жанры, стили, артисты, треки».",
        example_en="TikTok trends 2025",
        example_ru="тренды тиктока 2025",
        personalised=False,
    ),
    Category(
        slug="in-style-of",
        title_en="“In the style of X” request",
        title_ru="«В стиле X»",
        definition_en="Music that resembles a named artist, track or album, without having to be by them.",
        definition_ru="Музыка, похожая на названного артиста, трек или альбом, но не обязательно его.",
        not_this_en="The artist’s own songs are “Existing genres, styles, artists, or tracks”.",
        not_this_ru="Песни самого артиста — это «Существующие жанры, стили, артисты, треки».",
        example_en="songs in the style of the Beatles",
        example_ru="песни в стиле The Beatles",
        personalised=False,
    ),
    Category(
        slug="children",
        title_en="Children’s content",
        title_ru="Детское",
        definition_en="The music is for children: songs, lullabies, games, kindergarten, school parties.",
        definition_ru="Музыка для детей: песенки, колыбельные, игры, детский сад, школьные праздники.",
        not_this_en="A cartoon’s songs for a grown-up who remembers it are “Soundtracks and media”.",
        not_this_ru="Песни из мультфильма для взрослого, который его помнит, — это «Саундтреки и медиа».",
        example_en="for a children’s morning party",
        example_ru="для детского утренника",
        personalised=False,
    ),
    Category(
        slug="soundtracks-media",
        title_en="Soundtracks and media",
        title_ru="Саундтреки и медиа",
        definition_en="Music from, or known through, a film, series, cartoon, game, advertisement or show.",
        definition_ru="Музыка из фильма, сериала, мультфильма, игры, рекламы или передачи либо известная по ним.",
        not_this_en="Imagining oneself as the hero is “Fantasy situation”.",
        not_this_ru="Вообразить себя героем — это «Воображаемая ситуация».",
        example_en="songs from the cartoon N",
        example_ru="песни из мультфильма N",
        personalised=False,
    ),
    Category(
        slug="musical-characteristics",
        title_en="Concrete musical characteristics",
        title_ru="Конкретные музыкальные свойства",
        definition_en="Instruments, voice, tempo, key, structure or sound are described.",
        definition_ru="Описаны инструменты, голос, темп, тональность, строение или звучание.",
        not_this_en="A genre’s name alone is “Existing genres, styles, artists, or tracks”.",
        not_this_ru="Одно лишь название жанра — это «Существующие жанры, стили, артисты, треки».",
        example_en="guitar in djent style",
        example_ru="гитара в стиле джент",
        personalised=False,
    ),
    Category(
        slug="other-people",
        title_en="Query referencing other people or groups",
        title_ru="Для других людей",
        definition_en="The music has to suit somebody else: a relative, friends, colleagues, guests.",
        definition_ru="Музыка должна подойти кому-то другому: родственнику, друзьям, коллегам, гостям.",
        not_this_en="A partner on a date is “Romantic context”; children are “Children’s content”; strangers in a "
        "venue are “Public places”.",
        not_this_ru="Партнёр на свидании — это «Романтика»; дети — «Детское»; незнакомые посетители заведения — "
        "«Общественные места».",
        example_en="for a party with my father-in-law",
        example_ru="для вечеринки с тестем",
        personalised=False,
    ),
    Category(
        slug="public-places",
        title_en="Public places",
        title_ru="Общественные места",
        definition_en="The music plays to everybody in a place: a café, a shop, a salon, a waiting room.",
        definition_ru="Музыка звучит для всех в каком-то месте: в кафе, магазине, салоне, зале ожидания.",
        not_this_en="The listener’s own headphones in such a place are “Travel”, “Work and study” or “Sports and "
        "physical activity”.",
        not_this_ru="Свои наушники в таком месте — это «Путешествие», «Работа и учёба» или «Спорт и физическая "
        "активность».",
        example_en="for a coffee shop",
        example_ru="для кофейни",
        personalised=False,
    ),
    Category(
        slug="noise",
        title_en="Noise or random strings",
        title_ru="Шум и случайные строки",
        definition_en="No request for music can be read from the text: random keys, tests, code, fragments.",
        definition_ru="Из текста нельзя понять, какая музыка нужна: случайные символы, проверки, код, обрывки.",
        not_this_en="A request with slips of the keyboard that can still be read belongs where it means to.",
        not_this_ru="Запрос с опечатками, который ещё можно понять, относится к категории своего смысла.",
        example_en="fjdhk.!!668!",
        example_ru="fjdhk.!!668!",
        personalised=False,
    ),
)
BY_SLUG = {category.slug: category for category in CATEGORIES}
SLUGS = tuple(BY_SLUG)
"""The order of every array with one column per category."""
