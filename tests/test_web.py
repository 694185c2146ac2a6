"""Web pages and feeds as seeds: what is stored, what is refused, and where nobody may go."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from index.documents import read
from index.errors import WebError
from index.formats.extract import Extract
from index.headers import markdown_header
from index.web.addresses import is_public, is_public_or_private, web_address
from index.web.feeds import MOST_TRIES, Feeds
from index.web.fetch import Fetcher
from index.web.pages import article_of, seed_name, seed_text, store
from tests import made_files
from tests.made_files import AUTHOR, FIRST, SECOND, THIRD, TITLE
from tests.web_site import Reply, Site, site_at


@pytest.fixture
def site() -> Iterator[Site]:
    yield from site_at()


@pytest.fixture
def hidden() -> Iterator[Site]:
    """A site that plays the private one: only 127.0.0.1 is allowed in these tests."""
    yield from site_at("127.0.0.2")


@pytest.fixture
def fetcher() -> Fetcher:
    return Fetcher(allowed=lambda address: address == "127.0.0.1", max_seconds=5.0)


def add(fetcher: Fetcher, url: str, seeds: Path) -> Path:
    page = fetcher.page(url)
    return store(seeds, page.url, article_of(page))


def test_a_page_becomes_a_readable_seed_with_its_address(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.pages["/haber/%C3%A7e%C5%9Fme"] = made_files.html()
    url = f"{site.url}/haber/%C3%A7e%C5%9Fme"
    path = add(fetcher, f"{site.url}/haber/çeşme#alt", tmp_path)
    assert path.parent == tmp_path / "web/127.0.0.1"
    assert path.name.startswith("golyaka-cesmesi-")
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"---\ntitle: {TITLE}\nsource: Yerel Haber/{AUTHOR}\n")
    assert f"url: {url}\ndate: 2025-03-04\nfetched: {date.today()}\n---\n" in text
    document = read(tmp_path, path.relative_to(tmp_path).as_posix())
    assert (document.title, document.date) == (TITLE, date(2025, 3, 4))
    assert document.url == url
    assert FIRST in document.text and SECOND in document.text and "Menü" not in document.text
    assert site.asked == ["/robots.txt", "/haber/%C3%A7e%C5%9Fme"]
    assert site.headers[-1]["user-agent"].startswith("Danis/")


def test_a_page_that_is_added_again_replaces_itself(
    site: Site, fetcher: Fetcher, tmp_path: Path
) -> None:
    site.pages["/a"] = made_files.html()
    first = add(fetcher, site.url + "/a", tmp_path)
    site.pages["/a"] = made_files.html().replace(TITLE.encode(), "Yeni Başlık".encode())
    assert add(fetcher, site.url + "/a", tmp_path) == first
    assert "title: Yeni Başlık" in first.read_text(encoding="utf-8")
    assert len(list(first.parent.iterdir())) == 1


@pytest.mark.parametrize(
    ("encoding", "kind"),
    [("cp1254", "text/html; charset=iso-8859-9"), ("utf-16", "text/html"), ("utf-8", "text/html")],
)
def test_encodings_of_pages(site: Site, fetcher: Fetcher, encoding: str, kind: str) -> None:
    text = made_files.html().decode().replace('<meta charset="utf-8">', "").replace("©", "")
    site.pages["/a"] = Reply(text.encode(encoding), kind)
    assert FIRST in article_of(fetcher.page(site.url + "/a")).text


def test_gzip_and_plain_text(site: Site, fetcher: Fetcher) -> None:
    packed = gzip.compress(f"{FIRST}\n\n{SECOND}".encode())
    site.pages["/a.txt"] = Reply(packed, "text/plain", headers={"Content-Encoding": "gzip"})
    found = article_of(fetcher.page(site.url + "/a.txt"))
    assert found.text == f"{FIRST}\n\n{SECOND}"


# -- limits ----------------------------------------------------------------------------------


def refusal(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(WebError) as caught:
        article_of(fetcher.page(url))
    assert len(str(caught.value).splitlines()) == 1
    assert caught.value.turkish != caught.value.english
    return str(caught.value)


def test_what_is_no_page_is_refused_with_the_reason(site: Site, fetcher: Fetcher) -> None:
    fetcher.max_bytes = 50_000
    bomb = gzip.compress(bytes(50_000_000))
    site.pages |= {
        "/large": Reply(b"a" * 50_001),
        "/bomb": Reply(bomb, headers={"Content-Encoding": "gzip"}),
        "/broken-gzip": Reply(b"\x1f\x8bxxxx", headers={"Content-Encoding": "gzip"}),
        "/brotli": Reply(b"x", headers={"Content-Encoding": "br"}),
        "/pdf": Reply(b"%PDF-1.7", "application/pdf"),
        "/untyped": Reply(b"<html>", ""),
        "/empty": b"<html><body><div id=app></div><script>go()</script></body></html>",
        "/gone": Reply(status=410),
        "/failing": Reply(status=503),
        "/loop": Reply(status=302, headers={"Location": "/loop"}),
        "/file": Reply(status=302, headers={"Location": "file:///etc/passwd"}),
    }
    for path, reason in {
        "/large": "too large (limit 50000 bytes)",
        "/bomb": "too large",
        "/broken-gzip": "could not be fetched",
        "/brotli": "packs with br",
        "/pdf": "its type is application/pdf",
        "/untyped": "its type is not told",
        "/empty": "no text to read",
        "/gone": "answered 410",
        "/failing": "answered 503",
        "/missing": "answered 404",
        "/loop": "no more than 5 redirects",
        "/file": "file:///etc/passwd is not a web address",
    }.items():
        assert reason in refusal(fetcher, site.url + path), path
    assert "could not be fetched" in refusal(fetcher, "http://127.0.0.1:9/")


def test_a_slow_page_is_given_up_in_time(site: Site, fetcher: Fetcher) -> None:
    fetcher.max_seconds = 0.6
    site.pages["/slow"] = Reply(made_files.html(), pieces=100, pause=0.05)
    started = time.monotonic()
    assert "in 1 seconds" in refusal(fetcher, site.url + "/slow")
    assert time.monotonic() - started < 4


def test_robots_txt_is_honoured_on_every_hop(site: Site, fetcher: Fetcher) -> None:
    site.pages["/robots.txt"] = Reply(
        b"User-agent: *\nDisallow: /gizli\nAllow: /gizli/a*ik\n", "text/plain"
    )
    site.pages["/gizli/b"] = site.pages["/gizli/acik"] = made_files.html()
    site.pages["/yol"] = Reply(status=301, headers={"Location": "/gizli/b"})
    assert "robots.txt" in refusal(fetcher, site.url + "/gizli/b")
    assert "robots.txt" in refusal(fetcher, site.url + "/yol")
    assert "/gizli/b" not in site.asked
    assert fetcher.page(site.url + "/gizli/acik").content
    site.pages["/robots.txt"] = Reply(status=500)
    assert "robots.txt" in refusal(Fetcher(allowed=fetcher.allowed), site.url + "/gizli/acik")


# -- where nobody may go ---------------------------------------------------------------------


def test_this_machine_is_refused_unless_allowed(site: Site) -> None:
    site.pages["/a"] = made_files.html()
    for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "[::ffff:7f00:1]"):
        assert "WEB_ALLOW_PRIVATE" in refusal(Fetcher(), f"http://{host}:{site.port}/a")
    assert site.asked == []
    assert Fetcher(allowed=is_public_or_private).page(site.url + "/a").content


def test_a_redirect_to_a_private_address_is_refused(
    site: Site, hidden: Site, fetcher: Fetcher
) -> None:
    hidden.pages["/secret"] = made_files.html()
    site.pages["/a"] = Reply(status=302, headers={"Location": f"{hidden.url}/secret"})
    assert "private network" in refusal(fetcher, site.url + "/a")
    assert hidden.asked == []


def test_a_name_that_turns_private_is_refused(site: Site, hidden: Site) -> None:
    site.pages["/a"] = hidden.pages["/a"] = made_files.html()
    answers = ["127.0.0.1"]

    def rebinding(host: str, port: int) -> list[str]:
        return [answers.pop(0) if answers else "127.0.0.2"]

    fetcher = Fetcher(allowed=lambda address: address == "127.0.0.1", resolve=rebinding)
    assert "private network" in refusal(fetcher, f"http://haber.example:{site.port}/a")
    assert site.asked == ["/robots.txt"] and hidden.asked == []


def test_a_name_with_one_private_address_is_refused(site: Site) -> None:
    site.pages["/a"] = made_files.html()
    fetcher = Fetcher(
        allowed=lambda address: address == "127.0.0.1",
        resolve=lambda host, port: ["127.0.0.1", "10.0.0.1"],
    )
    assert "private network" in refusal(fetcher, f"http://haber.example:{site.port}/a")
    assert site.asked == []


def test_the_name_is_resolved_once_and_sent_as_the_host(site: Site) -> None:
    site.pages["/a"] = made_files.html()
    resolved: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        resolved.append(host)
        return ["127.0.0.1"]

    fetcher = Fetcher(allowed=lambda address: address == "127.0.0.1", resolve=resolve)
    assert fetcher.page(f"http://haber.example:{site.port}/a").content
    assert resolved == ["haber.example"] * 2  # once for robots.txt, once for the page
    assert site.headers[-1]["host"] == f"haber.example:{site.port}"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "255.255.255.255", "224.0.0.1", "192.0.2.1", "198.18.0.1", "::1", "::",  # noqa: S104
        "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "haber",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


def test_addresses_that_are_public() -> None:
    assert all(map(is_public, ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]))
    assert not is_public_or_private("169.254.169.254")
    assert not is_public_or_private("::ffff:169.254.169.254")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://example.org", "http://example.org/"),
        (" https://Example.ORG:443/a b?q=ı#x ", "https://example.org/a%20b?q=%C4%B1"),
        ("https://çeşme.example/%C4%B1", "https://xn--eme-1la51d.example/%C4%B1"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
    ],
)
def test_addresses_are_made_ascii(url: str, expected: str) -> None:
    assert web_address(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "", "haber", "ftp://example.org/", "file:///etc/passwd", "http://", "http:///a",
        "http://a:b@example.org/", "http://example.org:99999/", "http://[::1/", "//example.org",
        "http://example.org/" + "a" * 2_000, "javascript:alert(1)", "http://a..b/",
    ],
)  # fmt: skip
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(WebError):
        web_address(url)


def test_seed_names_stay_below_the_folder() -> None:
    for url, title in (
        ("http://../../etc/passwd", "../../x"),
        ("https://example.org/..%2f..", ""),
        ("http://[::1]/a", "Şarkı / \\ \n\0 ünlü"),
    ):
        name = seed_name(url, title)
        assert ".." not in name.split("/") and name.count("/") == 1 and name.isascii()
        assert name.endswith(".md") and not name.startswith((".", "/"))


# -- feeds -----------------------------------------------------------------------------------


def rss(site: Site, entries: int, text: str = "") -> Reply:
    items = "".join(
        f"<item><title>Haber {n}</title><link>{site.url}/haber/{n}</link><guid>haber-{n}</guid>"
        f"<pubDate>Tue, {n % 28 + 1:02} Mar 2025 09:00:00 +0300</pubDate>"
        f"<description><![CDATA[<p>{text or 'Kısa özet.'}</p>]]></description></item>"
        for n in range(entries)
    )
    body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>Gölyaka</title>{items}'
    return Reply(
        f"{body}</channel></rss>".encode(),
        "application/rss+xml",
        headers={"ETag": f'"{entries}"', "Last-Modified": "Tue, 04 Mar 2025 09:00:00 GMT"},
    )


@pytest.fixture
def feeds(tmp_path: Path) -> Feeds:
    return Feeds(tmp_path / "state/feeds.json")


def refresh(feeds: Feeds, fetcher: Fetcher, seeds: Path) -> tuple[list[str], list[str]]:
    """The titles of new seeds, and what could not be had."""
    titles: list[str] = []
    problems: list[str] = []
    for done in feeds.refresh(seeds, fetcher, lambda seconds: None):
        titles += [read(seeds, path.relative_to(seeds).as_posix()).title for path in done.stored]
        problems += [str(problem) for problem in done.problems]
    return titles, problems


def test_a_feed_brings_its_new_entries_as_seeds(
    site: Site, fetcher: Fetcher, feeds: Feeds, tmp_path: Path
) -> None:
    seeds = tmp_path / "seeds"
    for number in range(4):
        site.pages[f"/haber/{number}"] = made_files.html()
    site.pages["/akis"] = rss(site, 3)
    assert feeds.add(site.url + "/akis", fetcher).title == "Gölyaka"
    assert refresh(feeds, fetcher, seeds) == (["Haber 2", "Haber 1", "Haber 0"], [])
    assert refresh(feeds, fetcher, seeds) == ([], [])
    assert site.headers[-1]["if-none-match"] == '"3"'
    for path in seeds.rglob("haber-1-*.md"):
        path.unlink()
    site.pages["/akis"] = rss(site, 4)
    assert refresh(feeds, fetcher, seeds) == (["Haber 3"], [])  # a deleted one stays deleted
    (only,) = seeds.rglob("haber-3-*.md")
    document = read(seeds, only.relative_to(seeds).as_posix())
    assert (document.date, document.url) == (date(2025, 3, 4), f"{site.url}/haber/3")
    assert document.source == f"Yerel Haber/{AUTHOR}" and THIRD in document.text
    feeds.remove(site.url + "/akis")
    assert feeds.all() == [] and len(list(seeds.rglob("*.md"))) == 3


def test_an_unchanged_feed_is_not_read_again(
    site: Site, fetcher: Fetcher, feeds: Feeds, tmp_path: Path
) -> None:
    site.pages["/akis"] = rss(site, 0)
    feeds.add(site.url + "/akis", fetcher)
    refresh(feeds, fetcher, tmp_path)
    site.pages["/akis"] = Reply(status=304, kind="")
    assert refresh(feeds, fetcher, tmp_path) == ([], [])
    assert feeds.all()[0].checked


def test_an_entry_whose_page_fails_is_told_and_given_up_after_a_few_times(
    site: Site, fetcher: Fetcher, feeds: Feeds, tmp_path: Path
) -> None:
    site.pages["/akis"] = rss(site, 1)
    feeds.add(site.url + "/akis", fetcher)
    for _ in range(MOST_TRIES):
        titles, problems = refresh(feeds, fetcher, tmp_path)
        assert titles == [] and "answered 404" in problems[0]
    assert refresh(feeds, fetcher, tmp_path) == ([], [])


def test_the_feeds_own_text_serves_where_the_page_may_not_be_fetched(
    site: Site, fetcher: Fetcher, feeds: Feeds, tmp_path: Path
) -> None:
    site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /haber", "text/plain")
    site.pages["/akis"] = rss(site, 1, f"{FIRST}</p><p>{SECOND} {THIRD}")
    feeds.add(site.url + "/akis", fetcher)
    assert refresh(feeds, fetcher, tmp_path) == (["Haber 0"], [])
    (path,) = tmp_path.rglob("haber-0-*.md")
    assert f"{FIRST}\n\n{SECOND}" in path.read_text(encoding="utf-8")


def test_a_feeds_links_into_a_private_network_are_refused(
    site: Site, hidden: Site, fetcher: Fetcher, feeds: Feeds, tmp_path: Path
) -> None:
    hidden.pages["/haber/0"] = made_files.html()
    reply = rss(hidden, 1)
    site.pages["/akis"] = reply
    feeds.add(site.url + "/akis", fetcher)
    titles, problems = refresh(feeds, fetcher, tmp_path)
    assert titles == [] and "private network" in problems[0]
    assert hidden.asked == []


def test_feeds_that_are_none(site: Site, fetcher: Fetcher, feeds: Feeds) -> None:
    site.pages["/sayfa"] = made_files.html()
    with pytest.raises(WebError, match="no RSS or Atom feed"):
        feeds.add(site.url + "/sayfa", fetcher)
    assert feeds.all() == []
    site.pages["/akis"] = rss(site, 1)
    feeds.add(site.url + "/akis", fetcher)
    with pytest.raises(WebError, match="followed already"):
        feeds.add(site.url + "/akis", fetcher)
    with pytest.raises(WebError, match="not followed"):
        feeds.remove("https://example.org/akis")


def test_entities_of_a_feed_are_not_unfolded(site: Site, fetcher: Fetcher, feeds: Feeds) -> None:
    named = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise("abcdefghi"))
    feed = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "haha">{named}]>'
        '<rss version="2.0"><channel><title>&i;</title></channel></rss>'
    )
    site.pages["/akis"] = Reply(feed.encode(), "text/xml")
    assert "haha" not in feeds.add(site.url + "/akis", fetcher).title


def test_atom_with_a_relative_link(
    site: Site, fetcher: Fetcher, feeds: Feeds, tmp_path: Path
) -> None:
    site.pages["/b/haber"] = made_files.html()
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Atom</title><entry><id>1</id>'
        '<title>Iğdır</title><link href="haber"/><updated>2025-03-04T09:00:00Z</updated></entry>'
        "</feed>"
    )
    site.pages["/b/akis"] = Reply(atom.encode(), "application/atom+xml")
    feeds.add(site.url + "/b/akis", fetcher)
    assert refresh(feeds, fetcher, tmp_path) == (["Iğdır"], [])


def test_a_damaged_list_of_feeds_is_told(tmp_path: Path) -> None:
    (tmp_path / "feeds.json").write_text("[{")
    with pytest.raises(WebError, match="cannot be read"):
        Feeds(tmp_path / "feeds.json").all()


# -- servers that are none -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pieces", "pause"),
    [
        ([b"X"] * 3_000, 0.05),
        ([b"HTTP/1.1 200 OK\r\n", *([b"X-A: " + b"a" * 1_000 + b"\r\n"] * 3_000)], 0.0),
        ([b"\x00\xff" * 100], 0.0),
        ([], 0.0),
        ([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n"], 0.0),
        ([b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\nabc"], 0.0),
    ],
    ids=["dripping", "endless-headers", "garbage", "silent", "bad-chunk", "cut-off"],
)
def test_a_server_that_misbehaves_is_told_in_time(
    fetcher: Fetcher, pieces: list[bytes], pause: float
) -> None:
    def serve() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.recv(9_999)
                for piece in pieces:
                    connection.sendall(piece)
                    time.sleep(pause)

    fetcher.max_seconds = 1.0
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=serve)
        serving.start()
        refused = refusal(fetcher, f"http://127.0.0.1:{listener.getsockname()[1]}/")
        assert "could not be fetched" in refused
        serving.join()


@pytest.mark.parametrize(
    "title", ["C # nedir", '"Tırnaklı" başlık', "> ok", ">-", "Deneme #1", "'Bir' sözün # yeri"]
)
def test_a_title_is_read_from_the_seed_as_the_page_has_it(title: str) -> None:
    seed = seed_text("https://example.org/a", Extract("Bir tümce var.", title=title))
    assert markdown_header(seed).title == title
