"""`danis add`, `danis feed` and `index --watch` over a real site, as people run them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import made_files
from tests.made_files import FIRST
from tests.test_web import rss
from tests.web_site import Site, site_at

ROOT = Path(__file__).parent.parent


@pytest.fixture
def site() -> Iterator[Site]:
    yield from site_at()


class Danis:
    """`python -m bot` in a folder of its own, allowed to fetch from loopback."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seeds = folder / "seeds"
        self.seeds.mkdir()
        self.environment = os.environ | {
            "SEEDS_DIR": str(self.seeds),
            "INDEX_DIR": str(folder / "index"),
            "STATE_DIR": str(folder / "state"),
            "WEB_ALLOW_PRIVATE": "true",
            "DANIS_LANG": "tr",
            "PYTHONPATH": str(ROOT),
        }
        self.command = [sys.executable, "-m", "bot"]

    def __call__(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.command, *arguments],
            cwd=self.folder,
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def danis(tmp_path: Path) -> Danis:
    return Danis(tmp_path)


def test_an_added_page_is_cited_with_its_address(danis: Danis, site: Site) -> None:
    site.pages["/cesme"] = made_files.html()
    added = danis("add", site.url + "/cesme", site.url + "/yok")
    assert added.returncode == 2  # one of the two could not be had
    assert added.stdout.startswith(f"{site.url}/cesme kaydedildi: {danis.seeds}/web/127.0.0.1/")
    assert "sunucu 404 yanıtını verdi" in added.stderr and "Dizin hazır: 1 belge" in added.stderr
    answer = danis("ask", "Gölyaka Çeşmesi hangi yıl yaptırıldı?")
    assert FIRST in " ".join(answer.stdout.split())
    assert f" · {site.url}/cesme" in answer.stdout
    (danis.seeds / "rapor.pdf").write_bytes(made_files.pdf())
    assert danis("index").returncode == 0
    newer = danis("ask", "Gölyaka Çeşmesi hangi yıl yaptırıldı?")
    assert "rapor.pdf · 20" in newer.stdout  # it says the same later, in the same words
    assert " · aynısı: " in newer.stdout and "cesme" in newer.stdout
    repaired = danis("ask", "Çeşme nasıl onarıldı?")
    assert " · sayfa 3" in repaired.stdout
    found = json.loads(danis("ask", "--json", "Gölyaka Çeşmesi hangi yıl yaptırıldı?").stdout)
    places = {(c["page"], c["url"]) for c in found["citations"]}
    assert (1, "") in places
    assert (None, f"{site.url}/cesme") not in places


def test_loopback_is_refused_without_the_setting(danis: Danis, site: Site) -> None:
    site.pages["/cesme"] = made_files.html()
    refused = danis("add", site.url + "/cesme", WEB_ALLOW_PRIVATE="false")
    assert refused.returncode == 2 and refused.stdout == ""
    assert refused.stderr.splitlines() == [
        "127.0.0.1 bu makinede ya da özel bir ağda; iç ağınızdan almak istiyorsanız "
        "WEB_ALLOW_PRIVATE=true yapın."
    ]
    assert danis("feed", "add", site.url + "/akis", WEB_ALLOW_PRIVATE="").returncode == 2
    assert site.asked == [] and list(danis.seeds.iterdir()) == []


def test_feeds_are_added_listed_refreshed_and_removed(danis: Danis, site: Site) -> None:
    site.pages |= {"/akis": rss(site, 1), "/haber/0": made_files.html()}
    assert "İzlenen akış yok" in danis("feed", "refresh").stdout
    assert danis("feed", "add", site.url + "/akis").stdout.startswith("Gölyaka izleniyor")
    assert f"{site.url}/akis  Gölyaka" in danis("feed", "list").stdout
    refreshed = danis("feed", "refresh").stderr
    assert "Gölyaka: 1 yeni yazı." in refreshed and "Dizin hazır: 1 belge" in refreshed
    assert danis("feed", "refresh").stderr.splitlines() == ["Gölyaka: 0 yeni yazı."]
    assert "artık izlenmiyor" in danis("feed", "remove", site.url + "/akis").stdout
    assert danis("feed", "remove", site.url + "/akis").returncode == 2
    assert len(list(danis.seeds.rglob("*.md"))) == 1


def test_watching_fetches_what_a_feed_brings_and_indexes_it(danis: Danis, site: Site) -> None:
    (danis.seeds / "göl.txt").write_text("Issık Göl kışın donmaz.", encoding="utf-8")
    site.pages |= {"/akis": rss(site, 1), "/haber/0": made_files.html()}
    danis("feed", "add", site.url + "/akis")
    watching = subprocess.Popen(
        [*danis.command, "index", "--watch"],
        cwd=danis.folder,
        env=danis.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert watching.stderr is not None
        heard: list[str] = []
        deadline = time.monotonic() + 90
        while not any("2 belge" in line for line in heard):
            assert time.monotonic() < deadline, heard
            heard.append(watching.stderr.readline())
        assert any("Gölyaka: 1 yeni yazı." in line for line in heard)
    finally:
        watching.send_signal(signal.SIGINT)
        watching.communicate(timeout=30)
    assert watching.returncode in (0, 130)
