"""`danis report`: one page that asks nothing of the network and trusts no text it shows."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot.cli import main
from bot.report import Setting, page, worst_of
from index.answer import Verdict
from index.evaluate import Outcome, Retrieved
from index.questions_file import Case
from index.reliability import bins_of, brier, calibration_error, interval

HOSTILE = "<script>alert(1)</script>\u202e\x1b\" onload='x' &amp;"
SETTING = Setting("sorular.jsonl", "bundled", "normal", "tr", datetime(2026, 1, 2, 3, 4))


def outcome(confidence: float, right: bool | None, question: str = "Kim?") -> Outcome:
    """A case: answered rightly, answered with another passage, or (None) absent."""
    found = Retrieved("izmir/kule.txt", "Kule 1901'de dikildi.", 0.5, bool(right))
    return Outcome(
        Case(question, None if right is None else "izmir/kule.txt", "1901" if right else ""),
        confidence,
        Verdict.ANSWERED if confidence > 0.85 else Verdict.REFUSED,
        () if right is None else (float(right), *[0.0] * 9),
        None,
        0.01,
        retrieved=(found,),
    )


def test_a_sure_confidence_that_is_always_right_has_no_error() -> None:
    bins = bins_of([outcome(1.0, True), outcome(0.0, None)])
    assert calibration_error(bins) == 0
    assert [each.count for each in bins] == [1, *[0] * 8, 1]


def test_errors_of_confidence_are_counted_by_hand() -> None:
    outcomes = [outcome(0.85, True), outcome(0.85, None), outcome(0.25, False)]
    bins = bins_of(outcomes)
    assert bins[8].share == 0.5
    assert calibration_error(bins) == pytest.approx((2 * 0.35 + 1 * 0.25) / 3)
    assert brier(outcomes) == pytest.approx((0.15**2 + 0.85**2 + 0.25**2) / 3)


def test_interval_of_a_share() -> None:
    assert interval(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    assert interval(1.0, 5)[1] == 1.0


def test_worst_are_those_whose_confidence_is_furthest_off() -> None:
    fine, sure, doubtful = outcome(0.9, True), outcome(0.99, None), outcome(0.3, True)
    assert worst_of([fine, doubtful, sure]) == [sure, doubtful]


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)


def test_foreign_text_is_never_markup() -> None:
    case = Case(HOSTILE, HOSTILE, HOSTILE, kind=HOSTILE)
    found = Retrieved(HOSTILE, f"önce {HOSTILE} sonra", 0.5, True)
    hostile = Outcome(
        case, 0.01, Verdict.REFUSED, (1.0, *[0.0] * 9), False, 0.01, retrieved=(found,)
    )
    setting = Setting(HOSTILE, HOSTILE, "normal", "en", SETTING.made)
    made = page([hostile, outcome(0.9, True)], setting)
    tags = _Tags()
    tags.feed(made)
    assert tags.open == []
    assert "script" not in tags.seen
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert "\u202e" not in made
    assert "\x1b" not in made
    assert "<mark>&lt;script&gt;" in made


def test_the_page_asks_nothing_of_the_network() -> None:
    made = page([outcome(0.9, True), outcome(0.95, None)], SETTING)
    assert "default-src 'none'" in made
    assert not re.search(r"https?://|url\(|@import|\ssrc=|\shref=", made)


def test_empty_kinds_of_cases_leave_gaps_not_errors() -> None:
    for outcomes in ([outcome(0.9, None)], [outcome(0.2, True)]):
        assert not re.search(r"\bnan\b", page(outcomes, SETTING))


def test_report_measures_the_index_and_shows_what_was_retrieved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DANIS_LANG", "tr")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "kule.txt").write_text("Kule 1901'de dikildi.\n", encoding="utf-8")
    cases = [
        {"question": "Kule ne zaman dikildi?", "source": "kule.txt", "answer": "1901"},
        {"question": "Kule ne zaman dikildi?", "source": None, "kind": "kaynaklarda yok"},
    ]
    lines = "\n".join(json.dumps(case) for case in cases)
    (tmp_path / "sorular.jsonl").write_text(lines, encoding="utf-8")
    assert main(["index"]) == 0
    assert main(["report", "sorular.jsonl", "-o", "sayfa.html"]) == 0
    assert capsys.readouterr().out == "sayfa.html\n"
    made = (tmp_path / "sayfa.html").read_text(encoding="utf-8")
    assert "Kule 1901&#x27;de dikildi." in made
    assert "sorular.jsonl · bundled" in made
    assert main(["report", "sorular.jsonl", "-o", "yok/sayfa.html"]) == 2
    assert "yok/sayfa.html yazılamıyor" in capsys.readouterr().err
