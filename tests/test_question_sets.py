"""The question sets that bring their own paragraphs along say what their README says of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

QUESTIONS = Path(__file__).resolve().parent.parent / "questions"
EVERYDAY = sorted((QUESTIONS / "everyday").glob("*.json"))
SETS = [QUESTIONS / "institutions.json", QUESTIONS / "reference.json", *EVERYDAY]


def test_there_are_as_many_everyday_folders_as_the_readme_says() -> None:
    assert f"{len(EVERYDAY)} folders" in (QUESTIONS / "README.md").read_text(encoding="utf-8")
    assert len(EVERYDAY) == 40


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
def test_each_answer_stands_where_it_is_said_to(path: Path) -> None:
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        for paragraph in article["paragraphs"]:
            for asked in paragraph["qas"]:
                assert asked.get("is_impossible", False) == (not asked["answers"])
                for answer in asked["answers"]:
                    stands = paragraph["context"][answer["answer_start"] :]
                    assert answer["text"] and stands.startswith(answer["text"])


@pytest.mark.parametrize("path", EVERYDAY, ids=lambda path: path.stem)
def test_each_everyday_paragraph_is_asked_four_questions_and_two_near_misses(path: Path) -> None:
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    assert len(articles) == 40
    for article in articles:
        assert len(article["paragraphs"]) == 4
        for paragraph in article["paragraphs"]:
            kinds = [asked["is_impossible"] for asked in paragraph["qas"]]
            assert kinds == [False] * 4 + [True] * 2
