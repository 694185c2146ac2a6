"""Checks settings, seeds, index and model; each finding names the command that mends it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from bot import live
from bot.settings import Settings
from bot.words import reason
from index.confidence import Calibration
from index.documents import scan
from index.errors import DanisError
from index.manifest import Manifest
from index.tuning import read_tuning
from index.written import Failure, WritingError

_PARAGRAPH = "İzmir, Kırgızistan'ın başkenti Bişkek ile kardeş şehirdir ve bu bağ eskidir. " * 5

if TYPE_CHECKING:
    from index.milvus.states import MilvusStates


@dataclass(frozen=True, slots=True)
class Finding:
    """What was looked at, whether it is well, and what is so; `mend` is what to do if not."""

    subject: str
    well: bool
    text: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """All findings, one after the other; an error in one check does not stop the next."""
    for subject, check in (
        ("seeds", _seeds),
        ("index", _index),
        ("freshness", _freshness),
        ("model", _model),
        ("refusal", _refusal),
        ("tuning", _tuning),
        ("reranker", _reranker),
        ("language model", _language_model),
        ("telegram", _telegram),
        ("memory", _memory),
    ):
        try:
            yield check(settings)
        except DanisError as error:
            yield Finding(subject, False, error.text(settings.language))


def _words(settings: Settings) -> Callable[[str, str], str]:
    return lambda turkish, english: turkish if settings.language == "tr" else english


def _seeds(settings: Settings) -> Finding:
    files, rejected = scan(settings.seeds_dir, settings.max_seed_bytes)
    w = _words(settings)
    text = w(
        f"{settings.seeds_dir}: {len(files)} dosya okunabilir, {len(rejected)} dosya dışarıda",
        f"{settings.seeds_dir}: {len(files)} files to read, {len(rejected)} left out",
    )
    reasons = "; ".join(entry.reason.text(settings.language) for entry in rejected[:3])
    return Finding(
        "seeds",
        bool(files),
        text + (f" ({reasons})" if reasons else ""),
        w(
            "klasöre .txt, .md, .pdf gibi dosyalar koyup `danis index` çalıştırın",
            "put files such as .txt, .md or .pdf into the folder and run `danis index`",
        )
        if not files
        else "",
    )


def _index(settings: Settings) -> Finding:
    server = live.open_server(settings)
    return _folder(settings) if server is None else _server(settings, server)


def _server(settings: Settings, server: MilvusStates) -> Finding:
    manifest = server.open(thoroughly=True).manifest
    where, version = server.server.address.shown, server.server.version()
    text = _words(settings)(
        f"{where} (Milvus {version}): {manifest.documents} belge, {manifest.passages} paragraf, "
        f"sürüm {manifest.version}, hepsi yerinde",
        f"{where} (Milvus {version}): {manifest.documents} documents, {manifest.passages} "
        f"passages, version {manifest.version}, all there",
    )
    return Finding("index", True, text)


def _folder(settings: Settings) -> Finding:
    store = live.open_store(settings)
    w = _words(settings)
    manifest = store.manifest()
    store.verify(manifest)
    opened = store.open()
    opened.close()
    if opened.fallback is not None:
        return Finding("index", False, opened.fallback.text(settings.language))
    writable = os.access(settings.index_dir, os.W_OK)
    text = w(
        f"{settings.index_dir}: {manifest.documents} belge, {manifest.passages} paragraf, sürüm "
        f"{manifest.version}, bütün sağlamalar tutuyor",
        f"{settings.index_dir}: {manifest.documents} documents, {manifest.passages} paragraphs, "
        f"version {manifest.version}, all checksums right",
    )
    mend = w(
        f"`chmod -R u+w {settings.index_dir}` ile yazma izni verin",
        f"give write permission: `chmod -R u+w {settings.index_dir}`",
    )
    return Finding("index", writable, text, "" if writable else mend)


def _freshness(settings: Settings) -> Finding:
    from index.changes import Known, find_changes

    w = _words(settings)
    store = live.open_store(settings)
    opened = live.open_states(settings).open()
    try:
        known = [Known(record) for record in opened.documents()]
        changes = find_changes(settings.seeds_dir, known, settings.max_seed_bytes, store.texts)
        by_name = len(changes.skipped)  # told with the seeds
        fresh = sum(1 for _ in changes.documents())
        unread = changes.skipped[by_name:]
        waiting = fresh + len(changes.removed)
    finally:
        opened.close()
    text = w(
        f"son dizinlemeden beri {waiting} dosya değişti" if waiting else "dizin seeds ile aynı",
        f"{waiting} files changed since the last build" if waiting else "the index is up to date",
    )
    if unread:
        left_out = "; ".join(w(entry.turkish, entry.english) for entry in unread[:3])
        text += w(
            f"; okunurken {len(unread)} dosya dışarıda kaldı ({left_out})",
            f"; {len(unread)} files were left out when read ({left_out})",
        )
    return Finding("freshness", not waiting, text, "`danis index`" if waiting else "")


def _model(settings: Settings) -> Finding:
    from index.manifest import mismatch

    manifest = live.manifest_of(settings)
    embedder = live.open_embedder(settings)
    model = live.model_of(embedder)
    if model != manifest.model:
        raise mismatch(manifest.model, model)
    near = float(embedder.query("İzmir'in kardeş şehri") @ embedder.query("İzmir'in kardeş kenti"))
    far = float(embedder.query("İzmir'in kardeş şehri") @ embedder.query("soğan nasıl doğranır"))
    text = f"{model.name}, {model.revision}, {model.dimensions}; {near:.2f} > {far:.2f}"
    mend = _words(settings)("paketi yeniden kurun: `make clean setup`", "`make clean setup`")
    return Finding("model", near > far, text, "" if near > far else mend)


def _refusal(settings: Settings) -> Finding:
    manifest = live.manifest_of(settings)
    return Finding("refusal", True, rates_text(manifest, settings))


def rates_text(manifest: Manifest, settings: Settings) -> str:
    """The two published rates of the calibration under the chosen caution."""
    w = _words(settings)
    calibration = Calibration.from_json(manifest.calibration)
    rates = calibration.rates.get(settings.caution.value)
    if rates is None:
        return w(
            "hazır katsayılar kullanılıyor (ayarlamak için yeterli metin yok)",
            "shipped coefficients in use (too little text to fit them)",
        )
    return w(
        f"CAUTION={settings.caution.value}: yanıtsız sorulara yanlış yanıt {rates.wrong_given:.0%}"
        f", yanıtlanabilir soruları geri çevirme {rates.right_withheld:.0%} "
        f"({calibration.probes} soru, kendi belgelerinizden)",
        f"CAUTION={settings.caution.value}: wrong answers given {rates.wrong_given:.0%}, right "
        f"answers withheld {rates.right_withheld:.0%} ({calibration.probes} questions made from "
        "your own seeds)",
    )


def _tuning(settings: Settings) -> Finding:
    manifest = live.manifest_of(settings)
    tuning = read_tuning(settings.index_dir, manifest.model)
    w = _words(settings)
    if tuning is None:
        return Finding(
            "tuning",
            True,
            w("yok, hazır ağırlıklar kullanılıyor", "none, the shipped weights are in use"),
        )
    weights = ", ".join(f"{name} {value:g}" for name, value in asdict(tuning.weights).items())
    return Finding(
        "tuning",
        True,
        w(
            f"{tuning.cases} soruyla, {tuning.made:%Y-%m-%d}: {weights}, güven {tuning.trust:+g} "
            "(`danis tune --reset` kaldırır)",
            f"by {tuning.cases} questions, {tuning.made:%Y-%m-%d}: {weights}, trust "
            f"{tuning.trust:+g} (`danis tune --reset` removes it)",
        ),
    )


def _reranker(settings: Settings) -> Finding:
    w = _words(settings)
    reranker = live.open_reranker(settings)
    if reranker is None:
        return Finding(
            "reranker", True, w("kapalı (RERANKER_MODEL boş)", "off (no RERANKER_MODEL)")
        )
    count = reranker.candidates
    started = time.perf_counter()
    reranker.scores(_PARAGRAPH[:60], [_PARAGRAPH] * count)
    seconds = time.perf_counter() - started
    text = w(
        f"{settings.reranker_model}: {count} parça {seconds:.2f} sn, her soruya eklenir",
        f"{settings.reranker_model}: {count} passages in {seconds:.2f} s, added to each question",
    )
    return Finding("reranker", True, text)


def _language_model(settings: Settings) -> Finding:
    w = _words(settings)
    subject = "language model"
    if not settings.llm_base_url:
        return Finding(subject, True, w("kapalı (LLM_BASE_URL boş)", "off (no LLM_BASE_URL)"))
    from bot.language_model import loopback, tried
    from bot.writer import open_model

    model = open_model(settings)
    where = f"{model.model}, {model.host}"
    started = time.perf_counter()
    error = asyncio.run(tried(model))
    if error is not None:
        why = f"{reason(error.failure, settings.language)}, {error.detail}".removesuffix(", ")
        return Finding(subject, False, f"{where}: {why}", _model_mend(error, w))
    seconds = time.perf_counter() - started
    text = w(f"{where}: {seconds:.1f} sn'de yanıt verdi", f"{where}: answered in {seconds:.1f} s")
    if settings.llm_base_url.startswith("http://") and not loopback(model.host):
        text += w(
            "; http ile soru, parçalar ve anahtar şifresiz gider",
            "; over http question, passages and key go unencrypted",
        )
    return Finding(subject, True, text)


def _model_mend(error: WritingError, w: Callable[[str, str], str]) -> str:
    if error.failure is Failure.TIMEOUT:
        return w(
            "LLM_TIMEOUT değerini yükseltin ya da daha küçük bir model seçin",
            "raise LLM_TIMEOUT or choose a smaller model",
        )
    if error.detail in ("HTTP 401", "HTTP 403"):
        return w("LLM_API_KEY ayarını düzeltin", "mend LLM_API_KEY")
    if error.detail == "HTTP 404":
        return w(
            "LLM_MODEL adını ve LLM_BASE_URL sonundaki /v1'i denetleyin",
            "check the name LLM_MODEL, and that LLM_BASE_URL ends in /v1",
        )
    return w(
        "sunucunun çalıştığına ve LLM_BASE_URL adresine bakın",
        "see that the server runs, and that LLM_BASE_URL is its address",
    )


def _telegram(settings: Settings) -> Finding:
    w = _words(settings)
    if not settings.telegram_bot_token.get_secret_value():
        return Finding("telegram", True, w("kapalı (TELEGRAM_BOT_TOKEN boş)", "off (no token)"))
    from bot.serving import checked_token

    checked_token(settings)
    closed = not settings.telegram_allowed_users and not settings.telegram_allowed_chats
    text = (
        w("açık, eşleştirme kipinde", "on, in pairing mode")
        if closed
        else w("açık, izin listesiyle", "on, with a list of who may ask")
    )
    return Finding("telegram", True, text)


def _memory(settings: Settings) -> Finding:
    from contextlib import closing

    from bot.database import is_sqlite, place

    w = _words(settings)
    path = settings.state_dir / "state.sqlite"
    if not settings.database_url.get_secret_value() and not path.exists():
        return Finding("memory", True, w("henüz boş", "nothing kept yet"))
    with closing(live.open_state(settings)) as state:
        kind = "SQLite" if is_sqlite(state.engine) else "PostgreSQL"
        return Finding("memory", True, f"{kind}, {place(state.engine)}")
