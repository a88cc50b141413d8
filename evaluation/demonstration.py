"""The words of the demo study, in both languages. Core: no Django."""

STUDY = {
    "title": "Whose playlist is better?",
    "title_ru": "Чей плейлист лучше?",
    "intro": "Ask for music in your own words. Two systems answer; you say whose playlist fits better. "
    "Neither of us can see which system made which list.",
    "intro_ru": "Попросите музыку своими словами. Ответят две системы, а вы скажете, чей плейлист подошёл больше. "
    "Какая система составила какой список, не видно никому.",
    "consent": "This is a demonstration on this computer. Playoff stores the identifier you choose, the queries you "
    "type, the playlists you are shown and your judgments. They are used to compare the systems, and are exported "
    "without your identifier.\n\nTaking part is voluntary; you may stop at any moment by closing the page.",
    "consent_ru": "Это демонстрация на этом компьютере. Playoff хранит выбранный вами идентификатор, ваши запросы, "
    "показанные плейлисты и ваши оценки. По ним сравнивают системы, а выгружаются они без идентификатора.\n\n"
    "Участие добровольное: прекратить можно в любой момент, просто закройте страницу.",
    "question": "Which playlist fits your request better?",
    "question_ru": "Какой плейлист лучше подходит к вашему запросу?",
}
SYSTEMS = ("popularity", "bm25", "retriever", "retriever-cr", "retriever-cr-dp")
ACCOUNTS = {
    "annotator": ("is_annotator",),
    "lead": ("is_annotator", "is_lead"),
    "researcher": ("is_researcher",),
    "admin": ("is_staff", "is_superuser"),
}
