"""What nobody should put into a seeds folder or type as a question, made by rules and by chance."""

from __future__ import annotations

import codecs
import os
import random
from collections.abc import Iterator
from pathlib import Path

SENTENCE = "İzmir'de ılık bir kış günüydü; Bişkek'ten gelen konuklar Saat Kulesi'ni gezdi. "
PIECES = (
    "İzmir hangi şehirle kardeş?",
    "IĞDIR ığdır İğdır",
    "Saat Kulesi ne zaman açıldı",
    "kaç belge var",
    "2025 Kasım'da ne oldu",
    "peki ya o?",
    "daha fazla",
    "مرحبا بالعالم",
    "\u202eters\u202c",
    "\u200b\u200d\ufeff\u00ad",
    "👨‍👩‍👧‍👦🇹🇷🇰🇬",
    "Z̷̢̛a̸l̶g̵o̴",
    "\ud800",
    "\udfff soru \ud83d",
    "\x00",
    "\x1b[2J\x07",
    "'; DROP TABLE passages; --",
    '" OR 1=1 /*',
    "<script>alert(1)</script>&nbsp;",
    "(a+)+$ [^\\W ((((((",
    'terms:izmir^9 AND NOT (row:[0 TO *] OR "kent göl"~2)',
    "+izmir -kent *:* göl~",
    "{0} %s %n $HOME ${x} {{7*7}}",
    "../../etc/passwd",
    "...!?…—«»",
    "𝕴𝖟𝖒𝖎𝖗 १२३ ǅ ß ﬁ",
    "\u2028\u2029\r\n\t\v\f",
    "ı" * 3_000,
    "e\u0301" * 800,
    "a " * 1_500,
    "?" * 2_000,
    "1994 " * 400,
    "Dr. Prof. Doç. " * 100,
    "ve, " * 500,
)


def questions(count: int, seed: int) -> Iterator[str]:
    """So many odd questions; the same ones for the same seed."""
    chance = random.Random(seed)
    yield from ("", " ", "x" * 100_000, "İ" * 100_000, "soru? " * 20_000, *PIECES)
    for _ in range(count - 5 - len(PIECES)):
        match chance.randrange(4):
            case 0:  # any characters of any script, surrogates included
                length = chance.choice((1, 5, 40, 300))
                yield "".join(chr(chance.randrange(0x110000)) for _ in range(length))
            case 1:  # a question with something in the middle
                words = chance.choice(PIECES[:7]).split(" ")
                words.insert(chance.randrange(len(words) + 1), chance.choice(PIECES))
                yield " ".join(words)
            case 2:  # typing gone wrong
                letters = list(chance.choice(PIECES[:7]) * chance.randint(1, 3))
                for _ in range(chance.randint(1, 8)):
                    letters[chance.randrange(len(letters))] = chr(chance.randrange(32, 0x250))
                yield "".join(letters)
            case _:
                yield chance.choice(("", " ", "\n", "?")).join(chance.choices(PIECES, k=3))


def write_seeds(folder: Path, count: int, seed: int) -> int:
    """Fills a folder with odd files; at least `count`, and how many were written."""
    folder.mkdir(parents=True)
    written = _named(folder) + _linked(folder)
    chance = random.Random(seed)
    for name, raw in _by_rule():
        (folder / name).write_bytes(raw)
        written += 1
    for number in range(count - written):
        suffix = chance.choice((".txt", ".md"))
        (folder / f"şans-{number}{suffix}").write_bytes(_by_chance(chance))
    return max(written, count)


def _by_rule() -> Iterator[tuple[str, bytes]]:
    text = SENTENCE * 5
    for number, raw in enumerate(
        (
            b"",
            b"\n \t\n",
            b"...",
            b"\x00" * 1_000,
            bytes(range(256)) * 20,
            b"%PDF-1.7 " + text.encode(),
            b"PK\x03\x04" + text.encode(),
            b"<!DOCTYPE html><p>" + text.encode(),
            text.encode()[:-1] + b"\xc4",
            text.encode() + text.encode("cp1254"),
            text.encode() + b"\xed\xa0\x80" + text.encode(),
            codecs.BOM_UTF8 + text.encode("cp1254"),
            codecs.BOM_UTF16_LE + text.encode(),
            codecs.BOM_UTF16_BE + text.encode("utf-16-le"),
            codecs.BOM_UTF16_LE + text.encode("utf-16-le") + b"\x00",
            codecs.BOM_UTF32_LE + text.encode("utf-16-le"),
            codecs.BOM_UTF16_LE + b"\x00\xd8" * 50,
            text.encode("utf-16-le"),
            text.encode("utf-16"),
            text.encode("utf-32"),
            text.encode("cp1254"),
            text.encode("utf-7"),
            (text + "\x00").encode(),
            (text + "\u202e\u200b\ufeff" + text).encode(),
            ("مرحبا بالعالم. שלום. " * 50).encode(),
            ("\ufeff" * 500 + text).encode(),
            ("\n".join(text) + "\r\r\n\x85\u2028").encode(),
            ("a\u0301" * 5_000).encode(),
            ("İ" * 50_000).encode(),
            (". " * 50_000 + "son").encode(),
            ("# " * 2_000 + text).encode(),
            ("#" * 5_000 + " " + text).encode(),
            ("".join(f"{'#' * (1 + n % 6)} Başlık {n}\n" for n in range(3_000)) + text).encode(),
            ("---\ntitle: " + "uzun " * 2_000 + "\n---\n" + f"{text}\n\n" * 300).encode(),
            ("# " + "uzun " * 1_500 + "\n\n" + f"{text}\n\n" * 300).encode(),
            ("---\n" * 500 + text).encode(),
            ("```\n" * 501 + text).encode(),
            ("> " * 3_000 + text).encode(),
            ("- madde\n" * 5_000).encode(),
            ("| a | b |\n" * 3_000).encode(),
            ("date 2025-13-45 X/Y- " * 500).encode(),
            (text.replace(" ", "\f")).encode(),
            ('"' * 5_000 + "(" * 5_000 + text).encode(),
            ("http://" + "a" * 20_000).encode(),
            ("Dr. " * 10_000 + "son").encode(),
            ("1. " * 10_000 + "son").encode(),
            ("\\" * 10_000 + text).encode(),
            ("\v\x1b[31m" + text).encode(),
        )
    ):
        yield f"kural-{number}.txt", raw
        yield f"kural-{number}.md", raw


def _by_chance(chance: random.Random) -> bytes:
    encodings = ("utf-8", "cp1254", "utf-16", "utf-16-be", "iso8859-9", "cp857", "mac_turkish")
    raw = b"".join(
        chance.choice(
            (
                SENTENCE.encode(chance.choice(encodings)),
                chance.choice(PIECES).encode("utf-8", "surrogatepass"),
                chance.randbytes(chance.choice((1, 3, 200))),
                b"\n\n",
                b"## \xc4\xb0l\xc4\xb1k\n",
                b"\r",
            )
        )
        for _ in range(chance.randint(1, 12))
    )
    if chance.random() < 0.5:  # half of them are text, with one mishap
        text = "\n\n".join(chance.choices((SENTENCE * 3, *PIECES[:12]), k=6)).encode()
        at = chance.randrange(len(text))
        return text[:at] + raw[: chance.choice((0, 0, 1, 30))] + text[at:]
    return raw


def _named(folder: Path) -> int:
    names = (
        "satır\nsonu.txt",
        "emoji-🌹👨‍👩‍👧.txt",
        "..txt",
        "...txt",
        "..%2f..%2fgizli.txt",
        "..\\..\\gizli.txt",
        "ters-\u202etxt.exe.txt",
        "<b>kalın<b>.txt",
        "'; rm -rf ~ #.txt",
        "-rf.txt",
        "boşluk .txt",
        "BÜYÜK.TXT",
        "a" * 250 + ".txt",
        "\x1b[31mkırmızı.txt",
        "uzantısız",
        "resim.png",
        "~$kilit.txt",
        ".gizli.txt",
    )
    for number, name in enumerate(names):
        (folder / name).write_text(f"{SENTENCE * 2}Adı tuhaf olan {number}.", encoding="utf-8")
    with open(os.fsencode(folder) + b"/bozuk-\xff\xfe.txt", "w", encoding="utf-8") as file:
        file.write(SENTENCE)
    deep = folder
    for level in range(40):
        deep = deep / f"kat-{level}"
    deep.mkdir(parents=True)
    (deep / "derin.txt").write_text(f"{SENTENCE * 2}Kırkıncı kat.", encoding="utf-8")
    return len(names) + 2


def _linked(folder: Path) -> int:
    outside = folder.with_name(folder.name + "-dışarıda.txt")
    outside.write_text("Gizli kalması gereken tek cümle budur.", encoding="utf-8")
    (folder / "dışarı.txt").symlink_to(outside)
    (folder / "dışarı-göreli.txt").symlink_to(f"../{outside.name}")
    (folder / "kök").symlink_to("/")
    (folder / "kendine.txt").symlink_to("kendine.txt")
    (folder / "döngü").symlink_to(".")
    (folder / "hedefsiz.txt").symlink_to("yok.txt")
    (folder / "aygıt.txt").symlink_to("/dev/zero")
    os.mkfifo(folder / "boru.txt")
    with open(folder / "dev.txt", "wb") as file:
        file.truncate(200_000_000)
    (folder / "tek-satır.txt").write_text(SENTENCE.strip() * 60_000, encoding="utf-8")
    (folder / "sözcüksüz-satır.txt").write_text("ş" * 1_000_000, encoding="utf-8")
    (folder / "minik.txt").write_text("\n\n".join(f"göl {n}" for n in range(100_000)), "utf-8")
    return 12
