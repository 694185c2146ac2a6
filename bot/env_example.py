"""`.env.example` and docs/settings.md, written from the settings themselves.

python -m bot.env_example            rewrites both
"""

from __future__ import annotations

import enum
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import Settings

ROOT = Path(__file__).parent.parent


def env_example() -> str:
    """The text of `.env.example`: every setting with what it does and its default."""
    lines = ["# Copy to .env and change what you need; every line shows the default.", ""]
    for name, field in Settings.model_fields.items():
        lines += [f"# {field.description}", f"{name.upper()}={_default(field)}", ""]
    return "\n".join(lines)


def settings_page() -> str:
    """The text of docs/settings.md."""
    rows = [
        f"| `{name.upper()}` | {_default(field) or '–'} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Read from the environment, then from `.env` in the folder where `danis` is started.",
            "This page is written by `python -m bot.env_example`.",
            "",
            "| setting | default | what it does |",
            "|---|---|---|",
            *rows,
            "",
        ]
    )


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, frozenset):
        return ",".join(sorted(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(env_example(), encoding="utf-8")
    (ROOT / "docs" / "settings.md").write_text(settings_page(), encoding="utf-8")
