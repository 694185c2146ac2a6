"""A web page as a seed: its article in a Markdown file whose front matter says where it is from."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import SeedError, WebError, reasons
from index.formats import KINDS
from index.formats.extract import Extract, tidy
from index.formats.web_encoding import decode_html
from index.headers import yaml_value
from index.web.fetch import Page
from index.web.reading import read_fetched, unreadable

FOLDER = "web"
LONGEST_SLUG = 60
LEAST_LETTERS = 60


def article_of(page: Page) -> Extract:
    """The page's article, or the whole of a plain text.

    Raises:
        WebError: there is none in it.
    """
    try:
        text = decode_html(page.content, page.charset)
    except SeedError as error:
        raise unreadable(page.url, error) from None
    module = KINDS[".html"].module if "html" in page.kind else KINDS[".md"].module
    found = Extract.from_json(read_fetched(page.url, module, text.encode("utf-8", "replace")))
    if sum(letter.isalpha() for letter in found.text) < LEAST_LETTERS:
        raise WebError(
            f"{page.url}: sayfada okunacak metin yok; betikle çiziliyorsa metnini kopyalayın.",
            f"{page.url}: no text to read on the page; if a script draws it, copy the text.",
        )
    return found


def store(seeds: Path, url: str, article: Extract) -> Path:
    """Writes an article below `seeds`; the same address is always the same file.

    Raises:
        WebError: it cannot be written.
    """
    path = seeds / FOLDER / seed_name(url, article.title)
    for older in path.parent.glob(f"*-{_mark(url)}.md"):
        path = older  # the title may have changed since
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.part")
        aside.write_text(seed_text(url, article), encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        turkish, english = reasons(error)
        raise WebError(
            f"{path} yazılamadı ({turkish}); klasörün izinlerine ve diske bakın.",
            f"{path} could not be written ({english}); check permissions and the disk.",
        ) from error
    return path


def seed_text(url: str, article: Extract) -> str:
    """The seed: front matter, then the article."""
    body = article.text[article.body :].strip()
    source = article.source or urlsplit(url).hostname or ""
    lines = [f"title: {_line(article.title)}", f"source: {_line(source)}", f"url: {url}"]
    if article.date is not None:
        lines.append(f"date: {article.date.isoformat()}")
    lines.append(f"fetched: {date.today().isoformat()}")
    return "---\n" + "\n".join(lines) + "\n---\n\n" + body + "\n"


def seed_name(url: str, title: str) -> str:
    """`example.org/baslik-abc123.md`: readable, and made of the address alone where it counts."""
    parts = urlsplit(url)
    words = title or parts.path.rstrip("/").rpartition("/")[2].partition(".")[0] or "sayfa"
    host = re.sub(r"[^a-z0-9.-]", "_", parts.hostname or "").strip(".") or "_"
    return f"{host}/{_slug(words)}-{_mark(url)}.md"


def _slug(words: str) -> str:
    plain = unicodedata.normalize("NFKD", words.replace("ı", "i"))
    plain = re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower())
    return plain.strip("-")[:LONGEST_SLUG].strip("-") or "sayfa"


def _mark(url: str) -> str:
    return sha256(url.encode()).hexdigest()[:8]


def _line(text: str) -> str:
    return yaml_value(tidy(text))
