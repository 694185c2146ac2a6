"""The database behind the bot's memory: addresses, secrets, versions, a server that goes away."""

from __future__ import annotations

import sqlite3
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot import schema
from bot.database import secrets_in
from bot.doctor import Finding, examine
from bot.migrate import STEPS
from bot.settings import Settings
from bot.state import open_state
from index.errors import DanisError, SettingsError, StateError
from tests.loopback import free_port
from tests.postgres import Server, server

FIRST_VERSION = """
CREATE TABLE updates (update_id BIGINT NOT NULL PRIMARY KEY, who TEXT, payload TEXT,
    sent INTEGER NOT NULL, received FLOAT NOT NULL);
CREATE INDEX updates_pending ON updates (update_id) WHERE payload IS NOT NULL;
CREATE TABLE languages (user_id BIGINT NOT NULL PRIMARY KEY, language TEXT NOT NULL);
CREATE TABLE approved (user_id BIGINT NOT NULL PRIMARY KEY, at FLOAT NOT NULL);
CREATE TABLE pairings (code TEXT NOT NULL PRIMARY KEY, user_id BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL, expires FLOAT NOT NULL);
CREATE TABLE conversations (who TEXT NOT NULL, place TEXT NOT NULL, turns TEXT NOT NULL,
    at FLOAT NOT NULL, PRIMARY KEY (who, place));
CREATE TABLE answers (id TEXT NOT NULL PRIMARY KEY, who TEXT NOT NULL, chat_id BIGINT NOT NULL,
    at FLOAT NOT NULL, answer TEXT NOT NULL, further TEXT NOT NULL);
CREATE INDEX ix_answers_who ON answers (who);
CREATE TABLE feedback (answer_id TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,
    answer TEXT NOT NULL, at FLOAT NOT NULL, PRIMARY KEY (answer_id, who));
CREATE TABLE uploads (id TEXT NOT NULL PRIMARY KEY, user_id BIGINT NOT NULL, name TEXT NOT NULL,
    at FLOAT NOT NULL);
CREATE TABLE rates ("key" TEXT NOT NULL, "window" BIGINT NOT NULL, count INTEGER NOT NULL,
    ends FLOAT NOT NULL, PRIMARY KEY ("key", "window"));
CREATE TABLE counters (name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE facts (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO facts VALUES ('salt', 'tuz');
INSERT INTO languages VALUES (7, 'de');
INSERT INTO updates VALUES (5, 'x', '{"update_id": 5}', 0, 1.0);
"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return "" if request.param == "sqlite" else server().new_database()


def test_the_steps_lead_to_the_tables_of_the_schema(tmp_path: Path, url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    state = open_state(tmp_path, url=url)
    with state.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, schema.metadata) == []
    state.close()


def test_the_last_step_is_the_revision_that_is_looked_for() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(STEPS))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.REVISION]


def test_the_memory_of_the_first_version_is_kept(tmp_path: Path) -> None:
    from bot.inbox import Inbox

    with sqlite3.connect(tmp_path / "state.sqlite") as old:
        old.executescript(FIRST_VERSION)
    old.close()
    state = open_state(tmp_path)
    assert state.language(7) == "de"
    assert state.fact("salt", lambda: "new") == "tuz"
    assert Inbox(state).adopt() == [{"update_id": 5}]
    state.close()


def test_the_memory_of_a_newer_version_is_left_alone(tmp_path: Path, url: str) -> None:
    state = open_state(tmp_path, url=url)
    with state.begin() as db:
        db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    state.close()
    with pytest.raises(StateError, match="newer Danış"):
        open_state(tmp_path, url=url)


@pytest.mark.parametrize(
    "url",
    [
        "mysql://danis:geheim@host/db",
        "geheim",
        "postgresql://danis:geheim@host:port/db",
        "postgresql://danis:geheim@127.0.0.1:1/db",
        "postgresql://127.0.0.1:1/db?user=danis&password=geheim",
        "postgresql://danis:geheim@name.invalid/db",
        "postgresql://danis:geheim@127.0.0.1:1/db?sslmode=geheim",
    ],
)
def test_an_unusable_address_is_told_without_its_secret(tmp_path: Path, url: str) -> None:
    with pytest.raises(DanisError) as caught:
        open_state(tmp_path, url=url)
    for text in (caught.value.turkish, caught.value.english):
        assert "DATABASE_URL" in text
        assert "geheim" not in text
        assert "\n" not in text


def test_a_wrong_password_is_told_without_it(tmp_path: Path) -> None:
    right = server().url("postgres")
    wrong = right.replace(server().password, "ge%40heim")
    with pytest.raises(StateError, match="authentication failed") as caught:
        open_state(tmp_path, url=wrong)
    assert "heim" not in caught.value.english
    assert {wrong, "ge@heim"} <= set(secrets_in(wrong))


def test_a_file_that_another_process_is_preparing_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(
        tmp_path / "state.sqlite", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    release = threading.Timer(0.3, other.rollback)
    release.start()
    open_state(tmp_path).close()
    release.join()
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    other.close()


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"\x00rubbish" * 1000)
    with pytest.raises(StateError, match=r"state\.sqlite cannot be opened"):
        open_state(tmp_path)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StateError, match="STATE_DIR"):
        open_state(tmp_path / "file" / "state")


def test_a_server_that_restarts_is_found_again(tmp_path: Path) -> None:
    own = Server(connections=20)
    try:
        state = open_state(tmp_path, url=own.new_database())
        state.set_language(7, "de")
        with state.begin(durable=True) as db:  # and with it all before it
            db.execute(schema.approved.insert().values(user_id=7, at=1.0))
        own.stop()
        with pytest.raises(sa.exc.OperationalError) as caught:
            state.language(7)
        assert own.password not in str(caught.value)
        own.start()
        assert state.language(7) == "de"
        state.set_language(7, "tr")
        assert state.language(7) == "tr"
        state.close()
    finally:
        own.close()


def test_the_driver_is_asked_for_where_it_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SettingsError, match=r"-m pip install -c \S+ 'psycopg\[binary\]'`"):
        open_state(tmp_path, url=f"postgresql://127.0.0.1:{free_port()}/db")


def test_doctor_says_where_the_memory_is_and_when_it_is_away(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, state_dir=tmp_path, danis_lang="en")  # type: ignore[call-arg]

    def finding(**more: object) -> Finding:
        changed = settings.model_copy(update=more)
        return next(each for each in examine(changed) if each.subject == "memory")

    assert finding().text == "nothing kept yet"
    assert list(tmp_path.iterdir()) == []
    open_state(tmp_path).close()
    assert "state.sqlite" in finding().text
    there = server().new_database()
    found = finding(database_url=SecretStr(there))
    assert found.text.startswith("PostgreSQL, 127.0.0.1:")
    assert server().password not in found.text
    away = finding(database_url=SecretStr("postgresql://danis:geheim@127.0.0.1:1/db"))
    assert not away.well
    assert "geheim" not in away.text
