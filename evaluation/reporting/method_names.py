"""What the analysis calls its methods, in the reader's language. A name that is not known here stays as it is."""

import re

_RUSSIAN = {
    "Rao–Kupper: Bradley–Terry with ties, maximum likelihood": (
        "модель Рао — Куппера (Брэдли — Терри с ничьими), максимум правдоподобия"
    ),
    "Bradley–Terry with a tie as half a win, quasi-likelihood": (
        "модель Брэдли — Терри, где ничья — половина победы, квазиправдоподобие"
    ),
    "bootstrap of participants, each resample refitted, t": ("бутстреп по участникам с подгонкой каждой выборки, t"),
    "t times the error by Obuchowski's variance; the participant is the unit": (
        "t, умноженное на ошибку по дисперсии Обуховской; единица — участник"
    ),
    "Pearson, Rao–Scott second-order correction over participants, F": (
        "Пирсон, поправка Рао — Скотта второго порядка по участникам, F"
    ),
    "exact sign test on decisive judgments": "точный критерий знаков по решающим оценкам",
    "Wilcoxon signed-rank by participant, zero differences split, exact": (
        "знаковые ранги Уилкоксона по участникам, нулевые разности поделены, точный"
    ),
    "Wilcoxon signed-rank by participant, zero differences split, normal approximation": (
        "знаковые ранги Уилкоксона по участникам, нулевые разности поделены, нормальное приближение"
    ),
    "all judgments (D2): each system's scores against any system": (
        "все оценки (D2): баллы каждой системы против любой"
    ),
    "win rates (D3): one per participant and system, against any system": (
        "доли побед (D3): по одной на участника и систему, против любой"
    ),
    r"one step: minus the inverse information times the participant's score; fitted again without each "
    r"of those who by one step take half of the lead or more, and without the nearest (\d+) in any case": (
        r"один шаг: минус обратная информация, умноженная на вклад участника; подгонка заново без каждого, кто за один "
        r"шаг отнимает половину отрыва или больше, и в любом случае без ближайших, числом \1"
    ),
    "Davidson: Bradley–Terry with ties, maximum likelihood": (
        "модель Дэвидсона (Брэдли — Терри с ничьими), максимум правдоподобия"
    ),
    "Hotelling's T squared over participants, as F": "T² Хотеллинга по участникам, через F",
    "jackknife over participants (CR3), t": "складной нож по участникам (CR3), t",
    "sandwich over participants (CR1), t": "сэндвич-оценка по участникам (CR1), t",
    "plus the inverse information of the penalised fit": "плюс обратная информация подгонки со штрафом",
    "inverse information with one judgment per participant, who did not differ at all, t": (
        "обратная информация при одной оценке на участника: участники нисколько не различались, t"
    ),
    "sign-flip permutation of participants' mean score less 1/2, exact": (
        "перестановка знаков среднего балла участников минус 1/2, точная"
    ),
    r"sign-flip permutation of participants' mean score less 1/2, (\d+) random flips": (
        r"перестановка знаков среднего балла участников минус 1/2, случайных наборов знаков: \1"
    ),
    "mirrored judgments (D1): each system's scores against the other's in the same judgments": (
        "зеркальные оценки (D1): баллы одной системы против баллов другой в тех же оценках"
    ),
    "exact binomial test on decisive judgments": "точный биномиальный критерий по решающим оценкам",
    "Wilson on the effective number of judgments, t; the participant is the unit": (
        "Уилсон по эффективному числу оценок, t; единица — участник"
    ),
    "Wilson on the effective number of playlists, t; the participant is the unit": (
        "Уилсон по эффективному числу плейлистов, t; единица — участник"
    ),
    "t times the spread over resampled participants": "t, умноженное на разброс по выборкам участников с возвращением",
    "difference over its error by resampling participants, t": (
        "разность, делённая на ошибку по выборкам участников с возвращением, t"
    ),
    "median and 90th percentile, linear between order statistics": (
        "медиана и 90-й процентиль, линейно между порядковыми статистиками"
    ),
    "fits to the first judgments by time, 95 % by participant; online Elo at the same moments": (
        "подгонка к первым по времени оценкам, 95 % по участникам; Эло по ходу в те же моменты"
    ),
}


_OF_JUDGMENTS = {"участникам": "оценкам", "участников": "оценок", "участник": "оценка"}


def _by_judgment(russian: str) -> str:
    for participant, judgment in _OF_JUDGMENTS.items():
        russian = russian.replace(participant, judgment)
    return russian


# as `stats.units.named` calls a method where nobody knows who made the judgments
_RUSSIAN.update(
    {
        english.replace("participant", "judgment"): _by_judgment(russian)
        for english, russian in list(_RUSSIAN.items())
        if "participant" in english
    }
)


def in_words(method: str | None, language: str) -> str:
    """The method in the language; “–” where there is none."""
    if not method:
        return "–"
    if language != "ru":
        return method
    if method in _RUSSIAN:
        return _RUSSIAN[method]
    for known, russian in _RUSSIAN.items():
        if "(\\d+)" in known and (found := re.fullmatch(known, method)):
            return found.expand(russian)
    head, comma, tail = method.partition(", plus ")
    if comma and (rest := _RUSSIAN.get(f"plus {tail}")):
        return f"{in_words(head, language)}, {rest}"
    return method


def capital(text: str) -> str:
    """The text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
