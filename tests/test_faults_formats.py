"""Hostile and broken files of every kind: one clear line each, little memory, the rest goes on."""

from __future__ import annotations

import io
import os
import resource
import time
import unicodedata
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path

import pytest

from index.build import BuildReport
from index.errors import SeedError
from index.extracted import AGAIN_SECONDS, ExtractedTexts
from index.formats import Kind
from index.formats.apart import MissingPackageError, Worker, read_apart
from tests import made_files
from tests.faults import build_words, run
from tests.made_files import FIRST, MADE, WORD

ENTITIES = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "haha">{ENTITIES}]>'
MOST_MEGABYTES = 400  # of the process that builds


def pdf_of(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    made = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    for place in places:
        made += b"%010d 00000 n \n" % place
    size = len(objects) + 1
    made += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, table)
    return bytes(made)


def flate_bomb() -> bytes:
    """A PDF of some megabytes whose one page unpacks to more than a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1_200)) + packer.flush()
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    return pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
        stream,
    )


def lying_archive() -> bytes:
    """A Word document whose directory says that its text is short."""
    raw = bytearray(made_files.docx(body=f"<w:p><w:r><w:t>{'göl ' * 100_000}</w:t></w:r></w:p>"))
    entry = raw.rfind(b"PK\x01\x02", 0, raw.rfind(b"word/document.xml"))
    raw[entry + 24 : entry + 28] = (500).to_bytes(4, "little")
    return bytes(raw)


def locked_archive() -> bytes:
    """A Word document whose entries are marked as encrypted."""
    raw = bytearray(made_files.docx())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + flags] |= 1
            at = raw.find(mark, at + 4)
    return bytes(raw)


def crowded_archive() -> bytes:
    """A Word document of very many empty parts."""
    packed = io.BytesIO(made_files.docx())
    with zipfile.ZipFile(packed, "a") as file:
        for number in range(10_001):
            file.writestr(f"word/media/{number}", b"")
    return packed.getvalue()


def nested_mail() -> bytes:
    """A message inside a message, a thousand times."""
    parts = "".join(
        f'Content-Type: multipart/mixed; boundary="s{n}"\r\n\r\n--s{n}\r\n' for n in range(1_000)
    )
    return ("From: a@example.org\r\nSubject: iç içe\r\n" + parts + "\r\nDip.\r\n").encode()


HOSTILE = {
    "bomba.docx": lambda: made_files.docx(body=" " * 70_000_000),
    "yalan.docx": lying_archive,
    "kalabalık.docx": crowded_archive,
    "gülen.docx": lambda: made_files.docx(core=LAUGHS + "<z>&i;</z>"),
    "gülen2.docx": lambda: made_files.archive(
        {"word/document.xml": f'{LAUGHS}<w:document xmlns:w="{WORD}">&i;</w:document>'}
    ),
    "gülen.odt": lambda: made_files.odt(content=LAUGHS + "<z>&i;</z>"),
    "kilitli.docx": locked_archive,
    "kilitli.odt": lambda: made_files.odt(manifest="<m><encryption-data/></m>"),
    "kilitli.epub": lambda: made_files.epub(locked=True),
    "kilitli.pdf": lambda: made_files.pdf(password="gizli"),
    "eski.docx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5_000),
    "bomba.pdf": flate_bomb,
    "taranmış.pdf": made_files.scan,
    "boş.pdf": lambda: pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ),
    "döngü.pdf": lambda: pdf_of(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99>>"
    ),
    "sütunsuz.csv": lambda: "il,plaka\nİzmir,35\nMuğla,48\n".encode(),
    "derin.jsonl": lambda: b"[" * 100_000,
    "yarım.jsonl": lambda: b'{"metin": "bir"}\n{"metin": "ik',
    "ileti-değil.eml": lambda: FIRST.encode(),
    "sunu.pptx": lambda: made_files.archive({"ppt/presentation.xml": "<p/>"}),
    "boş.epub": lambda: made_files.archive({"mimetype": "application/epub+zip"}),
    "dallı.html": lambda: b"<html><body>" + b"<div>" * 200_000,
    "iç-içe.eml": nested_mail,
    "kesik.pdf": lambda: made_files.pdf()[:-200],
}
REASONS = {
    "bomba.docx": "unpacks to too much",
    "yalan.docx": "broken",
    "kalabalık.docx": "10007 files in it",
    "gülen.docx": "XML entities",
    "gülen2.docx": "XML entities",
    "gülen.odt": "XML entities",
    "kilitli.docx": "password",
    "kilitli.odt": "password",
    "kilitli.epub": "DRM",
    "kilitli.pdf": "password",
    "eski.docx": "old .doc",
    "bomba.pdf": "",
    "taranmış.pdf": "a scan",
    "boş.pdf": "no text in it",
    "döngü.pdf": "",
    "sütunsuz.csv": "(columns: il, plaka)",
    "derin.jsonl": "line 1 is not",
    "yarım.jsonl": "line 2 is not",
    "ileti-değil.eml": "no message",
    "sunu.pptx": "this kind is not read",
    "boş.epub": "broken",
    "dallı.html": "",
    "iç-içe.eml": "nested too deeply",
    "kesik.pdf": "a broken PDF",
    "dev.pdf": "too large (200000000 bytes",
}
READ = {"kuyruklu.pdf": lambda: made_files.pdf() + b"\n" * 5_000}


def build_measured(seeds: Path, folder: Path) -> tuple[BuildReport, float]:
    """A build, and the most memory that its own process had, in megabytes."""
    report = build_words(seeds, folder)
    return report, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def test_each_hostile_file_gets_one_clear_line_and_the_others_go_on(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name, make in (HOSTILE | MADE | READ).items():
        (seeds / name).write_bytes(make())
    with open(seeds / "dev.pdf", "wb") as file:
        file.truncate(200_000_000)
    report, megabytes = run(build_measured, seeds, tmp_path / "index", seconds=200)
    left_out = {entry.path: entry for entry in report.skipped}
    assert left_out.keys() >= REASONS.keys() - {"dallı.html"}
    assert report.documents == len(HOSTILE) + len(MADE) + len(READ) + 1 - len(report.skipped)
    assert not left_out.keys() & MADE.keys()
    for name, reason in REASONS.items():
        if name in left_out:
            assert reason in left_out[name].english, left_out[name].english
    for entry in report.skipped:
        for sentence in (entry.turkish, entry.english):
            assert sentence.startswith(entry.path) and len(sentence) < 400
            assert all(unicodedata.category(letter) not in ("Cc", "Cs") for letter in sentence)
    assert megabytes < MOST_MEGABYTES


def test_any_damage_to_a_file_is_read_or_told(tmp_path: Path) -> None:
    import random

    from index.documents import read

    chance = random.Random(8)
    for name, make in MADE.items():
        whole = make()
        for _ in range(12):
            raw = bytearray(whole)
            for _ in range(chance.choice((1, 5, 50))):
                raw[chance.randrange(len(raw))] = chance.randrange(256)
            if chance.random() < 0.3:
                del raw[chance.randrange(len(raw)) :]
            (tmp_path / name).write_bytes(raw)
            try:
                assert read(tmp_path, name).text
            except SeedError as error:
                assert str(error).startswith(name) and len(str(error).splitlines()) == 1


@pytest.mark.parametrize("harm", [b"crash", b"flood", b"end", b"stack"])
def test_a_file_that_harms_its_reader_harms_nothing_else(harm: bytes) -> None:
    with pytest.raises(SeedError):
        read_apart("tests.harmful_reader", harm)
    assert int(read_apart("tests.harmful_reader", b"")) != os.getpid()


def test_a_file_that_takes_too_long_is_given_up() -> None:
    worker = Worker(most_seconds=1.0)
    before = worker.call("tests.harmful_reader", b"")["result"]
    started = time.monotonic()
    with pytest.raises(SeedError, match="more than 1 seconds"):
        worker.call("tests.harmful_reader", b"hang")
    assert time.monotonic() - started < 60
    assert not Path(f"/proc/{before}").exists()
    assert worker.call("tests.harmful_reader", b"")["result"] != before


def test_a_part_of_a_package_that_is_not_installed_is_no_broken_file() -> None:
    with pytest.raises(MissingPackageError, match=r"^$"):
        read_apart("tests.harmful_reader", b"moved")


class HarmfulKind(Kind):
    """A kind whose reader does harm."""

    @property
    def module(self) -> str:
        return "tests.harmful_reader"


def test_a_file_whose_reader_was_killed_is_tried_again_but_not_by_every_build(
    tmp_path: Path,
) -> None:
    kind, raw = HarmfulKind("harmful", frozenset()), b"once " + bytes(tmp_path / "read")

    def text_for_a_build() -> str:
        return ExtractedTexts(tmp_path / "texts").of(kind, "0" * 64, raw).text

    for _ in range(2):
        with pytest.raises(SeedError, match="crashes the reader"):
            text_for_a_build()
    (kept,) = (tmp_path / "texts").iterdir()
    before = time.time() - AGAIN_SECONDS - 1
    os.utime(kept, (before, before))
    assert text_for_a_build() == "Göl"
