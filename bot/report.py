"""`danis report`: an evaluation as one page that needs nothing from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from importlib.resources import files

from bot.evaluation import labelled
from bot.render import printable
from bot.report_plots import histogram, reliability_plot
from index.answer import Verdict
from index.confidence import BANDS
from index.evaluate import Outcome, Retrieved, scores_of
from index.reliability import bins_of, brier, calibration_error, interval, rightness

WORST = 20  # questions that are shown in full
EXCERPT = 700  # characters of a passage

Words = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Setting:
    """What was measured: the file's name, the index, and how cautious the answers were."""

    file: str
    index: str
    caution: str
    language: str
    made: datetime


def page(outcomes: Sequence[Outcome], setting: Setting) -> str:
    """The whole page as HTML."""
    turkish = setting.language == "tr"
    w: Words = lambda tr, en: tr if turkish else en  # noqa: E731
    title = w("Danış: değerlendirme", "Danış: evaluation")
    style = files("bot").joinpath("report.css").read_text(encoding="utf-8")
    # The policy forbids every request, whatever a seed might hold.
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    about = " · ".join(
        text(part)
        for part in (
            setting.file,
            setting.index,
            f"CAUTION={setting.caution}",
            f"{setting.made:%Y-%m-%d %H:%M}",
        )
        if part
    )
    sections = [_figures, _verdicts, _kinds, _confidence, _worst]
    body = "\n".join(section(outcomes, setting, w) for section in sections)
    return f"""<!doctype html>
<html lang="{w("tr", "en")}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<h1>{title}</h1>
<p class="about">{about}</p>
{body}
</body>
</html>
"""


def text(foreign: str) -> str:
    """Foreign text for HTML: nothing in it is markup, steers a line or hides."""
    return escape(printable(foreign))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers_from: int = 1) -> str:
    def cells(row: Sequence[str], tag: str) -> str:
        kinds = (' class="number"' if place >= numbers_from else "" for place in range(len(row)))
        return "".join(
            f"<{tag}{kind}>{cell}</{tag}>" for kind, cell in zip(kinds, row, strict=True)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{cells(header, "th")}</tr>{body}</table></div>'


def _figures(outcomes: Sequence[Outcome], setting: Setting, w: Words) -> str:
    scores = scores_of(outcomes)
    answerable = [o for o in outcomes if o.case.source is not None]
    counts = {
        "R@1": len(answerable),
        "R@5": len(answerable),
        w("verilen yanlış yanıt", "wrong answers given"): len(outcomes) - len(answerable),
    }
    shares = {
        "R@1": scores.recall_at_1,
        "R@5": scores.recall_at_5,
        w("verilen yanlış yanıt", "wrong answers given"): scores.wrong_answers_given,
    }
    rows = [
        (text(label.strip()), value, _spread(shares.get(label, math.nan), counts.get(label, 0)))
        for label, value in labelled(scores, setting.language)
    ]
    bins = bins_of(outcomes)
    rows += [
        (w("güven hatası (ECE)", "calibration error (ECE)"), f"{calibration_error(bins):.4f}", ""),
        (w("Brier puanı", "Brier score"), f"{brier(outcomes):.4f}", ""),
    ]
    header = ("", w("değer", "value"), w("%95 aralığı", "95 % interval"))
    return f"<h2>{w('Sayılar', 'Figures')}</h2>{_table(header, rows)}"


def _spread(share: float, count: int) -> str:
    low, high = interval(share, count)
    return "" if math.isnan(low) else f"{low:.3f} … {high:.3f}"


def _verdicts(outcomes: Sequence[Outcome], setting: Setting, w: Words) -> str:
    groups = (
        (
            w("yanıtı var, doğru parça ilk sırada", "answerable, right passage first"),
            lambda o: o.case.source is not None and rightness(o) > 0.5,
        ),
        (
            w("yanıtı var, başka parça ilk sırada", "answerable, another passage first"),
            lambda o: o.case.source is not None and rightness(o) <= 0.5,
        ),
        (w("kaynaklarda yok", "not in the sources"), lambda o: o.case.source is None),
    )
    verdicts = (Verdict.ANSWERED, Verdict.UNSURE, Verdict.REFUSED)
    rows = []
    for name, belongs in groups:
        inside = [o for o in outcomes if belongs(o)]
        rows.append((name, *(str(sum(o.verdict is v for o in inside)) for v in verdicts)))
    header = (w("soru", "question"), *(_verdict(verdict, w) for verdict in verdicts))
    return f"<h2>{w('Kararlar', 'Verdicts')}</h2>{_table(header, rows)}"


def _verdict(verdict: Verdict, w: Words) -> str:
    return {
        Verdict.ANSWERED: w("yanıtlandı", "answered"),
        Verdict.UNSURE: w("çekinceyle yanıtlandı", "answered with a caveat"),
        Verdict.REFUSED: w("geri çevrildi", "refused"),
    }[verdict]


def _kinds(outcomes: Sequence[Outcome], setting: Setting, w: Words) -> str:
    kinds = sorted({o.case.kind for o in outcomes})
    if len(kinds) < 2:
        return ""
    rows = []
    for kind in kinds:
        inside = [o for o in outcomes if o.case.kind == kind]
        scores = scores_of(inside)
        rows.append(
            (
                text(kind or "–"),
                str(scores.questions),
                _share(scores.recall_at_1),
                _share(scores.ndcg_at_10),
                _share(scores.sentence_hit),
                _share(scores.right_answers_withheld),
                _share(scores.wrong_answers_given),
            )
        )
    header = (
        w("tür", "kind"),
        w("soru", "questions"),
        "R@1",
        "nDCG@10",
        w("tümce doğru", "sentence right"),
        w("esirgenen", "withheld"),
        w("yanlış yanıt", "wrong given"),
    )
    return f"<h2>{w('Türlere göre', 'By kind')}</h2>{_table(header, rows)}"


def _share(value: float) -> str:
    return "–" if math.isnan(value) else f"{value:.3f}"


def _confidence(outcomes: Sequence[Outcome], setting: Setting, w: Words) -> str:
    bins = bins_of(outcomes)
    answered, unsure = BANDS[setting.caution]
    thresholds = (
        (unsure, w("buradan çekinceyle", "from here with a caveat")),
        (answered, w("buradan yanıt", "from here answered")),
    )
    confidence = w("güven", "confidence")
    series = w("yanıtı var", "answerable"), w("kaynaklarda yok", "not in the sources")
    plots = [
        reliability_plot(
            bins,
            thresholds,
            (
                w("Güven tutuyor mu?", "Does the confidence hold?"),
                confidence,
                w("ilk parçanın doğru olduğu pay", "share whose first passage is right"),
            ),
        ),
        histogram(
            bins,
            (
                w("Güven nasıl dağılıyor?", "How is the confidence spread?"),
                confidence,
                w("soru sayısı", "questions"),
            ),
            series,
        ),
    ]
    rows = [
        (f"{b.low:.1f}–{b.high:.1f}", str(b.answerable), str(b.absent), _share(b.share))
        for b in bins
        if b.count
    ]
    header = (confidence, *series, w("doğru payı", "share right"))
    return f"""<h2>{w("Güven", "Confidence")}</h2>
<p class="note">{
        w(
            "Kesik çizgi kusursuz güveni gösterir: %80 güvenle verilen yanıtların %80'i doğru "
            "olmalı. "
            "Noktanın büyüklüğü soru sayısını, dikey çizgi %95 aralığını gösterir.",
            "The dashed line is perfect confidence: of answers given at 80 %, 80 % should be "
            "right. "
            "A dot's size shows how many questions, its vertical line the 95 % interval.",
        )
    }</p>
<div class="plots">{"".join(plots)}</div>
<p class="note"><span class="key answerable"></span>{series[0]}<span class="key absent"></span>{
        series[1]
    }</p>
<details><summary>{w("Tablo olarak", "As a table")}</summary><div class="inside">{
        _table(header, rows)
    }</div></details>"""


def worst_of(outcomes: Sequence[Outcome], count: int = WORST) -> list[Outcome]:
    """The cases whose confidence was furthest from what it should have been, worst first."""
    gap = {id(o): abs(o.confidence - rightness(o)) for o in outcomes}
    wrong = [o for o in outcomes if gap[id(o)] >= 0.5 or o.sentence_hit is False]
    return sorted(wrong, key=lambda o: -gap[id(o)])[:count]


def _worst(outcomes: Sequence[Outcome], setting: Setting, w: Words) -> str:
    worst = worst_of(outcomes)
    head = f"<h2>{w('En kötü sorular', 'Worst questions')}</h2>"
    if not worst:
        return head + f"<p>{w('Yanlış giden soru yok.', 'No question went wrong.')}</p>"
    note = w(
        "Güveni gerçek durumdan en uzak olanlar; en kötüsü önce. Açınca ne bulunduğu görünür.",
        "Those whose confidence was furthest from being right, worst first. Open one to see what "
        "was retrieved.",
    )
    return head + f'<p class="note">{note}</p>' + "\n".join(_case(o, w) for o in worst)


def _case(outcome: Outcome, w: Words) -> str:
    case = outcome.case
    if case.source is None:
        expected = w("kaynaklarda yok", "not in the sources")
    else:
        expected = " · ".join(part for part in (case.source, case.answer) if part)
    said = [_verdict(outcome.verdict, w), f"{w('güven', 'confidence')} {outcome.confidence:.2f}"]
    said += [case.kind] if case.kind else []
    found = "\n".join(_retrieved(each, case.answer, w) for each in outcome.retrieved)
    return f"""<details><summary>{text(case.question)}
<span class="note">{text(" · ".join(said))}</span></summary><div class="inside">
<p>{w("Beklenen", "Expected")}: {text(expected)}</p>
{found or w("Bir şey bulunmadı.", "Nothing was found.")}</div></details>"""


def _retrieved(found: Retrieved, answer: str, w: Words) -> str:
    right = w(" · doğru parça", " · the right passage") if found.right else ""
    kind = "found right" if found.right else "found"
    return (
        f'<div class="{kind}"><span class="note">{text(found.path)} · {found.score:.3f}{right}'
        f"</span><p>{_marked(found.text, answer)}</p></div>"
    )


def _marked(passage: str, answer: str) -> str:
    shown = passage[:EXCERPT] + (" …" if len(passage) > EXCERPT else "")
    if not answer:
        return text(shown)
    return f"<mark>{text(answer)}</mark>".join(map(text, shown.split(answer)))
