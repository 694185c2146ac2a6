"""Questions files: SQuAD JSON, and JSON lines of one's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import QuestionsFileError, reasons


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is right.

    `source` is the seed that answers it (None: not in the sources; "" where only the `answer` is
    known). `wrong_passages` are keys of passages that somebody complained of, where no more than
    that is known. `group` names what must be left out to make the question unanswerable, "" for
    nothing.
    """

    question: str
    source: str | None
    answer: str
    group: str = ""
    kind: str = ""
    wrong_passages: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether it is known what answers it."""
        return self.source is not None

    @property
    def absent(self) -> bool:
        """Whether it is known that nothing answers it."""
        return self.source is None and not self.wrong_passages


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph that a SQuAD file brings along, as the seed `path`."""

    path: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionsFile:
    """The cases of a file, and the paragraphs it brings along (none for JSON lines)."""

    cases: tuple[Case, ...]
    paragraphs: tuple[Paragraph, ...]


def read_questions(path: Path) -> QuestionsFile:
    """Reads a questions file of either kind.

    Raises:
        QuestionsFileError: the file cannot be read or is neither kind; says which line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        turkish, english = reasons(error)
        raise QuestionsFileError(
            f"{path} okunamıyor ({turkish}): UTF-8 bir SQuAD JSON ya da JSONL dosyası verin.",
            f"{path} cannot be read ({english}): give a SQuAD JSON or JSONL file in UTF-8.",
        ) from error
    try:
        whole = json.loads(text)
    except ValueError:
        whole = None
    if isinstance(whole, dict) and "data" in whole:
        return _squad(path, whole)
    return QuestionsFile(tuple(read_lines(text, str(path))), ())


def _squad(path: Path, whole: dict[str, Any]) -> QuestionsFile:
    cases: list[Case] = []
    paragraphs: list[Paragraph] = []
    try:
        for number, article in enumerate(whole["data"]):
            title = str(article.get("title", "")).replace("_", " ")
            for paragraph in article["paragraphs"]:
                name = f"{len(paragraphs):05}.md"
                paragraphs.append(Paragraph(name, title, paragraph["context"]))
                for qa in paragraph["qas"]:
                    answers = [answer["text"] for answer in qa.get("answers", ())]
                    absent = qa.get("is_impossible", False) or not answers
                    source = None if absent else name
                    answer = "" if absent else answers[0]
                    cases.append(Case(qa["question"], source, answer, group=f"article {number}"))
    except (KeyError, TypeError, AttributeError) as error:
        raise QuestionsFileError(
            f"{path} SQuAD biçiminde değil ({error} eksik): data → paragraphs → qas beklenir.",
            f"{path} is not in SQuAD format ({error} is missing): data → paragraphs → qas.",
        ) from error
    return QuestionsFile(tuple(cases), tuple(paragraphs))


def read_lines(text: str, path: str) -> Iterator[Case]:
    """The cases of JSON lines that stand in `path`.

    Raises:
        QuestionsFileError: a line is not a case, or there is none.
    """
    found = False
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            question = entry["question"]
            source, answer = entry.get("source"), entry.get("answer")
            wrong = () if source or answer else tuple(map(str, entry.get("not_passages") or ()))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise QuestionsFileError(
                f'{path}, {number}. satır: en az {{"question": …, "source": …}} olan bir JSON '
                f"nesnesi beklenir ({error}).",
                f"{path}, line {number}: expected a JSON object with at least "
                f'{{"question": …, "source": …}} ({error}).',
            ) from error
        found = True
        if entry.get("feedback") and not (source or answer or wrong):
            continue  # a complaint about a refusal, waiting for somebody to say what is right
        absent = source is None and answer is None
        yield Case(
            str(question),
            None if absent else str(source or ""),
            str(answer or ""),
            kind=str(entry.get("kind", "")),
            wrong_passages=wrong,
        )
    if not found:
        raise QuestionsFileError(
            f"{path} boş: her satıra bir soru yazın.", f"{path} is empty: write a question a line."
        )
