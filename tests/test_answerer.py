"""What people are told: the right sentence, cited and checked, or an honest refusal.

The real bundled model over the shipped seeds.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from bot import live
from bot.settings import Settings
from index.answer import Answer, Verdict
from index.answerer import Answerer
from index.evaluate import evaluate, scores_of, squeezed
from index.questions_file import Case, read_questions

ROOT = Path(__file__).parent.parent
SISTER = "kardes-sehir/izmir-ve-biskek.txt"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("answerer")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    own = Settings(
        _env_file=None,
        seeds_dir=folder / "seeds",
        index_dir=folder / "index",
        danis_lang="tr",
    )
    live.build_index(own)
    return own


@pytest.fixture(scope="module")
def answerer(settings: Settings) -> Answerer:
    return live.open_answerer(settings)


@pytest.fixture
def changing(settings: Settings, tmp_path: Path) -> Iterator[Settings]:
    """A small folder of its own, for tests that change seeds."""
    (tmp_path / "seeds").mkdir()
    own = settings.model_copy(
        update={"seeds_dir": tmp_path / "seeds", "index_dir": tmp_path / "index"}
    )
    (own.seeds_dir / "asansör.txt").write_text(
        "Tarihi Asansör 1907'de açıldı. Yapıyı Nesim Levi yaptırdı.\n", encoding="utf-8"
    )
    (own.seeds_dir / "göl.txt").write_text(
        "Issık Göl kışın donmaz. Derinliği 668 metreyi bulur.\n", encoding="utf-8"
    )
    live.build_index(own)
    yield own


def first_sentence(answer: Answer) -> str:
    return " ".join(answer.citations[0].highlighted)


@pytest.mark.parametrize(
    "question",
    [
        "İzmir hangi şehirle kardeş?",
        "izmir hangi sehirle kardes",
        "İZMİR HANGİ ŞEHİRLE KARDEŞ?",
        "IZMIR HANGI SEHIRLE KARDES",
        "İzmir hnagi şehirle kardeş?",
        "merhaba, İzmir hangi şehirle kardeş acaba?",
        "Which city is twinned with Izmir?",
        "Mit welcher Stadt ist Izmir verschwistert?",
    ],
)
def test_the_same_question_finds_the_same_passage_however_it_is_asked(
    answerer: Answerer, question: str
) -> None:
    answer = answerer.ask(question)
    assert answer.verdict in (Verdict.ANSWERED, Verdict.UNSURE)
    assert answer.citations[0].path == SISTER
    assert "Bişkek" in first_sentence(answer)


def test_repairs_are_told(answerer: Answerer) -> None:
    repairs = answerer.ask("izmir hangi sehirle kardes").repairs
    assert ("sehirle", "şehirle") in {(r.original, r.repaired) for r in repairs}


@pytest.mark.parametrize(
    "question",
    ["Ay'a ilk kim ayak bastı?", "Who was the first person on the Moon?", "Soğan nasıl doğranır?"],
)
def test_what_the_seeds_do_not_say_is_refused_with_the_nearest_offered(
    answerer: Answerer, question: str
) -> None:
    answer = answerer.ask(question)
    assert answer.verdict is Verdict.REFUSED
    assert answer.citations == ()
    assert len(answer.nearest) == 3


def test_every_quote_stands_in_its_seed_where_the_citation_says(
    answerer: Answerer, settings: Settings
) -> None:
    for question in ("Saat Kulesi kaç metre?", "Saygun ne zaman doğdu?", "Efes ne zaman listede?"):
        for citation in answerer.ask(question, k=5).citations:
            text = (settings.seeds_dir / citation.path).read_text(encoding="utf-8")
            assert text[citation.start : citation.end] == citation.quote
            for span, sentence in zip(citation.highlights, citation.highlighted, strict=True):
                assert citation.start <= span.start < span.end <= citation.end
                assert text[span.start : span.end] == sentence


def test_a_passage_whose_seed_changed_is_not_cited(changing: Settings) -> None:
    answerer = live.open_answerer(changing)
    assert answerer.ask("Asansörü kim yaptırdı?").citations[0].path == "asansör.txt"
    (changing.seeds_dir / "asansör.txt").write_text("Bu dosya artık başka bir şey anlatıyor.\n")
    answer = answerer.ask("Asansörü kim yaptırdı?")
    assert all(citation.path != "asansör.txt" for citation in answer.citations + answer.nearest)


def test_a_folder_of_one_document_is_enough(tmp_path: Path) -> None:
    cases = read_questions(ROOT / "questions/seeds.jsonl").cases
    sources = list(dict.fromkeys(case.source for case in cases if case.source))[::4]
    own, others = [], []
    for number, source in enumerate(sources):
        folder = tmp_path / str(number)
        (folder / "seeds" / source).parent.mkdir(parents=True)
        shutil.copy(ROOT / "seeds" / source, folder / "seeds" / source)
        chosen = Settings(_env_file=None, seeds_dir=folder / "seeds", index_dir=folder / "index")
        live.build_index(chosen)
        answerer = live.open_answerer(chosen)
        own += [answerer.ask(c.question).verdict for c in cases if c.source == source]
        others += [answerer.ask(c.question).verdict for c in cases if c.source != source][::12]
    assert len(own) > 30
    assert own.count(Verdict.REFUSED) <= 0.1 * len(own)
    assert others.count(Verdict.REFUSED) >= 0.95 * len(others)


def test_a_new_index_is_picked_up_between_two_questions(changing: Settings) -> None:
    answerer = live.open_answerer(changing)
    assert answerer.ask("Bergama hangi yıl listeye girdi?").verdict is Verdict.REFUSED
    (changing.seeds_dir / "bergama.txt").write_text(
        "Bergama 2014 yılında Dünya Mirası Listesi'ne girdi.\n", encoding="utf-8"
    )
    live.build_index(changing)
    before = answerer.index_version
    assert answerer.refresh()
    assert answerer.index_version != before
    assert answerer.ask("Bergama hangi yıl listeye girdi?").citations[0].path == "bergama.txt"
    assert not answerer.refresh()


def test_a_broken_new_index_is_refused_and_the_old_one_serves_on(changing: Settings) -> None:
    answerer = live.open_answerer(changing)
    for path in (changing.index_dir / "manifests").iterdir():
        path.write_text("{}")
    (changing.index_dir / "CURRENT").write_text("000099.json")
    assert not answerer.refresh()
    assert answerer.ask("Asansörü kim yaptırdı?").citations[0].path == "asansör.txt"


def test_sources_that_disagree_stand_side_by_side_the_newest_first(answerer: Answerer) -> None:
    answer = answerer.ask("Gezici kütüphane ne zaman yola çıkacak?")
    assert answer.disagreement
    newer, older = answer.citations[:2]
    assert "28 Mart 2026" in " ".join(newer.highlighted)
    assert "14 Mart 2026" in " ".join(older.highlighted)
    assert newer.date is not None and older.date is not None and newer.date > older.date
    assert [citation.number for citation in answer.citations] == [1, 2, 3]


def test_two_dates_of_different_things_are_no_disagreement(answerer: Answerer) -> None:
    assert not answerer.ask("Saat Kulesi ne zaman yapıldı?").disagreement
    assert not answerer.ask("Issık Göl'ün derinliği kaç metre?").disagreement


def test_an_unsure_answer_says_why(answerer: Answerer) -> None:
    answers = [
        answerer.ask(case.question)
        for case in read_questions(ROOT / "questions" / "near-misses.jsonl").cases[:60]
    ]
    unsure = [answer for answer in answers if answer.verdict is Verdict.UNSURE]
    assert unsure
    assert all(answer.reasons for answer in unsure)


def test_where_no_word_is_missing_reading_tells_why_it_is_unsure(answerer: Answerer) -> None:
    questions = ("Kütüphane kartı nasıl alınır?", "Gül bahçesine giriş kaç lira?")
    answers = [answerer.ask(question) for question in questions]
    reasons = [answer.reasons for answer in answers if answer.verdict is Verdict.UNSURE]
    assert ("bulduğum yer konuya yakın, ama sorduğunuzu söylediğinden emin değilim",) in reasons


def test_follow_up_uses_the_turn_before(answerer: Answerer) -> None:
    first = answerer.ask("Saat Kulesi ne zaman yapıldı?")
    second = answerer.ask("Peki kaç metre?", turns=(first.turn,))
    assert "25 metredir" in first_sentence(second)
    assert "Saat Kulesi" in second.standalone


def test_a_new_question_does_not_use_the_turn_before(answerer: Answerer) -> None:
    first = answerer.ask("Saat Kulesi ne zaman yapıldı?")
    second = answerer.ask("İzmir hangi şehirle kardeş?", turns=(first.turn,))
    assert second.citations[0].path == SISTER
    assert "Saat" not in second.standalone


def test_what_said_nothing_is_no_subject(answerer: Answerer) -> None:
    first = answerer.ask("Saat Kulesi ne zaman yapıldı?")
    junk = answerer.ask("Qwxzv plomk mı trışka?")
    assert junk.verdict is Verdict.REFUSED
    after = answerer.ask("Peki kaç metre?", turns=(first.turn, junk.turn))
    assert after.standalone == "Saat Kulesi kaç metre?"
    listed = answerer.ask("son haberler", turns=(first.turn,))
    assert "haber" not in answerer.ask("Kim yaptırdı?", turns=(listed.turn,)).standalone.lower()


def test_what_documents_were_listed_about_is_a_subject(answerer: Answerer) -> None:
    listed = answerer.ask("Aytmatov hakkında haber var mı?")
    assert answerer.ask("Nerede doğdu?", turns=(listed.turn,)).standalone.startswith("Aytmatov")


def test_small_talk_is_answered_in_words_and_is_no_turn(answerer: Answerer) -> None:
    first = answerer.ask("Saat Kulesi ne zaman yapıldı?")
    thanks = answerer.ask("teşekkürler", turns=(first.turn,))
    assert (thanks.verdict, thanks.text) == (Verdict.TALK, "Rica ederim.")
    after = answerer.ask("Peki kaç metre?", turns=(first.turn, thanks.turn))
    assert "25 metredir" in first_sentence(after)


def test_shorter_more_and_source_speak_of_the_last_answer(answerer: Answerer) -> None:
    first = answerer.ask("Saat Kulesi ne zaman yapıldı?", k=2)
    shorter = answerer.ask("daha kısa", turns=(first.turn,))
    assert shorter.brief
    assert shorter.citations[0].key == first.citations[0].key
    further = answerer.ask("daha fazla", turns=(first.turn,))
    assert not {c.key for c in further.citations} & {c.key for c in first.citations}
    assert further.citations[0].number == 3
    whole = answerer.ask("kaynağı göster", turns=(first.turn,))
    assert first.citations[0].quote in whole.text
    assert answerer.ask("daha kısa").verdict is Verdict.TALK


def test_several_questions_in_one_message_are_answered_one_by_one(answerer: Answerer) -> None:
    answer = answerer.ask("Saat Kulesi kaç metre? Issık Göl'ün en derin yeri kaç metredir?")
    assert [part.question for part in answer.parts] == [
        "Saat Kulesi kaç metre?",
        "Issık Göl'ün en derin yeri kaç metredir?",
    ]
    assert "25 metredir" in first_sentence(answer.parts[0])
    assert "668 metredir" in first_sentence(answer.parts[1])
    assert answer.turn == answer.parts[1].turn, "what follows goes on from the last one"


def test_questions_about_the_sources_count_list_and_sort(answerer: Answerer) -> None:
    assert "25 belge" in answerer.ask("kaç belge var?").text
    january = answerer.ask("2026 ocak")
    dates = [citation.date for citation in january.citations]
    assert dates == sorted(dates, reverse=True)  # type: ignore[type-var]
    assert {(d.year, d.month) for d in dates if d} == {(2026, 1)}
    newest = answerer.ask("Aytmatov hakkında en yeni haber")
    assert newest.citations[0].path == "kultur/aytmatov-kutuphane-ve-heykel.txt"


def test_a_list_says_how_many_it_shows(answerer: Answerer) -> None:
    everything = answerer.ask("son haberler")
    assert "(10/25)" in everything.text
    assert len(everything.citations) == 10
    newest = answerer.ask("son haber")
    assert "(1)" in newest.text
    assert newest.citations == everything.citations[:1]


def test_documents_about_something_are_listed_where_its_word_stands(answerer: Answerer) -> None:
    listed = answerer.ask("Aytmatov hakkında haber var mı?")
    assert listed.verdict is Verdict.LISTING
    dates = [citation.date for citation in listed.citations]
    assert dates == sorted(dates, reverse=True)  # type: ignore[type-var]
    assert answerer.ask("uzay mekiği hakkında haber var mı?").verdict is Verdict.REFUSED


def test_an_old_notice_gives_no_plain_answer_about_tomorrow(changing: Settings) -> None:
    notice = changing.seeds_dir / "kesinti.txt"
    notice.write_text(
        "Su kesintisi\n\nTarih: 28 Ocak 2020\n\nÇeşme Mahallesi'nde yarın su kesilecek.\n", "utf-8"
    )
    live.build_index(changing)
    answerer = live.open_answerer(changing)
    asked = "Çeşme Mahallesi'nde yarın su kesilecek mi?"
    old = answerer.ask(asked)
    assert old.citations[0].path == "kesinti.txt"
    assert (old.verdict, len(old.reasons)) == (Verdict.UNSURE, 1)
    notice.write_text(notice.read_text("utf-8").replace("28 Ocak 2020", f"{date.today()}"), "utf-8")
    live.build_index(changing)
    answerer.refresh()
    assert answerer.ask(asked).verdict is Verdict.ANSWERED


def test_a_date_in_an_ordinary_question_is_not_a_filter(answerer: Answerer) -> None:
    answer = answerer.ask("21 Mart'ta ne kutlanacak?")
    assert answer.verdict is not Verdict.LISTING
    assert answer.citations[0].path == "kultur/21-mart-kulturparkta.txt"


def test_interface_words_follow_the_question_and_the_quote_stays_as_it_is(
    answerer: Answerer,
) -> None:
    assert answerer.ask("Which city is twinned with Izmir?").language == "en"
    assert answerer.ask("Wie hoch ist der Uhrturm?").language == "de"
    assert answerer.ask("Какой город побратим Измира?").language == "ru"
    assert answerer.ask("İzmir hangi şehirle kardeş?").language == "tr"


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("latest news", "en"),
        ("help", "en"),
        ("castle entrance fee", "en"),
        ("neueste Nachrichten", "de"),
        ("thx a lot", "en"),
        ("kale giris ucreti", "tr"),
        ("son haber", "tr"),
    ],
)
def test_a_few_nouns_tell_the_language_of_the_words_around_the_answer(
    answerer: Answerer, message: str, language: str
) -> None:
    assert answerer.ask(message).language == language


def test_an_empty_message_is_told_of_no_place_that_the_folder_may_not_hold(
    answerer: Answerer,
) -> None:
    assert answerer.ask("?").text == "Kaynaklarımda aranacak bir soru yazın."
    assert answerer.ask("hello").text.startswith("Hello")


def test_no_language_of_a_mixed_folder_is_pushed_out(answerer: Answerer) -> None:
    """The same fact stands in a Turkish and an English seed: both are found, whoever asks."""
    for question in ("Efes ne zaman Dünya Mirası oldu?", "When was Ephesus put on the list?"):
        found = answerer.find(question, k=10)
        paths = {record.document.path for _, record in found.passages()}
        assert {"izmir/efes-dunya-mirasi.txt", "english/ephesus-world-heritage.txt"} <= paths
    # What stands in one language only is found from the other one.
    for question, path in (
        ("Burana Tower nerede?", "english/silk-roads-kyrgyzstan.txt"),
        ("How tall is the clock tower of Izmir?", "izmir/saat-kulesi.txt"),
    ):
        _, first = next(answerer.find(question, k=10).passages())
        assert first.document.path == path


@pytest.mark.parametrize(
    "message", ["", " ", "?", "…!", "\0", "\ud800", "🙂" * 50, "a" * 50_000, "SELECT * FROM x; --"]
)
def test_any_message_is_answered_in_words(answerer: Answerer, message: str) -> None:
    answer = answerer.ask(message)
    assert answer.question == message
    assert answer.text or answer.citations or answer.nearest


def test_threads_get_the_answers_that_one_thread_gets(answerer: Answerer) -> None:
    cases = read_questions(ROOT / "questions" / "seeds.jsonl").cases[:40]
    alone = [answerer.ask(case.question).citations[:1] for case in cases]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda case: answerer.ask(case.question).citations[:1], cases))
    assert [[c.key for c in one] for one in alone] == [[c.key for c in one] for one in together]


def test_shipped_questions_keep_their_quality(answerer: Answerer) -> None:
    scores = scores_of(evaluate(answerer, read_questions(ROOT / "questions/seeds.jsonl").cases))
    assert scores.recall_at_1 >= 0.86
    assert scores.recall_at_5 >= 0.98
    assert scores.sentence_hit >= 0.83
    assert scores.refusal_auroc >= 0.89
    assert scores.right_answers_withheld <= 0.08


def test_what_lacks_the_number_asked_for_is_not_shown_beside_what_has_it(
    answerer: Answerer,
) -> None:
    answer = answerer.ask("Saat Kulesi kaç metre?")
    assert answer.citations[0].highlighted == ("Kulenin yüksekliği 25 metredir.",)


@pytest.mark.parametrize(
    ("file", "turns_at_least"), [("conversations", 130), ("conversations-held-out", 86)]
)
def test_conversations_reach_the_right_passage(
    answerer: Answerer, file: str, turns_at_least: int
) -> None:
    right_seed = right_passage = asked = 0
    for line in (ROOT / f"questions/{file}.jsonl").read_text(encoding="utf-8").splitlines():
        turns = []
        for turn in json.loads(line)["turns"]:
            answer = answerer.ask(turn["question"], turns=turns)
            turns.append(answer.turn)
            shown = answer.citations or answer.nearest
            if turn["source"] is None:
                continue
            asked += 1
            right_seed += bool(shown) and shown[0].path == turn["source"]
            right_passage += bool(shown) and squeezed(turn["answer"]) in squeezed(shown[0].quote)
    assert asked >= turns_at_least
    assert right_seed / asked >= 0.94
    assert right_passage / asked >= 0.89


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("İzmir hangi kentle kardeş?", "Orası kaç metre yüksekte?", "Bişkek kaç metre yüksekte?"),
        ("Aytmatov'un babası kimdi?", "Ona ne oldu?", "Törekul ne oldu?"),
    ],
)
def test_it_may_be_what_was_just_answered(
    answerer: Answerer, first: str, second: str, expected: str
) -> None:
    asked = answerer.ask(first)
    assert answerer.ask(second, turns=[asked.turn]).standalone == expected


def test_what_stands_below_every_release_is_answered_once(changing: Settings) -> None:
    below = "Basın bürosunun telefonu 0232 555 01 01, adresi Saat Sokağı 7."
    subjects = "park köprü otobüs sergi yarış konser fidan vapur tören kitap okul çeşme".split()
    for subject in subjects:
        (changing.seeds_dir / f"{subject}.txt").write_text(
            f"Yeni {subject}\n\nBelediye {subject} için ne yapılacağını duyurdu.\n\n{below}",
            "utf-8",
        )
    live.build_index(changing)
    answerer = live.open_answerer(changing)
    answer = answerer.ask("Basın bürosunun telefonu kaç?")
    assert answer.verdict is Verdict.ANSWERED
    assert answer.citations[0].quote == below
    assert [citation.quote for citation in answer.citations].count(below) == 1
    cited, *others = answer.citations[0].path, *answer.citations[0].also
    assert {cited, *others} <= {f"{subject}.txt" for subject in subjects} and others
    assert cited not in others
    counted = answerer.ask("Basın bürosu hakkında kaç belge var?")
    assert str(len(subjects)) in counted.text
    asked = [Case(answer.question, f"{subject}.txt", "0232 555 01 01") for subject in subjects]
    assert scores_of(evaluate(answerer, asked)).recall_at_1 == 1  # whichever release is cited


def test_each_language_of_a_document_in_two_is_read_as_itself(changing: Settings) -> None:
    (changing.seeds_dir / "broşür.txt").write_text(
        "The museum is open every day from nine to five and there is a café in the garden.\n\n"
        "The old town was built by the river, and most of its houses are more than two hundred "
        "years old.\n\n"
        "The ferry to the island leaves from the pier at the end of the street every hour.\n\n"
        "Müzenin bahçesindeki çeşmeleri 1912 yılında Kadri Usta yaptı ve bu çeşmelerin suyu için "
        "dağdan künk döşendi.\n",
        "utf-8",
    )
    live.build_index(changing)
    answerer = live.open_answerer(changing)
    found = answerer.find("Çeşmeyi kim yaptı?", k=3)
    hit, record = next(found.passages())
    assert (record.document.language, record.language) == ("en", "tr")
    assert not hit.other_language
    assert hit.coverage > 0.7  # by the Turkish stem: çeşmeyi, çeşmeleri


def test_a_question_that_its_own_passage_answers_leaves_the_last_subject(
    answerer: Answerer,
) -> None:
    turns = [answerer.ask("Tarihî Asansör'ü kim yaptırdı?").turn]
    turns.append(answerer.ask("Hangi yıl?", turns=turns).turn)
    answer = answerer.ask("Efes hangi ilçede?", turns=turns)
    assert answer.standalone == "Efes hangi ilçede?"
    assert "Selçuk" in answer.citations[0].quote


def test_a_new_subject_is_not_refused_for_the_last_one(answerer: Answerer) -> None:
    before = answerer.ask("Kulübe üye olmak istiyorum, ne yapmalıyım?").turn
    answer = answerer.ask("Kaç kitap alabilirim?", turns=[before])
    assert "dört kitap" in answer.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "Belediye başkanının maaşı ne kadar?",
        "Galatasaray maçı kaç kaç bitti?",
        "Muhtarlık seçimleri ne zaman yapılacak?",
    ],
)
def test_a_whole_question_about_something_unknown_is_refused_as_it_stands(
    answerer: Answerer, question: str
) -> None:
    before = answerer.ask("Gül bahçesine giriş kaç lira?").turn
    answer = answerer.ask(question, turns=[before])
    assert answer.verdict is Verdict.REFUSED
    assert answer.standalone == question


def test_what_was_asked_before_is_not_said_twice(answerer: Answerer) -> None:
    before = answerer.ask("Kütüphane kartı nasıl alınır?").turn
    again = answerer.ask("kutuphane karti nasil alinir", turns=[before])
    assert again.standalone == "Kütüphane kartı nasıl alınır?"


def test_documents_about_something_are_counted_by_its_words(answerer: Answerer) -> None:
    answer = answerer.ask("Nevruz hakkında kaç belge var?")
    assert answer.verdict is Verdict.LISTING
    assert "“Nevruz” geçen 1 belge" in answer.text
    assert [citation.path for citation in answer.citations] == ["kultur/nevruz-ve-unesco.txt"]
    counted = answerer.ask("Aytmatov hakkında kaç belge var?")
    paths = [citation.path for citation in counted.citations]
    assert "kultur/cengiz-aytmatov.md" in paths and len(paths) < answerer.documents


@pytest.mark.parametrize("asked", ["şehir", "sehir", "şehirler", "kardeş şehir"])
def test_documents_are_counted_in_all_forms_of_their_words(answerer: Answerer, asked: str) -> None:
    listed = answerer.ask(f"{asked} hakkında kaç belge var?")
    said = [path.read_text("utf-8") for path in (ROOT / "seeds").rglob("*.*")]
    holding = sum(bool(re.search(r"(?i)\bşeh(?:i)?r(?!em)", text)) for text in said)
    assert len(listed.citations) <= holding
    if "kardeş" not in asked:
        assert f"geçen {holding} belge" in listed.text


def test_the_oldest_and_a_number_of_documents(answerer: Answerer) -> None:
    oldest = answerer.ask("en eski haber")
    assert oldest.citations[0].path == "belediye/kutuphane-karti.txt"
    assert "en eskisi önce" in oldest.text
    assert len(answerer.ask("son 3 haber").citations) == 3
