"""Reading a seeds folder: what is read, what is left out and why, on hostile folders too."""

from __future__ import annotations

import os
import socket
import threading
import tracemalloc
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.documents import Document, SeedFile, read, scan
from index.encodings import decode
from index.errors import SeedError
from index.headers import markdown_header, parse_date, plain_header

TEXT = "İzmir Büyükşehir Belediye Başkanı Dr. Cemil Tugay, heyeti ağırladı. “Gel” dedi – olmadı…"


def names(folder: Path, max_bytes: int = 1000) -> list[str]:
    return [file.path for file in scan(folder, max_bytes)[0]]


def reasons(folder: Path, max_bytes: int = 1000) -> dict[str, str]:
    """Every file that scan or read leave out, with its English reason."""
    files, rejected = scan(folder, max_bytes)
    told = {one.path: str(one.reason) for one in rejected}
    for file in files:
        try:
            read(folder, file)
        except SeedError as error:
            assert error.turkish != error.english
            told[file.path] = str(error)
    return told


def test_scan_finds_text_and_markdown_in_sub_folders_by_path(tmp_path: Path) -> None:
    (tmp_path / "alt" / "Çınar").mkdir(parents=True)
    for name in ("b.txt", "a.md", "alt/Çınar/c.TXT", "README.md"):
        (tmp_path / name).write_text(TEXT)
    assert names(tmp_path) == ["README.md", "a.md", "alt/Çınar/c.TXT", "b.txt"]
    found = scan(tmp_path, 1000)[0][1]
    status = (tmp_path / "a.md").stat()
    assert found == SeedFile("a.md", status.st_size, status.st_mtime_ns)


def test_hidden_files_and_editor_backups_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/a.txt", ".gizli.txt", "a.txt~", ".a.txt.swp", "a.txt.swp", "#a.txt#"):
        (tmp_path / name).write_text(TEXT)
    assert scan(tmp_path, 1000) == ([], [])


def test_missing_seeds_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SeedError, match=r"No such file.*SEEDS_DIR"):
        scan(tmp_path / "yok", 1000)


def test_each_unreadable_seed_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    seeds, outside = tmp_path / "seeds", tmp_path / "outside"
    seeds.mkdir()
    outside.mkdir()
    (outside / "gizli.txt").write_text(TEXT)
    (seeds / "iyi.txt").write_text(TEXT)
    for name, content in {
        "boş.txt": b"",
        "boşluk.txt": b" \n\t\r\n",
        "işaretler.txt": b"... --- ...",
        "sıfır.txt": b"abc\0def",
        "ikili.txt": bytes(range(1, 32)) * 5,
        "büyük.txt": b"a" * 1001,
        "resim.png": b"\x89PNG",
        "belge.txt": b"%PDF-1.7\n1 0 obj",
        "arşiv.txt": b"PK\x03\x04 docx",
        "sayfa.txt": b"\n<!DOCTYPE html><p>a",
        "sayfa.md": b"<HTML>",
        "satır\nsonu.txt": b"a",
        "ters\u202etxt.txt": b"a",
    }.items():
        (seeds / name).write_bytes(content)
    os.close(os.open(os.fsencode(seeds) + b"/bozuk\xff.txt", os.O_CREAT))
    os.mkfifo(seeds / "boru.txt")
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(os.path.relpath(seeds / "soket.txt"))
    listener.close()
    for name, target in {
        "kırık.txt": "yok.txt",
        "döngü1.txt": "döngü2.txt",
        "döngü2.txt": "döngü1.txt",
        "dışarı.txt": "../outside/gizli.txt",
        "dış klasör": "../outside",
        "geri": ".",
        "aygıt.txt": "/dev/zero",
    }.items():
        (seeds / name).symlink_to(target)
    told = reasons(seeds)
    expected = {
        "boş.txt": "empty",
        "boşluk.txt": "empty",
        "işaretler.txt": "no word",
        "sıfır.txt": "binary",
        "ikili.txt": "binary",
        "büyük.txt": "too large (1001 bytes, limit 1000)",
        "resim.png": "only .txt, .md",
        "belge.txt": "PDF",
        "arşiv.txt": "ZIP",
        "sayfa.txt": "HTML",
        "sayfa.md": "HTML",
        r"satır\nsonu.txt": "rename it",
        r"ters\u202etxt.txt": "rename it",
        r"bozuk\udcff.txt": "rename it",
        "boru.txt": "not a regular file",
        "soket.txt": "not a regular file",
        "kırık.txt": "link without a target",
        "döngü1.txt": "back to itself",
        "döngü2.txt": "back to itself",
        "dışarı.txt": "outside the seeds folder",
        "dış klasör": "outside the seeds folder",
        "geri": "a link to a folder",
        "aygıt.txt": "outside the seeds folder",
    }
    assert told.keys() == expected.keys()
    for path, reason in expected.items():
        assert reason in told[path]
        assert told[path].startswith(path)
        assert told[path].isprintable()
    assert read(seeds, "iyi.txt").text == TEXT


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_permissions_are_told(tmp_path: Path) -> None:
    (tmp_path / "kilitli.txt").write_text(TEXT)
    (tmp_path / "kilitli.txt").chmod(0)
    assert "chmod" in reasons(tmp_path)["kilitli.txt"]


def test_link_to_a_seed_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").symlink_to("a.txt")
    assert read(tmp_path, "b.txt").digest == read(tmp_path, "a.txt").digest


@pytest.mark.parametrize(
    "path", ["../gizli.txt", "alt/../../gizli.txt", "a\0.txt", "x" * 300 + ".txt"]
)
def test_read_stays_inside_the_folder(tmp_path: Path, path: str) -> None:
    (tmp_path / "gizli.txt").write_text(TEXT)
    (tmp_path / "seeds" / "alt").mkdir(parents=True)
    with pytest.raises(SeedError):
        read(tmp_path / "seeds", path)


def test_absolute_path_outside_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gizli.txt").write_text(TEXT)
    (tmp_path / "seeds").mkdir()
    with pytest.raises(SeedError, match="outside"):
        read(tmp_path / "seeds", str(tmp_path / "gizli.txt"))


def test_pipe_in_place_of_a_scanned_file_does_not_block(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (file,) = scan(tmp_path, 1000)[0]
    (tmp_path / "a.txt").unlink()
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(SeedError, match="regular"):
        read(tmp_path, file)


def test_file_that_vanishes_or_grows_after_the_scan(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT)
    gone, grown = scan(tmp_path, 1000)[0]
    (tmp_path / "a.txt").unlink()
    (tmp_path / "b.txt").write_text(TEXT * 100)
    with pytest.raises(SeedError, match="not there"):
        read(tmp_path, gone)
    assert read(tmp_path, grown).text == TEXT * 100
    with pytest.raises(SeedError, match="too large"):
        read(tmp_path, grown, max_bytes=1000)


def test_file_that_changes_while_it_is_read_is_whole_or_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    versions = [("a" * 50_000 + "\n") * 20, ("b" * 50_000 + "\n") * 30]
    path.write_text(versions[0])
    done = threading.Event()

    def write() -> None:
        for turn in range(60):
            path.write_text(versions[turn % 2])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        try:
            text = read(tmp_path, "a.txt").text
        except SeedError:
            continue
        assert set(text) <= {"a", "\n"} or set(text) <= {"b", "\n"}
    writer.join()


def test_large_file_is_never_read(tmp_path: Path) -> None:
    with open(tmp_path / "a.txt", "wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    assert "too large" in reasons(tmp_path)["a.txt"]
    with pytest.raises(SeedError, match="too large"):
        read(tmp_path, "a.txt")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


def test_forty_folders_deep(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*(f"k{level}" for level in range(40)))
    deep.mkdir(parents=True)
    (deep / "derin.txt").write_text(TEXT)
    (path,) = names(tmp_path)
    assert read(tmp_path, path).text == TEXT


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1254", "mac_turkish"],
)
def test_encodings(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT
    long = (TEXT + "\r\n") * 1000
    assert decode(long.encode(encoding)) == long


@pytest.mark.parametrize("text", ["Işık şehri", "Çağrı üzerine gelindi.", "Ankara'nın ünlü ışığı"])
def test_short_turkish_in_an_old_encoding(text: str) -> None:
    assert decode(text.encode("iso8859-9")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Die Größe der Übung ist für München schön.", "cp1252"),
        ("Привет, как дела? Сегодня хорошая погода в Москве, Гёте писал стихи.", "cp1251"),
    ],
)
def test_other_old_encodings_where_they_are_clear(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_utf16_mark_before_utf8_text() -> None:
    assert decode(b"\xff\xfe" + TEXT.encode()) == TEXT


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode("cp1254") + TEXT.encode(),
        TEXT.encode()[:-1],
        b"\xef\xbb\xbf" + TEXT.encode("cp1254"),
        TEXT.encode("utf-16")[:-1],
        "lone \ud800 surrogate".encode("utf-16-le", "surrogatepass"),
        "lone \ud800 surrogate".encode("utf-8", "surrogatepass"),
        "Þetta er íslenska, góðan daginn. Ég heiti Jón og bý í Reykjavík.".encode("cp1252"),
        "Zażółć gęślą jaźń. Był sobie król i królowa.".encode("cp1250"),
        "你好世界今天天气很好我们去北京".encode("gb18030"),
        "こんにちは世界。今日はいい天気ですね。".encode("shift_jis"),
        bytes(range(1, 256)),
    ],
)
def test_unclear_encoding_is_left_out(raw: bytes) -> None:
    with pytest.raises(SeedError):
        decode(raw)


@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_text_or_an_error(raw: bytes) -> None:
    try:
        text = decode(raw)
    except SeedError:
        return
    text.encode()
    assert "\0" not in text


@given(st.text(max_size=400))
def test_any_text_has_a_header(text: str) -> None:
    for header in (plain_header(text), markdown_header("---\n" + text), markdown_header(text)):
        assert 0 <= header.body <= len(text) + 4
        assert "\n" not in header.title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-29", date(2026, 1, 29)),
        ("29.01.2026", date(2026, 1, 29)),
        ("29/1/2026", date(2026, 1, 29)),
        ("29 Ocak 2026", date(2026, 1, 29)),
        ("1 AĞUSTOS 2025 CUMA", date(2025, 8, 1)),
        ("21 KASIM 2025", date(2025, 11, 21)),
        ("Perşembe, 29 Ocak 2026", date(2026, 1, 29)),
        ("29 Ocak 2026 14:30", date(2026, 1, 29)),
        ("29 Ocak 2026 - 14.30", date(2026, 1, 29)),
        ("2026-01-29T10:00:00+03:00", date(2026, 1, 29)),
        ("January 29, 2026", date(2026, 1, 29)),
        ("29 APRIL 2026", date(2026, 4, 29)),
        ("2026-02-31", None),
        ("31.13.2026", None),
        ("0000-01-01", None),
        ("29 Brumaire 2026", None),
        ("2026", None),
        ("", None),
        ("٢٩ Ocak 2026", date(2026, 1, 29)),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "title", "when", "source", "body"),
    [
        (
            " date 2026-01-29 Son Mühür/Merve Turan- İzmir kazandı.",
            *("", date(2026, 1, 29), "Son Mühür/Merve Turan", "İzmir kazandı."),
        ),
        (
            "date 2026-01-29 haber7.com – İzmir kazandı.",
            *("", date(2026, 1, 29), "haber7.com", "İzmir kazandı."),
        ),
        ("date 2026-01-29 İzmir kazandı.", "", date(2026, 1, 29), "", " İzmir kazandı."),
        (
            "date 2026-01-29 Yangın büyüdü - ekipler yolda.",
            *("", date(2026, 1, 29), "", " Yangın büyüdü - ekipler yolda."),
        ),
        (
            "date 2026-02-31 Son Mühür- İzmir kazandı.",
            *("", None, "", "date 2026-02-31 Son Mühür- İzmir kazandı."),
        ),
        (
            "İzmir'de kutlama\n\n date 2026-01-29 AA- Kutlama yapıldı.",
            *("İzmir'de kutlama", date(2026, 1, 29), "AA", "Kutlama yapıldı."),
        ),
        (
            "İzmir'de kutlama\n29 Ocak 2026\nKaynak: AA\n\nKutlama yapıldı.",
            *("İzmir'de kutlama", date(2026, 1, 29), "AA", "\nKutlama yapıldı."),
        ),
        (
            "Tarih: 29.01.2026\r\nBaşlık: İzmir'de kutlama\r\n\r\nKutlama yapıldı.",
            *("İzmir'de kutlama", date(2026, 1, 29), "", "\r\nKutlama yapıldı."),
        ),
        (
            "Yazar: Orhan Pamuk\nDoğum: 1952, İstanbul.",
            *("", None, "Orhan Pamuk", "Yazar: Orhan Pamuk\nDoğum: 1952, İstanbul."),
        ),
        (
            "Kutlama\nTARİH: 29.01.2026\nKAYNAK: AA\nYAZAR: Ayşe Işık\nYazar: Ali\n\nYapıldı.",
            *("Kutlama", date(2026, 1, 29), "AA/Ayşe Işık/Ali", "\nYapıldı."),
        ),
        (
            "AUTHOR: Jane\nTITLE: Opening\nDATE: 29.01.2026\nSOURCE: Town News\n\nIt opened.",
            *("Opening", date(2026, 1, 29), "Town News/Jane", "\nIt opened."),
        ),
        ("Kutlama yapıldı.\n\nSon", "", None, "", "Kutlama yapıldı.\n\nSon"),
        ("Yalnız bir satır", "", None, "", "Yalnız bir satır"),
    ],
)
def test_plain_headers(text: str, title: str, when: date | None, source: str, body: str) -> None:
    header = plain_header(text)
    assert (header.title, header.date, header.source) == (title, when, source)
    assert text[header.body :] == body


@pytest.mark.parametrize(
    ("text", "title", "when", "source", "body"),
    [
        (
            '---\ntitle: "İzmir: bugün"\ndate: 2026-01-29\nsource: AA\nauthor: Ali\n---\nMetin.',
            *("İzmir: bugün", date(2026, 1, 29), "AA/Ali", "Metin."),
        ),
        (
            "---\nBaşlık: Kutlama\nTarih: 31.02.2026\netiketler: [a]\n---\n# Öbür\n\nMetin.",
            *("Kutlama", None, "", "# Öbür\n\nMetin."),
        ),
        (
            "---\ntitle: >-\n  Pazarın\n  açılışı\n\nTARİH: 2026-01-29 # gün\n# açıklama\n"
            "etiketler:\n- title: a\nözet: |\n  title: b\n---\nMetin.",
            *("Pazarın açılışı", date(2026, 1, 29), "", "Metin."),
        ),
        (
            "---\ntitle: C# #1 # yorum\nauthor: 'Ali # Veli' # iki\ndate created: x\n---\nMetin.",
            *("C# #1", None, "Ali # Veli", "Metin."),
        ),
        ("---\n\nMeclis toplandı.\n\n---\n\nSon.", "", None, "", None),
        ("---\nNot: uzun\nMeclis toplandı.\n---\nSon.", "", None, "", None),
        ("---\n---\nSon.", "", None, "", None),
        ("```make chat```\n\n# Kurulum\n\nMetin.", "Kurulum", None, "", None),
        ("---\ntitle: kapanmadı\n\nMetin.", "", None, "", "---\ntitle: kapanmadı\n\nMetin."),
        ("# İzmir **bugün** #\n\nMetin.", "İzmir bugün", None, "", None),
        ("# İzmir\n29 Ocak 2026\n\nMetin.", "İzmir", date(2026, 1, 29), "", "\nMetin."),
        ("```\n# yorum\n```\n\n# Asıl başlık\n\nMetin.", "Asıl başlık", None, "", None),
        ("## Alt başlık\n\nMetin.", "", None, "", None),
    ],
)
def test_markdown_headers(
    text: str, title: str, when: date | None, source: str, body: str | None
) -> None:
    header = markdown_header(text)
    assert (header.title, header.date, header.source) == (title, when, source)
    assert text[header.body :] == (text if body is None else body)


def test_document_keeps_its_line_ends_and_loses_only_the_mark(tmp_path: Path) -> None:
    raw = b"\xef\xbb\xbf date 2026-01-29 AA- Kutlama izlendi.\r\n\r\nSon s\xc3\xb6z.\r"
    (tmp_path / "a.txt").write_bytes(raw)
    assert read(tmp_path, "a.txt") == Document(
        path="a.txt",
        text=raw.decode("utf-8-sig"),
        title="",
        date=date(2026, 1, 29),
        source="AA",
        language="tr",
        digest=sha256(raw).hexdigest(),
        body=21,
    )
