"""What `danis tune` fitted to somebody's own questions, kept beside the index.

It lies in the index folder but belongs to no state of it, so it outlives rebuilds; it is used only
with the model and the text rules that it was fitted with.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from index.confidence import logit_of
from index.errors import TuningError
from index.files import unwritable, write_synced
from index.manifest import Manifest, Model
from index.retriever import SHIPPED as SHIPPED_WEIGHTS
from index.retriever import Weights
from index.text import TEXT_RULES_VERSION

FILE = "tuned.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Tuning:
    """Fusion weights, and `trust`, which is added to the logit of every confidence.

    `cases` tells how many questions it was fitted to, 0 for the shipped one; `figures` what was
    measured by cross-validation, as name -> (before, after).
    """

    weights: Weights = SHIPPED_WEIGHTS
    trust: float = 0.0
    cases: int = 0
    made: datetime = datetime.min
    figures: Mapping[str, tuple[float, float]] = field(default_factory=dict)


SHIPPED = Tuning()


def moved(confidence: float, trust: float) -> float:
    """A confidence with `trust` added to its logit."""
    if not trust or not 0 < confidence < 1:
        return confidence
    return 1 / (1 + math.exp(-logit_of(confidence) - trust))


def read_tuning(folder: Path, model: Model) -> Tuning | None:
    """The tuning kept in the index folder for this model, None where there is none.

    Raises:
        TuningError: the file is there and cannot be read.
    """
    path = folder / FILE
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        made_for = (kept["format"], kept["text_rules"], Model(**kept["model"]))
        if made_for != (FORMAT, TEXT_RULES_VERSION, model):
            return None
        return Tuning(
            Weights(**{name: float(value) for name, value in kept["weights"].items()}),
            float(kept["trust"]),
            int(kept["cases"]),
            datetime.fromisoformat(kept["made"]),
            {name: (float(old), float(new)) for name, (old, new) in kept["figures"].items()},
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TuningError(
            f"{path} okunamıyor ({error}): `danis tune --reset` ile silin.",
            f"{path} cannot be read ({error}): remove it with `danis tune --reset`.",
        ) from error


def write_tuning(folder: Path, tuning: Tuning, manifest: Manifest) -> None:
    """Keeps a tuning that was made with the index of `manifest`.

    Raises:
        StoreError: the folder cannot be written.
    """
    kept = {
        "format": FORMAT,
        "text_rules": manifest.text_rules,
        "model": asdict(manifest.model),
        "weights": asdict(tuning.weights),
        "trust": tuning.trust,
        "cases": tuning.cases,
        "made": tuning.made.isoformat(),
        "figures": dict(tuning.figures),
    }
    path = folder / FILE
    try:
        write_synced(path, json.dumps(kept, indent=2))
    except OSError as error:
        raise unwritable(path, error) from error


def remove_tuning(folder: Path) -> bool:
    """Forgets what was tuned; False where nothing was.

    Raises:
        StoreError: the file cannot be removed.
    """
    try:
        (folder / FILE).unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unwritable(folder / FILE, error) from error
    return True
