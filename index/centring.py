"""Takes out of a question what it shares with any question in its language.

Embeddings of questions in one language share a large common part, and some passages lie near that
part whatever is asked. With m the mean of general questions in the question's language and d the
mean of the index's own vectors, passages are ranked by q - .5 m + .25 d instead of q: nothing
changes within one language, and questions find passages in other languages more often. The idea
is that of mean centring (Mu and Viswanath, "All-but-the-Top", 2018), per language.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from index.embedder import Embedder
from index.vectors import Floats

QUESTION_SHARE = 0.5
CENTRE_SHARE = 0.25

# About anything and nothing; no question of any test set.
GENERAL_QUESTIONS = {
    "tr": (
        "Bu kim tarafından yapıldı?",
        "Toplantı ne zaman başlıyor?",
        "Kaç kişi katıldı?",
        "En büyük şehir hangisidir?",
        "Neden kapatıldı?",
        "Bu olay nerede gerçekleşti?",
        "Hangi yıl kuruldu?",
        "Bunun sonucu ne oldu?",
        "Proje ne kadara mal oldu?",
        "Kararı kim verdi?",
        "Başvuru nasıl yapılır?",
        "Müdürün adı nedir?",
        "Hangi kurum sorumludur?",
        "Ne tür bir hastalıktır?",
        "Savaş ne kadar sürdü?",
        "İlk kez ne zaman görüldü?",
    ),
    "en": (
        "Who made it?",
        "When does the meeting start?",
        "How many people took part?",
        "Which is the largest city?",
        "Why was it closed?",
        "Where did this event take place?",
        "In what year was it founded?",
        "What was the result of this?",
        "How much did the project cost?",
        "Who made the decision?",
        "How can one apply?",
        "What is the name of the director?",
        "Which institution is responsible?",
        "What kind of disease is it?",
        "How long did the war last?",
        "When was it first seen?",
    ),
    "de": (
        "Wer hat das gemacht?",
        "Wann beginnt die Sitzung?",
        "Wie viele Menschen nahmen teil?",
        "Welche ist die größte Stadt?",
        "Warum wurde es geschlossen?",
        "Wo fand dieses Ereignis statt?",
        "In welchem Jahr wurde es gegründet?",
        "Was war das Ergebnis?",
        "Wie viel kostete das Projekt?",
        "Wer traf die Entscheidung?",
        "Wie kann man sich bewerben?",
        "Wie heißt der Direktor?",
        "Welche Einrichtung ist zuständig?",
        "Um was für eine Krankheit handelt es sich?",
        "Wie lange dauerte der Krieg?",
        "Wann wurde es zum ersten Mal gesehen?",
    ),
    "ru": (
        "Кто это сделал?",
        "Когда начинается собрание?",
        "Сколько человек приняло участие?",
        "Какой город самый большой?",
        "Почему его закрыли?",
        "Где произошло это событие?",
        "В каком году он был основан?",
        "Чем это закончилось?",
        "Сколько стоил проект?",
        "Кто принял решение?",
        "Как подать заявление?",
        "Как зовут директора?",
        "Какое учреждение отвечает?",
        "Что это за болезнь?",
        "Сколько длилась война?",
        "Когда это увидели впервые?",
    ),
}

Means = Mapping[str, Floats]


def question_means(embedder: Embedder) -> dict[str, Floats]:
    """The mean vector of general questions in each language, (dim,) float32."""
    return {
        language: np.mean([embedder.query(question) for question in questions], axis=0)
        for language, questions in GENERAL_QUESTIONS.items()
    }


def centred(query: Floats, language: str, means: Means, centre: Floats) -> Floats:
    """The vector to rank by: (dim,) float32, not of length 1; the question's own where its
    language is not among the means."""
    if language not in means:
        return query
    return query - QUESTION_SHARE * means[language] + CENTRE_SHARE * centre
