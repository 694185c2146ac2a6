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
    "nothing_before": {
        "tr": "Önce bir soru sorun.",
        "en": "Ask a question first.",
        "de": "Stellen Sie zuerst eine Frage.",
        "ru": "Сначала задайте вопрос.",
    },
    "empty": {
        "tr": "Bir soru yazın; örneğin: “İzmir hangi şehirle kardeş?”",
        "en": "Write a question, for example: “Which city is twinned with Izmir?”",
        "de": "Schreiben Sie eine Frage, zum Beispiel: „Welche Stadt ist Izmirs Partnerstadt?“",
        "ru": "Напишите вопрос, например: «Какой город — побратим Измира?»",
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
