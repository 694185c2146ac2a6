"""Every knob of Danış, read from the environment and from `.env`.

`.env.example` lists the same names with the same defaults; a test keeps the two equal.
"""

from __future__ import annotations

import enum
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from pydantic import (
    AliasChoices,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.errors import SettingsError, reasons

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

# What pydantic says of a value, by its name for it.
_TURKISH = {
    "greater_than": "{gt} sayısından büyük olmalı",
    "greater_than_equal": "en az {ge} olmalı",
    "less_than": "{lt} sayısından küçük olmalı",
    "less_than_equal": "en çok {le} olmalı",
    "int_parsing": "tam sayı olmalı",
    "float_parsing": "sayı olmalı",
    "bool_parsing": "true ya da false olmalı",
    "enum": "şunlardan biri olmalı: {expected}",
}

Ids = Annotated[frozenset[str], NoDecode]


class _Unusable(ValueError):
    """Why a value cannot be used, in both languages."""

    def __init__(self, turkish: str, english: str) -> None:
        super().__init__(english)
        self.turkish = turkish


class Caution(enum.StrEnum):
    """How readily Danış says "not in my sources" instead of answering."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class IndexKind(enum.StrEnum):
    """How an index server keeps passage vectors."""

    AUTOINDEX = "AUTOINDEX"
    FLAT = "FLAT"
    HNSW = "HNSW"
    DISKANN = "DISKANN"


class TerminalLinks(enum.StrEnum):
    """Where citations are clickable in a terminal."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class Settings(BaseSettings):
    """All settings, with units in the names or the descriptions."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    seeds_dir: Path = Field(Path("seeds"), description="folder of documents that answers come from")
    index_dir: Path = Field(Path(".danis/index"), description="folder that holds the built index")
    index_uri: str = Field(
        "",
        description="Milvus server that holds the index, http(s)://host:port[/database]; empty: "
        "INDEX_DIR alone",
    )
    index_token: SecretStr = Field(SecretStr(""), description="its token, or user:password")
    index_tls_ca: str = Field(
        "", description="PEM file with its certificate; empty: what the system trusts"
    )
    index_kind: IndexKind = Field(
        IndexKind.AUTOINDEX,
        description="its vector index: AUTOINDEX, FLAT, HNSW or DISKANN (docs/scaling.md)",
    )
    index_shards: int = Field(1, gt=0, le=64, description="its shards of the passages")
    index_replicas: int = Field(1, gt=0, le=64, description="its copies in memory")
    state_dir: Path = Field(
        Path(".danis/state"), description="what the bot remembers: pairing, languages, feedback"
    )
    cache_dir: Path = Field(
        Path(".danis/cache"),
        description="what can be made anew at any time, so that a start is quick",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="PostgreSQL for what the bot remembers, postgresql://user:password@host/name; "
        "empty: SQLite in STATE_DIR",
    )
    max_seed_bytes: int = Field(
        20_000_000, gt=0, description="a larger seed is left out and reported (bytes)"
    )
    web_allow_private: bool = Field(
        False,
        description="true lets `danis add` and feeds fetch from this machine and private networks",
    )
    web_max_bytes: int = Field(
        5_000_000, gt=0, description="a larger web page or feed is refused (bytes)"
    )
    feed_minutes: int = Field(
        30, gt=0, description="how often `danis index --watch` asks each feed for news (minutes)"
    )
    embedding_model: str = Field(
        "bundled",
        description='"bundled" (multilingual-e5-small, offline), or a sentence-transformers '
        "model by name or folder",
    )
    embedding_batch_size: int = Field(
        16, gt=0, description="texts per batch for sentence-transformers models"
    )
    reranker_model: str = Field(
        "",
        description="a sentence-transformers cross-encoder, by name or folder, that reorders the "
        "first passages found; slow; empty: none",
    )
    reranker_candidates: int = Field(
        20, gt=1, le=100, description="passages that it reorders; each costs time"
    )
    llm_base_url: str = Field(
        "",
        description="an OpenAI-compatible server that writes answers from the quotes, such as "
        "http://127.0.0.1:11434/v1; empty: quotes alone, nothing is sent",
    )
    llm_model: str = Field(
        "", validate_default=True, description="its model, by the name that server uses"
    )
    llm_api_key: SecretStr = Field(SecretStr(""), description="its key, where it wants one")
    llm_timeout: float = Field(
        30.0, gt=0, description="a written answer that takes longer is left out (seconds)"
    )
    llm_concurrency: int = Field(
        2, gt=0, description="answers that are written at the same time; others wait their turn"
    )
    caution: Caution = Field(
        Caution.NORMAL, description="low answers more, high refuses more: low, normal or high"
    )
    danis_lang: str = Field(
        "", description="interface language, tr or en; empty: from the locale, Turkish otherwise"
    )
    remembered_questions: int = Field(
        1_000,
        ge=0,
        description="what was found for so many questions is kept in memory until the index "
        "changes; 0: nothing",
    )
    chat_history: bool = Field(
        True, description="keep the lines typed in `danis chat` in STATE_DIR, for the arrow keys"
    )
    terminal_links: TerminalLinks = Field(
        TerminalLinks.AUTO,
        description="clickable citations in a terminal: auto (where it is known to understand "
        "them), always or never",
    )
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    log_texts: bool = Field(
        False, description="debugging only: write questions and answers to the log"
    )

    telegram_bot_token: SecretStr = Field(
        SecretStr(""),
        validation_alias=AliasChoices("telegram_bot_token", "telegram_token"),
        description="the token that BotFather gave",
    )
    telegram_base_url: str = Field(
        "https://api.telegram.org/bot", description="Bot API server; a local one works too"
    )
    telegram_base_file_url: str = Field(
        "https://api.telegram.org/file/bot", description="where the Bot API server keeps files"
    )
    telegram_allowed_users: Ids = Field(
        frozenset(), description="user ids, comma-separated, or *; empty: pairing mode"
    )
    telegram_allowed_chats: Ids = Field(
        frozenset(), description="group ids, comma-separated, or *, whose members may ask there"
    )
    telegram_admins: Ids = Field(
        frozenset(), description="user ids that may upload and delete seeds and rebuild the index"
    )
    telegram_webhook_url: str = Field(
        "", description="public https address; empty: long polling, which needs no address"
    )
    telegram_webhook_secret: SecretStr = Field(
        SecretStr(""), description="secret token checked on each webhook request; empty: made anew"
    )
    telegram_webhook_listen: str = Field("127.0.0.1", description="address the webhook listens on")
    telegram_webhook_port: int = Field(8443, gt=0, lt=65536, description="and its port")
    follow_up_minutes: int = Field(
        15, gt=0, description="how long a conversation's last turn is remembered (minutes)"
    )
    rate_per_user: int = Field(60, gt=0, description="questions per minute and user")
    rate_overall: int = Field(6000, gt=0, description="questions per minute, everyone together")
    ops_host: str = Field("127.0.0.1", description="address of /health, /ready and /metrics")
    ops_port: int = Field(0, ge=0, lt=65536, description="their port; 0: off")

    @field_validator(
        "telegram_allowed_users", "telegram_allowed_chats", "telegram_admins", mode="before"
    )
    @classmethod
    def _split_ids(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        ids = frozenset(part.strip() for part in value.split(",") if part.strip())
        for part in ids:
            if part != "*" and not part.lstrip("-").isdigit():
                raise _Unusable(
                    f"{part!r} ne bir kimlik (sayı) ne de *",
                    f"{part!r} is neither an id (a number) nor *",
                )
        return ids

    @field_validator("llm_base_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise _Unusable(
                "http://127.0.0.1:11434/v1 gibi bir adres olmalı",
                "must be an address such as http://127.0.0.1:11434/v1",
            )
        if parts.username or parts.password:
            raise _Unusable(
                "parola içermemeli; anahtar LLM_API_KEY ayarına yazılır",
                "must not hold a password; LLM_API_KEY is for the key",
            )
        return value.rstrip("/")

    @field_validator("llm_model")
    @classmethod
    def _named(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("llm_base_url") and not value:
            raise _Unusable(
                "LLM_BASE_URL varsa bir modelin adı olmalı",
                "must name a model where LLM_BASE_URL is set",
            )
        return value

    @field_validator("llm_api_key")
    @classmethod
    def _sendable(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value().strip()
        if not key.isascii() or not key.isprintable():
            raise _Unusable(
                "gönderilemeyen karakterler içeriyor", "holds characters that cannot be sent"
            )
        return SecretStr(key)

    @field_validator("index_uri")
    @classmethod
    def _server_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise _Unusable(
                "http://sunucu:19530 gibi bir adres olmalı",
                "must be an address such as http://host:19530",
            )
        return value

    @field_validator("danis_lang")
    @classmethod
    def _known_language(cls, value: str) -> str:
        if value not in ("", "tr", "en"):
            raise _Unusable("tr ya da en olmalı", "must be tr or en")
        return value

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise _Unusable(
                "DEBUG, INFO, WARNING ya da ERROR olmalı", "must be DEBUG, INFO, WARNING or ERROR"
            )
        return value.upper()

    @property
    def language(self) -> str:
        """Interface language of the terminal: "tr" or "en"."""
        return self.danis_lang or locale_language()


def locale_language() -> str:
    """ "en" where the locale says English, "tr" everywhere else (the C locale says nothing)."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "tr"
    return "tr"


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment and `.env`.

    Raises:
        SettingsError: a value cannot be used; the message names the setting and the reason,
            never the value of a secret. Or `.env` cannot be read.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"]).upper()
        turkish, english = _why(first)
        raise SettingsError(
            f"{name} ayarı kullanılamıyor ({turkish}): .env dosyasında düzeltin; "
            "örnekler .env.example dosyasında.",
            f"The setting {name} cannot be used ({english}): mend it in .env; "
            "see .env.example for examples.",
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(
            ".env dosyası UTF-8 değil: düzenleyicinizde UTF-8 olarak kaydedin.",
            "The file .env is not in UTF-8: save it as UTF-8 in your editor.",
        ) from None
    except OSError as error:
        turkish, english = reasons(error)
        raise SettingsError(
            f".env dosyası okunamıyor ({turkish}): sahibini ve izinlerini denetleyin.",
            f"The file .env cannot be read ({english}): check its owner and its permissions.",
        ) from error


def _why(error: ErrorDetails) -> tuple[str, str]:
    """What pydantic or a validator here says of a value, in Turkish and English."""
    context = error.get("ctx", {})
    reason = context.get("error")
    if isinstance(reason, _Unusable):
        return reason.turkish, str(reason)
    english = error["msg"].removeprefix("Value error, ")
    turkish = _TURKISH.get(error["type"])
    return turkish.format(**context).replace(" or ", " ya da ") if turkish else english, english
