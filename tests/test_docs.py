"""The documentation is true: its commands run, its names exist, its links lead somewhere.

Blocks marked `console` are run, page by page, over a few of the shipped seeds; what they show is
compared, `…` standing for anything. Commands in `sh` blocks and in running text are read only.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import _parser
from bot.settings import Settings
from index.general_questions import general_questions

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "questions/README.md"]
SEEDS = ("kardes-sehir", "izmir/saat-kulesi.txt")
TURKISH = ("README.md", "hizli-baslangic.md", "seeds.md")

# Names in capitals that are no settings of Danış.
ELSEWHERE = {
    "SLIM",
    "PYTHON",
    "ARGS",
    "PAGER",
    "NO_COLOR",
    "LESS",
    "HTTPS_PROXY",
    "TERM",
    "END",
    "HTTP_PROXY",
    "HF_HOME",
    "POSTGRES_PASSWORD",
    "TEXT_RULES_VERSION",
}

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_ASSIGNED = re.compile(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)=")
_SETTING = re.compile(r"^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?=$|=|/)")


@dataclass(frozen=True)
class Step:
    """A command of a `console` block and the output that the page shows for it."""

    command: str
    shown: str


def blocks(page: Path, *kinds: str) -> Iterator[str]:
    for match in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if match.group(1) in kinds:
            yield match.group(2)


def steps(block: str) -> list[Step]:
    """The commands of a block; lines up to a here-document's end belong to its command."""
    found: list[tuple[str, list[str]]] = []
    end = ""
    for line in block.splitlines():
        if end:
            command, shown = found[-1]
            found[-1] = f"{command}\n{line}", shown
            end = "" if line == end else end
        elif line.startswith("$ "):
            found.append((line[2:], []))
            here = re.search(r"<<'?(\w+)'?", line)
            end = here.group(1) if here else ""
        else:
            found[-1][1].append(line)
    return [Step(command, "\n".join(shown)) for command, shown in found]


def matches(shown: str, said: str) -> bool:
    """Whether a page shows what was said: `…` is anything on its line, alone any lines."""
    parts = []
    for line in shown.strip().splitlines():
        if line.strip() == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            words = [re.escape(" ".join(part.split())) for part in line.split("…")]
            parts.append(r"[^\n]*".join(words) + r"\n")
    flat = "".join(" ".join(line.split()) + "\n" for line in said.strip().splitlines())
    return re.fullmatch("".join(parts), flat) is not None


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as after `make setup`, with a few seeds and their index."""
    folder = tmp_path_factory.mktemp("docs") / "danis"
    for name in SEEDS:
        source, target = ROOT / "seeds" / name, folder / "seeds" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
    shutil.copytree(ROOT / "questions", folder / "questions")
    shutil.copy(ROOT / ".env.example", folder)
    command = folder / "bin" / "danis"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m bot "$@"\n')
    command.chmod(0o755)
    built = run("danis index", folder, "tr")
    assert built.returncode == 0, built.stdout
    return folder


def run(command: str, folder: Path, language: str) -> subprocess.CompletedProcess[str]:
    settings = {name.upper() for name in Settings.model_fields}
    environment = {name: value for name, value in os.environ.items() if name not in settings}
    environment |= {
        "PATH": f"{folder / 'bin'}:{environment.get('PATH', '')}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "DANIS_LANG": language,
    }
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(blocks(page, "console"))], ids=lambda page: page.name
)
def test_commands_of_a_page_do_what_it_shows(page: Path, workspace: Path, tmp_path: Path) -> None:
    folder = tmp_path / "danis"
    shutil.copytree(workspace, folder)
    language = "tr" if page.name in TURKISH else "en"
    for block in blocks(page, "console"):
        assert block.startswith("$ ")
        for step in steps(block):
            done = run(step.command, folder, language)
            assert done.returncode == 0, f"{step.command}\n{done.stdout}"
            if step.shown:
                assert matches(step.shown, done.stdout), f"{step.command}\n{done.stdout}"


def test_shown_output_is_compared_not_waved_through() -> None:
    said = "one 1\ntwo   2\nthree\n"
    assert matches("one 1\n…", said)
    assert matches("one …\n…\nthree", said)
    assert matches("…\ntwo 2\n…", said)
    assert not matches("one 1", said)
    assert not matches("one 2\n…", said)
    assert not matches("…\nfour\n…", said)


def commands_in(page: Path) -> Iterator[list[str]]:
    """Every `danis …` and `make …` of a page's blocks and running text, split into words."""
    text = page.read_text(encoding="utf-8")
    lines = [line for block in blocks(page, "console", "sh", "ini") for line in block.splitlines()]
    for code in (*lines, *_CODE.findall(_BLOCK.sub("", text))):
        for part in re.split(r"[|;&]+|\s#\s", code):
            words = part.replace('"', " ").replace("'", " ").split()
            for place, word in enumerate(words):
                name = word.removeprefix("ExecStart=").rpartition("/")[2]
                before = words[:place]
                leading = all("=" in w or w in ("$", "sudo", "-u", "danis") for w in before)
                if name in ("danis", "make") and leading and words[place + 1 :]:
                    if before[-1:] == ["-u"]:
                        continue
                    yield [name, *words[place + 1 :]]
                    break


def options_of(parser: argparse.ArgumentParser) -> set[str]:
    return {option for action in parser._actions for option in action.option_strings}


def subcommands(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def complaint(words: list[str]) -> str:
    """What does not exist in a command, "" where all does."""
    name, *rest = words
    if name == "make":
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
        wanted = {word for word in rest if re.fullmatch(r"[a-z]+", word)}
        return ", ".join(sorted(wanted - targets))
    parser = _parser()
    while rest and (inner := subcommands(parser)):
        if rest[0] in ("--help", "-h", "…"):
            return ""
        if rest[0] not in inner:
            return rest[0]
        parser = inner[rest.pop(0)]
    unknown = {
        word
        for word in (each.partition("=")[0].rstrip(",.:") for each in rest)
        if re.fullmatch(r"-[a-z]|--[a-z-]+", word)
    } - options_of(parser)
    return ", ".join(sorted(unknown))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_and_options_exist(page: Path) -> None:
    wrong = [(" ".join(words), what) for words in commands_in(page) if (what := complaint(words))]
    assert not wrong


def test_a_command_that_does_not_exist_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`danis fly`, `danis ask --loud x`, `danis ask -k 3 x`\n\n```sh\n"
        "sudo -u danis .venv/bin/danis index --rebuild --fast\nmake tea SLIM=1  # no danis\n```\n"
    )
    wrong = [complaint(words) for words in commands_in(page)]
    assert [what for what in wrong if what] == ["--fast", "tea", "fly", "--loud"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_settings_exist(page: Path) -> None:
    known = {name.upper() for name in Settings.model_fields} | ELSEWHERE
    text = page.read_text(encoding="utf-8")
    named = {m.group() for code in _CODE.findall(text) if (m := _SETTING.match(code))}
    for block in blocks(page, "console", "sh"):
        named |= set(_ASSIGNED.findall(block))
    assert not named - known


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", _BLOCK.sub("", page.read_text("utf-8")), re.MULTILINE):
        kept = (c for c in heading.lower() if c in " -_" or unicodedata.category(c)[0] in "LNM")
        found.add("".join(kept).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(_BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if re.match(r"\w+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_stands_in_the_index() -> None:
    listed = set(_LINK.findall((ROOT / "docs" / "README.md").read_text(encoding="utf-8")))
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


def test_every_module_stands_in_the_architecture() -> None:
    named = set(re.findall(r"[\w/]+", (ROOT / "docs" / "architecture.md").read_text("utf-8")))
    modules = {
        path.stem
        for folder in ("index", "index/milvus", "index/web", "bot", "bot/handlers")
        for path in (ROOT / folder).glob("*.py")
        if not path.stem.startswith("__")
    }
    assert not modules - named


def test_figures_of_the_ranking_page_are_those_of_its_lists() -> None:
    page = (ROOT / "docs" / "retrieval.md").read_text(encoding="utf-8")
    listed = (ROOT / "index" / "synonyms.txt").read_text(encoding="utf-8").splitlines()
    groups = sum(bool(line.partition("#")[0].strip()) for line in listed)
    assert re.findall(r"`index/synonyms.txt`, (\d+) groups", page) == [str(groups)]
    languages = re.findall(r"one of (\d+) \(of|general questions of (\d+) languages", page)
    assert {one or other for one, other in languages} == {str(len(general_questions()))}


def test_the_document_that_the_quick_start_opens_is_one() -> None:
    page = (ROOT / "docs" / "quickstart.md").read_text(encoding="utf-8")
    names = [name for name in re.findall(r"`/source (\S+)`", page) if not name.isdecimal()]
    paths = [path.as_posix() for path in (ROOT / "seeds").rglob("*.*")]
    assert [sum(name in path for path in paths) for name in names] == [1]
