"""`danis models`: lists, fetches and compares models."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bot.exit_codes import ANSWERED
from bot.render import printable, table
from bot.settings import load_settings
from bot.words import say
from index.known_models import KNOWN, KnownModel, known


def models(options: argparse.Namespace) -> int:
    """Lists what is known, or does what the sub-command says."""
    return {"fetch": _fetch, "compare": _compare, None: _list}[options.action](options)


def _list(options: argparse.Namespace) -> int:
    settings = load_settings()
    language = settings.language
    if options.json:
        rows = [{**asdict(model), "here": _here(model)} for model in KNOWN]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return ANSWERED
    header = say("model_columns", language).split("|")
    used = (settings.embedding_model, settings.reranker_model)
    print(table([header, *(_row(model, used, language) for model in KNOWN)]))
    others = [name for name in used if name and known(name) is None]
    if others:
        print(say("models_in_use", language, names=", ".join(map(printable, others))))
    print("\n" + say("models_source", language))
    return ANSWERED


def _row(model: KnownModel, used: tuple[str, ...], language: str) -> list[str]:
    state = "●" if model.name in used else "✓" if _here(model) else ""
    notes = [model.note(language)]
    if model.needs_code:
        notes.append(say("needs_code", language))
    if model.gated:
        notes.append(say("gated", language))
    if model.reranks:
        notes.insert(0, say("reranks", language))
    return [
        state,
        model.name,
        f"{model.parameters} M",
        f"{model.megabytes} MB" if model.megabytes else "–",
        str(model.dimensions or "–"),
        model.licence,
        f"{model.mteb:.1f}" if model.mteb else "–",
        "; ".join(note for note in notes if note),
    ]


def _here(model: KnownModel) -> bool:
    from index.local_models import folder_of

    if model.name == "bundled":
        return True
    try:
        return folder_of(model.name) is not None
    except ImportError:  # without sentence-transformers there is no cache either
        return False


def _fetch(options: argparse.Namespace) -> int:
    from bot.fetching import fetch

    language = load_settings().language

    def tell(files: int, size: int) -> None:
        text = say("fetching", language, name=options.name, files=files, megabytes=size / 1e6)
        print(text, file=sys.stderr)

    fetch(options.name, tell)
    model = known(options.name)
    reranks = model is not None and model.reranks
    print(say("fetched_reranker" if reranks else "fetched", language, name=options.name))
    return ANSWERED


def _compare(options: argparse.Namespace) -> int:
    from bot.model_comparison import compare, comparison_json, comparison_text

    settings = load_settings()

    def tell(model: str) -> None:
        print(say("comparing", settings.language, model=model), file=sys.stderr)

    trials = compare(settings, (options.first, options.second), Path(options.questions), tell)
    language = settings.language
    print(comparison_json(trials) if options.json else comparison_text(trials, language))
    return ANSWERED
