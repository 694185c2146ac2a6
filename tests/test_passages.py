"""Passages and sentences: where they begin and end, on texts that a person can check by eye."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Document
from index.headers import markdown_header, plain_header
from index.passages import LONG, Passage, split
from index.sentences import sentence_spans


def document(text: str, path: str = "haber.txt") -> Document:
    header = (markdown_header if path.endswith(".md") else plain_header)(text)
    return Document(
        *(path, text, header.title, header.date, header.source, "tr", "", header.body),
        markdown=path.endswith(".md"),
    )


def passages(text: str, path: str = "haber.txt") -> list[tuple[tuple[str, ...], str]]:
    return [(p.headings, text[p.start : p.end]) for p in split(document(text, path))]


def check(text: str, found: list[Passage]) -> None:
    """What holds for the passages of any document."""
    at = 0
    for passage in found:
        quote = text[passage.start : passage.end]
        assert at <= passage.start < passage.end <= len(text)
        assert quote == quote.strip()
        at = inner = passage.start
        for span in passage.sentences:
            sentence = text[span.start : span.end]
            assert inner <= span.start < span.end <= passage.end
            assert sentence == sentence.strip()
            inner = span.end
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        at = passage.end
    assert [p.ordinal for p in found] == sorted(p.ordinal for p in found)


def bare(text: str) -> str:
    """Letters and digits only: what must never be lost."""
    return "".join(filter(lambda c: c.isalnum(), text))


# "|" marks where a sentence ends.
SENTENCES = """
Belediye meclisi dün toplandı.| Kararlar oy birliğiyle alındı.
Sergi yarın açılıyor!| Giriş herkes için ücretsiz olacak.
Köprü ne zaman açılacak?| Tarih henüz belli değil.
Ankara'nın nüfusu arttı…| Sayım sonuçları bugün açıklandı.
Beklediler, beklediler...| Sonunda tren istasyona girdi.
Beklediler... ve sonunda tren istasyona girdi.
Başkan Dr. Cemil Tugay heyeti kabul etti.| Görüşme bir saat sürdü.
Toplantıya Prof. Dr. Ayşe Yılmaz da katıldı.| Sunumu o yaptı.
Doç. Dr. İlber Bey konuştu.| Salon tamamen doluydu.
Davayı Av. Mehmet Kaya üstlendi.| Duruşma ertelendi.
Yrd. Doç. Dr. Elif Şahin atandı.| Göreve hemen başladı.
Öğr. Gör. Ali Can ders verdi.| Öğrenciler memnun kaldı.
Arş. Gör. Zeynep Ak yazdı.| Makale mayısta yayımlandı.
Toplantıya Prof.Dr. Ahmet Yılmaz katıldı.| Sonra Yrd.Doç.Dr. Ayşe Kaya konuştu.
Uzm.Dr. Ali Bey ve Op.Dr. Veli Bey hastanede çalıştı.| İkisi de emekli oldu.
Sözleşmeyi Öz-Ka Ltd.Şti. Genel Müdürü imzaladı.| İş başladı bile.
Bu yapı 18. yy. Osmanlı mimarisinin örneğidir.| Hâlâ ayaktadır.
Adres www.ornek.org.| Eskisi kapanıyor.
Sn. Valimiz törene geldi.| Açılışı kendisi yaptı.
Hz. Mevlana Konya'da yaşadı.| Türbesi müze oldu.
Alb. Kemal Bey emekli oldu.| Yerine vekil atandı.
Elma, armut vb. Meyveler pazarda satılıyor.
Kalem, defter vs. Alındı ve dağıtıldı okullara.
Ayrıntı için bkz. Ek tablo ve haritalar.| Veriler günceldir.
Örn. İzmir bu yıl büyüdü.| Bursa yerinde saydı.
Atatürk Mah. Cumhuriyet Cad. No. 5 adresinde yangın çıktı.| Ölen ya da yaralanan olmadı.
Bağdat Cad. İstanbul'un en uzun caddesidir.| Yayalara açıldı.
İnönü Bulv. Çankaya'da bulunur.| Trafik orada yoğundur.
Gül Sok. Kapatıldı dün akşam saatlerinde.
Deniz Apt. Boşaltıldı gece yarısı.| Oturanlar yurda yerleşti.
Yıldız Ltd. Şti. İhaleyi kazandı.| Sözleşme imzalandı.
Fabrikayı Ak A.Ş. Satın aldı geçen yıl.
T.C. Sağlık Bakanlığı duyurdu.| Aşılama pazartesi başlıyor.
M.Ö. 1200 yılında kuruldu bu kent.| Surları hâlâ ayakta.
Kitabı M. Kemal yazdı o yıllarda.| İlk baskı tükendi.
Romancı A. H. Tanpınar Bursa'yı anlattı.| Kitap çok sevildi.
Ç. Aytmatov bir Kırgız yazardır.| Eserleri çevrildi.
Olay 21. yüzyılda geçiyor.| Kahramanı bir öğretmen.
Tahta 3. Selim geçti o yıl.| Yenilikler başladı.
Şenlik 12. Kez düzenlendi bu yaz.| Binlerce kişi geldi.
Tahtı II. Murad devraldı.| Savaş iki yıl sürdü.
XIV. Louis uzun süre hüküm sürdü.| Sarayı Versay'daydı.
V. Karl tahttan çekildi.| Yerine oğlu geçti.
Deprem 4.3 büyüklüğündeydi.| Hasar bildirilmedi.
Tören saat 10.30'da başladı.| Yağmura rağmen kalabalıktı.
Toplantı saat 10.30.| Salon ikinci katta bulunuyor.
Nüfus 1.250.000 oldu geçen yıl.| Artış yüzde iki.
Fiyat 12,5 lira oldu.| Zam pazartesi geçerli.
Cumhuriyet 29.10.1923 tarihinde ilan edildi.| O gün bayramdır.
Yasanın yılı 2026.| Yürürlük tarihi ise henüz belirsiz.
Adres www.ornek.com.tr olarak değişti.| Eskisi kapandı.
Başvurular https://ornek.org/form.html üzerinden yapılıyor.| Süre yarın bitiyor.
Dosya rapor.2026.pdf adıyla yayımlandı.| İndirmek ücretsiz.
Tugay, “Karşılıklı destek kritik” dedi.| Heyet teşekkür etti.
“Destek bu süreçte kritik.” dedi Tugay.| Heyet teşekkür etti.
“Bu iş burada biter.” diye konuştu.| Sonra salondan ayrıldı.
“Kim geldi bu saatte?” diye sordu annesi.| Kapı yavaşça açıldı.
“Yaşasın Cumhuriyet!” diye bağırdılar.| Bütün meydan inledi.
“Bu iş burada biter.”| Tugay bunları söyleyip ayrıldı.
"Yolumuza devam ediyoruz."| Başkan böyle bitirdi konuşmasını.
'Yolumuza devam ediyoruz.'| Başkan böyle bitirdi konuşmasını.
«Yolumuza devam ediyoruz.»| Başkan böyle bitirdi konuşmasını.
Yolumuza devam ediyoruz (şimdilik.)| Başkan böyle bitirdi.
Tugay, “İlişkileri güçlendirmek istiyoruz.| Adımları atmaya hazırız” dedi.
Kule 1930'da yapıldı.[12]| Mimarı bir İtalyandı.
Kule **1930'da yapıldı.**| Mimarı bir İtalyandı.
Geldiğinde sordu: Neredesin?!| Yanıt veren çıkmadı.
Işık hızı ölçüldü.| Işığın rengi değişmedi.
İlk deneme başarısızdı.| İkincisi başarılı oldu.
Şehir çok büyüdü.| Ağaçlar kesildi ve yollar açıldı.
Yağmur dindi. “ıslanan” çocuklar evlerine döndü.
Yarışı kazandı.| 21 Mart'ta ödülünü alacak.
Yarışı kazandı.| “Çok mutluyum” diye konuştu.
Yarışı kazandı.| (Rakibi sakatlanmıştı.)
Evet. Yarın hep birlikte geliyoruz oraya.
Yarın hep birlikte geliyoruz oraya. Evet.
bugün hava güzel olacak.| yarın yağmur bekleniyor.
Türk bayrağı dalgalanıyor .| Tören birazdan başlayacak.
Mr. Smith met Mrs. Jones at St. Paul's.| They talked for hours.
Das geschah am 3. Oktober 1990.| Seitdem ist es ein Feiertag.
Wir kauften Obst, Brot usw. Danach gingen wir heim.
Погода была хорошая.| Мы пошли гулять в парк.
今日は本当にとても良い天気ですね。|明日はきっと雨が降るでしょうね。
สะพานข้ามแม่น้ำสายนี้เปิดให้ประชาชนใช้งานครั้งแรกเมื่อปีที่แล้วหลังจากก่อสร้าง| ช่างออกแบบชาวเมือง ทำงานสามปี
""".strip().splitlines()


@pytest.mark.parametrize("marked", SENTENCES)
def test_sentence_ends(marked: str) -> None:
    text = marked.replace("|", "")
    found = [text[span.start : span.end] for span in sentence_spans(text)]
    assert found == [part.strip() for part in marked.split("|")]


def test_sentence_table_is_large_enough() -> None:
    assert len(SENTENCES) >= 60


def test_list_items_are_sentences() -> None:
    text = "Getirilecekler:\n- kimlik belgesi aslı\n- iki fotoğraf ve dilekçe"
    found = [text[s.start : s.end] for s in sentence_spans(text)]
    assert found == ["Getirilecekler:", "- kimlik belgesi aslı", "- iki fotoğraf ve dilekçe"]


def test_sentences_of_a_part_keep_offsets_of_the_whole() -> None:
    text = "Birinci cümle burada biter. İkinci cümle burada biter. Üçüncüsü de burada."
    spans = sentence_spans(text, 28, len(text))
    assert [text[s.start : s.end][:7] for s in spans] == ["İkinci ", "Üçüncüs"]


NEWS = (
    " date 2026-01-29 Son Mühür/Merve Turan- İzmir Belediye Başkanı heyeti makamında kabul etti.\n"
    "\nKardeş şehir ilişkileri\n\nİzmir ve Bişkek kardeş şehirdir; bağlar güçlenecek bu yıl.\n"
    "\n21 Mart’a davet\n\nHeyet bahar bayramına davet edildi, kutlama parkta yapılacak.\n\n"
    "Kutlamada iki ülkenin sanatçıları sahneye çıkacak."
)


def test_headings_stand_above_their_paragraphs_and_the_dateline_is_left_out() -> None:
    assert passages(NEWS) == [
        ((), "İzmir Belediye Başkanı heyeti makamında kabul etti."),
        (
            ("Kardeş şehir ilişkileri",),
            "İzmir ve Bişkek kardeş şehirdir; bağlar güçlenecek bu yıl.",
        ),
        (("21 Mart’a davet",), "Heyet bahar bayramına davet edildi, kutlama parkta yapılacak."),
        (("21 Mart’a davet",), "Kutlamada iki ülkenin sanatçıları sahneye çıkacak."),
    ]
    assert [p.ordinal for p in split(document(NEWS))] == [1, 2, 3, 4]


@pytest.mark.parametrize("gap", ["\n\n", "\r\n\r\n", "\n \t\n", "\u2029", "\n\u2028\n", "\f"])
def test_paragraph_breaks(gap: str) -> None:
    first = "Birinci paragraf, kırk harften uzun olsun diye yazıldı."
    second = "İkinci paragraf da yine kırk harften uzun olsun diye."
    assert passages(first + gap + second) == [((), first), ((), second)]


def test_pages_are_counted_by_form_feeds() -> None:
    text = "Birinci sayfada yazan, kırk harften uzun bir cümle.\fİkinci sayfada yazan cümle budur."
    assert [p.page for p in split(document(text))] == [1, 2]
    assert [p.page for p in split(document("Tek sayfada bir cümle."))] == [None]


def test_markdown_headings_make_a_path() -> None:
    text = (
        "# Kılavuz\n\n## Kurulum\nÖnce depoyu indirin, sonra da kurulum komutunu çalıştırın.\n\n"
        "### Linux\n\nPaketler dağıtımın kendi deposundan da kurulabilir elbette.\n\n"
        "Kullanım\n--------\n\nSorunuzu yazın, yanıt kaynağıyla birlikte ekrana gelir.\n"
    )
    assert [headings for headings, _ in passages(text, "k.md")] == [
        ("Kurulum",),
        ("Kurulum", "Linux"),
        ("Kullanım",),
    ]
    assert document(text, "k.md").title == "Kılavuz"


def test_hash_in_a_code_fence_is_no_heading() -> None:
    text = "# Kılavuz\n\nŞu komut her şeyi kurar:\n\n```\n# açıklama\n\nmake chat\n```\n"
    assert passages(text, "k.md") == [((), text[text.index("Şu") :].strip())]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Elma", "a.txt"),
        ("Elma\n\nArmut", "a.txt"),
        ("\n\n".join(["Elma", "Armut", "Kiraz", "Vişne", "Ayva"]), "a.txt"),
        ("# Elma\n# Armut\n## Kiraz\n", "a.md"),
        (" date 2026-01-29 Son Mühür/Merve Turan- ", "a.txt"),
        ("---\ntitle: Elma\n---\n", "a.md"),
    ],
)
def test_document_of_headings_only_is_indexed(text: str, path: str) -> None:
    found = split(document(text, path))
    check(text, found)
    assert found


def test_a_code_fence_ends_as_commonmark_says() -> None:
    text = (
        "# Kurulum\n\n```make chat```\n\n"
        "## Ücretler\n\nGiriş ücreti elli liradır, her gün ödenir.\n\n"
        "````\n```\n# kod\n~~~\n````\n\n"
        "## Saatler\n\nMüze her gün dokuzda açılır ve beşte kapanır.\n"
    )
    assert passages(text, "k.md") == [
        ((), "```make chat```"),
        (("Ücretler",), "Giriş ücreti elli liradır, her gün ödenir."),
        (("Ücretler",), "````\n```\n# kod\n~~~\n````"),
        (("Saatler",), "Müze her gün dokuzda açılır ve beşte kapanır."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Telefon: 0232 293 12 00",
        "bilgi@golyaka.bel.tr",
        "www.golyaka.bel.tr",
        "ADRES: Konak Meydanı",
        "Belediye Başkanı: Ayşe Işık",
        "Çalışma saatleri: hafta içi her gün",
        "Etkinlik 20:30",
        "Giriş ücreti 150 TL",
        "Katılım oranı %65",
        "Entry fee €5",
        "Yüzölçümü 120 km²",
        "Opening time: noon",
        "Preis: auf Anfrage",
    ],
)
def test_a_line_that_states_a_value_is_content(line: str) -> None:
    below = "Belediye binası hafta içi her gün sabah dokuzda açılır ve akşam beşte kapanır."
    text = f"Gölyaka Belediyesi\n\n{line}\n\n{below}\n"
    (found,) = split(document(text))
    assert found.headings == ()
    assert [text[s.start : s.end] for s in found.sentences] in (
        [line, below],
        [f"{line}\n\n{below}"],
    )


@pytest.mark.parametrize(
    "line",
    [
        "Bölüm 2: Kapsam",
        "Ek 1: Tarife",
        "21 Mart’a davet",
        "Kurtuluştan sonra: ilk yıllar",
        "İlk 100 gün",
        "GİRİŞ ÜCRETİ",
    ],
)
def test_a_line_that_states_no_value_stays_a_heading(line: str) -> None:
    below = "Belediye binası hafta içi her gün sabah dokuzda açılır ve akşam beşte kapanır."
    assert passages(f"Gölyaka\n\n{line}\n\n{below}\n") == [((line,), below)]


def test_a_heading_with_marks_and_a_title_may_state_a_value() -> None:
    below = "Öğrencilere yarım bilet uygulanır ve hafta sonu rehberli tur yapılır."
    text = f"# Müze\n\n## Ücret: 150 TL\n\n{below}\n\nTelefon: 293 12 00\n-----\n\n{below}\n"
    assert passages(text, "m.md") == [
        (("Ücret: 150 TL",), below),
        (("Telefon: 293 12 00",), below),
    ]
    assert passages(f"Su faturası: 150 TL\n\n{below}\n") == [((), below)]


def test_questions_stand_above_their_answers() -> None:
    text = (
        "Sıkça sorulanlar\n\nMüze\n\nPazartesi açık mı?\n\nHayır.\n\n"
        "Giriş ücreti ne kadar?\n\n150 TL\n\n3. Otopark var mı?\n\nVar\n\n"
        "Kütüphane\n\nÜye olmak için ne gerekir?\n\nYalnızca kimlik.\n"
    )
    assert passages(text) == [
        (("Müze", "Pazartesi açık mı?"), "Hayır."),
        (("Müze", "Giriş ücreti ne kadar?"), "150 TL"),
        (("Müze", "3. Otopark var mı?"), "Var"),
        (("Kütüphane", "Üye olmak için ne gerekir?"), "Yalnızca kimlik."),
    ]


def test_questions_that_nobody_answers_are_content() -> None:
    asked = ["Köprü ne zaman açılacak ve kim açacak?", "Yol bitti mi?", "Para yetti mi?"]
    text = "\n\n".join(["Sorular", *asked, "## Son", "Bitti mi?"])
    assert passages(text, "s.md") == [
        (("Sorular",), "\n\n".join(asked[:2])),
        (("Sorular",), asked[2]),
        (("Son",), "Bitti mi?"),
    ]


def test_trailing_heading_is_a_paragraph() -> None:
    text = "Asıl metin burada duruyor ve bir noktayla bitiyor.\n\nSon haber merkezi"
    assert passages(text)[-1] == ((), "Son haber merkezi")


def test_many_short_lines_in_a_row_are_content() -> None:
    lines = ["Elma ağacı", "Armut ağacı", "Kiraz ağacı", "Vişne ağacı", "Ağaçlar hakkında"]
    text = "\n\n".join([*lines, "Bu ağaçların hepsi aynı bahçede, yan yana yetişiyor."])
    found = split(document(text))
    assert bare("".join(lines[1:4])) in bare("".join(text[p.start : p.end] for p in found))
    assert found[-1].headings == ("Ağaçlar hakkında",)


def test_short_paragraph_joins_the_next() -> None:
    text = "Yağmur yağıyor.\n\nTören bu yüzden kapalı salonda yapıldı, katılım yüksekti.\n"
    found = split(document(text))
    assert [(p.start, p.end, p.ordinal) for p in found] == [(0, len(text) - 1, 1)]
    assert [text[s.start : s.end] for s in found[0].sentences] == [
        "Yağmur yağıyor.",
        "Tören bu yüzden kapalı salonda yapıldı, katılım yüksekti.",
    ]


def test_short_paragraph_does_not_cross_a_heading() -> None:
    text = "Yağmur yağıyor.\n\nTören\n\nTören bu yüzden kapalı salonda yapıldı, katılım yüksekti."
    assert passages(text)[0] == ((), "Yağmur yağıyor.")


def test_list_stays_with_its_introduction() -> None:
    text = (
        "Başvuru için getirilmesi gereken belgeler şunlardır:\n\n"
        "- Nüfus cüzdanının aslı ve iki adet fotokopisi\n\n- Son altı ayda çekilmiş fotoğraf\n\n"
        "Belgeler hafta içi her gün saat beşe kadar teslim edilebilir."
    )
    assert [quote[:7] for _, quote in passages(text)] == ["Başvuru", "Belgele"]


def test_long_paragraph_is_split_at_sentence_ends() -> None:
    sentence = "Bu cümle tam olarak altmış harf civarında olsun diye yazılmıştır. "
    text = sentence * 40 + "\n\nKısa olmayan ikinci paragraf da bunun hemen altında duruyor."
    found = split(document(text))
    check(text, found)
    sizes = [p.end - p.start for p in found[:-1]]
    assert all(300 <= size <= 1000 for size in sizes), sizes
    assert {p.ordinal for p in found[:-1]} == {1}
    assert found[-1].ordinal == 2
    assert all(text[p.end - 1] == "." for p in found)


MONSTERS = {
    "one word": "a" * 5_000_000,
    "one line": "abc " * 1_250_000,
    "tiny paragraphs": "Evet.\n\n" * 100_000,
    "paragraphs": "Kırk harften biraz uzun olan küçük bir paragraf.\n\n" * 30_000,
    "dots": "a" + "." * 2_000_000,
    "ends": "a. " * 300_000,
    "spaces": "a." + " " * 5_000_000 + "b",
    "headings": "Başlık\n\n" * 30_000,
    "marks": "# Aa\n" * 50_000,
    "items": "- a\n" * 100_000,
    "notes": ".[1" * 300_000,
}


@pytest.mark.parametrize("path", ["dev.txt", "dev.md"])
@pytest.mark.parametrize("name", MONSTERS)
def test_monsters_take_linear_time(name: str, path: str) -> None:
    text = MONSTERS[name]
    began = time.process_time()
    found = split(document(text, path))
    assert time.process_time() - began < 10
    assert max(p.end - p.start for p in found) <= LONG
    assert all(text[p.start : p.end].strip() for p in found)


PIECES = st.sampled_from(
    [
        *"aIıİiğ.!?…:;,\"'”’“#-*|=`>0129()[]🎉。 \t\n\r\f\v\0",
        *"\x1c\x85\u2028\u2029\u200b\ufeff\u0307",
        *("\n\n", "\r\n\r\n", "# ", "## ", "- ", "```\n", "---\n", "Dr. ", "II. ", "21. "),
        *(
            "Başlık\n\n",
            "Bu bir cümledir. ",
            "kelime ",
            "date 2026-01-29 AA- ",
            "Tarih: 1.2.2026\n",
        ),
        "Uzunca bir cümle, noktasız ve virgüllü, sürüp gidiyor " * 12,
        "Orta boylu bir cümle burada başlıyor ve hemen bitiyor. " * 9,
        "x" * 700,
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=300)


@given(text=TEXTS, path=st.sampled_from(["a.txt", "a.md"]))
def test_any_text_gives_sound_passages(text: str, path: str) -> None:
    seed = document(text, path)
    found = split(seed)
    check(text, found)
    assert all(p.end - p.start <= LONG for p in found)
    left = list(text[seed.body :])
    for passage in found:
        start, end = passage.start - seed.body, passage.end - seed.body
        left[start:end] = " " * (end - start)
    headings = {bare(heading) for p in found for heading in p.headings} | {bare(seed.title), ""}
    for line in "".join(left).splitlines():
        assert bare(line) in headings


@given(text=TEXTS)
def test_sentences_hold_every_character_that_is_not_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert "".join("".join(text[s.start : s.end].split()) for s in spans) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(spans))
