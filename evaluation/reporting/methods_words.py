"""The sentences of the paragraph on methods, in both languages."""

SENTENCES = {
    "en": {
        "nothing": "There are no judgments yet, so nothing was computed.",
        "judged_blind": (
            "We compared {systems} systems{names} in a blind study: participants saw two anonymous playlists "
            "for a query of their own and said which was better, or that they were equivalent. {participants} "
            "participants gave {judgments} judgments of {pairs} pairs of systems, of which {ties} ({share}) "
            "were ties."
        ),
        "judged_rehearsal": (
            "This was a rehearsal: nobody judged. {participants} simulated participants, whose preferences were "
            "drawn at random, gave {judgments} judgments of {systems} systems{names} and {pairs} pairs, of which "
            "{ties} ({share}) were ties; no claim about the systems follows from it."
        ),
        "judged": (
            "We analysed {judgments} pairwise judgments of {systems} systems{names} by {participants} participants; "
            "{pairs} pairs of systems were judged, and {ties} judgments ({share}) were ties."
        ),
        "model": (
            "Ratings come from this model, fitted to all judgments whatever their order: {model}; they are on "
            "the Elo scale, where 400 points are odds of 10 to 1 among decisive judgments, with mean 1500."
        ),
        "tie_parameter": (
            "Ties enter the likelihood as an outcome of their own (estimated tie parameter {name} = {value})."
        ),
        "penalised": (
            "No finite maximum exists for these judgments, so each system was given half a win and half a loss "
            "against a ghost of mean strength."
        ),
        "apart": (
            "No chain of judgments connects all systems, so {groups} groups were rated apart and there are "
            "neither joint ratings nor ranks."
        ),
        "interval": (
            "Confidence intervals (95%) take the participant, not the judgment, as the unit of replication: "
            "{interval} on {df} degrees of freedom."
        ),
        "no_interval": "With a single participant there are no confidence intervals.",
        "ranks": (
            "Rank intervals hold for all systems at once with 95% probability (max-t over all pairs; Mogstad "
            "et al., 2024)."
        ),
        "all_equal": "That all systems are equal was tested by {test} ({p}).",
        "win_rate": (
            "Win rates count a tie as one half; their intervals are Wilson's on the effective number of "
            "judgments under clustering by participant (Korn and Graubard, 1998)."
        ),
        "pairs": (
            "Each judged pair was tested, two-sided, by {test}; p-values were corrected over all {pairs} pairs "
            "(Holm, 1979)."
        ),
        "mann_whitney": (
            "Mann–Whitney tests ({reading}), which take judgments as independent, are reported for comparison "
            "only, beside their version with participants as clusters (Obuchowski, 1997)."
        ),
        "sides_drawn": "Which system was shown on which side was drawn at random for each trial.",
        "sides": "The playlist shown first won {first} of {decisive} decisive judgments ({p}, exact binomial test).",
        "elo": (
            "Online Elo ratings (start {start}, K = {k}, in the order of time) are given for comparison; they "
            "depend on that order."
        ),
        "draws": (
            "All random draws follow from seed {seed}; where participants were resampled, {replicates} "
            "resamples were used."
        ),
        "software": "Computed with {named}.",
        "judged_by_nobody_known": (
            "We analysed {judgments} pairwise judgments of {systems} systems{names}, which do not say who made "
            "them; {pairs} pairs of systems were judged, and {ties} judgments ({share}) were ties."
        ),
        "interval_by_judgment": (
            "Confidence intervals (95%) take each judgment as independent, since nobody knows which of them "
            "one person made, and are too narrow if people made several: {interval}."
        ),
        "win_rate_by_judgment": "Win rates count a tie as one half; their intervals are Wilson's.",
        "no_participants": (
            "No test by participant is possible; tests that take judgments as independent are no substitute, "
            "and none is quoted."
        ),
    },
    "ru": {
        "nothing": "Оценок пока нет, поэтому ничего не посчитано.",
        "judged_blind": (
            "Мы сравнили системы ({systems}){names} в слепом исследовании: участники видели два анонимных "
            "плейлиста по собственному запросу и говорили, какой лучше или что они равноценны. Участников — "
            "{participants}, оценок — {judgments}, оценённых пар систем — {pairs}; ничьих — {ties} ({share})."
        ),
        "judged_rehearsal": (
            "Это репетиция: никто ничего не оценивал. Моделируемые участники ({participants}), чьи предпочтения взяты "
            "случайно, дали оценки числом {judgments} системам ({systems}){names}, пар — {pairs}, ничьих — {ties} "
            "({share}); о самих системах из этого ничего не следует."
        ),
        "judged": (
            "Мы проанализировали попарные оценки систем ({systems}){names}: оценок — {judgments}, участников — "
            "{participants}, оценённых пар систем — {pairs}; ничьих — {ties} ({share})."
        ),
        "model": (
            "Рейтинги даёт модель, подогнанная ко всем оценкам независимо от их порядка: {model}; шкала — Эло, где 400 "
            "пунктов — шансы 10 к 1 среди решающих оценок, среднее 1500."
        ),
        "tie_parameter": "Ничья входит в правдоподобие как отдельный исход (оценка параметра ничьих {name} = {value}).",
        "penalised": (
            "Конечного максимума для этих оценок нет, поэтому каждой системе добавлены полпобеды и полпоражения против "
            "призрака средней силы."
        ),
        "apart": (
            "Цепочка оценок связывает не все системы, поэтому рейтинги посчитаны внутри отдельных групп (их "
            "{groups}), а общих рейтингов и мест нет."
        ),
        "interval": (
            "Доверительные интервалы (95 %) считают единицей наблюдения участника, а не оценку: {interval}; "
            "число степеней свободы — {df}."
        ),
        "no_interval": "Участник один, поэтому доверительных интервалов нет.",
        "ranks": (
            "Интервалы мест верны с вероятностью 95 % для всех систем сразу (max-t по всем парам; Mogstad et "
            "al., 2024)."
        ),
        "all_equal": "Равенство всех систем проверено критерием: {test} ({p}).",
        "win_rate": (
            "В доле побед ничья считается за половину; интервалы — Уилсона по эффективному числу оценок с кластерами-"
            "участниками (Korn and Graubard, 1998)."
        ),
        "pairs": (
            "Каждая оценённая пара проверена двусторонним критерием: {test}; p-значения поправлены на все "
            "пары, их {pairs} (Holm, 1979)."
        ),
        "mann_whitney": (
            "Критерий Манна — Уитни ({reading}), который считает оценки независимыми, приведён только для "
            "сравнения, рядом с вариантом, где участники — кластеры (Obuchowski, 1997)."
        ),
        "sides_drawn": "Сторона, на которой показана система, выбиралась случайно в каждом сравнении.",
        "sides": (
            "Показанный первым плейлист победил в {first} из {decisive} решающих оценок ({p}, точный "
            "биномиальный критерий)."
        ),
        "elo": (
            "Для сравнения даны рейтинги Эло по ходу (начало {start}, K = {k}, по порядку времени); они "
            "зависят от этого порядка."
        ),
        "draws": (
            "Все случайные числа следуют из начального значения {seed}; где участники выбирались повторно, выборок — "
            "{replicates}."
        ),
        "software": "Посчитано программами: {named}.",
        "judged_by_nobody_known": (
            "Мы проанализировали попарные оценки систем ({systems}){names}, о которых неизвестно, кто их дал: "
            "оценок — {judgments}, оценённых пар систем — {pairs}; ничьих — {ties} ({share})."
        ),
        "interval_by_judgment": (
            "Доверительные интервалы (95 %) считают оценки независимыми, поскольку неизвестно, какие из них "
            "дал один человек, и слишком узки, если люди дали по нескольку: {interval}."
        ),
        "win_rate_by_judgment": "В доле побед ничья считается за половину; интервалы — Уилсона.",
        "no_participants": (
            "Критерий по участникам невозможен; критерии, считающие оценки независимыми, его не заменяют и не "
            "приводятся."
        ),
    },
}
