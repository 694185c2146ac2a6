"""What is said where there is nothing to look up."""

from __future__ import annotations

_WORDS = {
    "greeting": {
        "tr": "Merhaba! Kaynaklarımda ne arayayım?",
        "en": "Hello! What shall I look up in my sources?",
        "de": "Hallo! Was soll ich in meinen Quellen nachschlagen?",
        "ru": "Здравствуйте! Что поискать в моих источниках?",
    },
    "thanks": {
        "tr": "Rica ederim.",
        "en": "You are welcome.",
        "de": "Gern geschehen.",
        "ru": "Пожалуйста.",
    },
    "goodbye": {
        "tr": "Hoşça kalın.",
        "en": "Goodbye.",
        "de": "Auf Wiedersehen.",
        "ru": "До свидания.",
    },
    "nothing": {
        "tr": "Ben yalnızca kaynaklarıma bakarım. Orada ne arayayım?",
        "en": "I only look into my sources. What shall I look up there?",
        "de": "Ich schaue nur in meine Quellen. Was soll ich dort nachschlagen?",
        "ru": "Я смотрю только в свои источники. Что там поискать?",
    },
    "nothing_before": {
        "tr": "Önce bir soru sorun.",
        "en": "Ask a question first.",
        "de": "Stellen Sie zuerst eine Frage.",
        "ru": "Сначала задайте вопрос.",
    },
    "empty": {
        "tr": "Kaynaklarımda aranacak bir soru yazın.",
        "en": "Write a question for me to look up in my sources.",
        "de": "Schreiben Sie eine Frage, die ich in meinen Quellen nachschlagen soll.",
        "ru": "Напишите вопрос, на который искать ответ в моих источниках.",
    },
    "other_days": {
        "tr": "bulduğum yer sorduğunuz günden söz etmiyor, o günlerde de yazılmamış",
        "en": "the passage neither speaks of the days you ask about nor was written then",
        "de": "die Stelle nennt die gefragten Tage nicht und stammt nicht aus ihnen",
        "ru": "фрагмент не говорит о тех днях, о которых вопрос, и написан не тогда",
    },
    "no_more": {
        "tr": "Başka parça yok.",
        "en": "There are no further passages.",
        "de": "Es gibt keine weiteren Stellen.",
        "ru": "Других фрагментов нет.",
    },
}
LANGUAGES = ("tr", "en", "de", "ru")
# Languages whose speakers mostly understand one that is spoken here better than English.
UNDERSTOOD_BY = {"az": "tr", "kk": "ru", "ky": "ru"}


def say(key: str, language: str) -> str:
    """The words in `language`, in English where it is not spoken here."""
    return _WORDS[key].get(language, _WORDS[key]["en"])
