"""Fetches a model from the hub on request: the only place where anything is downloaded."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

from index.errors import EmbedderError
from index.known_models import known

ROOM_LEFT = 200_000_000  # bytes that must stay free on the disk
_TEXTS = {".json", ".txt", ".model", ".jinja"}


def fetch(name: str, tell: Callable[[int, int], None]) -> Path:
    """Brings a model into the local cache and returns its folder; what is there is not fetched.

    It is found there by its name afterwards.

    Code is never fetched, nor weights for other engines. `tell` is told before the download how
    many files and bytes it is.

    Raises:
        EmbedderError: the hub cannot be reached or refuses, the model needs code of its own or is
            not made for sentence-transformers, or the disk is too small.
    """
    model = known(name)
    if name == "bundled":
        raise EmbedderError(
            "bundled modeli kurulumla gelir, indirmek gerekmez.",
            "The model bundled came with the installation; there is nothing to fetch.",
        )
    if model is not None and model.needs_code:
        raise _needs_code(name)
    if find_spec("sentence_transformers") is None:
        raise EmbedderError(
            "Başka modeller için sentence-transformers gerekir: `make chat` komutunu SLIM=1 "
            "olmadan çalıştırın.",
            "Other models need sentence-transformers: run `make chat` without SLIM=1.",
        )
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from huggingface_hub import HfApi, constants, hf_hub_download, snapshot_download

    try:
        info = HfApi().model_info(name, files_metadata=True, timeout=20)
        sizes = {file.rfilename: file.size or 0 for file in info.siblings or ()}
        wanted = wanted_files(sizes)
        config: dict[str, object] = {}
        if "config.json" in sizes:
            path = hf_hub_download(name, "config.json", revision=info.sha)
            config = json.loads(Path(path).read_text(encoding="utf-8"))
        _check(name, config, sizes)
        total = sum(sizes[file] for file in wanted)
        cache = Path(constants.HF_HUB_CACHE)
        cache.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(cache).free < total + ROOM_LEFT:
            raise EmbedderError(
                f"{name} için {total // 1_000_000} MB gerekir, {cache} diskinde bu kadar yer yok: "
                "yer açın ya da HF_HOME ile başka bir klasör gösterin.",
                f"{name} takes {total // 1_000_000} MB and the disk of {cache} has no room for it: "
                "make room, or name another folder with HF_HOME.",
            )
        tell(len(wanted), total)
        return Path(snapshot_download(name, allow_patterns=wanted))
    except EmbedderError:
        raise
    except Exception as error:  # the hub's client raises its own, httpx's and OSError
        raise _not_fetched(name, error) from error


def wanted_files(names: Iterable[str]) -> list[str]:
    """What sentence-transformers reads: settings, tokenizer, and the weights once."""
    own = [
        name
        for name in names
        if not name.startswith((".", "onnx/", "openvino/"))
        and not any(part.startswith(".") for part in Path(name).parts)
    ]
    weights = [name for name in own if name.endswith(".safetensors")]
    if not any("/" not in name for name in weights):
        weights += [name for name in own if Path(name).name.startswith("pytorch_model")]
    return sorted({name for name in own if Path(name).suffix in _TEXTS} | set(weights))


def _check(name: str, config: dict[str, object], files: Iterable[str]) -> None:
    if "auto_map" in config:
        from transformers import CONFIG_MAPPING

        if config.get("model_type") not in CONFIG_MAPPING:
            raise _needs_code(name)
    listed = config.get("architectures")
    kinds = listed if isinstance(listed, list) else []
    if "modules.json" not in files and not any("SequenceClass" in str(kind) for kind in kinds):
        raise EmbedderError(
            f"{name} sentence-transformers için hazırlanmamış (modules.json yok): `danis models` "
            "listesinden bir model seçin.",
            f"{name} is not made for sentence-transformers (it has no modules.json): choose a "
            "model that `danis models` lists.",
        )


def _needs_code(name: str) -> EmbedderError:
    return EmbedderError(
        f"{name} kendi kodunu çalıştırmak ister; Danış modellerle gelen kodu çalıştırmaz. `danis "
        "models` listesinden başka bir model seçin.",
        f"{name} wants to run code of its own, and Danış runs no code that comes with a model. "
        "Choose another one that `danis models` lists.",
    )


def _not_fetched(name: str, error: Exception) -> EmbedderError:
    from huggingface_hub.errors import GatedRepoError, HFValidationError, RepositoryNotFoundError

    kind = type(error).__name__
    if isinstance(error, GatedRepoError):
        return EmbedderError(
            f"{name} için önce sitesinde lisansını kabul edin, sonra HF_TOKEN ile yeniden deneyin.",
            f"Accept the licence of {name} on its site first, then try again with HF_TOKEN set.",
        )
    if isinstance(error, RepositoryNotFoundError | HFValidationError):
        return EmbedderError(
            f"{name} adlı bir model yok (ya da izin ister): adını sahibi/model biçiminde yazın; "
            "`danis models` örnekler verir.",
            f"There is no model {name} (or it is private): give its name as owner/model; `danis "
            "models` lists some.",
        )
    return EmbedderError(
        f"{name} indirilemedi ({kind}): internet bağlantısına, vekil sunucuya (HTTPS_PROXY) ve "
        "HF_HUB_OFFLINE ayarına bakın ya da modeli başka bir bilgisayarda indirip klasörünü "
        "gösterin.",
        f"{name} cannot be fetched ({kind}): check the connection, the proxy (HTTPS_PROXY) and "
        "HF_HUB_OFFLINE, or fetch it on another machine and name its folder.",
    )
