"""PDF, Word, web pages and the like as seeds: their text, whose it is, and where a quote stands."""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pytest

from index.answerer import Answerer
from index.build import build
from index.documents import Document, read
from index.errors import SeedError
from index.formats import KINDS, kind_of
from index.formats.extract import dated
from index.formats.pdf_layout import Line, blocks_of
from index.formats.sniffing import content_of
from index.passages import split
from index.quotes import Seeds
from index.store import Store
from index.web.reading import PACKAGES
from tests import made_files
from tests.fakes import WORDS_MODEL, WordEmbedder
from tests.made_files import AUTHOR, FIRST, MADE, SECOND, TITLE
from tools.extras import requirements

ROOT = Path(__file__).parent.parent
QUESTION = "Bugün çeşmenin bakımını kim üstlenir?"


def document(folder: Path, name: str, raw: bytes) -> Document:
    (folder / name).write_bytes(raw)
    return read(folder, name)


@pytest.mark.parametrize("name", MADE)
def test_each_kind_gives_its_text_with_turkish_letters(tmp_path: Path, name: str) -> None:
    found = document(tmp_path, name, MADE[name]())
    assert FIRST in found.text and SECOND in found.text
    assert "Silinen" not in found.text and "GIZLI" not in found.text and "Menü" not in found.text
    assert found.language in ("tr", "")
    first, *_ = split(found)
    assert found.text[first.start : first.end].startswith("Gölyaka Çeşmesi 1893 yılında")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("belge.docx", AUTHOR),
        ("belge.odt", AUTHOR),
        ("kitap.epub", AUTHOR),
        ("sayfa.html", f"Yerel Haber/{AUTHOR}"),
        ("ileti.eml", AUTHOR),
    ],
)
def test_title_date_and_author_are_the_files_own(tmp_path: Path, name: str, source: str) -> None:
    found = document(tmp_path, name, MADE[name]())
    assert (found.title, found.date, found.source) == (TITLE, date(2025, 3, 4), source)


def test_pdf_passages_name_their_pages_and_headings(tmp_path: Path) -> None:
    found = document(tmp_path, "rapor.pdf", made_files.pdf())
    assert (found.title, found.source) == (TITLE, AUTHOR)
    assert found.date is not None
    places = [(passage.page, passage.headings) for passage in split(found)]
    assert places == [
        *((1, ("Tarihçe",)), (2, ("Onarım",)), (2, ("Onarım",)), (3, ("Onarım",))),
    ]
    assert "Kent Belleği" not in found.text  # the running head
    assert "1 / 3" not in found.text


def test_pdf_paragraph_across_pages_stands_where_it_begins(tmp_path: Path) -> None:
    long = "Çarşının dükkânları sabahın erken saatlerinde açılır ve akşam ezanına dek kapanmaz. "
    pages = [[("p", long * 80)]]
    found = document(tmp_path, "uzun.pdf", made_files.pdf(pages))
    text = found.text
    assert "\f" in text
    assert text.replace("\f", "").split() == (long * 80).split()  # no word lost, none twice
    passages = split(found)
    whole = [text[p.start : p.end] for p in passages]
    assert all(piece.startswith("Çarşının") and piece.endswith("kapanmaz.") for piece in whole)


def test_headings_of_other_kinds_stand_above_their_passages(tmp_path: Path) -> None:
    expected = {
        "belge.docx": [("Tarihçe",), ("Kitabe",), ("Kitabe",)],
        "belge.odt": [("Tarihçe",), ("Tarihçe",), ("Tarihçe", "Kitabe")],
        "kitap.epub": [("Tarihçe",), ("Kitabe",)],
        "sayfa.html": [(), ("Kitabe",), ("Kitabe",)],
        "tablo.csv": [("Kim yaptırdı?",), ("Kitabe?",)],
        "satırlar.jsonl": [("Tarihçe",), ("2",)],
    }
    for name, headings in expected.items():
        found = document(tmp_path, name, MADE[name]())
        assert [passage.headings for passage in split(found)] == headings, name
        assert {passage.page for passage in split(found)} == {None}


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("html.eml", made_files.mail("html")),
        ("ayraç.tsv", f"a\tiçerik\n1\t{FIRST} {SECOND}".encode()),
        ("uzun.csv", f"no,anlatım\n1,{FIRST} {SECOND}\n2,Kısa da olabilir.".encode()),
        ("kısa.html", f"<html><body><p>{FIRST}<p>{SECOND}".encode("utf-16")),
        ("latin.htm", f"<html><meta charset=iso-8859-9><p>{FIRST}<p>{SECOND}".encode("cp1254")),
    ],
)
def test_further_forms_of_the_kinds(tmp_path: Path, name: str, raw: bytes) -> None:
    found = document(tmp_path, name, raw)
    assert FIRST in found.text and SECOND in found.text


def message_of(*parts: EmailMessage, kind: str) -> bytes:
    """A message of several parts."""
    message = EmailMessage()
    message["Subject"] = TITLE
    message["Content-Type"] = f"multipart/{kind}"
    for part in parts:
        message.attach(part)
    return message.as_bytes()


def part_of(text: str, subtype: str = "plain", name: str = "") -> EmailMessage:
    part = EmailMessage()
    part.set_content(text, subtype=subtype)
    if name:
        part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def test_of_plain_text_and_html_a_message_gives_one_that_has_words(tmp_path: Path) -> None:
    web = part_of(f"<p>{FIRST}</p>", "html")
    raw = message_of(part_of("\n\xa0\n"), web, kind="alternative")
    assert document(tmp_path, "a.eml", raw).text == FIRST
    raw = message_of(web, part_of(SECOND), kind="alternative")
    assert document(tmp_path, "a.eml", raw).text == SECOND


def test_the_text_after_an_attachment_belongs_to_the_message(tmp_path: Path) -> None:
    file = part_of("Ekteki dosya", name="ek.txt")
    raw = message_of(part_of(FIRST), file, part_of(SECOND), kind="mixed")
    assert document(tmp_path, "a.eml", raw).text == f"{FIRST}\n\n{SECOND}"


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        (
            "başlıksız.csv",
            "1,Kütüphane pazar günleri açıktır.\n2,Müze pazartesi günleri kapalıdır.",
            ["Kütüphane pazar günleri açıktır.", "Müze pazartesi günleri kapalıdır."],
        ),
        (
            "uzun-adlı.csv",
            "soru,Belediyenin verdiği uzun yanıt\nMüze?,Müze pazartesi günleri kapalıdır.",
            ["## Müze?", "Müze pazartesi günleri kapalıdır."],
        ),
        ("iki.csv", "metin;metin\nMüze kapalı;Park açık", ["Müze kapalı", "Park açık"]),
        (
            "karışık.jsonl",
            '{"text": "Müze kapalı"}\n{"text": " ", "soru": "Park?", "cevap": "Açık"}',
            ["## 1", "Müze kapalı", "## Park?", "Açık"],
        ),
    ],
)
def test_no_record_of_a_table_is_lost(
    tmp_path: Path, name: str, text: str, wanted: list[str]
) -> None:
    assert document(tmp_path, name, text.encode()).text.split("\n\n") == wanted


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("a.eml", message_of(part_of(f"{FIRST}\n \t\n{SECOND}\n\xa0\nSon."), kind="mixed")),
        (
            "a.eml",
            message_of(
                part_of(f"{FIRST}<br> <br>{SECOND}<br>&nbsp;<br>Son.", "html"), kind="mixed"
            ),
        ),
        ("a.csv", f'metin\r\n"{FIRST}\r\n \r\n{SECOND}\n\u200b\nSon."'.encode()),
        ("a.jsonl", json.dumps({"metin": f"{FIRST}\r\n\r\n{SECOND}\n \nSon."}).encode()),
    ],
)
def test_lines_that_look_blank_part_paragraphs(tmp_path: Path, name: str, raw: bytes) -> None:
    assert document(tmp_path, name, raw).text == f"{FIRST}\n\n{SECOND}\n\nSon."


@pytest.mark.parametrize("head", ["<head><title>Menü</title>", "<head><title>Menü</head>"])
def test_a_head_that_is_not_closed_hides_no_text(tmp_path: Path, head: str) -> None:
    page = part_of(f"<html>{head}<body><p>{FIRST}</p></body></html>", "html")
    assert document(tmp_path, "a.eml", message_of(page, kind="mixed")).text == FIRST


def test_line_ends_of_html_mean_nothing_and_the_articles_heading_is_its_title(
    tmp_path: Path,
) -> None:
    page = made_files.html().decode().replace(" yılında ", "\nyılında ", 1)
    page = page.replace('<meta property="og:title" content="Gölyaka Çeşmesi">', "")
    page = page.replace("<title>Gölyaka Çeşmesi | Yerel Haber</title>", "<title>Menü</title>")
    found = document(tmp_path, "a.html", page.encode())
    assert FIRST in found.text and found.title == TITLE


GUIDE = """<!DOCTYPE html><html lang="tr"><head><title>Kart | Belediye</title></head><body>
<header><p>Örnek Belediyesi</p><nav><a href="/">Ana sayfa</a> <a href="/haber">Haberler</a></nav>
</header><div class="x1"><div class="x2"><h1>Ulaşım kartı</h1>
<p>Ulaşım kartı otobüste, vapurda ve tramvayda geçer. Kartı olmayan yolcu binemez.</p>
<h2>Başvuru</h2>
<ol><li><p>Gişeden <span class="b">Form <i>A</i></span> alınır ve elle doldurulur.</p></li>
<li>Kimlik gösterilir.</li></ol>
<p>Başvurular üç iş günü içinde sonuçlanır, kart gişeden teslim alınır.</p>
<h2>Ücretler</h2>
<table><tr><th>Kart</th><th>Ücret</th></tr><tr><td>Tam</td><td>60 lira</td></tr>
<tr><td>Öğrenci</td><td>30 lira</td></tr></table>
<pre>Pazartesi 09.00
Salı 10.00</pre>
<p>Kaybolan kartın yenisi için 40 lira alınır; eski kart bulunursa geçmez.</p>
<div role="navigation"><div>Bölümler</div><h3>Gezinme</h3><p>Bu sayfa yazdırılabilir.</p></div>
<h2>İlgili sayfalar</h2><ul><li><a href="/a">Otobüs hatları</a></li>
<li><a href="/b">Vapur tarifesi</a></li></ul>
</div></div><footer><p>© Örnek Belediyesi, tüm hakları saklıdır.</p></footer></body></html>"""


def test_a_page_keeps_headings_lists_tables_and_the_words_in_its_tags(tmp_path: Path) -> None:
    found = document(tmp_path, "a.html", GUIDE.encode())
    assert found.title == "Ulaşım kartı"
    for kept in (
        "## Başvuru",
        "- Gişeden Form A alınır ve elle doldurulur.",
        "- Kimlik gösterilir.",
        "| Öğrenci | 30 lira |",
        "Pazartesi 09.00\nSalı 10.00",
    ):
        assert kept in found.text, kept
    for left in ("Ana sayfa", "Örnek Belediyesi", "Vapur tarifesi", "İlgili", "Gezinme", "©"):
        assert left not in found.text, left
    by_headings = {passage.headings for passage in split(found)}
    assert {("Başvuru",), ("Ücretler",)} <= by_headings


def test_a_page_whose_menu_never_ends_keeps_its_text(tmp_path: Path) -> None:
    page = GUIDE.replace("</nav>", "").replace("<header>", "").replace("</header>", "")
    found = document(tmp_path, "a.html", page.encode())
    assert "Ulaşım kartı otobüste, vapurda ve tramvayda geçer." in found.text
    assert "alınır ve elle doldurulur." in found.text


def test_a_link_in_the_front_matter_is_the_documents_address(tmp_path: Path) -> None:
    text = "---\ntitle: A\nurl: https://example.org/a?b=%C4%B1\n---\nMetin burada."
    assert document(tmp_path, "a.md", text.encode()).url == "https://example.org/a?b=%C4%B1"
    text = text.replace("https", "javascript")
    assert document(tmp_path, "a.md", text.encode()).url == ""


def test_kinds_are_told_by_content(tmp_path: Path) -> None:
    for name, make in MADE.items():
        kind = kind_of(name)
        assert kind is not None and content_of(make()) in kind.contents, name
    assert content_of(b"\xef\xbb\xbf<html>") == "html"
    assert content_of(b"<3 bu bir kalp") == "text"
    with pytest.raises(SeedError, match=r"its name end in \.docx"):
        document(tmp_path, "belge.pdf", made_files.docx())
    with pytest.raises(SeedError, match=r"not of the kind"):
        document(tmp_path, "belge.docx", FIRST.encode())


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("D:20250304093000+03'00'", date(2025, 3, 4)),
        ("2025-03-04T10:00:00Z", date(2025, 3, 4)),
        ("2025-03-04", date(2025, 3, 4)),
        ("1601-01-01T00:00:00Z", None),
        ("D:20251304", None),
        ("2025", None),
        ("", None),
    ],
)
def test_dates_of_metadata(text: str, day: date | None) -> None:
    assert dated(text) == day


class Kept:
    """A folder of seeds of every kind with its index."""

    def __init__(self, root: Path) -> None:
        self.seeds = root / "seeds"
        self.seeds.mkdir()
        self.store = Store(root / "index")
        self.texts = self.store.texts
        for name, make in MADE.items():
            self.write(name, make())

    def write(self, name: str, raw: bytes) -> None:
        (self.seeds / name).write_bytes(raw)
        os.utime(self.seeds / name, (1_700_000_000, 1_700_000_000 + len(raw) % 1000))

    def build(self, rebuild: bool = False) -> dict[str, str]:
        """Builds; what was left out, with the reason in English."""
        report = build(
            self.seeds,
            self.store,
            WORDS_MODEL,
            WordEmbedder,
            max_seed_bytes=10_000_000,
            rebuild=rebuild,
        )
        return {entry.path: entry.english for entry in report.skipped}

    def names(self) -> dict[str, int]:
        """The kept texts, with the times they were written at."""
        folder = self.store.folder / "texts"
        return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}

    def answerer(self) -> Answerer:
        seeds = Seeds(self.seeds, 10_000_000, self.store.texts)
        return Answerer(self.store, seeds, WordEmbedder(), caution="low")

    def checked(self) -> int:
        """How many passages stand in their seeds' texts, each compared anew."""
        index = self.store.open()
        seeds = Seeds(self.seeds, 10_000_000, Store(self.store.folder).texts)
        count = 0
        for record in index.documents():
            rows = index.first_row_of(record) + np.arange(record.passages)
            for passage in index.passages(rows):
                assert seeds.holds(record.path, passage.start, passage.end, passage.text)
                count += 1
        index.close()
        return count


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def test_every_quote_is_checked_against_the_kept_text(kept: Kept) -> None:
    assert kept.build() == {}
    assert kept.checked() >= 15
    answer = kept.answerer().ask(QUESTION)
    first = (*answer.citations, *answer.nearest)[0]
    assert (first.path, first.page) == ("rapor.pdf", 3)
    assert first.quote.startswith("Bugün çeşmenin bakımını mahalle derneği üstlenir.")


def test_a_changed_file_is_not_cited_from_its_kept_text(kept: Kept) -> None:
    kept.build()
    answerer = kept.answerer()
    kept.write("rapor.pdf", made_files.pdf([[("p", "Bambaşka bir metin bu, eskisi gitti.")]]))
    answer = answerer.ask(QUESTION, k=8)
    assert "rapor.pdf" not in {c.path for c in (*answer.citations, *answer.nearest)}


def test_an_unchanged_file_is_not_parsed_again(kept: Kept) -> None:
    kept.write("bozuk.pdf", b"%PDF-1.7 bozuk")
    assert list(kept.build()) == ["bozuk.pdf"]
    before = kept.names()
    assert len(before) == len(MADE) + 1
    (kept.seeds / "rapor.pdf").rename(kept.seeds / "taşındı.pdf")
    kept.write("yeni.txt", FIRST.encode())
    assert list(kept.build()) == ["bozuk.pdf"]
    assert kept.names() == before
    kept.build(rebuild=True)
    after = kept.names()
    assert after.keys() == before.keys()
    assert all(after[name] > before[name] for name in before)


def test_texts_of_removed_files_leave_with_the_last_state_that_has_them(kept: Kept) -> None:
    kept.build()
    (kept.seeds / "rapor.pdf").unlink()
    kept.build()
    assert len(kept.names()) == len(MADE)  # the state before is still kept whole
    kept.write("yeni.txt", FIRST.encode())
    kept.build()
    (kept.seeds / "yeni.txt").unlink()
    kept.build(rebuild=True)
    kept.write("yeni.txt", SECOND.encode())
    kept.build(rebuild=True)
    assert len(kept.names()) == len(MADE) - 1


@pytest.mark.parametrize("harmed", ["catalog.sqlite", "manifest"])
def test_a_rebuild_keeps_every_text_while_a_state_before_cannot_be_read(
    kept: Kept, harmed: str
) -> None:
    kept.build()
    (kept.seeds / "rapor.pdf").unlink()
    manifest = kept.store.manifest()
    if harmed == "manifest":
        other = replace(manifest, format=manifest.format - 1)
        (kept.store.manifests / kept.store.current_name()).write_text(other.to_json())
    else:
        (kept.store.segments / manifest.segments[0].name / harmed).write_bytes(b"bozuk")
    kept.build(rebuild=True)
    assert len(kept.names()) == len(MADE)
    kept.build(rebuild=True)
    kept.build(rebuild=True)
    assert len(kept.names()) == len(MADE) - 1
    assert kept.checked() > 0


@pytest.mark.parametrize(
    "harm",
    [
        lambda path: path.unlink(),
        lambda path: path.write_bytes(path.read_bytes()[:-9]),
        lambda path: path.write_bytes(b""),
    ],
)
def test_a_lost_or_damaged_text_is_made_again(kept: Kept, harm: Callable[[Path], None]) -> None:
    kept.build()
    count = kept.checked()
    for path in (kept.store.folder / "texts").iterdir():
        harm(path)
    assert kept.checked() == count


def test_every_kind_has_a_reader() -> None:
    import importlib

    for kind in KINDS.values():
        assert callable(importlib.import_module(kind.module).extract)


def test_readers_name_the_packages_of_their_extras() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for kind in KINDS.values():
        wanted = project["optional-dependencies"].get(kind.extra, [])
        names = {re.split(r"[<>=]", line)[0] for line in wanted}
        assert set(kind.packages) <= names and bool(kind.packages) == bool(kind.extra)


def test_all_packages_of_the_extras_are_named_where_something_is_missing() -> None:
    page = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")
    at_once = re.search(r"All at once:\n`\S+ -m pip install (.+)`", page)
    names = [re.split(r"[<>=]", line)[0] for line in requirements(["pdf", "documents", "web"])]
    assert at_once and at_once[1].split() == names
    assert set(KINDS[".html"].packages) < set(PACKAGES) <= set(names)
    assert "lxml_html_clean" in KINDS[".html"].packages


def test_heads_that_count_the_pages_are_no_text() -> None:
    heads = ["Kıyı", "Kıyı", "Orman", "Dağ", "Dağ"]
    lakes = ["Issık Göl", "Van Gölü", "Eğirdir", "Çıldır", "Sapanca"]
    pages = [
        [
            Line(f"Bölüm {number}: {head} {number + 7}", 70, 300, 800, 10),
            Line(f"{lake} kışın da donmaz.", 70, 300, 700, 10),
            Line(f"{lake} çevresinde ölçümler 1998 yılında başladı.", 70, 300, 600, 10),
        ]
        for number, (head, lake) in enumerate(zip(heads, lakes, strict=True))
    ]
    text = blocks_of(pages).extract().text
    assert "Bölüm" not in text and text.count("\f") == 4
    assert text.count("kışın da donmaz") == text.count("1998") == 5


def page_of(place: str, top: str, bottom: str) -> list[Line]:
    """A page with a paragraph between its highest and its lowest line."""
    return [
        Line(top, 70, 300, 800, 10),
        Line(f"{place} kışın da donmaz.", 70, 300, 700, 10),
        Line(f"{place} çevresinde ölçümler yapılır.", 70, 300, 600, 10),
        Line(f"{place} herkese açıktır.", 70, 300, 500, 10),
        Line(bottom, 70, 300, 60, 10),
    ]


LAKES = ("Van Gölü", "Çıldır", "Eğirdir", "Issık Göl")


@pytest.mark.parametrize(
    ("tops", "bottoms"),
    [
        (("Bölüm 1", "Bölüm 2"), ("Yıllık aidat: 1500 TL", "Yıllık aidat: 2300 TL")),
        (("Faaliyet Raporu", "Özet"), ("2024", "4512")),
        (
            ("Ocak geliri 1500", "Şubat geliri 900", "Mart geliri 2100"),
            ("Aidat: 150 TL", "Aidat: 250 TL", "Aidat: 320 TL"),
        ),
    ],
)
def test_lines_at_the_edges_that_count_no_pages_are_text(
    tops: tuple[str, ...], bottoms: tuple[str, ...]
) -> None:
    pages = [page_of(*each) for each in zip(LAKES, tops, bottoms, strict=False)]
    text = blocks_of(pages).extract().text
    for line in (*tops, *bottoms):
        assert line in text


@pytest.mark.parametrize(
    ("tops", "bottoms"),
    [
        (("Kent Belleği", "Kent Belleği"), ("Sayfa 41", "sayfa 7 / 90")),
        (("Kıyı Dergisi", "kıyı dergisi"), ("- 123 -", "- 124 -")),
        (("Rapor 2024", "Rapor 2024", "Rapor 2024"), ("| 1", "| 2", "| 3")),
        (tuple(f"2024 raporu, sayfa {n} (taslak)" for n in (5, 6, 7)), ("1 / 4", "2 / 4", "3/4")),
    ],
)
def test_running_heads_and_page_numbers_are_no_text(
    tops: tuple[str, ...], bottoms: tuple[str, ...]
) -> None:
    pages = [page_of(*each) for each in zip(LAKES, tops, bottoms, strict=False)]
    text = blocks_of(pages).extract().text
    assert not re.search(r"\d", text) and "Kent" not in text and "ergisi" not in text
    assert text.count("donmaz") == len(pages)
