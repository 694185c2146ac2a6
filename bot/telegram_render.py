"""Answers, passages and lists as Telegram messages: pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlsplit

from bot.messages import (
    MOST_UNITS,
    Block,
    Mark,
    Message,
    clean,
    compose,
    emphasised,
    fit,
    shorten,
    units,
    visible,
)
from bot.shelf import shown
from bot.words import say
from index.answer import Answer, Citation, PassageView, Verdict
from index.passages import sentence_spans

SNIPPET = 300  # code points of a passage in a list
LONGEST_TITLE = 120
LONGEST_HEADING = 60
TYPO = "typo"  # the kind of repair that guesses


def answer_messages(answer: Answer) -> list[Message]:
    """An answer: its quoted paragraph with the answering sentences in bold, then citations."""
    numbers = {citation.key: citation.number for citation in shown(answer)}
    blocks: list[Block] = []
    for part in answer.parts:
        blocks.append(emphasised(shorten(part.question, SNIPPET), "italic"))
        blocks += _blocks(part, numbers)
    messages = compose(blocks or _blocks(answer, numbers))
    return messages or compose([Block(say("refused", answer.language))])


def _blocks(answer: Answer, numbers: dict[str, int]) -> list[Block]:
    language = answer.language
    blocks = []
    match answer.verdict:
        case Verdict.REFUSED:
            blocks.append(Block(say("refused", language)))
        case Verdict.TALK | Verdict.LISTING:
            text = clean(answer.text).strip()
            lines = tuple(at + 1 for at, letter in enumerate(text) if letter == "\n")
            blocks.append(Block(text, cuts=lines))
        case Verdict.UNSURE:
            blocks.append(emphasised(_caveat(answer), "italic"))
    if answer.disagreement:
        blocks.append(emphasised(say("disagree", language), "italic"))
    cited = [replace(citation, number=numbers[citation.key]) for citation in answer.citations]
    if answer.verdict is Verdict.LISTING:
        return blocks + _excerpts(cited, language)
    quoted = cited[: 2 if answer.disagreement else 1]
    if answer.written is not None and answer.written.sentences:
        blocks.append(_written_block(answer, numbers))
        blocks.append(emphasised(say("written_from", language), "italic"))
        resting = [c.key for c in answer.citations if c.number in answer.written.cited]
        quoted = [citation for citation in cited if citation.key in resting]
    blocks += [quote_block(citation, brief=answer.brief) for citation in quoted]
    blocks += _together(reference_block(citation, language) for citation in cited)
    return blocks + _read_as(answer)


def _written_block(answer: Answer, numbers: dict[str, int]) -> Block:
    """What a language model wrote; where a message held several questions, renumbered as shown."""
    shown_as = {citation.number: numbers[citation.key] for citation in answer.citations}
    text, cuts = "", []
    for sentence in answer.written.sentences if answer.written else ():
        if text:
            text += " "
            cuts.append(len(text))
        marks = "".join(f"[{shown_as[number]}]" for number in sentence.citations)
        text += f"{clean(sentence.text)} {marks}"
    return Block(text, cuts=tuple(cuts))


def _caveat(answer: Answer) -> str:
    reasons = shorten("; ".join(answer.reasons), SNIPPET)
    if not reasons:
        return say("unsure", answer.language)
    return say("unsure_because", answer.language, reasons=reasons)


def _read_as(answer: Answer) -> list[Block]:
    """Which words were guessed to be mistyped; restored Turkish letters go without saying."""
    pairs = [f"{each.original} → {each.repaired}" for each in answer.repairs if each.kind == TYPO]
    if not pairs:
        return []
    words = shorten(", ".join(pairs), SNIPPET)
    return [emphasised(say("read_as", answer.language, words=words), "italic")]


def _together(lines: Iterable[Block]) -> list[Block]:
    return [replace(line, gap="\n") if place else line for place, line in enumerate(lines)]


def _excerpts(citations: Iterable[Citation], language: str) -> list[Block]:
    """Passages, each shortened, with its reference line below."""
    blocks = []
    for citation in citations:
        blocks.append(Block(shorten(citation.quote, SNIPPET)))
        blocks.append(replace(reference_block(citation, language), gap="\n"))
    return blocks


def quote_block(citation: Citation, *, brief: bool = False) -> Block:
    """The whole passage, the answering sentences in bold, its number at the end.

    A brief one is only its sentences.
    """
    if brief and citation.highlights:
        sentences = clean(" … ".join(text.strip() for text in citation.highlighted))
        return Block(f"{sentences} [{citation.number}]", (Mark(0, len(sentences), "bold"),))
    quote = clean(citation.quote)
    marks = []
    for span in citation.highlights:
        start, end = span.start - citation.start, span.end - citation.start
        while start < end and quote[start].isspace():
            start += 1
        while end > start and quote[end - 1].isspace():
            end -= 1
        if start < end:
            marks.append(Mark(start, end, "bold"))
    cuts = tuple(span.start for span in sentence_spans(citation.quote) if span.start)
    return Block(f"{quote.rstrip()} [{citation.number}]", tuple(marks), cuts)


def reference_block(citation: Citation, language: str) -> Block:
    """One line: [1] title · date · heading · page, or paragraph where there are no pages."""
    head = f"[{citation.number}] "
    title = shorten(citation.title or citation.path, LONGEST_TITLE)
    parts = [title]
    if citation.date:
        parts.append(citation.date.isoformat())
    if citation.headings:
        parts.append(shorten(citation.headings[-1], LONGEST_HEADING))
    if citation.page:
        parts.append(say("page", language, number=citation.page))
    else:
        parts.append(say("paragraph", language, number=citation.paragraph))
    if citation.also:
        parts.append(say("also", language, names=shorten(citation.also_named, LONGEST_TITLE)))
    link = Mark(len(head), len(head) + len(title), "text_link", citation.url)
    return Block(head + " · ".join(parts), (link,) if _usable(citation.url) else ())


def _usable(url: str) -> bool:
    """Whether Telegram would take the address of a link; it drops others in silence."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("http", "https") and "." in host.strip(".") and url.isascii()


def list_message(title: str, citations: Iterable[Citation], language: str) -> Message:
    """A titled list of passages, each shortened, with its reference line below."""
    return compose([emphasised(say(title, language), "italic"), *_excerpts(citations, language)])[0]


def passage_message(view: PassageView, language: str) -> Message:
    """A whole passage between its neighbours, in one message: neighbours are shortened first."""
    reference = reference_block(view.citation, language)
    room = MOST_UNITS - units(reference.text) - 20
    quote = fit(quote_block(view.citation), room)
    around = (room - units(quote.text)) // 4  # code points for each neighbour, two units at most
    blocks = [quote, reference]
    if around > SNIPPET // 10:
        before, after = _end(view.before, around), shorten(view.after, around)
        blocks = [emphasised(before, "italic"), quote, emphasised(after, "italic"), reference]
    return compose(block for block in blocks if visible(block.text))[0]


def _end(text: str, longest: int) -> str:
    """The last words of a text, as one line of at most `longest` code points."""
    line = " ".join(clean(text).split())
    if len(line) <= longest:
        return line
    return "…" + line[line.find(" ", len(line) - longest) + 1 :]
