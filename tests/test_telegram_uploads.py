"""Seeds from chat: files sent, checked, replaced and deleted by admins."""

from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import schema
from bot.live import open_state
from bot.seeds_folder import delete_seed, safe_name
from bot.transport import PATIENCE_SECONDS
from bot.words import say
from index.build import BuildReport
from index.errors import SeedError, StoreError
from index.manifest import Skipped
from tests import botapi, made_files
from tests.botapi import ADMIN, AYSE, GROUP, BotApi, wait_until
from tests.telegram_bot import FakeAnswerer, RunningBot, settings_for

SEED = """date 2026-02-01 Danış Bülteni
Karşıyaka'da yeni bir kitaplık açıldı. Kitaplık her gün açık.

Çocuklar için ayrı bir oda da var.
""".encode()


class Builds:
    """Stands for `danis index`: counts, and skips or fails where told to."""

    def __init__(self) -> None:
        self.count = 0
        self.skipped: tuple[Skipped, ...] = ()
        self.error: Exception | None = None

    def __call__(self) -> BuildReport:
        self.count += 1
        if self.error:
            raise self.error
        return BuildReport("2", 7, 9, (), (), (), (), self.skipped, 1, True, 0.1)


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as server:
        yield server
        assert not [call for call in server.rejected if call.method != "getFile"]


@pytest.fixture
def builds() -> Builds:
    return Builds()


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    folder.mkdir()
    return folder


@pytest.fixture
def bot(api: BotApi, builds: Builds, tmp_path: Path, seeds: Path) -> Iterator[RunningBot]:
    settings = settings_for(api, tmp_path, max_seed_bytes=100_000)
    with RunningBot(settings, FakeAnswerer(), builds) as running:
        yield running


def send(api: BotApi, name: str, content: bytes = SEED) -> str:
    """What the bot answers when the admin sends this file."""
    before = len(api.sent_to(ADMIN.id))
    api.upload(name, content)
    return api.wait_message(ADMIN.id, before + 1).text


def uploads_in(bot: RunningBot) -> list[str]:
    with closing(open_state(bot.settings)) as state, state.begin() as db:
        return list(db.scalars(sa.select(schema.uploads.c.name)))


def test_a_file_is_stored_indexed_and_confirmed_with_a_sample(
    api: BotApi, bot: RunningBot, seeds: Path, builds: Builds
) -> None:
    assert send(api, "Yeni kitaplık.TXT").startswith("“Yeni kitaplık.txt” alındı")
    done = api.wait_message(ADMIN.id, 2).text
    assert done.startswith("“Yeni kitaplık.txt” dizine eklendi: ")
    assert "Karşıyaka'da yeni bir kitaplık açıldı." in done
    assert (seeds / "Yeni kitaplık.txt").read_bytes() == SEED
    assert [path.name for path in seeds.iterdir()] == ["Yeni kitaplık.txt"]
    assert builds.count == 1


@pytest.mark.parametrize("name", made_files.MADE)
def test_every_kind_of_file_is_taken(api: BotApi, bot: RunningBot, seeds: Path, name: str) -> None:
    content = made_files.MADE[name]()
    assert send(api, name, content).startswith(f"“{name}” alındı")
    assert "Müşir Şükrü Paşa" in api.wait_message(ADMIN.id, 2).text
    assert (seeds / name).read_bytes() == content


def test_an_existing_seed_is_replaced_only_after_asking(
    api: BotApi, bot: RunningBot, seeds: Path, builds: Builds
) -> None:
    (seeds / "haber.txt").write_text("Eski.")
    send(api, "haber.txt")
    question = api.wait_message(ADMIN.id)
    assert "zaten var" in question.text
    said = api.wait_callback(api.press(question, "Evet", AYSE))
    assert "yöneticiler" in said["text"]
    api.press(question, "Vazgeç", ADMIN)
    assert "Vazgeçildi" in api.wait_edit(question).text
    assert (seeds / "haber.txt").read_text() == "Eski."
    send(api, "haber.txt")
    question = api.wait_message(ADMIN.id, 2)
    api.press(question, "Evet", ADMIN)
    api.wait_message(ADMIN.id, 3)
    assert (seeds / "haber.txt").read_bytes() == SEED
    assert builds.count == 1
    bot.settle(api)
    assert uploads_in(bot) == []


def test_a_file_that_is_there_already_is_indexed_without_asking(
    api: BotApi, bot: RunningBot, seeds: Path, builds: Builds
) -> None:
    (seeds / "haber.txt").write_bytes(SEED)
    assert send(api, "haber.txt").startswith("“haber.txt” alındı")
    assert "dizine eklendi" in api.wait_message(ADMIN.id, 2).text


def test_an_upload_is_finished_by_the_next_start_where_the_process_ended(
    api: BotApi, builds: Builds, tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.serving.GRACE_SECONDS", 0.5)
    settings = settings_for(api, tmp_path)
    hung = threading.Event()

    def hanging() -> BuildReport:
        hung.wait(2)
        raise StoreError("Bitti.", "It is over.")

    with RunningBot(settings, FakeAnswerer(), hanging):
        send(api, "haber.txt")
        api.ask("soru", ADMIN)  # the chat goes on meanwhile
    hung.set()
    with RunningBot(settings, FakeAnswerer(), builds) as bot:
        api.wait(lambda: "dizine eklendi" in api.sent_to(ADMIN.id)[-1].text)
        bot.settle(api)
        assert uploads_in(bot) == []


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("../../.env", SEED, "Bu tür dosyaları okuyamıyorum"),
        ("kötü.exe", SEED, "Bu tür dosyaları okuyamıyorum"),
        ("", SEED, "Bu tür dosyaları okuyamıyorum"),
        ("sayfa.txt", b"\n<!DOCTYPE html><html><body>Selam</body>", "içeriği HTML"),
        ("belge.txt", b"%PDF-1.7 ...", "sonunu .pdf yapın"),
        ("belge.pdf", SEED, "içeriği adının söylediği türde değil"),
        ("tarama.pdf", made_files.scan(), "taranmış sayfalar"),
        ("ikili.txt", bytes(range(256)) * 20, "Dosyayı almadım"),
        ("bos.txt", b"", "Dosyayı almadım"),
        ("buyuk.txt", b"a" * 100_001, "Dosya çok büyük: 100001 bayt"),
    ],
)
def test_what_is_no_seed_is_refused_with_the_reason(
    api: BotApi,
    bot: RunningBot,
    seeds: Path,
    builds: Builds,
    caplog: pytest.LogCaptureFixture,
    name: str,
    content: bytes,
    words: str,
) -> None:
    assert words in send(api, name, content)
    bot.settle(api)
    assert list(seeds.iterdir()) == []
    assert builds.count == 0
    assert "Selam" not in caplog.text


@pytest.mark.parametrize("method", ["getFile", "download"])
def test_an_upload_outlasts_a_failing_network(
    api: BotApi, bot: RunningBot, seeds: Path, method: str
) -> None:
    api.fail("502", method, times=2)
    assert send(api, "haber.txt").startswith("“haber.txt” alındı")
    api.wait_message(ADMIN.id, 2)
    assert (seeds / "haber.txt").read_bytes() == SEED


@pytest.mark.parametrize("method", ["getFile", "download"])
def test_an_upload_that_cannot_be_fetched_is_told(
    api: BotApi, bot: RunningBot, seeds: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setitem(PATIENCE_SECONDS, method, 0.5)
    api.fail("502", method, times=1000)
    assert send(api, "haber.txt") == say("trouble", "tr")
    assert list(seeds.iterdir()) == []


def test_a_file_that_telegram_no_longer_knows_is_not_called_too_large(
    api: BotApi, bot: RunningBot
) -> None:
    document = {"file_id": "x", "file_unique_id": "x", "file_name": "a.txt", "file_size": 40}
    api.push({"message": api.message(ADMIN, document=document)})
    assert api.wait_message(ADMIN.id).text == say("trouble", "tr")


def test_only_telegrams_own_servers_limit_is_known_beforehand(
    api: BotApi, builds: Builds, tmp_path: Path, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = b"%PDF-" * 4_000_001
    with RunningBot(settings_for(api, tmp_path, max_seed_bytes=10**9), FakeAnswerer(), builds):
        assert send(api, "haber.txt", large) == say(
            "upload_large", "tr", size=len(large), limit=botapi.MOST_DOWNLOAD
        )
        assert api.count("getFile") == 1
        monkeypatch.setattr(botapi, "MOST_DOWNLOAD", 10**9)
        assert "sonunu .pdf yapın" in send(api, "haber.txt", large)


def test_a_zip_called_text_is_refused(api: BotApi, bot: RunningBot, seeds: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "gizli")
    assert "içeriği ZIP" in send(api, "arşiv.txt", packed.getvalue())
    assert list(seeds.iterdir()) == []


def test_only_admins_in_private_send_files(
    api: BotApi, bot: RunningBot, seeds: Path, builds: Builds
) -> None:
    api.upload("haber.txt", SEED, AYSE)
    assert "yalnızca yöneticilerden" in api.wait_message(AYSE.id).text
    api.upload("haber.txt", SEED, ADMIN, GROUP)  # not spoken to the bot: not its business
    bot.settle(api)
    assert api.sent_to(GROUP.id) == []
    assert list(seeds.iterdir()) == []
    assert api.count("getFile") == 0


def test_a_path_in_the_name_stays_in_the_folder(api: BotApi, bot: RunningBot, seeds: Path) -> None:
    send(api, "../../etc/..\\haber.txt")
    api.wait_message(ADMIN.id, 2)
    assert [path.name for path in seeds.iterdir()] == ["haber.txt"]


def test_a_seed_that_the_build_leaves_out_is_told(
    api: BotApi, bot: RunningBot, builds: Builds
) -> None:
    builds.skipped = (Skipped("haber.txt", "Aynısı var.", "A duplicate."),)
    send(api, "haber.txt")
    assert api.wait_message(ADMIN.id, 2).text == "Dosyayı almadım. Aynısı var."


def test_reindex_tells_how_it_went(api: BotApi, bot: RunningBot, builds: Builds) -> None:
    assert api.ask("/yenile", ADMIN).text == "Dizin yenileniyor…"
    done = api.wait_message(ADMIN.id, 2).text
    assert done == "Dizin yenilendi: 7 kaynak, 9 bölüm, 0.1 saniye."
    builds.error = StoreError("Disk dolu.", "The disk is full.")
    api.ask("/yenile", ADMIN)
    assert "eskisi hizmette. Disk dolu." in api.wait_message(ADMIN.id, 4).text


def test_slow_work_that_fails_unexpectedly_is_told(
    api: BotApi, bot: RunningBot, seeds: Path, builds: Builds
) -> None:
    builds.error = OSError(11, "Resource temporarily unavailable")
    (seeds / "haber-1.txt").write_text("Bir.")
    api.ask("/yenile", ADMIN)
    assert api.wait_message(ADMIN.id, 2).text == say("trouble", "tr")
    send(api, "haber.txt")
    assert api.wait_message(ADMIN.id, 4).text == say("trouble", "tr")
    listing = api.ask("/kaynaklar", ADMIN)
    api.press(listing, "Sil: haber-1.txt", ADMIN)
    api.press(api.wait_edit(listing), "Evet, sil", ADMIN)
    assert api.wait_message(ADMIN.id, 6).text == say("trouble", "tr")
    bot.settle(api)


def test_a_message_that_cannot_be_changed_stops_neither_deleting_nor_replacing(
    api: BotApi,
    bot: RunningBot,
    seeds: Path,
    builds: Builds,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (seeds / "haber-1.txt").write_text("Bir.")
    (seeds / "haber-2.txt").write_text("İki.")
    listing = api.ask("/kaynaklar", ADMIN)
    api.press(listing, "Sil: haber-1.txt", ADMIN)
    sure = api.wait_edit(listing)
    send(api, "haber-2.txt")
    replace = api.sent_to(ADMIN.id)[-1]
    monkeypatch.setitem(PATIENCE_SECONDS, "editMessageText", 0.2)
    api.fail("502", "editMessageText", times=1000)
    presses = [api.press(sure, "Evet, sil", ADMIN), api.press(replace, "Evet", ADMIN)]
    for press in presses:
        api.wait_callback(press)
    bot.settle(api)
    assert builds.count == 2
    assert [path.name for path in seeds.iterdir()] == ["haber-2.txt"]
    assert (seeds / "haber-2.txt").read_bytes() == SEED


def test_a_seed_that_cannot_be_deleted_is_told_with_the_reason(
    api: BotApi, bot: RunningBot, seeds: Path, builds: Builds
) -> None:
    (seeds / "haber-1.txt").mkdir()
    listing = api.ask("/kaynaklar", ADMIN)
    api.press(listing, "Sil: haber-1.txt", ADMIN)
    said = api.wait_callback(api.press(api.wait_edit(listing), "Evet, sil", ADMIN))
    assert said["text"].startswith("haber-1.txt silinemedi (")
    assert builds.count == 0


def test_deleting_asks_first_and_is_for_admins(
    api: BotApi, bot: RunningBot, seeds: Path, builds: Builds
) -> None:
    (seeds / "haber-2.txt").write_text("İki.")
    assert not any("Sil" in label for label in api.ask("/kaynaklar", AYSE).labels)
    listing = api.ask("/kaynaklar", ADMIN)
    forged = listing.button("Sil: haber-2.txt")
    said = api.wait_callback(api.press(api.sent_to(AYSE.id)[0], "", AYSE, data="X" + forged[1:]))
    assert "yöneticiler" in said["text"]
    api.press(listing, "Sil: haber-2.txt", ADMIN)
    question = api.wait_edit(listing)
    assert question.text == "“haber-2.txt” silinsin mi? Geri alınamaz."
    assert (seeds / "haber-2.txt").exists()
    api.press(question, "Evet, sil", ADMIN)
    assert "silindi" in api.wait_edit(listing).text
    wait_until(lambda: builds.count == 1)
    assert not (seeds / "haber-2.txt").exists()


def test_deleting_never_leaves_the_folder(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    outside = tmp_path / "secret.txt"
    outside.write_text("x")
    (seeds / "link").symlink_to(tmp_path)
    for path in ("../secret.txt", "link/secret.txt", str(outside)):
        with pytest.raises(SeedError):
            delete_seed(seeds, path)
    (seeds / "own.txt").symlink_to(outside)
    delete_seed(seeds, "own.txt")
    assert outside.exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("haber.txt", "haber.txt"),
        ("a/b/../c.md", "c.md"),
        ("C:\\gizli\\Şarkı.MD", "Şarkı.md"),
        ("..txt", None),
        (".txt", None),
        ("...txt", None),
        ("a\n\x00b\u202e.txt", "a__b_.txt"),
        ("📚.txt", "_.txt"),
        ("ş" * 300 + ".txt", "ş" * 50 + ".txt"),
        ("x.txt.exe", None),
        ("\ud800.txt", "_.txt"),
    ],
)
def test_safe_names(name: str, safe: str | None) -> None:
    assert safe_name(name) == safe
