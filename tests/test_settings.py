"""Settings come from the environment and `.env`, and errors in them are one clear line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.env_example import env_example, settings_page
from bot.settings import Settings, load_settings
from index.errors import SettingsError

ROOT = Path(__file__).parent.parent


def test_env_example_and_settings_page_are_those_of_the_settings() -> None:
    """Rewrite both with `python -m bot.env_example`."""
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == env_example()
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page()


def test_env_example_as_it_is_gives_the_defaults() -> None:
    from_example = Settings(_env_file=ROOT / ".env.example")
    assert from_example == Settings(_env_file=None)


def test_every_setting_says_what_it_does() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CAUTION=low\nSEEDS_DIR=belgeler\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAUTION", "high")
    settings = load_settings()
    assert settings.caution == "high"
    assert settings.seeds_dir == Path("belgeler")


@pytest.mark.parametrize(
    ("name", "value", "turkish", "english"),
    [
        ("CAUTION", "sometimes", "'low', 'normal' ya da 'high'", "'low', 'normal' or 'high'"),
        ("MAX_SEED_BYTES", "-1", "0 sayısından büyük olmalı", "greater than 0"),
        ("MAX_SEED_BYTES", "çok", "tam sayı olmalı", "a valid integer"),
        ("LLM_TIMEOUT", "çok", "sayı olmalı", "a valid number"),
        ("LOG_TEXTS", "belki", "true ya da false olmalı", "a valid boolean"),
        ("TELEGRAM_ALLOWED_USERS", "12,ahmet", "'ahmet' ne bir kimlik", "'ahmet' is neither"),
        ("DANIS_LANG", "fr", "tr ya da en olmalı", "must be tr or en"),
        ("LOG_LEVEL", "LOUD", "WARNING ya da ERROR", "WARNING or ERROR"),
        ("OPS_PORT", "70000", "65536 sayısından küçük olmalı", "less than 65536"),
        ("INDEX_URI", "host", "http://sunucu:19530", "http://host:19530"),
    ],
)
def test_bad_value_is_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, turkish: str, english: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    for text in (caught.value.turkish, caught.value.english):
        assert name in text
        assert "\n" not in text
    assert turkish in caught.value.turkish and english in caught.value.english
    assert "must" not in caught.value.turkish and "hould" not in caught.value.turkish


def test_env_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_bytes("# Türkçe\nCAUTION=low\n".encode("windows-1254"))
    with pytest.raises(SettingsError, match=r"\.env is not in UTF-8"):
        load_settings()
    Path(".env").unlink()
    Path(".env").symlink_to("/proc/self/mem")  # a file that not even root can read from its start
    with pytest.raises(SettingsError, match=r"\.env cannot be read"):
        load_settings()


def test_ids_are_split_and_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_ALLOWED_USERS", "12, -34,*")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:hunter2")
    settings = load_settings()
    assert settings.telegram_allowed_users == {"12", "-34", "*"}
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("tr_TR.UTF-8", "tr"), ("en_US.UTF-8", "en"), ("C.UTF-8", "tr"), ("de_DE", "tr"), ("", "tr")],
)
def test_interface_language_comes_from_the_locale(
    monkeypatch: pytest.MonkeyPatch, locale: str, language: str
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "DANIS_LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert load_settings().language == language


def test_slim_requirements_are_the_dependencies_without_sentence_transformers() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {_name(line) for line in project["dependencies"]} - {"sentence-transformers"}
    slim = (ROOT / "requirements-slim.txt").read_text(encoding="utf-8").splitlines()
    assert {_name(line) for line in slim if line and not line.startswith("#")} == names


def test_every_dependency_is_pinned_in_the_constraints() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        wanted += [line for line in extra if not line.startswith("danis[")]
    pinned = {
        _name(line)
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert {_name(line) for line in wanted} <= pinned


def _name(requirement: str) -> str:
    name = requirement.split(">")[0].split("=")[0].split("[")[0].split("<")[0]
    return name.strip().lower().replace("_", "-")
