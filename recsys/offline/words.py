"""The words of the page of an evaluation, in English and Russian.

They are a table and not gettext because the page is a file that is made without Django's languages, by a core.
"""

from collections.abc import Mapping

LANGUAGES = ("en", "ru")

WORDS: Mapping[str, Mapping[str, str]] = {
    "title": {"en": "Offline evaluation", "ru": "Офлайн-оценка"},
    "subtitle": {
        "en": "{dataset}, split {split}: {queries} queries, {tracks} tracks, seed {seed}",
        "ru": "{dataset}, часть {split}: запросов {queries}, треков {tracks}, зерно {seed}",
    },
    "queries": {"en": "Queries", "ru": "Запросы"},
    "with_listener": {"en": "of a listener", "ru": "от слушателя"},
    "systems": {"en": "Systems", "ru": "Системы"},
    "relevant": {"en": "Relevant per query", "ru": "Верных на запрос"},
    "left_out": {"en": "Left out", "ru": "Не вошли"},
    "before": {"en": "Before you read on", "ru": "Прежде чем читать дальше"},
    "table": {"en": "The table", "ru": "Таблица"},
    "table_note": {
        "en": "Means over {queries} queries; small figures are 95% intervals ({interval}, {replicates} replicates, seed"
        " {seed}). The best value of a column is bold. Grey rows are floors that nobody asked for.",
        "ru": "Средние по запросам ({queries}); мелким шрифтом 95% интервалы (BCa-бутстрэп целых кластеров, повторов"
        " {replicates}, зерно {seed}). Лучшее значение столбца выделено. Серые строки — нижние границы, о которых не"
        " просили.",
    },
    "system": {"en": "System", "ru": "Система"},
    "ms": {"en": "ms per query", "ru": "мс на запрос"},
    "ms_sub": {"en": "median, p95; in 32s", "ru": "медиана, p95; по 32"},
    "coverage": {"en": "coverage", "ru": "охват"},
    "entropy": {"en": "artist entropy", "ru": "энтропия артистов"},
    "bits": {"en": "bits", "ru": "бит"},
    "plots": {"en": "Means and intervals", "ru": "Средние и интервалы"},
    "tests": {"en": "Pair by pair", "ru": "Попарно"},
    "tests_note": {
        "en": "Difference: the first less the second, over {queries} queries. {test}; p is corrected by Bonferroni for"
        " {comparisons} comparisons (all pairs on all tested metrics). Beside it the p of {flips} sign flips, corrected"
        " alike. Bold: corrected p of the t-test below 0.05. Intervals are not corrected.",
        "ru": "Разность: первая минус вторая, по запросам ({queries}). {test}; p с поправкой Бонферрони на число"
        " сравнений {comparisons} (все пары по всем проверяемым метрикам). Рядом p перестановочного теста"
        " ({flips} перемен знака) с той же поправкой. Выделено: исправленное p критерия Стьюдента ниже 0,05."
        " Интервалы без поправки.",
    },
    "test_paired": {"en": "Student's paired t-test", "ru": "Парный критерий Стьюдента"},
    "test_clustered": {
        "en": "Paired t-test, robust to several queries of one listener",
        "ru": "Парный критерий Стьюдента, устойчивый к нескольким запросам одного слушателя",
    },
    "pair": {"en": "Pair", "ru": "Пара"},
    "versus": {"en": "against", "ru": "против"},
    "difference": {"en": "Difference", "ru": "Разность"},
    "p_t": {"en": "p, t-test", "ru": "p, Стьюдент"},
    "p_flip": {"en": "p, sign flips", "ru": "p, знаки"},
    "all_pairs": {"en": "{metric}: all pairs", "ru": "{metric}: все пары"},
    "no_tests": {
        "en": "The data cannot tell: too few queries for any test.",
        "ru": "Данных не хватает: запросов слишком мало для любой проверки.",
    },
    "gains": {"en": "Where re-ranking helps and hurts", "ru": "Где переранжирование помогает и вредит"},
    "gains_note": {
        "en": "What a system gains over another where the query's type should depend on the listener, and where it"
        " should"
        " not. The last column is the gain in the first half less the gain in the second.",
        "ru": "Сколько система выигрывает у другой там, где ответ должен зависеть от слушателя, и там, где не должен."
        " Последний столбец: выигрыш в первой половине минус выигрыш во второй.",
    },
    "personalised": {"en": "personalised", "ru": "персональные"},
    "other": {"en": "not personalised", "ru": "неперсональные"},
    "contrast": {"en": "contrast", "ru": "контраст"},
    "by_personalised": {"en": "Personalised or not", "ru": "Персональные или нет"},
    "by_category": {"en": "By type of query", "ru": "По типу запроса"},
    "by_language": {"en": "By language", "ru": "По языку"},
    "by_origin": {"en": "By origin", "ru": "По происхождению"},
    "playlist": {"en": "titles of playlists", "ru": "названия плейлистов"},
    "request": {"en": "requests", "ru": "запросы слушателей"},
    "?": {"en": "unknown", "ru": "неизвестен"},
    "group": {"en": "Queries", "ru": "Запросы"},
    "small": {"en": "few", "ru": "мало"},
    "breakdown_note": {
        "en": "{metric} with 95% intervals. Groups marked “few” have fewer than 30 queries; in a group of fewer than"
        " {fewest} listeners or playlists there is no interval and no test. Tests within groups are on nDCG@10,"
        " corrected"
        " for {comparisons} comparisons.",
        "ru": "{metric} с 95% интервалами. Пометка «мало»: в группе меньше 30 запросов; если слушателей или плейлистов"
        " меньше {fewest}, нет ни интервала, ни проверки. Проверки внутри групп — по nDCG@10, с поправкой на число"
        " сравнений {comparisons}.",
    },
    "differ": {
        "en": "Differences that stand after correction:",
        "ru": "Различия, которые остаются после поправки:",
    },
    "none_differ": {
        "en": "No difference within a group stands after correction.",
        "ru": "После поправки внутри групп не остаётся ни одного различия.",
    },
    "no_classifier": {
        "en": "Queries have no types here: {note}",
        "ru": "У запросов здесь нет типов: не задан классификатор, и обучить его не на чем.",
    },
    "methods": {"en": "How this was made", "ru": "Как это получено"},
    "m_data": {"en": "Queries", "ru": "Запросы"},
    "m_data_text": {
        "en": "Split {split} of {dataset} ({fingerprint}): titles of playlists ask for their tracks, playlists of one"
        " title together, requests on behalf of their listeners. {seen} playlists were left out because their title"
        " stands over a training playlist, {joined} were joined to another of the same title, {empty} had no track of"
        " the catalogue.",
        "ru": "Часть {split} набора {dataset} ({fingerprint}): название плейлиста запрашивает его треки, плейлисты с"
        " одним названием вместе, запросы — от имени своих слушателей. Исключено из-за названия, которое есть в"
        " обучении: {seen}; присоединено к плейлисту с тем же названием: {joined}; без треков из каталога: {empty}.",
    },
    "m_rank": {"en": "Rankings", "ru": "Ранжирования"},
    "m_rank_text": {
        "en": "The first {depth} tracks of each system.",
        "ru": "Первые {depth} треков каждой системы.",
    },
    "m_interval": {"en": "Intervals", "ru": "Интервалы"},
    "m_interval_text": {
        "en": "95%, bias-corrected and accelerated bootstrap (Efron 1987), {replicates} replicates, seed {seed}. Whole"
        " clusters are drawn: {clusters} listeners and playlists for {queries} queries. All systems share the"
        " resamples.",
        "ru": "95%, бутстрэп с поправкой на смещение и ускорение (Эфрон, 1987), повторов {replicates}, зерно {seed}."
        " Выбираются целые кластеры: слушателей и плейлистов {clusters} на запросов {queries}. Выборки у всех систем"
        " общие.",
    },
    "m_test": {"en": "Tests", "ru": "Проверки"},
    "m_test_text": {
        "en": "{test}, two-sided, as Text2Tracks; Bonferroni (Dunn 1961) for {comparisons} comparisons. Sign flips of"
        " whole"
        " clusters, {flips} random patterns, p = (1 + as extreme) / (1 + flips).",
        "ru": "{test}, двусторонний, как в Text2Tracks; Бонферрони (Данн, 1961), сравнений {comparisons}. Перемена"
        " знака"
        " целых кластеров, случайных наборов {flips}, p = (1 + не менее крайних) / (1 + всего).",
    },
    "m_kind": {"en": "Types of queries", "ru": "Типы запросов"},
    "m_kind_text": {
        "en": "Told by a classifier ({kind}; {source}), so they are wrong now and then.",
        "ru": "Определены классификатором ({kind}; {source}), поэтому иногда ошибочны.",
    },
    "source_given": {"en": "given with --classifier", "ru": "задан ключом --classifier"},
    "source_artifact": {"en": "the one inside {system}", "ru": "тот, что внутри {system}"},
    "source_trained": {
        "en": "trained on the data set’s labelled queries",
        "ru": "обучен на размеченных запросах набора",
    },
    "origin_artifact": {
        "en": "{systems}: artifacts trained before.",
        "ru": "{systems}: обучены заранее.",
    },
    "origin_trained": {
        "en": "{systems}: trained for this run with seed {seed}.",
        "ru": "{systems}: обучены для этого прогона с зерном {seed}.",
    },
    "origin_chance": {"en": "{systems}: drawn by chance.", "ru": "{systems}: выбраны случайно."},
    "m_code": {"en": "Code", "ru": "Код"},
    "define_hits": {
        "en": "number of relevant tracks among the first k, mean over queries (the text of Text2Tracks, section 4)",
        "ru": "число верных треков среди первых k, среднее по запросам (как в тексте Text2Tracks, раздел 4)",
    },
    "define_success": {
        "en": "share of queries with at least one relevant track among the first k (the other reading of hits@k)",
        "ru": "доля запросов, у которых среди первых k есть хотя бы один верный трек (другое прочтение hits@k)",
    },
    "define_precision": {
        "en": "share of the first k places that hold a relevant track",
        "ru": "доля первых k мест с верным треком",
    },
    "define_recall": {
        "en": "share of all relevant tracks that are among the first k",
        "ru": "доля всех верных треков, попавших в первые k",
    },
    "define_ndcg": {
        "en": "binary gain, discount log2(place + 1), over the gain of a perfect ranking cut at k",
        "ru": "двоичная польза, скидка log2(место + 1), делённая на пользу идеального списка длины k",
    },
    "define_mrr": {
        "en": "1 / place of the first relevant track, 0 if there is none in the ranking",
        "ru": "1 / место первого верного трека, 0, если в списке его нет",
    },
    "define_artist_entropy": {
        "en": "Shannon entropy, in bits, of the first-named artists of the first ten tracks; 3.32 where all differ",
        "ru": "энтропия Шеннона (бит) первых артистов десяти первых треков; 3,32, если все разные",
    },
    "define_coverage": {
        "en": "share of the catalogue in anybody’s first ten; it grows with the number of queries",
        "ru": "доля каталога, попавшая хоть в чью-то первую десятку; растёт с числом запросов",
    },
    "define_ms_per_query": {
        "en": "wall time for 20 tracks after a warm-up, one thread, one query at a time; then for one query of a"
        " batch of"
        " 32",
        "ru": "время на 20 треков после разогрева, в один поток, по одному запросу; затем на один запрос из пачки в 32",
    },
    "caution_train": {
        "en": "This is the split that systems learn from: the figures say what they remember, not what they can do.",
        "ru": "На этой части системы учатся: числа говорят о том, что они запомнили, а не о том, что умеют.",
    },
    "caution_none": {
        "en": "There are {clusters} independent listeners or playlists; below {fewest} the data cannot tell systems"
        " apart,"
        " and no interval or test is given.",
        "ru": "Независимых слушателей или плейлистов всего {clusters}; когда их меньше {fewest}, данные не различают"
        " системы, поэтому нет ни интервалов, ни проверок.",
    },
    "caution_few": {
        "en": "There are only {clusters} independent listeners or playlists: intervals and tests are rough.",
        "ru": "Независимых слушателей или плейлистов всего {clusters}: интервалы и проверки грубые.",
    },
    "caution_heard": {
        "en": "{heard} of {pairs} pairs of a listener and a relevant track are in the interactions that systems learn"
        " from:"
        " personalised systems may remember the answers.",
        "ru": "Из {pairs} пар «слушатель — верный трек» {heard} есть в событиях, на которых системы учатся:"
        " персональные системы могли запомнить ответы.",
    },
    "caution_cold": {
        "en": "{cold} of the {queries} queries of listeners come from listeners without a single event: to personalised"
        " systems they are strangers.",
        "ru": "Из запросов слушателей ({queries}) от слушателей без единого события: {cold}. Для персональных систем"
        " это"
        " незнакомцы.",
    },
    "caution_no_listener": {
        "en": "None of the {queries} queries names a listener, so re-ranking by taste changes nothing here: equal"
        " figures of"
        " the retrievers are no finding.",
        "ru": "Ни один из запросов ({queries}) не назван от имени слушателя, поэтому переранжирование по вкусу здесь"
        " ничего"
        " не меняет: равенство чисел — не вывод.",
    },
    "caution_seen": {
        "en": "{titles} playlists of the split have a title that training playlists have as well.",
        "ru": "Плейлистов, чьё название встречается и в обучении: {titles}.",
    },
    "caution_seen_requests": {
        "en": "The words of {requests} requests stand in the training data as a title or request; they were asked"
        " none the"
        " less, on behalf of their listeners.",
        "ru": "Слова запросов (их {requests}) есть в обучении как название или запрос; они всё же заданы, от имени"
        " своих"
        " слушателей.",
    },
    "caution_clusters": {
        "en": "{queries} queries come from {clusters} listeners and playlists; intervals and tests count these.",
        "ru": "Запросов {queries}, слушателей и плейлистов {clusters}; интервалы и проверки считают последние.",
    },
    "caution_depth": {
        "en": "Rankings of {depth} tracks were asked for: re-ranking systems then take more candidates than a"
        " listener’s list"
        " would, and their first places may differ from it.",
        "ru": "Запрошены списки из {depth} треков: переранжирующие системы берут тогда больше кандидатов, чем для"
        " слушателя, и первые места могут отличаться.",
    },
    "caution_constant": {
        "en": "{system} has the same success@10, {value}, on all {queries} queries: the interval has no width because"
        " resampling cannot see beyond the data.",
        "ru": "У {system} success@10 одинаков, {value}, на всех запросах ({queries}): интервал не имеет ширины,"
        " потому что"
        " бутстрэп не видит дальше данных.",
    },
}
