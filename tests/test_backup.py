"""`danis export` and `danis import`: whole or not at all, from and to either database."""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import backup, schema, shelf
from bot.feedback import Opinion, note_opinion
from bot.inbox import Inbox
from bot.state import State, open_state
from index.answer import Turn
from index.errors import ArchiveError
from index.store import Store
from tests.postgres import server
from tests.telegram_bot import FakeAnswerer, real_folder

DATABASES = ["sqlite", "postgres"]


def opened(folder: Path, database: str) -> State:
    return open_state(folder, url="" if database == "sqlite" else server().new_database())


@pytest.fixture(params=DATABASES)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    state = opened(tmp_path / "source", request.param)
    fill(state)
    yield state
    state.close()


@pytest.fixture(params=DATABASES)
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[State]:
    state = opened(tmp_path / "target", request.param)
    yield state
    state.close()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    opened_state = open_state(tmp_path / "here")
    fill(opened_state)
    yield opened_state
    opened_state.close()


@pytest.fixture(scope="module")
def store() -> Store:
    return Store(real_folder() / "index")


@pytest.fixture
def archive(tmp_path: Path, store: Store, state: State) -> Path:
    backup.export(tmp_path / "danis.zip", store, state)
    return tmp_path / "danis.zip"


def fill(state: State) -> None:
    """A little of everything that the bot keeps."""
    Inbox(state).receive([{"update_id": 5, "message": {"text": "Şimdi?", "chat": {"id": 7}}}])
    state.set_language(7, "de")
    state.keep_turns(7, "7/0", (Turn("Iğdır'da ne yetişir?", "Iğdır'da ne yetişir?", ("k",)),))
    state.add("answered", 41)
    kept = shelf.put(state, 7, 7, FakeAnswerer().ask("soru"))
    note_opinion(state, kept, 7, Opinion.GOOD)
    row = {"id": "x", "user_id": 7, "name": "gül.txt", "at": 1.5, "content": b"\x00\xff"}
    with state.begin() as db:
        db.execute(schema.uploads.insert().values(row))
        db.execute(schema.approved.insert().values(user_id=2**40, at=1.5))


def rows(state: State) -> dict[str, list[Any]]:
    with state.begin() as db:
        return {
            table.name: sorted(map(repr, db.execute(table.select())))
            for table in schema.metadata.sorted_tables
            if table.name != "replicas"
        }


def test_index_and_memory_move_between_databases(
    tmp_path: Path, store: Store, source: State, target: State
) -> None:
    file = tmp_path / "danis.zip"
    with source.begin() as db:
        db.execute(schema.updates.update().values(owner=None))
    written = backup.export(file, store, source)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert written.documents == 25
    new = Store(tmp_path / "index")
    assert backup.restore(file, new, target) == written
    assert rows(target) == rows(source)
    assert new.manifest().version == store.manifest().version
    old, copied = store.open(), new.open(thoroughly=True)
    assert sorted(r.path for r in copied.documents()) == sorted(r.path for r in old.documents())
    old.close()
    copied.close()
    assert [each["update_id"] for each in Inbox(target).adopt()] == [5]


def test_an_export_while_others_write_is_of_one_moment(
    tmp_path: Path, store: Store, source: State
) -> None:
    from bot import table_copy

    with table_copy.snapshot(source) as db:
        before = list(table_copy.lines(db, schema.languages))
        source.set_language(8, "ru")
        assert list(table_copy.lines(db, schema.languages)) == before


def test_what_is_there_is_replaced_only_on_demand(
    tmp_path: Path, store: Store, archive: Path, target: State
) -> None:
    fill(target)
    target.set_language(9, "ru")
    new = Store(tmp_path / "index")
    with pytest.raises(ArchiveError, match="--replace"):
        backup.restore(archive, new, target)
    assert target.language(9) == "ru"
    backup.restore(archive, new, target, over=True)
    assert target.language(9) is None
    first = new.manifest()
    backup.restore(archive, new, target, over=True)  # over itself: a state after it
    assert new.manifest().number == first.number + 1
    new.open(thoroughly=True).close()


def test_a_running_bot_is_not_pulled_away_from_under(
    tmp_path: Path, archive: Path, state: State
) -> None:
    Inbox(state).beat()
    with pytest.raises(ArchiveError, match="The bot is running"):
        backup.restore(archive, Store(tmp_path / "index"), state, over=True)


def test_an_existing_file_is_not_overwritten(archive: Path, store: Store, state: State) -> None:
    before = archive.read_bytes()
    with pytest.raises(ArchiveError, match="choose another name"):
        backup.export(archive, store, state)
    assert archive.read_bytes() == before
    with pytest.raises(ArchiveError, match="cannot be written"):
        backup.export(archive / "inside.zip", store, state)


def refused(file: Path, folder: Path, state: State) -> str:
    """The words of the refusal, which must leave everything as it was."""
    before, names = rows(state), sorted(folder.rglob("*"))
    with pytest.raises(ArchiveError) as caught:
        backup.restore(file, Store(folder / "index"), state, over=True)
    assert rows(state) == before
    made = {path.name for path in set(folder.rglob("*")) - set(names)}
    assert made <= {"index", "lock", "segments"}
    assert "\n" not in caught.value.english
    return caught.value.english


def test_damage_anywhere_is_refused(archive: Path, tmp_path: Path, state: State) -> None:
    target = state
    content = archive.read_bytes()
    folder = tmp_path / "damaged"
    folder.mkdir()
    step = max(1, len(content) // 12)
    for at in range(0, len(content), step):
        (folder / "a.zip").write_bytes(
            content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        )
        try:
            assert "a.zip" in refused(folder / "a.zip", folder, target)
        except pytest.fail.Exception:
            with zipfile.ZipFile(folder / "a.zip") as read:  # a byte that carries nothing
                assert read.testzip() is None
    for cut in (0, 10, len(content) // 2, len(content) - 1):
        (folder / "a.zip").write_bytes(content[:cut])
        assert "a.zip" in refused(folder / "a.zip", folder, target)
    assert "cannot be read" in refused(folder / "none.zip", folder, target)


def repack(archive: Path, change: Any) -> Path:
    """A copy of the archive, its files changed and its manifest made to agree."""
    with zipfile.ZipFile(archive) as old:
        files = {name: old.read(name) for name in old.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    change(files, manifest)
    manifest["files"] = {
        name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()
    }
    copy = archive.with_name("changed.zip")
    with zipfile.ZipFile(copy, "w") as new:
        for name, content in files.items():
            new.writestr(name, content)
        new.writestr("manifest.json", json.dumps(manifest))
    return copy


@pytest.mark.parametrize(
    "name",
    [
        "../outside.txt",
        "/etc/outside.txt",
        "index/../../outside.txt",
        "index/segments/../../../outside",
        "state\\..\\outside.txt",
        "other/outside.txt",
        "index/.",
        "index//x",
    ],
)
def test_a_name_that_leads_outside_is_refused(
    archive: Path, tmp_path: Path, state: State, name: str
) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    changed = repack(archive, lambda files, _: files.update({name: b"x"}))
    assert "is called" in refused(changed, folder, state)
    assert not list(tmp_path.rglob("outside*"))


def test_rows_that_are_none_are_refused(archive: Path, tmp_path: Path, target: State) -> None:
    fill(target)
    folder = tmp_path / "rows"
    folder.mkdir()
    for line in (b"{}", b"[]", b"{", b'{"user_id": "x", "language": "tr"}', b"\xff"):
        changed = repack(archive, lambda f, _, li=line: f.update({"state/languages.jsonl": li}))
        assert "cannot be used" in refused(changed, folder, target)
    twice = b'{"user_id": 1, "language": "tr"}\n' * 2
    changed = repack(archive, lambda f, _: f.update({"state/languages.jsonl": twice}))
    assert "cannot be used" in refused(changed, folder, target)


def test_an_archive_without_a_segment_is_refused(
    archive: Path, tmp_path: Path, state: State
) -> None:
    def drop(files: dict[str, bytes], _: Any) -> None:
        del files[next(name for name in files if name.endswith("catalog.sqlite"))]

    folder = tmp_path / "dropped"
    folder.mkdir()
    assert "is missing" in refused(repack(archive, drop), folder, state)
    assert not list((folder / "index" / "segments").iterdir())


def test_an_archive_of_a_newer_version_is_refused(
    archive: Path, tmp_path: Path, state: State
) -> None:
    folder = tmp_path / "newer"
    folder.mkdir()
    for field, value in (("revision", "9999"), ("format", 2)):
        changed = repack(archive, lambda _, manifest, f=field, v=value: manifest.update({f: v}))
        assert "newer Danış" in refused(changed, folder, state)


def test_the_memory_comes_back_from_an_archive_whose_index_has_another_format(
    archive: Path,
    tmp_path: Path,
    state: State,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from bot.cli import main

    def age(files: dict[str, bytes], _: Any) -> None:
        body = json.loads(files[backup.INDEX_MANIFEST])["body"] | {"format": 4}
        crc = zlib.crc32(json.dumps(body, ensure_ascii=False, sort_keys=True).encode())
        files[backup.INDEX_MANIFEST] = json.dumps({"crc": crc, "body": body}).encode()

    monkeypatch.setenv("DANIS_LANG", "en")
    monkeypatch.setenv("INDEX_DIR", str(tmp_path / "new/index"))
    monkeypatch.setenv("STATE_DIR", str(tmp_path / "new/state"))
    assert main(["import", str(repack(archive, age))]) == 0
    assert "no index that this version reads: run `danis index`" in capsys.readouterr().err
    assert not Store(tmp_path / "new/index").current_name()
    with state.begin() as db:
        db.execute(schema.updates.update().values(owner=None))
    again = open_state(tmp_path / "new/state")
    assert rows(again) == rows(state)
    again.close()


def test_the_commands_move_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANIS_LANG", "en")
    monkeypatch.setenv("INDEX_DIR", "one/index")
    monkeypatch.setenv("STATE_DIR", "one/state")
    shutil.copytree(real_folder() / "index", tmp_path / "one/index")
    assert main(["export", "danis.zip"]) == 0
    assert "Wrote danis.zip" in capsys.readouterr().err
    assert main(["export", "danis.zip"]) == 2
    monkeypatch.setenv("INDEX_DIR", "two/index")
    monkeypatch.setenv("STATE_DIR", "two/state")
    monkeypatch.setenv("DATABASE_URL", server().new_database())
    assert main(["import", "danis.zip"]) == 0
    assert "25 documents" in capsys.readouterr().err
    assert main(["import", "danis.zip"]) == 2
    assert "--replace" in capsys.readouterr().err
    monkeypatch.setenv("SEEDS_DIR", str(real_folder() / "seeds"))
    assert main(["ask", "İzmir hangi şehirle kardeş?"]) == 0
    assert "Bişkek" in capsys.readouterr().out


def test_the_salt_comes_along_so_that_people_are_known(
    archive: Path, tmp_path: Path, state: State
) -> None:
    target = open_state(tmp_path / "fresh")
    backup.restore(archive, Store(tmp_path / "index"), target)
    target.close()
    again = open_state(tmp_path / "fresh")
    assert again.who(7) == state.who(7)
    with again.begin() as db:
        assert db.scalar(sa.select(schema.counters.c.value)) == 41
    again.close()
